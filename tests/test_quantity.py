"""Quantities in the spellings people use; a numeral that is no quantity is left alone."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numeral import to_decimal
from knowledge.quantity import read_quantities
from knowledge.text import normalise


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("八百平", "area", "800", "m2"), ("1200平方米", "area", "1200", "m2"), ("1.5亩", "area", "1000", "m2"), ("200㎡", "area", "200", "m2"),
        ("一千二百平米", "area", "1200", "m2"), ("2公顷", "area", "20000", "m2"),
        ("五百万", "money", "500", "万元"), ("五百来万", "money", "500", "万元"), ("200w", "money", "200", "万元"), ("四点五万", "money", "4.5", "万元"),
        ("半个亿", "money", "5000", "万元"), ("1.2亿", "money", "12000", "万元"), ("5,200,000元", "money", "520", "万元"), ("3千块", "money", "0.3", "万元"),
        ("一百二十万元", "money", "120", "万元"), ("2百万", "money", "200", "万元"), ("100万左右", "money", "100", "万元"), ("45.5万", "money", "45.5", "万元"),
        ("十五个", "count", "15", "个"), ("12个人", "count", "12", "个人"), ("两名", "count", "2", "名"), ("3家企业", "count", "3", "家"), ("6号人", "count", "6", "号人"),
        ("两成", "percent", "20", "%"), ("百分之二十", "percent", "20", "%"), ("20%", "percent", "20", "%"),
        ("半年", "duration", "0.5", "year"), ("一年半", "duration", "1.5", "year"), ("８个月", "duration", "8", "month"), ("5个工作日", "duration", "5", "workday"),
        ("一千二", "number", "1200", ""), ("3千5", "number", "3500", ""), ("850", "number", "850", ""),
    ],
)  # fmt: skip
def test_a_quantity_is_read(text, kind, value, unit):
    (quantity,) = read_quantities(normalise(text))
    assert (quantity.kind, quantity.value, quantity.unit) == (kind, Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2026年6月1日", (2026, 6, 1, False)), ("2026-06-01", (2026, 6, 1, False)), ("2027.10.3", (2027, 10, 3, False)),
        ("2027年10月", (2027, 10, None, False)), ("11月", (None, 11, None, False)), ("明年3月", (1, 3, None, True)), ("去年十二月", (-1, 12, None, True)),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_said(text, parts):
    (date,) = read_quantities(normalise(text))
    assert (date.kind, date.year, date.month, date.day, date.relative) == ("date", *parts)


@pytest.mark.parametrize(
    "text",
    [
        "第九条",
        "三选一怎么选",
        "统一命名",
        "一次性补助",
        "一共多少",
        "万一不行",
        "几百万",
        "第3次",
        "2026年13月",
    ],
)
def test_a_numeral_that_is_no_quantity_is_left_alone(text):
    assert not [q for q in read_quantities(normalise(text)) if q.kind not in {"number", "date"}]


@pytest.mark.parametrize("text", ["20到30个", "20-30个", "20至30个"])
def test_a_range_keeps_both_ends(text):
    (quantity,) = read_quantities(text)
    assert (quantity.low, quantity.high, quantity.hedge) == (20, 30, "about")


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("约20人", "about"), ("大概20人", "about"), ("100万左右", "about"), ("五百来万", "about"), ("十几个人", "about"),
        ("不到500万", "below"), ("近200万", "below"), ("将近1000平", "below"), ("500万不到", "below"), ("快200平", "below"),
        ("三百多万", "above"), ("一千平以上", "above"), ("超过1000平", "above"), ("500万出头", "above"), ("20人", ""),
    ],
)  # fmt: skip
def test_a_qualified_figure_says_how(text, hedge):
    assert read_quantities(text)[0].hedge == hedge


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_agree_with_cn2an(number):
    assert to_decimal(cn2an.an2cn(number)) == number


@given(st.text(alphabet="一二三十百千万亿点半两0123456789.,万w元平个人年月日-到 ", max_size=80))
def test_no_text_of_numerals_makes_it_fail(text):
    read_quantities(text)


@pytest.mark.parametrize("text", ["9" * 1_000_000, "万" * 50_000, "1," * 50_000, "一" * 50_000])
def test_a_huge_text_is_read_in_the_end(text):
    assert isinstance(read_quantities(text), tuple)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("200到300万", "200", "300"),
        ("2000到3000元", "0.2", "0.3"),
        ("1.5到3亩", "1000", "2000"),
        ("20万到3百万", "20", "300"),
    ],
)
def test_both_ends_of_a_range_are_in_one_unit(text, low, high):
    (quantity,) = read_quantities(text)
    assert (round(quantity.low, 6), round(quantity.high, 6)) == (Decimal(low), Decimal(high))
