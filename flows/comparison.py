"""Both kinds of facility side by side on the same facts, and the ways to apply with what each would pay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from flows.fields import FIELDS
from flows.profile import Profile, contradictions
from flows.provisions import AnyOf, Rule
from flows.reading import Value
from flows.rules import Rules
from flows.screening import Screening, Status, judge, plain, screen
from flows.settling import Known, status_of
from flows.subsidy import Amounts, estimate
from knowledge.entries import TRACKS

Way = Literal["filing", "plaque"]


@dataclass(frozen=True)
class Cell:
    """What one kind of facility requires, what was said, and whether it is met; `asks` is empty where nothing is required."""

    asks: str = ""
    actual: str | None = None
    status: Status = "unknown"
    missing: str = ""


@dataclass(frozen=True)
class Row:
    """One requirement for both, in the order of TRACKS."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """The rows; each track's screening with how many of its requirements are met, unmet and not known; and what each way
    to apply would pay. `profiles` are what was known of each."""

    rows: tuple[Row, ...]
    screenings: Mapping[str, Screening]
    counts: Mapping[str, Mapping[Status, int]]
    ways: Mapping[Way, Amounts]
    other_support: Decimal | None


def compare(told: Mapping[str, Mapping[str, Value]], rules: Rules) -> Comparison:
    """`told` is what was said, by track and field; a fact that both ask about alike holds for both."""
    profiles = {track: _profile(track, told, rules) for track in TRACKS}
    screenings = {track: screen(profile, rules) for track, profile in profiles.items()}
    rules = rules.on(next(iter(profiles.values())).as_of)
    known = next(iter(profiles.values()))
    return Comparison(
        rows=tuple(_rows(profiles, rules)),
        screenings=screenings,
        counts={track: _counts(found) for track, found in screenings.items()},
        ways={
            "filing": estimate(known.model_copy(update={"plaque_route": False}), rules),
            "plaque": estimate(known.model_copy(update={"plaque_route": True}), rules),
        },
        other_support=known.other_platform_support_wan,
    )


def shared_fields(rules: Rules) -> frozenset[str]:
    """The fields of which both tracks ask the same fact: in the same words, or in words marked as alike."""
    first, second = ({f: rules.askings[t, f] for f in rules.fields_asked(t)} for t in TRACKS)
    return frozenset(f for f in first.keys() & second.keys() if first[f].alike or first[f] == second[f])


def shared_values(values: Mapping[str, Value], rules: Rules) -> dict[str, Value]:
    """Of what was said about one kind of facility, what holds for the other too."""
    shared = shared_fields(rules)
    return {field: value for field, value in values.items() if field in shared}


def _profile(track: str, told: Mapping[str, Mapping[str, Value]], rules: Rules) -> Profile:
    values: dict[str, Value] = {}
    for other in (*(t for t in TRACKS if t != track), track):
        said = told.get(other, {})
        own = dict(said) if other == track else shared_values(said, rules)
        values |= {field: value for field, value in own.items() if value is not None}
    for field in contradictions(
        values
    ):  # said at different times, of two facilities: not known rather than wrong
        values.pop(field)
    return Profile.model_validate({"track": track, **values})


def _rows(profiles: Mapping[str, Profile], rules: Rules) -> Iterator[Row]:
    """A row for each figure that one of them requires, one for the states, and one for the one-of group."""
    figures = {t: {r.field: r for r in _required(t, rules) if r.at_least is not None} for t in TRACKS}
    for field in dict.fromkeys(f for t in TRACKS for f in rules.fields_asked(t)):
        if any(field in figures[track] for track in TRACKS):
            cells = (_figure(figures[track].get(field), profiles[track]) for track in TRACKS)
            yield Row(FIELDS[field].title, tuple(cells))
    yield Row("以下条件之一", tuple(_one_of(track, profiles[track], rules) for track in TRACKS))


def _required(track: str, rules: Rules) -> Iterator[Rule]:
    for item in rules.items[track]:
        yield from (part for part in item.parts if isinstance(part, Rule))


def _figure(rule: Rule | None, profile: Profile) -> Cell:
    if rule is None or rule.at_least is None:
        return Cell()
    unit, value = FIELDS[rule.field].unit, getattr(profile, rule.field)
    asks, status = f"不少于{plain(rule.at_least)}{unit}", judge(rule, value)
    if value is None:
        return Cell(asks)
    missing = plain(rule.at_least - value) + unit if status == "unmet" else ""
    return Cell(asks, plain(value) + unit, status, missing)


def _one_of(track: str, profile: Profile, rules: Rules) -> Cell:
    group = next(part for item in rules.items[track] for part in item.parts if isinstance(part, AnyOf))
    return Cell(f"{len(group.parts)}项中符合1项", None, status_of(group, Known(dict(profile), frozenset())))


def _counts(found: Screening) -> Mapping[Status, int]:
    """Requirements that all must hold, by status; the alternatives count as the one requirement that they are."""
    statuses = [c.status for c in found.criteria if c.label.count(".") < 2]
    return {status: statuses.count(status) for status in ("met", "unmet", "unknown")}
