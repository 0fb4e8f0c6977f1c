"""The gap plan in words: what is missing item by item, what shows it, and what to do first."""

from collections.abc import Iterable, Iterator

from bot.conversation import Block, Button, Reply
from bot.wording import say
from bot.wording_result import MARKS, criterion_title, required_words
from flows.fields import FIELDS
from flows.gap_plan import First, Gap, GapPlan, ItemPlan, Way
from flows.screening import plain
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation

_INDENT = "　"
KNOWN = {"unclear": "result.unknown", "unasked": "result.unasked"}


def word_gaps(law: Regulation, track: str, plan: GapPlan) -> Reply:
    """The plan as one reply: the first step, then a paragraph for each item that is not met."""
    if not plan.items:
        return Reply("control", (Block("text", say("gaps.none", track=TRACKS[track])),), buttons=_NEXT)
    texts = [
        say("gaps.heading", track=TRACKS[track], count=_count(plan)),
        first_words(law, plan.first) if plan.first else "",
        *(_item(law, item) for item in plan.items),
    ]
    blocks = [Block("text", text) for text in texts if text]
    return Reply(
        "control", (*blocks, Block("note", say("gaps.note"))), buttons=(*_first_button(plan), *_NEXT)
    )


_NEXT = (Button("查清其余缺口", "more"), Button("已填内容", "summary"), Button("转人工", "human"))


def _count(plan: GapPlan) -> str:
    counted = {mark: sum(item.status == status for item in plan.items) for status, mark in MARKS.items()}
    return "，".join(f"{count}项{mark}" for mark, count in counted.items() if count)


def _first_button(plan: GapPlan) -> Iterator[Button]:
    if plan.first:
        name = "改" if plan.first.status == "unmet" else "填"
        yield Button(f"{name}：{FIELDS[plan.first.field].title}", f"change:{plan.first.field}")


def first_words(law: Regulation, first: First) -> str:
    """The one response that settles most, and what it would settle."""
    act = say("gaps.mend" if first.status == "unmet" else "gaps.answer", title=FIELDS[first.field].title)
    names = "、".join(clause_name(law, label) for label in first.settles)
    settles = say("gaps.settles", names=names) if names else say("gaps.closes", count=first.closes)
    return say("gaps.first", act=act, settles=settles)


def _item(law: Regulation, item: ItemPlan) -> str:
    lines = [f"{clause_name(law, item.label)}：{MARKS[item.status]}"]
    for gap in item.gaps:
        lines.append("· " + gap_words(gap))
        lines += _shown(gap)
    if item.ways:
        lines.append("· " + say("gaps.one_of"))
        lines += [line for way in item.ways for line in _way(way, way.label == item.nearest)]
    return "\n".join(lines)


def _way(way: Way, nearest: bool) -> Iterator[str]:
    number = way.label.rsplit(".", 1)[1]
    mark = say("gaps.nearest") if nearest else ""
    words = "；".join(gap_words(gap) for gap in way.gaps)
    yield _INDENT + say("gaps.way", number=number, words=words) + mark


def gap_words(gap: Gap) -> str:
    """One requirement that is open, with its distance."""
    return say("gaps.requirement", title=criterion_title(gap.criterion), said=gap_distance(gap))


def gap_distance(gap: Gap) -> str:
    """What was said of a requirement, what is due, how far it is."""
    criterion = gap.criterion
    field = FIELDS[criterion.field]
    words = f"{criterion.actual}{field.unit}" if gap.known == "answered" else say(KNOWN[gap.known])
    if field.kind != "yes_no":
        words += say("result.required", required=required_words(criterion.required, field.unit))
    if criterion.missing is not None:
        words += say("result.gap", missing=plain(criterion.missing), unit=field.unit)
    if gap.days is not None:
        words += say("result.gap", missing=gap.days, unit="天")
    return words


def _shown(gap: Gap) -> Iterable[str]:
    if words := evidence_words(gap.evidence.named, gap.evidence.suggested):
        yield _INDENT + say("gaps.evidence", words=words)


def evidence_words(named: Iterable[str], suggested: Iterable[str]) -> str:
    """Materials in a line: those that the clause names, then those that the measure does not."""
    parts = [
        say("gaps.named", names="、".join(named)) if named else "",
        say("gaps.suggested", names="、".join(suggested)) if suggested else "",
    ]
    return "；".join(part for part in parts if part)


def clause_name(law: Regulation, label: str) -> str:
    """A clause by its Chinese name."""
    return law.clauses[label].name
