"""The imported regulations: which one a question names, and the article of one in force that is nearest to a question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.citing import Citation
from knowledge.label import find_labels
from knowledge.particulars import Particulars, load_particulars, short_title
from knowledge.regulation import Clause, KnowledgeError, Regulation, parse
from knowledge.search import Index, Passage, tokens_of
from knowledge.text import normalise

if (
    TYPE_CHECKING
):  # the search on disk takes as long to import as a small program, and nobody has it who imported nothing
    from knowledge.statutes import Found, Statutes

INDEX = ".index"
TEXT = "regulation.txt"

NEAR_FROM = 0.2
"""The score on the fixed scale from which an article is shown for a question that names no regulation."""
NAMED_FROM = 0.1
"""The same for a question that names the regulation."""
PAIRS_FROM = 3
"""How many pairs of characters an article must share with a question that names no regulation: 你好 is one pair."""

SHORTEST_END = 6
"""How many characters of the end of a title name a regulation; 管理办法 is the end of many."""

_SUFFIX = re.compile(r"[（(](?:试行|暂行|\d{4}年?.{0,6})[）)]$")
_QUOTED = re.compile(r"[《〈]([^《》〈〉]+)[》〉]")


@dataclass(frozen=True)
class Library:
    """The imported regulations by the names of their folders, and the search over all their articles."""

    folder: Path
    particulars: Mapping[str, Particulars]
    statutes: "Statutes"

    def read(self, regulation_id: str) -> Regulation:
        """One of the regulations, parsed."""
        return _parsed(self.folder / regulation_id)

    def ended(self, regulation_id: str, day: date) -> tuple[date | None, str] | None:
        """If a regulation is not in force any more on a day: since when, and by which one's title, where known."""
        own = self.particulars[regulation_id]
        for other in self.particulars.values():
            since = other.in_force
            if own.title in other.repeals and since and (own.in_force or date.min) < since <= day:
                return since, other.title
        return (own.expires, "") if own.expires and own.expires < day else None

    def amendments(self, regulation_id: str, day: date) -> tuple[str, ...]:
        """The titles of imported regulations that amend this one, in force by the day and later than it."""
        own = self.particulars[regulation_id]
        names = names_of(own.title)
        return tuple(
            other.title
            for other in self.particulars.values()
            if names & {name for title in other.amends for name in names_of(title)}
            and (other.in_force is None or (own.in_force or date.min) < other.in_force <= day)
        )

    def is_in_force(self, regulation_id: str, day: date) -> bool:
        """Whether nothing says that a regulation is not in force on a day."""
        begun = self.particulars[regulation_id].in_force
        return (begun is None or begun <= day) and self.ended(regulation_id, day) is None


@cache
def _parsed(folder: Path) -> Regulation:
    return parse((folder / TEXT).read_text("utf-8"), folder.name)


def names_of(title: str) -> set[str]:
    """What a regulation is called: its title, without the state's name, without （试行）."""
    short = short_title(title)
    return {title, short, _SUFFIX.sub("", title), _SUFFIX.sub("", short)}


def imported(folder: Path) -> list[Path]:
    """The folders of the imported regulations."""
    return sorted(path.parent for path in folder.glob(f"*/{TEXT}") if not path.parent.name.startswith("."))


def rebuild(folder: Path) -> int:
    """Make the search over all imported regulations anew; how many articles it has."""
    from knowledge.statutes import StatuteArticle, build  # noqa: PLC0415

    articles: list[StatuteArticle] = []
    for path in imported(folder):
        title = load_particulars(path).title
        regulation = parse((path / TEXT).read_text("utf-8"), path.name)
        articles += [
            StatuteArticle(f"{path.name}:{c.label}", title, c.name, f"{c.chapter} {c.text}".strip())
            for c in regulation.articles()
        ]
    build(articles, folder / INDEX)
    return len(articles)


def load_library(folder: Path) -> Library | None:
    """The imported regulations of a folder, None where nothing was imported; KnowledgeError if they cannot be read."""
    if not (folder / INDEX).is_dir():
        return None
    from knowledge.statutes import Statutes  # noqa: PLC0415 - tantivy takes 20 ms to load, for nothing where nothing was imported

    particulars = {path.name: load_particulars(path) for path in imported(folder)}
    try:
        statutes = Statutes(folder / INDEX)
    except ValueError as error:
        raise KnowledgeError(f"{folder / INDEX}: {error}; run beian knowledge import once more") from error
    return Library(folder, particulars, statutes)


def named_in(library: Library, text: str, day: date) -> tuple[str, str] | None:
    """The imported regulation that a text (normalised) names, the one in force on the day before others, and the name used."""
    quoted = set(_QUOTED.findall(text))
    found = [
        (len(said), library.is_in_force(i, day), p.in_force or date.min, i, said)
        for i, p in library.particulars.items()
        for name in names_of(normalise(p.title))
        if (said := name if name in quoted else _said(name, text))
    ]
    if not found:
        return None
    longest = max(length for length, *_ in found)
    _, _, _, regulation_id, name = max(f for f in found if f[0] == longest)
    return regulation_id, name


def _said(name: str, text: str) -> str:
    """A regulation's name as a text has it: whole, or its end where that is long enough to tell (渡口管理办法)."""
    if (len(name) >= 3 and name in text) or f"{name}第" in text:  # 刑法第…条
        return name
    ends = (name[start:] for start in range(1, len(name) - SHORTEST_END + 1))
    return next((end for end in ends if end in text), "")


def clauses_asked(library: Library, regulation_id: str, text: str) -> tuple[list[Clause], list[str]]:
    """The clauses of a regulation that a text cites, and the names of those that it does not have."""
    regulation = library.read(regulation_id)
    labels = [mention.label for mention in find_labels(text)]
    found = [(label, regulation.find(label)) for label in labels]
    return [clause for _, clause in found if clause], [
        label.name for label, clause in found if clause is None
    ]


def nearest_in(library: Library, regulation_id: str, text: str) -> Clause | None:
    """The article of a regulation that is nearest to a text, if one is near at all."""
    hits = _index_of(library.folder / regulation_id).search(tokens_of(text.lower()), 1)
    if not hits or hits[0].score < NAMED_FROM:
        return None
    return library.read(regulation_id).clauses[hits[0].owner]


@cache
def _index_of(folder: Path) -> Index:
    articles = _parsed(folder).articles()
    return Index(Passage(c.label, c.text, tokens_of(f"{c.chapter} {c.text}".lower())) for c in articles)


def nearest(library: Library, text: str, day: date) -> tuple[str, Clause] | None:
    """The article nearest to a question that names no regulation, among those in force, if it is near enough."""
    pairs = {token for token in tokens_of(text.lower()) if len(token) == 2}
    for hit in library.statutes.search(text, 20):
        regulation_id = hit.article.id.partition(":")[0]
        shared = sum(pair in hit.article.text for pair in pairs)
        if hit.score >= NEAR_FROM and shared >= PAIRS_FROM and library.is_in_force(regulation_id, day):
            return regulation_id, _clause(library, hit)
    return None


def _clause(library: Library, hit: "Found") -> Clause:
    regulation_id, _, label = hit.article.id.partition(":")
    return library.read(regulation_id).clauses[label]


def cite_imported(library: Library, regulation_id: str, clause: Clause) -> Citation:
    """The citation of a clause of an imported regulation, named with its title."""
    title = library.particulars[regulation_id].title
    return Citation(regulation_id, clause.label, f"《{title}》{clause.name}", clause.text)
