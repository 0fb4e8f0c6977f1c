"""Deadlines in a conversation: which one is spoken of, from which day it is counted, and until when it runs."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation import Block, Conversation, Counting, Judged, Message, Reply, Turn
from bot.wording import say
from bot.wording_deadline import (
    count_button,
    word_deadline,
    word_kinds,
    word_only_month,
    word_told,
    word_which_day,
    word_wrong_day,
)
from bot.world import World
from flows.deadlines import Deadline, Term, count, load_deadlines, months_after
from knowledge.citing import Context
from knowledge.dates import Day, read_days
from knowledge.query import read_query
from knowledge.text import normalise

LONGEST_ANSWER = 24
"""Characters of a text that only gives a day."""

MAY_BE_MEANT = timedelta(days=200)
"""How far away the same day of another year is at the most, to be offered."""

_AWAITS = "deadline:"


def awaited_day(conversation: Conversation, text: str, today: date) -> str | None:
    """The action of a text that only gives the day asked for, or says that it is not known; None for any other text."""
    kind = conversation.awaiting.removeprefix(_AWAITS)
    deadlines = load_deadlines()
    if kind == conversation.awaiting or kind not in deadlines.terms or len(text) > LONGEST_ANSWER:
        return None
    said = normalise(text).rstrip("。.!,")
    if _is_asked(conversation) and not re.search("[月日号天]", said):
        return None
    if deadlines.words["unsure"].search(said):
        return f"{_AWAITS}{kind}:?"
    other = deadlines.spoken_of(said)
    if (other and other.kind != kind) or len(read_days(said, today)) != 1:
        return None
    return f"{_AWAITS}{kind}:{said}"


def _is_asked(conversation: Conversation) -> bool:
    """Whether the questionnaire waits for a response too, which a bare figure is meant for."""
    return bool(conversation.interview and conversation.interview.asking and not conversation.paused)


def show_deadline(world: World, conversation: Conversation, message: Message, argument: str) -> Turn | None:
    """`/deadline`: the kinds; with a kind (its name or in words) the day is asked for; with a day it is counted."""
    deadlines = load_deadlines()
    kind, _, said = argument.partition(":")
    term = deadlines.terms.get(kind)
    if term is None:
        said = normalise(argument)
        term = deadlines.spoken_of(said) or _titled(said)
    if term is None:
        return Turn(conversation, (word_kinds(world),))
    if not term.begins:
        return _counted(world, conversation, term, None, message)
    days = read_days(said, message.day, term.lean)
    if not days:
        return ask_day(world, conversation, term, message, say("deadline.unsure") if said == "?" else "")
    return count_from(world, conversation, term, days[0], message)


def _titled(text: str) -> Term | None:
    """The kind whose title has the text in it: 整改期, 有效期."""
    return next((t for t in load_deadlines().terms.values() if len(text) > 1 and text in t.title), None)


def count_days(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A sentence that asks on which day a deadline ends; None for one that asks how long it is, or anything else."""
    if not message.text:
        return None
    text = normalise(message.text)
    topic = load_deadlines().spoken_of(read_query(message.text, world.knowledge.vocabulary).text)
    term = topic or _spoken_of_before(conversation)
    if term is None:
        return None
    days = read_days(text, message.day, term.lean)
    if not term.begins:
        asks = topic and not days and load_deadlines().words["left"].search(text)
        return _counted(world, conversation, term, None, message) if asks else None
    if not days:
        return _without_a_day(world, conversation, topic, term, text, message)
    if len(days) == 1 and _counts(topic, text, days[0]):
        return count_from(world, conversation, term, days[0], message)
    if len(days) == 2 and topic and topic.unit == "workdays":
        return _compared(world, conversation, topic, days, message)
    return None


def _without_a_day(
    world: World, conversation: Conversation, topic: Term | None, term: Term, text: str, message: Message
) -> Turn | None:
    """还剩几天 of the deadline just counted; else the day to count from is asked for, if a day is asked about."""
    counting, words = conversation.counting, load_deadlines().words
    asks = _asks_which(term, text)
    if counting and counting.kind == term.kind and counting.start and _spoken_of_before(conversation) == term:
        left = words["left"].search(text) and len(text) <= LONGEST_ANSWER
        if left or (topic and asks):
            return _counted(world, conversation, term, counting.start, message)
    return ask_day(world, conversation, term, message) if topic and asks else None


def _compared(
    world: World, conversation: Conversation, term: Term, days: tuple[Day, ...], message: Message
) -> Turn | None:
    """公示3月2日到3月9日，够不够: the counting, and how the other day lies to its end."""
    first, told = (day.exact for day in days)
    if first is None or told is None or told < first:
        return None
    turn = _counted(world, conversation, term, first, message)
    lead = word_told(term, count(term, first, world.rules, world.workdays), told)
    replies = (replace(reply, blocks=(*lead, *reply.blocks)) for reply in turn.replies)
    return replace(turn, replies=tuple(replies))


def _asks_which(term: Term, text: str) -> bool:
    """Whether a sentence without a day asks for one; that the measure has none is for the FAQ to say."""
    words = load_deadlines().words
    return not term.given and bool(words["which"].search(text)) and not words["from"].search(text)


def _counts(topic: Term | None, text: str, day: Day) -> bool:
    """Whether a sentence with a day asks to count from it: it asks for a day, or only gives another one."""
    words = load_deadlines().words
    if topic and topic.given:
        return bool(words["told"].search(text)) and not words["doubted"].search(text)
    rest = text[: day.start] + text[day.end :]
    return bool(words["when"].search(text)) or (topic is None and bool(words["restart"].search(rest)))


def offer_counting(conversation: Conversation, text: str, reply: Reply) -> Turn:
    """An answer from the clause of the deadline that a question speaks of, with the way to count it; where the measure has
    no day of it, the office's is asked for, and the next text may be that day alone."""
    term = load_deadlines().spoken_of(normalise(text))
    if term is None or not term.begins or term.label != reply.citations[0].label:
        return Turn(conversation, (reply,))
    reply = replace(reply, buttons=(count_button(term), *reply.buttons))
    if term.given and load_deadlines().words["day"].search(normalise(text)):
        reply = replace(reply, blocks=(*reply.blocks, Block("text", say("deadline.tell_me"))))
        conversation = conversation.having(awaiting=_AWAITS + term.kind)
    return Turn(conversation, (reply,))


def _spoken_of_before(conversation: Conversation) -> Term | None:
    """The kind whose clause was cited last; of two kinds of one clause the one that was counted."""
    label = next(iter(conversation.context.labels), "")
    kinds = [term for term in load_deadlines().terms.values() if term.label == label and term.begins]
    counted = conversation.counting.kind if conversation.counting else ""
    return next((term for term in kinds if term.kind == counted), kinds[0] if kinds else None)


def ask_day(world: World, conversation: Conversation, term: Term, message: Message, lead: str = "") -> Turn:
    """Ask for the day that a kind is counted from; the next text may be that day alone."""
    asking = conversation.having(
        awaiting=_AWAITS + term.kind,
        counting=Counting(term.kind),
        context=_about(conversation, term, message),
    )
    return Turn(asking, (word_which_day(world, term, message.day, lead),))


def count_from(world: World, conversation: Conversation, term: Term, day: Day, message: Message) -> Turn:
    """Count from a day as it was said; ask again for one that does not exist, or of which only the month was said."""
    if day.first is None:
        asking = conversation.having(awaiting=_AWAITS + term.kind)
        return Turn(asking, (word_wrong_day(term, day.text),))
    if day.exact is None:
        return _from_month(world, conversation, term, day, message)
    start, other = day.exact, _other_year(day, message.day)
    if other and start < world.rules.in_force.first:  # nothing under this measure happened then
        start, other = other, None
    return _counted(world, conversation, term, start, message, other)


def _from_month(world: World, conversation: Conversation, term: Term, day: Day, message: Message) -> Turn:
    """What the first and the last day of a month lead to, and which day it was."""
    first, last = (count(term, start, world.rules, world.workdays) for start in (day.first, day.last))
    turn = ask_day(world, conversation, term, message, word_only_month(day.text, term, first, last))
    judged = _judged(term, last, message.day)
    if [j.status for j in judged] != [j.status for j in _judged(term, first, message.day)]:
        return turn
    return replace(turn, replies=tuple(replace(reply, judgements=judged) for reply in turn.replies))


def _other_year(day: Day, today: date) -> date | None:
    """The same day of another year that may have been meant where none was said."""
    if day.year_said or day.exact is None:
        return None
    other = months_after(day.exact, 12 if day.exact <= today else -12)
    return other if abs(other - today) <= MAY_BE_MEANT else None


def _counted(
    world: World, conversation: Conversation, term: Term, start: date | None, message: Message, other: date | None = None
) -> Turn:  # fmt: skip
    deadline = count(term, start, world.rules, world.workdays)
    reply = word_deadline(world, term, deadline, message.day, other)
    reply = replace(reply, judgements=_judged(term, deadline, message.day))
    after = conversation.having(
        counting=Counting(term.kind, start), context=_about(conversation, term, message)
    )
    return Turn(after, (reply,))


def _judged(term: Term, deadline: Deadline, today: date) -> tuple[Judged, ...]:
    """Whether a ban is over today: what the pre-screen would judge of it."""
    if term.kind != "ban" or deadline.last_day is None:
        return ()
    over = today > deadline.last_day
    return (Judged(term.label, "met" if over else "unmet", f"> {deadline.last_day}", str(today)),)


def _about(conversation: Conversation, term: Term, message: Message) -> Context:
    return replace(
        conversation.context, labels=(term.label,), entry=None, question=message.text or term.title
    )
