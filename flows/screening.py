"""A profile against the rules: three-valued verdict, requirements one by one, route, amounts and notices."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

from flows.deadlines import ban_ends, day_after, is_in_force
from flows.fields import FIELDS
from flows.profile import Profile
from flows.provisions import AllOf, AnyOf, Rule
from flows.rules import Rules
from flows.subsidy import Amounts, estimate

Status = Literal["unmet", "unknown", "met"]
Verdict = Literal["eligible", "ineligible", "undetermined"]
Route = Literal["province", "prefecture"]

_FIGURE = (int, Decimal)


class Criterion(NamedTuple):
    """One requirement, what it asks and what was said. `missing` is how much a figure falls short of it."""

    label: str
    field: str
    status: Status
    required: str
    actual: str | None
    missing: Decimal | None = None

    def as_json(self) -> dict[str, str | None]:
        """The criterion of the public interface."""
        label, field, status, required, actual, _ = self
        return {"label": label, "field": field, "status": status, "required": required, "actual": actual}


class Said(NamedTuple):
    """A notice with the clause that it rests on."""

    label: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The notice of the public interface."""
        return {"label": self.label, "text": self.text}


class Screening(NamedTuple):
    """The result. `items` are the statuses of the items in article order; `open` are the criteria that are not met and
    that no alternative which is met makes needless; `version` names the rules that judged."""

    id: str | None
    track: str
    verdict: Verdict
    items: tuple[tuple[str, Status], ...]
    route: Route | None
    amounts: Amounts
    criteria: tuple[Criterion, ...]
    open: tuple[Criterion, ...]
    notices: tuple[Said, ...]
    version: str

    @property
    def unmet(self) -> tuple[str, ...]:
        """The labels of the unmet items."""
        return tuple([label for label, status in self.items if status == "unmet"])

    @property
    def unknown(self) -> tuple[str, ...]:
        """The labels of the items that cannot be judged yet."""
        return tuple([label for label, status in self.items if status == "unknown"])

    def as_json(self) -> dict[str, Any]:
        """The result of the public interface."""
        return {
            **self.summary(),
            "criteria": [criterion.as_json() for criterion in self.criteria],
            "notices": [notice.as_json() for notice in self.notices],
            "error": None,
        }

    def summary(self) -> dict[str, Any]:
        """The result without its parts: amounts as text with two decimals, or None."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "unmet": list(self.unmet),
            "unknown": list(self.unknown),
            "route": self.route,
            "construction_wan": _wan(self.amounts.construction),
            "operating_wan": _wan(self.amounts.operating),
            "first_year_wan": _wan(self.amounts.first_year),
            "additional_wan": _wan(self.amounts.additional),
        }


def screen(profile: Profile, rules: Rules) -> Screening:
    """Screen a profile by the edition of the rules that is in force on the day of application. Nothing is assumed: what
    is not known stays unknown."""
    stands_alone = not rules.amended
    rules = rules.on(profile.as_of)
    criteria: list[Criterion] = []
    opened: list[Criterion] = []
    items = [(item.label, _assess(item, profile, criteria, opened)) for item in rules.items[profile.track]]
    for criterion in (_ban_criterion(profile, rules), _period_criterion(profile.as_of, rules)):
        items.append((criterion.label, criterion.status))
        criteria.append(criterion)
        if criterion.status != "met":
            opened.append(criterion)
    amounts = estimate(profile, rules)
    return Screening(
        id=profile.id,
        track=profile.track,
        verdict=_verdict([status for _, status in items]),
        items=tuple(items),
        route=_route(profile),
        amounts=amounts,
        criteria=tuple(criteria),
        open=tuple(opened),
        notices=(*_notices(profile, rules, amounts), *([] if stands_alone else [_edition(rules)])),
        version=rules.version,
    )


def judge(rule: Rule, value: object) -> Status:
    """One requirement against one value; None is unknown."""
    if value is None or value in rule.open:
        return "unknown"
    if rule.at_least is not None:
        return "met" if isinstance(value, _FIGURE) and value >= rule.at_least else "unmet"
    if rule.among:
        return "met" if value in rule.among else "unmet"
    return "met" if value is True else "unmet"


def _assess(
    group: AllOf | AnyOf, profile: Profile, criteria: list[Criterion], opened: list[Criterion]
) -> Status:
    """A group's status by Kleene's logic; its rules, judged one by one, are added to `criteria` and `opened`."""
    statuses: list[Status] = []
    before = len(opened)
    for part in group.parts:
        if isinstance(part, Rule):
            value = getattr(profile, part.field)
            # Figures differ from row to row of a batch; of all else each value is judged once.
            criterion = (_judged if isinstance(value, Decimal) else _judged_once)(part, value)
            criteria.append(criterion)
            status = criterion.status
            if status != "met":
                opened.append(criterion)
        else:
            status = _assess(part, profile, criteria, opened)
        statuses.append(status)
    decisive: Status = "met" if isinstance(group, AnyOf) else "unmet"
    status = decisive if decisive in statuses else "unknown" if "unknown" in statuses else statuses[0]
    if status == "met":
        del opened[before:]  # what a met alternative makes needless
    return status


def plain(value: Decimal | int) -> str:
    """A figure without exponent or superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(field: str, value: object) -> str | None:
    """A value as a result shows it: 是 or 否, a choice's title, a plain figure, a date."""
    if value is None:
        return None
    if value is True or value is False:
        return "是" if value else "否"
    if isinstance(value, _FIGURE):
        return plain(value)
    return FIELDS[field].choices.get(str(value), str(value))


def _wan(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _verdict(statuses: Collection[Status]) -> Verdict:
    if "unmet" in statuses:
        return "ineligible"
    return "undetermined" if "unknown" in statuses else "eligible"


def _route(profile: Profile) -> Route | None:
    if profile.direct_to_province is None:
        return None
    return "province" if profile.direct_to_province else "prefecture"


def _ban(profile: Profile, rules: Rules) -> Status:
    if profile.previously_revoked is False:
        return "met"
    if profile.revoked_on is None or profile.as_of is None:
        return "unknown"
    return "unmet" if profile.as_of <= ban_ends(profile.revoked_on, rules.ban.years) else "met"


@lru_cache(maxsize=10_000)
def _period_criterion(as_of: date | None, rules: Rules) -> Criterion:
    status: Status = "unknown"
    if as_of is not None:
        status = "met" if is_in_force(as_of, rules.in_force) else "unmet"
    required = f"{rules.in_force.first} … {rules.in_force.last}"
    return Criterion(rules.in_force.label, "as_of", status, required, show("as_of", as_of))


def _judged(rule: Rule, value: object) -> Criterion:
    status = judge(rule, value)
    missing = None
    if status == "unmet" and rule.at_least is not None and isinstance(value, _FIGURE):
        missing = rule.at_least - value
    return Criterion(rule.label, rule.field, status, rule.required, show(rule.field, value), missing)


_judged_once = lru_cache(maxsize=10_000)(_judged)


def _ban_criterion(profile: Profile, rules: Rules) -> Criterion:
    status = _ban(profile, rules)
    if profile.revoked_on is None or profile.previously_revoked is False:
        said = show("previously_revoked", profile.previously_revoked)
        return Criterion(rules.ban.label, "previously_revoked", status, "否", said)
    free_from = day_after(ban_ends(profile.revoked_on, rules.ban.years))
    required = f"申报日期 ≥ {free_from}"
    return Criterion(rules.ban.label, "revoked_on", status, required, show("as_of", profile.as_of))


def _notices(profile: Profile, rules: Rules, amounts: Amounts) -> Iterator[Said]:
    """What the result must say beside the verdict, in article order."""

    said = partial(_say, rules)
    if profile.applicant_kind == "other":
        yield said("kind_poc" if profile.track == "proof_of_concept" else "kind_pilot")
    if profile.plaque_route is None:
        yield said("plaque_unknown")
    elif not profile.plaque_route and amounts.construction is not None:
        yield said("construction_once")
    if profile.also_applying_other_track:
        yield said("also_applying")
    if amounts.construction and amounts.operating:
        yield said("both_in_one_year")
    if profile.other_platform_support_wan:
        yield said("no_stacking", support=plain(profile.other_platform_support_wan))
    if profile.previously_revoked is None and profile.revoked_on is None:
        yield said("revoked_after_rectification")
    if profile.plaque_route:
        yield said("plaque")
    yield from (said(name, **values) for name, values in _revocation(profile, rules))
    if profile.previously_revoked is None and profile.revoked_on is None:
        yield said("revoked_after_change")
    first, last = rules.in_force.first, rules.in_force.last
    if profile.as_of is None:
        yield said("date_unknown", first=first, last=last)
    elif not is_in_force(profile.as_of, rules.in_force):
        name = "not_yet" if profile.as_of < first else "no_longer"
        yield said(name, as_of=profile.as_of, first=first, last=last)


@lru_cache(maxsize=10_000)
def _say(rules: Rules, name: str, **values: object) -> Said:
    notice = rules.notices[name]
    return Said(notice.label, notice.text.format(**values))


def _edition(rules: Rules) -> Said:
    """Which edition judged, where there are several."""
    return _say(rules, "edition", version=rules.version, first=rules.in_force.first)


def _revocation(profile: Profile, rules: Rules) -> Iterator[tuple[str, dict[str, date | int]]]:
    years = rules.ban.years
    if profile.previously_revoked is False:
        return
    if profile.revoked_on is None and profile.previously_revoked is None:
        yield "revocation_unknown", {}
    elif profile.revoked_on is None or profile.as_of is None:
        yield "revocation_date_unknown", {"years": years}
    else:
        last_day = ban_ends(profile.revoked_on, years)
        values: dict[str, date | int] = {
            "revoked_on": profile.revoked_on,
            "years": years,
            "last_day": last_day,
        }
        name = "banned" if profile.as_of <= last_day else "ban_over"
        yield name, {**values, "next_day": day_after(last_day)}
