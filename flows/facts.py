"""Facts that a sentence states about the user's own situation: each quantity goes to the nearest fitting noun."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from flows.rules import FOLDER
from knowledge.quantity import Quantity, read_quantities

FAR = 14
"""Characters between a noun and its quantity beyond which they have nothing to do with each other."""

_BREAK = re.compile(r"[，。；,;!?？！]|但是|但|不过|可是|其中")
BREAK_COSTS = 8
AFTER_COSTS = 3


@dataclass(frozen=True)
class Kind:
    """One kind of fact: which quantities it takes, near which nouns, and the profile's field for each track."""

    id: str
    kind: str
    nouns: re.Pattern[str]
    fields: Mapping[str, str]
    when: str = ""
    measure: re.Pattern[str] | None = None
    loose: bool = False
    sums: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Patterns:
    """The data of facts.toml."""

    kinds: tuple[Kind, ...]
    flags: Mapping[str, tuple[bool, re.Pattern[str]]]
    zeros: Mapping[str, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What was stated: figures by kind of fact, states by field, and whether an amount is asked about.

    `parts` keeps the summands of a spending for the working; `texts` the sentences themselves.
    """

    figures: Mapping[str, Decimal] = field(default_factory=dict)
    parts: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    approximate: frozenset[str] = frozenset()
    about_money: bool = False
    dates: tuple[Quantity, ...] = ()
    durations: tuple[Quantity, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        """Whether anything was stated."""
        return bool(self.figures or self.flags)


@cache
def load_patterns() -> Patterns:
    """The patterns of facts.toml."""
    raw = tomllib.loads((FOLDER / "facts.toml").read_text("utf-8"), parse_float=Decimal)
    return Patterns(
        tuple(_kind(entry) for entry in raw["fact"]),
        {name: (entry["value"], _any_of(entry["says"])) for name, entry in raw["flags"].items()},
        {name: _any_of(says) for name, says in raw["zeros"].items()},
        {name: re.compile(words) for name, words in raw["words"].items()},
        raw,
    )


def _kind(entry: Mapping[str, Any]) -> Kind:
    return Kind(
        entry["id"], entry["kind"], _any_of(entry["nouns"]), entry["fields"], entry.get("when", ""),
        re.compile(entry["measure"]) if "measure" in entry else None, entry.get("loose", False), entry.get("sums", False), entry.get("strong", False),
    )  # fmt: skip


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


def read_facts(text: str, *, about_money: bool = False) -> Facts:
    """The facts of a normalised sentence. `about_money`: an earlier sentence asked for an amount."""
    patterns = load_patterns()
    about_money = about_money or bool(patterns.words["subsidy"].search(text))
    quantities = read_quantities(text)
    if patterns.words["required"].search(text) and not patterns.words["own"].search(text):
        quantities = tuple(
            q for q in quantities if q.kind in {"date", "duration"}
        )  # a figure of the rule, not the user's
    figures: dict[str, Decimal] = {}
    parts: dict[str, tuple[Decimal, ...]] = {}
    approximate = set()
    for kind, quantity in _assign(text, quantities, patterns, "subsidy" if about_money else "condition"):
        if kind.sums and kind.id in figures:
            figures[kind.id] += quantity.value
            parts[kind.id] += (quantity.value,)
        elif kind.fields and kind.id not in figures:
            figures[kind.id], parts[kind.id] = quantity.value, (quantity.value,)
            if quantity.approximate:
                approximate.add(kind.id)
    for name, said in patterns.zeros.items():
        if said.search(text):
            figures.setdefault(name, Decimal(0))
    flags = {name: value for name, (value, said) in patterns.flags.items() if said.search(text)}
    dates = tuple(q for q in quantities if q.kind == "date")
    durations = tuple(q for q in quantities if q.kind == "duration")
    return Facts(figures, parts, flags, frozenset(approximate), about_money, dates, durations, text)


def merge(earlier: Facts, later: Facts) -> Facts:
    """A follow-up with what it leaves unsaid taken from before; the later figure of a kind goes before the earlier."""
    return Facts(
        {**earlier.figures, **later.figures},
        {**earlier.parts, **later.parts},
        {**earlier.flags, **later.flags},
        (earlier.approximate - {*later.figures}) | later.approximate,
        later.about_money,
        later.dates,
        later.durations,
        later.text,
    )


def _assign(
    text: str, quantities: tuple[Quantity, ...], patterns: Patterns, mode: str
) -> Iterator[tuple[Kind, Quantity]]:
    """Each quantity with the kind of fact whose noun is nearest; a loose kind takes what has no noun near it."""
    kinds = [kind for kind in patterns.kinds if kind.when in {"", mode}]
    for i, quantity in enumerate(quantities):
        before = quantities[i - 1].end if i else 0
        after = quantities[i + 1].start if i + 1 < len(quantities) else len(text)
        costs = [
            (cost, n, kind)
            for n, kind in enumerate(kinds)
            if _fits(kind, quantity) and (cost := _distance(kind, quantity, text, before, after)) is not None
        ]
        if costs:
            yield min(costs, key=lambda item: item[:2])[2], quantity
        elif loose := next(
            (k for k in kinds if k.loose and _fits(k, quantity) and _nobody_else(k, quantity)), None
        ):
            yield loose, quantity


def _nobody_else(kind: Kind, quantity: Quantity) -> bool:
    """A loose count must be of people; a loose area needs nothing more."""
    return kind.kind == "area" or quantity.unit in {"人", "个人", "号人", "口人"}


def _fits(kind: Kind, quantity: Quantity) -> bool:
    if quantity.kind != kind.kind:
        return False
    return kind.measure is None or bool(kind.measure.search(quantity.unit))


def _distance(kind: Kind, quantity: Quantity, text: str, before: int, after: int) -> int | None:
    """How far the nearest noun of a kind is: nouns before the quantity are nearer than those after, the more so across
    a break. A noun that stands between this quantity and another counts for both."""
    best: int | None = None
    for m in kind.nouns.finditer(text, max(0, quantity.start - 3 * FAR), min(len(text), quantity.end + FAR)):
        if m.end() <= quantity.start:
            gap = text[m.end() : quantity.start]
            breaks = len(_BREAK.findall(gap))
            cost = len(gap) + BREAK_COSTS * breaks + (6 if m.end() <= before else 0)
            if kind.strong and not breaks:
                cost = -FAR
        elif m.start() >= quantity.end:
            gap = text[quantity.end : m.start()]
            cost = (
                len(gap)
                + BREAK_COSTS * len(_BREAK.findall(gap))
                + AFTER_COSTS * bool(gap)
                + (6 if m.start() >= after else 0)
            )
        else:
            continue
        cost -= min(len(m.group(0)), 4)  # the longer noun says more
        best = cost if best is None else min(best, cost)
    return best if best is not None and best <= FAR else None
