"""What a store of conversations must do, whatever engine it runs on, and the records that it hands out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.conversation import Conversation, Handed, Message, Reply, Turn
from bot.store_sql import Sql

T = TypeVar("T")


class StoreError(Exception):
    """The database cannot be used; the message says where, what is wrong and what would help."""


class LostError(StoreError):
    """The connection was lost, or there was none in time: what was begun may be tried again in a moment."""


@dataclass(frozen=True)
class Outgoing:
    """A reply that waits to be sent. `pushed`: it answers no message of the user (a staff answer). `address` is what the
    channel noted with the message; `sent_as` the channel's own numbers, apart by commas, of what has been sent of it."""

    id: int
    channel: str
    user: str
    reply: Reply
    attempts: int
    pushed: bool
    key: str = ""
    created_at: str = ""
    address: str = ""
    sent_as: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Said:
    """One line of the transcript: who is user, bot or staff; `key` is that of the message which it is or answers."""

    who: str
    text: str
    reply: Reply | None
    key: str
    at: str


@dataclass(frozen=True)
class Feedback:
    """What somebody says of an answer (`about` is its message's key) or of a page (its path). `user` is empty where no
    session is known; `question` and `answer` are read with it."""

    channel: str
    user: str
    about: str
    useful: bool
    comment: str = ""
    at: str = ""
    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Purged:
    """What one slice of a purge removed; nothing is left to remove when both are 0."""

    conversations: int
    rows: int


@dataclass(frozen=True)
class Erased:
    """How much an erasure took: lines of the conversation, responses to the questionnaire, and so on."""

    messages: int = 0
    responses: int = 0
    tickets: int = 0
    reminders: int = 0
    ratings: int = 0
    codes: int = 0


class Store(Protocol):
    """Conversations, inbox, outbox, transcript and tickets. Every method is one transaction; times are UTC."""

    def receive(self, messages: Sequence[Message], at: datetime) -> list[bool]:
        """Keep messages until they are handled; for each, False if its (channel, key) was seen before."""

    def load(self, channel: str, user: str) -> Conversation:
        """The conversation, a new one (version 0) where there is none; a new one too, at the version stored, where what is
        stored can no longer be read."""

    def batch(self) -> AbstractContextManager[None]:
        """One transaction around several: each is still all or nothing, and all are on the disk when this ends, or none."""

    def commit(
        self, turn: Turn, message: Message, at: datetime, *, answered: bool = False
    ) -> tuple[Reply, ...] | None:
        """Write what a message led to: conversation, transcript, outbox, effects, inbox done. None, and nothing written, if
        the conversation was changed or the message handled meanwhile: look again. `answered`: the replies are
        handed to whoever waits for them, and no channel is to send them."""

    def find_handed(self, code: str, channel: str, user: str, at: datetime) -> Handed:
        """What a resume code (in capitals, without dashes) leads to; a turn with the effect `take_over` takes it."""

    def push(self, turn: Turn, at: datetime, who: str = "bot") -> bool:
        """Write what the clock or (`who`) the staff led to: conversation, transcript, and the replies, to be pushed. False,
        and nothing written, if the conversation was changed meanwhile."""

    def reminding(
        self, day: date, who: tuple[str, str] | None = None, limit: int = 50
    ) -> list[tuple[str, str]]:
        """The (channel, user) of conversations, or of this one, with a reminder due on a day or before it."""

    def replies_to(self, channel: str, key: str) -> tuple[Reply, ...] | None:
        """The replies to a message that was handled before, or None if it was not."""

    def unhandled(self, channel: str, limit: int = 50) -> list[Message]:
        """Of each user the first message received and not handled yet, in the order of their arrival."""

    def commit_all(
        self, made: Sequence[tuple[Turn, Message]], at: datetime
    ) -> list[tuple[Reply, ...] | None]:
        """Several turns of different users in one transaction, for channels that push."""

    def due(self, channel: str, busy: Collection[str], limit: int = 50) -> list[Outgoing]:
        """The first unsent reply of each user that is not busy."""

    def pushed(self, channel: str, user: str) -> list[Outgoing]:
        """Unsent replies of a user that answer no message."""

    def mark_sent(self, sent: Mapping[int, str], at: datetime) -> None:
        """These replies (by id) have reached the channel, where they have these numbers, apart by commas, or none."""

    def mark_begun(self, outgoing_id: int, sent_as: str) -> None:
        """The first parts of a reply have reached the channel."""

    def sent_for(self, channel: str, user: str, message: int, before: int) -> list[tuple[str, str]]:
        """What was sent for a message (the channel's own number), as (key, sent_as), before an entry of the outbox."""

    def mark_failed(self, outgoing_id: int, reason: str, at: datetime, *, final: bool) -> None:
        """A reply could not be sent; `final` takes it out of the queue."""

    def failed(self, channel: str) -> list[Outgoing]:
        """Replies taken out of the queue, oldest first."""

    def resend(self, channel: str, ids: Collection[int] | None = None) -> int:
        """Put failed replies (all, if no ids are given) back into the queue in their old places; how many."""

    def set_reachable(self, channel: str, chat: str, reason: str | None, at: datetime) -> None:
        """Remember that a chat cannot be written to, and why; None: it can."""

    def unreachable(self, channel: str) -> dict[str, str]:
        """The chats that cannot be written to, with the reason."""

    def move(self, channel: str, old: str, new: str) -> None:
        """A group got another number: what was its people's stays theirs."""

    def lead(self, channel: str) -> bool:
        """Whether this process is the one that serves the channel, from now until it ends or loses its connection, which
        asking again tells; False while another is."""

    def listen(self, heard: Callable[[str], object]) -> None:
        """Call this, in another thread, with every channel on which another process received or queued something; with an
        empty name when it may be any. An engine whose processes find out by looking never calls."""

    def add_session(self, channel: str, user: str, at: datetime) -> None:
        """A user whom the server itself named (by the hash of a session)."""

    def knows(self, channel: str, user: str) -> bool:
        """Whether there is such a session."""

    def recent(self, channel: str, user: str, limit: int = 50) -> list[Said]:
        """The last lines of the transcript, oldest first."""

    def said(self, channel: str, user: str, key: str) -> str | None:
        """What a user said in the message of a key; None if there was none, or it is not kept any more."""

    def add_feedback(self, given: Feedback, at: datetime) -> None:
        """Keep it; said again of the same by the same person, the last word counts."""

    def feedback(self, limit: int = 1000) -> list[Feedback]:
        """The latest first."""

    def transact(self, do: Callable[[Sql], T]) -> T:
        """What modules of their own (accounts, tickets) do with portable SQL: one transaction that may write."""

    def look(self, do: Callable[[Sql], T]) -> T:
        """The same for what only reads: it waits for no writer."""

    def export(self, channel: str, user: str) -> dict[str, Any]:
        """Everything kept of a user."""

    def erase(self, channel: str, user: str) -> Erased:
        """Remove everything of a user, and say how much it was; of tickets only number, desk and times remain. A session stays usable, empty."""

    def purge(self, before: datetime, replays_before: datetime, limit: int = 200) -> Purged:
        """Remove one slice of what was last touched before a time, and of the memory of handled messages (which keeps a
        repeated message from being handled twice) before another."""

    def backup(self, target: Path) -> None:
        """A consistent copy while the program runs."""

    def check(self) -> None:
        """StoreError if the database does not answer."""

    def close(self) -> None:
        """Let go of the database."""
