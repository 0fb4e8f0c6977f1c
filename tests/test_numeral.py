"""Numerals as people write them; two neighbouring digits are a range."""

from decimal import Decimal

import pytest

from knowledge.numeral import either, to_decimal
from knowledge.quantity import read_quantities
from knowledge.text import normalise


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("1,200.5", "1200.5"), ("一千二", "1200"), ("四点五", "4.5"), ("两百零三", "203"), ("二〇二六", "2026")],
)
def test_a_numeral_is_a_number(numeral, value):
    assert to_decimal(numeral) == Decimal(value)


@pytest.mark.parametrize(
    ("numeral", "both"),
    [
        ("五六", ("五", "六")), ("三四百", ("三百", "四百")), ("十五六", ("十五", "十六")), ("两三千", ("两千", "三千")),
        ("三五", ("三", "五")), ("二〇二三", None), ("五百", None), ("六五", None), ("35", None),
    ],
)  # fmt: skip
def test_two_neighbouring_digits_are_either(numeral, both):
    assert either(numeral) == both


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("五六个人", 5, 6), ("三四百平", 300, 400), ("七八十万", 70, 80), ("一两亩", "666.66", "1333.33")],
)
def test_a_quantity_of_such_a_numeral_is_a_range(text, low, high):
    (quantity,) = read_quantities(text)
    assert (round(quantity.low, 2), quantity.high) == pytest.approx(
        (Decimal(low), Decimal(high)), abs=Decimal("0.01")
    )


@pytest.mark.parametrize(
    ("text", "wan"),
    [("￥2,468,000", "246.8"), ("叁拾伍万陆仟元", "35.6"), ("伍万元", "5"), ("廿五万元", "25")],
)
def test_amounts_as_they_stand_on_paper(text, wan):
    (quantity,) = read_quantities(normalise(text))
    assert (quantity.kind, quantity.value) == ("money", Decimal(wan))


def test_a_place_is_no_numeral():
    assert normalise("陆良县的企业") == "陆良县的企业"
