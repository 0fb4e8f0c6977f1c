"""A question and what was said before -> an answer with citations, or an honest no."""

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.citing import NOTHING_SAID, Answer, Context, answer_entry, no_such_clause, quote_clauses
from knowledge.entries import TRACKS, Entry
from knowledge.label import to_number
from knowledge.query import SHORTEST_TOPIC, Query, about, add_terms, read_query
from knowledge.ranking import ANSWER_FROM, Knowledge, rank
from knowledge.regulation import Clause, squeeze
from knowledge.search import Hit
from knowledge.vocabulary import PLACE, read_track, without_track


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
        return bool(_articles_of(labels) & _articles_of([clause.label]))
    return any(label == clause.label or label.startswith(f"{clause.label}.") for label in labels)


def _track_of(knowledge: Knowledge, clauses: list[Clause]) -> str | None:
    """The facility of which alone the articles named speak: 第八条 is about one, 第十三条 about both."""
    articles = [c.label if c.kind == "paragraph" else c.label.split(".")[0] for c in clauses]
    tracks = {read_track(knowledge.regulation.clauses[label].text) for label in articles}
    track = tracks.pop()
    return track if not tracks and track in TRACKS else None


def _articles(entry: Entry) -> set[str]:
    return _articles_of(label for v in entry.variants() for label in v.clauses)


def _articles_of(labels: Iterable[str]) -> set[str]:
    return {label.split(".")[0].split("p")[0] for label in labels}


SAME_ARTICLE = 0.6
"""What an entry of the article last spoken of counts more in a follow-up."""

_ORDINAL = re.compile(r"第\s*([一二三四五六七八九\d])\s*[个项条点种目]|最后(?:那)?一?[个项条点种目]")
_ELLIPTIC = re.compile(r"^(?:那|那么|换成|换|如果是|要是|改成|再|还有|其中)|[呢嘞]\s*[?？]?$")
_WHOLE = re.compile(
    r"^(?:给|发|看|要|贴|这是)?(?:一下)?(?:我)?(?:原文|全文|条文|依据|出处|原话|为什么|为啥|凭什么|凭啥)"
    r"(?:呢|是什么|在哪|发我|给我|看看|发一下|啊)?[?？]?$"
)
_NOTHING_NEW = re.compile(
    r"^(?:换成?|要求?|需要|得|是|又|也|的|那边|这边|那头|这头|这个数|这么多|同样|标准|多少|多大|几|个|数|人|家|项|名|钱|怎么样?|怎样|如何|什么|是不是|呢|吗|么|嘛|吧|不|一样)*$"
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
    if query.track and entry and _NOTHING_NEW.match(query.content):
        alone = query if query.track == "both" else replace(query, compares=False)  # 中试也一样吗
        return answer_entry(knowledge, entry, alone, context)
    return None


def _found(knowledge: Knowledge, query: Query, context: Context) -> Answer | None:
    """The nearest entry, if it is near enough."""
    follows = context.question and (_ELLIPTIC.search(query.text) or len(query.content) <= 6)
    if follows:
        query = add_terms(query, context.who, knowledge.vocabulary)
    hits = rank(knowledge, query)
    if follows:
        hits = _with_context(knowledge, query, context, hits)
    if not hits or hits[0].score < ANSWER_FROM:
        return None
    best = answer_entry(knowledge, knowledge.entries[hits[0].owner], query, context)
    return (None if follows else _several(knowledge, query, context, best)) or best


def is_elsewhere(knowledge: Knowledge, query: Query) -> bool:
    """Whether a question is surely about a neighbouring topic, whatever figures it tells (五百万的转让所得免税吗)."""
    hit = rank(knowledge, query)[0]
    return knowledge.entries[hit.owner].kind == "outside" and hit.score >= SURE_FROM


_JOINED = re.compile(r"[,，、;；:?？。]|(?<=.)(?=一[个头边][管是叫在])|和|跟|与|以及|还有")
_ASKS = re.compile(r"几|多少|多久|多长|谁|哪|吗|什么|啥|怎么|如何")
_TOGETHER = re.compile(
    r"各|分别|一个.{1,8}一个|区别|不同|不一样|一样|差别|对比|比较|对照|摆|一并|一起说|一块|顺便|反了|记反|搞混|哪[类种边]"
)

SURE_FROM = 2.0
"""The score from which a part of a question is taken for a question of its own."""


def _several(knowledge: Knowledge, query: Query, context: Context, best: Answer) -> Answer | None:
    """A question about several things at once (初审和评审各由谁做): what each of its parts is about, if that is more than
    the answer to the whole says."""
    parts = [
        part
        for part in _JOINED.split(without_track(query.without_mentions))
        if len(part.replace(PLACE, "")) >= SHORTEST_TOPIC - 1
    ]
    if len(parts) < 2 or not (_TOGETHER.search(query.text) or sum(bool(_ASKS.search(p)) for p in parts) > 1):
        return None
    found: list[Answer] = []
    for part in parts:
        hit = rank(knowledge, about(query, part, knowledge.vocabulary))[0]
        entry = knowledge.entries[hit.owner]
        if entry.kind != "faq" or hit.score < SURE_FROM:
            continue
        answer = answer_entry(knowledge, entry, query, context)
        said = {c.label for a in found for c in a.citations}
        new = {c.label for c in answer.citations}
        if not any(old == label or old.startswith(f"{label}.") for old in said for label in new):
            found.append(answer)
    cited = {c.label for a in found for c in a.citations}
    if len(found) < 2 or cited <= {c.label for c in best.citations}:
        return None
    citations = tuple(c for a in found for c in a.citations)
    return replace(
        best, status="answered", says=tuple(s for a in found for s in a.says), citations=citations, decides="", compared=False,
        entry=found[0].entry, context=replace(best.context, labels=tuple(c.label for c in citations)),
    )  # fmt: skip


def _with_context(knowledge: Knowledge, query: Query, context: Context, hits: list[Hit]) -> list[Hit]:
    """Blend in the last question at a third of its weight: enough to choose between siblings, not to repeat the answer."""
    earlier = read_query(context.question, knowledge.vocabulary)
    blended = dict(query.tokens)
    for token, weight in earlier.tokens.items():
        blended.setdefault(token, 0.33 * weight)
    alone = {hit.owner: hit.score for hit in hits}
    near = _articles_of(context.labels)

    def score(hit: Hit) -> float:
        bonus = SAME_ARTICLE if _articles(knowledge.entries[hit.owner]) & near else 0.0
        return max(hit.score, alone[hit.owner]) + bonus

    together = rank(knowledge, replace(query, tokens=blended, parts=()))
    return sorted((replace(hit, score=score(hit)) for hit in together), key=lambda hit: -hit.score)


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
    same_article = [e for e in others if _articles_of([first]) & _articles(e)] if first else []
    return tuple({e.id: e for e in (*named, *same_clause, *same_article)}.values())[:limit]
