"""Handing over as a conversation: what is asked, what the ticket carries, what a person does with it."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import Talk

from bot.helpdesk import Office, Offices


def desk(place, **given):
    return Office(
        prefecture=place, name=f"{place}窗口", desk=True, source="样例", date=date(2026, 1, 1), **given
    )


@pytest.fixture
def talk(world):
    offices = Offices(office=(desk("大理白族自治州", hours="9:00–17:00", answer_within=2), desk("province")))
    return Talk(replace(world, offices=offices))


def effect(talk):
    (only,) = talk.effects
    return only


def test_the_prefecture_is_asked_once_and_the_next_ticket_goes_there_at_once(talk):
    talk.say("主任算不算在团队人数里？")
    assert talk.say("/human").outcome == "clarify"
    reply = talk.say("大理")
    assert effect(talk).data["desk"] == "大理白族自治州"
    assert "前面还有 {ahead} 件" in reply.text
    assert "9:00–17:00" in reply.text
    assert "2026年6月3日前" in reply.text
    assert "可以继续提问" in reply.text
    assert [button.action for button in reply.buttons] == [
        "more:{ticket}",
        "contact:{ticket}",
        "withdraw:{ticket}",
    ]
    assert talk.say("转人工").outcome == "handed_over"


def told(talk, **values):
    talk.press("prescreen:pilot_base")
    interview = replace(talk.conversation.interview, responses=tuple(values.items()))
    talk.conversation = talk.conversation.having(interview=interview, paused=True)


def test_who_applies_to_the_province_is_asked_only_where_it_is_not_known(talk):
    told(talk, prefecture="大理白族自治州")
    asked = talk.say("/human")
    assert [button.action for button in asked.buttons] == ["desk:province", "desk:大理白族自治州"]
    talk.say("不是")
    assert effect(talk).data["desk"] == "大理白族自治州"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"prefecture": "大理白族自治州", "direct_to_province": False}, "大理白族自治州"),
        ({"prefecture": "大理白族自治州", "direct_to_province": True}, "province"),
        ({"direct_to_province": True}, "province"),
    ],
)
def test_what_the_questionnaire_knows_is_not_asked(talk, values, place):
    told(talk, **values)
    talk.say("/human")
    assert effect(talk).data["desk"] == place


def test_the_ticket_carries_the_profile_and_the_screening_as_far_as_they_go(talk):
    talk.press("prescreen:pilot_base")
    talk.press("set:site_area_m2:850")
    talk.say("场地能不能租")
    talk.press("desk:大理白族自治州")
    details = effect(talk).data["details"]
    assert details["profile"]["track"] == "pilot_base"
    assert details["result"]["verdict"] in {"ineligible", "undetermined"}


def test_without_a_questionnaire_there_is_no_profile(talk):
    talk.say("公示几天")
    talk.press("desk:province")
    assert effect(talk).data["details"] == {"profile": None, "result": None}


def test_who_asked_nothing_yet_is_asked_to_write_it_and_it_goes_with_the_ticket(talk):
    reply = talk.press("desk:province")
    assert "请写下想问的问题" in reply.text
    talk.say("我们在办搬迁，材料里怎么写")
    assert effect(talk).data == {
        "do": "more",
        "ticket": None,
        "text": "我们在办搬迁，材料里怎么写",
        "due": "",
    }


@pytest.mark.parametrize(
    ("button", "words", "do"),
    [("more:7", "再补充一点", "more"), ("contact:7", "段工 13800000000", "contact")],
)
def test_what_is_written_after_a_button_goes_to_that_ticket(talk, button, words, do):
    asked = talk.press(button)
    assert asked.text.startswith("请写下")
    talk.say(words)
    assert (effect(talk).data["do"], effect(talk).data["ticket"], effect(talk).data["text"]) == (do, 7, words)
    talk.say("公示几天")
    assert talk.effects == ()


def test_a_command_instead_is_a_command(talk):
    talk.press("contact:7")
    talk.say("/help")
    assert talk.effects == ()
    talk.press("more:7")
    assert talk.say("返回") is not None
    assert talk.effects == ()


@pytest.mark.parametrize("action", ["solved:7", "withdraw:7"])
def test_a_ticket_is_ended_by_its_person(talk, action):
    talk.press(action)
    assert (effect(talk).data["do"], effect(talk).data["ticket"]) == (action.split(":")[0], 7)


@pytest.mark.parametrize(
    "action", ["more:", "more:x", "contact:" + "9" * 60, "solved:x", "withdraw:", "say_more:x", "more:７"]
)
def test_an_odd_button_does_no_harm(talk, action):
    assert talk.press(action) is not None
