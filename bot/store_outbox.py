"""The outbox: what is due, what was sent as what, what failed, who cannot be reached, who moved."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from bot.conversation import Reply
from bot.store import Outgoing
from bot.store_records import read_reply
from bot.store_rows import drop_secret, rows
from bot.store_sql import Dialect, Sql

UNREADABLE = "update outbox set failed_at = created_at, reason = 'unreadable' where id = ?"
PUSHED = (
    "select * from outbox where channel = ? and user_id = ? and pushed = 1 and sent_at is null and failed_at is null "
    "order by id"
)
FAILED = (
    "select * from outbox where channel = ? and failed_at is not null and reason <> 'unreadable' order by id"
)


def due(dialect: Dialect, channel: str, busy: Collection[str], limit: int) -> tuple[str, list[Any]]:
    """A query for the first unsent reply of each user that is not busy, and its values."""
    statement = (
        "select * from outbox where id in (select min(id) from outbox where channel = ? and sent_at is null and "  # noqa: S608
        f"failed_at is null and user_id not in ({dialect.listed}) group by user_id) order by id limit ?"
    )
    return statement, [channel, json.dumps(list(busy)), limit]


def read_outgoing(row: dict[str, Any]) -> Outgoing:
    """A row of the outbox; ValueError where this version of the program cannot read it."""
    return Outgoing(
        row["id"], row["channel"], row["user_id"], read_reply(row["reply"]), row["attempts"], bool(row["pushed"]),
        row["key"], row["created_at"], row["address"], row["sent_as"], row["reason"],
    )  # fmt: skip


def replies_to(db: Sql, channel: str, key: str) -> tuple[Reply, ...] | None:
    """The replies to a message that was handled before, or None if it was not."""
    done = "select 1 from inbox where channel = ? and key = ? and done_at is not null"
    if not rows(db, done, [channel, key]):
        return None
    found = rows(db, "select reply from outbox where channel = ? and key = ? order by id", [channel, key])
    return tuple(read_reply(row["reply"]) for row in found)


def mark_sent(db: Sql, sent: Mapping[int, str], now: str) -> None:
    """These replies have been sent, as what. One to a person of whom all was erased forgets whose it was."""
    for number, sent_as in sent.items():
        db.execute(
            "update outbox set sent_at = ?, sent_as = ?, reply = case when masked <> '' then masked else reply end, masked = '' where id = ?",
            [now, sent_as, number],
        )
        forget_owner(db, number)


def mark_failed(db: Sql, outgoing_id: int, reason: str, now: str, *, final: bool) -> None:
    """A reply could not be sent; `final` takes it out of the queue."""
    db.execute(
        "update outbox set attempts = attempts + 1, reason = ?, failed_at = ? where id = ?",
        [reason, now if final else None, outgoing_id],
    )
    if final:
        drop_secret(db, outgoing_id)
        forget_owner(db, outgoing_id)


def forget_owner(db: Sql, outgoing_id: int) -> None:
    """A reply that is done with, to a person of whom nothing is kept, belongs to nobody."""
    db.execute(
        "update outbox set user_id = '', address = '' where id = ? and not exists (select 1 from conversations c "
        "where c.channel = outbox.channel and c.user_id = outbox.user_id)",
        [outgoing_id],
    )


def resend(db: Sql, channel: str, ids: Collection[int] | None) -> int:
    """Put failed replies (all, if no ids are given) back into the queue in their old places; how many."""
    statement = (
        "update outbox set failed_at = null, attempts = 0, reason = '' where channel = ? and failed_at is not null "
        "and user_id <> '' and reason <> 'unreadable'"
    )
    db.wake(channel)
    if ids is None:
        return int(db.execute(statement, [channel]).rowcount)
    return sum(db.execute(f"{statement} and id = ?", [channel, number]).rowcount for number in ids)


def sent_for(db: Sql, channel: str, user: str, message: int, before: int) -> list[tuple[str, str]]:
    """What was sent for a message of the channel's own number, as (key, sent_as), before an entry of the outbox."""
    found = rows(
        db,
        "select key, sent_as, address from outbox where channel = ? and user_id = ? and id < ? and sent_as <> '' and "
        "address <> '' order by id",
        [channel, user, before],
    )
    return [
        (row["key"], row["sent_as"]) for row in found if json.loads(row["address"]).get("message") == message
    ]


def set_reachable(db: Sql, channel: str, chat: str, reason: str | None, now: str) -> None:
    """Remember that a chat cannot be written to, and why; None: it can."""
    db.execute("delete from unreachable where channel = ? and user_id = ?", [channel, chat])
    if reason is not None:
        db.execute(
            "insert into unreachable (channel, user_id, reason, since) values (?, ?, ?, ?)",
            [channel, chat, reason, now],
        )


def unreachable(db: Sql, channel: str) -> dict[str, str]:
    """The chats that cannot be written to, with the reason."""
    found = rows(db, "select user_id, reason from unreachable where channel = ?", [channel])
    return {row["user_id"]: row["reason"] for row in found}


_PERSONAL = (
    "conversations", "transcript", "inbox", "outbox", "tickets", "feedback", "resume_codes", "wrong_codes",
)  # fmt: skip
_ONE_EACH = ("conversations", "resume_codes")
"""Of these a person has one row: what was already under the new number gives way."""


def move(db: Sql, channel: str, old: str, new: str) -> None:
    """A group got another number: what was its people's stays theirs."""
    theirs = "channel = ? and (user_id = ? or substr(user_id, 1, ?) = ?)"
    whose = [channel, old, len(old) + 1, f"{old}:"]
    for table in _ONE_EACH:
        for row in rows(db, f"select user_id from {table} where {theirs}", whose):  # noqa: S608 - constants
            new_name = new + row["user_id"][len(old) :]
            db.execute(f"delete from {table} where channel = ? and user_id = ?", [channel, new_name])  # noqa: S608
    for table in _PERSONAL:
        renamed = f"update {table} set user_id = ? || substr(user_id, ?) where {theirs}"  # noqa: S608 - constants
        db.execute(renamed, [new, len(old) + 1, *whose])
