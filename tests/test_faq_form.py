"""A form holds an entry and gives it back as it was."""

import pytest

from bot.faq_form import content_of, fields_of
from knowledge.entries import read_entry


@pytest.mark.parametrize("name", ["legal-person", "all-conditions", "open-to-society", "first-kilometre"])
def test_an_entry_comes_back_from_its_fields(world, name):
    entry = world.knowledge.entries[name]
    again = read_entry(content_of(fields_of(entry)), "faq")
    for part in ("id", "topic", "question", "common", "by_track", "see", "alike"):
        assert getattr(again, part) == getattr(entry, part), part
    assert again.wordings == tuple(dict.fromkeys(entry.wordings))


def test_every_entry_of_the_files_fits_the_form(world):
    for entry in world.knowledge.entries.values():
        if entry.kind == "faq":
            again = read_entry(content_of(fields_of(entry)), "faq")
            assert again.variants() == entry.variants(), entry.id


def test_labels_may_stand_apart_by_any_comma_and_empty_fields_are_left_out():
    content = content_of(
        {"id": " x ", "answer": "是。", "clauses": "9.3、8.3，2p1", "wordings": "甲\n\n甲\n乙 ", "see": ""}
    )
    assert content == {
        "id": "x",
        "wordings": ["甲", "乙"],
        "answer": "是。",
        "clauses": ["9.3", "8.3", "2p1"],
    }


def test_quotes_are_a_label_and_the_words():
    content = content_of(
        {"answer_pilot_base": "是。", "clauses_pilot_base": "9.3", "quotes_pilot_base": "9.3 原文 一段\n"}
    )
    assert content["pilot_base"]["quotes"] == {"9.3": "原文 一段"}
