"""A day of a busy server in minutes: memory and file descriptors stay flat, and no task ends in an exception that nobody saw."""

import asyncio
import gc
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from test_soak import QUESTIONS, mutate

from bot.app import App
from bot.conversation import Message
from bot.exchange import Spoken
from bot.settings import Settings

BEGIN = datetime(2026, 6, 1, 0, tzinfo=UTC)
OFFICES = Path(__file__).parents[1] / "docs/offices.example.toml"
ACTIONS = (
    "prescreen:pilot_base", "prescreen:proof_of_concept", "set:site_area_m2:850", "set:team_size:12", "back", "skip", "help", "faq",
    "article:9", "deadline:notice:2026-06-01", "code", "desk:昆明市", "contact:1", "withdraw:1", "cancel", "resume", "mydata",
    "forget", "forget:yes",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_logs():
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


class Clock:
    """Goes through 24 hours while so many turns are made."""

    def __init__(self, turns):
        self.turns, self.made = turns, 0

    def __call__(self):
        return BEGIN + timedelta(days=1) * self.made / self.turns


def used():
    """Kilobytes in memory, and file descriptors."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(os.listdir("/proc/self/fd"))


def say(chance):
    """Most ask what others asked, some in words of their own."""
    question = chance.choice(QUESTIONS)
    return question if chance.random() < 0.9 else mutate(chance, question) or question


async def visit(app, clock, chance, number):
    """Somebody comes, talks for a while and goes."""
    session = None
    for step in range(chance.randrange(2, 20)):
        said = {"action": chance.choice(ACTIONS)} if step and chance.random() < 0.5 else {"text": say(chance)}
        message = Message("web", "", "", clock().date(), **said)
        spoken = Spoken("web", session, message, f"{number}-{step}", collects=True)
        done = await app.exchange(spoken)
        assert done.replies, said
        session = done.session
        clock.made += 1


async def live(tmp_path, turns, at_once=8, seed=8):
    """So many turns; (memory, descriptors) each tenth of the day from the third on, and what nobody saw."""
    unseen, measured, clock, chance = [], [], Clock(turns), random.Random(seed)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: unseen.append(context["message"]))
    settings = Settings(database=str(tmp_path / "life.sqlite3"), offices=OFFICES, _env_file=None)
    async with App.open(settings, clock) as app:
        number, tenth = 0, 0
        while clock.made < turns:
            await asyncio.gather(
                *(visit(app, clock, random.Random(chance.random()), number + n) for n in range(at_once))
            )
            number += at_once
            await app.remind()
            if clock.made * 10 // turns > tenth:
                tenth = clock.made * 10 // turns
                await app.purge(180)
                measured.append(used())
        tasks = asyncio.all_tasks()
    assert len(tasks) < 20
    return measured[2:], unseen


def flat(measured, share):
    """Whether memory grows by no more than a share from the first of these measurements, and descriptors not at all."""
    (memory, descriptors), *later = measured
    return all(m <= memory * (1 + share) for m, _ in later) and {d for _, d in later} <= {descriptors}


@pytest.mark.parametrize(
    ("measured", "is_flat"),
    [
        ([(100, 9), (104, 9), (105, 9)], True), ([(100, 9), (90, 9)], True), ([(100, 9), (106, 9)], False), ([(100, 9), (100, 10)], False),
    ],
)  # fmt: skip
def test_what_is_flat(measured, is_flat):
    assert flat(measured, 0.05) is is_flat


async def test_a_short_day_leaks_no_descriptor_and_hides_no_exception(tmp_path):
    measured, unseen = await live(tmp_path, 240, at_once=4)
    assert unseen == []
    assert {descriptors for _, descriptors in measured} == {measured[0][1]}


@pytest.mark.soak
async def test_two_hundred_thousand_turns_of_a_day_leak_nothing(tmp_path):
    measured, unseen = await live(tmp_path, 200_000)
    memory = [m / 1024 for m, _ in measured]
    print(f"200,000 turns: memory {' '.join(f'{m:.0f}' for m in memory)} MB, descriptors {measured[0][1]}")
    assert unseen == []
    assert flat(measured, 0.05)
