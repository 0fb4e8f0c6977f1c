"""What a store of conversations must do, whatever engine it runs on, and the records that it hands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.conversation import Conversation, Message, Reply, Turn


class StoreError(Exception):
    """The database cannot be used; the message says where, what is wrong and what would help."""


@dataclass(frozen=True)
class Outgoing:
    """A reply that waits to be sent. `pushed`: it answers no message of the user (a staff answer)."""

    id: int
    channel: str
    user: str
    reply: Reply
    attempts: int
    pushed: bool
    key: str = ""


@dataclass(frozen=True)
class Ticket:
    """A question handed over to a desk. `transcript` has (who, text) pairs up to the hand-over."""

    id: int
    channel: str
    user: str
    place: str
    desk: str
    question: str
    status: str
    opened_at: str
    transcript: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    answered_at: str = ""


class Store(Protocol):
    """Conversations, inbox, outbox, transcript and tickets. Every method is one transaction; times are UTC."""

    def receive(self, message: Message, at: datetime) -> bool:
        """Keep a message until it is handled; False if this (channel, key) was seen before."""

    def load(self, channel: str, user: str) -> Conversation:
        """The conversation, a new one (version 0) where there is none."""

    def commit(self, turn: Turn, message: Message, at: datetime) -> tuple[Reply, ...] | None:
        """Write what a message led to: conversation, transcript, outbox, effects, inbox done. None if the conversation
        was changed meanwhile: load it and respond again."""

    def replies_to(self, channel: str, key: str) -> tuple[Reply, ...] | None:
        """The replies to a message that was handled before, or None if it was not."""

    def unhandled(self, channel: str, limit: int = 100) -> list[Message]:
        """Messages received and not handled yet, in the order of their arrival."""

    def due(self, channel: str, busy: Sequence[str], limit: int = 50) -> list[Outgoing]:
        """The first unsent reply of each user that is not busy."""

    def pushed(self, channel: str, user: str) -> list[Outgoing]:
        """Unsent replies of a user that answer no message."""

    def mark_sent(self, ids: Sequence[int], at: datetime) -> None:
        """These replies have reached the channel."""

    def mark_failed(self, outgoing_id: int, reason: str, at: datetime, *, final: bool) -> None:
        """A reply could not be sent; `final` takes it out of the queue."""

    def add_session(self, channel: str, user: str, at: datetime) -> None:
        """A user whom the server itself named (by the hash of a session)."""

    def knows(self, channel: str, user: str) -> bool:
        """Whether there is such a session or conversation."""

    def recent(self, channel: str, user: str, limit: int = 50) -> list[tuple[str, str, Reply | None]]:
        """The last messages as (who, text, reply), oldest first."""

    def tickets(self, status: str = "open") -> list[Ticket]:
        """Tickets in the order of their opening."""

    def ticket(self, ticket_id: int) -> Ticket | None:
        """One ticket."""

    def answer_ticket(self, ticket_id: int, answer: str, reply: Reply, at: datetime) -> bool:
        """Answer an open ticket; the reply goes to the person. False if there is no open one of that number."""

    def export(self, channel: str, user: str) -> dict[str, Any]:
        """Everything kept of a user."""

    def erase(self, channel: str, user: str) -> None:
        """Remove everything of a user; of tickets only number, desk and times remain."""

    def purge(self, before: datetime) -> int:
        """Remove what was last touched before a time; the number of conversations removed."""

    def backup(self, target: Path) -> None:
        """A consistent copy while the program runs."""

    def check(self) -> None:
        """StoreError if the database does not answer."""

    def close(self) -> None:
        """Let go of the database."""
