"""A draft as a form: an entry's table of the FAQ's files spread over text fields, and read from them again."""

from collections.abc import Mapping
from typing import Any

from knowledge.entries import TRACKS, Entry, Variant

PARTS: Mapping[str, str] = {"": "", **{track: f"_{track}" for track in TRACKS}}
"""What a field's name ends in, for what is said alike of both facilities and of each."""


def fields_of(entry: Entry) -> dict[str, str]:
    """The fields that show an entry."""
    shown = {
        "id": entry.id, "topic": entry.topic, "question": entry.question, "wordings": "\n".join(entry.wordings),
        "see": " ".join(entry.see), "regression": entry.regression, "expires": str(entry.expires or ""),
    }  # fmt: skip
    for track, end in PARTS.items():
        variant = entry.by_track.get(track) if track else entry.common
        shown |= _variant_fields(variant, end)
    return shown


def _variant_fields(variant: Variant | None, end: str) -> dict[str, str]:
    if variant is None:
        return {}
    quotes = "\n".join(f"{label} {words}" for label, words in variant.quotes.items())
    return {
        f"answer{end}": variant.says,
        f"clauses{end}": " ".join(variant.clauses),
        f"quotes{end}": quotes,
    }


def content_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The table that the fields say; what is left empty is not in it."""
    given = {name: value.strip() for name, value in form.items()}
    content: dict[str, Any] = {
        name: given[name] for name in ("id", "topic", "question", "regression", "expires") if given.get(name)
    }
    content["wordings"] = _lines(given.get("wordings", ""))
    if see := given.get("see", "").split():
        content["see"] = see
    for track, end in PARTS.items():
        if variant := _variant(given, end):
            content.update(variant) if not track else content.__setitem__(track, variant)
    if "answer" in content and any(track in content for track in TRACKS):
        content["alike"] = True
    return content


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _variant(given: Mapping[str, str], end: str) -> dict[str, Any]:
    answer = given.get(f"answer{end}", "")
    if not answer:
        return {}
    labels = given.get(f"clauses{end}", "").replace("、", " ").replace("，", " ").split()
    variant: dict[str, Any] = {"answer": answer, "clauses": labels}
    if quotes := dict(_quote(line) for line in _lines(given.get(f"quotes{end}", ""))):
        variant["quotes"] = quotes
    return variant


def _quote(line: str) -> tuple[str, str]:
    label, _, words = line.partition(" ")
    return label, words.strip()
