"""A question and what was said before -> an answer with citations, or an honest no."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.entries import TRACKS, Entry, Variant
from knowledge.label import Label, to_number
from knowledge.query import Query, add_terms, read_query
from knowledge.ranking import ANSWER_FROM, Knowledge, rank
from knowledge.regulation import Clause, squeeze
from knowledge.search import Hit
from knowledge.vocabulary import read_track

Status = Literal["answered", "clarify", "abstained"]


@dataclass(frozen=True)
class Citation:
    """A clause that an answer rests on. `quote` is a verbatim slice of that clause (white space aside)."""

    regulation: str
    label: str
    name: str
    quote: str


@dataclass(frozen=True)
class Context:
    """What a follow-up may take from earlier turns: nothing here is ever shown."""

    track: str | None = None
    entry: str | None = None
    labels: tuple[str, ...] = ()
    question: str = ""
    facts: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    """What the user said of themselves that holds for what follows (加挂, 省属 …): names of standing terms."""


@dataclass(frozen=True)
class Answer:
    """An answer before it is worded: what is said, on which clauses, and what to offer next.

    `answered` has at least one citation; under `abstained` the citations are the nearest clauses and settle nothing.
    `says` pairs the name of a facility (or nothing) with its sentence.
    """

    status: Status
    says: tuple[tuple[str, str], ...]
    citations: tuple[Citation, ...] = ()
    entry: Entry | None = None
    decides: str = ""
    see: tuple[str, ...] = ()
    compared: bool = False
    context: Context = Context()

    def __post_init__(self) -> None:
        """Cite or abstain, in code."""
        if self.status == "answered" and not self.citations:
            raise ValueError("an answer without a clause")


NOTHING_SAID = Context()


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
        return _no_such_clause(knowledge, missing[0], query, context)
    clauses = [clause for _, clause in found if clause]
    if not query.track and (track := _track_of(knowledge, clauses)):
        query = replace(query, track=track)
    if len(clauses) == 1 and _BARE_CITE.sub("", query.without_mentions):
        articles = _articles_of(c.label for c in clauses)
        hits = [h for h in rank(knowledge, query) if _articles(knowledge.entries[h.owner]) & articles]
        if hits and hits[0].score >= ANSWER_FROM:
            return answer_entry(knowledge, knowledge.entries[hits[0].owner], query, context)
    return _quote_clauses(knowledge, clauses, query, context)


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


def _no_such_clause(knowledge: Knowledge, label: Label, query: Query, context: Context) -> Answer:
    articles = knowledge.regulation.articles()
    article = knowledge.regulation.clauses.get(str(label.article))
    if article is None:
        last = articles[-1]
        says = f"本办法共{len(articles)}条，到{last.name}为止，没有{Label(label.article).name}。"
        return Answer("abstained", (("", says),), context=context)
    parts = [knowledge.regulation.clauses[c].name for c in article.children]
    says = f"本办法没有{label.name}。" + (
        f"{article.name}下有：{'、'.join(parts)}。" if parts else f"{article.name}不分款、项。"
    )
    return Answer("abstained", (("", says),), (cite(knowledge, article.label),), context=context)


def _quote_clauses(knowledge: Knowledge, clauses: list[Clause], query: Query, context: Context) -> Answer:
    labels = tuple(dict.fromkeys(c.label for c in clauses))
    names = "、".join(knowledge.regulation.clauses[label].name for label in labels)
    chapter = clauses[0].chapter
    says = f"{names}的原文如下" + (f"（{chapter}）。" if chapter else "。")
    return Answer(
        "answered", (("", says),), tuple(cite(knowledge, label) for label in labels),
        context=replace(context, track=_track_after(query, context), labels=labels, entry=None, question=query.text),
    )  # fmt: skip


def _track_after(query: Query, context: Context) -> str | None:
    """The facility that the next question is about if it names none."""
    if query.track in TRACKS:
        return query.track
    return None if query.track == "both" else context.track


SAME_ARTICLE = 0.6
"""What an entry of the article last spoken of counts more in a follow-up."""

_ORDINAL = re.compile(r"第\s*([一二三四五六七八九\d])\s*[个项条点种目]|最后(?:那)?一?[个项条点种目]")
_ELLIPTIC = re.compile(r"^(?:那|那么|换成|换|如果是|要是|改成|再|还有|其中)|[呢嘞]\s*[?？]?$")
_WHOLE = re.compile(
    r"^(?:给|发|看|要|贴|这是)?(?:一下)?(?:我)?(?:原文|全文|条文|依据|出处|原话|为什么|为啥|凭什么|凭啥)"
    r"(?:呢|是什么|在哪|发我|给我|看看|发一下|啊)?[?？]?$"
)
_NOTHING_NEW = re.compile(
    r"^(?:换成?|要求?|需要|得|是|又|也|的|那边|这边|那头|这头|这个数|这么多|同样|标准|多少|多大|几|个|人|家|项|名|钱|怎么样?|怎样|如何|什么|呢|吗|么|嘛|不|一样)*$"
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
                return _quote_clauses(knowledge, [regulation.clauses[children[number - 1]]], query, context)
    if _WHOLE.search(squeeze(query.text)):
        return _quote_clauses(
            knowledge, [regulation.clauses[label] for label in context.labels], query, context
        )
    if _ONWARD.search(squeeze(query.text)) and (after := regulation.clauses[context.labels[-1]].next):
        return _quote_clauses(knowledge, [regulation.clauses[after]], query, context)
    if query.track and context.entry and _NOTHING_NEW.match(query.content):
        alone = query if query.track == "both" else replace(query, compares=False)  # 中试也一样吗
        return answer_entry(knowledge, knowledge.entries[context.entry], alone, context)
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
    return answer_entry(knowledge, knowledge.entries[hits[0].owner], query, context)


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


def answer_entry(knowledge: Knowledge, entry: Entry, query: Query, context: Context) -> Answer:
    """What an entry says, for the track asked about or last spoken of, or for both."""
    track = "both" if query.compares else query.track or context.track
    says, variants = _variants_for(entry, track)
    labels = tuple(dict.fromkeys(label for v in variants for label in v.clauses))
    quotes = {label: quote for v in variants for label, quote in v.quotes.items()}
    citations = tuple(cite(knowledge, label, quotes.get(label)) for label in labels)
    return Answer(
        status="answered" if entry.kind == "faq" else "abstained",
        says=says,
        citations=citations,
        entry=entry,
        decides=entry.decides,
        see=entry.see,
        compared=len(says) > 1 and query.compares,
        context=replace(
            context,
            track=_track_after(query, context),
            entry=entry.id,
            labels=labels,
            question=query.text,
        ),
    )


def show_entry(knowledge: Knowledge, entry: Entry, context: Context) -> Answer:
    """An entry chosen from a list: for both facilities, its own question standing for the user's."""
    query = read_query(entry.question, knowledge.vocabulary)
    return answer_entry(knowledge, entry, replace(query, track=None), replace(context, track=None))


def search_entries(knowledge: Knowledge, words: str, limit: int = 8) -> list[Entry]:
    """The FAQ entries nearest to some words, best first."""
    hits = rank(knowledge, read_query(words, knowledge.vocabulary))
    found = (knowledge.entries[hit.owner] for hit in hits if hit.score >= ANSWER_FROM / 2)
    return [entry for entry in found if entry.kind == "faq"][:limit]


def _variants_for(entry: Entry, track: str | None) -> tuple[tuple[tuple[str, str], ...], tuple[Variant, ...]]:
    """What an entry says of a track: its own variant; both side by side, or once where they agree, if none is said."""
    if track is not None and track in entry.by_track:
        variant = entry.by_track[track]
        return (("", variant.says),), (variant,)
    if entry.common and (entry.alike or not entry.by_track):
        return (("", entry.common.says),), (entry.common,)
    variants = entry.by_track or {"": entry.common or Variant("")}
    return tuple((TRACKS.get(t, ""), v.says) for t, v in variants.items()), tuple(variants.values())


def cite(knowledge: Knowledge, label: str, quote: str | None = None) -> Citation:
    """The citation of a clause, whole or with a slice of it. The slice must be verbatim (ValueError)."""
    clause = knowledge.regulation.clauses[label]
    if quote is not None and squeeze(quote) not in squeeze(clause.text):
        raise ValueError(f"the quotation of {label} is not verbatim")
    return Citation(knowledge.regulation.id, label, clause.name, quote or clause.text)


def _unknown(query: Query, context: Context) -> Answer:
    return Answer("abstained", (), context=context)
