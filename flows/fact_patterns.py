"""The words by which people state facts, read from facts.toml: nouns, states, and what qualifies a figure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from flows.rules import FOLDER
from knowledge.quantity import Quantity


@dataclass(frozen=True)
class Kind:
    """One kind of fact: which quantities it takes, near which nouns, and the profile's field for each track; or the
    `flag` that a count of one or more sets."""

    id: str
    kind: str
    nouns: tuple[str, ...]
    fields: Mapping[str, str]
    when: str = ""
    measure: re.Pattern[str] | None = None
    loose: re.Pattern[str] | None = None
    sums: bool = False
    strong: bool = False
    part_nouns: tuple[str, ...] = ()
    flag: str = ""
    yearly: bool = False


@dataclass(frozen=True)
class Noun:
    """A noun of a kind of fact in a text, with its span; `part` if it names only a part of what the kind is."""

    kind: Kind
    start: int
    end: int
    part: bool


@dataclass(frozen=True)
class Patterns:
    """The data of facts.toml."""

    kinds: tuple[Kind, ...]
    flags: Mapping[str, Mapping[bool, re.Pattern[str]]]
    zeros: Mapping[str, re.Pattern[str]]
    same: Mapping[str, tuple[str, re.Pattern[str]]]
    minus: Mapping[str, tuple[str, re.Pattern[str]]]
    words: Mapping[str, re.Pattern[str]]
    raw: Mapping[str, Any]
    lexicons: Mapping[str, tuple[re.Pattern[str], Mapping[str, tuple[Kind, ...]]]]
    """For each mode all nouns as one pattern, the longest first, and the kinds under each noun."""

    @property
    def kept(self) -> frozenset[str]:
        """The kinds that say something of a profile; the others only keep their quantities from being taken for these."""
        return frozenset(kind.id for kind in self.kinds if kind.fields or kind.flag)

    def nouns_in(self, text: str, mode: str) -> tuple[Noun, ...]:
        """The nouns of a text: where one stands inside another (合同 in 采购合同), only the longer."""
        pattern, kinds = self.lexicons[mode]
        return tuple(
            Noun(kind, *m.span(), m[0] in kind.part_nouns)
            for m in pattern.finditer(text)
            for kind in kinds[m[0]]
        )

    def loose_kind(self, text: str, quantity: Quantity, mode: str) -> Kind | None:
        """The kind that takes a quantity of nothing in particular: an area, so many people, so many projects."""
        start, end = quantity.start, quantity.end
        figure = quantity.text.removesuffix(quantity.unit) if quantity.kind == "count" else quantity.text
        around = text[max(0, start - 8) : start] + "◆" + quantity.text[len(figure) :] + text[end : end + 8]
        return next(
            (
                k for k in self.kinds
                if k.loose and k.kind == quantity.kind and k.when in {"", mode} and k.loose.search(around)
            ),
            None,
        )  # fmt: skip


@cache
def load_patterns() -> Patterns:
    """The patterns of facts.toml."""
    raw = tomllib.loads((FOLDER / "facts.toml").read_text("utf-8"), parse_float=Decimal)
    kinds = tuple(_kind(entry) for entry in raw["fact"])
    return Patterns(
        kinds,
        {
            name: {word == "true": _any_of(entry[word]) for word in ("true", "false") if word in entry}
            for name, entry in raw["flags"].items()
        },
        {name: _any_of(says) for name, says in raw["zeros"].items()},
        {name: (entry["as"], _any_of(entry["says"])) for name, entry in raw["same"].items()},
        {name: (entry["less"], _any_of(entry["says"])) for name, entry in raw["minus"].items()},
        {name: re.compile(words) for name, words in raw["words"].items()},
        raw,
        {mode: _lexicon(kinds, mode) for mode in ("condition", "subsidy")},
    )


def _kind(entry: Mapping[str, Any]) -> Kind:
    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key]) if key in entry else None

    return Kind(
        entry["id"], entry["kind"], tuple(entry["nouns"]), entry.get("fields", {}), entry.get("when", ""),
        pattern("measure"), pattern("loose"), entry.get("sums", False), entry.get("strong", False),
        tuple(entry.get("part_nouns", ())), entry.get("flag", ""), entry.get("yearly", False),
    )  # fmt: skip


def _lexicon(kinds: tuple[Kind, ...], mode: str) -> tuple[re.Pattern[str], Mapping[str, tuple[Kind, ...]]]:
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in kinds:
        if kind.when in {"", mode}:
            for noun in (*kind.nouns, *kind.part_nouns):
                found[noun] = (*found.get(noun, ()), kind)
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True)))), found


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=len, reverse=True)))
