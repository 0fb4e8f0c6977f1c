import re
import shutil
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from editions import with_amendment

from flows.fields import FIELDS
from flows.provisions import leaves
from flows.rules import FOLDER, load_edition, load_editions, load_rules
from flows.rules_data import RulesError
from knowledge import regulation
from knowledge.entries import TRACKS

RULES = load_rules()
LAW = regulation.load(RULES.regulation)


def test_every_rule_of_articles_8_to_10_is_there():
    labels = {track: [item.label for item in RULES.items[track]] for track in TRACKS}
    assert labels == {
        "proof_of_concept": ["8.1", "8.2", "8.3", "8.4", "8.5", "10.1"],
        "pilot_base": ["9.1", "9.2", "9.3", "9.4", "9.5", "10.1"],
    }
    counts = {track: sum(len(leaves(item)) for item in RULES.items[track]) for track in TRACKS}
    assert counts == {"proof_of_concept": 23, "pilot_base": 25}


@pytest.mark.parametrize(
    ("label", "field", "least"),
    [
        ("8.3", "site_area_m2", 200), ("9.3", "site_area_m2", 1000), ("9.3", "equipment_value_wan", 500),
        ("8.4", "team_size", 6), ("9.4", "team_size", 10), ("8.4", "specialists", 2), ("9.4", "specialists", 2),
        ("8.4", "advisors", 5), ("9.4", "advisors", 5), ("8.5", "reserve_projects", 10), ("9.5", "reserve_projects", 20),
        ("8.5.1", "poc_service_income_wan", 50), ("8.5.2", "poc_financing_wan", 200),
        ("8.5.3", "poc_transactions_wan", 100), ("8.5.4", "poc_incubated", 1), ("8.5.5", "poc_fund_wan", 200),
        ("9.5.1", "pilot_projects_done", 3), ("9.5.1", "pilot_productised", 3), ("9.5.2", "pilot_incubated", 1),
        ("9.5.2", "pilot_incubated_valuation_wan", 500), ("9.5.2", "pilot_incubated_revenue_wan", 100),
        ("9.5.3", "pilot_contracts_wan", 200),
    ],
)  # fmt: skip
def test_thresholds_are_the_clauses_own(label, field, least):
    rule = next(r for r in RULES.rules if r.label == label and r.field == field)
    assert rule.at_least == least
    assert rule.required == f"≥ {least}"


def test_amounts_and_periods_are_the_clauses_own():
    assert (RULES.construction.label, RULES.construction.percent, RULES.construction.cap_wan) == (
        "13.1",
        20,
        200,
    )
    assert (RULES.operating.label, RULES.operating.percent, RULES.operating.cap_wan) == ("13.2", 20, 100)
    assert (RULES.ban.label, RULES.ban.years) == ("18", 2)
    assert [RULES.in_force.first.isoformat(), RULES.in_force.last.isoformat()] == ["2025-12-06", "2028-12-05"]


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: f"{r.label}-{r.field}")
def test_a_rules_words_are_slices_of_its_clause(rule):
    assert rule.words
    assert all(words in LAW.clauses[rule.label].text for words in rule.words)


WORDS_THAT_MATTER = {
    ("proof_of_concept", "independent_legal_person"): ["独立法人"],
    ("proof_of_concept", "construction_plan"): ["完善", "建设目标", "核心功能", "组织架构"],
    ("proof_of_concept", "service_capacity"): [
        "资源",
        "技术验证",
        "种子验证资金",
        "市场分析",
        "商业化支持",
        "各类服务",
    ],
    ("proof_of_concept", "service_terms"): ["对外", "承接程序", "服务流程", "收费事项", "明确"],
    ("proof_of_concept", "site_area_m2"): ["概念验证", "固定场地"],
    ("proof_of_concept", "site_photos"): ["实景图片"],
    ("proof_of_concept", "facilities_complete"): [
        "场地",
        "配套设施",
        "实验设备",
        "检验检测",
        "软硬件",
        "完善",
    ],
    ("proof_of_concept", "team_size"): ["专业化", "运营管理团队"],
    ("proof_of_concept", "specialists"): ["专职", "技术经纪（经理）人", "技术经理人专业职称"],
    ("proof_of_concept", "advisors"): ["技术、产业、投融资、法务", "专职", "兼职", "顾问团队"],
    ("proof_of_concept", "sustained_projects"): ["持续稳定"],
    ("proof_of_concept", "project_library_account"): ["项目库", "专账", "专家评估评审", "直接经费投入"],
    ("proof_of_concept", "management_system"): ["完整", "内部管理和运营制度"],
    ("proof_of_concept", "full_process"): ["遴选", "验证分析", "商业孵化", "全流程"],
    ("proof_of_concept", "reserve_projects"): ["项目清单", "已储备"],
    ("proof_of_concept", "poc_service_income_wan"): ["概念验证等相关服务", "年收入"],
    ("proof_of_concept", "poc_financing_wan"): ["通过验证的项目", "投融资额", "累计"],
    ("proof_of_concept", "poc_transactions_wan"): ["技术开发", "技术转让", "技术许可", "技术服务", "累计"],
    ("proof_of_concept", "poc_incubated"): ["创办（孵化）", "科技型企业"],
    ("proof_of_concept", "poc_fund_wan"): [
        "独立或合作设立",
        "概念验证（科技成果转化）基金",
        "专项资金",
        "规模",
    ],
    ("pilot_base", "construction_plan"): ["完善", "明确", "完整", "服务和运行管理制度"],
    ("pilot_base", "service_capacity"): ["自主中试熟化能力", "衍生孵化", "成效显著"],
    ("pilot_base", "service_terms"): ["明晰", "承接程序"],
    ("pilot_base", "site_area_m2"): ["中试服务场地", "配套设施"],
    ("pilot_base", "facilities_complete"): [
        "通用计量",
        "专用设备",
        "检验检测",
        "实验仪器",
        "中试生产线",
        "相应资质",
        "验证设备",
    ],
    ("pilot_base", "equipment_value_wan"): ["设备及软硬件设施", "原价值"],
    ("pilot_base", "specialists"): ["相关领域", "中试专业工程师"],
    ("pilot_base", "project_library_account"): ["中试项目库", "专账", "专家评估评审", "直接经费投入"],
    ("pilot_base", "full_process"): ["放大熟化", "试生产", "全流程"],
    ("pilot_base", "reserve_projects"): ["中试验证项目清单", "已储备"],
    ("pilot_base", "pilot_projects_done"): ["已开展"],
    ("pilot_base", "pilot_productised"): ["成果产品化"],
    ("pilot_base", "pilot_incubated"): ["创办或孵化"],
    ("pilot_base", "pilot_incubated_valuation_wan"): ["累计估值"],
    ("pilot_base", "pilot_incubated_revenue_wan"): ["累计营业收入"],
    ("pilot_base", "pilot_contracts_wan"): ["技术合同成交额"],
    ("pilot_base", "integrity_commitment"): ["诚信承诺书", "承担相应责任"],
    ("pilot_base", "previously_revoked"): ["第十八条", "第十六条", "第十九条", "不清楚"],
}


@pytest.mark.parametrize(
    ("place", "words"), WORDS_THAT_MATTER.items(), ids=lambda x: "-".join(x) if isinstance(x, tuple) else ""
)
def test_words_that_change_what_a_yes_means_stand_in_the_question(place, words):
    asking = RULES.askings[place]
    said = asking.text + asking.help
    assert [word for word in words if word not in said] == []


def test_no_threshold_stands_in_a_question():
    for (_, field), asking in RULES.askings.items():
        numbers = set(re.findall(r"\d+(?:\.\d+)?", asking.text + asking.help))
        least = {str(rule.at_least) for rule in RULES.rules if rule.field == field}
        assert not numbers & least, field


def test_every_field_that_a_track_needs_has_a_question_and_every_question_a_clause():
    for track in TRACKS:
        asked = RULES.fields_asked(track)
        assert {rule.field for item in RULES.items[track] for rule in leaves(item)} <= set(asked)
        for field in asked:
            assert RULES.labels(track, field), field
            assert all(label in LAW.clauses for label in RULES.labels(track, field))
    assert {field for _, field in RULES.askings} == set(FIELDS) - {"id", "track"}


def test_the_version_names_the_regulation_and_changes_with_the_rules(tmp_path):
    assert RULES.version.startswith("yunnan-2025-11+")
    folder = broken(tmp_path, "rules.toml", "# The measure's", "# Our measure's")
    assert load_edition(folder).version != RULES.version


def broken(tmp_path, name: str, old: str, new: str):
    folder = tmp_path / "rules"
    shutil.copytree(FOLDER, folder)
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("rules.toml", "at_least = 200\n", "at_least = 201\n", "does not stand in the words of clause 8.3"),
        ("rules.toml", "years = 2", "years = 3", "does not stand in the words of clause 18"),
        ("rules.toml", "percent = 20", "percent = 25", "does not stand"),
        ("rules.toml", 'label = "8.5.5"', 'label = "8.5.6"', "has no clause '8.5.6'"),
        ("rules.toml", "须提供实景图片", "应提供实景图片", "does not stand in clause 8.3"),
        ("rules.toml", 'field = "site_photos"', 'field = "photos"', "no such field"),
        ("rules.toml", 'field = "site_photos"', 'field = "team_size"', "a figure needs at_least"),
        ("rules.toml", 'track = "proof_of_concept"', 'track = "both"', "track is one of"),
        ("rules.toml", 'field = "site_photos"', 'field = "site_photos"\nat_most = 200', "does not stand"),
        (
            "rules.toml",
            'field = "site_photos"',
            'field = "site_photos"\nmaybe = "yes"',
            "maybe is not part of a rule",
        ),
        ("rules.toml", '["plaque_route"]', '["plaque"]', "no such field"),
        ("rules.toml", "[ban]", "[ban", "rules.toml"),
        ("questions.toml", "[site_photos]", "[photos]", "no such field"),
        (
            "questions.toml",
            "[equipment_value_wan.pilot_base]",
            "[equipment_value_wan.proof_of_concept]",
            "has no question",
        ),
        ("notices.toml", 'label = "17"', 'label = "22"', "has no clause '22'"),
    ],
)
def test_rules_that_do_not_rest_on_a_clause_do_not_load(tmp_path, name, old, new, says):
    with pytest.raises(RulesError, match=re.escape(says)):
        load_edition(broken(tmp_path, name, old, new))


def test_figures_of_the_data_are_exact():
    raw = tomllib.loads((FOLDER / "rules.toml").read_text("utf-8"), parse_float=Decimal)
    assert all(isinstance(rule.at_least, Decimal) for rule in RULES.rules if rule.at_least is not None)
    assert raw["regulation"] == RULES.regulation


def test_rules_that_are_nowhere_do_not_load(tmp_path):
    with pytest.raises(RulesError, match=r"no folder in it has a rules\.toml"):
        load_editions(tmp_path)


def test_an_amended_version_stands_beside_this_one_and_judges_the_days_from_which_it_is_in_force(tmp_path):
    rules = with_amendment(tmp_path)
    later = rules.amended[0]
    assert [e.law.about.number for e in (rules, later)] == ["云科规〔2025〕11号", "云科规〔2027〕3号"]
    assert rules.on(None) is rules
    assert rules.on(date(2025, 12, 1)) is rules
    assert rules.on(date(2027, 6, 30)) is rules
    assert rules.on(date(2027, 7, 1)) is later
    assert rules.on(date(2031, 1, 1)) is later
    assert rules.version.startswith("yunnan-2025-11+")
    assert later.version.startswith("yunnan-2027-3+")
