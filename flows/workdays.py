"""Which days are working days in China: the arrangements published for each year, and what an operator's file adds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chinese_calendar import get_holiday_detail, holidays
from chinese_calendar.constants import Holiday

_NAMES: Mapping[str, str] = {holiday.value: holiday.chinese for holiday in Holiday}
_LATE = 28
"""From this day of December on, the arrangement for the next year may still change days (29 and 31 December 2018)."""


class WorkdaysError(Exception):
    """The file of holidays cannot be used; the message says which entry and what would be right."""


@dataclass(frozen=True)
class DayKind:
    """Whether a day is worked, and why where its weekday does not say it: 周末, 国庆节放假, 春节调休上班."""

    works: bool
    reason: str = ""


@dataclass(frozen=True)
class Workdays:
    """The arrangement of days of every year that is known. `own`: days of an operator's file; they go before the library's,
    and a year that has any is known. No year is guessed."""

    own: Mapping[date, DayKind] = field(default_factory=dict)

    def knows(self, year: int) -> bool:
        """Whether the arrangement of a year is known."""
        return _in_library(year) or any(day.year == year for day in self.own)

    def kind(self, day: date) -> DayKind | None:
        """What a day is; None in a year that is not known."""
        if not self.knows(day.year):
            return None
        if day in self.own:
            return self.own[day]
        rests, name = get_holiday_detail(day) if _in_library(day.year) else (day.weekday() > 4, None)
        if name is None:
            return DayKind(not rests, "周末" if rests else "")
        return DayKind(not rests, _NAMES.get(name, name) + ("放假" if rests else "调休上班"))

    def may_change(self, day: date) -> bool:
        """Whether the next year's arrangement, not known yet, may still change a day at the end of December."""
        return day.month == 12 and day.day >= _LATE and not self.knows(day.year + 1)


PUBLISHED = Workdays()
"""The years that the library knows, and no more."""


def _in_library(year: int) -> bool:
    return bool(min(holidays).year <= year <= max(holidays).year)


def read_workdays(path: Path) -> Workdays:
    """The file of `BEIAN_HOLIDAYS`; WorkdaysError names the entry that is wrong."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WorkdaysError(f"{path}: {error.strerror}; give a TOML file in BEIAN_HOLIDAYS") from None
    except ValueError as error:
        raise WorkdaysError(f"{path}: not TOML in UTF-8: {error}") from None
    entries = raw.get("year")
    if not isinstance(entries, list) or {*raw} - {"year"}:
        raise WorkdaysError(f"{path}: give entries [[year]] and nothing else")
    days: dict[date, DayKind] = {}
    for number, entry in enumerate(entries, 1):
        days |= _read_year(entry, f"{path}: [[year]] number {number}")
    return Workdays(days)


def _read_year(entry: Mapping[str, Any], where: str) -> dict[date, DayKind]:
    if unknown := {*entry} - {"year", "source", "off", "work"}:
        raise WorkdaysError(
            f"{where}: {', '.join(sorted(unknown))} is not known here; give year, source, off, work"
        )
    year, source = entry.get("year"), entry.get("source")
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        raise WorkdaysError(f"{where}: year {year!r} is not usable; give one such as 2027")
    if not isinstance(source, str) or not source.strip():
        raise WorkdaysError(
            f"{where}: source is missing; give the number of the State Council's notice as text"
        )
    days = {day: DayKind(False, "放假") for day in _days(entry, "off", year, where)}
    for day in _days(entry, "work", year, where):
        if day in days:
            raise WorkdaysError(f"{where}: {day} stands in off and in work; leave it in one")
        days[day] = DayKind(True, "调休上班")
    if not days or (not _in_library(year) and all(kind.works for kind in days.values())):
        raise WorkdaysError(f"{where}: off is empty; give the days off of {year}")
    return days


def _days(entry: Mapping[str, Any], name: str, year: int, where: str) -> list[date]:
    """The days of a list; a pair of days in a list of its own is all days from the first to the last."""
    days: list[date] = []
    items = entry.get(name, [])
    if not isinstance(items, list):
        raise WorkdaysError(f"{where}: {name} is {items!r}; give a list of days")
    for item in items:
        pair = item if isinstance(item, list) and len(item) == 2 else [item, item]
        if not all(type(day) is date and day.year == year for day in pair) or pair[0] > pair[1]:
            raise WorkdaysError(
                f"{where}: {name} has {item!r}; give days of {year} such as {year}-10-01, or [first, last]"
            )
        days += [pair[0] + timedelta(days=n) for n in range((pair[1] - pair[0]).days + 1)]
    return days
