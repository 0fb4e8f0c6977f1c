import re

import pytest
from click.testing import CliRunner

from bot.cli import main
from flows.checklist import as_text, checklist
from flows.rules import FOLDER, load_edition, load_rules
from flows.rules_data import RulesError
from knowledge.entries import TRACKS

RULES = load_rules()


@pytest.mark.parametrize("track", TRACKS)
def test_everything_that_may_be_asked_stands_in_it_once_with_its_clause(track):
    listed = [entry.field for department in checklist(track, RULES) for entry in department.entries]
    assert sorted(listed) == sorted(RULES.fields_asked(track))
    assert all(entry.clauses for department in checklist(track, RULES) for entry in department.entries)


def test_figures_come_first_in_each_department_with_their_unit():
    departments = {d.name: d.entries for d in checklist("pilot_base", RULES)}
    assert [e.field for e in departments["人事部门"]] == [
        "team_size",
        "specialists",
        "advisors",
        "director_appointed",
    ]
    assert departments["财务部门"][0].response == "＿＿＿＿万元"
    laboratory = departments["实验室和资产部门"]
    assert laboratory[1].field == "equipment_value_wan"
    assert "要求不少于500万元" in laboratory[1].help
    assert laboratory[-1].response == "是／否"


def test_a_track_is_not_asked_for_the_others_figures():
    fields = {e.field for d in checklist("proof_of_concept", RULES) for e in d.entries}
    assert "equipment_value_wan" not in fields
    assert not {f for f in fields if f.startswith("pilot_")}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [('"team_size", ', "", "team_size"), ('"team_size"', '"team_size", "as_of"', "as_of"), ('"advisors"', '"advisers"', "advisers")],
)  # fmt: skip
def test_a_field_in_no_department_or_in_two_does_not_load(tmp_path, old, new, says):
    import shutil

    shutil.copytree(FOLDER, tmp_path / "rules")
    path = tmp_path / "rules" / "departments.toml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(RulesError, match=rf"departments\.toml: .*{says}"):
        load_edition(tmp_path / "rules")


def test_it_is_printed_by_the_command_line():
    done = CliRunner().invoke(main, ["prescreen", "--checklist", "proof_of_concept"])
    assert done.exit_code == 0
    assert done.output.strip() == as_text("proof_of_concept", RULES, "概念验证中心")
    assert re.findall("【(.*?)】", done.output) == list(RULES.departments)


def test_before_a_questionnaire_begins_the_list_is_offered(talk):
    assert "checklist" in [b.action for b in talk.say("/prescreen").buttons]
    assert [b.action for b in talk.press("checklist").buttons] == [
        "checklist:proof_of_concept",
        "checklist:pilot_base",
    ]
    reply = talk.press("checklist:pilot_base")
    for words in ("财务部门", "人事部门", "实验室和资产部门", "场地面积｜＿＿＿＿平方米（第九条第（三）项）"):
        assert words in reply.text
    assert [b.action for b in reply.buttons] == ["prescreen:pilot_base"]


def test_in_the_middle_it_is_that_of_the_facility_asked_about_and_the_question_comes_again(talk):
    talk.press("prescreen:pilot_base")
    assert "中试基地（平台）预审会问到" in talk.say("准备清单").text
    assert talk.replies[-1].question["field"] == "as_of"


def test_an_entry_says_what_is_asked_how_it_is_answered_what_shows_it_and_its_clauses():
    text = as_text("pilot_base", RULES, "中试基地（平台）").split("\n")
    assert text[1:3] == ["", "【申报负责人】"]
    start = text.index("□ 是否会提交诚信承诺书并承担相应责任？　是／否")
    assert text[start + 1 : start + 4] == [
        "　　申报实行诚信承诺制，须提交诚信承诺书。",
        "　　可用来证明的材料：诚信承诺书",
        "　　依据：第十条第（一）项",
    ]
    assert "□ 备案资格是哪一天被取消的？　年月日" in text
    assert "□ 申报的依托单位属于哪一类？　选一类" in text
    start = text.index("□ 是否属于现有科技创新平台申请加挂牌子？　是／否")
    assert text[start + 2] == "　　依据：第十七条、第十三条第（一）项"


def test_what_nothing_shows_has_no_line_of_materials():
    shown = {entry.field: entry for d in checklist("pilot_base", RULES) for entry in d.entries}
    assert shown["as_of"].evidence == ()
    assert "诚信承诺书" in shown["integrity_commitment"].evidence
    text = as_text("pilot_base", RULES, "中试基地（平台）")
    assert "材料：\n" not in text
    assert any(len(entry.evidence) > 1 and "、".join(entry.evidence) in text for entry in shown.values())
