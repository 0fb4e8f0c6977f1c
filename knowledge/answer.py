"""A question and what was said before -> an answer with citations, or an honest no."""

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.citing import NOTHING_SAID, Answer, Context, answer_entry, no_such_clause, quote_clauses
from knowledge.entries import TRACKS, Entry
from knowledge.following import NOTHING_NEW, articles, articles_of, follows, nearest
from knowledge.label import to_number
from knowledge.query import Query, read_query
from knowledge.ranking import ANSWER_FROM, Knowledge, rank
from knowledge.regulation import Clause, squeeze
from knowledge.several import SURE_FROM, answer_each
from knowledge.vocabulary import read_track


def look_up(knowledge: Knowledge, text: str, context: Context = NOTHING_SAID) -> Answer:
    """Answer one question. Pure; the same question in the same context has the same answer."""
    query = read_query(text, knowledge.vocabulary)
    who = tuple(n for n in knowledge.vocabulary.concepts(query.plain) if n in knowledge.vocabulary.standing)
    context = replace(context, who=who or context.who)
    for step in (_cited, _followed, _found):
        if answer := step(knowledge, query, context):
            return answer
    return _unknown(query, context)


_BARE_CITE = re.compile(
    r"[\s,。?!、“”]|原文|全文|内容|条文|条款|规定|讲|说|写|是|啥|什么|怎么|的|了|呢|吗|发|贴|给|我|看|查|一下|下|具体|麻烦|请|请问|念|那|这|来|帮|把|个|要|想|全部|完整|有|些"
)


def _cited(knowledge: Knowledge, query: Query, context: Context) -> Answer | None:
    """A question that names clauses: their words, or the entry under them that it asks about."""
    if not query.mentions:
        return None
    found = [(label, knowledge.regulation.find(label)) for label in query.mentions]
    missing = [label for label, clause in found if clause is None]
    if missing:
        return no_such_clause(knowledge, missing[0], context)
    clauses = [clause for _, clause in found if clause]
    if not query.track and (track := _track_of(knowledge, clauses)):
        query = replace(query, track=track)
    if len(clauses) == 1 and _BARE_CITE.sub("", query.without_mentions):
        hits = [h for h in rank(knowledge, query) if _speaks_of(knowledge.entries[h.owner], clauses[0])]
        if hits and hits[0].score >= ANSWER_FROM:
            return answer_entry(knowledge, knowledge.entries[hits[0].owner], query, context)
    return quote_clauses(knowledge, clauses, query, context)


def _speaks_of(entry: Entry, clause: Clause) -> bool:
    """Whether an entry rests on a clause or a part of it; for an article, on any clause of it."""
    labels = {label for v in entry.variants() for label in v.clauses}
    if clause.kind == "article":
        return bool(articles_of(labels) & articles_of([clause.label]))
    return any(label == clause.label or label.startswith(f"{clause.label}.") for label in labels)


def _track_of(knowledge: Knowledge, clauses: list[Clause]) -> str | None:
    """The facility of which alone the articles named speak: 第八条 is about one, 第十三条 about both."""
    articles = [c.label if c.kind == "paragraph" else c.label.split(".")[0] for c in clauses]
    tracks = {read_track(knowledge.regulation.clauses[label].text) for label in articles}
    track = tracks.pop()
    return track if not tracks and track in TRACKS else None


_ORDINAL = re.compile(r"第\s*([一二三四五六七八九\d])\s*[个项条点种目]|最后(?:那)?一?[个项条点种目]")
_WHOLE = re.compile(
    r"^(?:给|发|看|要|贴|这是)?(?:一下)?(?:我)?(?:原文|全文|条文|依据|出处|原话|为什么|为啥|凭什么|凭啥)"
    r"(?:呢|是什么|在哪|发我|给我|看看|发一下|啊)?[?？]?$"
)
_ONWARD = re.compile(r"^(?:还有(?:呢|吗|没有|别的吗)?|然后呢|接着呢|下一[条项]|再往下)[?？]?$")


def _followed(knowledge: Knowledge, query: Query, context: Context) -> Answer | None:
    """A follow-up: it takes from the last answer what it leaves unsaid (the topic, the list counted in, the clause)."""
    if not context.labels:
        return None
    regulation = knowledge.regulation
    if (match := _ORDINAL.search(query.text)) and not query.track:
        for label in context.labels:
            children = regulation.clauses[label].children
            number = to_number(match[1]) if match[1] else len(children)
            if 0 < number <= len(children):
                return quote_clauses(knowledge, [regulation.clauses[children[number - 1]]], query, context)
    if _WHOLE.search(squeeze(query.text)):
        return quote_clauses(
            knowledge, [regulation.clauses[label] for label in context.labels], query, context
        )
    if _ONWARD.search(squeeze(query.text)) and (after := regulation.clauses[context.labels[-1]].next):
        return quote_clauses(knowledge, [regulation.clauses[after]], query, context)
    entry = knowledge.entries.get(context.entry or "")  # one that staff have withdrawn since is gone
    if query.track and entry and NOTHING_NEW.match(query.content):
        alone = query if query.track == "both" else replace(query, compares=False)  # 中试也一样吗
        return answer_entry(knowledge, entry, alone, context)
    return None


def _found(knowledge: Knowledge, query: Query, context: Context) -> Answer | None:
    """The nearest entry, if it is near enough; where several things are asked, what each of them is about."""
    hit, best = nearest(knowledge, query, context)
    if hit.score < ANSWER_FROM:
        return None
    if follows(query, context) or (best.status == "abstained" and hit.score >= SURELY_OPEN):
        return best
    return answer_each(knowledge, query, context, best) or best


def is_elsewhere(knowledge: Knowledge, query: Query, judged: Iterable[str]) -> bool:
    """Whether a question is surely about something else than the clauses by which its figures would be `judged`: a
    neighbouring topic (五百万的转让所得免税吗), what the measure leaves open, or what follows (只剩8个人，牌子会怎样)."""
    hit = rank(knowledge, query)[0]
    entry = knowledge.entries[hit.owner]
    if entry.kind == "outside":
        return hit.score >= SURE_FROM
    if entry.kind == "silence":
        return hit.score >= (SURE_FROM if _HOW_COUNTED.search(query.text) else SURELY_OPEN)
    return hit.score >= SURE_FROM and articles(entry) <= AFTERWARDS and not articles_of(judged) & AFTERWARDS


SURELY_OPEN = 3.5
"""The score from which what the measure leaves open is asked about, whatever figures are told beside; less is enough where it
is asked how they are counted."""
_HOW_COUNTED = re.compile(
    r"算不算|才算|才认|认不认|认吗|算在|包含|包括|里头|里面|还是|哪一?年|能不能算|近几年"
)
AFTERWARDS = frozenset({"16", "18", "19"})
"""The articles about what happens after a filing."""


def show_entry(knowledge: Knowledge, entry: Entry, context: Context) -> Answer:
    """An entry chosen from a list: for both facilities, its own question standing for the user's."""
    query = read_query(entry.question, knowledge.vocabulary)
    return answer_entry(knowledge, entry, replace(query, track=None), replace(context, track=None))


def search_entries(knowledge: Knowledge, words: str, limit: int = 8) -> list[Entry]:
    """The FAQ entries nearest to some words, best first."""
    hits = rank(knowledge, read_query(words, knowledge.vocabulary))
    found = (knowledge.entries[hit.owner] for hit in hits if hit.score >= ANSWER_FROM / 2)
    return [entry for entry in found if entry.kind == "faq"][:limit]


def _unknown(query: Query, context: Context) -> Answer:
    return Answer("abstained", (), context=context)


def read_on(knowledge: Knowledge, entry: Entry, limit: int = 3) -> tuple[Entry, ...]:
    """The FAQ entries to read next: those that the entry names, then others on its first clause, then on its article."""
    named = [knowledge.entries[other] for other in entry.see]
    first = next((label for v in entry.variants() for label in v.clauses), "")
    others = [e for e in knowledge.entries.values() if e.kind == "faq" and e.id != entry.id]
    same_clause = [e for e in others if any(first in v.clauses[:1] for v in e.variants())]
    same_article = [e for e in others if articles_of([first]) & articles(e)] if first else []
    return tuple({e.id: e for e in (*named, *same_clause, *same_article)}.values())[:limit]
