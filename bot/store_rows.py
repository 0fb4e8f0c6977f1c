"""What the parts of the store share: rows read whole, a line of the transcript, a reply queued."""

from collections.abc import Sequence
from typing import Any

from bot.conversation import Reply
from bot.store_records import write_reply
from bot.store_sql import Sql, fetch


def rows(db: Sql, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """All rows at once: a cursor left unfinished would pin the write-ahead log."""
    return fetch(db, sql, *values)


def write_down(
    db: Sql, channel: str, user: str, who: str, text: str, reply: Reply | None, now: str, key: str = ""
) -> None:
    """One line of the transcript; `key` is that of the message which it is or answers."""
    labels = " ".join(citation.label for citation in reply.citations) if reply else ""
    db.execute(
        "insert into transcript (channel, user_id, who, text, outcome, labels, reply, at, key, entry, version) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            channel, user, who, text, reply.outcome if reply else "", labels, write_reply(reply) if reply else "", now, key,
            reply.entry if reply else "", reply.version if reply else 0,
        ],
    )  # fmt: skip


def queue(
    db: Sql, channel: str, user: str, key: str, reply: Reply, now: str, *, pushed: bool = False,
    sent_at: str | None = None, masked: Reply | None = None, address: str = "",
) -> None:  # fmt: skip
    """A reply into the outbox; with `sent_at` it is there only to be given again to a repeated message; `masked` is what is
    kept of it once it is sent."""
    db.execute(
        "insert into outbox (channel, user_id, key, reply, pushed, created_at, sent_at, masked, address) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            channel,
            user,
            key,
            write_reply(reply),
            int(pushed),
            now,
            sent_at,
            write_reply(masked) if masked else "",
            address,
        ],
    )
    if sent_at is None:
        db.wake(channel)


def drop_secret(db: Sql, outgoing_id: int) -> None:
    """Of a reply that is done with, only what may be kept."""
    db.execute("update outbox set reply = masked, masked = '' where id = ? and masked <> ''", [outgoing_id])
