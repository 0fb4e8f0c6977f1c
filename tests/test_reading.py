from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fields import FIELDS
from flows.reading import LARGEST, ReadingError, read_cell, read_json, show_given

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(FIELDS.values())), ANYTHING, st.sampled_from([read_json, read_cell]))
def test_any_value_is_read_or_answered_with_one_printable_sentence(field, raw, read):
    try:
        value = read(field, raw)
    except ReadingError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right
        return
    kinds = {"yes_no": bool, "number": Decimal, "count": int, "date": date}
    assert value is None or isinstance(value, kinds.get(field.kind, str))
    if isinstance(value, Decimal | int):
        assert 0 <= value < LARGEST


@given(st.decimals(0, 10**9, places=4))
def test_a_figure_reads_the_same_from_json_and_from_a_cell(value):
    field = FIELDS["site_area_m2"]
    assert (
        read_json(field, value) == read_cell(field, f"{value:f}") == read_cell(field, f"{value:,f}") == value
    )


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("1200平方米", "请只写数字 1200，"), ("1,200 平米", "请只写数字 1200，"), ("1200m²", "请只写数字 1200，"),
        ("2亩", "请只写数字，"),
    ],
)  # fmt: skip
def test_a_unit_is_reported_with_what_to_type_instead(text, instead):
    with pytest.raises(ReadingError, match=instead):
        read_cell(FIELDS["site_area_m2"], text)


@pytest.mark.parametrize("text", ["500万元", "500万", "500 万元"])
def test_money_with_its_own_unit_is_reported_with_what_to_type_instead(text):
    with pytest.raises(ReadingError, match="请只写数字 500，单位为万元"):
        read_cell(FIELDS["equipment_value_wan"], text)


def test_long_values_are_shown_in_short():
    assert show_given("很" * 50) == f"“{'很' * 27}…”"
