"""Dates and times told in a sentence: counted to the day, added up, left open where the day decides."""

from dataclasses import replace
from datetime import date

import pytest

from flows.rules import load_rules
from flows.whatif import judge, read_facts, tracks_implied

RULES = load_rules()
DAY = date(2026, 6, 1)


def judged(text):
    facts = read_facts(text)
    return {j.label: j for j in judge(facts, tracks_implied(facts), RULES, DAY)}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("两年", "unmet"), ("两年零1天", "met"), ("2年3个月", "met"), ("1年零6个月10天", "unmet"), ("一年又13个月", "met"),
        ("24个月", "unmet"), ("25个月", "met"), ("3周", "unmet"), ("800天", "met"),
        # two years have 730 or 731 days; a month of some days may be shorter or longer
        ("700天", "unmet"), ("725天", "unknown"), ("731天", "unknown"), ("740天", "met"),
    ],
)  # fmt: skip
def test_the_time_since_a_revocation_is_added_up(said, status):
    found = judged(f"被取消{said}了，能再报吗")["18"]
    assert (found.status, found.actual, found.required) == (status, said, "> 2年")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("45天", "met"), ("88天", "met"), ("90天", "unknown"), ("93天", "unmet"), ("3个月", "met"), ("3个月零2周", "unmet"),
        ("2个月零20天", "met"), ("10周", "met"),
    ],
)  # fmt: skip
def test_the_time_since_a_change_is_added_up(said, status):
    found = judged(f"更名{said}才报告")["19"]
    assert (found.status, found.actual, found.required) == (status, said, "≤ 3个月")


def test_two_times_apart_are_not_one():
    assert judged("被取消2年了，整改3个月，能再报吗")["18"].actual == "3个月"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("200天", "还剩约5.4个月"), ("3周", "还剩约11.3个月"), ("11个半月", "还剩约0.5个月"), ("8个月", "还剩约4个月"),
        ("11个月零10天", "还剩约0.7个月"), ("12个月", "整改期已满"), ("一年", "整改期已满"), ("13个月", "整改期已满"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_rectification_is_told(said, left):
    found = judged(f"整改{said}了")["16"]
    assert found.sentence == f"整改期1年，已整改{said}，{left}；整改期满仍为不合格的，取消备案资格。"
    assert (found.status, found.counts) == (None, False)


@pytest.mark.parametrize(
    ("text", "status", "latest", "actual"),
    [
        # a month without a year is the next one after the change
        ("2026年11月30日更名，2月20日报告晚不晚", "met", "2027-02-28", "2027-02-20"),
        ("2026年11月30日更名，3月2日报告晚不晚", "unknown", "2027-02-28", "2027-03-02"),  # 2027's days off are not known
        ("2026年11月30日更名，4月2日报告晚不晚", "unmet", "2027-02-28", "2027-04-02"),
        ("2026年3月2日更名，6月2日报告晚不晚", "met", "2026-06-02", "2026-06-02"),
        ("2026年3月2日更名，6月3日报告晚不晚", "unmet", "2026-06-02", "2026-06-03"),
        ("2026年3月2日更名，6月报告晚不晚", "unknown", "2026-06-02", "2026-06-01"),
        # the change's own day is not known: the whole month has to agree
        ("2026年11月更名，1月报告晚不晚", "met", "2027-02-28", "2027-01-01"),
        ("2026年11月更名，2027年2月1日报告晚不晚", "met", "2027-02-28", "2027-02-01"),
        ("2026年11月更名，2027年2月2日报告晚不晚", "unknown", "2027-02-28", "2027-02-02"),
        ("2026年11月更名，2027年2月28日报告晚不晚", "unknown", "2027-02-28", "2027-02-28"),
        ("2026年11月更名，3月报告晚不晚", "unmet", "2027-02-28", "2027-03-01"),
        ("2026年更名，2027年报告晚不晚", "unknown", "2027-03-31", "2027-01-01"),
        # 明年 is the year after the change's, and a day of its own month the same year's
        ("2027年12月1日更名，明年2月1日报告晚不晚", "met", "2028-03-01", "2028-02-01"),
        ("2026年11月30日更名，11月30日报告晚不晚", "met", "2027-02-28", "2026-11-30"),
    ],
)  # fmt: skip
def test_a_change_and_its_report_are_held_apart_by_three_months(text, status, latest, actual):
    found = judged(text)["19"]
    assert (found.status, found.actual) == (status, actual)
    day = date.fromisoformat(latest)
    assert f"（最晚{day.year}年{day.month}月{day.day}日）" in found.sentence


@pytest.mark.parametrize(
    ("text", "status", "ends", "actual"),
    [
        ("2024年6月1日被取消，能再报吗", "unmet", "2026-06-01", "2026-06-01"),
        ("2024年5月31日被取消，能再报吗", "met", "2026-05-31", "2026-06-01"),
        ("2026年6月被取消，2028年7月1日能再报吗", "met", "2028-06-30", "2028-07-01"),
        ("2026年6月被取消，2028年6月15日能再报吗", "unknown", "2028-06-30", "2028-06-15"),
        ("2026年6月1日被取消，3月1日能再报吗", "unmet", "2028-06-01", "2027-03-01"),  # the next March
        ("2026年12月1日被取消，明年1月能再报吗", "unmet", "2028-12-01", "2027-01-01 … 2027-01-31"),
        ("2026年2月1日被取消，2028年2月能再报吗", "unknown", "2028-02-01", "2028-02-01 … 2028-02-29"),
        ("2026年1月31日被取消，2028年2月能再报吗", "met", "2028-01-31", "2028-02-01 … 2028-02-29"),
        ("2026年被取消，2029年能再报吗", "met", "2028-12-31", "2029-01-01 … 2029-12-31"),
    ],
)  # fmt: skip
def test_a_revocation_bars_to_the_corresponding_day_two_years_later(text, status, ends, actual):
    found = judged(text)["18"]
    assert (found.status, found.required, found.actual) == (status, f"> {ends}", actual)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("2024年申报，这个办法有效吗", "unmet"), ("2025年申报，这个办法有效吗", "unknown"), ("2026年申报，这个办法有效吗", "met"),
        ("2028年申报，这个办法有效吗", "unknown"), ("2029年申报，这个办法有效吗", "unmet"),
    ],
)  # fmt: skip
def test_a_year_of_application_is_held_against_the_period(text, status):
    found = judged(text)["20"]
    assert found.status == status
    assert ("尚未施行" in found.sentence) == ("2024" in text)
    assert ("已过有效期" in found.sentence) == ("2029" in text)


def test_a_year_that_holds_a_short_period_whole_is_left_open():
    short = replace(RULES.in_force, first=date(2026, 3, 1), last=date(2026, 9, 30))
    facts = read_facts("2026年申报，这个办法有效吗")
    (found,) = judge(facts, ("proof_of_concept",), replace(RULES, in_force=short), DAY)
    assert (found.status, found.actual) == ("unknown", "2026-01-01 … 2026-12-31")
    assert "要看具体是哪一天" in found.sentence


@pytest.mark.parametrize(
    "text", ["12月8日申报，这个办法有效吗", "明年申报，这个办法有效吗", "2026年3月2日更名，什么时候报告算晚"]
)
def test_where_a_date_or_its_year_is_not_told_nothing_is_judged(text):
    assert judged(text) == {}
