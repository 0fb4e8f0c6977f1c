"""Conversations in one SQLite file through sqlite-utils: WAL, migrations as named steps, writers one at a time."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.conversation import Conversation, Message, Reply, Turn
from bot.store import Outgoing, StoreError, Ticket
from bot.wording import word_export

migrations = Migrations("beian")

_CONVERSATION = TypeAdapter(Conversation)
_MESSAGE = TypeAdapter(Message)
_REPLY = TypeAdapter(Reply)


@migrations()
def m001_conversations(db: Database) -> None:
    """Conversations with their version, the transcript, inbox and outbox, and tickets."""
    text, number = str, int
    db.table("conversations").create(
        {
            "channel": text,
            "user": text,
            "version": number,
            "state": text,
            "created_at": text,
            "touched_at": text,
        },
        pk=("channel", "user"),
        not_null={"channel", "user", "version", "state", "created_at", "touched_at"},
    )
    db.table("conversations").create_index(["touched_at"])
    db.table("transcript").create(
        {"id": number, "channel": text, "user": text, "who": text, "text": text, "outcome": text, "labels": text,
         "reply": text, "at": text}, pk="id",
    )  # fmt: skip
    db.table("transcript").create_index(["channel", "user", "id"])
    db.table("inbox").create(
        {
            "id": number,
            "channel": text,
            "key": text,
            "user": text,
            "payload": text,
            "received_at": text,
            "done_at": text,
        },
        pk="id",
    )
    db.table("inbox").create_index(["channel", "key"], unique=True)
    db.execute("create index inbox_waiting on inbox (channel, id) where done_at is null")
    db.execute("create index inbox_user on inbox (channel, user)")
    db.table("outbox").create(
        {"id": number, "channel": text, "user": text, "key": text, "reply": text, "pushed": number, "attempts": number,
         "reason": text, "created_at": text, "sent_at": text, "failed_at": text}, pk="id",
    )  # fmt: skip
    db.execute(
        "create index outbox_waiting on outbox (channel, user, id) where sent_at is null and failed_at is null"
    )
    db.execute("create index outbox_key on outbox (channel, key)")
    db.execute("create index outbox_user on outbox (channel, user)")
    db.table("tickets").create(
        {"id": number, "channel": text, "user": text, "place": text, "desk": text, "question": text, "transcript": text,
         "status": text, "opened_at": text, "answer": text, "answered_at": text}, pk="id",
    )  # fmt: skip
    db.table("tickets").create_index(["status", "id"])
    db.table("tickets").create_index(["channel", "user"])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


class SqliteStore:
    """The store on one SQLite file. It belongs to the thread that made it; several processes may share the file."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        try:
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._db = Database(self._connection)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"database {path}: {error}; give a writable SQLite file in BEIAN_DATABASE"
            ) from error

    def _prepare(self) -> None:
        for pragma in ("busy_timeout = 10000", "foreign_keys = on", "secure_delete = on"):
            self._db.execute(f"pragma {pragma}")
        if self.path != ":memory:":
            self._db.execute("pragma journal_mode = wal")
        # FULL: what was acknowledged to Telegram or the browser must survive a power cut, not only a killed process.
        self._db.execute("pragma synchronous = full")
        known = {m.name for m in migrations.pending(self._db)} | {
            m.name for m in migrations.applied(self._db)
        }
        newer = {m.name for m in migrations.applied(self._db)} - {m.name for m in migrations._migrations}
        if newer:
            raise sqlite3.DatabaseError(f"it was written by a newer version ({', '.join(sorted(newer))})")
        if known and migrations.pending(self._db):
            migrations.apply(self._db)

    @contextmanager
    def _write(self) -> Iterator[Database]:
        """One transaction that holds the write lock from its start: a plain BEGIN would lose updates to SQLITE_BUSY."""
        try:
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")
        except sqlite3.Error as error:
            raise StoreError(f"database {self.path}: {error}") from error

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows at once: a generator left unfinished would pin the write-ahead log."""
        try:
            return list(self._db.query(sql, list(values)))
        except sqlite3.Error as error:
            raise StoreError(f"database {self.path}: {error}") from error

    def receive(self, message: Message, at: datetime) -> bool:
        """Keep a message until it is handled; False if this (channel, key) was seen before."""
        payload = _MESSAGE.dump_json(message).decode()
        with self._write() as db:
            cursor = db.execute(
                "insert or ignore into inbox (channel, key, user, payload, received_at) values (?, ?, ?, ?, ?)",
                [message.channel, message.key, message.user, payload, _stamp(at)],
            )
            return cursor.rowcount > 0

    def load(self, channel: str, user: str) -> Conversation:
        """The conversation, a new one (version 0) where there is none."""
        rows = self._rows(
            "select version, state from conversations where channel = ? and user = ?", [channel, user]
        )
        if not rows or not rows[0]["state"]:
            return Conversation(channel, user, rows[0]["version"] if rows else 0)
        return replace(_CONVERSATION.validate_json(rows[0]["state"]), version=rows[0]["version"])

    def commit(self, turn: Turn, message: Message, at: datetime) -> tuple[Reply, ...] | None:
        """Write what a message led to in one transaction; None if the conversation was changed meanwhile."""
        after, now = turn.conversation, _stamp(at)
        with self._write() as db:
            if not self._swap(db, after, now):
                return None
            kinds = {effect.kind for effect in turn.effects}
            if "erase" in kinds:
                self._erase(db, after.channel, after.user)
            else:
                self._log(db, message, "user", message.text or message.action, None, now)
            replies = turn.replies
            for effect in turn.effects:
                if effect.kind == "open_ticket":
                    number = self._open_ticket(db, after, effect.data, now)
                    replies = tuple(_numbered(reply, number) for reply in replies)
            if "export" in kinds:
                replies = (*replies, word_export(self.export(after.channel, after.user)))
            for reply in replies:
                if not kinds & {"erase", "export"}:
                    self._log(db, message, "bot", reply.text, reply, now)
                self._queue(db, after.channel, after.user, message.key, reply, now, pushed=False)
            db.execute(
                "update inbox set done_at = ?, payload = '' where channel = ? and key = ?",
                [now, message.channel, message.key],
            )
        return replies

    def _swap(self, db: Database, after: Conversation, now: str) -> bool:
        """Compare-and-set on the version: only the state that was read may be replaced."""
        state = _CONVERSATION.dump_json(after).decode()
        db.execute(
            "insert or ignore into conversations (channel, user, version, state, created_at, touched_at) values (?, ?, 0, '', ?, ?)",
            [after.channel, after.user, now, now],
        )
        changed = db.execute(
            "update conversations set version = version + 1, state = ?, touched_at = ? where channel = ? and user = ? and version = ?",
            [state, now, after.channel, after.user, after.version],
        )
        return changed.rowcount == 1

    def _log(
        self, db: Database, message: Message, who: str, text: str, reply: Reply | None, now: str
    ) -> None:
        labels = " ".join(c.label for c in reply.citations) if reply else ""
        kept = _REPLY.dump_json(reply).decode() if reply else ""
        outcome = reply.outcome if reply else ""
        db.execute(
            "insert into transcript (channel, user, who, text, outcome, labels, reply, at) values (?, ?, ?, ?, ?, ?, ?, ?)",
            [message.channel, message.user, who, text, outcome, labels, kept, now],
        )

    def _queue(
        self, db: Database, channel: str, user: str, key: str, reply: Reply, now: str, *, pushed: bool
    ) -> None:
        db.execute(
            "insert into outbox (channel, user, key, reply, pushed, attempts, created_at) values (?, ?, ?, ?, ?, 0, ?)",
            [channel, user, key, _REPLY.dump_json(reply).decode(), int(pushed), now],
        )

    def _open_ticket(self, db: Database, conversation: Conversation, data: dict[str, Any], now: str) -> int:
        said = self.recent(conversation.channel, conversation.user, 20)
        transcript = json.dumps([[who, text] for who, text, _ in said], ensure_ascii=False)
        cursor = db.execute(
            "insert into tickets (channel, user, place, desk, question, transcript, status, opened_at) values (?, ?, ?, ?, ?, ?, 'open', ?)",
            [
                conversation.channel,
                conversation.user,
                data["desk"],
                data["name"],
                data["question"],
                transcript,
                now,
            ],
        )
        return int(cursor.lastrowid or 0)

    def replies_to(self, channel: str, key: str) -> tuple[Reply, ...] | None:
        """The replies to a message that was handled before, or None if it was not."""
        done = self._rows(
            "select 1 from inbox where channel = ? and key = ? and done_at is not null", [channel, key]
        )
        if not done:
            return None
        rows = self._rows(
            "select reply from outbox where channel = ? and key = ? order by id", [channel, key]
        )
        return tuple(_REPLY.validate_json(row["reply"]) for row in rows)

    def unhandled(self, channel: str, limit: int = 100) -> list[Message]:
        """Messages received and not handled yet, in the order of their arrival."""
        rows = self._rows(
            "select payload from inbox where channel = ? and done_at is null order by id limit ?",
            [channel, limit],
        )
        return [_MESSAGE.validate_json(row["payload"]) for row in rows]

    def due(self, channel: str, busy: Sequence[str], limit: int = 50) -> list[Outgoing]:
        """The first unsent reply of each user that is not busy."""
        rows = self._rows(
            "select * from outbox where id in (select min(id) from outbox where channel = ? and sent_at is null and "
            "failed_at is null and user not in (select value from json_each(?)) group by user) order by id limit ?",
            [channel, json.dumps(busy), limit],
        )
        return [_outgoing(row) for row in rows]

    def pushed(self, channel: str, user: str) -> list[Outgoing]:
        """Unsent replies of a user that answer no message."""
        rows = self._rows(
            "select * from outbox where channel = ? and user = ? and pushed = 1 and sent_at is null and failed_at is null order by id",
            [channel, user],
        )
        return [_outgoing(row) for row in rows]

    def mark_sent(self, ids: Sequence[int], at: datetime) -> None:
        """These replies have reached the channel."""
        if ids:
            with self._write() as db:
                for number in ids:
                    db.execute("update outbox set sent_at = ? where id = ?", [_stamp(at), number])

    def mark_answered(self, channel: str, key: str, at: datetime) -> None:
        """The replies to a message were returned to whoever sent it."""
        with self._write() as db:
            db.execute(
                "update outbox set sent_at = ? where channel = ? and key = ? and sent_at is null",
                [_stamp(at), channel, key],
            )

    def mark_failed(self, outgoing_id: int, reason: str, at: datetime, *, final: bool) -> None:
        """A reply could not be sent; `final` takes it out of the queue."""
        with self._write() as db:
            db.execute(
                "update outbox set attempts = attempts + 1, reason = ?, failed_at = ? where id = ?",
                [reason, _stamp(at) if final else None, outgoing_id],
            )

    def failed(self, channel: str) -> list[Outgoing]:
        """Replies taken out of the queue, oldest first."""
        rows = self._rows(
            "select * from outbox where channel = ? and failed_at is not null order by id", [channel]
        )
        return [_outgoing(row) for row in rows]

    def add_session(self, channel: str, user: str, at: datetime) -> None:
        """A user whom the server itself named (by the hash of a session)."""
        with self._write() as db:
            db.execute(
                "insert or ignore into conversations (channel, user, version, state, created_at, touched_at) values (?, ?, 0, '', ?, ?)",
                [channel, user, _stamp(at), _stamp(at)],
            )

    def knows(self, channel: str, user: str) -> bool:
        """Whether there is such a session or conversation."""
        return bool(self._rows("select 1 from conversations where channel = ? and user = ?", [channel, user]))

    def recent(self, channel: str, user: str, limit: int = 50) -> list[tuple[str, str, Reply | None]]:
        """The last messages as (who, text, reply), oldest first."""
        rows = self._rows(
            "select who, text, reply from transcript where channel = ? and user = ? order by id desc limit ?",
            [channel, user, limit],
        )
        return [
            (row["who"], row["text"], _REPLY.validate_json(row["reply"]) if row["reply"] else None)
            for row in reversed(rows)
        ]

    def tickets(self, status: str = "open") -> list[Ticket]:
        """Tickets in the order of their opening."""
        return [
            _ticket(row) for row in self._rows("select * from tickets where status = ? order by id", [status])
        ]

    def ticket(self, ticket_id: int) -> Ticket | None:
        """One ticket."""
        rows = self._rows("select * from tickets where id = ?", [ticket_id])
        return _ticket(rows[0]) if rows else None

    def answer_ticket(self, ticket_id: int, answer: str, reply: Reply, at: datetime) -> bool:
        """Answer an open ticket; the reply goes to the person. False if there is no open one of that number."""
        now = _stamp(at)
        with self._write() as db:
            rows = self._rows(
                "select channel, user from tickets where id = ? and status = 'open'", [ticket_id]
            )
            if not rows:
                return False
            channel, user = rows[0]["channel"], rows[0]["user"]
            db.execute(
                "update tickets set status = 'answered', answer = ?, answered_at = ? where id = ?",
                [answer, now, ticket_id],
            )
            if user:  # a person who erased everything is not written to
                self._log(db, Message(channel, user, "", at.date()), "staff", reply.text, reply, now)
                self._queue(db, channel, user, "", reply, now, pushed=True)
        return True

    def export(self, channel: str, user: str) -> dict[str, Any]:
        """Everything kept of a user."""
        who = [channel, user]
        state = self._rows(
            "select state, created_at, touched_at from conversations where channel = ? and user = ?", who
        )
        return {
            "conversation": json.loads(state[0]["state"] or "{}") if state else {},
            "created_at": state[0]["created_at"] if state else None,
            "transcript": self._rows(
                "select who, text, at from transcript where channel = ? and user = ? order by id", who
            ),
            "tickets": self._rows(
                "select id, desk, question, answer, opened_at, answered_at from tickets where channel = ? and user = ?",
                who,
            ),
        }

    def erase(self, channel: str, user: str) -> None:
        """Remove everything of a user; of tickets only number, desk and times remain."""
        with self._write() as db:
            self._erase(db, channel, user)
            db.execute("delete from conversations where channel = ? and user = ?", [channel, user])

    def _erase(self, db: Database, channel: str, user: str) -> None:
        who = [channel, user]
        db.execute("delete from transcript where channel = ? and user = ?", who)
        db.execute("delete from outbox where channel = ? and user = ?", who)
        # Keys of handled messages stay, without content: an update delivered twice must not be handled twice.
        db.execute(
            "update inbox set payload = '', user = '', done_at = coalesce(done_at, received_at) where channel = ? and user = ?",
            who,
        )
        db.execute(
            "update tickets set user = '', question = '', transcript = '[]', answer = '', "
            "status = case status when 'open' then 'withdrawn' else status end where channel = ? and user = ?",
            who,
        )

    def purge(self, before: datetime) -> int:
        """Remove what was last touched before a time; the number of conversations removed."""
        limit = _stamp(before)
        old = self._rows("select channel, user from conversations where touched_at < ?", [limit])
        for row in old:
            self.erase(row["channel"], row["user"])
        with self._write() as db:
            db.execute("delete from transcript where at < ?", [limit])
            db.execute("delete from inbox where done_at is not null and received_at < ?", [limit])
            db.execute("delete from outbox where created_at < ?", [limit])
        return len(old)

    def backup(self, target: Path) -> None:
        """A consistent copy while the program runs, written beside its target and renamed when it is complete."""
        part = target.with_name(target.name + ".part")
        try:
            part.unlink(missing_ok=True)
            copy = sqlite3.connect(part)
            with suppress(sqlite3.ProgrammingError):
                self._connection.backup(copy)
            copy.close()
            part.replace(target)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"backup {target}: {error}") from error

    def check(self) -> None:
        """StoreError if the database does not answer."""
        self._rows("select 1")

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()


def _outgoing(row: dict[str, Any]) -> Outgoing:
    reply = _REPLY.validate_json(row["reply"])
    return Outgoing(
        row["id"], row["channel"], row["user"], reply, row["attempts"], bool(row["pushed"]), row["key"] or ""
    )


def _ticket(row: dict[str, Any]) -> Ticket:
    said = tuple((who, text) for who, text in json.loads(row["transcript"] or "[]"))
    return Ticket(
        row["id"], row["channel"], row["user"], row["place"], row["desk"], row["question"], row["status"],
        row["opened_at"], said, row["answer"] or "", row["answered_at"] or "",
    )  # fmt: skip


def _numbered(reply: Reply, number: int) -> Reply:
    """The reply with the ticket's number, which is known only once it is stored."""
    return replace(
        reply, blocks=tuple(replace(b, text=b.text.replace("{ticket}", str(number))) for b in reply.blocks)
    )
