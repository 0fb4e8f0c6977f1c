"""Inline mode: `@bot 场地面积` in any chat finds clauses and FAQ entries, each to be inserted with its citation."""

from typing import Any

from bot.conversation import Reply
from bot.telegram_text import length, render
from bot.wording import say, word_answer, word_clause
from bot.world import World
from knowledge.answer import look_up, search_entries, show_entry
from knowledge.citing import NOTHING_SAID, cite
from knowledge.entries import Entry
from knowledge.label import read_label
from knowledge.regulation import Clause

PAGE = 20
"""Results at once; Telegram asks for more by the offset."""

LONGEST_QUERY = 256

Result = dict[str, Any]


def find_results(world: World, query: str, offset: str = "") -> tuple[list[Result], str]:
    """What a query finds, as the Bot API's articles, and the offset of the next page (empty at the end): a clause that is
    named, the clauses that answer, then the FAQ entries; without words the articles of the measure."""
    begin = int(offset) if offset.isdecimal() and len(offset) < 5 else 0
    found = _all_results(world, query.strip()[:LONGEST_QUERY])
    page = found[begin : begin + PAGE]
    return page, str(begin + PAGE) if len(found) > begin + PAGE else ""


def _all_results(world: World, query: str) -> list[Result]:
    knowledge = world.knowledge
    if not query:
        return [_of_clause(world, clause) for clause in knowledge.regulation.articles()]
    label = read_label(query)
    named = knowledge.regulation.find(label) if label else None
    labels = [named.label, *named.children] if named else []
    entries: list[Entry] = []
    if not named:
        answer = look_up(knowledge, query, NOTHING_SAID)
        labels = [citation.label for citation in answer.citations]
        entries = search_entries(knowledge, query)
    clauses = [knowledge.regulation.clauses[label] for label in dict.fromkeys(labels)]
    results = [_of_entry(world, entry) for entry in entries] + [
        _of_clause(world, clause) for clause in clauses
    ]
    return [result for result in results if result]


def _of_clause(world: World, clause: Clause) -> Result:
    reply = word_clause(world.knowledge, clause, cite(world.knowledge, clause.label))
    source = f"{world.about.title}（{world.about.number}）{clause.name}"
    return _article(f"a:{clause.label}", clause.name, clause.text, reply, source)


def _of_entry(world: World, entry: Entry) -> Result:
    answer = show_entry(world.knowledge, entry, NOTHING_SAID)
    says = " ".join(sentence for _, sentence in answer.says)
    source = f"{world.about.title}（{world.about.number}）"
    return _article(f"q:{entry.id}", entry.question, says, word_answer(world.knowledge, answer), source)


def _article(name: str, title: str, description: str, reply: Reply, source: str) -> Result:
    """One result; empty if it is too long for one message, or its name for the Bot API."""
    pieces = render(reply)
    text = f"{pieces[0]}\n\n<i>{say('inline.source', source=source)}</i>"
    if len(pieces) > 1 or length(text) > 4096 or len(name.encode()) > 64:
        return {}
    content = {"message_text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return {
        "type": "article", "id": name, "title": title, "description": description[:200], "input_message_content": content,
    }  # fmt: skip
