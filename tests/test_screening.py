import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from editions import with_amendment
from hypothesis import HealthCheck, given, settings
from second_opinion import applicants, second_opinion

from flows.profile import ProfileError, read_profile
from flows.provisions import leaves
from flows.rules import load_rules
from flows.screening import judge, plain, screen, show

RULES = load_rules()
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/prescreen_dev.jsonl").read_text("utf-8").splitlines()
]
MET_POC = {
    "track": "proof_of_concept", "as_of": "2026-03-01", "applicant_kind": "university",
    "independent_legal_person": True, "construction_plan": True, "service_capacity": True, "service_terms": True,
    "site_area_m2": 200, "site_photos": True, "facilities_complete": True, "team_size": 6, "director_appointed": True,
    "specialists": 2, "advisors": 5, "sustained_projects": True, "project_library_account": True,
    "management_system": True, "full_process": True, "reserve_projects": 10, "poc_incubated": 1,
    "integrity_commitment": True, "previously_revoked": False, "plaque_route": False, "direct_to_province": False,
}  # fmt: skip


def result(**changes):
    return screen(read_profile({**MET_POC, **changes}), RULES).as_json()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["profile"]["id"])
def test_development_case(case):
    if "error_field" in case:
        with pytest.raises(ProfileError) as caught:
            read_profile(case["profile"])
        assert list(caught.value.errors) == [case["error_field"]]
        return
    found = screen(read_profile(case["profile"]), RULES).as_json()
    assert {key: found[key] for key in case["expected"]} == case["expected"]


def agrees(applicant):
    track, values = applicant
    raw = {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
    exact = {f: Decimal(str(v)) if isinstance(v, float) else v for f, v in values.items()}
    expected = second_opinion(track, exact)
    found = screen(read_profile(raw), RULES).as_json()
    assert {key: found[key] for key in expected} == expected


def on_random_applicants(count):
    random = settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    random(given(applicants(sparse=True))(agrees))()


def test_a_second_evaluator_agrees():
    on_random_applicants(200)


@pytest.mark.soak
def test_a_second_evaluator_agrees_on_ten_thousand_applicants():
    on_random_applicants(10_000)
    print("10,000 random applicants: the second evaluator agrees on every one")


def test_the_result_has_the_keys_of_the_public_interface_in_order():
    assert list(result()) == [
        "id", "verdict", "unmet", "unknown", "route", "construction_wan", "operating_wan", "first_year_wan",
        "additional_wan", "criteria", "notices", "error",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "unmet", "unknown"),
    [
        ({}, [], []),
        ({"site_area_m2": 199.999}, ["8.3"], []),
        ({"site_area_m2": None}, [], ["8.3"]),
        ({"site_area_m2": None, "site_photos": False}, ["8.3"], []),
        ({"applicant_kind": "other"}, [], ["8.1"]),
        ({"applicant_kind": "other", "independent_legal_person": False}, ["8.1"], []),
        ({"poc_incubated": None}, [], ["8.5"]),
        ({"poc_incubated": 0}, [], ["8.5"]),
        ({"poc_incubated": 0, "poc_fund_wan": 200}, [], []),
        (
            {
                "poc_incubated": 0,
                "poc_fund_wan": 0,
                "poc_service_income_wan": 49.99,
                "poc_financing_wan": 0,
                "poc_transactions_wan": 99,
            },
            ["8.5"],
            [],
        ),
        ({"as_of": None}, [], ["20"]),
        ({"as_of": "2025-12-05"}, ["20"], []),
        ({"as_of": "2028-12-06"}, ["20"], []),
        ({"integrity_commitment": False}, ["10.1"], []),
        ({"previously_revoked": None}, [], ["18"]),
        ({"previously_revoked": True}, [], ["18"]),
        ({"previously_revoked": None, "revoked_on": "2026-01-31"}, ["18"], []),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": None}, [], ["18", "20"]),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-01-31"}, ["18"], []),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-02-01"}, [], []),
        ({"also_applying_other_track": True}, [], []),
        ({"other_platform_support_wan": 300}, [], []),
    ],
)
def test_items_are_unmet_or_unknown_by_kleenes_logic(changes, unmet, unknown):
    found = result(**changes)
    assert (found["unmet"], found["unknown"]) == (unmet, unknown)
    assert found["verdict"] == ("ineligible" if unmet else "undetermined" if unknown else "eligible")


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({}, []),
        ({"applicant_kind": "other"}, ["8.1"]),
        ({"plaque_route": None}, ["13"]),
        ({"investment_3y_wan": 10, "excluded_funds_3y_wan": 0}, ["13"]),
        (
            {"investment_3y_wan": 10, "excluded_funds_3y_wan": 0, "annual_service_income_wan": 10},
            ["13", "14"],
        ),
        ({"also_applying_other_track": True}, ["14"]),
        ({"other_platform_support_wan": 0}, []),
        ({"other_platform_support_wan": 1}, ["14"]),
        ({"plaque_route": True}, ["17"]),
        ({"previously_revoked": None}, ["16", "18", "19"]),
        ({"previously_revoked": True}, ["18"]),
        ({"previously_revoked": True, "revoked_on": "2026-01-31"}, ["18"]),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-02-01"}, ["18"]),
        ({"as_of": None}, ["20"]),
        ({"as_of": "2025-12-05"}, ["20"]),
        ({"as_of": "2028-12-06"}, ["20"]),
    ],
)
def test_notices_stand_under_their_clauses_in_article_order(changes, labels):
    notices = result(**changes)["notices"]
    assert [notice["label"] for notice in notices] == labels
    assert not any("{" in notice["text"] for notice in notices)


def test_the_notice_of_a_ban_says_its_last_day_and_the_first_free_day():
    text = result(previously_revoked=True, revoked_on="2026-02-28")["notices"][0]["text"]
    assert "到2028-02-28止" in text
    assert "2028-02-29起" in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"previously_revoked": None}, "是否曾依第十八条被取消备案资格还不清楚"),
        ({"previously_revoked": True}, "缺少取消日期或申报日期"),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": None}, "缺少取消日期或申报日期"),
        ({"previously_revoked": None, "revoked_on": "2026-01-31"}, "不得再次申请：自次日起算，到2028-01-31止"),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-01-31"}, "2028-02-01起可以再次申请"),
        ({"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-02-01"}, "申报日期在此之后"),
    ],
)  # fmt: skip
def test_a_notice_says_how_a_revocation_stands_on_the_day_of_application(changes, says):
    (text,) = (n["text"] for n in result(**changes)["notices"] if n["label"] == "18")
    assert says in text


def test_criteria_show_what_is_required_what_was_said_and_how_much_is_missing():
    screening = screen(read_profile({**MET_POC, "site_area_m2": 180.5}), RULES)
    area = next(c for c in screening.criteria if c.field == "site_area_m2")
    assert (area.label, area.status, area.required, area.actual, area.missing) == (
        "8.3", "unmet", "≥ 200", "180.5", Decimal("19.5"),
    )  # fmt: skip
    kind = next(c for c in screening.criteria if c.field == "applicant_kind")
    assert (kind.required, kind.actual) == (
        "高等院校、科研院所、医疗卫生机构、企业、开发区管理运营机构",
        "高等院校",
    )
    photos = next(c for c in screening.criteria if c.field == "site_photos")
    assert (photos.required, photos.actual) == ("是", "是")


def test_a_criterion_has_the_names_of_the_public_interface():
    assert next(c for c in result(site_area_m2=None)["criteria"] if c["label"] == "8.3") == {
        "label": "8.3", "field": "site_area_m2", "status": "unknown", "required": "≥ 200", "actual": None,
    }  # fmt: skip


def test_what_is_open_is_what_is_not_met_and_what_no_met_alternative_makes_needless():
    changes = {"site_area_m2": 100, "poc_incubated": 0, "poc_fund_wan": 200, "previously_revoked": None}
    screening = screen(read_profile({**MET_POC, **changes}), RULES)
    assert [(c.label, c.field, c.status) for c in screening.open] == [
        ("8.3", "site_area_m2", "unmet"), ("18", "previously_revoked", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize(("open_", "status"), [(("other",), "unknown"), ((), "unmet")])
def test_a_choice_that_is_not_among_those_required_is_unmet_unless_the_measure_leaves_it_open(open_, status):
    kinds = leaves(RULES.items["proof_of_concept"][0])
    rule = replace(next(rule for rule in kinds if rule.field == "applicant_kind"), open=open_)
    assert (judge(rule, "university"), judge(rule, "other")) == ("met", status)


@pytest.mark.parametrize(
    ("changes", "criterion"),
    [
        ({}, ("previously_revoked", "met", "否", "否")),
        ({"previously_revoked": None}, ("previously_revoked", "unknown", "否", None)),
        ({"previously_revoked": True}, ("previously_revoked", "unknown", "否", "是")),
        (
            {"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-02-01"},
            ("revoked_on", "met", "申报日期 ≥ 2028-02-01", "2028-02-01"),
        ),
        (
            {"previously_revoked": True, "revoked_on": "2026-01-31", "as_of": "2028-01-31"},
            ("revoked_on", "unmet", "申报日期 ≥ 2028-02-01", "2028-01-31"),
        ),
    ],
)
def test_the_ban_asks_for_no_revocation_or_for_a_day_after_it(changes, criterion):
    ban = screen(read_profile({**MET_POC, **changes}), RULES).criteria[-2]
    assert (ban.field, ban.status, ban.required, ban.actual) == criterion


@pytest.mark.parametrize(("track", "label"), [("proof_of_concept", "8.1"), ("pilot_base", "9.1")])
def test_the_notice_of_another_kind_of_applicant_rests_on_its_tracks_article(track, label):
    notices = screen(read_profile({"track": track, "applicant_kind": "other"}), RULES).notices
    assert notices[0].label == label


def test_the_notice_of_no_stacking_says_the_support_told():
    (text,) = (n["text"] for n in result(other_platform_support_wan=300.50)["notices"] if n["label"] == "14")
    assert "300.5万元" in text


def test_alternatives_are_listed_under_their_own_clauses():
    labels = [c["label"] for c in result()["criteria"] if c["field"].startswith("poc_")]
    assert labels == ["8.5.1", "8.5.2", "8.5.3", "8.5.4", "8.5.5"]


def test_the_ban_and_the_period_are_criteria_too():
    last_two = result(previously_revoked=True, revoked_on="2026-01-31")["criteria"][-2:]
    assert [(c["label"], c["field"], c["status"]) for c in last_two] == [
        ("18", "revoked_on", "unmet"), ("20", "as_of", "met"),
    ]  # fmt: skip


def test_amounts_do_not_depend_on_the_verdict():
    figures = {"investment_3y_wan": 100, "excluded_funds_3y_wan": 0, "annual_service_income_wan": 10}
    assert result(**figures, team_size=1)["first_year_wan"] == result(**figures)["first_year_wan"] == "22.00"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("200.00"), "200"), (Decimal("1E+3"), "1000"), (Decimal("0.50"), "0.5"), (7, "7")],
)
def test_figures_are_shown_plainly(value, shown):
    assert plain(value) == shown


def test_values_are_shown_as_people_read_them():
    assert [show("site_photos", True), show("track", "pilot_base"), show("as_of", date(2026, 3, 1)), show("id", None)] == [
        "是", "中试基地（平台）", "2026-03-01", None,
    ]  # fmt: skip


def test_the_day_of_application_chooses_the_edition_that_judges_and_the_result_says_which(tmp_path):
    rules = with_amendment(tmp_path)
    profile = {**MET_POC, "site_area_m2": 250}
    before, after = (
        screen(read_profile({**profile, "as_of": day}), rules) for day in ("2027-06-30", "2027-07-01")
    )
    assert (before.verdict, before.version) == ("eligible", RULES.version)
    assert (after.verdict, after.unmet, after.version) == ("ineligible", ("8.3",), rules.amended[0].version)
    assert [(n.label, "自2027-07-01起" in n.text) for n in after.notices if after.version in n.text] == [
        ("20", True)
    ]
    assert screen(read_profile({**profile, "as_of": "2029-01-01"}), rules).unmet == ("8.3",)
    assert screen(read_profile({**profile, "as_of": "2030-07-01"}), rules).unmet == ("8.3", "20")


def test_one_edition_alone_needs_no_word_about_it():
    assert not any(RULES.version in notice["text"] for notice in result()["notices"])


@pytest.mark.parametrize(
    ("as_of", "says"),
    [
        (None, "没有申报日期，无法判断是否在本办法的有效期内（2025-12-06至2028-12-05）。"),
        ("2025-12-05", "2025-12-06"),
        ("2028-12-06", "2028-12-05"),
    ],
)
def test_a_notice_says_the_whole_period_in_force(as_of, says):
    (notice,) = (n["text"] for n in result(as_of=as_of)["notices"] if n["label"] == "20")
    assert says in notice
    assert "None" not in notice
