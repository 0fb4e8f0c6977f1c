import pytest


@pytest.fixture
def asked(talk):
    talk.press("prescreen:pilot_base")
    talk.say("今天")
    return talk


def values(talk):
    return talk.conversation.interview.values


SEVERAL = "我们是曲靖的一家民营企业，场地1200平，设备600万，团队约12个人，其中工程师3个"


def test_a_sentence_with_several_figures_is_read_back_and_fills_nothing_by_itself(asked):
    reply = asked.say(SEVERAL)
    for line in (
        "说到了6项", "场地面积：1200平方米", "原价值：600万元", "团队人数：12人（约数", "工程师人数：3人", "单位类型：企业", "曲靖市",
    ):  # fmt: skip
        assert line in reply.text
    assert [b.action for b in reply.buttons] == ["fill:yes", "fill:no"]
    assert reply.question is None
    assert len(asked.replies) == 1
    assert values(asked) == {"as_of": "2026-06-01"}


@pytest.mark.parametrize("words", ["是的", "对", "没错", "确认", "都对", "填上"])
def test_confirmed_it_fills_them_all_and_asks_what_is_left(asked, words):
    asked.say(SEVERAL)
    reply = asked.say(words)
    assert "已填好6项" in reply.text
    assert reply.question["field"] == "independent_legal_person"
    assert values(asked) == {
        "as_of": "2026-06-01", "applicant_kind": "enterprise", "site_area_m2": "1200", "equipment_value_wan": "600",
        "team_size": "12", "specialists": "3", "prefecture": "曲靖市",
    }  # fmt: skip
    assert asked.conversation.proposed == ()


@pytest.mark.parametrize("words", ["不对", "不是", "不填"])
def test_refused_it_fills_nothing_and_asks_the_question_again(asked, words):
    asked.say(SEVERAL)
    reply = asked.say(words) if words != "不填" else asked.press("fill:no")
    assert reply.question["field"] == "applicant_kind"
    assert values(asked) == {"as_of": "2026-06-01"}


def test_a_figure_said_again_corrects_the_list(asked):
    asked.say(SEVERAL)
    assert "团队人数：13人" in asked.say("团队改成13人").text
    asked.say("对")
    assert values(asked)["team_size"] == "13"
    assert values(asked)["site_area_m2"] == "1200"


def test_a_question_in_between_is_answered_and_the_list_shown_again(asked):
    asked.say(SEVERAL)
    asked.say("设备原值要多少？")
    assert asked.replies[0].outcome == "answered"
    assert "请核对" in asked.replies[-1].text
    assert "已填好6项" in asked.say("是").text


def test_any_step_of_the_questionnaire_drops_the_list(asked):
    asked.say(SEVERAL)
    asked.press("set:applicant_kind:university")
    assert asked.conversation.proposed == ()
    assert "已填好" not in asked.say("是").text


def test_a_range_is_named_and_not_taken(asked):
    reply = asked.say("场地1200平，团队12人，储备项目20到30个")
    assert "没有记下：“储备项目20到30个”" in reply.text
    asked.say("对")
    assert "reserve_projects" not in values(asked)


def test_what_was_answered_before_is_shown_beside_the_new_figure(asked):
    asked.press("set:site_area_m2:900")
    assert "1200平方米（原来填的是900平方米）" in asked.say("场地1200平，团队12人").text


def test_what_cannot_be_is_said_and_the_rest_is_filled(asked):
    asked.say("近三年投入100万，其中省级财政200万，团队12人")
    reply = asked.say("对")
    assert "已填好2项" in reply.text
    assert "多于" in reply.text
    assert values(asked)["team_size"] == "12"


def test_a_figure_of_another_field_than_the_one_asked_is_confirmed(asked):
    for field, value in (("applicant_kind", "enterprise"), ("independent_legal_person", "true")):
        asked.press(f"set:{field}:{value}")
    asked.press("change:advisors")
    assert "工程师人数：3人" in asked.say("工程师有3个").text
    asked.say("对")
    assert values(asked)["specialists"] == "3"
    assert "advisors" not in values(asked)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("advisors", "5个", "5"),
        ("advisors", "一共有6个专家", "6"),
        ("site_area_m2", "厂房一共1200平", "1200"),
        ("annual_service_income_wan", "服务收入120万", "120"),
        ("investment_3y_wan", "仪器设备花了800万", "800"),
        ("applicant_kind", "我们是一家企业", "enterprise"),
        ("prefecture", "我们在昆明", "昆明市"),
        ("independent_legal_person", "有独立法人资格", True),
    ],
)
def test_a_single_value_in_response_to_its_question_needs_no_confirmation(asked, field, text, value):
    asked.press(f"change:{field}")
    assert "请核对" not in asked.say(text).text
    assert values(asked)[field] == value


@pytest.mark.parametrize("text", ["好几个", "马马虎虎"])
def test_what_is_neither_yes_nor_no_nor_a_figure_leaves_the_list_to_confirm(asked, text):
    asked.press("change:advisors")
    asked.say("工程师有3个，场地1200平")
    assert "请核对" in asked.say(text).text
    assert len(asked.replies) == 1
    assert "已填好2项" in asked.say("对").text
