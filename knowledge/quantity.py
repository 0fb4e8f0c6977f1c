"""Read quantities that people type: money, areas, counts, shares, durations and dates, in any spelling."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import prod
from typing import Any, Literal

from knowledge.numeral import CHINESE_DIGITS, SCALE, either, to_decimal

Kind = Literal["money", "area", "count", "percent", "duration", "date", "number"]
Hedge = Literal["", "below", "about", "above"]
"""How a figure is qualified: 不到500 is below, 约500 about, 500多 above (or just so much)."""

LONGEST = 24
"""Characters that one figure may have; a longer one is no figure that a person types."""


@dataclass(frozen=True)
class Quantity:
    """A quantity in a normalised text, with the span that it covers.

    `value`: money in 万元, area in m², percent in hundredths, a duration in `unit` (day, month, year), counts as they
    are; a date has none but `year`, `month`, `day` as far as said (`year` may be relative: 今年 0, 明年 1, 去年 -1,
    with `relative`). A range has `low` and `high`, and its `value` is the latter. `unit` of a count is its measure word.
    """

    kind: Kind
    value: Decimal
    start: int
    end: int
    text: str
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    hedge: Hedge = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    relative: bool = False
    scale: Decimal = Decimal(1)
    """What one is worth in the unit of `value`, so that 2到3亩 and 200到300万 can be read as ranges."""


_FIGURE = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{CHINESE_DIGITS}十百千万亿]+(?:点[{CHINESE_DIGITS}]+)?|半|俩|仨)"
_NUMBER = re.compile(
    rf"(?P<head>{_FIGURE})(?P<more>[多来几余])?(?P<scale>(?:个?[十百千万亿]|个?w(?![a-z])|k(?![a-z]))*)(?P<tail>(?<=[百千万亿])[{CHINESE_DIGITS}\d](?![{CHINESE_DIGITS}\d十百千万亿.年个月天次]))?"
)
_UNIT = re.compile(
    r"\s*(?P<almost>多|来|余|几)?\s*(?:"
    r"(?P<area>个?平方米|个?平米|个平方|个平(?!台)|平方米|平方公里|平米|平方|平(?!台)|m2|m²|亩|公顷)"
    r"|(?P<percent>%|个百分点|成(?![立果为本功])(?!交))"
    r"|(?P<money>万元|亿元|万块|元|块钱|块(?!地)|人民币|rmb)"
    r"|(?P<duration>个半月|个月|年半|年(?![底初度])|个工作日|工作日|天|周|个?星期)"
    r"|(?P<count>个人|口人|号人|人|名|位|个|家|项|件|号|种|款|台|套|次|间|层|栋|条|支|所)"
    r")?"
)
_HEDGES: Mapping[Hedge, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "below": (
        re.compile(r"(?:不到|不足|不满|没到|未到|没有?达到|未达到|将近|接近|近|快到?|低于|少于|小于)$"),
        re.compile(r"\s*(?:以下|不到|以内|都不到|都没到)"),
    ),
    "about": (
        re.compile(r"(?:约|大概|差不多|大致|估计)(?:有|是|在)?$"),
        re.compile(r"\s*(?:左右|上下|的?样子)"),
    ),
    "above": (
        re.compile(r"(?:超过?|至少|起码|少说|大于|多于|高于|不低于|不止)(?:有|是)?$"),
        re.compile(r"\s*(?:以上|出头|开外|打底|往上|还多|都不止)"),
    ),
}
"""What stands before and after a qualified figure."""
_RANGE = re.compile(r"\s*(?:到|至|-|~|—|–|还是|或者?)\s*$")
_NO_FIGURE_AFTER = re.compile(r"(?:第|之|[三五四两二]选)$")
_NO_FIGURE = re.compile(
    r"(?:一定|一般|一样|一起|一共|一直|一旦|一下|一些|一点|一次性|一类|一系列|统一|唯一|万一|千万别)"
)
_PERCENT = re.compile(rf"百分之({_FIGURE})")
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[年.\-/](?:\s*(?P<m>\d{1,2})(?![\d])(?:\s*[月.\-/](?:份)?(?:\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?)?)?|\s*(?P<feast>元旦|五一|国庆|双十一))?"
    rf"|(?P<rel>今年|明年|后年|去年|前年|第二年|次年)?(?P<m2>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:\s*(?P<d2>\d{{1,2}}|[{CHINESE_DIGITS}十]{{1,3}})\s*[日号])?"
)
_FEASTS = {"双十一": ("11", "11"), "元旦": ("1", "1"), "五一": ("5", "1"), "国庆": ("10", "1")}
_RELATIVE = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2, "第二年": 1, "次年": 1}


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of a normalised text in order. What is not read is left out; nothing makes it fail."""
    found = [*_dates(text), *_percents(text)]
    taken = [(q.start, q.end) for q in found]
    for quantity in _figures(text):
        if not any(start < quantity.end and quantity.start < end for start, end in taken):
            found.append(quantity)
    return tuple(_ranges(sorted(found, key=lambda q: q.start), text))


def _dates(text: str) -> Iterator[Quantity]:
    year: int | None
    for m in _DATE.finditer(text):
        before = text[m.start() - 1 : m.start()]
        if m["y"]:
            month, day = _FEASTS[m["feast"]] if m["feast"] else (m["m"], m["d"])
            year, relative = int(m["y"]), False
            if before.isdecimal() or before == ".":
                continue
        else:
            if before.isdecimal() or before in {".", "个"} or text[m.end() : m.end() + 1] == "个":
                continue
            relative = bool(m["rel"])
            year, month, day = _RELATIVE.get(m["rel"] or ""), m["m2"], m["d2"]
        numbers = [None if part is None else int(to_decimal(part) or 0) for part in (month, day)]
        if (numbers[0] is not None and not 1 <= numbers[0] <= 12) or (
            numbers[1] is not None and not 1 <= numbers[1] <= 31
        ):
            continue
        end = m.end()
        if month and not day and text[end : end + 1] in {"底", "末"}:
            end, numbers[1] = end + 1, 31  # the month's last day, whichever that is
        yield Quantity("date", Decimal(0), m.start(), end, text[m.start() : end], "", year=year, month=numbers[0], day=numbers[1], relative=relative)  # fmt: skip


def _percents(text: str) -> Iterator[Quantity]:
    for m in _PERCENT.finditer(text):
        if (value := to_decimal(m[1])) is not None:
            yield Quantity("percent", value, m.start(), m.end(), m.group(0), "%")


def _figures(text: str) -> Iterator[Quantity]:
    reached = 0
    for m in _NUMBER.finditer(text):
        if m.start() < reached or text[m.start() - 1 : m.start()] == "几":
            continue
        if (
            len(m.group(0)) > LONGEST
            or _NO_FIGURE_AFTER.search(text[max(0, m.start() - 2) : m.start()])
            or _NO_FIGURE.match(text[m.start() : m.start() + 4])
        ):
            continue
        if text[m.start() - 1 : m.start()] == "." or (
            text[m.end() : m.end() + 1] in {"条", "款"}
            and m["head"].isdecimal()
            and text[m.start() - 1 : m.start()] == "第"
        ):
            continue
        quantity = _either_way(m, text)
        if quantity is not None:
            reached = quantity.end
            yield quantity


def _either_way(m: re.Match[str], text: str) -> Quantity | None:
    """The quantity, a range where its numeral may mean either of two (五六个); None where it is none."""
    unit = _UNIT.match(text, m.end())
    values = [_value(m, numeral) for numeral in either(m["head"]) or (m["head"],)]
    found = [q for value in values if value is not None and (q := _with_unit(m, value, unit, text))]
    if not found:
        return None
    least, most = found[0], found[-1]
    return (
        replace(most, low=least.value, high=most.value, hedge="about") if least.value < most.value else most
    )


def _value(m: re.Match[str], head: str) -> Decimal | None:
    scale = m["scale"].replace("个", "")
    if head == "半":
        return Decimal("0.5") * _times(scale) if scale else Decimal("0.5")
    value = to_decimal(head)
    if value is None:
        return None
    value *= _times(scale)
    if m["tail"]:
        last = scale[-1] if scale else head[-1]
        value += (to_decimal(m["tail"]) or Decimal(0)) * SCALE[last] / 10
    return value


def _times(scale: str) -> Decimal:
    return Decimal(prod(SCALE[sign] for sign in scale.replace("个", "")))


_PER_AREA = {"亩": Decimal(2000) / 3, "公顷": Decimal(10000), "平方公里": Decimal(1000000)}


def _with_unit(m: re.Match[str], value: Decimal, unit: re.Match[str] | None, text: str) -> Quantity | None:
    end = unit.end() if unit and unit.lastgroup and unit.lastgroup != "almost" else m.end()
    kind, word = (
        (unit.lastgroup or "", unit[unit.lastgroup])
        if unit and unit.lastgroup not in (None, "almost")
        else ("", "")
    )
    scaled = any(c in m.group(0) for c in "万亿w")
    common: dict[str, Any] = {
        "start": m.start(),
        "end": end,
        "text": text[m.start() : end],
        "hedge": _hedge(m["more"] or (unit["almost"] if unit else None), text, m.start(), end),
    }
    if kind == "area":
        scale = _PER_AREA.get(word.removeprefix("个"), Decimal(1))
        return Quantity("area", value * scale, unit="m2", scale=scale * _times(m["scale"]), **common)
    if kind == "percent":
        return Quantity("percent", value * 10 if word == "成" else value, unit="%", **common)
    if kind == "money" or (
        scaled and kind in {"", "count"} and word not in {"人", "个人", "名", "家", "项", "位"}
    ):
        times = {"万元": 10**4, "亿元": 10**8, "万块": 10**4}.get(word, 1)
        if kind == "count":
            common["end"], common["text"] = m.end(), m.group(0)
        scale = Decimal(times) / 10**4
        return Quantity("money", value * scale, unit="万元", scale=scale * _times(m["scale"]), **common)
    if kind == "duration":
        return _duration(value, word, m["head"], common)
    if kind == "count":
        return Quantity("count", value, unit=word, **common)
    if text[m.start() - 1 : m.start()] in {"¥", "￥"}:
        return Quantity("money", value / 10**4, unit="万元", **common)
    if m["head"] in "俩仨":
        return Quantity("count", value, unit="个", **common)
    if m["head"] == "半" or (len(m.group(0)) == 1 and not m.group(0).isdecimal()):
        return None
    return Quantity("number", value, **common)


def _hedge(inside: str | None, text: str, start: int, end: int) -> Hedge:
    """How the figure between two places is qualified, by a word inside (500多), before or after it."""
    before, after = text[max(0, start - 5) : start], text[end : end + 6]
    for hedge, (ahead, behind) in _HEDGES.items():
        if ahead.search(before) or behind.match(after):
            return hedge
    return "about" if inside in {"来", "几"} else "above" if inside else ""


def _duration(value: Decimal, word: str, head: str, common: dict[str, Any]) -> Quantity | None:
    if word == "年" and value >= 1900:
        return None
    if word in {"年半", "个半月"}:
        value += Decimal("0.5")
    units = {"年": "year", "月": "month", "工作日": "workday"}
    unit = next((name for said, name in units.items() if said in word), "day")
    if word in {"周", "星期", "个星期"}:
        value *= 7
    return Quantity("duration", value, unit=unit, **common)


def _ranges(quantities: list[Quantity], text: str) -> Iterator[Quantity]:
    """Two figures joined by 到 or a dash are one range with the second one's unit."""
    pending: Quantity | None = None
    for quantity in quantities:
        if pending is not None:
            joined = (
                pending.kind in {"number", quantity.kind}
                and quantity.kind not in {"date"}
                and pending.kind != "date"
            )
            if joined and _RANGE.match(text[pending.end : quantity.start] or "x"):
                low = pending.value * (quantity.scale if pending.kind == "number" else 1)
                pending = Quantity(
                    quantity.kind, quantity.value, pending.start, quantity.end, text[pending.start : quantity.end],
                    quantity.unit, low, quantity.value, "about",
                )  # fmt: skip
                continue
            yield pending
        pending = quantity
    if pending is not None:
        yield pending
