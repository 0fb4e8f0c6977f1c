import pytest

from bot.canned import add_canned, list_canned, remove_canned


def test_a_desk_has_its_own_answers_and_those_of_all(store):
    for place, title in (("", "公用"), ("昆明市", "昆明的"), ("大理白族自治州", "大理的")):
        store.transact(lambda db, p=place, t=title: add_canned(db, p, t, " 内容 "))
    found = store.transact(lambda db: list_canned(db, "昆明市"))
    assert {one.title: one.text for one in found} == {"公用": "内容", "昆明的": "内容"}
    assert [one.title for one in store.transact(lambda db: list_canned(db, ""))] == ["公用"]


def test_an_answer_is_removed_by_its_own_desk_alone(store):
    store.transact(lambda db: add_canned(db, "昆明市", "题", "文"))
    assert not store.transact(lambda db: remove_canned(db, 1, "大理白族自治州"))
    assert not store.transact(lambda db: remove_canned(db, 1, ""))
    assert store.transact(lambda db: remove_canned(db, 1, "昆明市"))
    assert not store.transact(lambda db: remove_canned(db, 1, "昆明市"))


@pytest.mark.parametrize(("title", "text"), [("", "文"), ("题", " "), ("题" * 61, "文"), ("题", "文" * 3001)])
def test_an_answer_that_cannot_be_kept_says_why(store, title, text):
    with pytest.raises(ValueError, match="标题"):
        store.transact(lambda db: add_canned(db, "昆明市", title, text))
