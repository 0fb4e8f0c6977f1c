"""Dates told in a sentence: the ban of article 18, the report of article 19, the rectification of 16, the period of 20."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flows.deadlines import Term, ban_ends, count, is_in_force, load_deadlines, months_after
from flows.fact_patterns import load_patterns
from flows.facts import Facts
from flows.rules import Rules
from flows.screening import Status, plain
from flows.workdays import Workdays
from knowledge.dates import civil_date
from knowledge.quantity import Quantity


@dataclass(frozen=True)
class Judgement:
    """One clause judged. `status` is None for an amount; `sentence` says it in Chinese with the gap or the working.

    `counts` is false where the sentence only helps (how long is left) and nothing is decided.
    """

    label: str
    status: Status | None
    sentence: str
    required: str | None = None
    actual: str | None = None
    amount_wan: str | None = None
    assumed: tuple[str, ...] = ()
    counts: bool = True


LONGEST_REST = timedelta(days=31)
"""No arrangement of holidays has had more than ten days off in a row; what is later than this is late in any year."""


def judge_dates(facts: Facts, rules: Rules, day: date, workdays: Workdays) -> Iterator[Judgement]:
    """What the dates and durations of a sentence decide; `day` is the day of the message."""
    words, text = load_patterns().words, facts.text
    terms = load_deadlines().terms
    if words["revoked"].search(text) and words["again"].search(text) and (facts.dates or facts.durations):
        yield from _ban(facts, rules, day)
    elif (
        words["rectified"].search(text)
        and facts.durations
        and not load_deadlines().words["from"].search(text)
    ):
        yield from _rectification(facts, terms["rectification"])
    elif (
        words["changed"].search(text) and words["reported"].search(text) and (facts.dates or facts.durations)
    ):
        yield from _change(facts, terms["change"], rules, workdays, day)
    elif (
        (asked := next((q for q in facts.dates if q.year and not q.relative), None))
        and words["applying"].search(text)
        and (asked.day or words["in_force"].search(text))
    ):
        yield from _period(asked, rules)


def _span(quantity: Quantity, day: date, after: date | None = None) -> tuple[date, date]:
    """The first and last day that a date as said may mean; a year unsaid is the message's, or the next that fits."""
    base = after.year if after and quantity.relative else day.year
    year = quantity.year if quantity.year and not quantity.relative else base + (quantity.year or 0)
    month = quantity.month
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    last = monthrange(year, month)[1]
    if after and quantity.year is None and date(year, month, last) < after:
        year += 1
        last = monthrange(year, month)[1]
    if quantity.day:
        exact = date(year, month, min(quantity.day, last))
        return exact, exact
    return date(year, month, 1), date(year, month, last)


def _decided(earliest_ok: bool, latest_ok: bool) -> Status:
    """A status that every day of the spans agrees on, or unknown."""
    if earliest_ok and latest_ok:
        return "met"
    return "unknown" if earliest_ok or latest_ok else "unmet"


def _ban(facts: Facts, rules: Rules, day: date) -> Iterator[Judgement]:
    years = rules.ban.years
    required = f"> {years}年"
    if facts.dates:
        first, last = _span(facts.dates[0], day)
        asked = _span(facts.dates[1], day, first) if len(facts.dates) > 1 else (day, day)
        ends = ban_ends(first, years), ban_ends(last, years)
        status = _decided(asked[0] > ends[1], asked[1] > ends[0])
        until = f"禁止申请期{'' if first == last else '最晚'}到{civil_date(ends[1])}止"
        actual = f"{asked[0]}" if asked[0] == asked[1] else f"{asked[0]} … {asked[1]}"
        yield Judgement(
            rules.ban.label,
            status,
            f"{until}，自次日起可以再次申请：{_MAY[status]}。",
            f"> {ends[1]}",
            actual,
        )
        return
    passed = _passed(facts)
    if passed is None:
        return
    status = _decided(passed.least > years * 12, passed.most > years * 12)
    yield Judgement(
        rules.ban.label,
        status,
        f"被取消备案资格后{years}年内不得再次申请备案：{_MAY[status]}。",
        required,
        passed.text,
    )


_MAY = {
    "met": "已过禁止申请期，可以再次申请",
    "unmet": "还在禁止申请期内，不能申请",
    "unknown": "要看具体是哪一天",
}


@dataclass(frozen=True)
class _Passed:
    """A time that has passed, in months: at least and at most so many, days being shorter or longer parts of a month."""

    least: Decimal
    most: Decimal
    text: str


_ADDED = {"", "零", "又", "加"}
"""What stands between 2年 and 3个月 where they are one time."""
_MONTHS = {
    "year": (Decimal(12), Decimal(12)),
    "month": (Decimal(1), Decimal(1)),
    "day": (Decimal(3) / 92, Decimal(3) / 89),
}
"""How many months a unit is, at least and at most: three months have 89 to 92 days."""


def _passed(facts: Facts) -> _Passed | None:
    """The time that a sentence tells last, with the parts right before it; None where it is told in working days."""
    parts = list(facts.durations[-1:])
    for earlier in reversed(facts.durations[:-1]):
        if facts.text[earlier.end : parts[0].start].strip() not in _ADDED:
            break
        parts.insert(0, earlier)
    if any(part.unit not in _MONTHS for part in parts):
        return None
    least, most = (sum((part.value * _MONTHS[part.unit][n] for part in parts), Decimal(0)) for n in (0, 1))
    return _Passed(least, most, facts.text[parts[0].start : parts[-1].end])


def _rectification(facts: Facts, term: Term) -> Iterator[Judgement]:
    passed = _passed(facts)
    if passed is None:
        return
    left = term.length * 12 - (passed.least + passed.most) / 2
    end = f"还剩约{plain(round(left, 1))}个月" if left > 0 else "整改期已满"
    sentence = f"整改期{term.length_said}，已整改{passed.text}，{end}；整改期满仍为不合格的，取消备案资格。"
    yield Judgement(term.label, None, sentence, counts=False)


def _change(facts: Facts, term: Term, rules: Rules, workdays: Workdays, day: date) -> Iterator[Judgement]:
    required = f"≤ {term.length_said}"
    if len(facts.dates) > 1:
        first, last = _span(facts.dates[0], day)
        told = _span(facts.dates[1], day, first)
        if first == last:
            deadline = count(term, first, rules, workdays)
            limit = deadline.day or first
            late_from = deadline.last_day or limit + LONGEST_REST
            status = _decided(told[1] <= limit, told[0] <= late_from)
        else:
            limit = months_after(last, term.length)
            status = _decided(told[1] <= months_after(first, term.length), told[0] <= limit)
        sentence = (
            f"应当在变更后{term.length_said}内（最晚{civil_date(limit)}）书面报告：{_IN_TIME[status]}。"
        )
        yield Judgement(term.label, status, sentence, required, f"{told[0]}")
    elif facts.durations and (passed := _passed(facts)):
        status = _decided(passed.least <= term.length, passed.most <= term.length)
        sentence = f"应当在{term.length_said}内书面报告：{_IN_TIME[status]}。"
        yield Judgement(term.label, status, sentence, required, passed.text)


_IN_TIME = {"met": "没有超过期限", "unmet": "已经超过期限", "unknown": "是否超过期限，要看具体是哪一天"}


def _period(asked: Quantity, rules: Rules) -> Iterator[Judgement]:
    """Whether the measure applies on a day, or in a month or year, of application (article 20)."""
    period = rules.in_force
    earliest, latest = _span(asked, period.first)
    status = _decided(is_in_force(earliest, period), is_in_force(latest, period))
    if status == "unmet" and earliest < period.first and latest > period.last:
        status = "unknown"
    when = {"met": "在有效期内，适用本办法", "unknown": "要看具体是哪一天"}.get(status)
    when = when or ("尚未施行，不适用本办法" if latest < period.first else "已过有效期，不适用本办法")
    first, last, said = map(civil_date, (period.first, period.last, earliest))
    if earliest != latest:
        said = asked.text
    sentence = f"本办法自{first}施行，有效期至{last}：{said}{when}。"
    actual = str(earliest) if earliest == latest else f"{earliest} … {latest}"
    yield Judgement(period.label, status, sentence, f"{period.first} … {period.last}", actual)
