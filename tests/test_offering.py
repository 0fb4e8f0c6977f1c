"""Screening together as a conversation: what the staff propose is filled in when the person agrees, and not before."""

from datetime import UTC, date, datetime

import pytest
from conftest import Talk
from staff_desk import found, opened

from bot.conversation import Offer
from bot.offering import ChangedError, send
from bot.ticket_acts import Act

NOW = datetime(2026, 6, 2, 2, tzinfo=UTC)
DAY = date(2026, 6, 2)
VALUES = (("site_area_m2", "1200"), ("director_appointed", True))


def offered(world, values=VALUES, track="pilot_base", began="pilot_base"):
    talk = Talk(world)
    if began:
        talk.press(f"prescreen:{began}")
        talk.press("set:site_area_m2:850")
    talk.conversation = talk.conversation.having(offered=Offer(1, 3, track, values))
    return talk


@pytest.mark.parametrize("yes", ["offer:1.3:yes", "同意", "同意。"])
def test_an_offer_is_filled_in_when_the_person_agrees(world, yes):
    talk = offered(world)
    reply = talk.press(yes) if ":" in yes else talk.say(yes)
    assert reply.text.startswith("已按您的同意填上2项，预审目前是：待定。")
    assert reply.question
    assert talk.conversation.interview.values["site_area_m2"] == "1200"
    assert talk.conversation.interview.values["director_appointed"] is True
    assert talk.conversation.offered is None
    (effect,) = talk.effects
    assert (effect.kind, effect.data["do"], effect.data["ticket"]) == ("ticket", "agreed", 1)


@pytest.mark.parametrize("no", ["offer:1.3:no", "不同意", "拒绝"])
def test_an_offer_that_is_refused_changes_nothing(world, no):
    talk = offered(world)
    before = talk.conversation.interview
    reply = talk.press(no) if ":" in no else talk.say(no)
    assert "没有改动" in reply.text
    assert talk.conversation.interview == before
    assert talk.conversation.offered is None
    assert talk.effects[0].data["do"] == "refused"


@pytest.mark.parametrize(
    "stale", ["offer:1.2:yes", "offer:2.3:yes", "offer:1.3:maybe", "offer::yes", "offer:"]
)
def test_a_button_of_another_offer_changes_nothing(world, stale):
    talk = offered(world)
    before = talk.conversation.interview
    assert "已经处理过" in talk.press(stale).text
    assert talk.conversation.interview == before
    assert talk.conversation.offered is not None
    assert talk.effects == ()


def test_an_offer_is_answered_once(world):
    talk = offered(world)
    talk.press("offer:1.3:yes")
    assert "已经处理过" in talk.press("offer:1.3:yes").text


def test_the_word_for_agreeing_means_nothing_where_nothing_is_offered(world):
    talk = Talk(world)
    talk.say("同意")
    assert talk.effects == ()
    assert talk.conversation.interview is None


def test_who_has_not_begun_gets_a_questionnaire_and_another_track_is_put_aside(world):
    talk = offered(world, began="")
    talk.press("offer:1.3:yes")
    assert talk.conversation.interview.track == "pilot_base"
    talk = offered(world, began="proof_of_concept")
    talk.press("offer:1.3:yes")
    assert talk.conversation.interview.track == "pilot_base"
    assert talk.conversation.aside.track == "proof_of_concept"
    assert talk.conversation.aside.values["site_area_m2"] == "850"


def test_what_contradicts_by_then_is_named_and_left_out(world):
    talk = offered(world, (("site_area_m2", "1200"), ("excluded_funds_3y_wan", "900")))
    talk.press("set:investment_3y_wan:500")
    reply = talk.press("offer:1.3:yes")
    assert reply.text.startswith("已按您的同意填上1项")
    assert "其中省级财政和中央引导资金：" in reply.text
    assert "excluded_funds_3y_wan" not in talk.conversation.interview.values


def test_sending_tells_the_person_and_changes_no_response(world, store):
    number = opened(store)
    with store.batch():
        send(store, world, found(store, number), Offer(1, 1, "pilot_base", VALUES), Act(7, NOW, 0), DAY)
    (sent,) = store.pushed("telegram", "u")
    assert "场地面积：1200平方米" in sent.reply.text
    assert "预审目前是：待定" in sent.reply.text
    assert [button.action for button in sent.reply.buttons] == ["offer:1.1:yes", "offer:1.1:no"]
    conversation = store.load("telegram", "u")
    assert conversation.interview is None
    assert conversation.offered == Offer(1, 1, "pilot_base", VALUES)
    assert [(step.event, step.staff) for step in found(store, number).history] == [
        ("opened", None),
        ("offered", 7),
    ]
    assert store.recent("telegram", "u")[-1].who == "staff"


def test_a_ticket_that_changed_meanwhile_leaves_nothing_behind(world, store):
    number = opened(store)
    before = found(store, number)
    with pytest.raises(ChangedError), store.batch():
        send(store, world, before, Offer(1, 1, "pilot_base", VALUES), Act(7, NOW, 9), DAY)
    assert store.pushed("telegram", "u") == []
    assert store.load("telegram", "u").offered is None
    assert found(store, number) == before


def test_an_erasure_takes_the_offer_along(world, store):
    number = opened(store)
    with store.batch():
        send(store, world, found(store, number), Offer(1, 1, "pilot_base", VALUES), Act(7, NOW, 0), DAY)
    store.erase("telegram", "u")
    assert store.load("telegram", "u").offered is None
    assert store.pushed("telegram", "u") == []
    assert [step.event for step in found(store, number).history][-1] == "withdrawn"
