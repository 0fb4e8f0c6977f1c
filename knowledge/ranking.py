"""All that is known of a regulation, and which of its entries are nearest to a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from rapidfuzz import fuzz

from knowledge.entries import Entry, load_entries
from knowledge.likelihood import Likelihood
from knowledge.query import Query, weigh
from knowledge.regulation import DEFAULT, REGULATIONS, Regulation, load
from knowledge.search import Hit, Index, Passage
from knowledge.vocabulary import Vocabulary, load_vocabulary, without_track

OF_WORDING, OF_LETTERS = 0.7, 0.3
"""What counts for nearness: the tokens that a wording shares with the question, the likeness letter by letter."""

OF_ARTICLE = 0.4
"""What the likelihood of an entry's articles counts beside its own; nearness and its own likelihood count one each."""

PART_COUNTS = 0.9
"""What a match with one clause of a sentence counts beside a match with the whole."""

FOREIGN_FREE, FOREIGN_COSTS = 0.15, 1.5
"""The share of unknown characters that any way of speaking may have, and what each further share takes off a score."""

SILENT_COUNTS = 0.28
"""What an entry counts that does not speak of a decisive term of the question."""

NEAREST = 40
"""How many entries are compared wording by wording; for the others likelihood is enough."""

CHAT_FROM = 0.6
"""The nearness from which a question is taken for small talk: 明白了 is, 看不明白问哪家 is not."""

NO_HIT = Hit("", 0.0, "")

ANSWER_FROM = 0.65
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
    likely: Likelihood
    """How likely each entry's wordings use a word."""
    of_article: Likelihood
    """The same for the wordings of all entries that rest on the same articles."""
    groups: Mapping[str, str]
    """The name of that group for each entry."""


@cache
def load_knowledge(regulation_id: str = DEFAULT) -> Knowledge:
    """Read and check a regulation's folder and index it; KnowledgeError if anything in it is wrong."""
    regulation = load(regulation_id)
    return index_entries(regulation, load_entries(regulation))


def index_entries(
    regulation: Regulation, entries: Sequence[Entry], known: Knowledge | None = None
) -> Knowledge:
    """A regulation with these entries, which have been checked: some tenths of a second of work, less where most of the
    entries are `known`."""
    texts = [regulation.text, *(w for e in entries if e.kind == "faq" for w in (e.question, *e.wordings))]
    vocabulary = load_vocabulary(REGULATIONS / regulation.id, texts)
    same = {e.id for e in entries if known and known.entries.get(e.id) is e}
    read: dict[str, list[Passage]] = {e.id: [] if e.id in same else _passages(e, vocabulary) for e in entries}
    for passage in known.index.passages if known else ():
        if passage.owner in same:
            read[passage.owner].append(passage)
    index = Index(chain.from_iterable(read.values()))
    decisive = {
        e.id: known.decisive[e.id] if known and e.id in same else _decisive(e, vocabulary) for e in entries
    }
    groups = {e.id: _group(e) for e in entries}
    likely = Likelihood(index.usage, index.owners, len(index.postings))
    of_article = likely.grouped(groups)
    return Knowledge(
        regulation, {e.id: e for e in entries}, vocabulary, index, decisive, likely, of_article, groups
    )


def _passages(entry: Entry, vocabulary: Vocabulary) -> list[Passage]:
    texts = (vocabulary.translate(without_track(w.lower())) for w in (entry.question, *entry.wordings))
    return [Passage(entry.id, text, weigh(text, vocabulary)) for text in texts]


def _decisive(entry: Entry, vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.deciding("，".join((entry.question, *entry.wordings)).lower())


def _group(entry: Entry) -> str:
    """The articles that an entry rests on; a silence or neighbouring topic is a group of its own."""
    if entry.kind != "faq":
        return entry.id
    return " ".join(
        sorted({label.split(".")[0].split("p")[0] for v in entry.variants() for label in v.clauses})
    )


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
    """Every entry scored: how near its nearest wording is, how likely its wordings and those of its articles use these
    words; less where the question has many characters that nothing here knows, or a decisive term that the entry does
    not speak of."""
    trust = 1 - FOREIGN_COSTS * max(0.0, query.foreign - FOREIGN_FREE)
    nearest = {hit.owner: hit for hit in knowledge.index.search(tokens, NEAREST)}
    weighted = knowledge.index.weighted(tokens)
    likely, of_article = knowledge.likely.scores(weighted), knowledge.of_article.scores(weighted)
    hits = []
    for owner, entry in knowledge.entries.items():
        hit = nearest.get(owner, NO_HIT)
        near = OF_WORDING * hit.score + OF_LETTERS * fuzz.ratio(text, hit.passage) / 100
        chat = entry.about == "chat"
        fits = near > CHAT_FROM if chat else query.decisive <= knowledge.decisive[owner]
        score = near + likely[owner] + OF_ARTICLE * of_article[knowledge.groups[owner]]
        hits.append(Hit(owner, trust * score * (1 if fits or score < 0 else SILENT_COUNTS), hit.passage))
    return sorted(hits, key=lambda hit: -hit.score)
