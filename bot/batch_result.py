"""A row's outcome as the public interface has it: a JSON object, its line, or a sheet's cells."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from flows.profile import ProfileError
from flows.screening import Criterion, Said, Screening

COLUMNS = (
    "id", "verdict", "unmet", "unknown", "route", "construction_wan", "operating_wan", "first_year_wan",
    "additional_wan", "criteria", "notices", "error",
)  # fmt: skip
Outcome = Screening | ProfileError


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The result, or the row's id with what is wrong by field."""
    if isinstance(outcome, ProfileError):
        return {"id": outcome.profile_id, "error": outcome.errors}
    return outcome.as_json()


def as_line(outcome: Outcome) -> bytes:
    """The result as a line of JSON in UTF-8."""
    if isinstance(outcome, ProfileError):
        return to_json(as_json(outcome)) + b"\n"
    head = to_json(outcome.summary()).removesuffix(b"}")
    criteria, notices = (b",".join(map(_part_line, parts)) for parts in (outcome.criteria, outcome.notices))
    return b'%b,"criteria":[%b],"notices":[%b],"error":null}\n' % (head, criteria, notices)


@lru_cache(maxsize=10_000)
def _part_line(part: Criterion | Said) -> bytes:
    """A criterion or a notice: most of a row's have stood in a row before."""
    return to_json(part.as_json())


def as_cells(outcome: Outcome) -> list[str]:
    """The result as cells in the order of COLUMNS, lists joined by `;`."""
    result = as_json(outcome)
    return [_cell(result.get(name)) for name in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ";".join(f"{field}: {reason}" for field, reason in value.items())
    if isinstance(value, list):
        return ";".join(_part(part) for part in value)
    return str(value)


def _part(part: object) -> str:
    """A label, or a criterion or notice in short: its values apart by spaces."""
    if isinstance(part, Mapping):
        return " ".join(str(value) for value in part.values() if value is not None)
    return str(part)
