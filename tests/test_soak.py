"""Random and mutated questions: no exception, no empty reply, no answer without a citation, nothing misquoted."""

import gc
import json
import random
import time
from datetime import date
from pathlib import Path

import pytest

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.fresh import settle
from knowledge.regulation import load, squeeze

QUESTIONS = [
    json.loads(line)["q"]
    for line in (Path(__file__).parent / "data" / "dev_questions.jsonl").read_text("utf-8").splitlines()
]
LETTERS = [*dict.fromkeys(load().text + "".join(QUESTIONS)), *"0123456789.,%（）()abcxyz \n\t\x00\u202e😀𠮷"]


def mutate(chance, text):
    """A question with some characters lost, doubled, swapped, replaced or added, or two questions run together."""
    characters = list(text)
    for _ in range(chance.randrange(6)):
        place = chance.randrange(len(characters) + 1)
        match chance.randrange(5):
            case 0:
                characters[place : place + 1] = []
            case 1:
                characters[place:place] = chance.choices(LETTERS, k=chance.randrange(1, 5))
            case 2:
                characters[place : place + 1] = chance.choices(LETTERS)
            case 3:
                characters[place : place + 2] = reversed(characters[place : place + 2])
            case 4:
                characters += chance.choice(QUESTIONS)
    return "".join(characters)


@pytest.fixture(autouse=True)
def _as_in_a_server(world):
    """Dictionaries read, and the collector not looking through the world again and again, as a server does it."""
    world.knowledge.vocabulary.speller.prepare()
    settle()
    yield
    gc.unfreeze()


def ask_many(world, count, seed=20251206):
    """Ask so many questions in conversations of five; the slowest turn: milliseconds by the clock, and of this core."""
    chance, regulation, slowest = random.Random(seed), squeeze(load().text), (0.0, 0.0)
    conversation = Conversation("soak", "x", greeted=True)
    for number in range(count):
        if number % 5 == 0:
            conversation = Conversation("soak", "x", greeted=True)
        text = (
            mutate(chance, chance.choice(QUESTIONS))
            if number % 7
            else "".join(chance.choices(LETTERS, k=chance.randrange(60)))
        )
        started, worked = time.perf_counter(), time.thread_time()
        turn = respond(world, conversation, Message("soak", "x", str(number), date(2026, 6, 1), text=text))
        clock, core = time.perf_counter() - started, time.thread_time() - worked
        slowest = (max(slowest[0], 1000 * clock), max(slowest[1], 1000 * core))
        conversation = turn.conversation
        assert turn.replies or turn.effects, text
        for reply in turn.replies:
            assert reply.text.strip(), text
            assert reply.outcome != "answered" or reply.citations, text
            assert all(squeeze(c.quote) in regulation for c in reply.citations), text
    return slowest


def test_mutated_questions_are_answered_or_refused(world):
    ask_many(world, 4_000)


@pytest.mark.soak
def test_two_hundred_thousand_mutated_questions(world):
    clock, worked = ask_many(world, 200_000)
    print(f"200,000 questions, the slowest turn {clock:.0f} ms by the clock, {worked:.0f} ms of the core")
    assert worked < 200, "what else the machine does is on the clock, and not on the core's time"
