"""How a question finds its answer, step by step: how it was read, the candidates, and what each one's score is made of."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.query import Query, read_query
from knowledge.ranking import (
    ANSWER_FROM,
    CHAT_FROM,
    FOREIGN_COSTS,
    FOREIGN_FREE,
    NEAREST,
    NO_HIT,
    OF_ARTICLE,
    OF_LETTERS,
    OF_WORDING,
    SILENT_COUNTS,
    Knowledge,
    rank,
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An entry and the parts of its score: `wording` and `letters` of the nearest wording, `own` and `article` likelihood,
    `trust` for words that nothing here knows, and `fits`: whether it speaks of the decisive terms. Where a part of the
    sentence matches better than the whole, `score` is more than these parts make."""

    entry: str
    question: str
    kind: str
    passage: str
    wording: float
    letters: float
    own: float
    article: float
    trust: float
    fits: bool
    score: float
    answers: bool


@dataclass(frozen=True)
class Bench:
    """A question as it is read, and its candidates, best first."""

    text: str
    topic: str
    track: str | None
    clauses: tuple[str, ...]
    decisive: tuple[str, ...]
    tokens: tuple[tuple[str, float], ...]
    candidates: tuple[Candidate, ...]


def look(knowledge: Knowledge, text: str, limit: int = 10) -> Bench:
    """What the search makes of a question."""
    query = read_query(text, knowledge.vocabulary)
    weighted = knowledge.index.weighted(query.tokens)
    tokens = sorted(weighted.items(), key=lambda item: -item[1])
    nearest = {hit.owner: hit for hit in knowledge.index.search(query.tokens, NEAREST)}
    likely, articles = knowledge.likely.scores(weighted), knowledge.of_article.scores(weighted)
    trust = 1 - FOREIGN_COSTS * max(0.0, query.foreign - FOREIGN_FREE)
    candidates = []
    for ranked in rank(knowledge, query)[:limit]:
        hit = nearest.get(ranked.owner, NO_HIT)
        entry = knowledge.entries[ranked.owner]
        wording = OF_WORDING * hit.score
        letters = OF_LETTERS * fuzz.ratio(query.plain, hit.passage) / 100
        candidates.append(
            Candidate(
                entry.id, entry.question, entry.kind, ranked.passage or hit.passage, wording, letters, likely[entry.id],
                OF_ARTICLE * articles[knowledge.groups[entry.id]], trust, _fits(knowledge, query, ranked.owner, wording + letters),
                ranked.score, ranked.score >= ANSWER_FROM,
            )
        )  # fmt: skip
    return Bench(
        query.text, query.plain, query.track, tuple(str(label) for label in query.mentions), tuple(sorted(query.decisive)),
        tuple(tokens[:12]), tuple(candidates),
    )  # fmt: skip


def _fits(knowledge: Knowledge, query: Query, owner: str, near: float) -> bool:
    if knowledge.entries[owner].about == "chat":
        return near > CHAT_FROM
    return query.decisive <= knowledge.decisive[owner]


def made_of(candidate: Candidate) -> float:
    """The score that the parts make."""
    whole = candidate.wording + candidate.letters + candidate.own + candidate.article
    return candidate.trust * whole * (1 if candidate.fits or whole < 0 else SILENT_COUNTS)
