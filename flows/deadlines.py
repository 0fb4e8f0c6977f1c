"""Deadlines counted by the measure, the Civil Code and China's calendar: the last day with every step, or why it is unknown."""

import re
import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

from flows.provisions import InForce
from flows.rules import FOLDER, Rules, load_rules
from flows.rules_data import RulesError, read_provision
from flows.workdays import Workdays
from knowledge import regulation
from knowledge.dates import Lean, civil_day, short_day

_LENGTHS = {"workdays": "个工作日", "months": "个月", "years": "年"}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One kind of deadline. `length` is in `unit`, one of workdays, months, years; without a unit the measure has no date
    of it (`given`: the office's is taken), or writes the day itself. `ends` says the last day in words."""

    kind: str
    title: str
    label: str
    words: tuple[str, ...]
    unit: str
    length: int
    given: bool
    postponed: bool
    lean: Lean
    asked: tuple[re.Pattern[str], ...]
    begins: str
    where: str
    ends: str
    notes: tuple[str, ...]
    remind: tuple[int, ...]
    """Days before the last one (-1: the day after it) at which a reminder is offered."""

    @property
    def length_said(self) -> str:
        """5个工作日, 3个月, 1年; empty where the measure has none."""
        return f"{self.length}{_LENGTHS[self.unit]}" if self.unit else ""


@dataclass(frozen=True)
class Deadline:
    """A deadline counted. `steps` are sentences. `last_day` is None where it is not known: `unknown` says why, and `safe_day`
    is then the last day that is in time whatever the calendar turns out to be, if there is one."""

    kind: str
    label: str
    start: date | None
    steps: tuple[str, ...]
    last_day: date | None
    unknown: str = ""
    safe_day: date | None = None
    doubt: str = ""
    """What is odd about the start: it lies outside the period in force."""
    notes: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day to act by: the last one, or the last that is safe."""
        return self.last_day or self.safe_day


@dataclass(frozen=True)
class Deadlines:
    """The data of deadlines.toml: kinds of deadlines in order, how they are asked about, and the sentences of the steps."""

    terms: Mapping[str, Term]
    words: Mapping[str, re.Pattern[str]]
    steps: Mapping[str, str]

    def spoken_of(self, text: str) -> Term | None:
        """The first kind of which a normalised sentence speaks."""
        return next((term for term in self.terms.values() if all(p.search(text) for p in term.asked)), None)


@cache
def load_deadlines() -> Deadlines:
    """The deadlines, checked against the regulation's words; RulesError names the entry that is wrong."""
    raw = tomllib.loads((FOLDER / "deadlines.toml").read_text("utf-8"))
    rules = load_rules()
    words = {name: re.compile(pattern) for name, pattern in raw.pop("words").items()}
    steps = MappingProxyType(raw.pop("steps"))
    return Deadlines(
        MappingProxyType({kind: _term(rules, kind, entry) for kind, entry in raw.items()}), words, steps
    )


def _term(rules: Rules, kind: str, entry: Mapping[str, Any]) -> Term:
    unit = next((unit for unit in _LENGTHS if unit in entry), "")
    length = entry.get(unit, 0)
    if entry.get("rule") == "ban":
        label, words, unit, length = rules.ban.label, rules.ban.words, "years", rules.ban.years
    elif entry.get("rule") == "in_force":
        label, words = rules.in_force.label, rules.in_force.words
    else:
        law = regulation.load(rules.regulation)
        label, words, _ = read_provision(law, entry, f"deadlines.toml: {kind}")
        if not unit and not entry.get("given"):
            raise RulesError(
                f"deadlines.toml: {kind} has no length; give workdays, months or years, or given = true"
            )
    lean = entry.get("lean", "near")
    if label != entry["label"] or lean not in get_args(Lean):
        raise RulesError(
            f"deadlines.toml: {kind}: label is {label}, and lean one of {', '.join(get_args(Lean))}"
        )
    return Term(
        kind, entry["title"], label, words, unit, length, entry.get("given", False), entry.get("postponed", False), lean,
        tuple(re.compile(pattern) for pattern in entry["asked"]), entry.get("begins", ""), entry.get("where", ""),
        entry["ends"], tuple(entry.get("notes", ())), tuple(entry.get("remind", (7, 3, 0))),
    )  # fmt: skip


def count(term: Term, start: date | None, rules: Rules, workdays: Workdays) -> Deadline:
    """The deadline of a kind from a start day (for one that the office sets: the day itself)."""
    say = load_deadlines().steps
    if start is None:
        first, last = rules.in_force.first, rules.in_force.last
        steps = (say["written"].format(first=civil_day(first), last=civil_day(last)), say["until_midnight"])
        return Deadline(term.kind, term.label, None, steps, last)
    if term.given:
        return Deadline(term.kind, term.label, start, (), start, notes=term.notes)
    head = say["start"].format(start=civil_day(start))
    counted = _by_workdays if term.unit == "workdays" else _by_months
    found = counted(term, start, workdays)
    return Deadline(
        term.kind, term.label, start, (head, *found.steps), found.last_day, found.unknown, found.safe_day,
        _out_of_force(start, rules.in_force), (*found.notes, *term.notes),
    )  # fmt: skip


def _out_of_force(start: date, in_force: InForce) -> str:
    if is_in_force(start, in_force):
        return ""
    name = "before_force" if start < in_force.first else "after_force"
    first, last = civil_day(in_force.first), civil_day(in_force.last)
    return load_deadlines().steps[name].format(day=civil_day(start), first=first, last=last)


@dataclass(frozen=True)
class _Counted:
    steps: tuple[str, ...]
    last_day: date | None
    unknown: str = ""
    safe_day: date | None = None
    notes: tuple[str, ...] = ()


def _by_workdays(term: Term, start: date, workdays: Workdays) -> _Counted:
    """So many working days after the start; days off are named with the reason."""
    say = load_deadlines().steps
    counted: list[str] = []
    off: list[tuple[date, str]] = []
    day = start
    while len(counted) < term.length:
        day += _DAY
        kind = workdays.kind(day)
        if kind is None:
            break
        if kind.works:
            reason = f"（{kind.reason}）" if kind.reason else ""
            counted.append(say["workday"].format(number=len(counted) + 1, day=short_day(day), reason=reason))
        else:
            off.append((day, kind.reason))
    steps = ["；".join(counted) + "。"] if counted else []
    if off:
        steps.append(say["skipped"].format(days="、".join(_runs(off))))
    if len(counted) < term.length:
        year = say["unknown_year"].format(year=day.year)
        return _Counted(tuple(steps), None, year + say["unknown_workdays"].format(day=civil_day(day)))
    return _Counted((*steps, say["until_midnight"]), day, notes=tuple(_may_change(start, day, workdays)))


def _runs(off: list[tuple[date, str]]) -> Iterator[str]:
    """Days off in a row with the same reason, from the first to the last."""
    first, previous, reason = off[0][0], *off[0]
    for day, why in [*off[1:], (date.max, "")]:
        if day - previous != _DAY or why != reason:
            until = "" if first == previous else f"至{previous.month}月{previous.day}日"
            yield f"{first.month}月{first.day}日{until}（{reason}）"
            first = day
        previous, reason = day, why


def _by_months(term: Term, start: date, workdays: Workdays) -> _Counted:
    """The corresponding day of the last month; where the kind is postponed, moved on from a day off."""
    say = load_deadlines().steps
    months = term.length * (12 if term.unit == "years" else 1)
    day = months_after(start, months)
    name = "corresponding" if day.day == start.day else "month_end"
    steps = (say[name].format(length=term.length_said, day=civil_day(day), number=start.day),)
    if not term.postponed:
        return _Counted(steps, day)
    kind = workdays.kind(day)
    last: date | None = day
    while last and (rest := workdays.kind(last)) is not None and not rest.works:
        last += _DAY
    if kind is None or last is None or workdays.kind(last) is None:
        year = say["unknown_year"].format(year=(day if kind is None else last or day).year)
        return _Counted(steps, None, year + say["unknown_postponing"].format(day=civil_day(day)), day)
    if last == day:
        reason = f"（{kind.reason}）" if kind.reason else ""
        step = say["works"].format(reason=reason)
    else:
        step = say["rests"].format(reason=kind.reason, last=civil_day(last))
    return _Counted(
        (*steps, step, say["until_midnight"]), last, notes=tuple(_may_change(day, last, workdays))
    )


def _may_change(first: date, last: date, workdays: Workdays) -> Iterator[str]:
    """A word of caution where a day at the end of December counts and the next year's arrangement is not known."""
    days = (first + n * _DAY for n in range((last - first).days + 1))
    if any(workdays.may_change(day) for day in days):
        yield load_deadlines().steps["may_change"].format(year=last.year + 1)


def months_after(day: date, months: int) -> date:
    """The corresponding day some months later, or that month's last day where it has none (Civil Code 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ban_ends(revoked_on: date, years: int) -> date:
    """The last day of a ban of some years: the day of the event does not count (Civil Code 201), and the corresponding day
    is the last (202). A day off does not prolong a ban."""
    return months_after(revoked_on, years * 12)


def day_after(day: date) -> date:
    """The next day."""
    return day + _DAY


def is_in_force(day: date, period: InForce) -> bool:
    """Whether the measure is in force on a day; its first and its last day are."""
    return period.first <= day <= period.last
