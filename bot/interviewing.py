"""The questionnaire in a conversation: start, respond, go back, change, pause and go on, and the result."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.actions import action_of
from bot.conversation import Block, Button, Conversation, Message, Outcome, Reply, Turn
from bot.wording import quote_block, say, text_reply, track_buttons
from bot.wording_result import word_result, word_summary
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.question import question_json
from flows.questionnaire import Interview, Problem
from flows.screening import screen
from knowledge.answer import cite
from knowledge.entries import TRACKS

_CHANGE = re.compile(r"^(?:请?[把将])?(.{2,20}?)(?:改成|改为|换成|更正为|改到)(.{1,40})$")


def step_interview(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Buttons and words that steer the questionnaire; None for anything else."""
    name, argument = action_of(message)
    if name == "prescreen":
        return _prescreen(world, conversation, message, argument)
    handler = _HANDLERS.get(name)
    if handler is None:
        return None
    interview = conversation.interview
    if interview is None and name == "why":
        return None
    if interview is None:
        text = say("questionnaire.stale") if message.action else say("questionnaire.none")
        return Turn(conversation, (text_reply("control", text, buttons=track_buttons()),))
    return handler(world, conversation, interview, message, argument)


def respond_to(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A text that responds to the question being asked; None where none is asked or the text is no response."""
    interview = conversation.interview
    if interview is None or not message.text:
        return None
    if found := _CHANGE.match(message.text.strip()):
        return _change_in_words(world, conversation, interview, found, message)
    if interview.asking is None or conversation.paused:
        return None
    outcome = questionnaire.respond_to(world.rules, interview, message.text, message.day)
    return None if outcome is None else _went(world, conversation, interview, outcome)


def _change_in_words(
    world: World, conversation: Conversation, interview: Interview, found: re.Match[str], message: Message
) -> Turn | None:
    """把面积改成1200: the response whose title has those words is changed; the summary where none or several have."""
    fields = [f for f in interview.values if found[1] in FIELDS[f].title or FIELDS[f].title in found[1]]
    if len(fields) != 1:
        return _summary(world, conversation, interview, message, "") if interview.values else None
    asked = questionnaire.change(world.rules, interview, fields[0])
    if isinstance(asked, Problem):
        return _show(world, conversation, asked.text)
    outcome = questionnaire.respond_to(world.rules, asked, found[2], message.day)
    if outcome is None:
        return _show(world, conversation.having(interview=asked, paused=False))
    return _went(world, conversation.having(interview=asked), asked, outcome)


def ask_again(world: World, turn: Turn) -> Turn:
    """The pending question once more after something else was answered, so that the questionnaire goes on."""
    conversation = turn.conversation
    interview = conversation.interview
    if interview is None or interview.asking is None or conversation.paused:
        return turn
    if any(reply.question for reply in turn.replies):
        return turn
    return replace(
        turn, replies=(*turn.replies, _question_reply(world, interview, say("questionnaire.asked_again")))
    )


def _prescreen(world: World, conversation: Conversation, message: Message, track: str) -> Turn:
    if track not in TRACKS:
        return _which_track(world, conversation)
    interview = questionnaire.start(world.rules, track, message.day)
    return _show(world, conversation.having(interview=interview, paused=False))


def _which_track(world: World, conversation: Conversation) -> Turn:
    buttons = track_buttons()
    texts = [say("questionnaire.which", count=world.rules.question_count)]
    if (interview := conversation.interview) and interview.responses:
        done = len(interview.responses)
        texts.insert(0, say("questionnaire.already", track=TRACKS[interview.track], done=done))
        buttons = (Button("继续未完成的预审", "resume"), *buttons)
    return Turn(conversation, (text_reply("clarify", *texts, buttons=buttons),))


def _set(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    field, _, raw = argument.partition(":")
    outcome = questionnaire.set_value(world.rules, interview, field, raw, message.day)
    return _went(world, conversation, interview, outcome)


def _change(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return _went(world, conversation, interview, questionnaire.change(world.rules, interview, argument))


def _back(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    before = questionnaire.go_back(world.rules, interview)
    if before == interview:
        return _show(world, conversation, say("questionnaire.first"))
    return _show(world, conversation.having(interview=before, paused=False))


def _skip(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return _show(
        world, conversation.having(interview=questionnaire.skip(world.rules, interview), paused=False)
    )


def _more(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return _show(
        world, conversation.having(interview=questionnaire.remaining(world.rules, interview), paused=False)
    )


def _cancel(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    buttons = (Button("继续", "resume"), Button("重新开始", "prescreen"))
    return Turn(
        conversation.having(paused=True),
        (text_reply("control", say("questionnaire.cancelled"), buttons=buttons),),
    )


def _resume(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return _show(world, conversation.having(paused=False))


def _why(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn | None:
    """Why the question is asked: the words of the clauses that it rests on."""
    asked = questionnaire.question(world.rules, interview)
    if asked is None or conversation.paused:
        return None
    citations = tuple(cite(world.knowledge, label) for label in asked.labels)
    blocks = (Block("text", say("questionnaire.why", title=asked.title)), *map(quote_block, citations))
    outcome: Outcome = "answered" if citations else "control"
    return ask_again(world, Turn(conversation, (Reply(outcome, blocks, citations),)))


def _summary(
    world: World, conversation: Conversation, interview: Interview, message: Message, argument: str
) -> Turn:
    return ask_again(world, Turn(conversation, (word_summary(world, interview),)))


_Handler = Callable[[World, Conversation, Interview, Message, str], Turn | None]
_HANDLERS: dict[str, _Handler] = {
    "set": _set, "change": _change, "back": _back, "skip": _skip, "more": _more, "cancel": _cancel, "resume": _resume,
    "summary": _summary, "why": _why,
}  # fmt: skip


def _went(world: World, conversation: Conversation, before: Interview, outcome: Interview | Problem) -> Turn:
    """Go on after a response was taken, or say what is wrong with it and ask again."""
    if isinstance(outcome, Problem):
        return _show(world, conversation.having(paused=False), outcome.text)
    return _show(world, conversation.having(interview=outcome, paused=False))


def _show(world: World, conversation: Conversation, lead: str = "") -> Turn:
    """The question asked now, or the result when nothing more is to be asked."""
    interview = conversation.interview
    if interview is None:
        return Turn(
            conversation, (text_reply("control", say("questionnaire.none"), buttons=track_buttons()),)
        )
    prefecture = interview.values.get("prefecture")
    if isinstance(prefecture, str):
        conversation = conversation.having(prefecture=prefecture)
    if interview.asking is None:
        screening = screen(questionnaire.to_profile(world.rules, interview), world.rules)
        return Turn(conversation, (word_result(world, interview, screening, lead),))
    return Turn(conversation, (_question_reply(world, interview, lead),))


def _question_reply(world: World, interview: Interview, lead: str = "") -> Reply:
    asked = questionnaire.question(world.rules, interview)
    if asked is None:
        raise ValueError(f"{interview.asking} is asked, and there is no such question")
    done, at_most = questionnaire.progress(world.rules, interview)
    step = say("questionnaire.progress", number=done + 1, left=max(at_most - done, 1))
    labels = "、".join(world.knowledge.regulation.clauses[label].name for label in asked.labels)
    blocks = [Block("text", lead)] if lead else []
    blocks.append(Block("text", f"{step}\n{asked.text}"))
    details = [asked.help, f"依据：{labels}" if labels else ""]
    if any(details):
        blocks.append(Block("note", "\n".join(line for line in details if line)))
    choices = [Button(choice.label, choice.action) for choice in asked.choices]
    controls = [
        Button("返回", "back"),
        Button("跳过", "skip"),
        Button("为什么问", "why"),
        Button("已填内容", "summary"),
    ]
    return Reply("asked", tuple(blocks), buttons=(*choices, *controls), question=question_json(asked))
