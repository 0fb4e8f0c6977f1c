from datetime import date

import pytest

from flows.deadlines import ban_ends, day_after, is_in_force
from flows.rules import load_rules


@pytest.mark.parametrize(
    ("revoked_on", "last_day"),
    [
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2026, 7, 20), date(2028, 7, 20)),
        (date(2025, 12, 31), date(2027, 12, 31)),
        (date(2026, 1, 31), date(2028, 1, 31)),
    ],
)
def test_a_ban_ends_on_the_corresponding_day_or_the_months_last(revoked_on, last_day):
    assert ban_ends(revoked_on, 2) == last_day


def test_a_ban_of_four_years_from_a_leap_day_ends_on_a_leap_day():
    assert ban_ends(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 5), False), (date(2025, 12, 6), True), (date(2027, 1, 1), True),
        (date(2028, 12, 5), True), (date(2028, 12, 6), False),
    ],
)  # fmt: skip
def test_the_first_and_the_last_day_are_in_force(day, holds):
    assert is_in_force(day, load_rules().in_force) is holds


def test_the_day_after_the_last_of_february_is_the_leap_day_in_a_leap_year():
    assert day_after(date(2028, 2, 28)) == date(2028, 2, 29)
