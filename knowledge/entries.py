"""The hand-written knowledge beside the text: FAQ, silences and neighbouring topics, read from TOML and checked."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from knowledge.regulation import REGULATIONS, KnowledgeError, Regulation, squeeze

TRACKS: Mapping[str, str] = {"proof_of_concept": "概念验证中心", "pilot_base": "中试基地（平台）"}
"""The two kinds of facility and what the measure calls them."""

Kind = Literal["faq", "silence", "outside"]


@dataclass(frozen=True)
class Variant:
    """What an entry says, for one track or for both. `quotes` has, for a long clause, the verbatim slice to show."""

    says: str
    clauses: tuple[str, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One question that people have. A `faq` entry answers it with clauses; a `silence` says what the measure leaves
    open and who decides; an `outside` entry says that it is not this measure's business."""

    id: str
    kind: Kind
    topic: str
    question: str
    wordings: tuple[str, ...]
    common: Variant | None = None
    by_track: Mapping[str, Variant] = field(default_factory=dict)
    alike: bool = False
    see: tuple[str, ...] = ()
    decides: str = ""
    about: str = ""
    """Of an `outside` entry: neighbour, chat, instruct, opinion or forecast."""
    regression: str = ""
    """A question that must be answered by this entry and is none of its wordings."""
    expires: date | None = None
    """The last day on which the answer can be taken as checked."""
    version: int = 0
    """0 as the files have it; else the number of the draft that was published."""

    def variants(self) -> tuple[Variant, ...]:
        """All that the entry may say."""
        return (*((self.common,) if self.common else ()), *self.by_track.values())


def load_entries(regulation: Regulation) -> tuple[Entry, ...]:
    """All entries of a regulation's folder; KnowledgeError names the file, the entry and what is wrong."""
    folder = REGULATIONS / regulation.id
    files: list[tuple[Path, Kind]] = [(path, "faq") for path in sorted((folder / "faq").glob("*.toml"))]
    files += [(folder / "silences.toml", "silence"), (folder / "outside.toml", "outside")]
    entries = tuple(entry for path, kind in files if path.exists() for entry in _read(path, kind))
    problems = list(problems_of(entries, regulation))
    if problems:
        raise KnowledgeError("\n".join(problems))
    return entries


def _read(path: Path, kind: Kind) -> Iterator[Entry]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    table = "entry" if kind == "faq" else kind
    for number, item in enumerate(raw.get(table, []), 1):
        try:
            yield read_entry(item, kind)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise KnowledgeError(
                f"{path.name}: [[{table}]] number {number} ({item.get('id', 'no id')}): {error}"
            ) from error


_KNOWN = {
    "id",
    "topic",
    "question",
    "wordings",
    "answer",
    "says",
    "clauses",
    "quotes",
    "alike",
    "see",
    "decides",
    "kind",
    "regression",
    "expires",
    *TRACKS,
}


def read_entry(raw: Mapping[str, Any], kind: Kind, version: int = 0) -> Entry:
    """An entry from a table of the files; KeyError, TypeError, AttributeError or ValueError where it is none."""
    if unknown := set(raw) - _KNOWN:
        raise KeyError(f"unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KNOWN))}")
    return Entry(
        id=_text(raw, "id") or raw["id"],
        kind=kind,
        topic=_text(raw, "topic"),
        question=_text(raw, "question") or _texts(raw, "wordings")[0],
        wordings=_texts(raw, "wordings"),
        common=_variant(raw) if "answer" in raw or "says" in raw else None,
        by_track={track: _variant(raw[track]) for track in TRACKS if track in raw},
        alike=bool(raw.get("alike", False)),
        see=_texts(raw, "see"),
        decides=raw.get("decides", ""),
        about=raw.get("kind", ""),
        regression=_text(raw, "regression"),
        expires=_day(raw.get("expires")),
        version=version,
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    text = raw.get(name, "")
    if not isinstance(text, str):
        raise TypeError(f"{name} is no text")
    return text


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    texts = raw.get(name, ())
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{name} is no list of texts")
    if name == "wordings" and not texts:
        raise ValueError("wordings: give at least one")
    return tuple(texts)


def _day(raw: object) -> date | None:
    """A date of TOML, or as JSON has it."""
    return date.fromisoformat(raw) if isinstance(raw, str) else raw if isinstance(raw, date) else None


def _variant(raw: Mapping[str, Any]) -> Variant:
    says = raw.get("answer") or raw["says"]
    if not isinstance(says, str):
        raise TypeError("answer is no text")
    quotes = dict(raw.get("quotes", {}))
    if not all(isinstance(words, str) for words in quotes.values()):
        raise TypeError("a quotation is no text")
    return Variant(says, _texts(raw, "clauses"), quotes)


def problems_of(entries: Iterable[Entry], regulation: Regulation) -> Iterator[str]:
    """One sentence for each thing that is wrong: unknown clauses, quotations that are not verbatim, doubled wordings."""
    seen: dict[str, str] = {}
    ids: set[str] = set()
    entries = tuple(entries)
    for entry in entries:
        where = f"{entry.kind} {entry.id}"
        if entry.id in ids:
            yield f"{where}：条目名重复"
        ids.add(entry.id)
        if not entry.variants():
            yield f"{where}：没有写答复（answer 和 clauses，或两类平台各一份）"
        for variant in entry.variants():
            yield from _variant_problems(where, entry, variant, regulation)
        for wording in entry.wordings:
            if (other := seen.setdefault(squeeze(wording), entry.id)) != entry.id:
                yield f"{where}：问法“{wording}”在 {other} 里已有"
    for entry in entries:
        for other in entry.see:
            if other not in ids:
                yield f"{entry.kind} {entry.id}：参见的 {other} 不存在"


def _variant_problems(where: str, entry: Entry, variant: Variant, regulation: Regulation) -> Iterator[str]:
    if entry.kind == "faq" and not variant.clauses:
        yield f"{where}：答复没有依据的条款"
    for label in (*variant.clauses, *variant.quotes):
        if label not in regulation.clauses:
            yield f"{where}：没有条款 {label}"
    for label, quote in variant.quotes.items():
        if label in regulation.clauses and squeeze(quote) not in squeeze(regulation.clauses[label].text):
            yield f"{where}：{label} 的引文与原文不一致：{quote}"
