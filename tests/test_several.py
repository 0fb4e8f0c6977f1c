"""Each thing asked in one message is answered, and nothing more."""

import pytest

from knowledge.answer import look_up
from knowledge.citing import NOTHING_SAID
from knowledge.ranking import load_knowledge

KNOWLEDGE = load_knowledge()


def ask(text):
    answer = look_up(KNOWLEDGE, text, NOTHING_SAID)
    return answer, [c.label for c in answer.citations], "\n".join(sentence for _, sentence in answer.says)


@pytest.mark.parametrize(
    ("message", "cited", "said"),
    [
        ("场地要多大，人要几个", ["8.3", "9.3", "8.4", "9.4"], ["200平方米", "1000平方米", "6人", "10人"]),
        ("中试基地面积要多少平，设备要多少万，顾问要几个人", ["9.3", "9.4"], ["1000平方米", "500万元", "5人"]),
        ("多久评价一次？不合格会怎么样？", ["16"], ["每2年", "限期整改"]),
        ("年度报告交给谁？不交会怎样？", ["15"], ["直接向省科技厅提交", "按“不合格”处理"]),
        ("什么叫概念验证，什么叫中试", ["2p1", "2p2"], ["最初一公里", "最后一公里"]),
        ("概念验证中心要几个项目，项目咋个才能入库", ["8.5"], ["10个", "专家评估评审"]),
        ("要哪些条件，材料交到哪里", ["8", "9", "10.1"], ["5项条件", "云南省科技管理信息系统"]),
        ("我们是省属高校，交到哪里，要不要昆明市推荐", ["10.1"], ["直接向省科技厅自主申报"]),
        ("一年评一次还是三年评一次，不合格咋个说", ["16"], ["每2年", "限期整改"]),
    ],
)  # fmt: skip
def test_every_question_of_a_message_is_answered_in_its_order(message, cited, said):
    answer, labels, text = ask(message)
    assert (answer.status, labels) == ("answered", cited)
    places = [text.index(words) for words in said]
    assert places == sorted(places)


def test_a_short_question_takes_its_topic_from_the_one_before():
    _, labels, text = ask("改名要报告吗，几个月内，报给谁")
    assert labels == ["19"]
    assert "3个月内" in text
    assert "州（市）科技管理部门" in text


def test_a_clause_of_which_several_parts_are_asked_about_is_quoted_once_and_whole():
    answer, labels, _ = ask("多久评价一次？不合格会怎么样？")
    assert labels == ["16"]
    assert answer.citations[0].quote == KNOWLEDGE.regulation.clauses["16"].text


def test_what_is_left_open_is_said_beside_what_is_not_and_only_what_settles_something_is_cited():
    answer, labels, text = ask("建设补助最高多少，什么时候到账")
    assert (answer.status, labels, answer.decides) == ("answered", ["13.1"], "department")
    assert "200万元" in text
    assert "没有规定补助的拨付时间" in text


def test_what_the_measure_does_not_say_of_a_call_may_come_second():
    answer, labels, text = ask("申请材料交给谁，什么时候交")
    assert (answer.status, labels, answer.decides) == ("answered", ["10.1"], "call")
    assert "没有规定申报的起止日期" in text


def test_a_short_question_that_would_leave_the_article_spoken_of_is_not_guessed():
    answer, labels, _ = ask("入库项目要不要专家评审，谁来组织")
    assert (answer.entry.id, labels) == ("library-entry", ["8.5", "9.5"])


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("中试平台的设备原价值有最低要求吗，是多少", "equipment-value"),  # asks the same again
        ("卖技术签合同，概念验证要够多少，中试要够多少", "transactions"),  # both kinds, one topic
        (
            "忘了交年报，也没啥正当理由，会被咋个处理",
            "no-annual-report",
        ),  # one question and what is told around it
        ("有不良信用记录的平台，备案资格会怎样", "bad-credit"),
        ("整改期满了，再评还是不合格，我们会怎么样", "rectification-failed"),
    ],
)
def test_one_question_told_in_several_clauses_is_one(message, entry):
    assert ask(message)[0].entry.id == entry


@pytest.mark.parametrize(
    "message",
    [
        "省重点实验室怎么申请，要多少经费", "技术经理人职称怎么评，要考试吗", "绩效评价打多少分算合格，有没有评分表",
        "材料准备了大半年最后没评上，心里不服，可以申诉吗，向哪里提",
    ],
)  # fmt: skip
def test_a_second_question_does_not_turn_a_refusal_into_an_answer(message):
    assert ask(message)[0].status == "abstained"


@pytest.mark.parametrize("message", ["初审和评审各由谁来做", "主任和顾问分别要几个"])
def test_things_named_together_are_each_answered(message):
    answer, labels, _ = ask(message)
    assert answer.status == "answered"
    assert len(answer.says) > 1
    assert len(set(labels)) == len(labels)
