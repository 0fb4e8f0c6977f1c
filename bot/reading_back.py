"""Several fields said in one sentence: read back, and filled in when the user confirms them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.questioning import show_next
from bot.wording import say
from bot.wording_result import word_value
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.filling import Filling, read_values
from flows.question import Value
from flows.questionnaire import Interview, Problem, kept
from flows.response import Taken, asks, read_yes_no

_YES = {"确认", "确定", "正确", "填上", "都对", "对的", "是的", "无误", "没错"}
_SHORTEST = 5
"""Characters below which a text says one thing only."""


def fill_in(world: World, conversation: Conversation, interview: Interview, message: Message) -> Turn | None:
    """A sentence that says more than the question asked, read back; or what the user says to such a list."""
    text = message.text.strip()
    if conversation.proposed and (turn := _to_the_list(world, conversation, text)):
        return turn
    if (len(text) < _SHORTEST and not conversation.proposed) or asks(text) or interview.finished:
        return None
    rules = questionnaire.edition_of(world.rules, interview)
    filling = read_values(text, interview.track, interview.asking, rules, message.day)
    if not _says_more(world, interview, filling, message, amending=bool(conversation.proposed)):
        return None
    proposed = {
        **dict(conversation.proposed),
        **{field: kept(value) for field, value in filling.values.items()},
    }
    after = conversation.having(proposed=tuple(proposed.items()))
    return Turn(after, (read_back(interview, proposed, filling),))


def propose(world: World, conversation: Conversation, sentences: tuple[str, ...], day: date) -> Turn | None:
    """What earlier sentences said of the fields that are asked about, read back; None where that is nothing."""
    interview = conversation.interview
    if interview is None:
        return None
    proposed: dict[str, Value] = {}
    for sentence in sentences:
        found = read_values(sentence, interview.track, None, world.rules.on(day), day)
        proposed |= {field: kept(value) for field, value in found.values.items()}
    if not proposed:
        return None
    after = conversation.having(proposed=tuple(proposed.items()))
    return Turn(after, (read_back(interview, proposed),))


def _says_more(
    world: World, interview: Interview, filling: Filling, message: Message, *, amending: bool
) -> bool:
    """Whether a sentence speaks of other fields than the one asked, so that its reading is to be confirmed. A single
    figure without a noun is the response to the question asked."""
    others = filling.values.keys() - {interview.asking}
    if amending or len(filling.values) > 1 or not others:
        return bool(filling.values) if amending else bool(others)
    if others <= filling.named and interview.asking not in filling.named:
        return True
    taken = questionnaire.respond_to(world.rules, interview, message.text, message.day)
    return not isinstance(taken, Interview)


def _to_the_list(world: World, conversation: Conversation, text: str) -> Turn | None:
    """Yes or no to what was read back; None for anything else."""
    words = text.strip("。.!！，, ")
    said = True if words in _YES else None
    if said is None and len(words) <= _SHORTEST and isinstance(read := read_yes_no(words), Taken):
        said = read.value is True
    return None if said is None else settle(world, conversation, confirmed=said)


def settle(world: World, conversation: Conversation, *, confirmed: bool) -> Turn:
    """Fill in what was read back, or drop it, and go on with the questionnaire."""
    interview, proposed = conversation.interview, conversation.proposed
    conversation = conversation.having(proposed=(), paused=False)
    if interview is None or not proposed:
        return show_next(world, conversation)
    if not confirmed:
        return show_next(world, conversation, say("filling.dropped"))
    day, problems = interview.day, []
    for field, value in proposed:
        outcome = questionnaire.set_value(world.rules, interview, field, as_raw(value), day)
        if isinstance(outcome, Problem):
            problems.append(f"{FIELDS[outcome.field].title}：{outcome.text}")
        else:
            interview = outcome
    filled = say("filling.filled", count=len(proposed) - len(problems))
    return show_next(world, conversation.having(interview=interview), "\n".join([filled, *problems]))


def as_raw(value: object) -> object:
    """A kept value as an action would set it: the reader of cells takes true and false in words."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def read_again(interview: Interview, proposed: Mapping[str, Value], lead: str) -> Reply:
    """The list once more, where it was neither confirmed nor refused."""
    again = read_back(interview, proposed)
    return replace(again, blocks=(Block("text", lead), *again.blocks))


def read_back(interview: Interview, proposed: Mapping[str, Value], filling: Filling | None = None) -> Reply:
    """The list to confirm: each field with its value, what it was before, and what could not be taken."""
    lines = []
    for field, value in proposed.items():
        line = say("filling.line", title=FIELDS[field].title, value=word_value(field, value))
        if filling and field in filling.approximate:
            line += say("filling.approximate")
        before = interview.values.get(field)
        if before is not None and before != value:
            line += say("filling.before", value=word_value(field, before))
        lines.append(line)
    blocks = [Block("text", "\n".join([say("filling.heading", count=len(proposed)), *lines]))]
    if filling and filling.unclear:
        blocks.append(
            Block("note", say("filling.unclear", parts="、".join(f"“{p}”" for p in filling.unclear)))
        )
    blocks.append(Block("text", say("filling.right")))
    buttons = (Button("都对，填上", "fill:yes"), Button("不填", "fill:no"))
    return Reply("control", tuple(blocks), buttons=buttons)
