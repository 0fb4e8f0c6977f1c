"""What holds of several figures that a sentence tells of one kind of fact: parts, the sum, what is left, what is now."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from flows.fact_patterns import Kind, Noun, Patterns
from knowledge.quantity import Hedge, Quantity, read_quantities
from knowledge.vocabulary import read_track

BREAK = re.compile(r"[，。；,;:：!?？！、\n]|但是|但|不过|可是|其中|另外")

BEHIND = 8
"""Characters after a quantity that may still speak of it."""


def ahead(text: str, quantity: Quantity) -> str:
    """The quantity's own part of the sentence before it."""
    return BREAK.split(text[: quantity.start])[-1]


def behind(text: str, quantity: Quantity) -> str:
    """The beginning of its own part of the sentence after it."""
    return BREAK.split(text[quantity.end :])[0][:BEHIND]


Assigned = list[tuple[Kind, Noun | None, Quantity]]
"""Each quantity with the kind of fact that it is, and the noun that says so."""


@dataclass(frozen=True)
class Figure:
    """One figure as it was said: its value, the least and the most that it may be, its summands for the working."""

    value: Decimal
    hedge: Hedge = ""
    low: Decimal | None = None
    parts: tuple[Decimal, ...] = ()

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most that it may be: 不到500 is under 500, 约500 a tenth more or
        less, 500多 up to a tenth more, 20到30 both ends."""
        if self.low is not None:
            return self.low, self.value
        if self.hedge == "below":
            return self.value * 9 / 10, self.value - Decimal("0.01")
        most = self.value * 11 / 10 if self.hedge in {"about", "above"} else self.value
        return self.value * 9 / 10 if self.hedge == "about" else self.value, most


MORE, PART, PLAIN, TOTAL, NOW = range(5)
"""How a figure counts beside others of its kind: 又招了 comes on top, 其中 a part, 合计 the sum of all, 现在 or 只有 what holds."""


Said = list[tuple[int, Quantity]]


def figures_of(
    text: str, assigned: Assigned, patterns: Patterns, track: str | None
) -> Iterator[tuple[str, Figure]]:
    """One figure for each kind of fact from all that was said of it."""
    said: dict[str, Said] = defaultdict(list)
    kinds = {}
    for kind, noun, quantity in assigned:
        rank = _rank(text, noun, quantity, patterns, sums=kind.sums)
        times = _times_a_year(text, quantity, patterns) if kind.yearly else 1
        said[kind.id].append(
            (rank, _multiplied(text, replace(quantity, value=quantity.value * times), patterns))
        )
        kinds[kind.id] = kind
    wanted = patterns.kept | {less for less, _ in patterns.minus.values()}
    for name, ranked in said.items():
        listed = _listed(text, ranked, patterns)
        sums = kinds[name].sums or listed
        if name in wanted and not _is_open(text, kinds[name], ranked, patterns, sums=sums):
            told = [(PLAIN, quantity) for _, quantity in ranked] if listed else ranked
            yield name, _resolve(text, told, patterns, track, sums=sums)


def _is_open(text: str, kind: Kind, ranked: Said, patterns: Patterns, *, sums: bool) -> bool:
    """Whether it is not told what there is: a part of a number of people or things alone (顾问里头有两个是退休的), figures of
    several years, or of two facilities that are not named beside them."""
    if len(ranked) == 1:
        only = ranked[0][1]
        return only.kind == "count" and bool(patterns.words["part_of_it"].search(text[: only.start]))
    years = kind.yearly and bool(patterns.words["years"].search(text))
    return years or (sums and _are_apart(text, ranked, patterns))


def _times_a_year(text: str, quantity: Quantity, patterns: Patterns) -> int:
    """How often in a year what is told comes in: 每个季度12万 is four times 12."""
    before = text[: quantity.start]
    rates = (("each_month", 12), ("each_quarter", 4))
    return next((times for name, times in rates if patterns.words[name].search(before)), 1)


def _are_apart(text: str, ranked: Said, patterns: Patterns) -> bool:
    """Whether several figures are of different facilities that are not named beside them: which is whose is not known."""
    apart = patterns.words["apart"]
    named = any(read_track(_chunk(text, quantity)) not in {None, "both"} for _, quantity in ranked[1:])
    return not named and bool(apart.search(text)) and read_track(apart.sub("", text)) == "both"


def _listed(text: str, ranked: Said, patterns: Patterns) -> bool:
    """Whether several figures are told one beside the other, as parts of one: 专职2个、兼职3个; 上半年22万，下半年31万."""
    quantities = [q for _, q in ranked]
    between = [text[a.end : b.start] for a, b in pairwise(quantities)]
    joined = between and all("、" in gap and not re.search(r"[，。；,;]", gap) for gap in between)
    return bool(joined or (between and patterns.words["halves"].search(text)))


def _rank(text: str, noun: Noun | None, quantity: Quantity, patterns: Patterns, *, sums: bool) -> int:
    """How a figure counts. That it stands beside another is enough only where a noun says that it is the same thing."""
    before = text[: quantity.start]
    near = ahead(text, quantity)
    words = patterns.words
    if words["more"].search(before) or (noun and words["beside"].search(before)):
        return MORE
    if noun is not None and noun.part and not words["all_of_it"].search(text[: noun.start]):
        return PART
    if words["now"].search(near) or words["part_that_counts"].search(before):
        return NOW
    if words["part"].search(before):
        return PART
    if words["total"].search(near):
        return TOTAL
    return NOW if not sums and words["this_year"].search(near) else PLAIN


def _multiplied(text: str, quantity: Quantity, patterns: Patterns) -> Quantity:
    """两层，每层480平, or 两层各480平: so many times as much."""
    each = patterns.words["each"].search(text[: quantity.start])
    if each is None:
        return quantity
    measures = {each["of"]} if each["of"] else set("层间栋处块家")
    times = [q for q in read_quantities(text) if q.kind == "count" and q.unit in measures and q.value > 0]
    return replace(quantity, value=quantity.value * times[0].value) if times else quantity


def _resolve(text: str, ranked: Said, patterns: Patterns, track: str | None, *, sums: bool) -> Figure:
    """Of several figures of one kind: the total or the present one, else the sum or the first; with what came on top of it
    since, without what was taken off."""
    less = [q for _, q in ranked if patterns.words["less"].search(_around(text, q))]
    if 2 * sum(q.value for q in less) > sum(q.value for _, q in ranked):
        less = []  # 技术转让卖了60万，许可费45万: there is nothing from which it could be taken
    more = [q for rank, q in ranked if rank == MORE]
    kept = [(rank, q) for rank, q in ranked if q not in less and q not in more] or ranked
    of_track = [q for _, q in kept if track and read_track(_chunk(text, q)) == track]
    if of_track and len(kept) > len(of_track):
        kept = [(PLAIN, q) for q in of_track]
    top = max(rank for rank, _ in kept)
    chosen = [q for rank, q in kept if rank == top]
    if not (sums and top in {MORE, PART, PLAIN}):
        chosen = chosen[-1:] if top > PLAIN else chosen[:1]
    if top != TOTAL:
        chosen += [q for q in more if q not in chosen and q.start > chosen[-1].start]
    values = tuple(q.value for q in chosen)
    taken = sum((q.value for q in less if q not in chosen and top != NOW), Decimal(0))
    one = chosen[0] if len(chosen) == 1 and not taken else None
    rough: Hedge = "about" if any(q.hedge for q in chosen) else ""
    return Figure(
        sum(values, Decimal(0)) - taken, one.hedge if one else rough, one.low if one else None, values
    )


_ANY_FIGURE = re.compile(r"[\d一二三四五六七八九十两俩]")


def _around(text: str, quantity: Quantity) -> str:
    """The quantity's own part of the sentence: before it, and after it as far as that is not about another figure."""
    after = behind(text, quantity)
    return ahead(text, quantity) + (after[:2] if _ANY_FIGURE.search(after) else after)


def _chunk(text: str, quantity: Quantity) -> str:
    """The part of the sentence that a quantity stands in."""
    return ahead(text, quantity) + BREAK.split(text[quantity.start :])[0]
