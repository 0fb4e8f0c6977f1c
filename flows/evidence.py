"""Which materials show that a requirement is met: those that its clause names, and those that an office usually looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flows.fields import FIELDS
from knowledge.entries import TRACKS
from knowledge.regulation import squeeze


@dataclass(frozen=True)
class Evidence:
    """Materials for one field. `named` are words of the clause; `suggested` are not written in the measure."""

    named: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()


def read_evidence(
    raw: Mapping[str, Any], clauses: Mapping[tuple[str, str], str]
) -> Mapping[tuple[str, str], Evidence]:
    """(track, field) -> its evidence, for the fields whose `clauses` are given as text. ValueError where an entry names
    no field or has no material, or where what is `named` does not stand in the clause."""
    if unknown := {*raw} - {*FIELDS}:
        raise ValueError(f"{', '.join(sorted(unknown))}: there is no such field in a profile")
    return MappingProxyType(
        {
            (track, field): _evidence(
                f"{field} of {track}", {**raw[field], **raw[field].get(track, {})}, text
            )
            for (track, field), text in clauses.items()
            if field in raw
        }
    )


def _evidence(where: str, entry: Mapping[str, Any], text: str) -> Evidence:
    if unknown := {*entry} - {"named", "suggested", *TRACKS}:
        raise ValueError(f"{where}: {', '.join(sorted(unknown))} is not part of an entry")
    found = Evidence(tuple(entry.get("named", ())), tuple(entry.get("suggested", ())))
    if not (found.named or found.suggested):
        raise ValueError(f"{where}: say what shows it")
    for name in found.named:
        if squeeze(name) not in squeeze(text):
            raise ValueError(f"{where}: {name!r} does not stand in its clause; copy it, or suggest it")
    return found
