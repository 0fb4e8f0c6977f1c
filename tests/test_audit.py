from datetime import UTC, datetime

import pytest

from bot.audit import note, noted

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_the_latest_lines_come_first_and_pages_follow(store):
    for number in range(1, 6):
        store.transact(lambda db, n=number: note(db, 7, "claimed", f"ticket:{n}", AT))
    first = store.transact(lambda db: noted(db, limit=2))
    assert [line.subject for line in first] == ["ticket:5", "ticket:4"]
    assert [line.subject for line in store.transact(lambda db: noted(db, first[-1].id, 2))] == [
        "ticket:3",
        "ticket:2",
    ]
    (only,) = store.transact(lambda db: noted(db, subject="ticket:2"))
    assert (only.staff, only.action, only.at) == (7, "claimed", "2026-06-01T08:00:00.000+00:00")


@pytest.mark.parametrize("subject", ["张三的电话", "ticket:1 and a remark", "ticket:", "1"])
def test_no_text_gets_into_the_log(store, subject):
    with pytest.raises(ValueError, match="a kind and a number"):
        store.transact(lambda db: note(db, 1, "claimed", subject, AT))


@pytest.mark.parametrize("change", ["update audit set staff = 2", "delete from audit"])
def test_what_was_written_cannot_be_changed(store, change):
    store.transact(lambda db: note(db, 1, "claimed", "ticket:1", AT))
    with pytest.raises(Exception, match="only added to"):
        store.transact(lambda db: db.execute(change))
    assert len(store.transact(noted)) == 1
