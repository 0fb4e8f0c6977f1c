"""When a desk works and by when it is to answer: its hours, its days off, and China's calendar. Pure; unknown years stay unknown."""

from datetime import date, datetime, time, timedelta

from bot.helpdesk import Office
from bot.wording import say
from flows.workdays import Workdays
from knowledge.dates import civil_date

_LOOK_AHEAD = 60
"""Days after which no working day is looked for any more."""

CHINA_OFFSET = timedelta(hours=8)


def works_on(office: Office, workdays: Workdays, day: date) -> bool | None:
    """Whether a desk works on a day: its own days first, then China's calendar; None in a year that is not known."""
    if day in office.closed_on:
        return False
    if day in office.open_on:
        return True
    kind = workdays.kind(day)
    return kind.works if kind else None


def next_working_day(office: Office, workdays: Workdays, day: date) -> date | None:
    """The first working day after a day; None where it is not known."""
    return _after(office, workdays, day, 1)


def _after(office: Office, workdays: Workdays, day: date, count: int) -> date | None:
    for _ in range(_LOOK_AHEAD):
        day += timedelta(days=1)
        works = works_on(office, workdays, day)
        if works is None:
            return None
        count -= works
        if count == 0:
            return day
    return None


def due_day(office: Office, workdays: Workdays, day: date) -> date | None:
    """The last day for an answer to what came on a day: so many working days after it; None without a service level."""
    return _after(office, workdays, day, office.answer_within) if office.answer_within else None


def due_at(office: Office | None, workdays: Workdays, day: date) -> str:
    """The end of that day in China as the store keeps times; empty where there is none."""
    last = due_day(office, workdays, day) if office else None
    if last is None:
        return ""
    end = datetime.combine(last, time(23, 59, 59)) - CHINA_OFFSET
    return end.isoformat(timespec="milliseconds") + "+00:00"


def hours_lines(office: Office, workdays: Workdays, day: date) -> tuple[str, ...]:
    """What a person is told of the hours, and when there will be an answer, as far as it is known."""
    lines = [say("human.hours", hours=office.hours)] if office.hours else []
    if works_on(office, workdays, day) is False and (back := next_working_day(office, workdays, day)):
        lines.append(say("human.day_off", day=civil_date(back)))
    if last := due_day(office, workdays, day):
        lines.append(say("human.within", days=office.answer_within, day=civil_date(last)))
    return tuple(lines)
