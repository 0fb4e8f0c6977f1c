"""Answers in a conversation: situations judged by the rules, questions looked up, clauses and FAQ shown."""

from dataclasses import replace

from bot.conversation import Button, Conversation, Message, Reply, Turn
from bot.wording import say, text_reply, word_answer, word_clause, word_entries, word_topics
from bot.world import World
from flows import whatif
from knowledge import answer as answers
from knowledge.answer import cite
from knowledge.entries import TRACKS
from knowledge.label import read_label
from knowledge.query import read_query

FACTS_KEPT = 3
"""How many earlier sentences with facts a follow-up may draw on."""


def judge(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Facts in the sentence that decide a rule or an amount, judged by the very rules of the pre-screen."""
    if not message.text:
        return None
    query = read_query(message.text, world.knowledge.vocabulary)
    context = conversation.context
    facts = whatif.read_facts(query.text)
    earlier = whatif.Facts()
    for sentence in context.facts:
        earlier = whatif.merge(earlier, whatif.read_facts(sentence))
    track = query.track or context.track
    whole = whatif.merge(earlier, facts)
    judgements = whatif.judge(whole, _tracks(track, whole), world.rules, message.day)
    return None


def _tracks(track: str | None, facts: whatif.Facts) -> tuple[str, ...]:
    return (track,) if track in TRACKS else tuple(TRACKS)


def look_up(world: World, conversation: Conversation, message: Message) -> Turn:
    """Cite, answer or abstain; the last step, which always has a reply."""
    answer = answers.look_up(world.knowledge, message.text, conversation.context)
    return Turn(conversation.having(context=answer.context), (word_answer(world.knowledge, answer),))


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
    answer = answers.answer_entry(world.knowledge, entry, conversation.context)
    return Turn(conversation.having(context=answer.context), (word_answer(world.knowledge, answer),))


def show_entries(world: World, words: str, topic: str = "") -> Reply:
    """The FAQ by topic, or searched."""
    entries = [entry for entry in world.knowledge.entries.values() if entry.kind == "faq"]
    if topic:
        return word_entries(topic, [entry for entry in entries if entry.topic == topic])
    if not words:
        return word_topics(entries)
    return word_entries(words, answers.search_entries(world.knowledge, words))
