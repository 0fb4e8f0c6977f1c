import pytest


@pytest.mark.parametrize(
    "text",
    [
        "我们该报哪个",
        "我们应该报哪一类？",
        "概念验证和中试报哪个好",
        "适合报概念验证还是中试",
        "两类对比",
        "两个里面该报哪个",
    ],
)
def test_which_to_apply_for_is_answered_with_both_side_by_side(talk, text):
    reply = talk.say(text)
    assert reply.outcome == "answered"
    assert "场地面积｜不少于200平方米，未核｜不少于1000平方米，未核" in reply.text
    assert [c.label for c in reply.citations] == ["2p1", "2p2", "14", "14", "17"]
    for words in ("只受理一类", "就高不重复", "加挂牌子", "办法没有写明", "最高200万元", "最高100万元"):
        assert words in reply.text


@pytest.mark.parametrize(
    "text", ["怎么申报", "能申请备案吗", "报哪个系统", "哪类单位能申请", "两类的场地各要多大"]
)
def test_other_questions_are_not_taken_for_it(talk, text):
    assert "可以怎么报" not in talk.say(text).text


def test_facts_in_the_sentence_are_judged_for_both(talk):
    reply = talk.say("我们800平，团队12个人，该报哪个")
    assert {(j.label, j.status) for j in reply.judgements} == {
        ("8.3", "met"), ("8.4", "met"), ("9.3", "unmet"), ("9.4", "met")
    }  # fmt: skip
    assert "您是800平方米，不满足，还差200平方米" in reply.text
    assert "只有概念验证中心没有不满足的项" in reply.text
    assert {c.label for c in reply.citations} >= {"8.3", "9.3", "14", "17"}


def test_facts_told_before_in_the_conversation_count(talk):
    talk.say("我们场地800平，够吗")
    assert "您是800平方米" in talk.say("那我们该报哪个").text


def test_money_is_laid_out_for_each_way(talk):
    reply = talk.say("近三年投入700万，其中省级财政100万，年度服务性收入90万，其他平台支持50万，该报哪个")
    assert "新申请备案（两类金额相同）｜120.00万元｜18.00万元｜138.00万元" in reply.text
    assert "加挂牌子（限现有科技创新平台）｜0.00万元｜18.00万元｜18.00万元" in reply.text
    assert "比它多88.00万元" in reply.text
    assert "比它多0.00万元" in reply.text


def answered(talk, track):
    talk.press(f"prescreen:{track}")
    for field, value in (
        ("as_of", "2026-06-01"), ("applicant_kind", "enterprise"), ("site_area_m2", "800"), ("team_size", "12"), ("specialists", "3"),
    ):  # fmt: skip
        talk.press(f"set:{field}:{value}")


def test_after_a_pre_screen_its_facts_are_compared_and_the_other_questionnaire_takes_what_both_ask(talk):
    answered(talk, "proof_of_concept")
    reply = talk.press("compare")
    assert "您是800平方米，满足｜不少于1000平方米，您是800平方米，不满足" in reply.text
    assert "人数｜不少于2人，您是3人，满足｜不少于2人，未核" in reply.text
    assert reply.buttons[0].action == "also:pilot_base"
    asked = talk.press("also:pilot_base")
    interview = talk.conversation.interview
    assert interview.track == "pilot_base"
    assert {*interview.values} == {"as_of", "applicant_kind", "site_area_m2", "team_size"}
    assert asked.question["field"] == "independent_legal_person"
    assert talk.conversation.aside.track == "proof_of_concept"


def test_one_can_go_back_and_forth_between_both_without_losing_a_response(talk):
    answered(talk, "proof_of_concept")
    talk.press("also:pilot_base")
    talk.press("set:equipment_value_wan:600")
    talk.press("also:proof_of_concept")
    assert talk.conversation.interview.values["specialists"] == "3"
    talk.press("also:pilot_base")
    assert talk.conversation.interview.values["equipment_value_wan"] == "600"
    assert "不要求｜不少于500万元，您是600万元，满足" in talk.press("compare").text


def test_starting_the_other_questionnaire_anew_begins_without_any_response(talk):
    answered(talk, "proof_of_concept")
    assert talk.press("prescreen:pilot_base").question["field"] == "as_of"
    assert talk.conversation.interview.values == {}
    assert talk.conversation.aside.track == "proof_of_concept"


def test_in_the_middle_of_a_questionnaire_the_question_is_asked_again(talk):
    answered(talk, "proof_of_concept")
    talk.say("我们该报哪个")
    assert talk.replies[-1].question["field"] == "independent_legal_person"
