"""Conversations as tables: commands, answers, the questionnaire with its changes of mind, hand-over, one's own data."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import Talk
from editions import with_amendment
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import COMMANDS
from bot.conversation import Conversation, Message
from bot.dialogue import STEPS, respond
from bot.helpdesk import Office, Offices, read_offices
from bot.wording import TEMPLATES
from bot.world import load_world

OFFICE = Office(
    prefecture="大理白族自治州", name="大理州科技局窗口", source="样例", date=date(2026, 1, 1), phone="0000", desk=True
)  # fmt: skip
OFFICES = Offices(office=(OFFICE,))


@pytest.mark.parametrize("command", [f"/{name}" for name in COMMANDS])
def test_every_command_has_a_reply_or_an_effect(talk, command):
    talk.say(command)
    assert talk.replies or talk.effects


def test_an_unknown_command_gets_the_help(talk):
    assert "/prescreen" in talk.say("/whatever").text


def test_start_says_what_it_is_what_is_stored_by_whom_and_how_long(talk):
    text = talk.say("/start").text
    assert "非官方工具" in text
    assert "180天" in text
    assert "/forget" in text


def test_the_operator_is_named_where_there_is_one(world):
    assert "某某中心" in Talk(replace(world, operator="某某中心")).say("/start").text


def test_the_first_contact_is_told_once_what_is_stored(world):
    talk = Talk(world)
    talk.conversation = Conversation("test", "somebody")
    assert talk.say("公示几天").blocks[-1].kind == "notice"
    assert talk.say("公示几天").blocks[-1].kind != "notice"


@pytest.mark.parametrize("text", ["/article 9.3", "/article 第九条第（三）项", "/article 九条三项"])
def test_article_is_one_reply_that_begins_with_the_clauses_name(talk, text):
    talk.say(text)
    assert len(talk.replies) == 1
    assert talk.replies[0].text.startswith("第九条第（三）项")


def test_a_clause_leads_to_those_before_above_and_after_it(talk):
    buttons = {b.action: b.label for b in talk.say("/article 9.3").buttons}
    assert buttons == {
        "article:9.2": "上一项：第九条第（二）项", "article:9": "上一级：第九条", "article:9.4": "下一项：第九条第（四）项",
    }  # fmt: skip
    assert [b.label[:3] for b in talk.press("article:8.5.2").buttons] == ["上一目", "上一级", "下一目"]
    assert [b.label for b in talk.press("article:2p1").buttons][-1].startswith("下一款")
    assert [b.action for b in talk.press("article:21").buttons] == ["article:20"]


def test_article_without_a_number_asks_which(talk):
    assert talk.say("/article").outcome == "clarify"
    assert talk.say("/article 廿五").outcome in {"clarify", "abstained"}


def test_the_faq_is_browsed_and_searched(talk):
    topics = talk.say("/faq")
    entries = talk.press(topics.buttons[0].action)
    assert talk.press(entries.buttons[0].action).outcome == "answered"
    assert any("场地" in b.label for b in talk.say("/faq 场地").buttons)


@pytest.mark.parametrize(
    ("command", "label"), [("/subsidy", "13"), ("/procedure", "10"), ("/deadline", "20")]
)
def test_the_short_cuts_answer_from_their_clause(talk, command, label):
    assert talk.say(command).citations[0].label == label


def test_outside_the_period_in_force_every_answer_says_so(world):
    talk = Talk(world, day=date(2025, 12, 5))
    assert "2025年12月5日不在有效期内" in talk.say("公示几天").text
    assert "不在有效期内" not in Talk(world, day=date(2025, 12, 6)).say("公示几天").text
    assert "不在有效期内" in Talk(world, day=date(2028, 12, 6)).say("今天天气怎么样").text


def test_a_situation_is_judged_by_the_rules(talk):
    reply = talk.say("我们场地850平，能报中试基地不")
    assert [(j.label, j.status, j.required, j.actual) for j in reply.judgements] == [
        ("9.3", "unmet", "≥ 1000", "850")
    ]
    assert "还差150平方米" in reply.text
    assert "其余要求没有判断" in reply.text


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("中试团队走了三个，只剩8个人，条件不够了牌子会怎样", ["19"]),  # what follows, not whether
        ("200平到底是建筑面积还是套内使用面积", ["8.3", "9.3"]),  # what the measure leaves open
        ("五百万的转让所得免税吗", []),  # a neighbouring topic
    ],
)
def test_figures_are_not_judged_where_something_else_is_asked(talk, text, labels):
    reply = talk.say(text)
    assert not reply.judgements
    assert [c.label for c in reply.citations] == labels


def test_an_amount_under_an_additional_plaque_is_reckoned_from_money_words_alone(talk):
    reply = talk.say("我们省重点实验室加挂了中试牌子，当年服务收入180万，能领多少")
    assert [(j.label, j.amount_wan) for j in reply.judgements] == [("13.2", "36.00")]


def test_an_amount_states_its_premises(talk):
    reply = talk.say("近三年自筹投了640万，建设补助有多少")
    assert reply.judgements[0].amount_wan == "128.00"
    assert reply.judgements[0].assumed
    assert all(premise in reply.text for premise in reply.judgements[0].assumed)


def test_a_follow_up_takes_the_figure_from_before(talk):
    talk.say("我们近三年投了900万搞概念验证中心")
    assert talk.say("其中100万是省级引导资金，那建设补助能拿多少").judgements[0].amount_wan == "160.00"


def test_what_is_missing_is_asked_for_after_a_figure(talk):
    talk.say("中试的场地有八百平")
    assert "还差200平方米" in talk.say("还差多少").text


def test_a_ban_is_counted_where_its_end_is_asked_for(talk):
    assert "2028年7月14日" in talk.say("2026年7月14号摘的牌子，两年禁期到哪天为止").text


def test_a_follow_up_changes_only_the_facility(talk):
    assert talk.say("我们有600平的场地能报中试基地吗").judgements[0].status == "unmet"
    assert talk.say("换成概念验证中心的话够了吗").judgements[0].label == "8.3"


def test_every_refusal_offers_a_person(talk):
    reply = talk.say("今年的申报通知哪天发")
    assert reply.outcome == "abstained"
    assert "human" in {b.action for b in reply.buttons}


def answer_all(talk, **responses):
    """Answer every question with 是 or a big figure, unless told otherwise; the last reply."""
    reply = talk.replies[0]
    for _ in range(80):
        if reply.question is None:
            return reply
        field, kind = reply.question["field"], reply.question["type"]
        default = {"yes_no": "是", "number": "5000", "count": "50", "date": "2026-06-01"}.get(kind)
        reply = talk.say(responses.get(field, default) or reply.question["choices"][0]["label"])
    raise AssertionError("the questionnaire does not end")


def start(talk, track="proof_of_concept"):
    return talk.press(f"prescreen:{track}")


FAVOURABLE = {
    "plaque_route": "否",
    "previously_revoked": "否",
    "also_applying_other_track": "否",
    "direct_to_province": "否",
    "other_platform_support_wan": "0",
    "excluded_funds_3y_wan": "0",
}


@pytest.mark.parametrize("track", ["proof_of_concept", "pilot_base"])
def test_a_favourable_applicant_is_eligible(talk, track):
    start(talk, track)
    reply = answer_all(talk, **FAVOURABLE)
    assert reply.text.startswith("预审结果：符合")
    assert reply.result["verdict"] == "eligible"
    assert (reply.result["construction_wan"], reply.result["operating_wan"]) == ("200.00", "100.00")
    assert "不是审核决定" in reply.text


def test_a_gap_is_told_with_its_clause_and_how_far(talk):
    start(talk)
    reply = answer_all(talk, **FAVOURABLE, site_area_m2="180平")
    assert reply.text.startswith("预审结果：不符合")
    assert "第八条第（三）项：不满足" in reply.text
    assert "还差20平方米" in reply.text


def test_not_knowing_is_a_response_to_every_question_and_reaches_the_verdict(talk):
    reply = start(talk)
    for _ in range(60):
        if reply.question is None:
            break
        assert None in [c["value"] for c in reply.question["choices"]]
        reply = talk.say("不清楚")
    assert reply.text.startswith("预审结果：待定")
    assert reply.result["unmet"] == []


def test_a_question_in_the_middle_is_answered_and_the_questionnaire_goes_on(talk):
    pending = start(talk).question["field"]
    talk.say("主任算不算在团队人数里？")
    assert talk.replies[0].outcome == "abstained"
    assert talk.replies[-1].question["field"] == pending


def test_back_skip_cancel_and_resume_work_at_any_point(talk):
    first = start(talk).question["field"]
    second = talk.say("今天").question["field"]
    assert talk.say("返回").question["field"] == first
    assert talk.say("今天").question["field"] == second
    third = talk.say("跳过").question["field"]
    assert third not in {first, second}
    assert talk.say("取消").question is None
    assert talk.say("公示几天").outcome == "answered"
    assert len(talk.replies) == 1
    assert talk.say("继续").question["field"] == third


def test_a_response_can_be_changed_before_and_after_the_result(talk):
    start(talk)
    answer_all(talk, **FAVOURABLE, site_area_m2="180")
    assert talk.press("change:site_area_m2").question["field"] == "site_area_m2"
    assert talk.say("280").question["field"] == "site_photos"  # what the unmet item had left unasked
    assert answer_all(talk).text.startswith("预审结果：符合")


def test_the_summary_has_a_change_button_for_every_response(talk):
    start(talk)
    talk.say("今天")
    talk.say("企业")
    reply = talk.press("summary")
    assert [b.action for b in reply.buttons] == ["change:as_of", "change:applicant_kind"]


def test_after_the_verdict_the_other_gaps_of_unmet_items_can_be_asked(talk):
    start(talk)
    reply = answer_all(talk, **FAVOURABLE, team_size="2")
    assert "more" in {b.action for b in reply.buttons}
    assert "未核" in reply.text
    assert talk.press("more").question["field"] in {"director_appointed", "specialists", "advisors"}


def test_a_response_that_cannot_be_is_asked_again_with_a_sentence(talk):
    start(talk)
    field = talk.say("今天").question["field"]
    reply = talk.press(f"set:{field}:spaceship")
    assert reply.question["field"] == field
    assert len(reply.text) > 10


def test_an_old_button_of_a_lost_questionnaire_says_so(talk):
    assert "已经结束" in talk.press("set:site_area_m2:800").text


def test_the_result_comes_once_and_with_the_last_question(talk):
    reply = start(talk)
    results = [reply.result]
    while reply.question:
        reply = talk.say("不清楚")
        results.append(reply.result)
    assert [r for r in results if r] == [results[-1]]


def test_handing_over_asks_the_prefecture_once_and_opens_a_ticket(world):
    talk = Talk(replace(world, offices=OFFICES))
    talk.say("主任算不算在团队人数里？")
    assert talk.say("转人工").outcome == "clarify"
    reply = talk.say("大理")
    assert reply.outcome == "handed_over"
    assert [(e.kind, e.data["desk"]) for e in talk.effects] == [("open_ticket", "大理白族自治州")]
    assert "主任" in talk.effects[0].data["question"]
    talk.say("/human")
    assert talk.effects


def test_without_a_desk_nothing_is_promised(talk):
    talk.say("/human")
    talk.press("desk:昆明市")
    assert talk.effects == ()
    assert "没有配置" in talk.replies[0].text


def test_forgetting_is_confirmed_and_a_later_yes_means_nothing(talk):
    talk.say("/forget")
    talk.say("公示几天")
    talk.say("是")
    assert talk.effects == ()
    talk.say("/forget")
    talk.say("确定")
    assert [e.kind for e in talk.effects] == ["erase"]
    assert talk.conversation.interview is None


def test_the_last_step_always_replies():
    assert STEPS[-1].__name__ == "look_up"


WORLD = load_world()
ACTIONS = st.sampled_from(["deadline", "deadline:notice", "deadline:notice:2026-03-02", "deadline:change:?", "deadline:ban:9999-12-31", "deadline:x:y", "prescreen", "prescreen:pilot_base", "set:site_area_m2:9", "set:as_of:2026-01-01", "set::", "change:x", "change:advisors", "summary", "more", "back", "skip", "cancel", "resume", "article:9.3", "article:", "faq:x", "ask:x", "ask:site-area", "topic:备案条件", "human", "desk:昆明市", "desk:x", "forget", "forget:yes", "mydata", "help", "stale", "unreadable", ":", "x:y:z"])  # fmt: skip
TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "是",
        "否",
        "不清楚",
        "800平",
        "一千二",
        "返回",
        "/start",
        "/article 9",
        "10^400",
        "-5",
        "NaN",
        "20206-01-01",
        "今天",
        "企业",
        "昆明市",
        "五百万",
        "20到30",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS.map(lambda t: ("text", t)) | ACTIONS.map(lambda a: ("action", a)), max_size=25))
def test_no_text_number_or_button_makes_a_crash_or_an_empty_reply(messages):
    conversation = Conversation("test", "somebody")
    for number, (kind, said) in enumerate(messages):
        turn = respond(
            WORLD, conversation, Message("test", "somebody", str(number), date(2026, 6, 1), **{kind: said})
        )
        conversation = turn.conversation
        assert turn.replies or turn.effects
        for reply in turn.replies:
            assert reply.text.strip()
            assert reply.outcome != "answered" or reply.citations
            assert all(len(b.action.encode()) <= 64 and b.label for b in reply.buttons)
            assert sum(r.question is not None for r in turn.replies) <= 1


def test_the_operators_call_and_system_are_shown_where_they_help(world):
    from bot.helpdesk import application_lines

    offices = read_offices(Path(__file__).parent.parent / "docs" / "offices.example.toml")
    lines = application_lines(offices, date(2026, 6, 1))
    assert lines
    talk = Talk(replace(world, offices=offices))
    assert all(line in talk.say("今年的申报通知哪天发").text for line in lines)
    start(talk)
    assert all(line in answer_all(talk, **FAVOURABLE).text for line in lines)


def test_why_a_question_is_asked_is_answered_with_the_clauses_words(talk):
    start(talk)
    talk.say("今天")
    reply = talk.say("为什么问这个")
    assert [c.label for c in reply.citations] == ["8.1"]
    assert talk.replies[-1].question["field"] == "applicant_kind"


@pytest.mark.parametrize(
    "text",
    ["什么意思", "怎么填", "不明白", "为什么要问这个", "这个是啥意思", "看不懂", "这题怎么算？", "没太看懂"],
)
def test_any_question_is_explained_on_request(talk, text):
    start(talk)
    talk.press("change:site_area_m2")
    reply = talk.say(text)
    assert [c.label for c in reply.citations] == ["8.3"]
    assert "要求不少于200平方米" in reply.text
    assert talk.replies[-1].question["field"] == "site_area_m2"


def test_another_question_than_the_one_asked_is_explained_by_its_name(talk):
    start(talk)
    assert [c.label for c in talk.say("为什么要问面积？").citations] == ["8.3"]
    assert talk.replies[-1].question["field"] == "as_of"


def test_how_a_response_in_words_was_read_is_told(talk):
    start(talk)
    talk.press("change:site_area_m2")
    assert "记下了，场地面积：1000平方米" in talk.say("1.5亩").text
    talk.press("change:site_area_m2")
    assert "记下了" not in talk.say("1000").text
    talk.press("change:team_size")
    assert "约数" in talk.say("约20人").text


def test_in_a_questionnaire_a_question_is_about_its_facility(talk):
    start(talk, "pilot_base")
    assert [c.label for c in talk.say("场地要多大？").citations] == ["9.3"]


def test_an_amended_version_is_asked_cited_and_judged_by(world, tmp_path):
    talk = Talk(replace(world, rules=with_amendment(tmp_path)))
    start(talk)
    talk.say("2027-08-01")
    talk.press("change:site_area_m2")
    assert "不少于300平方米" in talk.say("为什么问这个").citations[0].quote
    talk.say("250")
    reply = answer_all(talk, **FAVOURABLE)
    assert reply.text.startswith("预审结果：不符合")
    assert "云科规〔2027〕3号（yunnan-2027-3+" in reply.text


@pytest.mark.parametrize("text", ["马马虎虎", "哈哈哈", "蓝色的"])
def test_a_response_that_is_not_understood_is_told_so_and_not_looked_up(talk, text):
    start(talk)
    talk.press("change:site_area_m2")
    reply = talk.say(text)
    assert f"没有看懂“{text}”" in reply.text
    assert reply.question["field"] == "site_area_m2"
    assert len(talk.replies) == 1


def test_an_answer_ends_with_one_next_step_and_its_button(talk):
    reply = talk.say("公示几天")
    assert reply.blocks[-1].text.startswith("下一步：")
    assert "deadline" in {button.action for button in reply.buttons}
    assert "prescreen" in {button.action for button in talk.say("场地要多大").buttons}


def test_every_next_step_is_for_a_topic_that_exists_and_by_an_action_that_works(world):
    topics = {entry.topic for entry in world.knowledge.entries.values()}
    steps = tomllib.loads(TEMPLATES.read_text("utf-8"))["next"]
    assert steps.keys() <= topics
    assert {step["action"] for step in steps.values()} <= {*COMMANDS}


def test_assent_in_a_questionnaire_asks_nothing_of_figures_told_before(talk):
    talk.say("我们有3个顾问够不够")
    talk.press("prescreen:pilot_base")
    assert not talk.say("可以").judgements
    assert not any(reply.judgements for reply in talk.replies)


@pytest.mark.parametrize("words", ["上一步", "回到上一步", "返回上一题"])
def test_back_is_said_in_many_ways(talk, words):
    talk.press("prescreen:pilot_base")
    first = talk.replies[-1].question
    talk.say("2026-06-01")
    assert talk.say(words).question == first
