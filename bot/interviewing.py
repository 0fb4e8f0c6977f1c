"""The questionnaire in a conversation: start, respond, go back, change, pause and go on, and the result."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.actions import action_of
from bot.changing import change_in_words
from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.questioning import go_on, question_reply, show_next
from bot.reading_back import fill_in, read_again, read_back, settle
from bot.wording import quote_block, say, text_reply, track_buttons
from bot.wording_result import word_summary
from bot.world import World
from flows import questionnaire
from flows.filling import fields_named
from flows.question import question_of
from flows.questionnaire import Interview, Problem
from flows.response import asks
from knowledge.citing import cite
from knowledge.query import read_query

LONGEST_SHOWN = 20
"""Characters of a response that is named when it is not understood."""

_MEANS = re.compile(
    r"^(?:请问)?(?:这|那)?(?:一?[个题里项]|句话?|儿)?(?:是|问的?是|说的?是)?(?:什么|啥|哪样)意思[啊呀嘛呢]?[?？。]*$"
    r"|^(?:这|那)?(?:一?[个题项])?(?:要|该|应该)?(?:怎么|咋个?|如何)(?:填|算|答|理解|选|回答)[啊呀呢]?[?？。]*$|^(?:我)?(?:看不|没|不)(?:太|大)?(?:看|读)?(?:懂|明白)[了啊]?[。?？]*$"
)
"""What asks for an explanation of the question being asked."""

_WHY = re.compile(r"^为(?:什么|啥|何)(?:还?要|会)?问(?:我们?)?(.{2,20}?)[?？。]*$")


def step_interview(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Buttons and words that steer the questionnaire; None for anything else."""
    name, argument = action_of(message)
    handler = _HANDLERS.get(name)
    if handler is None:
        return None
    interview = conversation.interview
    if interview is None and name == "why":
        return None
    if interview is None:
        text = say("questionnaire.stale") if message.action else say("questionnaire.none")
        return Turn(conversation, (text_reply("control", text, buttons=track_buttons()),))
    if name not in _ASIDE:
        conversation = conversation.having(proposed=())
    return handler(world, conversation, interview, message, argument)


def respond_to(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A text that responds to the question being asked; None where none is asked or the text is no response."""
    interview = conversation.interview
    if interview is None or not message.text:
        return None
    if (named := _WHY.match(message.text.strip())) and (
        turn := _why_named(world, conversation, named[1], message)
    ):
        return turn
    if _MEANS.match(message.text.strip()) and (turn := _why(world, conversation, interview, message, "")):
        return turn
    if not conversation.proposed and (turn := change_in_words(world, conversation, interview, message)):
        return turn
    if conversation.paused:
        return None
    if turn := fill_in(world, conversation, interview, message):
        return turn
    if interview.asking is None:
        return None
    outcome = questionnaire.respond_to(world.rules, interview, message.text, message.day)
    if outcome is None:
        return None
    if conversation.proposed and isinstance(outcome, Problem):
        again = read_again(interview, dict(conversation.proposed), outcome.text + say("filling.first"))
        return Turn(conversation, (again,))
    return go_on(world, conversation.having(proposed=()), outcome, interview.asking, message.text)


def _why_named(world: World, conversation: Conversation, words: str, message: Message) -> Turn | None:
    """为什么问面积: another question than the one asked is explained too."""
    interview = conversation.interview
    if interview is None:
        return None
    fields = fields_named(words, interview.track, questionnaire.edition_of(world.rules, interview))
    return _why(world, conversation, interview, message, fields[0]) if len(fields) == 1 else None


def not_understood(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A text that asks nothing and names nothing of the measure was meant as a response, and is told that it was not
    understood; None for any other, and where no question is asked."""
    interview = conversation.interview
    if interview is None or interview.finished or conversation.paused or asks(message.text):
        return None
    query = read_query(message.text, world.knowledge.vocabulary)
    if query.mentions or query.track or any(token.startswith("#") for token in query.tokens):
        return None
    lead = say("questionnaire.unreadable", text=message.text.strip()[:LONGEST_SHOWN])
    if conversation.proposed:
        return Turn(conversation, (read_again(interview, dict(conversation.proposed), lead),))
    return Turn(conversation, (question_reply(world, interview, lead),))


def ask_again(world: World, turn: Turn) -> Turn:
    """The pending question once more after something else was answered, so that the questionnaire goes on."""
    conversation = turn.conversation
    interview = conversation.interview
    if interview is None or interview.asking is None or conversation.paused:
        return turn
    if any(reply.question or _reads_back(reply) for reply in turn.replies):
        return turn
    if conversation.proposed:
        again = read_back(interview, dict(conversation.proposed))
    else:
        again = question_reply(world, interview, say("questionnaire.asked_again"))
    return replace(turn, replies=(*turn.replies, again))


def _reads_back(reply: Reply) -> bool:
    return any(button.action == "fill:yes" for button in reply.buttons)


def _set(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    field, _, raw = argument.partition(":")
    outcome = questionnaire.set_value(world.rules, interview, field, raw, message.day)
    return go_on(world, conversation, outcome)


def _change(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return go_on(world, conversation, questionnaire.change(world.rules, interview, argument))


def _back(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    before = questionnaire.go_back(world.rules, interview)
    if before == interview:
        return show_next(world, conversation, say("questionnaire.first"))
    return show_next(world, conversation.having(interview=before, paused=False))


def _skip(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return show_next(
        world, conversation.having(interview=questionnaire.skip(world.rules, interview), paused=False)
    )


def _more(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return show_next(
        world, conversation.having(interview=questionnaire.remaining(world.rules, interview), paused=False)
    )


def _cancel(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    buttons = (
        Button("继续", "resume"),
        Button("换设备继续：续填码", "code"),
        Button("重新开始", "prescreen"),
    )
    return Turn(
        conversation.having(paused=True),
        (text_reply("control", say("questionnaire.cancelled"), buttons=buttons),),
    )


def _resume(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return show_next(world, conversation.having(paused=False))


def _why(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn | None:
    """Why a question (the one asked, or the field of the argument) is asked, and how to answer it: what is required, how to
    count, and the words of the clauses that it rests on."""
    rules = questionnaire.edition_of(world.rules, interview)
    field = argument or interview.asking
    if (
        field is None
        or (interview.track, field) not in rules.askings
        or (conversation.paused and not argument)
    ):
        return None
    asked = question_of(rules, interview.track, field, message.day)
    citations = tuple(cite(replace(world.knowledge, regulation=rules.law), label) for label in asked.labels)
    said = (Block("text", say("questionnaire.why", title=asked.title)), *map(quote_block, citations))
    blocks = (*said, Block("note", asked.help)) if asked.help else said
    return ask_again(world, Turn(conversation, (Reply("answered", blocks, citations),)))


def _summary(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return ask_again(world, Turn(conversation, (word_summary(world, interview),)))


def _fill(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return settle(world, conversation, confirmed=argument == "yes")


_Handler = Callable[[World, Conversation, Interview, Message, str], Turn | None]
_HANDLERS: dict[str, _Handler] = {
    "set": _set, "change": _change, "back": _back, "skip": _skip, "more": _more, "cancel": _cancel, "resume": _resume,
    "summary": _summary, "why": _why, "fill": _fill,
}  # fmt: skip
_ASIDE = {"summary", "why", "fill"}
"""What leaves a list that was read back as it stands."""
