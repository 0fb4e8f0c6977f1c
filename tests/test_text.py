"""Whatever people type is evened out before it is read, and nothing makes that fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("請問中試基地", "请问中试基地"),
        ("ＰＯＣ　中心１２３", "poc 中心123"),
        ("场地 要 多大", "场地要多大"),
        ("pilot  base 的 team", "pilot base 的 team"),
        ("场地\u200b多大\ufeff", "场地多大"),
        ("多大\U000e0041\U000e0042", "多大"),
        ("补助多少😀✅", "补助多少"),
        ("\ud800场地", "场地"),
        ("200㎡", "200m2"),
        ("", ""),
    ],
)
def test_a_text_is_evened_out(typed, read):
    assert normalise(typed) == read


@given(st.text(max_size=200))
def test_no_text_makes_it_fail_and_twice_is_as_good_as_once(text):
    once = normalise(text)
    assert normalise(once) == once
