"""Facts that a sentence states about the user's own situation: each quantity goes to the nearest fitting noun."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from flows.fact_patterns import Kind, Noun, Patterns, load_patterns
from flows.figures import BREAK, Assigned, Figure, ahead, behind, figures_of
from knowledge.quantity import Quantity, read_quantities
from knowledge.vocabulary import read_track

FAR = 14
"""Characters between a noun and its quantity beyond which they have nothing to do with each other."""

BREAK_COSTS = 8
AFTER_COSTS = 3
TAKEN_COSTS = 6
"""What a noun costs that stands on the other side of another quantity."""


@dataclass(frozen=True)
class Facts:
    """What was stated: figures by kind of fact, states by field, and whether an amount is asked about."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    about_money: bool = False
    dates: tuple[Quantity, ...] = ()
    durations: tuple[Quantity, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        """Whether anything was stated."""
        return bool(self.figures or self.flags)

    @property
    def hedged(self) -> bool:
        """Whether some figure was only said roughly."""
        return any(figure.hedge for figure in self.figures.values())


def read_facts(text: str, *, about_money: bool = False, track: str | None = None) -> Facts:
    """The facts of a normalised sentence. `about_money`: an earlier sentence asked for an amount. `track`: what is said of
    the other facility in a part of its own is left out."""
    patterns = load_patterns()
    about_money = about_money or bool(patterns.words["subsidy"].search(text))
    said = _of_track(text, track) if track else text
    quantities = tuple(
        _or_none(said, q, patterns) for q in read_quantities(said) if not _is_of_rule(said, q, patterns)
    )
    assigned = _assign(said, quantities, patterns, "subsidy" if about_money else "condition")
    figures = dict(figures_of(said, assigned, patterns, track))
    for name, none in patterns.zeros.items():
        if none.search(said):
            figures[name] = Figure(Decimal(0))
    for name, (other, words) in patterns.same.items():
        if other in figures and words.search(said):
            figures.setdefault(name, figures[other])
    for name, (other, words) in patterns.minus.items():
        if name in figures and other in figures and words.search(said):
            figures[name] = Figure(figures[name].value - figures[other].value)
    figures = {name: figure for name, figure in figures.items() if name in patterns.kept}
    flags = {
        name: value for name, said_so in patterns.flags.items() for value, words in said_so.items() if words.search(said)
    }  # fmt: skip
    flags |= {
        kind.flag: figures.pop(kind.id).value > 0
        for kind in patterns.kinds
        if kind.flag and kind.id in figures
    }
    return Facts(
        figures, flags, about_money,
        tuple(q for q in quantities if q.kind == "date"), tuple(q for q in quantities if q.kind == "duration"), text,
    )  # fmt: skip


def _is_of_rule(text: str, quantity: Quantity, patterns: Patterns) -> bool:
    """Whether a figure is not the user's: 要求500万 is the rule's, 那六个人里 are those of the clause, 一平多少钱 is a price,
    四舍五入200万 is what it is rounded to, and 不是500万 is taken back."""
    if quantity.kind in {"date", "duration"}:
        return False
    before, after = text[: quantity.start], text[quantity.end :]
    near = ahead(text, quantity)
    words = patterns.words
    return bool(
        (words["required"].search(near) and not words["own"].search(near))
        or (words["that"].search(before) and (words["among"].match(after) or quantity.text in before))
        or words["price"].match(after)
        or words["rounded"].search(before)
        or (words["as_if"].search(before) and words["as_if_after"].match(after))
        or words["not_counted"].match(after)
        or words["aside"].match(after)
        or (_is_one(quantity) and words["none_of_a_sort"].match(after))
        or words["price_before"].search(before)
        or (words["not"].search(before) and "是" in after)
    )


def _or_none(text: str, quantity: Quantity, patterns: Patterns) -> Quantity:
    """一个都没有 is none, not one."""
    none = _is_one(quantity) and patterns.words["none"].match(text, quantity.end)
    return replace(quantity, value=Decimal(0)) if none else quantity


def _is_one(quantity: Quantity) -> bool:
    return quantity.kind == "count" and quantity.value == 1


def merge(earlier: Facts, later: Facts) -> Facts:
    """A follow-up with what it leaves unsaid taken from before; the later figure of a kind goes before the earlier."""
    return replace(
        later, figures={**earlier.figures, **later.figures}, flags={**earlier.flags, **later.flags}
    )


def _of_track(text: str, track: str) -> str:
    """The sentence without those of its parts that speak of the other facility alone, where each has parts of its own."""
    parts = re.split(r"(?<=[，。；,;!?？！\n])", text)
    tracks = [read_track(part) for part in parts]
    if not {"proof_of_concept", "pilot_base"} <= {*tracks}:
        return text
    return "".join(part for part, said in zip(parts, tracks, strict=True) if said in {None, "both", track})


def _assign(text: str, quantities: tuple[Quantity, ...], patterns: Patterns, mode: str) -> Assigned:
    """Each quantity with the kind of fact whose noun is nearest; a loose kind takes what has no noun near it."""
    nouns = patterns.nouns_in(text, mode)
    found: Assigned = []
    for i, quantity in enumerate(quantities):
        before = quantities[i - 1].end if i else 0
        after = quantities[i + 1].start if i + 1 < len(quantities) else len(text)
        costs = [
            (cost, n)
            for n, noun in enumerate(nouns)
            if _fits(noun.kind, quantity, adjacent=noun.end == quantity.start)
            and (cost := _distance(noun, quantity, text, before, after)) is not None
        ]
        loose = patterns.loose_kind(text, quantity, mode)
        if loose and patterns.words["whole"].match(text, quantity.end):
            found.append((loose, None, quantity))
        elif costs:
            noun = nouns[min(costs)[1]]
            found.append((noun.kind, noun, quantity))
        elif kind := loose or _continued(text, quantity, found, patterns):
            found.append((kind, None, quantity))
    return [*_listed_before(text, quantities, found), *found]


def _listed_before(text: str, quantities: tuple[Quantity, ...], found: Assigned) -> Assigned:
    """What stands in one list before a figure whose noun comes last: 医药4个、材料5个、农业3个，储备项目."""
    if not found:
        return []
    kind, _, last = found[0]
    earlier: Assigned = []
    for quantity in reversed([q for q in quantities if q.end <= last.start]):
        gap = text[quantity.end : last.start]
        if "、" not in gap or BREAK.sub("", gap) != gap.replace("、", "") or quantity.kind != last.kind:
            break
        earlier.insert(0, (kind, None, quantity))
        last = quantity
    return earlier


def _continued(text: str, quantity: Quantity, found: Assigned, patterns: Patterns) -> Kind | None:
    """What a quantity without a noun goes on with: 原来12个人，走了3个; 融了130万，另一个85万."""
    before, words = ahead(text, quantity), patterns.words
    changes = words["more"].search(before) or words["less"].search(before + behind(text, quantity))
    if not found or (len(before) > LONGEST_CONTINUATION and not changes):
        return None
    kind, _, last = found[-1]
    return kind if (last.kind, last.unit[:1]) == (quantity.kind, quantity.unit[:1]) else None


LONGEST_CONTINUATION = 8


def _fits(kind: Kind, quantity: Quantity, *, adjacent: bool) -> bool:
    if quantity.kind == "number":  # 顾问6: a bare number right after what is counted
        return kind.kind in {"count", "area"} and adjacent
    return quantity.kind == kind.kind and (kind.measure is None or bool(kind.measure.search(quantity.unit)))


def _distance(noun: Noun, quantity: Quantity, text: str, before: int, after: int) -> int | None:
    """How far a noun is: before the quantity it is nearer than after, the more so across a break. A noun that stands
    between this quantity and another counts for both."""
    if noun.end <= quantity.start:
        gap = text[noun.end : quantity.start]
        cost = TAKEN_COSTS * (noun.end <= before)
    elif noun.start >= quantity.end:
        gap = text[quantity.end : noun.start]
        cost = AFTER_COSTS * bool(gap) + TAKEN_COSTS * (noun.start >= after)
    else:
        return None
    breaks = len(BREAK.findall(gap))
    if noun.kind.strong and noun.end <= quantity.start and not breaks:
        return -FAR
    if noun.kind.strong and breaks:
        return None
    cost += len(gap) + BREAK_COSTS * breaks - min(noun.end - noun.start, 4)  # the longer noun says more
    return cost if cost <= FAR else None


def fields_of(kinds: Iterable[Kind], facts: Facts, track: str) -> Mapping[str, Figure]:
    """The figures as fields of the profile for a track."""
    return {
        kind.fields[track]: facts.figures[kind.id]
        for kind in kinds
        if track in kind.fields and kind.id in facts.figures
    }
