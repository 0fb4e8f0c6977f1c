"""The records of the law as data: requirements in a tree of all and any, subsidies, the ban, the period in force."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from flows.fields import FIELDS


@dataclass(frozen=True, eq=False)
class Rule:
    """One requirement on one field: at least a figure, one of some choices, or (neither given) yes.

    A rule is itself alone, whatever stands in it: so it can be a key without its words being hashed.
    `words` are verbatim slices of clause `label`. `open` are choices that the clause's list neither names nor excludes.
    """

    label: str
    field: str
    words: tuple[str, ...]
    track: str | None = None
    at_least: Decimal | None = None
    among: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    either: bool = False

    @cached_property
    def required(self) -> str:
        """The requirement in short, as a result shows it."""
        if self.at_least is not None:
            return f"≥ {self.at_least:f}"
        if self.among:
            choices = FIELDS[self.field].choices
            return "、".join(choices[value] for value in self.among)
        return "是"


@dataclass(frozen=True)
class AllOf:
    """Requirements that must all hold. The label is the clause that says so."""

    label: str
    parts: tuple["Requirement", ...]


@dataclass(frozen=True)
class AnyOf:
    """Requirements of which one suffices."""

    label: str
    parts: tuple["Requirement", ...]


Requirement = Rule | AllOf | AnyOf


@dataclass(frozen=True)
class Unasked:
    """Words of a clause that no question asks an applicant about, and why not."""

    label: str
    words: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Provision:
    """A clause that is no requirement of articles 8 to 10, its words, and the fields whose questions rest on it."""

    label: str
    words: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class InForce(Provision):
    """The first and the last day on which the measure is in force."""

    first: date
    last: date


@dataclass(frozen=True)
class Ban(Provision):
    """For how many years after a revocation nobody may apply again."""

    years: int


@dataclass(frozen=True)
class Subsidy(Provision):
    """A percentage of a base, up to a cap in 万元."""

    percent: Decimal
    cap_wan: Decimal


@dataclass(frozen=True)
class Asking:
    """How a field is asked about: by track, or alike for both under the track's name None."""

    field: str
    text: str
    help: str = ""
    at_most: Decimal | None = None
    alike: bool = False
    """The words differ by track, and yet the same fact is asked about."""


@dataclass(frozen=True)
class Notice:
    """What a result says beside its verdict; `text` may hold {placeholders} that screening fills."""

    name: str
    label: str
    text: str


def leaves(requirement: Requirement) -> tuple[Rule, ...]:
    """The rules of a requirement, in the clause's order."""
    if isinstance(requirement, Rule):
        return (requirement,)
    return tuple(rule for part in requirement.parts for rule in leaves(part))
