from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from second_opinion import applicants, second_opinion

from flows.comparison import compare, shared_fields, shared_values
from flows.rules import load_rules

RULES = load_rules()
D = Decimal


def row(comparison, title):
    return next(r for r in comparison.rows if title in r.title)


def test_one_fact_is_held_against_both_articles():
    found = compare({"proof_of_concept": {"site_area_m2": D(800), "team_size": 12}}, RULES)
    poc, pilot = row(found, "场地面积").cells
    assert (poc.asks, poc.actual, poc.status) == ("不少于200平方米", "800平方米", "met")
    assert (pilot.asks, pilot.status, pilot.missing) == ("不少于1000平方米", "unmet", "200平方米")
    assert found.screenings["pilot_base"].unmet == ("9.3",)
    assert found.screenings["proof_of_concept"].unmet == ()


def test_what_only_one_of_them_requires_says_so_and_what_was_not_said_is_not_known():
    equipment = row(compare({}, RULES), "设备").cells
    assert equipment[0].asks == ""
    assert (equipment[1].asks, equipment[1].status) == ("不少于500万元", "unknown")


def test_facts_with_their_own_words_for_each_are_not_carried_over():
    shared = shared_fields(RULES)
    assert {
        "site_area_m2",
        "team_size",
        "advisors",
        "independent_legal_person",
        "investment_3y_wan",
        "as_of",
    } <= shared
    assert not shared & {
        "specialists",
        "reserve_projects",
        "construction_plan",
        "director_appointed",
        "full_process",
    }
    assert shared_values({"team_size": 8, "specialists": 3}, RULES) == {"team_size": 8}


def test_what_was_said_of_a_track_itself_goes_before_what_was_said_of_the_other():
    found = compare({"proof_of_concept": {"team_size": 7}, "pilot_base": {"team_size": 11}}, RULES)
    assert [cell.actual for cell in row(found, "运营管理团队").cells] == ["7人", "11人"]


def test_each_way_says_what_it_would_pay_and_what_that_adds_to_other_support():
    money = {
        "investment_3y_wan": D(700), "excluded_funds_3y_wan": D(100), "annual_service_income_wan": D(90),
        "other_platform_support_wan": D(50), "plaque_route": True,
    }  # fmt: skip
    ways = compare({"pilot_base": money}, RULES).ways
    assert [ways["filing"].construction, ways["filing"].operating, ways["filing"].additional] == [
        D(120),
        D(18),
        D(88),
    ]
    assert [ways["plaque"].construction, ways["plaque"].operating, ways["plaque"].additional] == [0, D(18), 0]


def test_an_unknown_figure_stays_unknown_in_every_way():
    ways = compare({}, RULES).ways
    assert ways["filing"].construction is None
    assert ways["plaque"].construction == 0
    assert ways["plaque"].first_year is None


def test_facts_that_contradict_each_other_are_taken_as_not_known():
    told = {"proof_of_concept": {"investment_3y_wan": D(10)}, "pilot_base": {"excluded_funds_3y_wan": D(20)}}
    assert compare(told, RULES).ways["filing"].construction is None


@pytest.mark.filterwarnings("error")
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(applicants(sparse=True))
def test_the_second_evaluator_agrees_on_both_sides(applicant):
    track, values = applicant
    exact = {
        f: D(str(v)) if isinstance(v, float) or f.endswith(("_wan", "_m2")) else v for f, v in values.items()
    }
    found = compare({track: exact}, RULES)
    for other, screening in found.screenings.items():
        own = exact if other == track else shared_values(exact, RULES)
        expected = second_opinion(other, own)
        assert (list(screening.unmet), list(screening.unknown)) == (expected["unmet"], expected["unknown"])


def test_the_alternatives_are_one_row_and_the_counts_leave_them_out():
    told = {
        "proof_of_concept": {"poc_incubated": 1, "poc_fund_wan": D(1), "site_area_m2": D(150)},
        "pilot_base": {"pilot_contracts_wan": D(1)},
    }
    found = compare(told, RULES)
    poc, pilot = row(found, "以下条件之一").cells
    assert (poc.asks, poc.actual, poc.status) == ("5项中符合1项", None, "met")
    assert (pilot.asks, pilot.actual, pilot.status) == ("3项中符合1项", None, "unknown")
    assert [found.counts["proof_of_concept"][s] for s in ("met", "unmet")] == [0, 1]
    required = sum(c.label.count(".") < 2 for c in found.screenings["proof_of_concept"].criteria)
    assert sum(found.counts["proof_of_concept"].values()) == required
