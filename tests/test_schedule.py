"""Support over the years: the years of the period, construction once, caps, what is not known, and the chart."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from second_opinion import applicants

from bot.chart import describe, draw_years
from bot.wording_years import word_years, year_rows
from flows.profile import Profile, read_profile
from flows.rules import load_rules
from flows.schedule import plan_years
from flows.screening import screen

RULES = load_rules()
WELL = {
    "track": "pilot_base", "as_of": "2026-06-01", "plaque_route": False, "investment_3y_wan": 700,
    "excluded_funds_3y_wan": 100, "annual_service_income_wan": 300,
}  # fmt: skip


def plan(**changes):
    return plan_years(read_profile({**WELL, **changes}), RULES)


def test_construction_is_paid_once_and_operation_each_year_to_the_end_of_the_measure():
    rows = [
        (y.first, y.last, str(y.construction), str(y.operating), str(y.total), str(y.most))
        for y in plan().years
    ]
    assert rows == [
        (date(2026, 6, 1), date(2026, 12, 31), "120.00", "60.00", "180.00", "300.00"),
        (date(2027, 1, 1), date(2027, 12, 31), "0.00", "60.00", "60.00", "100.00"),
        (date(2028, 1, 1), date(2028, 12, 5), "0.00", "60.00", "60.00", "100.00"),
    ]
    assert (plan().total, plan().most) == (Decimal("300.00"), Decimal("500.00"))


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        ("2025-12-06", [2025, 2026, 2027, 2028]),
        ("2025-12-05", []),
        ("2028-12-05", [2028]),
        ("2028-12-06", []),
        (None, []),
    ],
)
def test_the_years_are_those_of_the_period_in_force(as_of, years):
    found = plan(as_of=as_of)
    assert [year.first.year for year in found.years] == years
    assert found.notes
    if not years:
        assert len(found.notes) == 1
        assert found.total == 0


def test_the_caps_hold_each_year():
    years = plan(investment_3y_wan=5000, annual_service_income_wan=9000).years
    assert [year.total for year in years] == [year.most for year in years] == [300, 100, 100]


def test_what_is_not_known_stays_unknown_in_its_year_and_in_the_sum():
    found = plan(annual_service_income_wan=None)
    assert [year.operating for year in found.years] == [None, None, None]
    assert [year.construction for year in found.years] == [Decimal("120.00"), 0, 0]
    assert found.total is None
    assert year_rows(found)[-1] == ("合计", "120.00", "未知", "未知", "500.00")
    assert any("未知" in note.text for note in found.notes)
    assert not any("每年不变" in note.text for note in found.notes)
    later = plan(plaque_route=None)
    assert [year.total for year in later.years] == [None, 60, 60]
    assert later.total is None


def test_on_the_plaque_route_there_is_operation_only():
    found = plan(plaque_route=True)
    assert [(year.construction, year.most) for year in found.years] == [(0, 100)] * 3
    assert any(note.label == "17" for note in found.notes)


@settings(max_examples=60, deadline=None)
@given(applicants(sparse=True))
def test_the_first_year_is_the_first_year_of_the_screening(applicant):
    track, values = applicant
    profile = read_profile(
        {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
    )
    found, amounts = plan_years(profile, RULES), screen(profile, RULES).amounts
    if found.years:
        assert found.years[0].total == amounts.first_year
        assert all(year.total is None or year.total <= year.most for year in found.years)


def test_the_table_in_words_names_its_premises_and_what_is_open():
    text = word_years(RULES.law, "pilot_base", plan()).text
    assert (
        "年度｜建设补助｜运营补助｜合计｜最高限额\n2026年（6月1日起）｜120.00｜60.00｜180.00｜300.00" in text
    )
    assert "2028年（至12月5日）" in text
    for words in ("推算", "没有写明", "就高不重复", "2028-12-05"):
        assert words in text
    assert "不在有效期内" in word_years(RULES.law, "pilot_base", plan(as_of="2029-01-01")).text


@pytest.mark.parametrize(
    "changes", [{}, {"annual_service_income_wan": None}, {"plaque_route": None}, {"as_of": None}]
)
def test_the_chart_is_well_formed_and_told_in_words(changes):
    found = plan(**changes)
    svg = ElementTree.fromstring(draw_years(found))
    name = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert {svg.find(f"{name}title").get("id"), svg.find(f"{name}desc").get("id")} == set(
        svg.get("aria-labelledby").split()
    )
    assert svg.find(f"{name}desc").text == describe(found)
    for rect in svg.iter(f"{name}rect"):
        assert float(rect.get("height")) >= 0
        assert 0 <= float(rect.get("y", 0)) <= 320


def test_the_chart_draws_no_bar_for_what_is_not_known():
    def bars(found, colour):
        svg = ElementTree.fromstring(draw_years(found))
        return [
            r
            for r in svg.iter("{http://www.w3.org/2000/svg}rect")
            if r.get("fill") == colour and r.get("y") != "14"
        ]

    assert len(bars(plan(), "#8fbce0")) == 3
    assert bars(plan(annual_service_income_wan=None), "#8fbce0") == []
    assert "120.00＋未知" in draw_years(plan(annual_service_income_wan=None))
    assert describe(plan_years(Profile(track="pilot_base"), RULES)) == "没有申报日期，不能按年列出。"


def test_the_years_come_by_button_and_by_word(talk):
    talk.press("prescreen:pilot_base")
    talk.say("2026-06-01")
    while talk.replies[-1].question:
        talk.say("不清楚")
    assert "years" in [b.action for b in talk.replies[-1].buttons]
    table = talk.say("分年补助").blocks[1]
    assert table.kind == "table"
    assert ElementTree.fromstring(table.chart).get("role") == "img"
    assert "<svg" not in talk.replies[0].text


def test_a_day_outside_the_period_in_force_is_told_with_the_period():
    profile = read_profile({"track": "pilot_base", "as_of": "2029-01-05"})
    assert [note.text for note in plan_years(profile, RULES).notes if note.label == "20"] == [
        "申报日期2029-01-05不在有效期内（2025-12-06至2028-12-05），不能按年列出。"
    ]
