"""What is missing for a filing: how far from each threshold, what shows it, and the one response that settles most."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from flows.deadlines import ban_ends, day_after
from flows.evidence import Evidence
from flows.fields import FIELDS
from flows.profile import Profile
from flows.provisions import AnyOf, Requirement, Rule
from flows.rules import Rules
from flows.screening import Criterion, Screening, Status, screen
from flows.settling import Known as Responses
from flows.settling import status_of

Known = Literal["answered", "unclear", "unasked"]
"""Whether a figure was given, the user said 不清楚, or nobody asked (未核)."""


@dataclass(frozen=True)
class Gap:
    """One requirement that is not met or not known. `words` are the clause's own; `days` is how long to wait, where
    only a later day of application helps."""

    criterion: Criterion
    known: Known
    words: str
    evidence: Evidence
    days: int | None = None


@dataclass(frozen=True)
class Way:
    """One of several alternatives of which one suffices, and what it still lacks."""

    label: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class ItemPlan:
    """An item that is not met. `gaps` must all be closed, and one of `ways` taken; `nearest` is the label of the way
    with the least left to do, by what was said."""

    label: str
    status: Status
    gaps: tuple[Gap, ...]
    ways: tuple[Way, ...] = ()
    nearest: str | None = None

    @property
    def all_gaps(self) -> tuple[Gap, ...]:
        """Its gaps, those of the alternatives included."""
        return (*self.gaps, *(gap for way in self.ways for gap in way.gaps))


@dataclass(frozen=True)
class First:
    """The one response that would settle most, if it is favourable: the items that it settles, and how many gaps go."""

    field: str
    status: Status
    settles: tuple[str, ...]
    closes: int


@dataclass(frozen=True)
class GapPlan:
    """The items that are not met, in article order."""

    items: tuple[ItemPlan, ...]
    first: First | None


@dataclass(frozen=True)
class _Case:
    """What the plan is made from."""

    profile: Profile
    rules: Rules
    answered: frozenset[str]
    criteria: Mapping[tuple[str, str], Criterion]

    def gap(self, label: str, field: str, words: tuple[str, ...]) -> Gap:
        value = getattr(self.profile, field)
        known: Known = "answered" if value is not None else "unclear" if field in self.answered else "unasked"
        shown = self.rules.evidence.get((self.profile.track, field), Evidence())
        criterion = self.criteria[label, field]
        days = _days(self.profile, self.rules) if criterion.status == "unmet" and field in _DATED else None
        return Gap(criterion, known, "……".join(words), shown, days)

    def gaps(self, requirement: Requirement) -> tuple[Gap, ...]:
        return tuple(self.gap(r.label, r.field, r.words) for r in _open(requirement, self.profile))


_DATED = ("as_of", "revoked_on")
"""The fields of articles 18 and 20 whose requirement is met by waiting."""


def plan_gaps(profile: Profile, rules: Rules, answered: frozenset[str] = frozenset()) -> GapPlan:
    """The plan of a profile. `answered` are the fields that were asked: None there is 不清楚, elsewhere 未核."""
    screening, rules = screen(profile, rules), rules.on(profile.as_of)
    case = _Case(profile, rules, answered, {(c.label, c.field): c for c in screening.criteria})
    items = tuple(_item(case, label, status) for label, status in screening.items if status != "met")
    return GapPlan(items, _first(case, screening, items))


def _item(case: _Case, label: str, status: Status) -> ItemPlan:
    item = next((item for item in case.rules.items[case.profile.track] if item.label == label), None)
    if item is None:
        provision = case.rules.ban if label == case.rules.ban.label else case.rules.in_force
        fields = (field for of, field in case.criteria if of == label)
        return ItemPlan(label, status, tuple(case.gap(label, field, provision.words) for field in fields))
    needed = tuple(gap for part in item.parts if not isinstance(part, AnyOf) for gap in case.gaps(part))
    for group in item.parts:
        if isinstance(group, AnyOf) and _status(group, case.profile) != "met":
            ways = tuple(Way(way.label, case.gaps(way)) for way in group.parts)
            return ItemPlan(label, status, needed, ways, _nearest(group, case.profile))
    return ItemPlan(label, status, needed)


def _status(requirement: Requirement, profile: Profile) -> Status:
    return status_of(requirement, Responses(dict(profile), frozenset()))


def _open(requirement: Requirement, profile: Profile) -> Iterator[Rule]:
    """The rules that are not met, without those that a met alternative makes needless."""
    if _status(requirement, profile) == "met":
        return
    if isinstance(requirement, Rule):
        yield requirement
        return
    for part in requirement.parts:
        yield from _open(part, profile)


def _nearest(group: AnyOf, profile: Profile) -> str | None:
    """The alternative with the least share left, by what was said; None where nothing can be compared."""
    left = {way.label: _left(way, profile) for way in group.parts}
    known = {label: share for label, share in left.items() if share is not None and share < 1}
    return min(known, key=known.__getitem__) if known else None


def _left(requirement: Requirement, profile: Profile) -> Decimal | None:
    """The share of a requirement that is missing, from 0 (met) to 1 (nothing there); None where it is not known."""
    if isinstance(requirement, Rule):
        value = getattr(profile, requirement.field)
        if requirement.at_least is None or value is None:
            return None
        return max(Decimal(0), 1 - Decimal(value) / requirement.at_least)
    shares = [_left(part, profile) for part in requirement.parts]
    known = [share for share in shares if share is not None]
    if isinstance(requirement, AnyOf):
        return min(known, default=None)
    return max(known) if len(known) == len(shares) else None


def _days(profile: Profile, rules: Rules) -> int | None:
    """How many days after the day of application one may apply; None where no later day of the period is free."""
    free = _free_day(profile, rules)
    if profile.as_of is None or free is None:
        return None
    return (free - profile.as_of).days


def _free_day(profile: Profile, rules: Rules) -> date | None:
    """The first day from the day of application on that neither a ban nor the period in force forbids."""
    days = [rules.in_force.first]
    if profile.as_of is not None:
        days.append(profile.as_of)
    if profile.revoked_on is not None and profile.previously_revoked is not False:
        days.append(day_after(ban_ends(profile.revoked_on, rules.ban.years)))
    return max(days) if max(days) <= rules.in_force.last else None


def _first(case: _Case, before: Screening, items: tuple[ItemPlan, ...]) -> First | None:
    """The response that settles most items, then closes most gaps, then leaves fewest in its item; what only has to be
    answered goes before what has to be mended."""
    found: list[tuple[tuple[int, int, int, bool], First]] = []
    for item in items:
        for gap in item.all_gaps:
            field, status = gap.criterion.field, gap.criterion.status
            if (value := _favourable(case, gap)) is None:
                continue
            profile = case.profile.model_copy(update={field: value})
            after = screen(profile, case.rules)
            now = dict(after.items)
            changed = (label for label, was in before.items if now[label] not in (was, "unknown"))
            first = First(field, status, tuple(changed), len(before.open) - len(after.open))
            found.append(((len(first.settles), first.closes, -len(item.gaps), status == "unknown"), first))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _favourable(case: _Case, gap: Gap) -> object:
    """The value with which the requirement would be met; None where no response settles it."""
    field = gap.criterion.field
    match field:
        case "as_of":
            return _free_day(case.profile, case.rules)
        case "previously_revoked":
            # A revocation without its date is settled by the date, whatever that is.
            return False if case.profile.previously_revoked is None else None
        case "revoked_on":
            return None  # the day is what it is; only waiting helps
    rule = next(r for r in case.rules.of_field(case.profile.track, field) if r.label == gap.criterion.label)
    if getattr(case.profile, field) in rule.open:
        return None  # the office decides whether the kind counts
    if rule.at_least is not None:
        return int(rule.at_least) if FIELDS[field].kind == "count" else rule.at_least
    return rule.among[0] if rule.among else True
