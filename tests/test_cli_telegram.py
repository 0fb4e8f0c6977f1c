"""`beian telegram failed`: what could not be sent is listed with its reason, and sent again when staff say so."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store_opening import open_store
from bot.store_rows import queue
from bot.wording import text_reply

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(tmp_path / "beian.sqlite3")
    with store._engine.writing() as db:
        for user, text in (("7", "第一条\n回复"), ("8", "第二条回复")):
            queue(db, "telegram", user, "1", text_reply("answered", text), AT.isoformat())
            db.execute(
                "insert into conversations (channel, user_id, version, state, created_at, touched_at)"
                " values ('telegram', ?, 1, '{}', ?, ?)",
                [user, AT.isoformat(), AT.isoformat()],
            )
    yield store
    store.close()


def run(*words):
    return CliRunner().invoke(main, ["telegram", "failed", *words])


def test_nothing_failed_is_said_in_one_line(store):
    assert run().output.strip() == "没有未送达的回复。"


def test_what_failed_is_listed_with_its_reason_and_can_be_sent_again(store):
    for outgoing, reason in zip(store.due("telegram", ()), ("blocked", "BadRequest: x"), strict=True):
        store.mark_failed(outgoing.id, reason, AT, final=True)
    assert store.due("telegram", ()) == []
    first, second = run().output.strip().splitlines()
    assert first.split("\t")[::2] == ["1", "7", "第一条 回复"]
    assert "用户已屏蔽机器人" in first
    assert "BadRequest: x" in second
    assert run("--resend", "2").output.strip() == "1条回复已放回发送队列。"
    assert [(o.id, o.attempts) for o in store.due("telegram", ())] == [(2, 0)]
    assert run("--resend-all").output.strip() == "1条回复已放回发送队列。"
    assert [o.id for o in store.due("telegram", ())] == [1, 2]


def test_a_number_that_did_not_fail_is_refused_in_one_line(store):
    done = run("--resend", "99")
    assert done.exit_code == 2
    assert "99" in done.output
    assert len(store.due("telegram", ())) == 2


def test_a_reply_to_a_person_of_whom_all_was_erased_is_not_sent_again(store):
    (outgoing, _) = store.due("telegram", ())
    store.erase("telegram", "8")
    store.mark_failed(outgoing.id, "gone", AT, final=True)
    with store._engine.writing() as db:
        db.execute("update outbox set user_id = ''")
    assert store.resend("telegram") == 0
