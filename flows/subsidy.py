"""The subsidies of article 13 in exact decimals: a percentage of a base up to a cap, rounded half up once."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from flows.profile import Profile
from flows.provisions import Subsidy
from flows.rules import Rules

_CENT = Decimal("0.01")
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""Wide enough for every figure that `flows.reading` lets through, so that only the last step rounds."""


class Amounts(NamedTuple):
    """Upper limits in 万元 with two decimals; None where a figure is not known."""

    construction: Decimal | None
    operating: Decimal | None
    first_year: Decimal | None
    additional: Decimal | None


def round_wan(amount: Decimal) -> Decimal:
    """An amount in 万元 rounded half up to 0.01."""
    return amount.quantize(_CENT, context=_EXACT)


def pay(subsidy: Subsidy, base: Decimal) -> Decimal:
    """What a subsidy pays on a base, both in 万元."""
    share = _EXACT.divide(_EXACT.multiply(base, subsidy.percent), Decimal(100))
    return round_wan(min(share, subsidy.cap_wan))


def construction_base(profile: Profile) -> Decimal | None:
    """The spending that counts for article 13（一）: without provincial and central guided funds."""
    if profile.investment_3y_wan is None or profile.excluded_funds_3y_wan is None:
        return None
    return _EXACT.subtract(profile.investment_3y_wan, profile.excluded_funds_3y_wan)


def estimate(profile: Profile, rules: Rules) -> Amounts:
    """The four amounts of a profile. On the plaque route there is no construction support (article 17)."""
    construction = _construction(profile, rules)
    income = profile.annual_service_income_wan
    operating = None if income is None else pay(rules.operating, income)
    first_year = None if construction is None or operating is None else construction + operating
    other = profile.other_platform_support_wan
    additional = None
    if first_year is not None and other is not None:
        additional = max(round_wan(_EXACT.subtract(first_year, other)), Decimal("0.00"))
    return Amounts(construction, operating, first_year, additional)


def _construction(profile: Profile, rules: Rules) -> Decimal | None:
    if profile.plaque_route is None:
        return None
    if profile.plaque_route:
        return Decimal("0.00")
    base = construction_base(profile)
    return None if base is None else pay(rules.construction, base)
