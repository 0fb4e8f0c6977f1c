from datetime import UTC, datetime

import pytest
from staff_desk import opened
from storing import message, reply, tell

from bot import ticket_acts as acts
from bot.store_sql import fetch
from bot.ticket_acts import Act
from bot.ticket_search import pairs, plain, search, tidy

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def ids(store, words, **given):
    return [hit.id for hit in store.transact(lambda db: search(db, words, **given))]


def test_a_ticket_is_found_by_question_transcript_answer_note_and_contact(store):
    tell(store, message("1", "中试基地的设备原价"), reply("不少于500万元"))
    opened(store, question="场地能不能租")
    store.transact(lambda db: acts.answer(db, 1, "可以租赁", reply("可以租赁"), Act(1, AT)))
    store.transact(lambda db: acts.add_note(db, 1, "材料齐全", Act(1, AT)))
    data = {"do": "contact", "ticket": 1, "text": "段工 0872-12345"}
    store.transact(lambda db: acts.act_of_person(db, ("telegram", "u"), data, AT))
    for words in (
        "场地",
        "设备原价",
        "500万",
        "租赁",
        "材料齐全",
        "0872",
        "段工",
        "场地 设备",
        "  场地　租 ",
    ):
        assert ids(store, words) == [1], words
    for words in ("概念验证", "场地 没有的词", "地场", "x", "", " "):
        assert ids(store, words) == [], words


def test_a_search_is_of_one_place_or_of_all_and_the_latest_come_first(store):
    for number, place in enumerate(("昆明市", "大理白族自治州", "昆明市"), 1):
        opened(store, user=f"u{number}", place=place, question="场地要多大")
    assert ids(store, "场地") == [3, 2, 1]
    assert ids(store, "场地", place="昆明市") == [3, 1]
    assert ids(store, "场地", before=3) == [2, 1]
    assert ids(store, "场地", limit=2) == [3, 2]
    reply_ = reply("已转")
    store.transact(lambda db: acts.pass_on(db, 1, "大理白族自治州", "大理窗口", "", reply_, Act(1, AT)))
    assert ids(store, "场地", place="昆明市") == [3]


def test_pairs_that_stand_apart_are_no_word(store):
    opened(store, question="场地 地面 面积")
    assert ids(store, "场地面积") == []
    assert ids(store, "地面") == [1]


@pytest.mark.parametrize("typed", ["场\u200b地面积", "場地"[:0] + "ＡＢ１２", "ab12", "A\u202eB12"])
def test_what_cannot_be_seen_and_how_wide_it_is_changes_nothing(store, typed):
    opened(store, question="场地面积\u200d AB\u200b12")
    assert ids(store, typed) == [1]


@pytest.mark.parametrize(
    "words", ['"', "a* OR b", "NEAR(", "words:", "' or 1=1 --", "\0\0", "%%", "场地" * 500]
)
def test_no_words_are_an_error(store, words):
    opened(store)
    assert ids(store, words) == []


def test_the_excerpt_shows_where(store):
    opened(store, question="很长的开头" * 20 + "设备原价" + "很长的结尾" * 20)
    (hit,) = store.transact(lambda db: search(db, "设备原价"))
    assert "设备原价" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert len(hit.excerpt) < 110


def test_what_is_erased_is_found_no_more_and_leaves_the_index(store):
    opened(store, question="秘密甲乙丙")
    opened(store, user="v", question="场地要多大")
    store.erase("telegram", "u")
    assert ids(store, "秘密") == []
    store.transact(tidy)
    left = store.transact(lambda db: fetch(db, "select count(*) as n from ticket_texts"))
    assert left == [{"n": 1}]
    assert ids(store, "场地") == [2]
    if store._engine.dialect.words.tidied:
        check = "insert into ticket_words (ticket_words) values ('integrity-check')"
        store.transact(lambda db: fetch(db, check))


def test_a_pair_is_kept_as_a_number():
    (word,) = pairs(plain("场地 A"))
    assert word.isascii()
    assert len(word) == 9
    assert len(pairs("场地场地")) == 2
