"""A situation told in a sentence, judged by the very rules of the pre-screen: requirements, amounts and dates."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from flows.fact_patterns import load_patterns
from flows.facts import Facts, fields_of, merge, read_facts
from flows.fields import FIELDS
from flows.figures import Figure
from flows.provisions import AllOf, AnyOf, Requirement, Rule
from flows.rules import Rules
from flows.screening import Status, plain, show
from flows.screening import judge as judge_rule
from flows.subsidy import pay
from flows.timing import Judgement, judge_dates
from flows.workdays import PUBLISHED, Workdays
from knowledge.entries import TRACKS
from knowledge.vocabulary import read_track

__all__ = ["Facts", "Judgement", "judge", "merge", "read_facts"]


def judge(
    facts: Facts, tracks: tuple[str, ...], rules: Rules, day: date, workdays: Workdays = PUBLISHED
) -> tuple[Judgement, ...]:
    """Everything that the facts decide for the tracks, at most one entry a label: amounts, dates, requirements."""
    found: list[Judgement] = [*judge_dates(facts, rules, day, workdays)]
    if facts.about_money:
        found += _amounts(facts, rules)
    else:
        for track in tracks:
            if values := _values(_for_track(facts, track), track):
                found += _requirements(values, track, rules)
    first: dict[str, Judgement] = {}
    for judgement in found:
        first.setdefault(judgement.label, judgement)
    return tuple(first.values())


def tracks_implied(facts: Facts) -> tuple[str, ...]:
    """The tracks to which some stated fact belongs alone (a pilot engineer, a validation fund), else both."""
    own = {t for k in load_patterns().kinds if k.id in facts.figures and len(k.fields) == 1 for t in k.fields}
    return tuple(t for t in TRACKS if t in own) or tuple(TRACKS)


def asks_own_amount(text: str) -> bool:
    """Whether a question about money asks what the user would get, not what the measure gives at most."""
    return bool(load_patterns().words["own_amount"].search(text))


def _for_track(facts: Facts, track: str) -> Facts:
    """The facts with what the sentence itself says of the track in parts of its own (11个是概念验证的，14个是中试的)."""
    if read_track(facts.text) != "both":
        return facts
    return merge(facts, read_facts(facts.text, about_money=facts.about_money, track=track))


Values = Mapping[str, "Figure | bool"]
"""What was stated, by field of the profile."""


def _values(facts: Facts, track: str) -> Values:
    return {**fields_of(load_patterns().kinds, facts, track), **facts.flags}


def _judge_rule(rule: Rule, value: Figure | bool | None) -> Status:
    """One requirement against what was said; unknown where a rough figure may lie on either side of the threshold."""
    if not isinstance(value, Figure):
        return judge_rule(rule, value)
    ends = {judge_rule(rule, end) for end in value.bounds}
    return ends.pop() if len(ends) == 1 else "unknown"


def _requirements(values: Values, track: str, rules: Rules) -> Iterator[Judgement]:
    for item in rules.items[track]:
        alternatives = [part for part in item.parts if isinstance(part, AnyOf)]
        stated = [part for part in item.parts if isinstance(part, Rule) and part.field in values]
        chosen = [j for any_of in alternatives for j in _alternatives(any_of, values, track)]
        every = [p for any_of in alternatives for p in any_of.parts]
        none_left = bool(chosen) and len(chosen) == len(every) and all(j.status == "unmet" for j in chosen)
        if stated or none_left:
            yield _item(item, stated, values, track, none_left=none_left)
        yield from sorted(chosen, key=lambda j: j.status != "met")


WORST_FIRST: tuple[Status, ...] = ("unmet", "unknown", "met")


def _worst(statuses: Iterable[Status]) -> Status:
    """All must hold: unmet before unknown before met."""
    found = {*statuses}
    return next(status for status in WORST_FIRST if status in found)


def _item(item: AllOf, stated: list[Rule], values: Values, track: str, *, none_left: bool) -> Judgement:
    results = sorted(
        ((rule, _judge_rule(rule, values[rule.field])) for rule in stated),
        key=lambda r: WORST_FIRST.index(r[1]),
    )
    status = "unmet" if none_left else _worst(outcome for _, outcome in results)
    lines = [_said(rule, values[rule.field], outcome, track) for rule, outcome in results]
    if none_left:
        lines.append(f"{TRACKS[track]}：所列条件一项都没有达到，不能累加。")
    shown = [rule for rule, outcome in results if outcome == status] or stated
    return Judgement(
        item.label, status, "".join(lines),
        "；".join(rule.required for rule in shown) or "符合一项",
        "；".join(_shown(rule.field, values[rule.field]) for rule in shown) or "0项",
    )  # fmt: skip


def _alternatives(any_of: AnyOf, values: Values, track: str) -> Iterator[Judgement]:
    for part in any_of.parts:
        outcome = _stated(part, values)
        if outcome is None:
            continue
        stated = [rule for rule in _leaves(part) if rule.field in values]
        deciding = [r for r in stated if _judge_rule(r, values[r.field]) == outcome] or stated
        lines = [_said(r, values[r.field], _judge_rule(r, values[r.field]), track) for r in stated]
        yield Judgement(
            part.label, outcome, "".join(lines) + _one_suffices(part, values),
            "；".join(rule.required for rule in deciding), "；".join(_shown(r.field, values[r.field]) for r in deciding),
        )  # fmt: skip


def _one_suffices(part: Requirement, values: Values) -> str:
    """What one alternative means for the group: it suffices, it is only one of several, or part of it was not said."""
    status = _kleene(part, values)
    if status == "met":
        return "符合一项即可，这一组条件已达到。"
    unsaid = _unsaid(part, values)
    if status == "unmet" or not unsaid:
        return "这只是几项条件之一，符合其他任何一项也可以。"
    return f"本项还要求{unsaid}，没有说到，没有判断。"


def _unsaid(part: Requirement, values: Values) -> str:
    """What of an alternative was not said and is still wanted: of several that each suffice, none once one does."""
    if isinstance(part, Rule):
        field = FIELDS[part.field]
        return (
            ""
            if field.name in values
            else f"{field.title}不少于{plain(part.at_least or Decimal(0))}{field.unit}"
        )
    if isinstance(part, AnyOf) and _kleene(part, values) == "met":
        return ""
    parts = (_unsaid(inner, values) for inner in part.parts)
    return ("或" if isinstance(part, AnyOf) else "，以及").join(filter(None, parts))


def _kleene(part: Requirement, values: Values) -> Status:
    """The status of a requirement when what is not said is unknown."""
    if isinstance(part, Rule):
        return _judge_rule(part, values.get(part.field))
    statuses = [_kleene(inner, values) for inner in part.parts]
    if isinstance(part, AnyOf):
        return "met" if "met" in statuses else "unknown" if "unknown" in statuses else "unmet"
    return _worst(statuses)


def _leaves(part: Requirement) -> Iterator[Rule]:
    if isinstance(part, Rule):
        yield part
    else:
        for inner in part.parts:
            yield from _leaves(inner)


def _stated(part: Requirement, values: Values) -> Status | None:
    """A requirement over only what is stated: unmet if a stated part of it fails, else met; None if nothing is stated."""
    if isinstance(part, Rule):
        return _judge_rule(part, values[part.field]) if part.field in values else None
    outcomes = [o for inner in part.parts if (o := _stated(inner, values)) is not None]
    if not outcomes:
        return None
    if isinstance(part, AnyOf):
        return "met" if "met" in outcomes else "unknown" if "unknown" in outcomes else "unmet"
    return _worst(outcomes)


_HEDGES = {"below": "不到", "about": "约", "above": "超过"}


def _shown(field: str, value: Figure | bool) -> str:
    """A stated value as a judgement shows it: 是 or 否, 800, 不到500, 20到30."""
    if not isinstance(value, Figure):
        return show(field, value) or ""
    figure = _plain(value.value)
    return (
        f"{_plain(value.low)}到{figure}" if value.low is not None else _HEDGES.get(value.hedge, "") + figure
    )


def _plain(value: Decimal) -> str:
    """A figure as it was said; one that no one says (a converted 亩) to two decimals."""
    return plain(value if round(value, 4) == value else round(value, 2))


def _said(rule: Rule, value: Figure | bool, status: str, track: str) -> str:
    """One requirement in a sentence: what was said, what is asked, and by how much it falls short."""
    field = FIELDS[rule.field]
    title = f"{TRACKS[track]}：{field.title}"
    if rule.at_least is None or not isinstance(value, Figure):
        return f"{title}不满足。" if status == "unmet" else f"{title}满足。"
    said = f"{title}{_shown(rule.field, value)}{field.unit}"
    least = f"不少于{plain(rule.at_least)}{field.unit}"
    if status == "unknown":
        return f"{said}，要求{least}，说的是约数，是否满足要看准确的数。"
    if status == "unmet":
        short = rule.at_least - value.value
        gap = f"，还差{_plain(short)}{field.unit}" if short > 0 and not value.hedge else ""
        return f"{said}，要求{least}，不满足{gap}。"
    return f"{said}，要求{least}，满足。"


# Amounts of article 13.

_NO_EXCLUSION = "没有说到省级财政和中央引导资金，按没有计"
_NO_PLAQUE = "没有说到加挂牌子，按不是加挂计"
_THREE_YEARS = "投入均为近三年直接用于平台的支出"


def _amounts(facts: Facts, rules: Rules) -> Iterator[Judgement]:
    plaque = facts.flags.get("plaque_route")
    investment, income = _spent(facts, "investment"), _spent(facts, "annual_income")
    if plaque and (investment is not None or income is not None):
        yield Judgement(
            rules.plaque.label, None, "加挂牌子的不予建设补助，同等享受运营支持。", assumed=(), counts=False
        )
    if investment is not None and plaque:
        yield Judgement("13.1", None, "建设补助为0万元。", amount_wan="0.00")
    elif investment is not None:
        yield _construction(facts, investment, rules, said_plaque=plaque is not None)
    if income is not None:
        amount = pay(rules.operating, income)
        working = _working(plain(income), income, rules.operating.percent, rules.operating.cap_wan, amount)
        yield Judgement(rules.operating.label, None, f"运营补助：{working}。", amount_wan=f"{amount:.2f}")


def _spent(facts: Facts, kind: str) -> Decimal | None:
    """A sum of money to reckon with; of a range nothing can be reckoned."""
    figure = facts.figures.get(kind)
    return None if figure is None or figure.low is not None else figure.value


def _construction(facts: Facts, investment: Decimal, rules: Rules, *, said_plaque: bool) -> Judgement:
    excluded = _spent(facts, "excluded_funds")
    base = investment - (excluded or 0)
    label = rules.construction.label
    if base < 0:
        return Judgement(
            label, None, "不计入的省级财政和中央引导资金超过了投入总额，请核对这两个数。", counts=False
        )
    parts = facts.figures["investment"].parts
    shown = "＋".join(plain(part) for part in parts)
    if excluded:
        shown += f"－{plain(excluded)}"
    if excluded or len(parts) > 1:
        shown = f"（{shown}）"
    amount = pay(rules.construction, base)
    working = _working(shown, base, rules.construction.percent, rules.construction.cap_wan, amount)
    assumed = [_THREE_YEARS]
    if excluded is None:
        assumed.append(_NO_EXCLUSION)
    if not said_plaque:
        assumed.append(_NO_PLAQUE)
    sentence = f"建设补助：{working}。"
    if load_patterns().words["asks_cap"].search(facts.text) and amount < rules.construction.cap_wan:
        full = rules.construction.cap_wan * 100 / rules.construction.percent
        sentence += f"要达到上限{plain(rules.construction.cap_wan)}万元，计入的投入须为{plain(full)}万元，还差{plain(full - base)}万元。"
    return Judgement(label, None, sentence, amount_wan=f"{amount:.2f}", assumed=tuple(assumed))


def _working(shown: str, base: Decimal, percent: Decimal, cap: Decimal, amount: Decimal) -> str:
    share = base * percent / 100
    if share > cap:
        return f"{shown}×{plain(percent)}%＝{plain(share)}万元，超过上限，按{plain(cap)}万元计"
    return f"{shown}×{plain(percent)}%＝{plain(amount)}万元"
