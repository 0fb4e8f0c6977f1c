from datetime import UTC, datetime, timedelta

import pytest
from staff_desk import POSTS, make_account

from bot.accounts import set_active, set_password
from bot.audit import noted
from bot.passwords import hash_token
from bot.sign_in import IDLE, LASTING, LOCKED, TRIES, attempt, enter, find_session, leave, refuse
from bot.store_sql import fetch

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def number(store):
    number = make_account(store, "wang", POSTS["clerk"], AT)
    store.transact(lambda db: set_password(db, number, "hash", AT))
    return number


def trying(store, name="wang", at=AT):
    return store.transact(lambda db: attempt(db, name, at))


def test_a_try_gives_the_hash_to_compare_with(store, number):
    assert trying(store, "WANG").password_hash == "hash"
    assert trying(store, "nobody").password_hash == ""


def test_after_too_many_tries_the_right_password_is_not_taken_either_until_the_lock_ends(store, number):
    assert [trying(store).password_hash for _ in range(TRIES)] == ["hash"] * TRIES
    locked = trying(store)
    assert (locked.password_hash, bool(locked.locked_until)) == ("", True)
    assert trying(store, at=AT + LOCKED - timedelta(seconds=1)).password_hash == ""
    later = AT + LOCKED + timedelta(seconds=1)
    assert [trying(store, at=later).password_hash for _ in range(TRIES)] == ["hash"] * TRIES
    assert trying(store, at=later).password_hash == ""


def test_a_right_password_begins_the_count_anew(store, number):
    for _ in range(3):
        for _ in range(TRIES - 1):
            trying(store)
        assert trying(store).password_hash == "hash"
        store.transact(lambda db: enter(db, number, AT))


def test_a_session_names_its_account_and_the_store_has_a_hash_alone(store, number):
    token = store.transact(lambda db: enter(db, number, AT))
    session = store.transact(lambda db: find_session(db, token, AT))
    assert session.account.id == number
    assert len(session.csrf) >= 32
    (row,) = store.transact(lambda db: fetch(db, "select * from staff_sessions"))
    assert row["hash"] == hash_token(token)
    assert token not in row.values()
    assert store.transact(lambda db: find_session(db, "guessed", AT)) is None
    assert store.transact(lambda db: find_session(db, "", AT)) is None


def test_a_session_ends_when_nothing_is_done_and_what_a_page_asks_by_itself_is_nothing(store, number):
    token = store.transact(lambda db: enter(db, number, AT))
    for minutes in (20, 40):
        at = AT + timedelta(minutes=minutes)
        assert store.transact(lambda db, at=at: find_session(db, token, at, touch=False))
    assert store.transact(lambda db: find_session(db, token, AT + IDLE)) is None


def test_a_session_that_is_used_lasts_a_working_day_and_no_longer(store, number):
    token = store.transact(lambda db: enter(db, number, AT))
    at = AT
    while at < AT + LASTING - IDLE:
        at += IDLE - timedelta(minutes=1)
        assert store.transact(lambda db, at=at: find_session(db, token, at))
    assert store.transact(lambda db: find_session(db, token, AT + LASTING)) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda db, token, number: leave(db, token, number, AT),
        lambda db, token, number: set_active(db, number, AT, active=False),
        lambda db, token, number: set_password(db, number, "new", AT),
    ],
    ids=["signed out", "account stopped", "other password"],
)
def test_a_session_ends_at_once(store, number, end):
    token = store.transact(lambda db: enter(db, number, AT))
    store.transact(lambda db: end(db, token, number))
    assert store.transact(lambda db: find_session(db, token, AT)) is None


def test_who_was_stopped_cannot_try(store, number):
    store.transact(lambda db: set_active(db, number, AT, active=False))
    assert trying(store).password_hash == ""


def test_signing_in_and_being_refused_is_noted(store, number):
    store.transact(lambda db: refuse(db, number, AT))
    store.transact(lambda db: refuse(db, 0, AT))
    token = store.transact(lambda db: enter(db, number, AT))
    store.transact(lambda db: leave(db, token, number, AT))
    actions = [line.action for line in reversed(store.transact(noted))]
    assert actions == ["account_made", "password_set", "refused", "signed_in", "signed_out"]
