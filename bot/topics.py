"""Topics of the staff's Telegram group, one for each ticket: which there are, what they show, and what is to be done about them."""

from dataclasses import dataclass
from typing import Literal

from bot.store_sql import Sql, fetch

Shown = Literal["waiting", "answered", "ended", "erased"]
"""What a topic shows of its ticket. `erased`: all that was personal is gone, and so must the topic."""

SLICE = 20
"""Topics that are looked after at a time."""


@dataclass(frozen=True)
class Due:
    """A topic that does not show how its ticket stands: `thread` is 0 where there is none yet, `shown` empty."""

    ticket: int
    question: str
    thread: int
    shown: Shown | Literal[""]
    now: Shown


_NOW = (
    "case when t.user_id = '' then 'erased' when t.status in ('open', 'claimed') then 'waiting' "
    "when t.status = 'answered' then 'answered' else 'ended' end"
)

# Each begins with what is few: the tickets that wait, the topics that are not done with.
_TO_MAKE = (
    "select t.id as ticket, t.question, 0 as thread, '' as shown, 'waiting' as now from tickets t "
    "left join topics p on p.ticket = t.id and p.chat = ? "
    "where t.status = ? and t.user_id <> '' and t.question <> '' and p.ticket is null order by t.waiting_since, t.id limit ?"
)
_TO_OPEN = (
    f"select t.id as ticket, t.question, p.thread, p.shown, {_NOW} as now from tickets t "  # noqa: S608
    "join topics p on p.ticket = t.id and p.chat = ? where t.status = ? and p.shown = 'ended' limit ?"
)
_TO_CHANGE = (
    f"select t.id as ticket, t.question, p.thread, p.shown, {_NOW} as now from topics p "  # noqa: S608
    f"join tickets t on t.id = p.ticket where p.chat = ? and p.shown = ? and p.shown <> {_NOW} order by t.id limit ?"
)
_TO_REMOVE = "select ticket, '' as question, thread, '' as shown, 'erased' as now from topics where chat = ? and shown = ? limit ?"
_LOOKS = (
    *((sql, status) for sql in (_TO_MAKE, _TO_OPEN) for status in ("open", "claimed")),
    *((_TO_CHANGE, shown) for shown in ("waiting", "answered")),
    (_TO_REMOVE, "erased"),
)


def list_due(db: Sql, chat: int) -> list[Due]:
    """Some of the topics of a group that are to be made, or that do not show how their tickets stand now."""
    return [Due(**row) for sql, value in _LOOKS for row in fetch(db, sql, str(chat), value, SLICE)]


def note_topic(db: Sql, ticket: int, chat: int, thread: int, shown: Shown) -> None:
    """A topic is there and shows this."""
    fetch(
        db,
        "insert into topics (ticket, chat, thread, shown) values (?, ?, ?, ?) on conflict (ticket) do update set "
        "chat = excluded.chat, thread = excluded.thread, shown = excluded.shown",
        ticket, str(chat), thread, shown,
    )  # fmt: skip


def drop_topic(db: Sql, ticket: int) -> None:
    """A topic is there no more."""
    fetch(db, "delete from topics where ticket = ?", ticket)


def ticket_in(db: Sql, chat: int, thread: int) -> int | None:
    """The ticket of a topic; None where it is none of ours."""
    found = fetch(
        db, "select ticket from topics where chat = ? and thread = ? and shown <> 'erased'", str(chat), thread
    )
    return int(found[0]["ticket"]) if found else None


def user_of_topic(chat: int, ticket: int) -> str:
    """Whose messages those to a topic are, for the outbox: each topic's leave in order, and wait for no other's."""
    return f"{chat}:topic {ticket}"


def erase_topic(db: Sql, ticket: int) -> None:
    """The topic of a ticket is to go, and what waits to be sent or was sent there is forgotten at once."""
    for row in fetch(db, "select chat from topics where ticket = ?", ticket):
        fetch(
            db,
            "delete from outbox where channel = 'telegram' and user_id = ?",
            user_of_topic(row["chat"], ticket),
        )
        fetch(db, "update topics set shown = 'erased' where ticket = ?", ticket)
