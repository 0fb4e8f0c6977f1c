"""What a figure may be, from how it was said."""

from decimal import Decimal

import pytest

from flows.facts import read_facts


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("场地约800平", (720, 880)), ("场地三四百平", (300, 400)), ("团队20到30个人", (20, 30)),
        ("场地不到500平", (450, Decimal("499.99"))), ("场地800平", (800, 800)),
    ],
)  # fmt: skip
def test_a_rough_figure_has_bounds(text, bounds):
    (figure,) = read_facts(text).figures.values()
    assert figure.bounds == bounds
