from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar_file import make_calendar
from bot.world import load_world
from flows.deadlines import load_deadlines

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def entry(kind="notice", start="2026-11-23", on=()):
    return {"kind": kind, "start": start, "on": list(on)}


def made(world, *entries):
    return make_calendar(world, {"deadlines": list(entries)}, AT)


def events(content):
    return [part for part in Calendar.from_ical(content).walk() if part.name == "VEVENT"]


def test_a_deadline_is_a_whole_day_with_its_counting(world):
    (event,) = events(made(world, entry()))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 11, 30), date(2026, 12, 1))
    assert event["summary"] == "公示期：2026年11月30日（星期一）止"
    for words in (
        "当日不计入",
        "第5个工作日：11月30日",
        "第十条第（三）项",
        "公示期满（5个工作日）无异议",
        "以主管部门的通知为准",
    ):
        assert words in event["description"]
    assert event["transp"] == "TRANSPARENT"
    assert event["dtstamp"].dt == AT


def test_alarms_ring_at_nine_on_their_days(world):
    (event,) = events(made(world, entry("change", "2026-09-05", ["2026-12-04", "2026-12-07"])))
    midnight = datetime.combine(event["dtstart"].dt, datetime.min.time())
    rings = [midnight + alarm["trigger"].dt for alarm in event.walk() if alarm.name == "VALARM"]
    assert rings == [datetime(2026, 12, 4, 9), datetime(2026, 12, 7, 9)]


def test_without_a_reminder_the_usual_alarms_ring(world):
    (event,) = events(made(world, entry()))
    triggers = [alarm["trigger"].dt for alarm in event.walk() if alarm.name == "VALARM"]
    usual = load_deadlines().terms["notice"].remind
    assert triggers == [timedelta(days=-before, hours=9) for before in usual]


def test_the_same_deadline_is_the_same_event_and_another_is_another(world):
    first, second, other = events(made(world, entry(), entry(), entry(start="2026-11-20")))
    assert first["uid"] == second["uid"] != other["uid"]


def test_a_day_that_is_only_safe_is_written_with_the_reason(world):
    (event,) = events(made(world, entry("rectification", "2026-02-02")))
    assert event["dtstart"].dt == date(2027, 2, 2)
    assert "不会超期" in event["description"]
    assert "尚未公布" in event["description"]


def test_the_period_in_force_and_what_is_no_more(world):
    content = made(world, entry("in_force", None), entry("gone"), entry("notice", "2026-12-28"))
    assert [event["dtstart"].dt for event in events(content)] == [date(2028, 12, 5)]


@pytest.fixture(scope="module")
def lines(world):
    return made(world, entry(), entry("change", "2026-09-05")).split(b"\r\n")


def test_lines_end_and_fold_as_the_standard_says(lines):
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two


WORLD = load_world()


@given(st.sampled_from(sorted(load_deadlines().terms)), st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.lists(st.dates(date(2020, 1, 1), date(2099, 1, 1)), max_size=3))  # fmt: skip
def test_any_deadline_comes_back_from_its_file(kind, start, on):
    entries = [
        {"kind": kind, "start": str(start) if kind != "in_force" else None, "on": [str(day) for day in on]}
    ]
    for event in events(make_calendar(WORLD, {"deadlines": entries}, AT)):
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
