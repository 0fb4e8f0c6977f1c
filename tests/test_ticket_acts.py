from datetime import UTC, datetime, timedelta

import pytest
from staff_desk import found, opened
from storing import message, reply, tell

from bot import ticket_acts as acts
from bot.audit import noted
from bot.conversation import Block, Effect, Reply
from bot.ticket_acts import Act
from bot.tickets import live_lines, notes

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
WANG, LI = Act(1, AT), Act(2, AT)


def do(store, act, *arguments):
    return store.transact(lambda db: act(db, *arguments))


def by_person(store, do_, ticket=None, text="", user="u", key="p"):
    effect = Effect("ticket", {"do": do_, "ticket": ticket, "text": text, "due": ""})
    said = Reply("control", (Block("text", "工单 {ticket} 好了"),))
    return tell(store, message(key, text or do_, user=user), said, effects=(effect,))[-1].text


def test_a_ticket_goes_from_hand_to_hand_and_its_history_says_who_did_what(store):
    opened(store)
    do(store, acts.claim, 1, WANG)
    do(store, acts.claim, 1, LI)
    assert found(store, 1).assignee == 2
    do(store, acts.release, 1, LI)
    assert (found(store, 1).status, found(store, 1).assignee) == ("open", 0)
    do(store, acts.answer, 1, "答", reply("答复"), WANG)
    do(store, acts.reopen, 1, "", LI)
    do(store, acts.answer, 1, "更正", reply("更正"), LI)
    do(store, acts.close, 1, "solved", reply("不应送出"), LI)
    ticket = found(store, 1)
    assert [(step.event, step.staff, step.detail) for step in ticket.history] == [
        ("opened", None, ""), ("claimed", 1, ""), ("claimed", 2, ""), ("released", 2, ""), ("answered", 1, ""),
        ("reopened", 2, ""), ("answered", 2, ""), ("closed", 2, "solved"),
    ]  # fmt: skip
    assert (ticket.answer, ticket.outcome, ticket.reopened, ticket.revision) == ("更正", "solved", 1, 7)
    assert [line.action for line in store.transact(lambda db: noted(db, subject="ticket:1"))][:2] == [
        "closed",
        "answered",
    ]
    assert [outgoing.reply.text for outgoing in store.pushed("telegram", "u")] == ["答复", "更正"]


@pytest.mark.parametrize(
    "act",
    [
        lambda db, act: acts.answer(db, 1, "答", reply("甲"), act),
        lambda db, act: acts.close(db, 1, "solved", reply("乙"), act),
        lambda db, act: acts.claim(db, 1, act),
        lambda db, act: acts.pass_on(db, 1, "大理白族自治州", "大理窗口", "", reply("丙"), act),
        lambda db, act: acts.add_note(db, 1, "记", act),
    ],
    ids=["answer", "close", "claim", "pass on", "note"],
)
def test_an_act_on_what_was_not_seen_changes_and_sends_nothing(store, act):
    opened(store)
    by_person(store, "more", 1, "又想起一件事")
    before = found(store, 1)
    assert store.transact(lambda db: act(db, Act(1, AT, revision=0))) is None
    assert found(store, 1) == before
    assert store.pushed("telegram", "u") == []
    assert store.transact(lambda db: act(db, Act(1, AT, revision=1)))


def test_two_answers_at_once_are_one(store, make_store):
    opened(store)
    other = make_store()
    assert do(store, acts.answer, 1, "甲", reply("甲"), Act(1, AT, 0))
    assert do(other, acts.answer, 1, "乙", reply("乙"), Act(2, AT, 0)) is None
    assert [outgoing.reply.text for outgoing in store.pushed("telegram", "u")] == ["甲"]


def test_a_ticket_is_handed_on_to_another_desk_and_keeps_its_place_in_time(store):
    opened(store)
    do(store, acts.claim, 1, WANG)
    assert do(
        store, acts.pass_on, 1, "province", "省级窗口", "2026-06-03T15:59:59.000+00:00", reply("已转"), WANG
    )
    ticket = found(store, 1)
    assert (ticket.place, ticket.desk, ticket.status, ticket.assignee) == ("province", "省级窗口", "open", 0)
    assert ticket.waiting_since == ticket.opened_at
    assert (ticket.history[-1].event, ticket.history[-1].detail) == ("passed_on", "province")
    assert [outgoing.reply.text for outgoing in store.pushed("telegram", "u")] == ["已转"]


def test_a_note_is_for_colleagues_alone(store):
    opened(store)
    do(store, acts.add_note, 1, "电话里很急", WANG)
    (note,) = store.transact(lambda db: notes(db, 1))
    assert (note.text, note.staff) == ("电话里很急", 1)
    assert store.pushed("telegram", "u") == []
    assert "很急" not in str(store.export("telegram", "u"))
    store.erase("telegram", "u")
    assert store.transact(lambda db: notes(db, 1)) == []


def test_a_person_adds_to_an_own_ticket_and_an_answered_one_waits_again(store):
    opened(store)
    assert by_person(store, "more", 1, "补充", key="a") == "工单 1 好了"
    assert found(store, 1).history[-1].event == "added"
    do(store, acts.answer, 1, "答", reply(), WANG)
    by_person(store, "more", 1, "还是不明白", key="b")
    assert (found(store, 1).status, found(store, 1).reopened) == ("open", 1)
    lines = store.transact(lambda db: live_lines(db, acts.find_ticket(db, 1)))
    assert [line.text for line in lines if line.who == "user"] == ["补充", "还是不明白"]


def test_a_person_leaves_a_contact_ends_and_withdraws(store):
    opened(store)
    by_person(store, "contact", 1, "张工 13800000000", key="a")
    assert found(store, 1).contact == "张工 13800000000"
    assert store.export("telegram", "u")["tickets"][0]["contact"] == "张工 13800000000"
    do(store, acts.answer, 1, "答", reply(), WANG)
    by_person(store, "solved", 1, key="b")
    assert (found(store, 1).status, found(store, 1).outcome) == ("closed", "solved")
    opened(store, key="2", question="另一个问题")
    by_person(store, "withdraw", key="c")
    assert found(store, 2).status == "withdrawn"
    assert do(store, acts.answer, 2, "答", reply(), WANG) is None


@pytest.mark.parametrize("ticket", [1, 99, None])
@pytest.mark.parametrize("do_", ["more", "contact", "solved", "withdraw"])
def test_nobody_does_anything_to_somebody_elses_ticket(store, do_, ticket):
    opened(store, user="other")
    before = found(store, 1)
    assert by_person(store, do_, ticket, "偷看", user="u").startswith("没有可以这样处理的工单")
    assert found(store, 1) == before


def test_what_is_said_after_a_ticket_is_closed_is_not_shown_to_the_desk(store):
    opened(store)
    do(store, acts.close, 1, "solved", reply("已关闭"), Act(1, AT + timedelta(minutes=1)))
    tell(store, message("9", "与窗口无关的话"), reply("答"))
    lines = store.transact(lambda db: live_lines(db, acts.find_ticket(db, 1)))
    assert "与窗口无关的话" not in [line.text for line in lines]
