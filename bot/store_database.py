"""Conversations in a database, whichever engine it runs on: every method is one transaction, made in the thread that owns it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog

from bot import store_keeping as keeping
from bot import store_outbox as outbox
from bot import store_turns as turns
from bot.conversation import Conversation, Handed, Message, Reply, Turn
from bot.store import Erased, Feedback, Outgoing, Purged, Said
from bot.store_codes import find_handed
from bot.store_records import read_conversation, read_message, write_message
from bot.store_sql import Engine, Sql
from bot.store_sql import stamp as _stamp
from bot.ticket_search import tidy

T = TypeVar("T")

log = structlog.get_logger("beian")

_UNREADABLE_MESSAGE = "update inbox set done_at = received_at, payload = '' where id = ?"


class DatabaseStore:
    """The store on an engine; see bot/store.py for what each method promises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def receive(self, messages: Sequence[Message], at: datetime) -> list[bool]:
        """Keep messages until they are handled; for each, False if its (channel, key) was seen before."""
        with self._engine.writing() as db:
            for channel in {message.channel for message in messages}:
                db.wake(channel)
            return [
                db.execute(
                    "insert into inbox (channel, key, user_id, payload, received_at) values (?, ?, ?, ?, ?) "
                    "on conflict do nothing",
                    [message.channel, message.key, message.user, write_message(message), _stamp(at)],
                ).rowcount
                > 0
                for message in messages
            ]

    def load(self, channel: str, user: str) -> Conversation:
        """The conversation; a new one where there is none, and where what is stored can no longer be read."""
        found = self._engine.read(
            "select version, state from conversations where channel = ? and user_id = ?", [channel, user]
        )
        if not found:
            return Conversation(channel, user)
        version = found[0]["version"]
        try:
            state = read_conversation(found[0]["state"])
            return replace(state, channel=channel, user=user, version=version)
        except ValueError:
            log.warning("conversation unreadable, begun anew", channel=channel, version=version)
            return Conversation(channel, user, version)

    def find_handed(self, code: str, channel: str, user: str, at: datetime) -> Handed:
        """What a resume code leads to, for somebody else's conversation to take over."""
        with self._engine.reading() as db:
            return find_handed(db, code, channel, user, _stamp(at - timedelta(hours=1)))

    def batch(self) -> AbstractContextManager[None]:
        """One transaction around several: all are on the disk when this ends, or none."""
        return self._engine.batch()

    def commit(
        self, turn: Turn, message: Message, at: datetime, *, answered: bool = False
    ) -> tuple[Reply, ...] | None:
        """Write what a message led to; None, and nothing written, if somebody else was faster."""
        with self._engine.writing() as db:
            replies = turns.commit(db, turn, message, _stamp(at), answered=answered)
        if replies is not None and any(effect.kind == "erase" for effect in turn.effects):
            self._engine.drop_log()
        return replies

    def push(self, turn: Turn, at: datetime, who: str = "bot") -> bool:
        """Write what the clock or the staff led to; False, and nothing written, if the conversation was changed meanwhile."""
        with self._engine.writing() as db:
            return turns.push(db, turn, _stamp(at), who)

    def reminding(
        self, day: date, who: tuple[str, str] | None = None, limit: int = 50
    ) -> list[tuple[str, str]]:
        """The (channel, user) of conversations, or of this one, with a reminder due on a day or before it."""
        whose = " and channel = ? and user_id = ?" if who else ""
        found = self._engine.read(
            f"select channel, user_id from conversations where remind_on <= ?{whose} order by remind_on limit ?",  # noqa: S608
            [str(day), *(who or ()), limit],
        )
        return [(row["channel"], row["user_id"]) for row in found]

    def commit_all(
        self, made: Sequence[tuple[Turn, Message]], at: datetime
    ) -> list[tuple[Reply, ...] | None]:
        """Several turns of different users in one transaction; none of them may erase."""
        with self._engine.writing() as db:
            return [turns.commit(db, turn, message, _stamp(at), answered=False) for turn, message in made]

    def replies_to(self, channel: str, key: str) -> tuple[Reply, ...] | None:
        """The replies to a message that was handled before, or None if it was not."""
        with self._engine.reading() as db:
            return outbox.replies_to(db, channel, key)

    def unhandled(self, channel: str, limit: int = 50) -> list[Message]:
        """Of each user the first message received and not handled yet, in the order of their arrival."""
        # Asked again of the row itself: another worker may have handled it since the numbers were looked up.
        found = self._engine.read(
            "select id, payload from inbox where id in (select min(id) from inbox where channel = ? "  # noqa: S608
            f"and done_at is null group by user_id) and done_at is null order by id limit ?{self._engine.dialect.claim}",
            [channel, limit],
        )
        return self._readable(found, lambda row: read_message(row["payload"]), _UNREADABLE_MESSAGE)

    def due(self, channel: str, busy: Collection[str], limit: int = 50) -> list[Outgoing]:
        """The first unsent reply of each user that is not busy."""
        found = self._engine.read(*outbox.due(self._engine.dialect, channel, busy, limit))
        return self._readable(found, outbox.read_outgoing, outbox.UNREADABLE)

    def pushed(self, channel: str, user: str) -> list[Outgoing]:
        """Unsent replies of a user that answer no message."""
        found = self._engine.read(outbox.PUSHED + self._engine.dialect.claim, [channel, user])
        return self._readable(found, outbox.read_outgoing, outbox.UNREADABLE)

    def _readable(
        self, found: list[dict[str, Any]], read: Callable[[dict[str, Any]], T], set_aside: str
    ) -> list[T]:
        """The rows as records; one that this version cannot read is set aside, so that the others go on."""
        records = []
        for row in found:
            try:
                records.append(read(row))
            except ValueError:
                log.warning("row unreadable, set aside", id=row["id"])
                with self._engine.writing() as db:
                    db.execute(set_aside, [row["id"]])
        return records

    def mark_sent(self, sent: Mapping[int, str], at: datetime) -> None:
        """These replies have reached the channel. One to a person of whom all was erased forgets whose it was."""
        if sent:
            with self._engine.writing() as db:
                outbox.mark_sent(db, sent, _stamp(at))

    def mark_begun(self, outgoing_id: int, sent_as: str) -> None:
        """The first parts of a reply have reached the channel."""
        with self._engine.writing() as db:
            db.execute("update outbox set sent_as = ? where id = ?", [sent_as, outgoing_id])

    def mark_failed(self, outgoing_id: int, reason: str, at: datetime, *, final: bool) -> None:
        """A reply could not be sent; `final` takes it out of the queue."""
        with self._engine.writing() as db:
            outbox.mark_failed(db, outgoing_id, reason, _stamp(at), final=final)

    def resend(self, channel: str, ids: Collection[int] | None = None) -> int:
        """Put failed replies (all, if no ids are given) back into the queue in their old places; how many."""
        with self._engine.writing() as db:
            return outbox.resend(db, channel, ids)

    def sent_for(self, channel: str, user: str, message: int, before: int) -> list[tuple[str, str]]:
        """What was sent for a message (the channel's own number), as (key, sent_as), before an entry of the outbox."""
        with self._engine.reading() as db:
            return outbox.sent_for(db, channel, user, message, before)

    def set_reachable(self, channel: str, chat: str, reason: str | None, at: datetime) -> None:
        """Remember that a chat cannot be written to, and why; None: it can."""
        with self._engine.writing() as db:
            outbox.set_reachable(db, channel, chat, reason, _stamp(at))

    def unreachable(self, channel: str) -> dict[str, str]:
        """The chats that cannot be written to, with the reason."""
        with self._engine.reading() as db:
            return outbox.unreachable(db, channel)

    def move(self, channel: str, old: str, new: str) -> None:
        """A group got another number: what was its people's stays theirs."""
        with self._engine.writing() as db:
            outbox.move(db, channel, old, new)

    def lead(self, channel: str) -> bool:
        """Whether this process is the one that serves the channel; False while another is."""
        return self._engine.hold(channel)

    def listen(self, heard: Callable[[str], object]) -> None:
        """Call this, in another thread, with every channel on which there is something new."""
        self._engine.listen(heard)

    def failed(self, channel: str) -> list[Outgoing]:
        """Replies taken out of the queue, oldest first."""
        found = self._engine.read(outbox.FAILED, [channel])
        return self._readable(found, outbox.read_outgoing, outbox.UNREADABLE)

    def add_session(self, channel: str, user: str, at: datetime) -> None:
        """A user whom the server itself named (by the hash of a session)."""
        self._engine.read(
            "insert into sessions (channel, user_id, created_at) values (?, ?, ?) on conflict do nothing returning 1",
            [channel, user, _stamp(at)],
        )

    def knows(self, channel: str, user: str) -> bool:
        """Whether there is such a session."""
        return bool(
            self._engine.read("select 1 from sessions where channel = ? and user_id = ?", [channel, user])
        )

    def recent(self, channel: str, user: str, limit: int = 50) -> list[Said]:
        """The last lines of the transcript, oldest first."""
        with self._engine.reading() as db:
            return keeping.recent(db, channel, user, limit)

    def said(self, channel: str, user: str, key: str) -> str | None:
        """What a user said in the message of a key; None if there was none, or it is not kept any more."""
        with self._engine.reading() as db:
            return keeping.said(db, channel, user, key)

    def add_feedback(self, given: Feedback, at: datetime) -> None:
        """Keep it; said again of the same by the same person, the last word counts."""
        with self._engine.writing() as db:
            keeping.add_feedback(db, given, _stamp(at))

    def feedback(self, limit: int = 1000) -> list[Feedback]:
        """The latest first."""
        with self._engine.reading() as db:
            return keeping.list_feedback(db, limit)

    def transact(self, do: Callable[[Sql], T]) -> T:
        """What modules of their own do with portable SQL, in one transaction."""
        with self._engine.writing() as db:
            return do(db)

    def look(self, do: Callable[[Sql], T]) -> T:
        """The same for what only reads."""
        with self._engine.reading() as db:
            return do(db)

    def export(self, channel: str, user: str) -> dict[str, Any]:
        """Everything kept of a user."""
        with self._engine.reading() as db:
            return keeping.export(db, channel, user)

    def erase(self, channel: str, user: str) -> Erased:
        """Remove everything of a user, and say how much it was; of tickets only number, desk and times remain. A session stays usable, empty."""
        with self._engine.writing() as db:
            erased = keeping.erase(db, channel, user, _stamp(datetime.now(UTC)))
        self._engine.drop_log()
        return erased

    def purge(self, before: datetime, replays_before: datetime, limit: int = 200) -> Purged:
        """One slice of what was last touched before a time, and of the memory of handled messages before another."""
        now = _stamp(datetime.now(UTC))
        with self._engine.writing() as db:
            slice_ = keeping.purge(db, _stamp(before), _stamp(max(before, replays_before)), now, limit)
            if not slice_.rows:
                tidy(db)
        if not slice_.rows:
            self._engine.drop_log()
        return slice_

    def backup(self, target: Path) -> None:
        """A consistent copy while the program runs."""
        self._engine.copy_to(target)

    def check(self) -> None:
        """StoreError if the database cannot be read or written."""
        with self._engine.writing():
            pass

    def close(self) -> None:
        """Let go of the database."""
        self._engine.close()
