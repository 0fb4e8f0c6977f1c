"""The gap plan: distances, evidence in the clause's own words, and the one response that settles most."""

import shutil
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from second_opinion import applicants

from bot.wording_gaps import word_gaps
from flows.gap_plan import First, plan_gaps
from flows.profile import Profile, read_profile
from flows.rules import FOLDER, load_edition, load_rules
from flows.rules_data import RulesError
from flows.screening import screen
from knowledge.entries import TRACKS
from knowledge.regulation import load, squeeze

RULES = load_rules()
POC = {
    "track": "proof_of_concept", "as_of": "2026-06-01", "applicant_kind": "enterprise", "independent_legal_person": True,
    "construction_plan": True, "service_capacity": True, "service_terms": True, "site_area_m2": 200, "site_photos": True,
    "facilities_complete": True, "team_size": 6, "director_appointed": True, "specialists": 2, "advisors": 5,
    "sustained_projects": True, "project_library_account": True, "management_system": True, "full_process": True,
    "reserve_projects": 10, "poc_incubated": 1, "integrity_commitment": True, "previously_revoked": False,
}  # fmt: skip


def plan(answered=frozenset(), **changes):
    return plan_gaps(read_profile({**POC, **changes}), RULES, frozenset(answered))


def test_an_eligible_applicant_has_no_gaps():
    assert plan().items == ()
    assert plan().first is None


@pytest.mark.parametrize(
    ("changes", "label", "field", "missing"),
    [
        ({"site_area_m2": 150.5}, "8.3", "site_area_m2", "49.5"),
        ({"team_size": 0}, "8.4", "team_size", "6"),
        ({"specialists": 1}, "8.4", "specialists", "1"),
        ({"reserve_projects": 9}, "8.5", "reserve_projects", "1"),
        ({"site_photos": False}, "8.3", "site_photos", None),
        ({"integrity_commitment": False}, "10.1", "integrity_commitment", None),
    ],
)
def test_each_gap_says_how_far_it_is_from_the_threshold(changes, label, field, missing):
    (item,) = plan(**changes).items
    (gap,) = item.gaps
    assert (item.label, item.status, gap.criterion.field) == (label, "unmet", field)
    assert gap.criterion.missing == (missing and Decimal(missing))
    assert gap.known == "answered"


def test_what_was_not_asked_is_told_from_what_the_user_does_not_know():
    (item,) = plan(answered={"advisors"}, advisors=None, specialists=None).items
    assert {gap.criterion.field: gap.known for gap in item.gaps} == {
        "specialists": "unasked",
        "advisors": "unclear",
    }


def test_of_the_alternatives_each_way_has_its_own_gaps_and_the_nearest_is_named():
    (item,) = plan(poc_incubated=0, poc_financing_wan=150, poc_fund_wan=20, poc_transactions_wan=None).items
    assert [way.label for way in item.ways] == ["8.5.1", "8.5.2", "8.5.3", "8.5.4", "8.5.5"]
    assert item.nearest == "8.5.2"
    assert item.gaps == ()


def test_nothing_is_the_nearest_where_nothing_was_said_or_nothing_is_there():
    assert plan(poc_incubated=None).items[0].nearest is None
    assert plan(poc_incubated=0).items[0].nearest is None


def test_inside_an_alternative_a_met_one_of_two_is_no_gap():
    profile = Profile(track="pilot_base", pilot_incubated=0, pilot_incubated_revenue_wan=Decimal(120))
    item = next(item for item in plan_gaps(profile, RULES).items if item.label == "9.5")
    way = next(way for way in item.ways if way.label == "9.5.2")
    assert [gap.criterion.field for gap in way.gaps] == ["pilot_incubated"]


def test_a_ban_says_how_many_days_to_wait():
    found = plan(previously_revoked=True, revoked_on="2026-05-01")
    (gap,) = found.items[0].gaps
    assert gap.days == (date(2028, 5, 2) - date(2026, 6, 1)).days
    assert found.first is None


@pytest.mark.parametrize(("revoked_on", "waits"), [("2026-12-04", True), ("2026-12-05", False)])
def test_waiting_helps_up_to_the_last_day_of_the_period_in_force(revoked_on, waits):
    """The measure is in force to 2028-12-05: a ban to the day before leaves that one day."""
    (gap,) = plan(as_of="2027-01-01", previously_revoked=True, revoked_on=revoked_on).items[0].gaps
    assert gap.days == ((date(2028, 12, 5) - date(2027, 1, 1)).days if waits else None)


def test_no_waiting_helps_after_the_period_in_force():
    (item,) = plan(as_of="2029-01-01").items
    assert item.gaps[0].days is None
    early = plan(as_of="2025-12-01")
    assert early.items[0].gaps[0].days == 5
    assert early.first.field == "as_of"


@pytest.mark.parametrize(
    ("changes", "field", "settles"),
    [
        ({"as_of": None, "previously_revoked": True, "revoked_on": "2026-05-01", "team_size": 5}, "as_of", ("18", "20")),
        ({"poc_incubated": None, "advisors": 4}, "poc_service_income_wan", ("8.5",)),
        ({"team_size": 5, "advisors": 4, "site_area_m2": 100}, "site_area_m2", ("8.3",)),
        ({"team_size": 5, "advisors": 4}, "team_size", ()),
        ({"site_photos": False, "integrity_commitment": None}, "integrity_commitment", ("10.1",)),
    ],
)  # fmt: skip
def test_the_first_step_settles_most_items_then_closes_most_gaps(changes, field, settles):
    first = plan(**changes).first
    assert (first.field, first.settles) == (field, settles)


def test_a_kind_that_the_list_leaves_open_is_for_the_office_and_no_first_step():
    found = plan(applicant_kind="other")
    assert [item.label for item in found.items] == ["8.1"]
    assert found.first is None


@settings(max_examples=60, deadline=None)
@given(applicants(sparse=True), st.data())
def test_the_plan_names_what_the_screening_left_open_and_its_first_step_is_the_best(applicant, data):
    track, values = applicant
    profile = read_profile(
        {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
    )
    found, screening = plan_gaps(profile, RULES), screen(profile, RULES)
    assert [item.label for item in found.items] == [
        label for label, status in screening.items if status != "met"
    ]
    for item in found.items:
        assert item.all_gaps
        for gap in item.all_gaps:
            assert gap.criterion.status != "met"
            assert squeeze(gap.words.split("……")[0]) in squeeze(load().clauses[gap.criterion.label].text)
    if found.first and found.first.field not in ("as_of", "previously_revoked"):
        gap = data.draw(st.sampled_from([g for item in found.items for g in item.all_gaps]))
        rule = next(
            (r for r in RULES.rules if r.field == gap.criterion.field and r.track in (None, track)), None
        )
        if rule and rule.at_least is not None:
            better = profile.model_copy(update={rule.field: rule.at_least})
            settled = [
                a
                for a, b in zip(screen(better, RULES).items, screening.items, strict=True)
                if a != b and a[1] != "unknown"
            ]
            assert len(settled) <= len(found.first.settles)


def test_every_requirement_has_evidence_and_what_is_called_the_clauses_own_stands_in_it():
    evidence = RULES.evidence
    for track in TRACKS:
        for field in {rule.field for rule in RULES.rules if rule.track in (None, track)}:
            assert evidence[track, field].named or evidence[track, field].suggested
    assert evidence["pilot_base", "site_area_m2"].named == ("实景图片",)
    assert evidence["proof_of_concept", "project_library_account"].named == ("项目库", "专账")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('named = ["诚信承诺书"]', 'named = ["营业执照"]', "does not stand in its clause"),
        ("[team_size]", "[teamsize]", "no such field"),
        ('[director_appointed]\nsuggested = ["主任聘任文件"]', "", "director_appointed"),
        ('suggested = ["主任聘任文件"]', "", "say what shows it"),
        ('suggested = ["主任聘任文件"]', 'proposed = ["主任聘任文件"]', "not part of an entry"),
    ],
)
def test_evidence_that_does_not_hold_does_not_load(tmp_path, old, new, complaint):
    shutil.copytree(FOLDER, tmp_path / "rules")
    path = tmp_path / "rules" / "evidence.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RulesError, match=complaint):
        load_edition(tmp_path / "rules")


def test_the_plan_in_words():
    changes = {"site_area_m2": 150, "advisors": None, "poc_incubated": 0, "poc_fund_wan": 100}
    text = word_gaps(RULES.law, "proof_of_concept", plan(**changes)).text
    assert text.startswith("概念验证中心缺口计划：1项不满足，2项待定。")
    assert "· 场地面积：150平方米，要求不少于200平方米，还差50平方米\n　佐证：实景图片（条文写明）" in text
    assert "· 顾问团队人数：未核，要求不少于5人" in text
    assert (
        "第5目　概念验证（科技成果转化）基金或专项资金规模：100万元，要求不少于200万元，还差100万元（按已填内容最接近）"
        in text
    )


def test_the_ban_in_words_speaks_of_the_day_of_application():
    text = word_gaps(
        RULES.law, "proof_of_concept", plan(previously_revoked=True, revoked_on="2026-05-01")
    ).text
    assert "申报日期：2026-06-01，要求申报日期不早于2028-05-02，还差701天" in text
    assert "先做这一件" not in text


def test_the_plan_comes_by_button_and_by_word_and_the_questionnaire_goes_on(talk):
    talk.press("prescreen:pilot_base")
    talk.say("2026-06-01")
    talk.press("plan")
    assert "缺口计划" in talk.replies[0].text
    assert talk.replies[-1].question
    while talk.replies[-1].question:
        talk.say("不清楚")
    assert "plan" in [b.action for b in talk.replies[-1].buttons]
    assert talk.say("还差什么").text.startswith("中试基地（平台）缺口计划")
    assert talk.replies[0].result is None


def test_without_an_interview_the_words_are_a_question_and_the_button_says_where_to_begin(talk):
    assert talk.say("还差什么").outcome != "control"
    assert "/prescreen" in talk.press("plan").text


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"previously_revoked": None}, First("previously_revoked", "unknown", ("18",), 1)),
        ({"previously_revoked": True}, None),
        ({"team_size": 5}, First("team_size", "unmet", ("8.4",), 1)),
        ({"site_area_m2": 150}, First("site_area_m2", "unmet", ("8.3",), 1)),
        ({"site_photos": False}, First("site_photos", "unmet", ("8.3",), 1)),
        ({"applicant_kind": None}, First("applicant_kind", "unknown", ("8.1",), 1)),
        ({"site_photos": None, "team_size": 5}, First("site_photos", "unknown", ("8.3",), 1)),
        ({"as_of": "2028-12-06"}, None),
        ({"as_of": "2025-12-05"}, First("as_of", "unmet", ("20",), 1)),
        ({"poc_incubated": 0, "poc_fund_wan": 150, "poc_financing_wan": 100}, First("poc_service_income_wan", "unknown", ("8.5",), 5)),
    ],
)  # fmt: skip
def test_the_first_step_says_what_it_settles_and_how_many_gaps_it_closes(changes, first):
    assert plan(**changes).first == first


def test_the_nearest_way_is_the_one_with_the_least_share_left():
    (item,) = plan(poc_incubated=0, poc_financing_wan=100, poc_fund_wan=150, poc_transactions_wan=40).items
    assert item.nearest == "8.5.5"
