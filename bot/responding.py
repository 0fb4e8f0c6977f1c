"""Load, respond, commit: what one message, or several of different people, lead to. Runs in the store's thread."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import structlog

from bot.conversation import Message, Reply, Turn
from bot.handing_over import leaves_contact
from bot.metrics import FAULTS, note_turn
from bot.personal_data import covered
from bot.recall import Recall
from bot.request_id import working_for
from bot.resume_code import read_code
from bot.store import Store, StoreError
from bot.tallying import tally
from bot.wording import say, text_reply
from bot.world import World

T = TypeVar("T")

MOMENT = 0.01
"""Seconds of responding after which what was said is written down, and others get their turn at the database."""

MOST_CONFLICTS = 1000
"""Times in a row that other processes may be faster before a message waits: no chat may hold up all the others."""

log = structlog.get_logger("beian")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Responder:
    """The dialogue over a store."""

    def __init__(self, world: World, store: Store) -> None:
        self.store = store
        self.renew(world)

    def renew(self, world: World) -> None:
        """From the next turn on respond from this world, and from no memory of another."""
        self.world, self._recall = world, Recall(world)

    def respond_to_waiting(self, channel: str) -> bool:
        """Respond to messages that wait on a channel, for a moment; whether there are any. They are claimed in the same
        transaction: other workers pass them over, and have them at once if this one dies."""
        with self.store.batch():
            waiting = self.store.unhandled(channel)
            if waiting:
                self.respond_to_some(waiting)
        return bool(waiting)

    def respond_to_some(self, messages: list[Message]) -> list[Message]:
        """Respond to the first of these messages, each of another user, for a moment; those that are left. One transaction
        has them all; where that is not possible they go one by one, so that a fault is the fault of one message."""
        made: list[tuple[Turn, Message]] = []
        started = time.perf_counter()

        def together() -> list[tuple[Reply, ...] | None]:
            for message in messages:
                kept = covered(message)
                made.append((self._reply(message, kept), kept))
                if time.perf_counter() > started + MOMENT:
                    break
            if any(effect.kind == "erase" for turn, _ in made for effect in turn.effects):
                return [None] * len(made)
            return self.store.commit_all(made, now())

        nothing: list[tuple[Reply, ...] | None] = [None]
        written = self._guarded(together, lambda: nothing)
        for message, replies in zip(messages, written, strict=False):
            if replies is None:
                self.respond(message)
            else:
                with working_for(message):
                    _note_turn(message, replies, (time.perf_counter() - started) / len(written))
        return messages[len(written) :]

    def respond(self, message: Message, *, answered: bool = False) -> tuple[Reply, ...]:
        """Load, respond, commit; again if another process was faster."""
        with working_for(message):
            return self._respond(message, answered=answered)

    def _respond(self, message: Message, *, answered: bool) -> tuple[Reply, ...]:
        started, kept = time.perf_counter(), covered(message)

        def apologise() -> tuple[Reply, ...]:
            error_id = secrets.token_hex(4)
            FAULTS.inc()
            log.exception("turn failed", error_id=error_id, channel=message.channel)
            return self._turn(kept, lambda: self._apology(message, error_id), answered=answered)

        replies = self._guarded(
            lambda: self._turn(kept, lambda: self._reply(message, kept), answered=answered), apologise
        )
        _note_turn(message, replies, time.perf_counter() - started)
        return replies

    @staticmethod
    def _guarded(work: Callable[[], T], instead: Callable[[], T]) -> T:
        """Do it, or something else where that has a fault."""
        try:
            return work()
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - the one place: the user gets an id, the log has the rest
            return instead()

    def _turn(self, message: Message, make: Callable[[], Turn], *, answered: bool) -> tuple[Reply, ...]:
        for _ in range(MOST_CONFLICTS):
            replies = self.store.commit(make(), message, now(), answered=answered)
            if replies is None:
                replies = self.store.replies_to(message.channel, message.key)
            if replies is not None:
                return replies
        raise StoreError(f"a conversation changed {MOST_CONFLICTS} times while one message was handled")

    def _reply(self, message: Message, kept: Message) -> Turn:
        """What a message leads to; `kept` is the message as it is kept."""
        code, who = read_code(message), (message.channel, message.user)
        handed = self.store.find_handed(code, *who, now()) if code else None
        before = self.store.load(*who)
        # The contact that is left for a desk is heard as it is; else no numbers that lead to a person are.
        heard = message if leaves_contact(before, message) else replace(kept, action=message.action)
        turn = self._recall.respond(before, heard, handed)
        turn = replace(turn, counts=tally(self.world, before, heard, turn))
        if any(effect.kind == "erase" for effect in turn.effects):
            self._recall.forget()
        return turn

    def _apology(self, message: Message, error_id: str) -> Turn:
        """Instead of a reply, and the message is done with: it would fail again."""
        reply = text_reply("control", say("error.apology", id=error_id))
        return Turn(self.store.load(message.channel, message.user), (reply,))


def _note_turn(message: Message, replies: tuple[Reply, ...], seconds: float) -> None:
    """A line of the log: ids, outcome and time, no words."""
    first = replies[0] if replies else None
    note_turn(message.channel, first.outcome if first else "none", seconds)
    log.info(
        "turn", conversation=hashlib.sha256(f"{message.channel}:{message.user}".encode()).hexdigest()[:12],
        channel=message.channel, outcome=first.outcome if first else "none",
        labels=[citation.label for citation in first.citations] if first else [], ms=round(seconds * 1000, 1),
    )  # fmt: skip
