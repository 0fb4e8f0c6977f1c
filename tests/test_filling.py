from datetime import date
from decimal import Decimal

import pytest

from flows.filling import fields_named, read_values
from flows.rules import load_rules

RULES = load_rules()
DAY = date(2026, 6, 1)


def read(text, track="pilot_base", asking=None):
    return read_values(text, track, asking, RULES, DAY)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("场地一千二，顾问5个", {"site_area_m2": Decimal(1200), "advisors": 5}),
        ("厂房1.5亩，仪器设备原值五百二十万", {"site_area_m2": Decimal(1000), "equipment_value_wan": Decimal(520)}),
        ("中试工程师2名 顾问6名 团队8人", {"team_size": 8, "specialists": 2, "advisors": 6}),
        ("场地1,200平，储备25个", {"site_area_m2": Decimal(1200), "reserve_projects": 25}),
        ("做了5个中试项目，4个做成产品了", {"pilot_projects_done": 5, "pilot_productised": 4}),
        (
            "孵化企业3家，累计估值800万，营业收入150万，技术合同成交额210万",
            {
                "pilot_incubated": 3, "pilot_incubated_valuation_wan": Decimal(800),
                "pilot_incubated_revenue_wan": Decimal(150), "pilot_contracts_wan": Decimal(210),
            },
        ),
        (
            "近三年投入800万，其中省级财政100万，年度服务性收入120万",
            {
                "investment_3y_wan": Decimal(800), "excluded_funds_3y_wan": Decimal(100),
                "annual_service_income_wan": Decimal(120),
            },
        ),
        (
            "有独立法人资格，主任已聘，没被取消过，2026年3月1日申报",
            {
                "as_of": date(2026, 3, 1), "independent_legal_person": True, "director_appointed": True,
                "previously_revoked": False,
            },
        ),
        ("有独立法人资格主任已聘", {"independent_legal_person": True, "director_appointed": True}),
        ("2026年1月31日被取消过", {"revoked_on": date(2026, 1, 31)}), ("3月1日申报", {}),
        ("没有独立法人资格，主任还没聘", {"independent_legal_person": False, "director_appointed": False}),
        ("我们是省属高校，在昆明", {"applicant_kind": "university", "direct_to_province": True, "prefecture": "昆明市"}),
        ("场地是800", {"site_area_m2": Decimal(800)}),
        ("设备一千二，面积大概八百", {"site_area_m2": Decimal(800), "equipment_value_wan": Decimal(1200)}),
        ("场地没问题", {}),
        ("场地设备800", {}),
        ("合同签了3年，团队8人", {"team_size": 8}),
        ("别人家的大学，场地800平", {"site_area_m2": Decimal(800)}),
        ("有建设方案，制度齐全", {}),
        ("公示几天", {}),
    ],
)  # fmt: skip
def test_a_sentence_is_read_field_by_field(text, values):
    assert read(text).values == values


def test_a_track_reads_its_own_fields():
    text = "融资300万，技术经理人2名，工程师3名"
    assert read(text, "proof_of_concept").values == {"poc_financing_wan": Decimal(300), "specialists": 2}
    assert read(text).values == {"specialists": 3}


def test_ranges_and_two_figures_for_one_field_are_left_for_their_question():
    assert read("团队10到12人，场地1200平").unclear == ("团队10到12人",)
    found = read("场地1200平，厂房800平")
    assert found.unclear == ("厂房800平",)
    assert read("设备不到500万").unclear == ("设备不到500万",)
    assert read("场地800平，场地900平，团队8人").values == {"site_area_m2": Decimal(800), "team_size": 8}


def test_approximations_are_marked_and_years_are_not_taken_for_one():
    found = read("团队约12人，近三年投入800万")
    assert found.approximate == {"team_size"}


def test_what_stands_after_an_unclear_part_is_read_too():
    found = read("10到12人，场地800平", asking="team_size")
    assert (found.values, found.unclear) == ({"site_area_m2": Decimal(800)}, ("10到12人",))
    found = read("实景图片有，场地800平", asking="site_photos")
    assert found.named == {"site_photos", "site_area_m2"}


def test_a_bare_amount_is_money_where_a_subsidy_s_base_is_asked_for():
    found = read("300", asking="annual_service_income_wan")
    assert found.values == {"annual_service_income_wan": Decimal(300)}


def test_what_money_went_into_is_spending_where_the_spending_is_asked_for():
    assert read("设备300万").values == {"equipment_value_wan": Decimal(300)}
    assert read("设备300万", asking="investment_3y_wan").values == {"investment_3y_wan": Decimal(300)}


def test_an_unknown_response_leaves_the_rest_to_be_read():
    assert read("不清楚，场地800平", asking="equipment_value_wan").values == {"site_area_m2": Decimal(800)}


def test_a_part_without_a_noun_is_the_response_to_the_question_asked():
    found = read("520万，场地1200平", asking="equipment_value_wan")
    assert found.values == {"site_area_m2": Decimal(1200), "equipment_value_wan": Decimal(520)}
    assert "equipment_value_wan" not in found.named


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("面积", ("site_area_m2",)), ("团队", ("team_size",)), ("顾问", ("advisors",)), ("设备", ("equipment_value_wan",)),
        ("主任", ("director_appointed",)), ("实景图片", ("site_photos",)), ("州市", ("prefecture",)),
        ("人数", ("team_size", "specialists", "advisors")), ("年度服务性收入", ("annual_service_income_wan",)),
        ("面积那一项", ("site_area_m2",)), ("基金", ()), ("", ()), ("的", ()),
    ],
)  # fmt: skip
def test_fields_are_named_by_what_people_call_them(words, fields):
    assert fields_named(words, "pilot_base", RULES) == fields
