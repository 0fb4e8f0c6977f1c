"""What is done to tickets, by the staff and by the person: each checks the state, writes the history, and tells whom it concerns.

Every act is refused (None) where the state does not allow it, where there is no such ticket, and where something happened to it
since the page was shown that it was done from (`revision`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.audit import note
from bot.conversation import Reply
from bot.store_rows import queue, write_down
from bot.store_sql import Sql, fetch, lock, stamp
from bot.ticket_states import Event, next_status
from bot.tickets import Ticket, find_ticket, note_event, reindex


@dataclass(frozen=True)
class Act:
    """Who does it (an account; 0 the operator; below it somebody of the staff's Telegram group, by the number there; None the
    person), when, and on which state of the ticket (None: on any)."""

    staff: int | None
    at: datetime
    revision: int | None = None


def _move(db: Sql, number: int, event: Event, act: Act, detail: str = "") -> Ticket | None:
    """The ticket as it was before, once it has moved; None where it cannot."""
    lock(db, "ticket", str(number))
    ticket = find_ticket(db, number)
    if ticket is None or (act.revision is not None and act.revision != ticket.revision):
        return None
    status = next_status(ticket.status, event)
    if status is None:
        return None
    fetch(db, "update tickets set status = ?, revision = revision + 1 where id = ?", status, number)
    note_event(db, number, event, stamp(act.at), act.staff, detail)
    if act.staff is not None:
        note(db, act.staff, event, f"ticket:{number}", act.at)
    return ticket


def claim(db: Sql, number: int, act: Act) -> Ticket | None:
    """Take a ticket on, from a colleague too."""
    ticket = _move(db, number, "claimed", act)
    if ticket:
        fetch(db, "update tickets set assignee = ? where id = ?", act.staff, number)
    return ticket


def release(db: Sql, number: int, act: Act) -> Ticket | None:
    """Give a ticket back to the queue."""
    ticket = _move(db, number, "released", act)
    if ticket:
        fetch(db, "update tickets set assignee = 0 where id = ?", number)
    return ticket


def answer(db: Sql, number: int, text: str, reply: Reply, act: Act) -> Ticket | None:
    """Answer a ticket that waits: the reply goes to the person where they asked, and into the transcript."""
    ticket = _move(db, number, "answered", act)
    if ticket:
        fetch(
            db,
            "update tickets set answer = ?, answered_at = ?, assignee = ? where id = ?",
            text, stamp(act.at), act.staff if act.staff and act.staff > 0 else ticket.assignee, number,
        )  # fmt: skip
        _tell(db, ticket, reply, act.at)
        reindex(db, number)
    return ticket


def close(db: Sql, number: int, outcome: str, reply: Reply, act: Act) -> Ticket | None:
    """Close a ticket; a person whose ticket was not answered gets the reply. Of what is said later nothing is shown here."""
    ticket = _move(db, number, "closed", act, outcome)
    if ticket:
        if ticket.status != "answered":
            _tell(db, ticket, reply, act.at)
        _end_transcript(db, ticket, outcome)
        reindex(db, number)
    return ticket


def _end_transcript(db: Sql, ticket: Ticket, outcome: str) -> None:
    """What the person says from now on is none of the desk's business."""
    last = fetch(
        db,
        "select coalesce(max(id), 0) as id from transcript where channel = ? and user_id = ?",
        ticket.channel, ticket.user,
    )  # fmt: skip
    fetch(db, "update tickets set outcome = ?, said_to = ? where id = ?", outcome, last[0]["id"], ticket.id)


def pass_on(db: Sql, number: int, place: str, desk: str, due: str, reply: Reply, act: Act) -> Ticket | None:
    """Hand a ticket on to another desk; the person is told. It keeps the time for which it has waited."""
    ticket = _move(db, number, "passed_on", act, place)
    if ticket:
        fetch(
            db,
            "update tickets set place = ?, desk = ?, due_at = ?, assignee = 0 where id = ?",
            place, desk, due, number,
        )  # fmt: skip
        _tell(db, ticket, reply, act.at)
        reindex(db, number)
    return ticket


def reopen(db: Sql, number: int, due: str, act: Act) -> Ticket | None:
    """Take up again what was answered or closed: it waits from now on."""
    ticket = _move(db, number, "reopened", act)
    if ticket:
        fetch(
            db,
            "update tickets set waiting_since = ?, due_at = ?, assignee = 0, reopened = reopened + 1, outcome = '', "
            "said_to = 0 where id = ?",
            stamp(act.at), due, number,
        )  # fmt: skip
    return ticket


def add_note(db: Sql, number: int, text: str, act: Act) -> Ticket | None:
    """An internal note, which the person never sees."""
    ticket = _move(db, number, "noted", act)
    if ticket:
        fetch(
            db, "insert into ticket_notes (ticket, staff, text, at) values (?, ?, ?, ?)",
            number, act.staff or 0, text, stamp(act.at),
        )  # fmt: skip
        reindex(db, number)
    return ticket


def offer(db: Sql, number: int, act: Act) -> Ticket | None:
    """Note that somebody proposed what to fill in; `offering.send` has told the person."""
    return _move(db, number, "offered", act)


def act_of_person(db: Sql, who: tuple[str, str], data: dict[str, Any], at: datetime) -> int | None:
    """What a person does to an own ticket by the effect `ticket`: its number, or None where it cannot be done. `data` has `do`
    (more, contact, solved, withdraw, agreed, refused), `ticket` (None: the latest), `text`, and `due` for one that is taken up again."""
    found = fetch(
        db,
        "select id, status from tickets where channel = ? and user_id = ? and status <> 'withdrawn' and "
        "(? = 0 or id = ?) order by id desc limit 1",
        *who, data["ticket"] or 0, data["ticket"] or 0,
    )  # fmt: skip
    if not found:
        return None
    number, act = int(found[0]["id"]), Act(None, at)
    done = _DEEDS[data["do"]](db, number, found[0]["status"], data, act)
    if done:
        reindex(db, number)
    return number if done else None


def _say_more(db: Sql, number: int, status: str, data: dict[str, Any], act: Act) -> Ticket | None:
    """What is said stands in the transcript, which the desk reads; here only that it is about this ticket."""
    waits = status in {"open", "claimed"}
    ticket = _move(db, number, "added", act) if waits else reopen(db, number, data.get("due", ""), act)
    if ticket and not ticket.question:  # handed over before anything was asked: this is the question
        fetch(db, "update tickets set question = ? where id = ?", data["text"], number)
    return ticket


def _leave_contact(db: Sql, number: int, status: str, data: dict[str, Any], act: Act) -> Ticket | None:
    ticket = _move(db, number, "contact", act)
    if ticket:
        fetch(db, "update tickets set contact = ? where id = ?", data["text"], number)
    return ticket


def _decide(db: Sql, number: int, status: str, data: dict[str, Any], act: Act) -> Ticket | None:
    return _move(db, number, data["do"], act)


def _end(db: Sql, number: int, status: str, data: dict[str, Any], act: Act) -> Ticket | None:
    event, outcome = _ENDS[data["do"]]
    ticket = _move(db, number, event, act, outcome)
    if ticket:
        _end_transcript(db, ticket, outcome)
    return ticket


_ENDS: Mapping[str, tuple[Event, str]] = {"solved": ("closed", "solved"), "withdraw": ("withdrawn", "")}
_DEEDS = {
    "more": _say_more, "contact": _leave_contact, "solved": _end, "withdraw": _end,
    "agreed": _decide, "refused": _decide,
}  # fmt: skip


def _tell(db: Sql, ticket: Ticket, reply: Reply, at: datetime) -> None:
    write_down(db, ticket.channel, ticket.user, "staff", reply.text, reply, stamp(at))
    queue(db, ticket.channel, ticket.user, "", reply, stamp(at), pushed=True)
