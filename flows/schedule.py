"""Support over the years: construction once, operation each year, from the day of application to the end of the measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.deadlines import is_in_force
from flows.profile import Profile
from flows.rules import Rules
from flows.screening import Said
from flows.subsidy import estimate, round_wan


@dataclass(frozen=True)
class Year:
    """One calendar year, from `first` to `last` within the period, in 万元. None is not known; `most` is what the caps
    allow at the most."""

    first: date
    last: date
    construction: Decimal | None
    operating: Decimal | None
    most: Decimal

    @property
    def total(self) -> Decimal | None:
        """Both together; None if either is not known."""
        if self.construction is None or self.operating is None:
            return None
        return self.construction + self.operating


@dataclass(frozen=True)
class Schedule:
    """The years, and what is to be said beside them: the premises and what the measure does not settle."""

    years: tuple[Year, ...]
    notes: tuple[Said, ...]

    @property
    def total(self) -> Decimal | None:
        """All years together; None if one is not known."""
        known = [year.total for year in self.years if year.total is not None]
        return sum(known, Decimal("0.00")) if len(known) == len(self.years) else None

    @property
    def most(self) -> Decimal:
        """What the caps allow in all years together."""
        return sum((year.most for year in self.years), Decimal("0.00"))


def plan_years(profile: Profile, rules: Rules) -> Schedule:
    """The years of a profile; none where the day of application is not known or not in the period in force."""
    rules = rules.on(profile.as_of)
    years = tuple(_years(profile, rules))
    return Schedule(years, tuple(_notes(profile, rules, years)))


def _years(profile: Profile, rules: Rules) -> Iterator[Year]:
    begin, end = profile.as_of, rules.in_force.last
    if begin is None or not is_in_force(begin, rules.in_force):
        return
    amounts = estimate(profile, rules)
    for year in range(begin.year, end.year + 1):
        is_first = year == begin.year
        once = Decimal(0) if profile.plaque_route or not is_first else rules.construction.cap_wan
        yield Year(
            first=max(begin, date(year, 1, 1)),
            last=min(end, date(year, 12, 31)),
            construction=amounts.construction if is_first else Decimal("0.00"),
            operating=amounts.operating,
            most=round_wan(once + rules.operating.cap_wan),
        )


def _notes(profile: Profile, rules: Rules, years: tuple[Year, ...]) -> Iterator[Said]:
    def said(name: str, **values: object) -> Said:
        notice = rules.notices[name]
        return Said(notice.label, notice.text.format(**values))

    first, last = rules.in_force.first, rules.in_force.last
    if profile.as_of is None:
        yield said("years_no_day")
        return
    if not years:
        yield said("years_outside", as_of=profile.as_of, first=first, last=last)
        return
    if profile.annual_service_income_wan is not None:
        yield said("years_estimate", cap=rules.operating.cap_wan)
    if any(year.total is None for year in years):
        yield said("years_unknown")
    yield said("plaque") if profile.plaque_route else said("years_first")
    yield said("years_partial")
    yield said("years_stacking")
    yield said("years_last", last=last)
