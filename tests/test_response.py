from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fields import FIELDS
from flows.response import Amiss, Taken, read_response

DAY = date(2026, 11, 10)


def read(field: str, text: str):
    return read_response(FIELDS[field], text, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "是",
        "是的",
        "有",
        "有的",
        "对",
        "嗯",
        "嗯嗯",
        "好的",
        "可以",
        "都有",
        "没问题",
        "√",
        "✓",
        "👍",
        "已经拍了",
        "我们都有",
        "能提供",
        "yes",
        "true",
        "是的，都有",
        "齐的，都有",
        "没错",
    ],
)
def test_a_yes_is_read(text):
    assert read("site_photos", text) == Taken(True)


@pytest.mark.parametrize(
    "text",
    [
        "否",
        "不是",
        "没有",
        "没得",
        "还没有",
        "暂时没有",
        "目前没有",
        "尚未完成",
        "不能",
        "不会",
        "无",
        "×",
        "✗",
        "no",
        "还没，正在准备",
    ],
)
def test_a_no_is_read(text):
    assert read("site_photos", text) == Taken(False)


@pytest.mark.parametrize(
    "field", ["site_photos", "site_area_m2", "team_size", "as_of", "prefecture", "applicant_kind"]
)
@pytest.mark.parametrize(
    "text",
    [
        "不清楚",
        "不知道",
        "不太清楚",
        "不确定",
        "还没定",
        "暂时不清楚",
        "说不好",
        "没统计过",
        "不晓得",
        "不清楚。",
        "我也不知道",
    ],
)
def test_not_knowing_is_a_response_to_every_question(field, text):
    assert read(field, text) == Taken(None)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("site_area_m2", "800", Decimal(800)),
        ("site_area_m2", "800平", Decimal(800)),
        ("site_area_m2", "八百平", Decimal(800)),
        ("site_area_m2", "1.5亩", Decimal(1000)),
        ("site_area_m2", "一千二", Decimal(1200)),
        ("site_area_m2", "１，２００平方米", Decimal(1200)),
        ("site_area_m2", "大概1200平米左右", Decimal(1200)),
        ("site_area_m2", "我们的场地一共有1200平方米", Decimal(1200)),
        ("site_area_m2", "没有", Decimal(0)),
        ("equipment_value_wan", "五百万", Decimal(500)),
        ("equipment_value_wan", "500w", Decimal(500)),
        ("equipment_value_wan", "5200000元", Decimal(520)),
        ("equipment_value_wan", "1.2亿", Decimal(12000)),
        ("equipment_value_wan", "530.5", Decimal("530.5")),
        ("team_size", "约20人", 20),
        ("team_size", "六个", 6),
        ("team_size", "12个人", 12),
        ("team_size", "一个都没有", 0),
        ("applicant_kind", "我们是一家公司", "enterprise"),
        ("applicant_kind", "大学", "university"),
        ("applicant_kind", "高新区管委会", "development_zone_operator"),
        ("applicant_kind", "其它", "other"),
        ("prefecture", "昆明", "昆明市"),
        ("prefecture", "红河州", "红河哈尼族彝族自治州"),
        ("prefecture", "版纳", "西双版纳傣族自治州"),
        ("prefecture", "楚雄洲", "楚雄彝族自治州"),
        ("as_of", "今天", DAY),
        ("as_of", "明天", date(2026, 11, 11)),
        ("as_of", "2027年3月1日", date(2027, 3, 1)),
        ("as_of", "2027/3/1", date(2027, 3, 1)),
        ("as_of", "明年3月1号", date(2027, 3, 1)),
    ],
)
def test_what_people_type_is_read(field, text, value):
    found = read(field, text)
    assert found == Taken(value)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("site_area_m2", "20到30", "是一个范围"),
        ("site_area_m2", "不到200平", "确切的数"),
        ("site_area_m2", "好几百平", "确切的数"),
        ("site_area_m2", "五百万", "单位不对"),
        ("site_area_m2", "有", "请填数字"),
        ("site_area_m2", "-5", "负数"),
        ("team_size", "十几个", "确切的数"),
        ("team_size", "五六个人", "确切的数"),
        ("team_size", "5、6个", "确切的数"),
        ("team_size", "6.5", "不是整数"),
        ("team_size", "主任1名，团队8人", "不止一个数"),
        ("site_photos", "800", "“是”或“否”"),
        ("site_photos", "有，但是不完善", "按整句话判断"),
        ("site_photos", "基本有", "按整句话判断"),
        ("site_photos", "有一部分", "按整句话判断"),
        ("applicant_kind", "大学附属医院", "不止一种"),
        ("applicant_kind", "1", "请从这些里选一个"),
        ("prefecture", "成都市", "昆明市、曲靖市"),
        ("as_of", "3月1日", "年份"),
        ("as_of", "2026年3月", "年、月、日"),
        ("as_of", "2026-02-30", "不存在"),
        ("as_of", "20206-01-01", "年、月、日"),
        ("revoked_on", "没有被取消过", "返回上一题"),
    ],
)
def test_a_response_that_cannot_be_taken_is_met_with_a_sentence_that_helps(field, text, says):
    found = read(field, text)
    assert isinstance(found, Amiss)
    assert says in found.text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("team_size", "要几个人？"),
        ("team_size", "要多少人"),
        ("team_size", "为什么问这个"),
        ("team_size", "主任算不算在里面"),
        ("site_photos", "效果图算吗"),
        ("site_photos", "要准备什么照片"),
        ("site_photos", "你好"),
        ("site_photos", "算了"),
        ("site_photos", "能源公司的补助"),
        ("site_photos", ""),
        ("site_photos", "？"),
        ("site_photos", "有" * 50),
        ("site_area_m2", "nan"),
        ("prefecture", "你们在哪个州"),
        ("as_of", "什么时候申报"),
        ("equipment_value_wan", "补助不能超过200万吗"),
    ],
)
def test_what_is_no_response_is_left_to_the_dialogue(field, text):
    assert read(field, text) is None


@given(st.sampled_from(list(FIELDS)[1:]), st.text(max_size=50))
def test_no_text_makes_it_fail(field, text):
    found = read(field, text)
    assert found is None or isinstance(found, Taken) or found.text


@pytest.mark.parametrize(
    ("text", "days"), [("今天", 0), ("今日", 0), ("当天", 0), ("现在", 0), ("明天", 1), ("后天", 2), ("今天就报上去了吧", 0)]
)  # fmt: skip
def test_a_day_is_named_from_today(text, days):
    assert read("as_of", text) == Taken(DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("field", "text", "reading"),
    [
        ("as_of", "今天就报上去了吧好", None), ("as_of", "明年", None), ("as_of", "没有", None),
        ("as_of", "2026 . 3 . 1 日", Taken(date(2026, 3, 1))),
        ("as_of", "3月1日", Amiss("请写上年份，如 2026-03-01。")), ("as_of", "三月", Amiss("请写出年、月、日，如 2026-03-01。")),
        ("revoked_on", "没有", Amiss("没有被取消过的，请返回上一题改答“否”；记不清日期请答“不清楚”。")),
        ("applicant_kind", "高等院效", Taken("university")), ("applicant_kind", "天气", None),
        ("applicant_kind", "高校和企业", Amiss("说到了不止一种，请选一种：高等院校、企业。")),
        ("site_area_m2", "800平和300平", Amiss("说到了不止一个数（800平、300平）；请只填场地面积一共多少平方米。")),
        ("site_area_m2", "2026年3月1日", Amiss("请填数字，单位是平方米；不清楚也可以。")),
        ("site_area_m2", "3年", Amiss("请填数字，单位是平方米；不清楚也可以。")),
        ("site_area_m2", "1.2345678", Taken(Decimal("1.2345678"))), ("site_area_m2", "0.5亩", Taken(Decimal("333.3333"))),
        ("site_photos", "1", Amiss("这里请回答“是”或“否”，不清楚也可以。")),
        ("site_photos", "没有，但在办", Amiss("请按整句话判断：全部做到请答“是”，有一样没做到请答“否”，拿不准请答“不清楚”。")),
    ],
)  # fmt: skip
def test_a_response_is_taken_or_told_what_is_amiss(field, text, reading):
    assert read(field, text) == reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("昨天", date(2026, 11, 9)), ("前天", date(2026, 11, 8)), ("大前天", date(2026, 11, 7)), ("明天", date(2026, 11, 11)),
        ("后天", date(2026, 11, 12)), ("大后天", date(2026, 11, 13)), ("2026 年 3 月 5 日", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)), ("2026/03/05", date(2026, 3, 5)),
    ],
)  # fmt: skip
def test_a_day_is_read_in_many_forms(text, value):
    assert read("as_of", text) == Taken(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("800.1234567平", Decimal("800.1234567")),
        ("800.12345678平", Decimal("800.1235")),
        ("1.2345亩", Decimal(823)),
    ],
)
def test_only_a_figure_longer_than_anybody_types_is_rounded(text, value):
    assert read("site_area_m2", text) == Taken(value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026年13月1日", "“2026-13-01”这一天不存在；请核对后按“年-月-日”写，如 2026-03-01。"),
        ("1026-3-1", "“1026-03-01”的年份不对；请核对后按“年-月-日”写，如 2026-03-01。"),
        ("20206-03-01", "请写出年、月、日，如 2026-03-01。"),
    ],
)
def test_a_day_that_no_calendar_has_is_said_to_be_wrong(text, says):
    assert read_response(FIELDS["as_of"], text, date(2026, 6, 1)) == Amiss(says)
