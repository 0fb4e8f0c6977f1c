"""What is kept of a person in SQLite: a copy of it, its erasure, and the end of its retention."""

import json
from typing import Any

from sqlite_utils import Database

from bot.store import Purged
from bot.store_sqlite_rows import rows
from bot.store_sqlite_tickets import blank_tickets


def export(db: Database, channel: str, user: str) -> dict[str, Any]:
    """Everything kept of a user, in the order in which it came."""
    who, whose = [channel, user], "where channel = ? and user_id = ?"
    state = rows(db, f"select state, created_at, touched_at from conversations {whose}", who)  # noqa: S608
    return {
        "channel": channel,
        "user": user,
        "created_at": state[0]["created_at"] if state else None,
        "touched_at": state[0]["touched_at"] if state else None,
        "conversation": json.loads(state[0]["state"]) if state else {},
        "transcript": rows(db, f"select who, text, at from transcript {whose} order by id", who),  # noqa: S608
        "tickets": rows(
            db,
            f"select id, desk, status, question, answer, opened_at, answered_at from tickets {whose} order by id",  # noqa: S608
            who,
        ),
        "waiting": [
            json.loads(row["payload"])["text"]
            for row in rows(db, f"select payload from inbox {whose} and done_at is null order by id", who)  # noqa: S608
        ],
    }


def erase(db: Database, channel: str, user: str, now: str, *, up_to: int | None = None) -> None:
    """Remove everything of a user. The keys of handled messages stay, without content or person: an update that is
    delivered again must not be handled again. With `up_to`, messages that came later wait on for their turn."""
    who = [channel, user]
    for table in ("conversations", "transcript", "outbox"):
        db.execute(f"delete from {table} where channel = ? and user_id = ?", who)  # noqa: S608
    db.execute(
        "update inbox set payload = '', user_id = '', done_at = coalesce(done_at, ?) "
        "where channel = ? and user_id = ? and id <= coalesce(?, id)",
        [now, *who, up_to],
    )
    blank_tickets(db, "channel = ? and user_id = ?", who, now)


def purge(db: Database, before: str, replays_before: str, now: str, limit: int) -> Purged:
    """One slice: conversations not touched since, unused sessions, old lines of living ones, old tickets' texts, and the
    memory of handled messages."""
    old = rows(
        db,
        "select channel, user_id from conversations c where touched_at < ? and not exists (select 1 from inbox i where "
        "i.channel = c.channel and i.user_id = c.user_id and i.done_at is null) limit ?",
        [before, limit],
    )
    for row in old:
        erase(db, row["channel"], row["user_id"], now)
    removed = len(old)
    removed += db.execute(
        "delete from sessions where rowid in (select s.rowid from sessions s where s.created_at < ? and not exists "
        "(select 1 from conversations c where c.channel = s.channel and c.user_id = s.user_id) limit ?)",
        [before, limit],
    ).rowcount
    removed += blank_tickets(
        db,
        "id in (select id from tickets where opened_at < ? and user_id <> '' limit ?)",
        [before, limit],
        now,
    )
    removed += _drop_oldest(db, "transcript", "at", before, limit)
    removed += _drop_oldest(db, "inbox", "done_at", replays_before, limit)
    removed += _drop_oldest(db, "outbox", "sent_at", replays_before, limit)
    removed += _drop_oldest(db, "outbox", "failed_at", before, limit)
    return Purged(len(old), removed)


def _drop_oldest(db: Database, table: str, column: str, before: str, limit: int) -> int:
    """Rows are numbered as they come, so the oldest are the first: only those are looked at, without an index."""
    first = rows(
        db,
        f"select id, {column} from {table} where {column} is not null order by id limit ?",  # noqa: S608
        [limit],
    )
    old = [row["id"] for row in first if row[column] < before]
    db.execute(f"delete from {table} where id in (select value from json_each(?))", [json.dumps(old)])  # noqa: S608
    return len(old)
