"""The table of the rules: every word of the articles accounted for, every rule tried at its boundary."""

from dataclasses import replace
from decimal import Decimal

import pytest

from flows.rules import load_rules
from flows.rules_table import as_markdown, left_out, table
from flows.screening import judge
from knowledge.entries import TRACKS
from knowledge.regulation import load

RULES, LAW = load_rules(), load()

LEAST = {
    "8.3-site_area_m2": "200", "8.4-team_size": "6", "8.4-specialists": "2", "8.4-advisors": "5",
    "8.5-reserve_projects": "10", "8.5.1-poc_service_income_wan": "50", "8.5.2-poc_financing_wan": "200",
    "8.5.3-poc_transactions_wan": "100", "8.5.4-poc_incubated": "1", "8.5.5-poc_fund_wan": "200",
    "9.3-site_area_m2": "1000", "9.3-equipment_value_wan": "500", "9.4-team_size": "10", "9.4-specialists": "2",
    "9.4-advisors": "5", "9.5-reserve_projects": "20", "9.5.1-pilot_projects_done": "3",
    "9.5.1-pilot_productised": "3", "9.5.2-pilot_incubated": "1", "9.5.2-pilot_incubated_valuation_wan": "500",
    "9.5.2-pilot_incubated_revenue_wan": "100", "9.5.3-pilot_contracts_wan": "200",
}  # fmt: skip
"""What the regulation says, read by a person, not by the program."""


def rules_by_track():
    return [
        pytest.param(rule, id=f"{track}-{rule.label}-{rule.field}")
        for rule in RULES.rules
        for track in ((rule.track,) if rule.track else TRACKS)
    ]


@pytest.mark.parametrize("rule", rules_by_track())
def test_at_the_boundary(rule):
    assert judge(rule, None) == "unknown"
    if rule.field == "applicant_kind":
        kinds = [
            "university",
            "research_institute",
            "medical_institution",
            "enterprise",
            "development_zone_operator",
        ]
        assert [judge(rule, kind) for kind in kinds] == ["met"] * 5
        assert judge(rule, "other") == "unknown"
    elif (name := f"{rule.label}-{rule.field}") in LEAST:
        least = Decimal(LEAST[name])
        assert judge(rule, least) == "met"
        assert judge(rule, least - Decimal("0.01")) == "unmet"
        assert judge(rule, Decimal(0)) == "unmet"
    else:
        assert (judge(rule, True), judge(rule, False)) == ("met", "unmet")


def test_every_test_that_the_table_names_exists_and_every_rule_has_one():
    here = {f"tests/test_rules_table.py::test_at_the_boundary[{p.id}]" for p in rules_by_track()}
    named = [row.test for row in table(RULES, LAW) if row.test]
    assert sorted(named) == sorted(here)
    assert {f"{r.label}-{r.field}" for r in RULES.rules if r.at_least is not None} == {*LEAST}


def test_every_word_of_the_articles_is_in_a_rule_or_among_what_is_not_asked():
    assert left_out(RULES, LAW) == ()


@pytest.mark.parametrize("number", range(len(RULES.rules)))
def test_a_rule_taken_away_leaves_its_words_out(number):
    """The check can fail: without any one rule, its words reach no question."""
    fewer = replace(RULES, rules=RULES.rules[:number] + RULES.rules[number + 1 :])
    assert RULES.rules[number].label in {label for label, _ in left_out(fewer, LAW)}


def test_every_requirement_reaches_a_question_and_every_other_word_has_a_reason():
    assert all(row.question for row in table(RULES, LAW))
    assert all(row.words in LAW.clauses[row.label].text for row in table(RULES, LAW) if "……" not in row.words)


def test_the_table_is_printed_in_the_order_of_the_articles():
    lines = as_markdown(RULES, LAW).splitlines()
    assert RULES.version in lines[0]
    assert len(lines) == 4 + len(table(RULES, LAW))
    assert [line.split()[1].split(".")[0] for line in lines[4:]] == sorted(
        (line.split()[1].split(".")[0] for line in lines[4:]), key=int
    )


@pytest.mark.parametrize(
    "line",
    [
        "| 条款 | 类别 | 条文 | 要求 | 字段 | 提问，或不问的理由 | 检验 |",
        "| 8 第八条 |  | 申请概念验证中心的依托单位应当具备以下条件 |  |  | 引出以下各项 |  |",
        "| 8.3 第八条第（三）项 | 概念验证中心 | 须提供实景图片 | 是 | site_photos | 能否提供场地的实景图片？ | "
        "test_at_the_boundary[proof_of_concept-8.3-site_photos] |",
        "| 8.4 第八条第（四）项 | 概念验证中心 | 建立不少于6人的专业化运营管理团队 | ≥ 6人 | team_size | 专业化运营管理团队有多少人？ | "
        "test_at_the_boundary[proof_of_concept-8.4-team_size] |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| 20 第二十条 |  | 本办法自2025年12月6日施行，有效期至2028年12月5日 | 2025-12-06 至 2028-12-05 | as_of | 准备在哪一天提交申报？ |  |",
        "| 13.1 第十三条第（一）项 |  | 建设支持：通过备案的概念验证中心和中试基地（平台） |  |  | 备案以后的事，金额按备案通过估算 |  |",
        "| 18 第十八条 |  | 取消概念验证中心、中试基地（平台）备案资格，且2年内不得再次申请备案 | 取消后2年内不得再次申请 | previously_revoked | "
        "以前是否因第十八条所列情形被取消过备案资格？ |  |",
    ],
)
def test_a_line_of_the_table_says_clause_words_requirement_field_question_and_test(line):
    assert line in as_markdown(RULES, LAW).splitlines()


def test_words_left_out_are_named_with_their_clause():
    fewer = replace(RULES, rules=[rule for rule in RULES.rules if rule.field != "site_photos"])
    assert left_out(fewer, LAW) == (("8.3", "（须提供实景图片），"), ("9.3", "（须提供实景图片）。"))


def test_the_figures_of_a_provision_are_in_the_table_and_words_of_two_places_are_joined():
    rows = {(row.label, row.field): row for row in table(RULES, LAW)}
    said = {
        ("13.1", "investment_3y_wan"): "20%，最高200万元", ("13.2", "annual_service_income_wan"): "20%，最高100万元",
        ("14", "also_applying_other_track"): "", ("18", "revoked_on"): "取消后2年内不得再次申请",
        ("20", "as_of"): "2025-12-06 至 2028-12-05",
    }  # fmt: skip
    assert {row: rows[row].required for row in said} == said
    assert rows["8.3", "facilities_complete"].words == (
        "具有可用于概念验证服务的场地及配套设施……实验设备、检验检测等软硬件配套设施完善"
    )
