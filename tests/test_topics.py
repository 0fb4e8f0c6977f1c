"""Which topics are to be made, changed and removed follows the tickets, and an erasure reaches them."""

from datetime import UTC, datetime

from staff_desk import answered, closed, opened
from storing import reply

from bot import topics
from bot.store_rows import queue
from bot.store_sql import fetch, stamp
from bot.ticket_acts import Act, claim, reopen

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
GROUP = -1001234567890


def due(store, chat=GROUP):
    found = store.look(lambda db: topics.list_due(db, chat))
    return [(one.ticket, one.thread, one.shown, one.now) for one in found]


def noted(store, ticket, shown, thread=50, chat=GROUP):
    store.transact(lambda db: topics.note_topic(db, ticket, chat, thread, shown))


def test_each_ticket_that_waits_is_due_a_topic_once(store):
    opened(store, "u1")
    opened(store, "u2")
    opened(store, "u3")
    store.transact(lambda db: claim(db, 2, Act(9, AT)))
    answered(store, 3, "答", reply(), AT)
    assert due(store) == [(1, 0, "", "waiting"), (2, 0, "", "waiting")]
    noted(store, 1, "waiting")
    noted(store, 2, "waiting", 51)
    assert due(store) == []


def test_a_topic_is_due_a_change_as_its_ticket_moves(store):
    opened(store)
    noted(store, 1, "waiting")
    answered(store, 1, "答", reply(), AT)
    assert due(store) == [(1, 50, "waiting", "answered")]
    noted(store, 1, "answered")
    closed(store, 1, reply(), AT)
    assert due(store) == [(1, 50, "answered", "ended")]
    noted(store, 1, "ended")
    assert due(store) == []
    store.transact(lambda db: reopen(db, 1, "", Act(9, AT)))
    assert due(store) == [(1, 50, "ended", "waiting")]


def test_a_topic_stands_for_its_ticket_in_its_own_group_alone(store):
    opened(store)
    noted(store, 1, "waiting")
    assert [
        store.look(lambda db, c=chat, t=thread: topics.ticket_in(db, c, t))
        for chat, thread in ((GROUP, 50), (GROUP, 51), (GROUP - 1, 50))
    ] == [1, None, None]
    assert due(store, GROUP - 1) == [(1, 0, "", "waiting")]
    noted(store, 1, "waiting", 7, GROUP - 1)
    assert due(store, GROUP - 1) == []


def test_erasure_forgets_what_was_queued_and_has_the_topic_removed(store):
    opened(store, "u1")
    opened(store, "u2")
    for ticket in (1, 2):
        noted(store, ticket, "waiting", 50 + ticket)
        user = topics.user_of_topic(GROUP, ticket)
        store.transact(lambda db, u=user: queue(db, "telegram", u, "", reply("能补多少"), stamp(AT)))
    store.erase("telegram", "u1")
    assert due(store) == [(1, 51, "", "erased")]
    assert store.look(lambda db: topics.ticket_in(db, GROUP, 51)) is None
    left = store.look(lambda db: fetch(db, "select user_id from outbox where user_id like ?", f"{GROUP}%"))
    assert left == [{"user_id": topics.user_of_topic(GROUP, 2)}]
    store.transact(lambda db: topics.drop_topic(db, 1))
    assert due(store) == []
