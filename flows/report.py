"""One applicant's report as a record, and its receipt: a hash of what was told, the day and the version of the rules."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.fields import FIELDS
from flows.gap_plan import GapPlan, plan_gaps
from flows.profile import Profile, read_row
from flows.rules import Rules
from flows.schedule import Schedule, plan_years
from flows.screening import Screening, plain, screen

RECEIPT_DIGITS = 32
"""Hexadecimal figures of a receipt: 128 bits."""


@dataclass(frozen=True)
class Report:
    """Everything that a report says. `answered` are the fields that were asked: None there is 不清楚, elsewhere 未核."""

    profile: Profile
    answered: frozenset[str]
    made_on: date
    screening: Screening
    plan: GapPlan
    schedule: Schedule
    receipt: str


def make_report(
    profile: Profile, rules: Rules, made_on: date, answered: frozenset[str] = frozenset()
) -> Report:
    """The report of a profile on a day."""
    profile = profile.model_copy(update={"id": _one_line(profile.id)})
    answered |= {field for field in FIELDS if getattr(profile, field) is not None}
    screening = screen(profile, rules)
    return Report(
        profile=profile,
        answered=answered,
        made_on=made_on,
        screening=screening,
        plan=plan_gaps(profile, rules, answered),
        schedule=plan_years(profile, rules),
        receipt=receipt_of(inputs_of(profile, answered), made_on, screening.version),
    )


def inputs_of(profile: Profile, answered: frozenset[str]) -> dict[str, str | bool | None]:
    """What was told, field by field, as it is hashed and kept in a file: figures as plain text, dates YYYY-MM-DD, None
    where the user said 不清楚."""
    return {field: _written(getattr(profile, field)) for field in FIELDS if field in answered}


def read_inputs(inputs: Mapping[str, str | bool | None]) -> tuple[Profile, frozenset[str]]:
    """The profile and the answered fields of what `inputs_of` wrote; ProfileError where it is bad."""
    # Figures are kept as text so that they stay exact; a sheet's reader takes text for every kind.
    profile = read_row({name: value for name, value in inputs.items() if value is not None})
    return profile, frozenset(inputs)


def receipt_of(inputs: Mapping[str, str | bool | None], made_on: date, version: str) -> str:
    """The receipt: the same inputs, day and version always give the same one. It is no signature: whoever has the
    program can make one."""
    hashed = {"inputs": dict(inputs), "made_on": made_on.isoformat(), "rules": version}
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:RECEIPT_DIGITS]


def _written(value: object) -> str | bool | None:
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else plain(value)  # type: ignore[arg-type]


def _one_line(text: str | None) -> str | None:
    """An id without line ends and control characters, which no document can show; None if nothing is left of it."""
    if text is None:
        return None
    return " ".join("".join(char if char.isprintable() else " " for char in text).split()) or None
