"""Deadlines as an iCalendar file (RFC 5545): a day in the calendar for each, with its counting and its alarms."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from bot.wording import say
from bot.wording_deadline import deadline_brief
from bot.world import World
from flows.deadlines import Deadline, Term, count, load_deadlines
from knowledge.dates import civil_day

REMIND_AT = time(9)
"""The hour of an alarm, on the clock of whoever's calendar it is."""

MIDNIGHT = time()


def make_calendar(world: World, data: Mapping[str, Any], at: datetime) -> bytes:
    """The file. `data` has `deadlines`: each with `kind`, `start` (a day as text, or None) and `on`, the days of its alarms
    (the usual ones where there is none); one that is no longer known, or whose last day is not, is left out. `at` is when the file is made."""
    calendar = Calendar()
    calendar.add("prodid", "-//beian//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say("calendar.name"))
    for entry in data["deadlines"]:
        term = load_deadlines().terms.get(entry["kind"])
        if term is None:
            continue
        start = date.fromisoformat(entry["start"]) if entry["start"] else None
        deadline = count(term, start, world.rules, world.workdays)
        if deadline.day is not None:
            alarms = [date.fromisoformat(day) for day in entry["on"]]
            usual = [deadline.day - timedelta(days=before) for before in term.remind]
            calendar.add_component(_event(world, term, deadline, deadline.day, alarms or usual, at))
    return bytes(calendar.to_ical())


def _event(
    world: World, term: Term, deadline: Deadline, day: date, alarms: list[date], at: datetime
) -> Event:
    """The whole last day, as free time. The same deadline again has the same identity, so that a calendar updates it."""
    event = Event()
    identity = hashlib.sha256(f"{term.kind} {deadline.start}".encode()).hexdigest()[:20]
    event.add("uid", f"{identity}@beian")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", say("calendar.title", title=term.title, day=civil_day(day)))
    event.add("description", _description(world, term, deadline))
    event.add("transp", "TRANSPARENT")
    for on in alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", deadline_brief(term, deadline))
        alarm.add("trigger", datetime.combine(on, REMIND_AT) - datetime.combine(day, MIDNIGHT))
        event.add_component(alarm)
    return event


def _description(world: World, term: Term, deadline: Deadline) -> str:
    clause = world.knowledge.regulation.clauses[term.label].name
    lines = [deadline_brief(term, deadline) + "。", *deadline.steps, deadline.unknown, *deadline.notes]
    words = "……".join(term.words)
    return "\n".join([*filter(None, lines), f"{clause}：“{words}”", say("deadline.reference")])
