"""What a new FAQ entry would contradict or change: found before it is published, each with the words to compare."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import Conversation, Message, Reply
from bot.dialogue import respond
from bot.wording import say
from bot.world import World
from knowledge.entries import Entry, Variant
from knowledge.query import read_query
from knowledge.ranking import ANSWER_FROM, Knowledge, rank
from knowledge.several import SURE_FROM

Kind = Literal["contradicts", "unsettled", "alike", "desk", "changes", "lost", "missed"]

NEAR = 3
"""Of each wording so many nearest entries are compared with the new one."""

_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(万元|平方米|个工作日|个月|元|人|名|个|项|年|日|天|%|倍|次|份)")
_NO = re.compile(
    r"^(?:不|没有|没|无需|无须|未)|不(?:可以|能|得|需要|用|必|须|算|要求|属于|受理|允许|予|在此列)|无需|无须|没有要求"
)
_YES = re.compile(r"^(?:要|是|有|会|应)|可以|能够?|需要|必须|须|应当|允许|算")
_SENTENCE = re.compile(r"[。；;！？\n]")
_NEITHER = re.compile(r"不(?:少于|低于|超过|高于|多于|同)|是否|能否|可否|不一定")


@dataclass(frozen=True)
class Conflict:
    """`where` is an entry's id or a desk; `theirs` and `ours` are the words to be compared, `question` what both answer.

    `contradicts`: another entry says otherwise; `unsettled`: the measure leaves it open; `alike`: much the same is answered
    already; `desk`: a desk answered otherwise;
    `changes`: a question that another entry answers would get this answer; `lost`: one that the entry answers now would not
    any more; `missed`: one of its wordings would not."""

    kind: Kind
    where: str
    question: str
    theirs: str
    ours: str


@dataclass(frozen=True)
class Answered:
    """What a desk answered before, without a person."""

    desk: str
    question: str
    answer: str


def find_conflicts(
    before: World, after: World, entry: Entry, answered: Sequence[Answered] = ()
) -> list[Conflict]:
    """Everything that an editor should see beside an entry; `after` is the world with it."""
    own = (entry.question, *entry.wordings)
    near = _near(before.knowledge, entry, own)
    found = [conflict for other, same in near if (conflict := _beside(entry, other, same=same))]
    found += _desks(after, entry, answered)
    found += _changes(before, after, entry, [other for other, _ in near])
    found += _missed(after, entry, own)
    return found


def _near(knowledge: Knowledge, entry: Entry, own: Sequence[str]) -> list[tuple[Entry, bool]]:
    """The other entries that are near to one of the wordings, and whether one of them surely answers it now."""
    same: dict[str, bool] = {}
    for wording in own:
        for place, hit in enumerate(rank(knowledge, read_query(wording, knowledge.vocabulary))[:NEAR]):
            if hit.score >= ANSWER_FROM and hit.owner != entry.id:
                same[hit.owner] = same.get(hit.owner, False) or (place == 0 and hit.score >= SURE_FROM)
    found = ((knowledge.entries[owner], surely) for owner, surely in same.items())
    return [(other, surely) for other, surely in found if other.kind != "outside"]


def _beside(entry: Entry, other: Entry, *, same: bool) -> Conflict | None:
    """What two entries say of the same facility: one may deny the other, or is about the very same."""
    for ours, theirs in _pairs(entry, other):
        kind: Kind = "unsettled" if other.kind == "silence" else "alike"
        about_one = same or bool(set(ours.clauses) & set(theirs.clauses))
        if kind == "alike" and about_one and contradict(ours.says, theirs.says, same=same):
            kind = "contradicts"
        if kind == "contradicts" or same:
            return Conflict(kind, other.id, other.question, theirs.says, ours.says)
    return None


def _pairs(entry: Entry, other: Entry) -> Iterator[tuple[Variant, Variant]]:
    tracks = {*entry.by_track, *other.by_track} or {""}
    for track in sorted(tracks):
        ours, theirs = (e.by_track.get(track, e.common) for e in (entry, other))
        if ours and theirs:
            yield ours, theirs


def contradict(one: str, other: str, *, same: bool = True) -> bool:
    """Whether two answers may deny each other: a different figure of the same unit, or a yes against a no, which is looked
    for in the whole first sentence where both answer the `same` question, else as its first word alone."""
    figures = [_figures(text) for text in (one, other)]
    differ = any(not figures[0][unit] & figures[1][unit] for unit in figures[0].keys() & figures[1].keys())
    said = {_says_yes(text, whole=same) for text in (one, other)}
    return differ or said == {True, False}


def _says_yes(text: str, *, whole: bool) -> bool | None:
    """Whether the first sentence of an answer says yes or no; None where it says neither."""
    first = _NEITHER.sub("", _SENTENCE.split(text.strip(), maxsplit=1)[0])
    find = re.Pattern.search if whole else re.Pattern.match
    if find(_NO, first):
        return False
    return True if find(_YES, first) else None


def _figures(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, unit in _FIGURE.findall(text):
        found.setdefault(unit, set()).add(number)
    return found


def _desks(after: World, entry: Entry, answered: Sequence[Answered]) -> Iterator[Conflict]:
    """Answers of desks to a question that the entry would answer now."""
    ours = _in_words(entry)
    for given in answered:
        if given.answer.strip() not in ours and answers(after, entry, given.question):
            yield Conflict("desk", given.desk, given.question, given.answer, ours)


def _changes(before: World, after: World, entry: Entry, near: Sequence[Entry]) -> Iterator[Conflict]:
    """Questions of other entries that would be answered by this one, and those of its former version that would not."""
    for other in near:
        for question in _questions(other):
            if _nearest(after, question) != entry.id or not answers(after, entry, question):
                continue
            if not answers(before, entry, question):
                yield Conflict("changes", other.id, question, _said(before, question), _said(after, question))
    former = before.knowledge.entries.get(entry.id)
    for question in _questions(former) if former else ():
        if answers(before, entry, question) and not answers(after, entry, question):
            yield Conflict("lost", entry.id, question, _said(before, question), _said(after, question))


def _questions(entry: Entry) -> list[str]:
    return list(dict.fromkeys(q for q in (entry.regression, entry.question, *entry.wordings) if q))


def _missed(after: World, entry: Entry, own: Sequence[str]) -> Iterator[Conflict]:
    for wording in own:
        if (owner := reply_to(after, wording).entry) != entry.id:
            yield Conflict(
                "missed", owner or say("faq.nobody"), wording, _said(after, wording), _in_words(entry)
            )


def reply_to(world: World, question: str) -> Reply:
    """What somebody is replied who asks this, and nothing before."""
    message = Message("check", "check", "1", world.about.in_force, text=question)
    return respond(world, Conversation("check", "check", greeted=True), message).replies[0]


def answers(world: World, entry: Entry, question: str) -> bool:
    """Whether a question is answered by an entry."""
    return reply_to(world, question).entry == entry.id


def _nearest(world: World, question: str) -> str:
    """The owner of the nearest wording: quick, and without what the dialogue does before it looks anything up."""
    return rank(world.knowledge, read_query(question, world.knowledge.vocabulary))[0].owner


def _said(world: World, question: str) -> str:
    return next((block.text for block in reply_to(world, question).blocks if block.text), "")


def _in_words(entry: Entry) -> str:
    return " ".join(variant.says for variant in entry.variants())
