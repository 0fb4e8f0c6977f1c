"""Tickets on the command line: list them, read one with its transcript, answer it where it was asked, close it."""

from dataclasses import replace
from datetime import datetime

from bot import ticket_acts, tickets
from bot.audit import OPERATOR
from bot.conversation import Block, Button, Reply
from bot.store import Store
from bot.ticket_states import Status
from bot.tickets import Ticket
from bot.wording import say, text_reply

LONGEST_ANSWER = 3_000
"""Characters; a reply that goes out in one piece on every channel."""

STATUS: dict[Status, str] = {
    "open": "待答复",
    "claimed": "处理中",
    "answered": "已答复",
    "closed": "已关闭",
    "withdrawn": "已撤回",
}
_WHO = {"user": "用户", "bot": "备案通", "staff": "工作人员"}


def list_tickets(store: Store, status: Status) -> str:
    """One line a ticket: number, when, desk, the question."""
    found = store.transact(lambda db: tickets.list_tickets(db, (status,)))
    lines = [f"{t.id}\t{_time(t.opened_at)}\t{t.desk}\t{_question(t)}" for t in found]
    return "\n".join(lines) or f"没有{STATUS[status]}的工单。"


def show_ticket(store: Store, number: int) -> str:
    """A ticket with the transcript up to the hand-over; ValueError if there is none."""
    ticket = store.transact(lambda db: tickets.find_ticket(db, number))
    if ticket is None:
        raise ValueError(f"没有编号 {number} 的工单")
    head = f"工单 {ticket.id}　{STATUS[ticket.status]}　{ticket.desk}　{_time(ticket.opened_at)}"
    said = [f"{_WHO[who]}：{_plain(text)}" for who, text in ticket.transcript]
    answer = [f"答复（{_time(ticket.answered_at)}）：{_plain(ticket.answer)}"] if ticket.answer else []
    return "\n".join([head, f"问题：{_question(ticket)}", *said, *answer])


def answer_ticket(store: Store, number: int, text: str, at: datetime) -> str:
    """Answer a ticket that waits; ValueError if there is none of that number, or the answer is empty or too long."""
    text = require_answer(text)
    act, reply = ticket_acts.Act(OPERATOR, at), answer_reply(number, (Block("text", text),))
    if not store.transact(lambda db: ticket_acts.answer(db, number, text, reply, act)):
        raise ValueError(f"没有编号 {number} 的待答复工单")
    return f"工单 {number} 已答复。"


def require_answer(text: str) -> str:
    """An answer as it can be sent; ValueError where it is empty or too long."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "").strip()
    if not text:
        raise ValueError("答复不能为空")
    if len(text) > LONGEST_ANSWER:
        raise ValueError(f"答复有{len(text)}字，最多{LONGEST_ANSWER}字")
    return text


def answer_reply(number: int, blocks: tuple[Block, ...]) -> Reply:
    """What the person reads, and how to go on from there."""
    first, *others = blocks
    if first.kind == "text":
        blocks = (replace(first, text=say("human.answer", ticket=number, text=first.text)), *others)
    else:
        blocks = (Block("text", say("human.answer", ticket=number, text="").strip()), *blocks)
    buttons = (
        Button(say("human.more_button"), f"more:{number}"),
        Button(say("human.solved_button"), f"solved:{number}"),
    )
    return Reply("handed_over", blocks, buttons=buttons)


def closed_reply(number: int) -> Reply:
    """What a person reads whose ticket is closed without an answer."""
    return text_reply("handed_over", say("human.closed", ticket=number))


def close_ticket(store: Store, number: int, at: datetime) -> str:
    """Close a ticket; ValueError if there is none of that number that can be closed."""
    act, reply = ticket_acts.Act(OPERATOR, at), closed_reply(number)
    if not store.transact(lambda db: ticket_acts.close(db, number, "", reply, act)):
        raise ValueError(f"没有编号 {number} 的可关闭工单")
    return f"工单 {number} 已关闭。"


def _question(ticket: Ticket) -> str:
    return _plain(ticket.question) or "（用户还没有写问题，见对话记录）"


def _time(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M") if stamp else ""


def _plain(text: str) -> str:
    """A person's text on a terminal: one line, and no control characters or changes of direction that could fake one."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
