import pytest

START = [("as_of", "2026-06-01"), ("applicant_kind", "enterprise"), ("independent_legal_person", "true")]
MORE = [("site_area_m2", "180"), ("team_size", "8"), ("advisors", "3"), ("site_photos", "true")]


@pytest.fixture
def asked(talk):
    """In the middle of a questionnaire about a proof-of-concept centre."""
    talk.press("prescreen:proof_of_concept")
    for field, value in START + MORE:
        talk.press(f"set:{field}:{value}")
    return talk


def kept(talk, field):
    return talk.conversation.interview.values.get(field)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("把场地面积改成280平", "site_area_m2", "280"),
        ("把面积改成1200", "site_area_m2", "1200"),
        ("面积改1200", "site_area_m2", "1200"),
        ("请帮我把场地改为一千二", "site_area_m2", "1200"),
        ("面积填错了，应该是1.5亩", "site_area_m2", "1000"),
        ("面积不是180，是280", "site_area_m2", "280"),
        ("团队换成12个人", "team_size", "12"),
        ("团队人数应该是12", "team_size", "12"),
        ("顾问不对，是6个", "advisors", "6"),
        ("实景图片改成没有", "site_photos", False),
        ("单位类型改成大学", "applicant_kind", "university"),
        ("面积改成不清楚", "site_area_m2", None),
        ("上一题改成否", "site_photos", False),
        ("不对，改成没有", "site_photos", False),
        ("等一下，应该是没有", "site_photos", False),
    ],
)
def test_a_response_is_changed_in_words(asked, text, field, value):
    assert "已改，" in asked.say(text).text
    assert kept(asked, field) == value


@pytest.mark.parametrize(
    "text", ["面积填错了", "重填面积", "改一下场地面积", "我要修改面积", "面积改成大一点"]
)
def test_without_a_value_the_field_is_asked_again(asked, text):
    assert asked.say(text).question["field"] == "site_area_m2"
    assert kept(asked, "site_area_m2") == "180"


def test_where_the_words_fit_several_responses_the_user_chooses_among_them(asked):
    reply = asked.say("把人数改成3")
    assert [b.action for b in reply.buttons] == ["change:team_size", "change:advisors"]


@pytest.mark.parametrize(
    "text", ["如果面积改成1200呢", "要是团队改成12人能过吗", "我们明年改制", "换成概念验证中心呢"]
)
def test_a_supposition_changes_nothing(asked, text):
    before = asked.conversation.interview.responses
    asked.say(text)
    assert asked.conversation.interview.responses == before


def test_a_value_that_cannot_be_leaves_the_response_and_says_what_would_be_right(asked):
    reply = asked.say("把面积改成-5")
    assert "不能是负数" in reply.text or "负" in reply.text
    assert kept(asked, "site_area_m2") == "180"


def test_a_correction_that_fits_no_last_response_is_no_answer_to_the_question_asked(asked):
    field = asked.conversation.interview.asking
    before = asked.conversation.interview.responses
    assert "没有看懂要改哪一项" in asked.say("不对，改成12").text
    assert asked.conversation.interview.responses == before
    assert asked.conversation.interview.asking == field


def test_a_no_with_more_words_is_still_the_response_to_the_question_asked(asked):
    asked.press("change:facilities_complete")
    asked.say("不是，还缺设备")
    assert kept(asked, "facilities_complete") is False
