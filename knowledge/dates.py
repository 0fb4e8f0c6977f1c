"""Days that people type, read as of a day: 3月2日, 昨天, 上个月5号, 上周五, 十天前, 2026.3.2; and days as a clerk writes them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from knowledge.numeral import to_decimal
from knowledge.quantity import Quantity, read_quantities

Lean = Literal["past", "near", "future"]
"""Which year is meant where none is said: the last or the next in which there is such a day; or this one, unless the day
is near across a new year."""

WEEKDAYS = "一二三四五六日"
_SHIFTS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "明天": 1,
    "后天": 2,
}
_WORDS = re.compile(r"(?<!到期)(?<!截止)(大前天|前天|昨天|昨日|今天|今日|今儿|明天|后天)")
_WEEK = re.compile(r"(上上|上|这|本|下)(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_MONTH = re.compile(r"(上上|上|这|本|下)(?:个)?月(?:的)?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
_BARE_DAY = re.compile(r"(?<![\d月年.])(\d{1,2})[日号](?![线楼院人文令])")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_SHORT = re.compile(
    r"(?:(?<=[从自在是于按])|^)\s*(\d{1,2})[./-](\d{1,2})(?=$|开始|起|号|日|[,呢吧那当改更公])"
)
_SLASHED = re.compile(r"((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})")
_AGO = re.compile(r"\s*(?:之|以)?前")
_NEAR = timedelta(days=60)
"""A day of another year that is meant without its year, across a new year: 12月28日 said in January."""

_FAR = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1}


@dataclass(frozen=True)
class Day:
    """A day as said, at `start` to `end` of the text: every day from `first` to `last` (a month said without its day), or
    None for both where there is no such day (2月30日). `year_said` is false where the year was filled in."""

    first: date | None
    last: date | None
    start: int
    end: int
    text: str
    year_said: bool = True

    @property
    def exact(self) -> date | None:
        """The one day that is meant, if it is one."""
        return self.first if self.first == self.last else None


def civil_date(day: date) -> str:
    """A date as a clerk writes it: 2025年12月6日."""
    return f"{day.year}年{day.month}月{day.day}日"


def civil_day(day: date) -> str:
    """2026年3月2日（星期一）."""
    return f"{day.year}年{short_day(day)}"


def short_day(day: date) -> str:
    """3月2日（星期一）."""
    return f"{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def read_days(text: str, today: date, lean: Lean = "near") -> tuple[Day, ...]:
    """Every day of a normalised text, in order. A year alone is no day."""
    found: list[Day] = []
    for day in (*_numbered(text), *_counted(text, today, lean), *_relative(text, today)):
        if not any(other.start < day.end and day.start < other.end for other in found):
            found.append(day)
    return tuple(sorted(found, key=lambda day: day.start))


def _numbered(text: str) -> Iterator[Day]:
    """Days written in figures alone, with their year."""
    for m in (*_COMPACT.finditer(text), *_SLASHED.finditer(text)):
        yield _day(m, int(m[1]), int(m[2]), int(m[3]))


def _counted(text: str, today: date, lean: Lean) -> Iterator[Day]:
    """Days by month and day, the year said or not; and so many days or months ago."""
    quantities = read_quantities(text)
    for quantity in quantities:
        if quantity.kind == "date" and quantity.month is not None:
            yield _dated(quantity, today, lean)
        elif quantity.kind == "duration" and _AGO.match(text, quantity.end) and quantity.unit == "day":
            ago = today - timedelta(days=min(int(quantity.value), 36500))
            yield Day(ago, ago, quantity.start, quantity.end, quantity.text)
    for m in _SHORT.finditer(text):
        if 1 <= int(m[1]) <= 12 and 1 <= int(m[2]) <= 31:
            yield _day(m, _year(int(m[1]), int(m[2]), today, lean), int(m[1]), int(m[2]), year_said=False)


def _dated(quantity: Quantity, today: date, lean: Lean) -> Day:
    month, of_month = quantity.month or 1, quantity.day
    if quantity.relative:
        year = today.year + (quantity.year or 0)
    else:
        year = quantity.year or _year(month, of_month or 1, today, lean)
    said = quantity.year is not None
    if of_month is None:
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return Day(first, last, quantity.start, quantity.end, quantity.text, said)
    exact = _existing(year, month, of_month)
    return Day(exact, exact, quantity.start, quantity.end, quantity.text, said)


def _year(month: int, of_month: int, today: date, lean: Lean) -> int:
    """The year of a day of which none was said."""
    in_month = (month, of_month)
    if lean == "past":
        return today.year if in_month <= (today.month, today.day) else today.year - 1
    if lean == "future":
        return today.year if in_month >= (today.month, today.day) else today.year + 1
    around = [(abs(date(y, month, min(of_month, 28)) - today), y) for y in (today.year - 1, today.year + 1)]
    distance, other = min(around)
    return other if distance <= _NEAR else today.year


def _relative(text: str, today: date) -> Iterator[Day]:
    for m in _WORDS.finditer(text):
        yield _shifted(m, today + timedelta(days=_SHIFTS[m[1]]))
    for m in _WEEK.finditer(text):
        weekday = 6 if m[2] == "天" else WEEKDAYS.index(m[2])
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_FAR[m[1]])
        yield _shifted(m, monday + timedelta(days=weekday))
    for m in _MONTH.finditer(text):
        months = today.year * 12 + today.month - 1 + _FAR[m[1]]
        yield _day(m, months // 12, months % 12 + 1, int(to_decimal(m[2]) or 0))
    for m in _BARE_DAY.finditer(text):
        yield _day(m, today.year, today.month, int(m[1]), year_said=False)


def _shifted(m: re.Match[str], day: date) -> Day:
    return Day(day, day, m.start(), m.end(), m.group(0))


def _day(m: re.Match[str], year: int, month: int, of_month: int, *, year_said: bool = True) -> Day:
    exact = _existing(year, month, of_month)
    return Day(exact, exact, m.start(), m.end(), m.group(0), year_said)


def _existing(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None
