"""A questionnaire begun: by its button, or in words, with what was said of oneself before it read back."""

import re
from dataclasses import replace

from bot.actions import action_of
from bot.conversation import Button, Conversation, Message, Turn
from bot.questioning import show_next
from bot.reading_back import propose
from bot.wording import say, text_reply, track_buttons
from bot.world import World
from flows import questionnaire
from flows.response import asks
from knowledge.entries import TRACKS
from knowledge.vocabulary import read_track

_WANTS = re.compile(r"预审|自测|测一测|测一下")


def step_begin(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """`prescreen:TRACK` begins with the first question; `carry:TRACK` and 帮我预审中试基地，场地1200平 with what was told
    read back; None for anything else."""
    name, argument = action_of(message)
    if name == "prescreen":
        return _begin(world, conversation, message, argument)
    if name == "carry":
        return _begin(world, conversation, message, argument, conversation.context.facts)
    if name or conversation.interview is not None or not _WANTS.search(message.text) or asks(message.text):
        return None
    track = read_track(message.text)
    return _begin(world, conversation, message, track or "", (*conversation.context.facts, message.text))


def _begin(
    world: World, conversation: Conversation, message: Message, track: str, told: tuple[str, ...] = ()
) -> Turn:
    if track not in TRACKS:
        facts = (*conversation.context.facts, *told[-1:])
        return _which_track(world, conversation.having(context=replace(conversation.context, facts=facts)))
    before, aside = conversation.interview, conversation.aside
    if before is not None and before.track != track and before.responses:
        aside = before
    after = conversation.having(
        interview=questionnaire.start(world.rules, track, message.day), aside=aside, paused=False, proposed=(),
        context=replace(conversation.context, track=track),
    )  # fmt: skip
    return (propose(world, after, told, message.day) if told else None) or show_next(world, after)


def _which_track(world: World, conversation: Conversation) -> Turn:
    texts = [say("questionnaire.which", count=world.rules.question_count)]
    buttons = track_buttons()
    if conversation.context.facts:
        texts.append(say("questionnaire.carry"))
        buttons = (
            *(Button(f"{title}，带上说过的数", f"carry:{track}") for track, title in TRACKS.items()),
            *buttons,
        )
    if (interview := conversation.interview) and interview.responses:
        done = say(
            "questionnaire.finished" if interview.finished else "questionnaire.already",
            track=TRACKS[interview.track],
            done=len(interview.responses),
        )
        texts.insert(0, done)
        buttons = (Button("看那份结果" if interview.finished else "继续未完成的预审", "resume"), *buttons)
    buttons = (*buttons, Button("不知道报哪类：两类对比", "compare"), Button("先看要准备哪些数", "checklist"))
    return Turn(conversation, (text_reply("clarify", *texts, buttons=buttons),))
