"""What if: more money supposed in free text, after a result or with the facts in the sentence, reckoned by the same rule."""

from dataclasses import replace

from bot.conversation import Conversation, Message, Turn
from bot.wording import say, word_judgements
from bot.world import World
from flows.facts import Facts
from flows.increments import Base, base_in, base_of, judge_steps, read_steps
from flows.questionnaire import to_profile
from knowledge.query import LONGEST
from knowledge.text import normalise


def suppose(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """再投300万能多补多少, 要拿满200万还差多少投入; None for any other text."""
    if not message.text:
        return None
    text = normalise(message.text)[:LONGEST]
    steps = read_steps(text)
    if not steps:
        return None
    rules = world.rules.on(message.day)
    base = base_in(text, _told(world, conversation))
    judgements = judge_steps(steps, base, rules)
    labels = tuple(judgement.label for judgement in judgements)
    context = replace(conversation.context, labels=labels, entry=None, question=text)
    reply = word_judgements(world.knowledge, Facts(), judgements, say("judged.estimate"))
    if conversation.interview is not None:
        reply = replace(reply, buttons=())  # the pre-screen that it offers is this one
    return Turn(conversation.having(context=context), (reply,))


def _told(world: World, conversation: Conversation) -> Base:
    """What was told before: in the pre-screen, or else in earlier sentences of the conversation."""
    interview = conversation.interview
    base = base_of(to_profile(world.rules, interview)) if interview else Base()
    if base.spent is None and base.income is None:
        for sentence in conversation.context.facts:
            base = base_in(sentence, base)
    return base
