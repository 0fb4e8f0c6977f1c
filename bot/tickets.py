"""Tickets in the store: opened by the dialogue, found and listed for the staff. Portable SQL, one transaction each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation import Conversation
from bot.pressed import as_read
from bot.store_sql import Sql, fetch
from bot.ticket_search import forget_words, index
from bot.ticket_states import WAITING, Event, Status
from bot.topics import erase_topic

SAID = 20
"""How many of the last messages go with a ticket."""


@dataclass(frozen=True)
class Happened:
    """One step of a ticket's history: numbers and times alone. `staff` is an account (0: the operator's command line; below
    it: the number of somebody of the staff's Telegram group), None where the person or the clock did it; `detail` a place or an outcome, never a text."""

    event: Event
    at: str
    staff: int | None
    detail: str = ""


@dataclass(frozen=True)
class Ticket:
    """A question handed over to a desk. `transcript` has (who, text) pairs up to the hand-over; times are UTC; `due_at` is empty
    where the desk has no service level; `revision` counts what happened. `details` has `profile` and `result` (the shapes of
    the HTTP API, or None) and `clauses` (labels shown). After an erasure ids, desk, times and history are left."""

    id: int
    channel: str
    user: str
    place: str
    desk: str
    question: str
    status: Status
    opened_at: str
    waiting_since: str = ""
    due_at: str = ""
    assignee: int = 0
    revision: int = 0
    reopened: int = 0
    answered_at: str = ""
    outcome: str = ""
    contact: str = ""
    answer: str = ""
    transcript: tuple[tuple[str, str], ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    said_from: int = 0
    said_to: int = 0
    history: tuple[Happened, ...] = ()


_LISTED = (
    "id, channel, user_id, place, desk, question, status, opened_at, waiting_since, due_at, assignee, revision, "
    "reopened, answered_at, outcome"
)


def open_ticket(db: Sql, conversation: Conversation, data: dict[str, Any], now: str) -> tuple[int, int]:
    """A new ticket with the last messages, or the one that already waits with the same question at the same desk: its number,
    and how many wait before it at that desk. `data` is that of the effect `open_ticket`."""
    who = [conversation.channel, conversation.user]
    same = fetch(
        db,
        "select id from tickets where channel = ? and user_id = ? and place = ? and question = ? and "
        "status in ('open', 'claimed')",
        *who, data["desk"], data["question"],
    )  # fmt: skip
    number = int(same[0]["id"]) if same else _insert(db, who, data, now)
    return number, place_in_queue(db, number, data["desk"])


def _insert(db: Sql, who: list[str], data: dict[str, Any], now: str) -> int:
    said = fetch(
        db,
        "select id, who, text, labels, reply from transcript where channel = ? and user_id = ? order by id desc limit ?",
        *who, SAID,
    )  # fmt: skip
    said.reverse()
    labels = [label for row in said for label in row["labels"].split()]
    details = {"clauses": list(dict.fromkeys(labels)), **data.get("details", {})}
    transcript = [[row["who"], text] for row, text in zip(said, as_read(said), strict=True)]
    made = fetch(
        db,
        "insert into tickets (channel, user_id, place, desk, question, transcript, details, status, opened_at, "
        "waiting_since, due_at, said_from) values (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?) returning id",
        *who, data["desk"], data["name"], data["question"], json.dumps(transcript, ensure_ascii=False),
        json.dumps(details, ensure_ascii=False), now, now, data.get("due", ""), said[-1]["id"] if said else 0,
    )  # fmt: skip
    number = int(made[0]["id"])
    note_event(db, number, "opened", now)
    reindex(db, number)
    return number


def place_in_queue(db: Sql, number: int, place: str) -> int:
    """How many tickets of a place have waited for longer."""
    found = fetch(
        db,
        "select count(*) as ahead from tickets where place = ? and status in ('open', 'claimed') and "
        "waiting_since < (select waiting_since from tickets where id = ?)",
        place, number,
    )  # fmt: skip
    return int(found[0]["ahead"])


def note_event(
    db: Sql, ticket_id: int, event: Event, now: str, staff: int | None = None, detail: str = ""
) -> None:
    """What happened to a ticket: ids and times only, so that an erasure leaves the record whole."""
    fetch(
        db,
        "insert into ticket_events (ticket, event, at, staff, detail) values (?, ?, ?, ?, ?)",
        ticket_id, event, now, staff, detail,
    )  # fmt: skip


def list_tickets(
    db: Sql, statuses: Sequence[Status] = ("open",), *, place: str = "", assignee: int = 0, overdue_at: str = "",
    after: tuple[str, int] = ("", 0), limit: int = 1000, latest: bool = False,
) -> list[Ticket]:  # fmt: skip
    """Tickets in the order in which they began to wait, without transcript and history: of a place, of somebody, those that
    are overdue at a time, those `after` a (waiting_since, id). `latest`: the other way round."""
    beyond, order = ("<", " desc") if latest else (">", "")
    conditions, values = _narrowed(place=place, assignee=assignee, overdue_at=overdue_at)
    if after[0]:
        conditions += f" and (waiting_since, id) {beyond} (?, ?)"
        values += after
    select = f"select {_LISTED} from tickets where status = ?{conditions} order by waiting_since{order}, id{order} limit ?"  # noqa: S608
    # One state at a time: an index then has the lines in their order, and no more are read than are shown.
    found = [_ticket(row) for status in statuses for row in fetch(db, select, status, *values, limit)]
    return sorted(found, key=lambda ticket: (ticket.waiting_since, ticket.id), reverse=latest)[:limit]


def _narrowed(*, place: str = "", assignee: int = 0, overdue_at: str = "") -> tuple[str, list[Any]]:
    """Conditions after that on the state, and their values."""
    wanted = {"place = ?": place, "assignee = ?": assignee, "due_at <> '' and due_at < ?": overdue_at}
    given = {condition: value for condition, value in wanted.items() if value}
    return "".join(f" and {condition}" for condition in given), [*given.values()]


def count_tickets(db: Sql, place: str, now: str) -> dict[str, int]:
    """How many tickets of a place (empty: of all) are `open` and `claimed`, and how many of them `overdue`. Those that are
    done with are not counted: there are many, and nobody waits."""
    return {
        "open": _count(db, "open", place),
        "claimed": _count(db, "claimed", place),
        "overdue": sum(_count(db, status, place, now) for status in WAITING),
    }


def _count(db: Sql, status: Status, place: str, overdue_at: str = "") -> int:
    conditions, values = _narrowed(place=place, overdue_at=overdue_at)
    found = fetch(db, f"select count(*) as many from tickets where status = ?{conditions}", status, *values)  # noqa: S608
    return int(found[0]["many"])


def answered_lately(db: Sql, limit: int) -> list[tuple[str, str, str]]:
    """The latest answers of all desks, as (desk, question, answer), as far as they are kept."""
    found = fetch(
        db,
        "select desk, question, answer from tickets where answer <> '' and question <> '' order by id desc limit ?",
        limit,
    )
    return [(row["desk"], row["question"], row["answer"]) for row in found]


def find_listed(db: Sql, numbers: Sequence[int]) -> list[Ticket]:
    """These tickets without transcript and history."""
    if not numbers:
        return []
    marks = ", ".join("?" for _ in numbers)
    found = fetch(db, f"select {_LISTED} from tickets where id in ({marks})", *numbers)  # noqa: S608
    return [_ticket(row) for row in found]


def find_ticket(db: Sql, ticket_id: int) -> Ticket | None:
    """One ticket with its history."""
    found = fetch(db, "select * from tickets where id = ?", ticket_id)
    if not found:
        return None
    events = fetch(
        db, "select event, at, staff, detail from ticket_events where ticket = ? order by id", ticket_id
    )
    return _ticket(found[0], tuple(Happened(**row) for row in events))


@dataclass(frozen=True)
class Line:
    """A line of a conversation, or an internal note: `who` is user, bot, staff or note; `staff` the account of a note."""

    who: str
    text: str
    at: str
    staff: int = 0


def live_lines(db: Sql, ticket: Ticket, limit: int = 200) -> list[Line]:
    """What was said since the hand-over, until the ticket was closed: the last lines, oldest first."""
    # A button may be pressed that stands under a reply of before: those are read for their buttons.
    lines = "select id, who, text, at, reply from transcript where channel = ? and user_id = ? and id"
    found = fetch(
        db, f"{lines} > ? and (? = 0 or id <= ?) order by id desc limit ?",
        ticket.channel, ticket.user, ticket.said_from, ticket.said_to, ticket.said_to, limit,
    )  # fmt: skip
    found += fetch(
        db, f"{lines} <= ? order by id desc limit ?", ticket.channel, ticket.user, ticket.said_from, SAID
    )
    found.reverse()
    return [
        Line(row["who"], text, row["at"])
        for row, text in zip(found, as_read(found), strict=True)
        if row["id"] > ticket.said_from
    ]


def notes(db: Sql, ticket_id: int) -> list[Line]:
    """The internal notes of a ticket, oldest first."""
    found = fetch(db, "select staff, text, at from ticket_notes where ticket = ? order by id", ticket_id)
    return [Line("note", row["text"], row["at"], row["staff"]) for row in found]


def reindex(db: Sql, ticket_id: int) -> None:
    """Let the search find a ticket by all that it holds now."""
    ticket = find_ticket(db, ticket_id)
    if ticket is not None:
        said = [text for _, text in ticket.transcript] + [line.text for line in live_lines(db, ticket)]
        noted = [line.text for line in notes(db, ticket_id)]
        index(db, ticket_id, ticket.place, [ticket.question, ticket.answer, ticket.contact, *said, *noted])


def blank_tickets(db: Sql, tickets: list[dict[str, Any]], now: str) -> None:
    """Of these tickets (id, status) only ids, desk, times and history remain; one that waits is withdrawn."""
    for row in tickets:
        waits = row["status"] in {"open", "claimed"}
        fetch(
            db,
            "update tickets set user_id = '', question = '', transcript = '[]', details = '{}', answer = '', contact = '', "
            "status = ?, revision = revision + 1 where id = ?",
            "withdrawn" if waits else row["status"], row["id"],
        )  # fmt: skip
        fetch(db, "delete from ticket_notes where ticket = ?", row["id"])
        forget_words(db, row["id"])
        erase_topic(db, row["id"])
        note_event(db, row["id"], "withdrawn" if waits else "blanked", now)


def _ticket(row: dict[str, Any], history: tuple[Happened, ...] = ()) -> Ticket:
    given = {**row, "user": row["user_id"], "history": history}
    if "transcript" in row:
        given["transcript"] = tuple((who, text) for who, text in json.loads(row["transcript"]))
        given["details"] = json.loads(row["details"])
    return Ticket(**{name: given[name] for name in Ticket.__dataclass_fields__ if name in given})
