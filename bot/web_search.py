"""Full-text search over the clauses and the FAQ: what a query and a text have in common is found and marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.answer import search_entries
from knowledge.entries import Entry
from knowledge.ranking import Knowledge
from knowledge.regulation import Clause
from knowledge.text import normalise

LONGEST = 100
"""Characters of a query that are looked at."""

SNIPPET = 90
"""Characters around the first hit that are shown of a long clause."""


@dataclass(frozen=True)
class Part:
    """A part of a text, and whether it stands in the query too."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Found:
    """A clause or an FAQ entry with its marked text; `share` is how much of the query it has, 0 to 1."""

    label: str
    title: str
    parts: tuple[Part, ...]
    share: float


def mark(query: str, text: str) -> tuple[tuple[Part, ...], float]:
    """The text with the longest pieces of the query marked, two characters at least (one if the query has no more), and
    the share of the query that was found."""
    if not query.strip():
        return (Part(text, hit=False),), 0.0
    wanted = [word for word in normalise(query)[:LONGEST].split() if word]
    lowered = text.lower()
    hits = [False] * len(text)
    found = 0
    for word in wanted:
        found += _mark_word(word.lower(), lowered, hits)
    total = sum(len(word) for word in wanted)
    return _parts(text, hits), found / total if total else 0.0


def _mark_word(word: str, text: str, hits: list[bool]) -> int:
    """Mark the pieces of one word, the longest first; how many of its characters were found."""
    shortest = min(2, len(word))
    start = found = 0
    while start <= len(word) - shortest:
        end = next((e for e in range(len(word), start + shortest - 1, -1) if word[start:e] in text), 0)
        if not end:
            start += 1
            continue
        piece, place = word[start:end], -1
        while (place := text.find(piece, place + 1)) >= 0:
            hits[place : place + len(piece)] = [True] * len(piece)
        found += len(piece)
        start = end
    return found


def _parts(text: str, hits: list[bool]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for letter, hit in zip(text, hits, strict=True):
        if parts and parts[-1].hit == hit:
            parts[-1] = Part(parts[-1].text + letter, hit)
        else:
            parts.append(Part(letter, hit))
    return tuple(parts)


def search_clauses(clauses: Iterable[Clause], query: str, limit: int = 30) -> tuple[Found, ...]:
    """The clauses that have a good part of a query in their own words, the most of it first, then in reading order."""
    found = []
    for clause in clauses:
        own = clause.own.strip()
        parts, share = mark(query, own)
        if own and share >= _ENOUGH:
            found.append(Found(clause.label, clause.name, _snippet(parts), share))
    return tuple(sorted(found, key=lambda hit: -hit.share)[:limit])


_ENOUGH = 0.5


def _snippet(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A long text cut around its first hit."""
    before = parts[0].text if parts and not parts[0].hit else ""
    if len(before) <= SNIPPET // 2:
        return parts
    return (Part("…" + before[-SNIPPET // 2 :], hit=False), *parts[1:])


def search_faq(
    knowledge: Knowledge, query: str, limit: int = 20
) -> tuple[tuple[Entry, tuple[Part, ...]], ...]:
    """The FAQ entries nearest to a query, those that only share its words after them; each question marked."""
    near = search_entries(knowledge, query)
    worded = [
        (share, entry)
        for entry in knowledge.entries.values()
        if entry.kind == "faq" and (share := mark(query, entry.question)[1]) >= _ENOUGH
    ]
    by_words = [entry for _, entry in sorted(worded, key=lambda pair: -pair[0])]
    entries = list(dict.fromkeys(entry.id for entry in (*near, *by_words)))[:limit]
    return tuple((knowledge.entries[e], mark(query, knowledge.entries[e].question)[0]) for e in entries)
