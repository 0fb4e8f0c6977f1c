"""What more money would change: 再投300万能多补多少, 要拿满200万还差多少投入, by the rule that computes the subsidies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from flows.facts import read_facts
from flows.profile import Profile
from flows.provisions import Subsidy
from flows.rules import Rules
from flows.screening import plain
from flows.subsidy import construction_base, pay, round_wan
from flows.timing import Judgement
from knowledge.quantity import Quantity, read_quantities

Of = Literal["construction", "operating"]


@dataclass(frozen=True)
class Step:
    """What is supposed: `more` money in 万元 for one subsidy, or a `target` that the subsidy is to reach (None: its cap)."""

    of: Of
    more: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class Base:
    """What the subsidies are reckoned on so far, in 万元; None where it is not known."""

    spent: Decimal | None = None
    income: Decimal | None = None
    plaque: bool | None = None
    whole: bool = False
    """Whether what does not count (provincial and central guided funds) is taken off already."""


_OPERATING = re.compile(r"收入|服务费|营收|进账|运营|创收")
_SPENDING = re.compile(r"投|花|砸|购|买|支出|设备|软硬件")
_STOP = re.compile(r"[，。,;；]")
_MORE = re.compile(r"(?:再|追加|增加|新增|继续|额外|多)[^，。,;；\d]{0,6}$")
_NOT_MORE = re.compile(r"(?:补|拿|给|领|得|返)[^，。,]{0,3}$")
_FROM_TO = re.compile(r"(?:增加?|加|提高?|扩大|涨|升|追加|做|投)到$")
_ASKS_MORE = re.compile(
    r"(?:多|再|能|会|可以)[^，。,?]{0,3}(?:补|拿|给|领|得|返|争取)[^，。,?]{0,6}(?:多少|几|点)|(?:补助|补贴|资助|支持)[^，。,]{0,8}(?:多少|几)|多少(?:补助|补贴|钱)"
)
_FULL = re.compile(
    r"拿满|拿得满|拿得到满|够顶|顶满|补满|拿足|拿够|封顶|顶格|到顶|满额|全额|上限|最高额|拿完|天花板"
)
_AIM = re.compile(
    r"想从[^，。,]{0,8}?里?拿$|(?:要|想|打算|争取|为了|希望|得)(?:能)?(?:拿|补|领|得|争取|申请|享受)(?:到|够|满|足)?[^，。,?\d]{0,8}$"
)
_ASKS_LESS = re.compile(
    r"(?:差|缺|少)(?:了)?多少|(?:投|花|砸|投入|支出|收入|服务费|营收|创收|做)[^，。,?补拿]{0,6}(?:多少|几)|多少(?:投入|支出|收入|服务费|投资)"
)


_COMPARED = re.compile(r"建设.{0,4}(?:和|跟|与|、).{0,2}运营")
"""What compares the two subsidies supposes nothing of either: 建设补助和运营补助的封顶差多少."""


def read_steps(text: str) -> tuple[Step, ...]:
    """What a normalised sentence supposes of more money; empty if it supposes nothing of the kind."""
    money = [q for q in read_quantities(text) if q.kind == "money" and q.low is None]
    if _COMPARED.search(text) and not money:
        return ()
    if _ASKS_LESS.search(text) and (aim := _aim(text, money)):
        return (aim,)
    if not _ASKS_MORE.search(text):
        return ()
    return tuple(_more(text, money))


def _aim(text: str, money: list[Quantity]) -> Step | None:
    aimed = [
        q for q in money if _AIM.search(text[: q.start]) or _FULL.search(text[max(0, q.start - 8) : q.start])
    ]
    if not aimed and not _FULL.search(text):
        return None
    of: Of = "operating" if _OPERATING.search(text) else "construction"
    return Step(of, target=aimed[0].value if aimed else None)


def _more(text: str, money: list[Quantity]) -> Iterator[Step]:
    for number, quantity in enumerate(money):
        before = text[: quantity.start]
        of = _meant(before, text[quantity.end :])
        if _FROM_TO.search(before) and number and quantity.value > money[number - 1].value:
            yield Step(of, more=quantity.value - money[number - 1].value)
        elif (found := _MORE.search(before)) and not _NOT_MORE.search(found[0]):
            yield Step(of, more=quantity.value)


def _meant(before: str, after: str) -> Of:
    """Which subsidy a sum is for: by the words of its own part of the sentence, else by the last ones before it."""
    own = _STOP.split(before)[-1] + _STOP.split(after)[0]
    for part in (own, *reversed(_STOP.split(before)[:-1])):
        if _OPERATING.search(part):
            return "operating"
        if _SPENDING.search(part):
            break
    return "construction"


def base_of(profile: Profile | None) -> Base:
    """What a pre-screen has been told."""
    if profile is None:
        return Base()
    return Base(
        construction_base(profile), profile.annual_service_income_wan, profile.plaque_route, whole=True
    )


def base_in(text: str, before: Base) -> Base:
    """What the sentence itself states, where it does, else what was told before."""
    money = [q for q in read_quantities(text) if q.kind == "money"]
    supposed = [
        q for q in money
        if ((m := _MORE.search(text[: q.start])) and not _NOT_MORE.search(m[0])) or _FROM_TO.search(text[: q.start])
        or _AIM.search(text[: q.start]) or _FULL.search(text[max(0, q.start - 8) : q.start])
    ]  # fmt: skip
    rest = text
    for quantity in reversed(supposed):
        rest = rest[: quantity.start] + rest[quantity.end :]
    facts = read_facts(rest, about_money=True)
    figure, excluded = facts.figures.get("investment"), facts.figures.get("excluded_funds")
    income = facts.figures.get("annual_income")
    if figure is not None:
        spent = figure.value - (excluded.value if excluded else 0)
        before = replace(before, spent=max(spent, Decimal(0)), whole=excluded is not None)
    if income is not None:
        before = replace(before, income=income.value)
    if "plaque_route" in facts.flags:
        before = replace(before, plaque=facts.flags["plaque_route"])
    return before


_COUNTS = "新增的是近三年内直接用于平台的支出，不是省级财政和中央引导资金"
_NO_PLAQUE = "没有说到加挂牌子，按不是加挂计"
_NO_EXCLUSION = "没有说到省级财政和中央引导资金，按没有计"


def judge_steps(steps: tuple[Step, ...], base: Base, rules: Rules) -> tuple[Judgement, ...]:
    """What each step would change; of an amount that is not known yet, what can be said for certain."""
    return tuple(_judge_step(step, base, rules) for step in steps)


def _judge_step(step: Step, base: Base, rules: Rules) -> Judgement:
    if step.of == "construction" and base.plaque:
        return Judgement(
            rules.plaque.label,
            None,
            "加挂牌子的不予建设补助，投入再多也不增加建设补助；运营补助同等享受。",
            amount_wan="0.00",
        )
    subsidy = rules.construction if step.of == "construction" else rules.operating
    known = base.spent if step.of == "construction" else base.income
    assumed = _premises(step, base, known)
    if step.more is not None:
        return _judge_more(step.more, step.of, known, subsidy, assumed)
    return _judge_target(step.target, step.of, known, subsidy, assumed)


def _premises(step: Step, base: Base, known: Decimal | None) -> tuple[str, ...]:
    if step.of == "operating":
        return ()
    said = [_COUNTS] if step.more is not None else []
    if base.plaque is None:
        said.append(_NO_PLAQUE)
    if known is not None and not base.whole:
        said.append(_NO_EXCLUSION)
    return tuple(said)


_NAMES = {
    "construction": ("建设补助", "计入的投入", "再投"),
    "operating": ("运营补助", "年度服务性收入", "再增加"),
}


def _judge_more(
    more: Decimal, of: Of, known: Decimal | None, subsidy: Subsidy, assumed: tuple[str, ...]
) -> Judgement:
    title, base, adds = _NAMES[of]
    percent, full = plain(subsidy.percent), plain(_full(subsidy))
    if known is None:
        amount = pay(subsidy, more)
        sentence = (
            f"{title}按{base}的{percent}%计，{base}每增加100万元，补助增加{percent}万元；{base}达到{full}万元后到上限"
            f"{plain(subsidy.cap_wan)}万元，不再增加。{adds}{plain(more)}万元，最多多补{amount:.2f}万元；您现在的{base}没有说到，"
            f"说出来就能算准。"
        )
        return Judgement(subsidy.label, None, sentence, amount_wan=f"{amount:.2f}", assumed=assumed)
    now, then = pay(subsidy, known), pay(subsidy, known + more)
    sentence = (
        f"现在：{_working(subsidy, plain(known), known)}。{adds}{plain(more)}万元：{_working(subsidy, f'（{plain(known)}＋{plain(more)}）', known + more)}。"
        f"{title}多{then - now:.2f}万元。"
    )
    if then == subsidy.cap_wan and now < then:
        sentence += (
            f"{base}到{full}万元就到上限，超出的部分不增加补助。" if known + more > _full(subsidy) else ""
        )
    return Judgement(subsidy.label, None, sentence, amount_wan=f"{then - now:.2f}", assumed=assumed)


def _judge_target(
    target: Decimal | None, of: Of, known: Decimal | None, subsidy: Subsidy, assumed: tuple[str, ...]
) -> Judgement:
    title, base, _ = _NAMES[of]
    cap = subsidy.cap_wan
    wanted = cap if target is None else min(target, cap)
    sentence = (
        f"{title}最高{plain(cap)}万元，拿不到{plain(target)}万元。"
        if target is not None and target > cap
        else ""
    )
    due = round_wan(wanted * 100 / subsidy.percent)
    sentence += f"{title}要达到{plain(wanted)}万元，{base}须为{plain(due)}万元（{plain(due)}×{plain(subsidy.percent)}%＝{plain(wanted)}万元）"
    if known is None:
        return Judgement(
            subsidy.label,
            None,
            f"{sentence}。您现在的{base}没有说到：从{plain(due)}万元里减去它，就是还差的数。",
            assumed=assumed,
        )
    now = pay(subsidy, known)
    if known >= due:
        sentence += f"；现在是{plain(known)}万元，已经够了，可补{now:.2f}万元。"
    else:
        sentence += f"；现在是{plain(known)}万元，可补{now:.2f}万元，还差{plain(due - known)}万元。"
    return Judgement(subsidy.label, None, sentence, amount_wan=f"{now:.2f}", assumed=assumed)


def _full(subsidy: Subsidy) -> Decimal:
    """The base from which a subsidy is at its cap."""
    return subsidy.cap_wan * 100 / subsidy.percent


def _working(subsidy: Subsidy, shown: str, base: Decimal) -> str:
    share, amount = base * subsidy.percent / 100, pay(subsidy, base)
    capped = f"，超过上限，按{plain(subsidy.cap_wan)}万元计" if share > subsidy.cap_wan else ""
    return f"{shown}×{plain(subsidy.percent)}%＝{plain(share if capped else amount)}万元{capped}"
