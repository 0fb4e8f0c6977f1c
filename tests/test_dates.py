from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dates import civil_date, civil_day, read_days, short_day

TODAY = date(2026, 6, 1)  # a Monday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("公示从2026年3月2日开始", date(2026, 3, 2)),
        ("2026.3.2", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("三月二号", date(2026, 3, 2)),
        ("3.2", date(2026, 3, 2)),
        ("从3/2开始", date(2026, 3, 2)),
        ("今天改的名", date(2026, 6, 1)),
        ("昨天", date(2026, 5, 31)),
        ("大前天公示的", date(2026, 5, 29)),
        ("后天", date(2026, 6, 3)),
        ("上周五", date(2026, 5, 29)),
        ("下个星期天", date(2026, 6, 14)),
        ("这周三", date(2026, 6, 3)),
        ("上个月5号", date(2026, 5, 5)),
        ("下月十号", date(2026, 7, 10)),
        ("5号公示的", date(2026, 6, 5)),
        ("十天前改的名", date(2026, 5, 22)),
        ("两周之前", date(2026, 5, 18)),
        ("去年12月30日", date(2025, 12, 30)),
        ("明年1月5日", date(2027, 1, 5)),
    ],
)
def test_a_day_is_read_however_it_is_typed(text, day):
    assert [read.exact for read in read_days(text, TODAY)] == [day]


@pytest.mark.parametrize(
    ("text", "today", "lean", "year"),
    [
        ("9月5日", TODAY, "past", 2025),
        ("5月5日", TODAY, "past", 2026),
        ("6月1日", TODAY, "past", 2026),
        ("6月1日", TODAY, "future", 2026),
        ("5月31日", TODAY, "future", 2027),
        ("9月5日", TODAY, "near", 2026),
        ("1月2日", TODAY, "near", 2026),
        ("12月28日", date(2027, 1, 5), "near", 2026),
        ("1月5日", date(2026, 12, 28), "near", 2027),
        ("3月2日", date(2026, 11, 24), "near", 2026),
    ],
)
def test_a_year_that_is_not_said_is_filled_in_and_marked(text, today, lean, year):
    (day,) = read_days(text, today, lean)
    assert (day.exact.year, day.year_said) == (year, False)


@pytest.mark.parametrize(
    "text", ["2月30日", "2026年2月29日", "2026-13-01", "20260431", "上个月31号公示的", "4.31"]
)
def test_a_day_that_does_not_exist_is_none_and_never_another(text):
    days = read_days(text, date(2026, 5, 10))
    assert all(day.first is None and day.exact is None for day in days)


def test_a_month_without_its_day_is_all_its_days():
    (day,) = read_days("2026年2月被取消", TODAY)
    assert (day.first, day.last, day.exact) == (date(2026, 2, 1), date(2026, 2, 28), None)


@pytest.mark.parametrize(
    "text",
    [
        "9.3是什么",
        "第9.3项",
        "20206年",
        "2026年",
        "3个月内",
        "5个工作日",
        "2号楼",
        "到期前三天",
        "1.5亩",
        "3.2万元",
        "",
    ],
)
def test_what_is_no_day_is_not_read_as_one(text):
    assert read_days(text, TODAY) == ()


def test_several_days_come_in_order():
    assert [d.exact for d in read_days("昨天到2026年6月8日", TODAY)] == [date(2026, 5, 31), date(2026, 6, 8)]


def test_a_day_is_written_with_its_weekday():
    assert civil_day(date(2026, 3, 2)) == "2026年3月2日（星期一）"
    assert short_day(date(2026, 3, 8)) == "3月8日（星期日）"
    assert civil_date(date(2026, 3, 8)) == "2026年3月8日"


@given(st.dates(date(1950, 1, 1), date(2098, 12, 31)), st.sampled_from(["{0}年{1}月{2}日", "{0}-{1:02}-{2:02}", "{0}.{1}.{2}", "{0}/{1}/{2}"]))  # fmt: skip
def test_every_day_is_read_back(day, form):
    (read,) = read_days(form.format(day.year, day.month, day.day), TODAY)
    assert read.exact == day
    assert read.year_said


@given(st.text(alphabet="年月日号前天周上个下本到从至.-/0123456789十二三半 今昨", max_size=24))
def test_nothing_makes_it_fail(text):
    for day in read_days(text, TODAY):
        assert text[day.start : day.end]
