"""The comparison of both kinds of facility in words: requirements beside each other, ways to apply, what is open."""

from collections.abc import Iterator, Sequence

from bot.conversation import Block, Judged, Reply
from bot.wording import quote_block, say
from bot.world import World
from flows.comparison import Cell, Comparison
from flows.rules import Rules
from flows.screening import plain
from flows.subsidy import Amounts
from flows.timing import Judgement
from knowledge.citing import Citation, cite
from knowledge.entries import TRACKS

_MARKS = {"met": "满足", "unmet": "不满足"}


def word_comparison(
    world: World, comparison: Comparison, judged: Sequence[Judgement] = (), *, hedged: bool = False
) -> Reply:
    """One reply: where both stand, the table, the ways to apply with their amounts, what the measure leaves open, and the
    words of the clauses. `judged` are the facts of the sentence itself, judged."""
    rules = world.rules
    citations = (*_judged_clauses(world, judged), *_clauses(world, rules, decided=bool(judged)))
    rows = (("要求", *TRACKS.values()), *((row.title, *map(_cell, row.cells)) for row in comparison.rows))
    blocks = [
        Block("text", "\n".join(_standing(world, comparison))),
        Block("table", rows=rows),
        Block("text", say("compare.ways")),
        Block("table", rows=tuple(_ways(comparison, rules))),
        Block("text", "\n".join(_choices(comparison))),
        Block(
            "note",
            "\n".join(filter(None, (say("judged.approximate") if hedged else "", say("compare.open")))),
        ),
        *map(quote_block, citations),
        Block("note", say("compare.estimate")),
    ]
    told = tuple(Judged(j.label, j.status, j.required, j.actual, None, j.assumed) for j in judged if j.counts)
    return Reply("answered", tuple(blocks), citations, judgements=told)


def _judged_clauses(world: World, judged: Sequence[Judgement]) -> tuple[Citation, ...]:
    return tuple(cite(world.knowledge, label) for label in dict.fromkeys(j.label for j in judged))


def _clauses(world: World, rules: Rules, *, decided: bool) -> tuple[Citation, ...]:
    """What each kind is for, where nothing else decides; then the words on one application, on the higher and not both, and
    on the plaque."""
    purpose = () if decided else rules.law.clauses[rules.notices["which_track"].label].children[: len(TRACKS)]
    slices = [
        *((label, None) for label in purpose),
        *((rules.one_application.label, words) for words in rules.one_application.words),
        *((rules.no_stacking.label, words) for words in rules.no_stacking.words),
        (rules.plaque.label, None),
    ]
    return tuple(cite(world.knowledge, label, words) for label, words in slices)


def _decides(comparison: Comparison) -> str | None:
    """The one track without an unmet item, where the other has one and something was said of the first."""
    clean = [t for t, s in comparison.screenings.items() if not s.unmet and comparison.counts[t]["met"]]
    return clean[0] if len(clean) == 1 and any(s.unmet for s in comparison.screenings.values()) else None


def _standing(world: World, comparison: Comparison) -> Iterator[str]:
    """One line for each, then what the facts decide between them, or by what to choose."""
    yield say("compare.heading")
    for track, screening in comparison.screenings.items():
        names = "、".join(world.rules.law.clauses[label].name for label in screening.unmet)
        count = comparison.counts[track]
        if screening.unmet:
            name = "unmet"
        elif count["met"] and count["unknown"]:
            name = "some_met"
        else:
            name = "all_met" if count["met"] else "nothing_said"
        yield say(
            f"compare.{name}", track=TRACKS[track], names=names, met=count["met"], unknown=count["unknown"]
        )
    if (only := _decides(comparison)) is not None:
        yield say("compare.one", track=TRACKS[only])
    else:
        yield world.rules.notices["which_track"].text


def _cell(cell: Cell) -> str:
    if not cell.asks:
        return say("compare.not_required")
    if cell.status == "unknown" and cell.actual is None:
        return f"{cell.asks}，{say('result.unasked')}"
    said = say("compare.actual", actual=cell.actual) if cell.actual else ""
    short = say("compare.missing", missing=cell.missing) if cell.missing else ""
    return f"{cell.asks}{said}，{_MARKS.get(cell.status, say('result.unasked'))}{short}"


def _ways(comparison: Comparison, rules: Rules) -> Iterator[tuple[str, ...]]:
    yield ("做法", "建设补助（一次性）", "运营补助（每年）", "首年合计上限")
    for way, amounts in comparison.ways.items():
        yield (say(f"compare.{way}"), *_amounts(amounts, rules))


def _amounts(amounts: Amounts, rules: Rules) -> Iterator[str]:
    caps = (rules.construction.cap_wan, rules.operating.cap_wan)
    for amount, cap in zip((amounts.construction, amounts.operating), caps, strict=True):
        yield say("compare.cap", cap=plain(cap)) if amount is None else f"{amount:.2f}万元"
    yield say("compare.unknown_sum") if amounts.first_year is None else f"{amounts.first_year:.2f}万元"


def _choices(comparison: Comparison) -> Iterator[str]:
    """What else can be chosen: one of the two where both ask for support, and the higher where there is other support."""
    yield say("compare.one_of_two")
    other = comparison.other_support
    yield say("compare.no_stacking")
    if other is None:
        yield say("compare.other_unknown")
    if not other:
        return
    for way, amounts in comparison.ways.items():
        if amounts.additional is not None:
            yield say(
                "compare.additional",
                way=say(f"compare.{way}"),
                other=plain(other),
                amount=f"{amounts.additional:.2f}",
            )
