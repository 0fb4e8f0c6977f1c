"""All that is known of a regulation, and which of its entries are nearest to a question."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from knowledge.entries import Entry, load_entries
from knowledge.query import Query, weigh
from knowledge.regulation import DEFAULT, REGULATIONS, Regulation, load
from knowledge.search import Hit, Index, Passage
from knowledge.vocabulary import Vocabulary, load_vocabulary, without_track

OF_WORDING, OF_POOL, OF_RATIO = 0.5, 0.35, 0.15
"""What counts for a score: the nearest wording, all that the entry has, the likeness letter by letter."""

PART_COUNTS = 0.9
"""What a match with one clause of a sentence counts beside a match with the whole."""

FOREIGN_FREE, FOREIGN_COSTS = 0.15, 1.5
"""The share of unknown characters that any way of speaking may have, and what each further share takes off a score."""

CORE_FROM, STRANGE_COUNTS = 0.6, 0.8
"""The share of wordings that makes a term the core of an entry; what an entry counts of whose core nothing is said."""

SILENT_COUNTS = 0.5
"""What an entry counts that does not speak of a decisive term of the question."""

CHAT_FROM = 0.6
"""The score from which a question is taken for small talk: 明白了 is, 看不明白问哪家 is not."""

NO_HIT = Hit("", 0.0, "")

ANSWER_FROM = 0.24
"""The least score at which an entry answers; below it the bot says that it has not understood or that it is not settled."""


@dataclass(frozen=True)
class Knowledge:
    """All that is known of one regulation, read-only."""

    regulation: Regulation
    entries: Mapping[str, Entry]
    vocabulary: Vocabulary
    index: Index
    decisive: Mapping[str, frozenset[str]]
    """The decisive terms in each entry's wordings."""
    cores: Mapping[str, frozenset[str]]
    """The terms that most of an entry's wordings name: what it is about."""
    pools: Mapping[str, frozenset[str]]
    """The tokens of all that each entry has: its wordings, what it says, the words of its clauses."""


@cache
def load_knowledge(regulation_id: str = DEFAULT) -> Knowledge:
    """Read and check a regulation's folder and index it; KnowledgeError if anything in it is wrong."""
    regulation = load(regulation_id)
    entries = load_entries(regulation)
    texts = [regulation.text, *(w for e in entries for w in (e.question, *e.wordings))]
    vocabulary = load_vocabulary(REGULATIONS / regulation_id, texts)
    passages = [
        Passage(e.id, vocabulary.translate(without_track(w.lower())))
        for e in entries
        for w in (e.question, *e.wordings)
    ]
    index = Index(passages, lambda text: weigh(text, vocabulary))
    decisive = {
        e.id: vocabulary.decisive & {*vocabulary.concepts("，".join((e.question, *e.wordings)))}
        for e in entries
    }
    cores = {e.id: _core(e, vocabulary) for e in entries}
    pools = {e.id: frozenset(weigh(_all_of(e, regulation), vocabulary)) for e in entries}
    return Knowledge(regulation, {e.id: e for e in entries}, vocabulary, index, decisive, cores, pools)


def _core(entry: Entry, vocabulary: Vocabulary) -> frozenset[str]:
    """The terms in most of an entry's wordings."""
    named = Counter(
        name for wording in entry.wordings for name in vocabulary.concepts(without_track(wording))
    )
    return frozenset(name for name, count in named.items() if count >= CORE_FROM * len(entry.wordings))


def _all_of(entry: Entry, regulation: Regulation) -> str:
    """Everything an entry has to do with, as one text."""
    said = [variant.says for variant in entry.variants()]
    quoted = [
        v.quotes.get(label) or regulation.clauses[label].own for v in entry.variants() for label in v.clauses
    ]
    return "。".join([entry.question, *entry.wordings, *said, *(quoted if entry.kind == "faq" else [])])


def rank(knowledge: Knowledge, query: Query) -> list[Hit]:
    """Entries nearest to the whole question; if none is near enough, those nearest to one clause of the sentence."""
    whole = _hits(knowledge, query, query.plain, query.tokens)
    if not query.parts or (whole and whole[0].score >= ANSWER_FROM):
        return whole
    best = {hit.owner: hit for hit in whole}
    for part, tokens in query.parts:
        for hit in _hits(knowledge, query, part, tokens):
            score = PART_COUNTS * hit.score
            if knowledge.entries[hit.owner].about != "chat" and score > best.get(hit.owner, NO_HIT).score:
                best[hit.owner] = Hit(hit.owner, score, hit.passage)
    return sorted(best.values(), key=lambda hit: -hit.score)


def _hits(knowledge: Knowledge, query: Query, text: str, tokens: Mapping[str, float]) -> list[Hit]:
    """The index's hits scored anew: with rapidfuzz, for a near wording beats a bag of its characters; less where the
    question has many characters that nothing here knows, or a decisive term that the entry does not speak of."""
    trust = 1 - FOREIGN_COSTS * max(0.0, query.foreign - FOREIGN_FREE)
    rescored = []
    for hit in knowledge.index.search(tokens, 24):
        pooled = knowledge.index.covered(tokens, knowledge.pools[hit.owner])
        score = OF_WORDING * hit.score + OF_POOL * pooled + OF_RATIO * fuzz.ratio(text, hit.passage) / 100
        chat = knowledge.entries[hit.owner].about == "chat"
        fits = score > CHAT_FROM if chat else query.decisive <= knowledge.decisive[hit.owner]
        core = knowledge.cores[hit.owner]
        near = not core or any("#" + name in tokens for name in core)
        score *= trust * (1 if fits else SILENT_COUNTS) * (1 if near else STRANGE_COUNTS)
        rescored.append(Hit(hit.owner, score, hit.passage))
    return sorted(rescored, key=lambda hit: -hit.score)
