"""How a message reaches the bot: by a deep link, as a reply to an earlier message, edited, as a picture, in a group."""

import re
from dataclasses import replace

from bot.actions import action_of
from bot.answering import show_article, show_entries, show_entry
from bot.beginning import step_begin
from bot.conversation import Button, Conversation, Message, Turn
from bot.interviewing import respond_to
from bot.wording import say, text_reply
from bot.world import World
from knowledge.answer import look_up
from knowledge.query import read_query

_CITED = re.compile(r"依据\s*(第[^\s：:]+)")
_LINK = re.compile(r"a(\d+(?:p\d+)?(?:-\d+)*)")

LONGEST_QUESTION = 100
"""Characters of an earlier message that a follow-up draws on."""


def recall(world: World, conversation: Conversation, message: Message) -> Conversation:
    """The conversation as it stood after the message that this one answers: the clause cited there, or what an answer to it
    would rest on, is spoken of."""
    if not message.about:
        return conversation
    vocabulary = world.knowledge.vocabulary
    cited = _CITED.search(message.about)
    mentions = read_query(cited[1] if cited else message.about, vocabulary).mentions
    found = (world.knowledge.regulation.find(label) for label in mentions)
    clause = next((clause for clause in found if clause), None)
    if clause:
        spoken_of = replace(conversation.context, labels=(clause.label,), entry=None, question=clause.name)
        return conversation.having(context=spoken_of)
    asked = look_up(world.knowledge, message.about[:LONGEST_QUESTION], conversation.context)
    return conversation.having(context=asked.context)


def keep_responses(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """An edited message is answered again, but is no response to the question that is asked now; None for any other."""
    if not message.edited or respond_to(world, conversation, message) is None:
        return None
    return Turn(conversation, (text_reply("control", say("questionnaire.edited")),))


def arrive(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """What has no words to answer: a picture, a voice, a group that lets the bot in; None for anything else."""
    name, argument = action_of(message)
    if name == "unreadable":
        text = say("help.unreadable_kind", kind=argument) if argument else say("help.unreadable")
        return Turn(conversation, (text_reply("control", text, buttons=[Button("帮助", "help")]),))
    if name == "joined":
        return Turn(conversation, (text_reply("control", say("group.joined")),))
    if name == "mydata" and message.in_group:
        return Turn(conversation, (text_reply("control", say("group.private")),))
    return None


def open_link(world: World, conversation: Conversation, message: Message, argument: str) -> Turn | None:
    """What `/start ARGUMENT` leads to: `a9-3` a clause, `prescreen` or `prescreen-pilot_base` the questionnaire, `faq` or
    `faq-ID` the FAQ; None for anything else."""
    kind, _, rest = argument.partition("-")
    if kind == "prescreen":
        return step_begin(world, conversation, replace(message, text="", action=f"prescreen:{rest}"))
    if kind == "faq":
        if rest:
            return show_entry(world, conversation, rest)
        return Turn(conversation, (show_entries(world, ""),))
    if found := _LINK.fullmatch(argument):
        return show_article(world, conversation, found[1].replace("-", "."))
    return None
