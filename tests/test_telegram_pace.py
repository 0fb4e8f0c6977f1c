"""Pacing: bursts pass, averages hold in every window, and a chat that waits holds up no other."""

import random

import pytest

from bot.telegram_pace import CHAT, GROUP, REMEMBERED, Pace


def departures(pace, chat, count, now=1000.0):
    """When so many messages to a chat leave, asked for at once."""
    return [now + pace.wait_in_chat(chat, now) for _ in range(count)]


@pytest.mark.parametrize(("chat", "allowance"), [(7, CHAT), (-7, GROUP)], ids=["person", "group"])
def test_a_burst_passes_and_the_rest_is_spread(chat, allowance):
    times = departures(Pace(), chat, allowance.burst + 10)
    assert times[: allowance.burst] == [1000.0] * allowance.burst
    gaps = [
        later - earlier
        for earlier, later in zip(times[allowance.burst - 1 :], times[allowance.burst :], strict=False)
    ]
    assert gaps == [pytest.approx(allowance.every)] * 10


def test_no_minute_has_more_than_telegram_allows_a_group():
    times = departures(Pace(), -7, 200)
    for start in times:
        assert sum(start <= t < start + 60 for t in times) <= 20


def test_no_second_has_more_than_thirty_in_all():
    pace, chance, now, times = Pace(), random.Random(5), 1000.0, []
    for _ in range(2000):
        now += chance.random() * 0.01
        times.append(now + pace.wait_in_all(now))
    assert times == sorted(times)
    for start in times:
        assert sum(start <= t < start + 1 for t in times) <= 30


def test_a_chat_that_waits_holds_up_no_other():
    pace = Pace()
    assert departures(pace, -7, 100)[-1] > 1200
    assert pace.wait_in_chat(8, 1000.0) == 0
    assert pace.wait_in_all(1000.0) == 0


@pytest.mark.parametrize("on", [True, False], ids=["paced", "not paced"])
def test_retry_after_is_obeyed_for_that_chat_alone(on):
    pace = Pace(on)
    pace.hold(7, 1030.0)
    assert pace.wait_in_chat(7, 1000.0) == pytest.approx(30)
    assert pace.wait_in_chat(8, 1000.0) == 0
    assert pace.wait_in_chat(7, 1031.0) == pytest.approx(0, abs=1.0)


def test_without_pacing_nothing_waits():
    pace = Pace(on=False)
    assert departures(pace, 7, 100) == [1000.0] * 100
    assert pace.wait_in_all(1000.0) == 0


def test_quiet_chats_are_forgotten():
    pace = Pace()
    for chat in range(1, REMEMBERED + 100):
        pace.wait_in_chat(chat, 1000.0)
    assert len(pace._chats) == REMEMBERED
