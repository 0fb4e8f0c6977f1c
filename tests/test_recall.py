"""A turn that was worked out before is the very same, belongs to whoever asks, and is forgotten with everything else."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot import recall as module
from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.recall import Recall

DAY = date(2026, 6, 1)
QUESTIONS = [
    json.loads(line)["q"]
    for line in (Path(__file__).parent / "data" / "dev_questions.jsonl").read_text("utf-8").splitlines()
]


def message(text="公示几天", user="u", action="", day=DAY):
    return Message("web", user, "k", day, text, action)


@pytest.fixture
def counted(monkeypatch):
    calls = []

    def counting(*given):
        calls.append(given)
        return respond(*given)

    monkeypatch.setattr(module, "respond", counting)
    return calls


def test_the_same_words_in_the_same_state_are_worked_out_once_and_belong_to_whoever_asks(world, counted):
    recall = Recall(world)
    one = recall.respond(Conversation("web", "a", 3), message(user="a"))
    two = recall.respond(Conversation("web", "b", 9), message(user="b"))
    assert len(counted) == 1
    assert one.replies == two.replies
    assert [(t.conversation.user, t.conversation.version) for t in (one, two)] == [("a", 3), ("b", 9)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"greeted": True}),
        ({}, {"prefecture": "昆明市"}),
        ({}, {"awaiting": "forget"}),
    ],
)
def test_another_state_day_or_channel_is_another_turn(world, counted, before, after):
    recall = Recall(world)
    recall.respond(Conversation("web", "a", **before), message())
    recall.respond(Conversation("web", "a", **after), message())
    recall.respond(Conversation("telegram", "a", **before), message())
    recall.respond(Conversation("web", "a", **before), message(day=date(2029, 1, 1)))
    assert len(counted) == 4


def test_a_questionnaire_and_long_texts_are_not_remembered_and_forgetting_is_whole(world, counted):
    recall = Recall(world)
    asked = recall.respond(Conversation("web", "a"), message("", action="prescreen:pilot_base")).conversation
    for _ in range(2):
        recall.respond(asked, message("今天"))
        recall.respond(Conversation("web", "a"), message("场地" * 200))
    assert len(counted) == 5
    recall.forget()
    recall.respond(Conversation("web", "a"), message("", action="prescreen:pilot_base"))
    assert len(counted) == 6


def test_recalled_turns_are_what_the_dialogue_says_even_along_a_conversation(world):
    recall = Recall(world)
    for _ in range(2):
        plain = recalled = Conversation("web", "a", greeted=True)
        for text in QUESTIONS[:40]:
            right, turn = respond(world, plain, message(text)), recall.respond(recalled, message(text))
            assert turn == right
            plain, recalled = right.conversation, turn.conversation
