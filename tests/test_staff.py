from datetime import UTC, date, datetime

import pytest
from staff_desk import found

from bot.conversation import Effect, Message, Turn
from bot.staff import answer_ticket, close_ticket, list_tickets, show_ticket
from bot.store_opening import open_store
from bot.wording import text_reply

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "s.sqlite3")
    yield store
    store.close()


def open_ticket(store, question="能补多少", key="1"):
    effect = Effect("open_ticket", {"desk": "昆明市", "name": "昆明窗口", "question": question})
    turn = Turn(store.load("web", "u"), (text_reply("handed_over", "编号{ticket}"),), (effect,))
    store.commit(turn, Message("web", "u", key, date(2026, 6, 1), "转人工"), AT, answered=True)


def test_tickets_are_listed_one_a_line(store):
    assert list_tickets(store, "open") == "没有待答复的工单。"
    open_ticket(store)
    open_ticket(store, "", "2")
    first, second = list_tickets(store, "open").split("\n")
    assert first.startswith("1\t2026-06-01 ")
    assert first.endswith("\t昆明窗口\t能补多少")
    assert "用户还没有写问题" in second


def test_a_ticket_is_shown_with_what_was_said_and_answered(store):
    open_ticket(store)
    answer_ticket(store, 1, "最高200万元", AT)
    shown = show_ticket(store, 1)
    assert "工单 1　已答复　昆明窗口" in shown
    assert "用户：转人工" in shown
    assert "：最高200万元" in shown


def test_an_answer_reaches_the_person_with_the_tickets_number(store):
    open_ticket(store)
    assert answer_ticket(store, 1, "  最高200万元 ", AT) == "工单 1 已答复。"
    (pushed,) = store.pushed("web", "u")
    assert pushed.reply.text == "工作人员对工单 1 的答复：最高200万元"


@pytest.mark.parametrize(
    ("number", "text", "message"),
    [(1, " ", "不能为空"), (1, "字" * 3001, "最多3000字"), (9, "答", "没有编号 9"), (1, "\0\n", "不能为空")],
)
def test_an_answer_that_cannot_be_given_says_why(store, number, text, message):
    open_ticket(store)
    with pytest.raises(ValueError, match=message):
        answer_ticket(store, number, text, AT)


def test_an_answer_with_a_broken_character_is_mended(store):
    open_ticket(store)
    answer_ticket(store, 1, "好\ud800", AT)
    assert found(store, 1).answer == "好?"


def test_a_closed_ticket_tells_the_person_and_stays_closed(store):
    open_ticket(store)
    assert close_ticket(store, 1, AT) == "工单 1 已关闭。"
    assert "工单 1 已关闭" in store.pushed("web", "u")[0].reply.text
    with pytest.raises(ValueError, match="没有编号 1"):
        close_ticket(store, 1, AT)
    with pytest.raises(ValueError, match="没有编号 2"):
        show_ticket(store, 2)


def test_a_persons_text_cannot_fake_lines_or_steer_the_terminal(store):
    open_ticket(store, "一\n2\t假工单\x1b[2J\u202e反")
    listed = list_tickets(store, "open")
    assert listed.count("\n") == 0
    assert "\x1b" not in listed
    assert "\u202e" not in show_ticket(store, 1)
