"""Tickets: opened by the dialogue, answered and closed by staff, with what happened when."""

import json
from dataclasses import replace
from typing import Any

from bot.conversation import Conversation, Reply
from bot.store import Ticket
from bot.store_rows import queue, rows, write_down
from bot.store_sql import Sql, lock

SAID = 20
"""How many of the last messages go with a ticket."""


def open_ticket(db: Sql, conversation: Conversation, data: dict[str, Any], now: str) -> int:
    """A new ticket with the last messages, or the open one with the same question at the same desk: its number."""
    who = [conversation.channel, conversation.user]
    same = rows(
        db,
        "select id from tickets where channel = ? and user_id = ? and place = ? and question = ? and status = 'open'",
        [*who, data["desk"], data["question"]],
    )
    if same:
        return int(same[0]["id"])
    said = rows(
        db,
        "select who, text from transcript where channel = ? and user_id = ? order by id desc limit ?",
        [*who, SAID],
    )
    transcript = json.dumps([[row["who"], row["text"]] for row in reversed(said)], ensure_ascii=False)
    made = rows(
        db,
        "insert into tickets (channel, user_id, place, desk, question, transcript, status, opened_at) "
        "values (?, ?, ?, ?, ?, ?, 'open', ?) returning id",
        [*who, data["desk"], data["name"], data["question"], transcript, now],
    )
    number = int(made[0]["id"])
    note_event(db, number, "opened", now)
    return number


def note_event(db: Sql, ticket_id: int, event: str, now: str) -> None:
    """What happened to a ticket: ids and times only, so that an erasure leaves the record whole."""
    db.execute("insert into ticket_events (ticket, event, at) values (?, ?, ?)", [ticket_id, event, now])


def list_tickets(db: Sql, status: str, limit: int) -> list[Ticket]:
    """Tickets in the order of their opening."""
    found = rows(db, "select * from tickets where status = ? order by id limit ?", [status, limit])
    return [_ticket(row) for row in found]


def find_ticket(db: Sql, ticket_id: int) -> Ticket | None:
    """One ticket with its history."""
    found = rows(db, "select * from tickets where id = ?", [ticket_id])
    if not found:
        return None
    events = rows(db, "select event, at from ticket_events where ticket = ? order by id", [ticket_id])
    return replace(_ticket(found[0]), history=tuple((row["event"], row["at"]) for row in events))


def answer_ticket(db: Sql, ticket_id: int, answer: str, reply: Reply, now: str) -> bool:
    """Answer an open ticket: the reply goes to the person, and into the transcript."""
    lock(db, "ticket", str(ticket_id))
    ticket = find_ticket(db, ticket_id)
    if ticket is None or ticket.status != "open":
        return False
    db.execute(
        "update tickets set status = 'answered', answer = ?, answered_at = ? where id = ?",
        [answer, now, ticket_id],
    )
    note_event(db, ticket_id, "answered", now)
    _tell(db, ticket, reply, now)
    return True


def close_ticket(db: Sql, ticket_id: int, reply: Reply, now: str) -> bool:
    """Close a ticket; a person whose ticket was not answered gets the reply."""
    lock(db, "ticket", str(ticket_id))
    ticket = find_ticket(db, ticket_id)
    if ticket is None or ticket.status not in {"open", "answered"}:
        return False
    db.execute("update tickets set status = 'closed' where id = ?", [ticket_id])
    note_event(db, ticket_id, "closed", now)
    if ticket.status == "open":
        _tell(db, ticket, reply, now)
    return True


def _tell(db: Sql, ticket: Ticket, reply: Reply, now: str) -> None:
    write_down(db, ticket.channel, ticket.user, "staff", reply.text, reply, now)
    queue(db, ticket.channel, ticket.user, "", reply, now, pushed=True)


def blank_tickets(db: Sql, tickets: list[dict[str, Any]], now: str) -> None:
    """Of these tickets (id, status) only ids, desk and times remain; an open one is withdrawn."""
    for row in tickets:
        open_ = row["status"] == "open"
        db.execute(
            "update tickets set user_id = '', question = '', transcript = '[]', answer = '', status = ? where id = ?",
            ["withdrawn" if open_ else row["status"], row["id"]],
        )
        note_event(db, row["id"], "withdrawn" if open_ else "blanked", now)


def _ticket(row: dict[str, Any]) -> Ticket:
    said = tuple((who, text) for who, text in json.loads(row["transcript"]))
    return Ticket(
        row["id"], row["channel"], row["user_id"], row["place"], row["desk"], row["question"], row["status"],
        row["opened_at"], said, row["answer"], row["answered_at"],
    )  # fmt: skip
