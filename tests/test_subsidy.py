from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.profile import read_profile
from flows.rules import load_rules
from flows.subsidy import Amounts, construction_base, estimate, pay, round_wan

RULES = load_rules()


@pytest.mark.parametrize(
    ("base", "amount"),
    [
        ("0", "0.00"), ("0.01", "0.00"), ("0.025", "0.01"), ("0.0249999", "0.00"), ("640", "128.00"), ("999.96", "199.99"),
        ("999.975", "200.00"), ("1000", "200.00"), ("1000.01", "200.00"), ("999999999999", "200.00"),
    ],
)  # fmt: skip
def test_construction_support_is_a_fifth_up_to_the_cap(base, amount):
    assert str(pay(RULES.construction, Decimal(base))) == amount


@pytest.mark.parametrize(
    ("base", "amount"), [("45.5", "9.10"), ("48.275", "9.66"), ("0.075", "0.02"), ("700", "100.00")]
)
def test_operating_support_is_a_fifth_up_to_the_cap(base, amount):
    assert str(pay(RULES.operating, Decimal(base))) == amount


def figures(**values) -> list[str | None]:
    profile = read_profile({"track": "pilot_base", **values})
    found = estimate(profile, RULES)
    return [
        None if a is None else str(a)
        for a in (found.construction, found.operating, found.first_year, found.additional)
    ]


FULL = {
    "plaque_route": False,
    "investment_3y_wan": 860,
    "excluded_funds_3y_wan": 110,
    "annual_service_income_wan": 100,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["150.00", "20.00", "170.00", None]),
        ({"other_platform_support_wan": 0}, ["150.00", "20.00", "170.00", "170.00"]),
        ({"other_platform_support_wan": 69.5}, ["150.00", "20.00", "170.00", "100.50"]),
        ({"other_platform_support_wan": 169.995}, ["150.00", "20.00", "170.00", "0.01"]),
        ({"other_platform_support_wan": 500}, ["150.00", "20.00", "170.00", "0.00"]),
        ({"excluded_funds_3y_wan": None}, [None, "20.00", None, None]),
        ({"investment_3y_wan": None, "excluded_funds_3y_wan": 0}, [None, "20.00", None, None]),
        ({"plaque_route": None}, [None, "20.00", None, None]),
        ({"plaque_route": True}, ["0.00", "20.00", "20.00", None]),
        (
            {"plaque_route": True, "investment_3y_wan": None, "excluded_funds_3y_wan": None},
            ["0.00", "20.00", "20.00", None],
        ),
        ({"annual_service_income_wan": None, "other_platform_support_wan": 5}, ["150.00", None, None, None]),
        # The first year is the sum of what is paid, each rounded.
        (
            {"investment_3y_wan": 0.025, "excluded_funds_3y_wan": 0, "annual_service_income_wan": 0.075},
            ["0.01", "0.02", "0.03", None],
        ),
    ],
)
def test_amounts_are_exact_and_unknown_where_a_figure_is(changes, expected):
    assert figures(**{**FULL, **changes}) == expected


def test_money_of_provincial_and_central_funds_does_not_count():
    assert construction_base(read_profile({"track": "pilot_base", **FULL})) == 750


@given(st.decimals(0, 10**11, places=12))
def test_no_step_but_the_last_rounds(base):
    exact = int(base.scaleb(12)) * 20
    cents = (2 * exact + 10**12) // (2 * 10**12)
    assert pay(RULES.construction, base) == min(Decimal(cents) / 100, Decimal(200))


def test_halves_are_rounded_up():
    assert [str(round_wan(Decimal(a))) for a in ("0.005", "0.0149", "0.015")] == ["0.01", "0.01", "0.02"]


def test_amounts_of_nothing_known_are_unknown():
    assert estimate(read_profile({"track": "proof_of_concept"}), RULES) == Amounts(None, None, None, None)
