from datetime import UTC, datetime, timedelta

import pytest

from bot.accounts import (
    INVITED,
    Post,
    accept,
    add_account,
    find_account,
    invitation,
    invite,
    list_accounts,
    named,
    set_active,
    set_password,
)
from bot.audit import noted

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
CLERK = Post("clerk", "昆明市")


def add(store, name="wang", post=CLERK, title=""):
    return store.transact(lambda db: add_account(db, name, title, post, "hash", AT))


@pytest.mark.parametrize(
    ("role", "desk", "wrong"),
    [
        ("clerk", "", "写明州"),
        ("clerk", "昆明", "写明州"),
        ("clerk", "province", "写明州"),
        ("officer", "昆明市", "不属于某个州"),
        ("editor", "昆明市", "不属于某个窗口"),
        ("administrator", "province", "不属于某个窗口"),
        ("boss", "", "没有“boss”这个角色"),
    ],
)
def test_a_post_whose_role_and_desk_do_not_go_together_is_refused(role, desk, wrong):
    with pytest.raises(ValueError, match=wrong):
        Post(role, desk)


def test_an_account_is_found_by_number_and_by_name_in_any_case(store):
    number = add(store, "Wang.Li", title="王丽")
    found = store.transact(lambda db: named(db, "WANG.LI"))
    assert found == store.transact(lambda db: find_account(db, number))
    assert (found.shown, found.role, found.desk, found.active) == ("王丽", "clerk", "昆明市", True)
    assert store.transact(lambda db: named(db, "nobody")) is None
    assert store.transact(lambda db: find_account(db, 99)) is None


def test_an_officer_is_at_the_provinces_desk(store):
    add(store, "li", Post("officer"))
    assert store.transact(lambda db: named(db, "li")).desk == "province"


@pytest.mark.parametrize("name", ["w", "a b", "<b>", "x" * 41, "王\u202e丽", ""])
def test_a_name_that_could_mislead_is_refused(store, name):
    with pytest.raises(ValueError, match="不能用"):
        add(store, name)


def test_a_name_is_taken_once(store):
    add(store, "wang")
    with pytest.raises(ValueError, match="已经有人用"):
        add(store, "WANG")
    assert len(store.transact(list_accounts)) == 1


def test_what_is_done_to_an_account_is_in_the_audit_log(store):
    number = add(store)
    store.transact(lambda db: set_password(db, number, "other", AT, 5))
    store.transact(lambda db: set_active(db, number, AT, active=False, by=5))
    assert not store.transact(lambda db: find_account(db, number)).active
    store.transact(lambda db: set_active(db, number, AT, active=True, by=5))
    lines = [(line.staff, line.action) for line in reversed(store.transact(noted))]
    assert lines == [
        (number, "account_made"),
        (5, "password_set"),
        (5, "account_stopped"),
        (5, "account_opened"),
    ]


def test_an_invitation_makes_one_account_of_its_post(store):
    store.transact(lambda db: invite(db, "h", CLERK, AT, 1))
    assert store.transact(lambda db: invitation(db, "h", AT)) == CLERK
    number = store.transact(lambda db: accept(db, "h", "wang", "王", "hash", AT))
    assert store.transact(lambda db: find_account(db, number)).desk == "昆明市"
    assert store.transact(lambda db: accept(db, "h", "zhang", "", "hash", AT)) is None
    assert store.transact(lambda db: accept(db, "other", "zhang", "", "hash", AT)) is None


def test_an_invitation_ends_and_is_not_used_up_by_a_bad_name(store):
    store.transact(lambda db: invite(db, "h", CLERK, AT, 1))
    with pytest.raises(ValueError, match="不能用"):
        store.transact(lambda db: accept(db, "h", "", "", "hash", AT))
    late = AT + INVITED + timedelta(seconds=1)
    assert store.transact(lambda db: invitation(db, "h", late)) is None
    assert store.transact(lambda db: invitation(db, "h", AT)) == CLERK
