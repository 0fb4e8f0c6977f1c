"""Who asks: the FAQ sorted by the people whom an entry concerns, read from TOML and checked against the entries."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from knowledge.entries import Entry
from knowledge.regulation import DEFAULT, REGULATIONS, KnowledgeError


@dataclass(frozen=True)
class Audience:
    """One kind of reader, with the topics and single entries that concern it."""

    id: str
    title: str
    hint: str
    topics: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()

    def concerns(self, entry: Entry) -> bool:
        """Whether an entry of the FAQ is for these readers."""
        return entry.topic in self.topics or entry.id in self.entries


@cache
def load_audiences(regulation_id: str = DEFAULT) -> tuple[Audience, ...]:
    """The kinds of reader of a regulation; none where it has no such file. KnowledgeError if the file is not usable."""
    path = REGULATIONS / regulation_id / "audiences.toml"
    if not path.exists():
        return ()
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return tuple(
            Audience(a["id"], a["title"], a["hint"], tuple(a.get("topics", ())), tuple(a.get("entries", ())))
            for a in raw["audience"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"{path.name}: {error}; give id, title, hint, topics and entries") from error


def problems_of(audiences: Iterable[Audience], entries: Iterable[Entry]) -> list[str]:
    """One sentence for each topic or entry that does not exist, and for each entry that concerns nobody."""
    faq = [entry for entry in entries if entry.kind == "faq"]
    audiences = tuple(audiences)
    topics, ids = {entry.topic for entry in faq}, {entry.id for entry in faq}
    wrong = [f"{a.id}: there is no topic {t}" for a in audiences for t in a.topics if t not in topics]
    wrong += [f"{a.id}: there is no entry {e}" for a in audiences for e in a.entries if e not in ids]
    return wrong + [
        f"{entry.id}: concerns nobody; name it or its topic in audiences.toml"
        for entry in faq
        if not any(audience.concerns(entry) for audience in audiences)
    ]
