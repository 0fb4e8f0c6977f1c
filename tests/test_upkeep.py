from datetime import UTC, date, datetime, timedelta

import pytest

from bot.conversation import Conversation, Message, Reminder, Turn
from bot.upkeep import push_reminders, push_reminders_of

DUE = date(2026, 12, 4)
NINE = datetime(2026, 12, 4, 1, tzinfo=UTC)
"""Nine in the morning in China on the day of the reminder."""


def remember(store, user="u", on=DUE, channel="telegram", at=NINE - timedelta(days=9)):
    reminder = Reminder(1, "change", date(2026, 9, 5), on)
    conversation = store.load(channel, user).having(reminders=(reminder,))
    store.commit(Turn(conversation, ()), Message(channel, user, f"set {user}", DUE, "提醒我"), at)


def sent(store):
    texts = []
    while due := store.due("telegram", ()):
        texts += [outgoing.reply.text for outgoing in due]
        store.mark_sent({outgoing.id: "" for outgoing in due}, NINE)
    return texts


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (NINE - timedelta(days=1), 0),
        (NINE - timedelta(seconds=1), 0),
        (NINE, 1),
        (NINE + timedelta(hours=11, minutes=59), 1),
        (NINE + timedelta(hours=12), 0),
        (NINE + timedelta(hours=15), 0),      # midnight in China: too late for the day before, too early for the next
        (NINE + timedelta(hours=24), 1),
        (NINE + timedelta(days=30), 1),
    ],
)  # fmt: skip
def test_a_reminder_goes_out_from_nine_to_nine_of_its_day_or_later(store, world, at, count):
    remember(store)
    assert push_reminders(store, world, at) == count
    assert len(sent(store)) == count


def test_it_goes_out_once_even_from_two_processes_and_after_a_restart(make_store, world):
    one, two = make_store(), make_store()
    remember(one)
    assert push_reminders(one, world, NINE) + push_reminders(two, world, NINE) == 1
    assert push_reminders(make_store(), world, NINE + timedelta(hours=1)) == 0
    assert len(sent(two)) == 1
    assert one.load("telegram", "u").reminders == ()


def test_a_process_that_read_before_another_wrote_writes_nothing(make_store, world):
    slow, fast = make_store(), make_store()
    remember(slow)
    stale = slow.load("telegram", "u")
    assert push_reminders(fast, world, NINE) == 1
    slow.load = lambda channel, user: stale
    slow.reminding = lambda day, who=None, limit=50: [("telegram", "u")]
    assert push_reminders(slow, world, NINE) == 0
    assert len(sent(fast)) == 1


def test_a_person_who_is_here_gets_it_at_any_hour(store, world):
    remember(store, channel="console")
    at = NINE - timedelta(hours=8)  # one in the morning
    push_reminders_of(store, world, "console", "somebody else", at)
    assert store.pushed("console", "u") == []
    push_reminders_of(store, world, "console", "u", at)
    assert len(store.pushed("console", "u")) == 1
    push_reminders_of(store, world, "console", "u", at)
    assert len(store.pushed("console", "u")) == 1


def test_many_are_sent_in_slices_and_none_is_left(store, world):
    for number in range(120):
        remember(store, f"u{number}")
    pushed = []
    while count := push_reminders(store, world, NINE):
        pushed.append(count)
    assert (sum(pushed), max(pushed)) == (120, 50)
    assert len(sent(store)) == 120


def test_the_reminder_is_in_the_transcript_and_is_no_answer_to_a_message(store, world):
    remember(store)
    push_reminders(store, world, NINE)
    assert store.recent("telegram", "u")[-1].text.startswith("提醒：")
    assert [outgoing.pushed for outgoing in store.due("telegram", ())] == [True]


def test_an_erasure_takes_the_reminder_along(store, world):
    remember(store)
    store.erase("telegram", "u")
    assert push_reminders(store, world, NINE) == 0
    assert store.load("telegram", "u") == Conversation("telegram", "u")


def test_the_retention_leaves_of_a_person_only_what_is_still_to_be_reminded_of(store, world, tmp_path):
    old = NINE - timedelta(days=200)
    remember(store, at=old)
    conversation = store.load("telegram", "u").having(prefecture="昆明市")
    store.commit(Turn(conversation, ()), Message("telegram", "u", "2", DUE, "秘密"), old)
    before = NINE - timedelta(days=180)
    while store.purge(before, before).rows:
        pass
    kept = store.load("telegram", "u")
    assert [r.on for r in kept.reminders] == [DUE]
    assert kept == Conversation("telegram", "u", kept.version, reminders=kept.reminders)
    assert store.recent("telegram", "u") == []
    store.backup(tmp_path / "copy")
    assert "秘密".encode() not in (tmp_path / "copy").read_bytes()
    assert push_reminders(store, world, NINE) == 1


def test_what_is_kept_is_in_the_persons_data(store):
    remember(store)
    data = store.export("telegram", "u")
    assert data["conversation"]["reminders"][0]["on"] == str(DUE)


def test_a_state_that_cannot_be_read_is_not_looked_at_for_ever(store, world):
    remember(store)
    with store._engine.writing() as db:
        db.execute("update conversations set state = 'nonsense'")
    push_reminders(store, world, NINE)
    assert store.reminding(DUE) == []
    assert sent(store) == []
