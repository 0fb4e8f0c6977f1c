"""Which fields can still change an unsettled item: what the questionnaire needs to ask, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from flows.fields import FIELDS
from flows.provisions import AllOf, AnyOf, Requirement, Rule, leaves
from flows.reading import Value
from flows.screening import Status, judge

_UNMET, _UNKNOWN, _MET = range(3)
_RANK: Mapping[Status, int] = {"unmet": _UNMET, "unknown": _UNKNOWN, "met": _MET}

Effect = tuple[int, int, int]
"""A requirement's status when the probed field turns out unmet, unknown, met: a function written out as a table."""


@dataclass(frozen=True)
class Known:
    """What is known of the fields: their values, and those that may still be asked."""

    values: Mapping[str, Value]
    open_fields: frozenset[str]


def status_of(requirement: Requirement, known: Known) -> Status:
    """A requirement's status, every open field taken as unknown."""
    if isinstance(requirement, Rule):
        return judge(requirement, known.values.get(requirement.field))
    ranks = [_RANK[status_of(part, known)] for part in requirement.parts]
    rank = max(ranks) if isinstance(requirement, AnyOf) else min(ranks)
    return ("unmet", "unknown", "met")[rank]


def fields_that_matter(requirements: Iterable[Requirement], known: Known) -> frozenset[str]:
    """The open fields that can still change the status of one of the requirements that is unknown."""
    return frozenset(
        rule.field
        for requirement in requirements
        if status_of(requirement, known) == "unknown"
        for rule in leaves(requirement)
        if rule.field in known.open_fields and _can_change(requirement, known, rule.field)
    )


def parts_of_unmet(items: Iterable[AllOf], known: Known) -> tuple[Requirement, ...]:
    """The requirements of unmet items, one by one: what else may be missing there."""
    return tuple(part for item in items if status_of(item, known) == "unmet" for part in item.parts)


def _can_change(requirement: Requirement, known: Known, field: str) -> bool:
    """Whether, for some outcome of the other open fields, this one makes a difference.

    Each field occurs once in an item, so the outcomes of its parts are independent and can be combined freely.
    """
    return any(len(set(effect)) > 1 for effect in _effects(requirement, known, field))


def _effects(requirement: Requirement, known: Known, probed: str) -> frozenset[Effect]:
    if isinstance(requirement, Rule):
        return _effects_of_rule(requirement, known, probed)
    choose = max if isinstance(requirement, AnyOf) else min
    effects: frozenset[Effect] | None = None
    for part in requirement.parts:
        own = _effects(part, known, probed)
        if effects is None:
            effects = own
        else:
            effects = frozenset(
                (choose(a[0], b[0]), choose(a[1], b[1]), choose(a[2], b[2])) for a, b in product(effects, own)
            )
    return effects or frozenset()


def _effects_of_rule(rule: Rule, known: Known, probed: str) -> frozenset[Effect]:
    if rule.field not in known.open_fields:
        rank = _RANK[judge(rule, known.values.get(rule.field))]
        return frozenset({(rank, rank, rank)})
    can_fail = not rule.among or bool({*FIELDS[rule.field].choices} - {*rule.among} - {*rule.open})
    worst = _UNMET if can_fail else _UNKNOWN
    if rule.field == probed:
        return frozenset({(worst, _UNKNOWN, _MET)})
    return frozenset((rank, rank, rank) for rank in {worst, _UNKNOWN, _MET})
