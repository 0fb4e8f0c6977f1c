"""What a turn adds to the statistics: pure, and without a word or a name of anybody."""

from collections.abc import Iterator

from bot.conversation import Conversation, Message, Reply, Turn
from bot.helpdesk import belongs_to
from bot.store_tally import Count, Measure
from bot.world import World
from flows.questionnaire import Interview

COUNTED = frozenset({"answered", "clarify", "abstained", "handed_over", "result"})
"""Outcomes that answer somebody; a question of the questionnaire is counted by its field."""

OUTSIDE = "办法以外"
"""The topic of what is not this measure's business."""


def tally(world: World, before: Conversation, message: Message, turn: Turn) -> tuple[Count, ...]:
    """The counts of one turn; none where somebody has everything erased."""
    if any(effect.kind == "erase" for effect in turn.effects):
        return ()
    after = turn.conversation
    place = belongs_to(after) or ""

    def count(measure: Measure, topic: str, item: str) -> Count:
        return Count(message.day, message.channel, place, measure, topic, item)

    counts = [count("turn", topic_of(world, r), r.outcome) for r in turn.replies[:1] if r.outcome in COUNTED]
    counts += [count(*step) for step in _steps(before.interview, after.interview)]
    if before.interview != after.interview:
        counts += [count(*found) for reply in turn.replies for found in _results(reply, after.interview)]
    return tuple(counts)


def topic_of(world: World, reply: Reply) -> str:
    """What a reply is about: its entry's topic, else the chapter of its first clause, or nothing."""
    entry = world.knowledge.entries.get(reply.entry)
    if entry is not None and entry.kind != "silence":
        return entry.topic if entry.kind == "faq" else OUTSIDE
    labels = [citation.label for citation in reply.citations]
    clause = world.knowledge.regulation.clauses.get(labels[0]) if labels else None
    return clause.chapter if clause else ""


def _steps(before: Interview | None, after: Interview | None) -> Iterator[tuple[Measure, str, str]]:
    """The field that was responded to or skipped, and the one that is asked now."""
    if after is None:
        return
    left = before.asking if before and before.track == after.track else None
    if left and left != after.asking:
        if left in after.values:
            yield "responded", after.track, left
        elif left in after.skipped:
            yield "skipped", after.track, left
    if after.asking and (before is None or before.track != after.track or after.asking != left):
        yield "asked", after.track, after.asking


def _results(reply: Reply, interview: Interview | None) -> Iterator[tuple[Measure, str, str]]:
    if reply.result and interview:
        yield "verdict", interview.track, str(reply.result["verdict"])
        for label in reply.result["unmet"]:
            yield "unmet", interview.track, str(label)
