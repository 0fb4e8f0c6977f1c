"""Answers in a conversation: situations judged by the rules, questions looked up, clauses and FAQ shown."""

import re
from dataclasses import replace

from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.counting import offer_counting
from bot.elsewhere import look_up_beyond
from bot.helpdesk import application_lines
from bot.wording import say, text_reply, word_answer, word_clause, word_entries, word_judgements, word_topics
from bot.world import World
from flows import whatif
from knowledge import answer as answers
from knowledge.citing import Context, cite
from knowledge.entries import TRACKS
from knowledge.label import read_label
from knowledge.query import LONGEST, read_query
from knowledge.text import normalise, read_quantities

FACTS_KEPT = 3
"""How many earlier sentences with figures a follow-up may draw on."""

_ONLY_ASKS = re.compile(
    r"^(?:换成?|改成|如果是|要是|算|还|也|就|这样|的话|够|了|行|可以|能|报|申请|达标|满足|符合|条件|不|没|吗|呢|怎么样|又|那|都|够不够|行不行|还?[差缺]多少|还?[差缺]几|,|\?|？|。)*$"
)

_ASSENTS = re.compile(r"可以|行|能|也行|就这样|可以了|行了")
"""What says yes, and asks nothing of the figures told before."""


def judge(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Facts in the sentence that decide a rule or an amount, judged by the very rules of the pre-screen."""
    if not message.text:
        return None
    query = read_query(message.text, world.knowledge.vocabulary)
    context = conversation.context
    facts = _facts(query.text, query.content, context.facts)
    remembered = _remember(context, query.text)
    if facts is None:
        return None
    track = query.track if query.track else context.track
    tracks = _tracks(track, facts)
    rules = world.rules.on(message.day)
    judgements = whatif.judge(facts, tracks, rules, message.day, world.workdays)
    labels = tuple(j.label for j in judgements)
    if not judgements or answers.is_elsewhere(world.knowledge, query, labels):
        return None
    context = replace(
        remembered, track=track if track in TRACKS else None, labels=labels, entry=None,
        question=query.text,
    )  # fmt: skip
    return Turn(conversation.having(context=context), (word_judgements(world.knowledge, facts, judgements),))


def _tracks(track: str | None, facts: whatif.Facts) -> tuple[str, ...]:
    """The facilities to judge for: the one spoken of, those that the facts imply, or both."""
    if track is None:
        return whatif.tracks_implied(facts)
    return (track,) if track in TRACKS else tuple(TRACKS)


def _facts(text: str, content: str, earlier: tuple[str, ...]) -> whatif.Facts | None:
    """The facts to judge: this sentence's, with earlier ones where it asks for an amount or only says 够了吗."""
    facts = whatif.read_facts(text)
    alone = bool(_ONLY_ASKS.match(content)) and not _ASSENTS.fullmatch(content)
    if not (facts.about_money or alone):
        return facts
    if facts.about_money and not facts and not whatif.asks_own_amount(text):
        return facts
    before = whatif.Facts()
    for sentence in earlier:
        before = whatif.merge(before, whatif.read_facts(sentence, about_money=facts.about_money))
    return whatif.merge(before, facts)


def _remember(context: Context, text: str) -> Context:
    """The context with this sentence among those whose figures a follow-up may take."""
    if not any(q.kind in {"money", "area", "count"} for q in read_quantities(text)):
        return context
    return replace(context, facts=(*context.facts, text)[-FACTS_KEPT:])


def look_up(world: World, conversation: Conversation, message: Message) -> Turn:
    """Cite, answer or abstain; the last step, which always has a reply. What the measure does not cover an imported regulation may."""
    answer = answers.look_up(world.knowledge, message.text, conversation.context)
    if beyond := look_up_beyond(world, conversation, message, answer):
        return beyond
    context = _remember(answer.context, normalise(message.text)[:LONGEST])
    reply = word_answer(world.knowledge, answer)
    if answer.decides == "call" and (lines := application_lines(world.offices, message.day)):
        reply = replace(reply, blocks=(*reply.blocks, Block("note", "\n".join(lines))))
    if answer.citations:
        return offer_counting(conversation.having(context=context), message.text, reply)
    return Turn(conversation.having(context=context), (reply,))


def show_article(world: World, conversation: Conversation, text: str) -> Turn:
    """`/article N`: the clause in one reply that begins with its name, or what there is instead."""
    knowledge = world.knowledge
    label = read_label(text) if text.strip() else None
    if label is None:
        example = say("article.which")
        return Turn(conversation, (text_reply("clarify", example, buttons=_chapter_buttons(world)),))
    clause = knowledge.regulation.find(label)
    if clause is None:
        answer = answers.look_up(knowledge, label.name, conversation.context)
        return Turn(conversation, (word_answer(knowledge, answer),))
    context = replace(conversation.context, labels=(clause.label,), entry=None, question=clause.name)
    reply = word_clause(knowledge, clause, cite(knowledge, clause.label))
    return Turn(conversation.having(context=context), (reply,))


def _chapter_buttons(world: World) -> tuple[Button, ...]:
    return tuple(Button(a.name, f"article:{a.label}") for a in world.knowledge.regulation.articles())


def show_entry(world: World, conversation: Conversation, entry_id: str) -> Turn:
    """One FAQ entry by its id, for the facility last spoken of or for both."""
    entry = world.knowledge.entries.get(entry_id)
    if entry is None:
        return Turn(
            conversation, (text_reply("control", say("faq.gone"), buttons=[Button("常见问题", "faq")]),)
        )
    answer = answers.show_entry(world.knowledge, entry, conversation.context)
    return Turn(conversation.having(context=answer.context), (word_answer(world.knowledge, answer),))


def show_entries(world: World, words: str, topic: str = "") -> Reply:
    """The FAQ by topic, or searched."""
    entries = [entry for entry in world.knowledge.entries.values() if entry.kind == "faq"]
    if topic:
        return word_entries(topic, [entry for entry in entries if entry.topic == topic])
    if not words:
        return word_topics(entries)
    return word_entries(words, answers.search_entries(world.knowledge, words))
