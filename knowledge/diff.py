"""Two versions of a regulation clause by clause: added, removed, renumbered, changed, with the words that changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz import fuzz

from knowledge.regulation import Clause, Regulation, squeeze

SAME_ARTICLE = 55
"""How alike (of 100) two articles must be to be one article in two versions."""

ChangeKind = Literal["added", "removed", "renumbered", "changed"]

_WORD = re.compile(r"\d+(?:\.\d+)?|[a-zA-Z]+|[〇一二三四五六七八九十百千万亿]+|.", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """A clause of the old version, of the new one, or one in both; `old` and `new` are None where it does not stand."""

    kind: ChangeKind
    old: Clause | None
    new: Clause | None

    @property
    def marked(self) -> str:
        """The words of the clause: [-gone-] and {+new+} of what changed."""
        return mark(self.old.own if self.old else "", self.new.own if self.new else "")


def compare(old: Regulation, new: Regulation) -> list[Change]:
    """What differs, in the order of the new version, each removed clause where it stood. A clause is compared by its own
    words, so that a change in an item is none of its article."""
    pairs = _articles_paired(old, new)
    changes: list[Change] = []
    for before, after in pairs:
        changes += _compared(old, new, before, after)
    return changes


def _articles_paired(old: Regulation, new: Regulation) -> list[tuple[Clause | None, Clause | None]]:
    """The articles of both versions in pairs: those alike enough, first under the same number, then the most alike."""
    left = {a.label: a for a in old.articles()}
    right = {a.label: a for a in new.articles()}
    alike = sorted(
        (
            (
                fuzz.ratio(a.text, b.text) + (5 if a.label == b.label else 0),
                b.label == a.label,
                a.label,
                b.label,
            )
            for a in left.values()
            for b in right.values()
            if fuzz.ratio(a.text, b.text, score_cutoff=SAME_ARTICLE)
        ),
        reverse=True,
    )
    partner: dict[str, str] = {}
    for _, _, a, b in alike:
        if a not in partner and b not in partner.values():
            partner[a] = b
    paired: list[tuple[Clause | None, Clause | None]] = [
        (left[a], right[b]) for b in right for a in left if partner.get(a) == b
    ]
    places = {label: n for n, label in enumerate(right)}
    rows: list[tuple[float, Clause | None, Clause | None]] = [
        (places[b.label] + 0.5, a, b) for a, b in paired if b
    ]
    rows += [(places[b] + 0.5, None, right[b]) for b in right if b not in partner.values()]
    last = -1.0
    for a, article in left.items():  # a removed article stands after the one before it
        if a in partner:
            last = places[partner[a]] + 0.6
        else:
            rows.append((last, article, None))
    return [(a, b) for _, a, b in sorted(rows, key=lambda row: row[0])]


def _compared(
    old: Regulation, new: Regulation, before: Clause | None, after: Clause | None
) -> Iterator[Change]:
    """The differences within one article."""
    if before is None or after is None:
        yield Change("removed" if after is None else "added", before, after)
        return
    if before.label != after.label:
        yield Change("renumbered", before, after)
    left, right = _by_place(old, before), _by_place(new, after)
    if "p1" in left and "" in right:  # the only paragraph of one version is the first of several in the other
        right["p1"] = right.pop("")
    elif "p1" in right and "" in left:
        left["p1"] = left.pop("")
    for place in dict.fromkeys([*right, *left]):
        one, other = left.get(place), right.get(place)
        if one is None or other is None:
            yield Change("removed" if other is None else "added", one, other)
        elif squeeze(one.own) != squeeze(other.own):
            yield Change("changed", one, other)


def _by_place(regulation: Regulation, article: Clause) -> dict[str, Clause]:
    """The clauses of an article that have words of their own, by where in it they stand."""
    return {c.label.removeprefix(article.label): c for c in _parts(regulation, article) if c.own}


def _parts(regulation: Regulation, clause: Clause) -> Iterator[Clause]:
    yield clause
    for child in clause.children:
        yield from _parts(regulation, regulation.clauses[child])


def mark(old: str, new: str) -> str:
    """A text in two versions as one: [-gone-] and {+new+}, numbers whole."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    parts: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts += before[a:b]
            continue
        parts += [f"[-{''.join(before[a:b])}-]"] * (b > a) + [f"{{+{''.join(after[c:d])}+}}"] * (d > c)
    return "".join(parts)
