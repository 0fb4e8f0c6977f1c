"""What a turn adds to the statistics: outcomes by topic, the questionnaire step by step, verdicts; never a person."""

from dataclasses import fields
from datetime import timedelta

import pytest
from conftest import DAY
from drafting import AT

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.responding import Responder
from bot.store import Feedback
from bot.store_tally import Count, add_counts, read_counts
from bot.tallying import OUTSIDE, tally


class Counted:
    """A conversation whose turns are counted."""

    def __init__(self, world):
        self.world, self.conversation = world, Conversation("web", "u", greeted=True)

    def say(self, text="", action=""):
        message = Message("web", "u", "1", DAY, text, action)
        turn = respond(self.world, self.conversation, message)
        counts = tally(self.world, self.conversation, message, turn)
        self.conversation = turn.conversation
        return {(c.measure, c.topic, c.item) for c in counts}


@pytest.fixture
def counted(world):
    return Counted(world)


@pytest.mark.parametrize(
    ("text", "topic", "outcome"),
    [
        ("备案条件有哪些", "备案条件", "answered"),
        ("江苏的政策补助多少", OUTSIDE, "abstained"),
        ("我们有850平场地，能报中试基地吗", "第二章　备案条件", "answered"),
    ],
)
def test_an_answer_is_counted_under_its_topic(world, counted, text, topic, outcome):
    (found,) = counted.say(text)
    assert found[0] == "turn"
    assert found[2] == outcome
    assert found[1] == topic or found[1] in {c.chapter for c in world.knowledge.regulation.clauses.values()}


def test_a_greeting_or_a_list_is_not_counted_and_an_erasure_counts_nothing(counted):
    assert counted.say(action="help") == set()
    assert counted.say(action="faq") == set()
    counted.say("/forget")
    assert counted.say("确定") == set()


def test_each_question_is_counted_as_asked_and_as_responded_to_or_skipped(counted):
    assert counted.say(action="prescreen:pilot_base") == {
        ("asked", "pilot_base", counted.conversation.interview.asking)
    }
    first = counted.conversation.interview.asking
    step = counted.say("不清楚")
    second = counted.conversation.interview.asking
    assert step == {("responded", "pilot_base", first), ("asked", "pilot_base", second)}
    assert ("skipped", "pilot_base", second) in counted.say("/skip")
    third = counted.conversation.interview.asking
    assert not {kind for kind, _, _ in counted.say("公示几天")} & {"asked", "responded", "skipped"}
    assert counted.conversation.interview.asking == third


def test_a_verdict_is_counted_once_with_what_is_unmet(counted):
    counted.say(action="prescreen:pilot_base")
    found = set()
    while counted.conversation.interview.asking:
        asking = counted.conversation.interview.asking
        found |= counted.say("800" if asking == "site_area_m2" else "不清楚")
    assert ("verdict", "pilot_base", "ineligible") in found
    assert ("unmet", "pilot_base", "9.3") in found
    assert not {kind for kind, _, _ in counted.say("/resume")} & {"verdict", "unmet"}


def test_the_counts_are_written_with_the_turn_and_survive_an_erasure_without_a_person(world, store):
    responder = Responder(world, store)
    for number, text in enumerate(("备案条件有哪些", "门槛都有哪些", "备案条件有哪些")):
        responder.respond(Message("web", f"u{number % 2}", str(number), DAY, text=text), answered=True)
    for user in ("u0", "u1"):
        store.erase("web", user)
    (count,) = store.look(lambda db: read_counts(db, DAY, DAY))
    assert count == Count(DAY, "web", "", "turn", "备案条件", "answered", 3)
    assert {f.name for f in fields(Count)} == {"day", "channel", "place", "measure", "topic", "item", "n"}


def test_the_last_rating_of_a_reply_counts_on_its_own_day_and_an_unknown_rater_s_each(store):
    for day, user, useful in ((0, "u", True), (0, "u", True), (1, "u", False), (1, "v", True), (2, "", True), (2, "", True)):  # fmt: skip
        store.add_feedback(Feedback("web", user, "k", useful), AT + timedelta(days=day))
    store.add_feedback(Feedback("web", "u", "another", True), AT)
    found = store.look(lambda db: read_counts(db, DAY, DAY + timedelta(days=2)))
    assert {(str(c.day)[8:], c.item): c.n for c in found if c.n} == {
        ("01", "useful"): 1,
        ("02", "useless"): 1,
        ("02", "useful"): 1,
        ("03", "useful"): 2,
    }


def test_counts_add_up_and_are_read_by_days_and_place(store):
    one = Count(AT.date(), "web", "昆明市", "turn", "x", "answered")
    store.transact(
        lambda db: add_counts(db, [one, one, Count(AT.date(), "web", "", "turn", "x", "answered", 5)])
    )
    assert store.look(lambda db: [c.n for c in read_counts(db, AT.date(), AT.date(), "昆明市")]) == [2]
    assert store.look(lambda db: sum(c.n for c in read_counts(db, AT.date(), AT.date()))) == 7
    assert store.look(lambda db: read_counts(db, DAY.replace(year=2025), DAY.replace(year=2025))) == []
