"""The amounts of a screening in words, with their working, or with what is lacking to estimate them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.wording import say
from flows.fields import FIELDS
from flows.profile import Profile
from flows.rules import Rules
from flows.screening import plain
from flows.subsidy import Amounts, construction_base


def amount_lines(rules: Rules, profile: Profile, amounts: Amounts) -> Iterator[str]:
    """A heading, both subsidies with their working, the first year's ceiling, and what it adds to other support."""
    rules = rules.on(profile.as_of)
    yield "补助估算（上限，以备案通过为前提）"
    if amounts.construction is None:
        yield say(
            "result.construction",
            amount=_lacking(profile, ("plaque_route", "investment_3y_wan", "excluded_funds_3y_wan")),
        )
    elif profile.plaque_route:
        yield say("result.construction", amount=say("result.plaque"))
    elif (base := construction_base(profile)) is not None:
        shown = f"{plain(profile.investment_3y_wan or Decimal(0))}－{plain(profile.excluded_funds_3y_wan or Decimal(0))}"
        working = _working(shown, base, rules.construction.percent, rules.construction.cap_wan)
        yield say("result.construction", amount=f"{amounts.construction:.2f}万元，{working}")
    if amounts.operating is None or profile.annual_service_income_wan is None:
        yield say("result.operating", amount=_lacking(profile, ("annual_service_income_wan",)))
    else:
        income = profile.annual_service_income_wan
        working = _working(plain(income), income, rules.operating.percent, rules.operating.cap_wan)
        yield say("result.operating", amount=f"{amounts.operating:.2f}万元，{working}")
    if amounts.first_year is not None:
        yield say("result.first_year", amount=f"{amounts.first_year:.2f}")
    if amounts.additional is not None and profile.other_platform_support_wan:
        yield say(
            "result.additional",
            other=plain(profile.other_platform_support_wan),
            amount=f"{amounts.additional:.2f}",
        )


def _working(shown: str, base: Decimal, percent: Decimal, cap: Decimal) -> str:
    share = base * percent / 100
    capped = say("result.capped", cap=plain(cap)) if share > cap else ""
    shown = f"（{shown}）" if "－" in shown else shown
    return say("result.working", base=shown, percent=plain(percent), share=plain(share), capped=capped)


def _lacking(profile: Profile, fields: Iterable[str]) -> str:
    titles = "、".join(FIELDS[f].title for f in fields if getattr(profile, f) is None)
    return say("result.missing_figure", fields=titles)
