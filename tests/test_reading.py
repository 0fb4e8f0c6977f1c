from datetime import date, datetime
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


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ("site_area_m2", ["30㎡", "30m2", "30m²", "30平米", "30平", "30平方", "30平方米"]),
        ("investment_3y_wan", ["30万", "30万块", "30w", "30万元"]),
        ("team_size", ["30人", "30名", "30位", "30个"]),
        ("reserve_projects", ["30人", "30名", "30个"]),
        ("poc_incubated", ["30个", "30项", "30家"]),
        ("pilot_projects_done", ["30个", "30项", "30家"]),
    ],
)
def test_a_unit_that_means_the_same_leaves_the_number_to_type(field, texts):
    for text in texts:
        with pytest.raises(ReadingError, match=f"带了单位；请只写数字 30，单位为{FIELDS[field].unit}$"):
            read_cell(FIELDS[field], text)


@pytest.mark.parametrize(
    ("field", "text"),
    [("team_size", "30家"), ("poc_incubated", "30人"), ("site_area_m2", "30个"), ("site_area_m2", "30万"), ("investment_3y_wan", "30元")],
)  # fmt: skip
def test_a_unit_that_means_something_else_leaves_no_number_to_type(field, text):
    with pytest.raises(ReadingError, match=f"“{text}”带了单位；请只写数字，单位为{FIELDS[field].unit}$"):
        read_cell(FIELDS[field], text)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("不清楚", "“不清楚”不是数字；不清楚请留空"), ("无", "“无”不是数字；没有请写 0，不清楚请留空"),
        ("-3", "“-3”是负数；请写 0 或正数，单位为平方米"), ("800-1000", "“800-1000”是一个范围；请写一个确定的数，单位为平方米"),
        ("约800", "“约800”不是确切的数；请只写数字，单位为平方米，如 850.5"), ("八百", "“八百”是中文数字；请只写数字，单位为平方米，如 850.5"),
        ("x", "“x”不是数字；请只写数字，单位为平方米，如 850.5"), ("1e3", "“1e3”是科学记数法；请写出完整的数字，单位为平方米"),
        (True, "“true”不是数字；请只写数字，单位为平方米，如 850.5"), (date(2026, 3, 1), "“2026-03-01”是日期不是数字；请只写数字，单位为平方米，如 850.5"),
        (-1.5, "“-1.5”是负数；请写 0 或正数，单位为平方米"), (-0.0, "“-0.0”是负零；请写 0 或正数，单位为平方米"),
        (10**12, "“1000000000000”太大；请核对数字和单位（平方米）"), (float("nan"), "“nan”不是数字；请只写数字，单位为平方米，如 850.5"),
        (Decimal("1e-21"), "“1E-21”的小数位数太多；请写到小数点后两位，单位为平方米"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_figure_is_told_what_it_is_and_what_to_write(cell, says):
    with pytest.raises(ReadingError) as caught:
        read_cell(FIELDS["site_area_m2"], cell)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("field", "raw", "says"),
    [
        ("site_photos", "有", "“有”不是是或否；请写 true 或 false，不清楚请留空（null）"),
        ("track", "中试", "“中试”不是可选的申报类别；请写下列之一：proof_of_concept（概念验证中心）、pilot_base（中试基地（平台））"),
        ("as_of", "2026年3月1日", "“2026年3月1日”不是日期；请按“年-月-日”写，如 2026-03-01"),
        ("as_of", "2026-02-30", "“2026-02-30”这一天不存在；请核对后按“年-月-日”写，如 2026-03-01"),
        ("as_of", "1899-12-31", "“1899-12-31”的年份不对；请核对后按“年-月-日”写，如 2026-03-01"),
        ("site_area_m2", "1,200", "“1,200”写成了文字；请写不带引号的数字，如 1200"),
        ("team_size", Decimal("6.5"), "“6.5”不是整数；专业化运营管理团队人数请写整数，如 6 或 7"),
        ("id", True, "编号应是文字，收到的是“True”"), ("id", "很" * 201, "编号太长（201个字）；请写200个字以内"),
        ("id", "\ud800", "编号里有不完整的字符；请重新输入"), ("id", "甲\udfff", "编号里有不完整的字符；请重新输入"),
        ("as_of", date(1899, 12, 31), "“1899-12-31”的年份不对；请核对后按“年-月-日”写，如 2026-03-01"),
        ("site_area_m2", float("inf"), "“inf”不是数字；请只写数字，单位为平方米，如 850.5"),
    ],
)  # fmt: skip
def test_a_value_of_json_that_is_not_right_is_told_what_to_write(field, raw, says):
    with pytest.raises(ReadingError) as caught:
        read_json(FIELDS[field], raw)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("field", "raw", "says"),
    [
        ("site_photos", "也许", "“也许”不是是或否；请写“是”或“否”，不清楚请留空"),
        ("track", "孵化器", "“孵化器”不是可选的申报类别；请写下列之一：概念验证中心、中试基地（平台）"),
        ("as_of", "2026-2-30", "“2026-2-30”这一天不存在；请核对后按“年-月-日”写，如 2026-03-01"),
        ("as_of", "2026年2月30日", "“2026年2月30日”这一天不存在；请核对后按“年-月-日”写，如 2026-03-01"),
        ("as_of", datetime(1899, 12, 31), "“1899-12-31”的年份不对；请核对后按“年-月-日”写，如 2026-03-01"),
        ("team_size", "6.5", "“6.5”不是整数；专业化运营管理团队人数请写整数，如 6 或 7"),
        ("team_size", "x", "“x”不是数字；请只写数字，单位为人，如 12"),
        ("site_area_m2", "1000000000000", "“1000000000000”太大；请核对数字和单位（平方米）"),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_right_is_told_what_to_write(field, raw, says):
    with pytest.raises(ReadingError) as caught:
        read_cell(FIELDS[field], raw)
    assert str(caught.value) == says


@pytest.mark.parametrize("read", [read_json, read_cell])
@pytest.mark.parametrize("raw", [None, "", " ", "　\n"])
@pytest.mark.parametrize("field", ["id", "site_photos", "as_of", "site_area_m2"])
def test_a_value_left_blank_is_not_known(read, raw, field):
    assert read(FIELDS[field], raw) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01", "2026-3-1", "2026/3/1", "2026.3.1", "２０２６－０３－０１", "2026年3月1日", "　2026-03-01 ",
        "2026-03-01 00:00:00", "2026-03-01T00:00:00", "2026-03-01 0:00", date(2026, 3, 1), datetime(2026, 3, 1),
    ],
)  # fmt: skip
def test_a_date_is_read_as_sheets_have_it(cell):
    assert read_cell(FIELDS["as_of"], cell) == date(2026, 3, 1)


def test_the_bounds_themselves_are_read():
    area = FIELDS["site_area_m2"]
    assert read_json(area, LARGEST - 1) == LARGEST - 1
    assert read_json(area, Decimal("1e-20")) == Decimal("1e-20")
    assert read_json(FIELDS["as_of"], "1900-01-01") == date(1900, 1, 1)
    assert read_json(FIELDS["as_of"], "2999-12-31") == date(2999, 12, 31)
    assert read_json(FIELDS["id"], "很" * 200) == "很" * 200
    assert read_cell(FIELDS["id"], 7.0) == "7"
    assert read_cell(area, 0.1 + 0.2) == Decimal("0.3")


def test_long_values_are_shown_in_short():
    assert show_given("很" * 30) == f"“{'很' * 30}”"
    assert show_given("很" * 31) == f"“{'很' * 27}…”"


def test_a_value_of_several_lines_is_shown_on_one():
    assert show_given("甲\n乙") == "“甲 乙”"


def test_a_number_too_long_to_write_out_is_not_shown():
    with pytest.raises(ReadingError, match="这个数太大；请核对数字和单位"):
        read_json(FIELDS["site_area_m2"], 10**5000)
