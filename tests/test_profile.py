import math
from datetime import date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from flows.profile import ProfileError, read_profile, read_row

POC = {"track": "proof_of_concept"}


def errors(read, **raw) -> dict[str, str]:
    with pytest.raises(ProfileError) as caught:
        read({**POC, **raw})
    return caught.value.errors


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"site_area_m2": 200}, Decimal(200)),
        ({"site_area_m2": 0.025}, Decimal("0.025")),
        ({"site_area_m2": 0}, Decimal(0)),
        ({"site_area_m2": Decimal("1E+3")}, Decimal(1000)),
        ({"site_area_m2": None}, None),
        ({"site_area_m2": ""}, None),
        ({"site_area_m2": "  "}, None),
        ({"team_size": 6}, 6),
        ({"team_size": 6.0}, 6),
        ({"team_size": Decimal("6.00")}, 6),
        ({"site_photos": False}, False),
        ({"as_of": "2028-02-29"}, date(2028, 2, 29)),
        ({"applicant_kind": "other"}, "other"),
        ({"prefecture": "昆明市"}, "昆明市"),
        ({"id": "甲-1"}, "甲-1"),
        ({"id": 7}, "7"),
    ],
)
def test_json_values_are_read(raw, value):
    assert getattr(read_profile({**POC, **raw}), next(iter(raw))) == value


@pytest.mark.parametrize(
    ("field", "given", "says"),
    [
        ("site_area_m2", -1, "负数"),
        ("site_area_m2", -0.0, "负零"),
        ("site_area_m2", Decimal("-0"), "负零"),
        ("site_area_m2", math.nan, "不是数字"),
        ("site_area_m2", math.inf, "不是数字"),
        ("site_area_m2", Decimal("-Infinity"), "不是数字"),
        ("site_area_m2", 10**400, "太大"),
        ("site_area_m2", Decimal("1E400"), "太大"),
        ("site_area_m2", Decimal("1E-400"), "小数位数太多"),
        ("site_area_m2", True, "不是数字"),
        ("site_area_m2", [200], "不是数字"),
        ("site_area_m2", {"m2": 200}, "不是数字"),
        ("site_area_m2", "800", "写成了文字；请写不带引号的数字，如 800"),
        ("site_area_m2", "1200平方米", "带了单位；请只写数字 1200"),
        ("site_area_m2", "1200㎡", "带了单位；请只写数字 1200"),
        ("site_area_m2", "1.5亩", "带了单位；请只写数字，"),
        ("site_area_m2", "两百平米", "中文数字"),
        ("site_area_m2", "200-300", "范围"),
        ("site_area_m2", "200到300", "范围"),
        ("site_area_m2", "200~300平方米", "范围"),
        ("site_area_m2", "约200", "不是确切的数"),
        ("site_area_m2", "200左右", "不是确切的数"),
        ("equipment_value_wan", "500多万", "不是确切的数"),
        ("equipment_value_wan", ">500", "不是确切的数"),
        ("equipment_value_wan", "若干", "不是数字"),
        ("equipment_value_wan", "不清楚", "不清楚请留空"),
        ("equipment_value_wan", "没有", "没有请写 0"),
        ("equipment_value_wan", "-3", "负数"),
        ("team_size", 6.5, "不是整数"),
        ("team_size", "6人", "带了单位；请只写数字 6"),
        ("team_size", False, "不是数字"),
        ("site_photos", 1, "不是是或否"),
        ("site_photos", "true", "请写 true 或 false"),
        ("site_photos", "是", "请写 true 或 false"),
        ("as_of", "2026-02-30", "不存在"),
        ("as_of", "20206-01-01", "不是日期"),
        ("as_of", "2026-1-1", "不是日期"),
        ("as_of", "2026/01/01", "不是日期"),
        ("as_of", "0206-01-01", "年份不对"),
        ("as_of", 20260101, "不是日期"),
        ("as_of", "２０２６-01-01", "不是日期"),
        ("applicant_kind", "individual", "请写下列之一：university（高等院校）"),
        ("applicant_kind", "企业", "请写下列之一"),
        ("applicant_kind", ["enterprise"], "请写下列之一"),
        ("prefecture", "成都市", "昆明市、曲靖市"),
        ("prefecture", "昆明", "请写下列之一"),
        ("track", "both", "请写下列之一"),
        ("id", True, "应是文字"),
        ("id", "长" * 201, "太长"),
        ("id", "\ud800", "不完整的字符"),
        ("site_area", 200, "是否是 site_area_m2（场地面积）"),
        ("完全不认识", 200, "没有这个字段"),
    ],
)
def test_bad_json_values_are_named_with_what_would_be_right(field, given, says):
    found = errors(read_profile, **{field: given})
    assert list(found) == [field]
    assert says in found[field]


@pytest.mark.parametrize("raw", [{}, {"track": None}, {"track": ""}])
def test_a_profile_needs_a_track(raw):
    with pytest.raises(ProfileError) as caught:
        read_profile({"id": "A", **raw})
    assert list(caught.value.errors) == ["track"]
    assert caught.value.profile_id == "A"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"investment_3y_wan": 500, "excluded_funds_3y_wan": 500.01}, "excluded_funds_3y_wan"),
        ({"revoked_on": "2025-12-05"}, "revoked_on"),
        ({"revoked_on": "2026-03-02", "as_of": "2026-03-01"}, "revoked_on"),
        ({"revoked_on": "2026-03-01", "previously_revoked": False}, "revoked_on"),
    ],
)
def test_contradictions_are_named_by_the_field_to_correct(raw, field):
    assert list(errors(read_profile, **raw)) == [field]


@pytest.mark.parametrize(
    "raw",
    [
        {"investment_3y_wan": 500, "excluded_funds_3y_wan": 500},
        {"excluded_funds_3y_wan": 500},
        {"revoked_on": "2025-12-06"},
        {"revoked_on": "2026-03-01", "as_of": "2026-03-01"},
        {"revoked_on": "2026-03-01", "previously_revoked": True},
    ],
)
def test_what_can_be_true_together_is_taken(raw):
    assert read_profile({**POC, **raw}).track == "proof_of_concept"


def test_every_bad_field_is_reported_at_once():
    assert [*errors(read_profile, site_area_m2=-1, team_size=1.5, nonsense=1)] == [
        "site_area_m2",
        "team_size",
        "nonsense",
    ]


def test_what_was_given_is_shown_on_one_printable_line():
    found = errors(read_profile, site_area_m2="2\n00\x1b[31m" + "很" * 100)
    assert found["site_area_m2"].isprintable()
    assert len(found["site_area_m2"]) < 100


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("site_area_m2", "1,200", Decimal(1200)),
        ("site_area_m2", "1，200.5", Decimal("1200.5")),
        ("site_area_m2", "１２００", Decimal(1200)),
        ("site_area_m2", " 1200 ", Decimal(1200)),
        ("site_area_m2", "\u30001200", Decimal(1200)),
        ("site_area_m2", 1200.0, Decimal(1200)),
        ("site_area_m2", 0.1 + 0.2, Decimal("0.3")),
        ("team_size", "1,200", 1200),
        ("team_size", 6.0, 6),
        ("team_size", "6.0", 6),
        ("site_photos", "是", True),
        ("site_photos", "有", True),
        ("site_photos", "√", True),
        ("site_photos", "TRUE", True),
        ("site_photos", True, True),
        ("site_photos", "否", False),
        ("site_photos", "无", False),
        ("site_photos", "×", False),
        ("site_photos", "False", False),
        ("site_photos", "", None),
        ("as_of", "2026-03-01", date(2026, 3, 1)),
        ("as_of", "2026/3/1", date(2026, 3, 1)),
        ("as_of", "２０２６-03-01", date(2026, 3, 1)),
        ("as_of", "2026年3月1日", date(2026, 3, 1)),
        ("as_of", date(2026, 3, 1), date(2026, 3, 1)),
        ("as_of", datetime(2026, 3, 1), date(2026, 3, 1)),
        ("applicant_kind", "企业", "enterprise"),
        ("applicant_kind", "enterprise", "enterprise"),
        ("prefecture", "昆明市", "昆明市"),
        ("id", 12.0, "12"),
    ],
)
def test_sheet_cells_are_read(field, cell, value):
    found = getattr(read_row({**POC, field: cell}), field)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "cell", "says"),
    [
        ("site_area_m2", "1200平方米", "请只写数字 1200"),
        ("site_area_m2", "1,20", "不是数字"),
        ("site_area_m2", "1e3", "科学记数法"),
        ("site_area_m2", "١٢", "不是数字"),
        ("site_area_m2", "-20", "负数"),
        ("site_area_m2", "－20", "负数"),
        ("site_area_m2", date(2026, 3, 1), "是日期不是数字"),
        ("site_area_m2", "#N/A", "不是数字"),
        ("site_photos", "可能", "请写“是”或“否”"),
        ("site_photos", 1.0, "请写“是”或“否”"),
        ("as_of", 46082.0, "不是日期"),
        ("as_of", "2026/2/30", "不存在"),
        ("applicant_kind", "个体户", "高等院校、科研院所"),
    ],
)
def test_bad_sheet_cells_are_named(field, cell, says):
    assert says in errors(read_row, **{field: cell})[field]


def test_the_track_may_be_written_in_chinese_in_a_sheet():
    assert read_row({"track": "中试基地(平台)"}).track == "pilot_base"


def test_a_profile_cannot_be_changed():
    with pytest.raises(ValidationError):
        read_profile(POC).team_size = 5


def test_an_integer_that_python_refuses_to_write_out_is_too_large_like_any_other():
    assert "太大" in errors(read_profile, site_area_m2=10**6000)["site_area_m2"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"colour": 1}, {"colour": "没有这个字段；字段名见说明文档。"}),
        ({"site_area": 1}, {"site_area": "没有这个字段；是否是 site_area_m2（场地面积）？"}),
        (
            {"colour": 1, "team_size": -1},
            {
                "colour": "没有这个字段；字段名见说明文档。",
                "team_size": "“-1”是负数；请写 0 或正数，单位为人",
            },
        ),
        (
            {"revoked_on": "2026-03-01", "previously_revoked": False},
            {"revoked_on": "写了取消日期，又写了未曾被取消备案资格；请改其中一项"},
        ),
        (
            {"revoked_on": "2025-12-05"},
            {
                "revoked_on": "2025-12-05早于本办法施行日2025-12-06，那时还没有依本办法的备案；"
                "未曾依本办法被取消的，请将“曾被取消”写为否；拿不准请咨询科技管理部门"
            },
        ),
    ],
)
def test_what_is_wrong_is_said_to_the_letter(raw, says):
    assert errors(read_profile, **raw) == says


def test_a_missing_track_is_said_with_what_may_be_written_and_the_error_has_everything_in_one_line():
    with pytest.raises(ProfileError) as caught:
        read_profile({"id": "甲", "site_photos": 1})
    missing = "没有写申报类别；请写 proof_of_concept（概念验证中心）或 pilot_base（中试基地（平台））"
    photos = "“1”不是是或否；请写 true 或 false，不清楚请留空（null）"
    assert caught.value.errors == {"site_photos": photos, "track": missing}
    assert str(caught.value) == f"site_photos: {photos}; track: {missing}"
    assert caught.value.profile_id == "甲"
