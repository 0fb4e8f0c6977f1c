"""Tickets on the command line: list them, read one with its transcript, answer it where it was asked."""

from datetime import datetime

from bot.store import Store
from bot.wording import say, text_reply

_WHO = {"user": "用户", "bot": "备案通", "staff": "工作人员"}


def list_tickets(store: Store, status: str) -> str:
    """One line a ticket: number, when, desk, the question."""
    lines = [
        f"{t.id}\t{t.opened_at[:16]}\t{t.desk}\t{t.question or '（没有写明问题，见对话记录）'}"
        for t in store.tickets(status)
    ]
    return "\n".join(lines) or "没有工单。"


def show_ticket(store: Store, number: int) -> str:
    """A ticket with the transcript up to the hand-over; ValueError if there is none."""
    ticket = store.ticket(number)
    if ticket is None:
        raise ValueError(f"没有编号 {number} 的工单")
    head = f"工单 {ticket.id}　{ticket.status}　{ticket.desk}　{ticket.opened_at[:16]}"
    said = [f"{_WHO[who]}：{text}" for who, text in ticket.transcript]
    answer = [f"答复（{ticket.answered_at[:16]}）：{ticket.answer}"] if ticket.answer else []
    return "\n".join([head, f"问题：{ticket.question or '（没有写明问题，见对话记录）'}", *said, *answer])


def answer_ticket(store: Store, number: int, text: str, at: datetime) -> str:
    """Answer an open ticket; ValueError if there is no open one of that number or the answer is empty."""
    if not text.strip():
        raise ValueError("答复不能为空")
    reply = text_reply("handed_over", say("human.answer", ticket=number, text=text.strip()))
    if not store.answer_ticket(number, text.strip(), reply, at):
        raise ValueError(f"没有编号 {number} 的待答复工单")
    return f"工单 {number} 已答复。"
