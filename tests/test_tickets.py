from datetime import UTC, date, datetime, timedelta

import pytest
from staff_desk import found, listed, opened
from storing import message, reply, tell

from bot.store_sql import stamp
from bot.ticket_acts import Act, answer, claim
from bot.tickets import count_tickets, list_tickets, live_lines, note_event

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
DAY = date(2026, 6, 1)


def test_a_ticket_carries_what_was_said_the_clauses_shown_and_the_screening(store):
    tell(store, message("1", "场地要多大"), reply("不少于200平方米"))
    number = opened(
        store,
        due="2026-06-03T15:59:59.000+00:00",
        details={"profile": {"track": "pilot_base"}, "result": None},
    )
    ticket = found(store, number)
    assert ticket.transcript[:2] == (("user", "场地要多大"), ("bot", "不少于200平方米"))
    assert ticket.details == {"clauses": ["8.3"], "profile": {"track": "pilot_base"}, "result": None}
    assert (ticket.due_at, ticket.waiting_since) == ("2026-06-03T15:59:59.000+00:00", stamp(AT))


def test_the_person_is_told_how_many_wait_before_at_that_desk(store):
    for number in range(1, 4):
        opened(store, user=f"u{number}", at=AT + timedelta(minutes=number))
    opened(store, user="elsewhere", place="大理白族自治州", at=AT + timedelta(minutes=9))
    said = [store.recent("telegram", user)[-1].text for user in ("u1", "u3", "elsewhere")]
    assert said == ["编号 1，前面 0", "编号 3，前面 2", "编号 4，前面 0"]
    store.transact(lambda db: answer(db, 1, "答", reply(), Act(0, AT)))
    opened(store, user="u5", at=AT + timedelta(hours=1))
    assert store.recent("telegram", "u5")[-1].text == "编号 5，前面 2"


def test_lists_are_filtered_and_go_on_after_a_line(store):
    for number in range(1, 7):
        opened(
            store,
            user=f"u{number}",
            place="昆明市" if number % 2 else "大理白族自治州",
            due=stamp(AT + timedelta(days=number)),
        )
    store.transact(lambda db: claim(db, 3, Act(9, AT)))

    def ids(**given):
        statuses = given.pop("statuses", ("open", "claimed"))
        return [ticket.id for ticket in store.transact(lambda db: list_tickets(db, statuses, **given))]

    assert ids() == [1, 2, 3, 4, 5, 6]
    assert ids(place="昆明市") == [1, 3, 5]
    assert ids(assignee=9) == [3]
    assert ids(overdue_at=stamp(AT + timedelta(days=2, hours=1))) == [1, 2]
    first = store.transact(lambda db: list_tickets(db, limit=2))
    assert ids(statuses=("open",), after=(first[-1].waiting_since, first[-1].id)) == [4, 5, 6]
    late = stamp(AT + timedelta(days=2, hours=1))
    assert store.transact(lambda db: count_tickets(db, "", late)) == {"open": 5, "claimed": 1, "overdue": 2}
    assert store.transact(lambda db: count_tickets(db, "昆明市", late)) == {
        "open": 2,
        "claimed": 1,
        "overdue": 1,
    }


def test_what_is_said_after_the_hand_over_is_seen_live(store):
    tell(store, message("1", "以前的"))
    opened(store)
    tell(store, message("9", "等待时说的"), reply("机器人的答复"))
    assert [line.text for line in store.transact(lambda db: live_lines(db, found_in(db)))][-2:] == [
        "等待时说的",
        "机器人的答复",
    ]


def found_in(db):
    from bot.tickets import find_ticket

    return find_ticket(db, 1)


@pytest.mark.parametrize("change", ["update ticket_events set staff = 2", "delete from ticket_events"])
def test_the_history_cannot_be_changed(store, change):
    opened(store)
    store.transact(lambda db: note_event(db, 1, "claimed", stamp(AT), 3))
    with pytest.raises(Exception, match="only added to"):
        store.transact(lambda db: db.execute(change))
    assert [(step.event, step.staff) for step in found(store, 1).history] == [
        ("opened", None),
        ("claimed", 3),
    ]


def test_tickets_wait_in_the_order_of_their_opening(store):
    for user in ("a", "b", "c"):
        opened(store, user=user)
    assert [ticket.id for ticket in listed(store)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ({"statuses": ("open", "claimed")}, "tickets_waiting"),
        ({"statuses": ("open", "claimed"), "place": "昆明市"}, "tickets_place"),
        ({"statuses": ("closed",), "latest": True}, "tickets_waiting"),
        ({"statuses": ("closed",), "place": "昆明市", "latest": True}, "tickets_place"),
    ],
)
def test_no_list_sorts_or_reads_more_than_it_shows(tmp_path, given, index):
    """On SQLite: of a hundred thousand tickets a page takes as long as of a hundred."""
    from bot.store_opening import open_store

    class Explaining:
        def __init__(self, db):
            self.db, self.plans = db, []

        def execute(self, sql, values):
            self.plans += [row[3] for row in self.db.execute(f"explain query plan {sql}", values).fetchall()]
            return self.db.execute(sql, values)

    store = open_store(tmp_path / "s.sqlite3")
    for number in range(300):
        store.transact(
            lambda db, n=number: db.execute(
                "insert into tickets (channel, user_id, place, desk, question, transcript, status, opened_at, waiting_since) "
                "values ('web', ?, ?, '', '', '[]', ?, '', ?)",
                [
                    str(n),
                    "昆明市" if n % 3 else "玉溪市",
                    "open" if n % 20 == 0 else "closed",
                    f"2026-06-{n:03}",
                ],
            )
        )
    explaining = store.transact(Explaining)
    store.transact(lambda db: list_tickets(explaining, limit=50, **given))
    store.close()
    assert not any("TEMP B-TREE" in step for step in explaining.plans), explaining.plans
    assert any(f"INDEX {index} " in step + " " for step in explaining.plans), explaining.plans
