"""One object over the store and the dialogue that every channel uses: nothing lost, nothing handled twice."""

import asyncio
import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

import structlog

from bot.conversation import Message, Reply, Turn, storable
from bot.dialogue import respond
from bot.helpdesk import read_offices
from bot.resume_code import read_code
from bot.settings import Settings
from bot.store import Feedback, Outgoing, Said, Store, StoreError
from bot.store_sqlite import SqliteStore
from bot.upkeep import CHINA, purge_slice, push_reminders, push_reminders_of
from bot.wording import say, text_reply
from bot.world import World, load_world
from flows.workdays import PUBLISHED, read_workdays

T = TypeVar("T")

POLL_SECONDS = 1.0
"""How often inbox and outbox are looked at for what another process put there."""

REMIND_SECONDS = 60.0
"""How often it is looked for reminders that are due."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries at the most while the database does not answer."""

MOST_CONFLICTS = 1000
"""Times in a row that other processes may be faster before a message waits: no chat may hold up all the others."""

log = structlog.get_logger("beian")


def today() -> date:
    """The civil day in China."""
    return datetime.now(CHINA).date()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def open_world(settings: Settings) -> World:
    """The world as the operator set it up."""
    offices = read_offices(settings.offices) if settings.offices else None
    workdays = read_workdays(settings.holidays) if settings.holidays else PUBLISHED
    return load_world(settings.operator, offices, settings.retention_days, workdays)


class App:
    """Conversations over a store. All of the store's work and the dialogue run in one thread that owns the database.

    `handle`, and the other methods that a request waits for, raise StoreError while the database does not answer; those of
    the push channels wait until it does again."""

    def __init__(
        self, world: World, store: Store, thread: ThreadPoolExecutor, clock: Callable[[], datetime] = now
    ) -> None:
        self.world = world
        self.store = store
        self._thread = thread
        self._clock = clock
        self._busy: dict[str, set[str]] = defaultdict(set)
        self._received: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._queued: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, clock: Callable[[], datetime] = now) -> AsyncIterator["App"]:
        """The app on the database of the settings; StoreError if that cannot be used."""
        with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:
            loop = asyncio.get_running_loop()
            world = open_world(settings)
            store = await loop.run_in_executor(thread, SqliteStore, settings.database_path)
            app = cls(world, store, thread, clock)
            clockwork = [app._purge_daily(settings.retention_days), app._remind_often()]
            tasks = [asyncio.create_task(work) for work in clockwork]
            try:
                yield app
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await app._run(store.close)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _insist(self, work: Callable[[], T]) -> T:
        """Do it as soon as the database answers: a lock passes, and what is to be kept must not be dropped."""
        pause = POLL_SECONDS
        while True:
            try:
                return await self._run(work)
            except StoreError as error:
                log.warning("database does not answer", error=str(error), next_try_s=pause)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _purge_daily(self, days: int) -> None:
        while True:
            removed = await self.purge(days)
            if removed:
                log.info("purged", conversations=removed)
            await asyncio.sleep(24 * 3600)

    async def purge(self, days: int) -> int:
        """End the retention of what is older, in slices between which others get their turn; how many conversations."""
        removed = 0
        while (slice_ := await self._insist(lambda: purge_slice(self.store, days, now()))).rows:
            removed += slice_.conversations
        return removed

    async def _remind_often(self) -> None:
        while True:
            await self.remind()
            await asyncio.sleep(REMIND_SECONDS)

    async def remind(self) -> None:
        """Queue the reminders that are due, if the hour is civil; each leaves its conversation as it enters the outbox."""
        while count := await self._insist(lambda: push_reminders(self.store, self.world, self._clock())):
            log.info("reminded", conversations=count)
        for queued in self._queued.values():
            queued.set()

    async def handle(self, message: Message) -> tuple[Reply, ...]:
        """For channels that answer a request: handle the message and return its replies. The same (channel, user, key)
        again returns the same replies and handles nothing twice."""
        cleaned = replace(storable(message), key=self.key_of(message.user, message.key))
        return await self._run(lambda: self._respond(cleaned, answered=True))

    @staticmethod
    def key_of(user: str, key: str) -> str:
        """The key under which `handle` keeps a message: a client's own, hashed with the user, reaches nobody else's replies."""
        return hashlib.sha256(f"{user}\0{key}".encode(errors="replace")).hexdigest()[:40]

    async def accept(self, message: Message) -> bool:
        """For channels that push: the message is safe when this returns; False if it was seen before."""
        return (await self.accept_all([message]))[0]

    async def accept_all(self, messages: Sequence[Message]) -> list[bool]:
        """Several messages at once, in one transaction."""
        cleaned = [storable(message) for message in messages]
        fresh = await self._insist(lambda: self.store.receive(cleaned, now()))
        for channel in {message.channel for message in messages}:
            self._received[channel].set()
        return fresh

    async def work(self, channel: str) -> None:
        """Handle what a channel accepted, for ever, beginning with what a stopped process left: each chat's messages in
        order, one of each waiting chat in turn, so that a flood in one chat delays no other."""
        while True:
            self._received[channel].clear()
            waiting = await self._insist(lambda: self.store.unhandled(channel))
            for message in waiting:
                await self._insist(lambda message=message: self._respond(message))  # type: ignore[misc]
                self._queued[channel].set()
            if not waiting:
                await _first(self._received[channel])

    def _respond(self, message: Message, *, answered: bool = False) -> tuple[Reply, ...]:
        """Load, respond, commit; again if another process was faster. Runs in the store's thread."""
        started = time.perf_counter()
        try:
            replies = self._turn(message, lambda: self._reply(message), answered=answered)
        except StoreError:
            raise
        except Exception:  # the one place: the user gets an id, the log has the rest
            error_id = secrets.token_hex(4)
            log.exception("turn failed", error_id=error_id, channel=message.channel)
            replies = self._turn(message, lambda: self._apology(message, error_id), answered=answered)
        first = replies[0] if replies else None
        log.info(
            "turn", conversation=hashlib.sha256(f"{message.channel}:{message.user}".encode()).hexdigest()[:12],
            channel=message.channel, outcome=first.outcome if first else "none",
            labels=[citation.label for citation in first.citations] if first else [],
            ms=round((time.perf_counter() - started) * 1000, 1),
        )  # fmt: skip
        return replies

    def _turn(self, message: Message, make: Callable[[], Turn], *, answered: bool) -> tuple[Reply, ...]:
        for _ in range(MOST_CONFLICTS):
            if (done := self.store.replies_to(message.channel, message.key)) is not None:
                return done
            replies = self.store.commit(make(), message, now(), answered=answered)
            if replies is not None:
                return replies
        raise StoreError(f"a conversation changed {MOST_CONFLICTS} times while one message was handled")

    def _reply(self, message: Message) -> Turn:
        code, who = read_code(message), (message.channel, message.user)
        handed = self.store.find_handed(code, *who, now()) if code else None
        return respond(self.world, self.store.load(*who), message, handed)

    def _apology(self, message: Message, error_id: str) -> Turn:
        """Instead of a reply, and the message is done with: it would fail again."""
        reply = text_reply("control", say("error.apology", id=error_id))
        return Turn(self.store.load(message.channel, message.user), (reply,))

    async def outgoing(self, channel: str) -> AsyncIterator[Outgoing]:
        """Replies to send, each chat's in order and one at a time; the sender calls `sent` or `failed` for each."""
        busy = self._busy[channel]
        while True:
            self._queued[channel].clear()
            waiting = await self._insist(lambda: self.store.due(channel, tuple(busy)))
            for outgoing in waiting:
                busy.add(outgoing.user)
                yield outgoing
            if not waiting:
                await _first(self._queued[channel])

    async def sent(self, outgoing: Outgoing) -> None:
        """A reply has been sent."""
        await self._insist(lambda: self.store.mark_sent([outgoing.id], now()))
        self._free(outgoing)

    async def failed(self, outgoing: Outgoing, reason: str, *, final: bool) -> None:
        """A reply was not sent: kept for another try, or (`final`) set aside so that the chat's next may go."""
        await self._insist(lambda: self.store.mark_failed(outgoing.id, reason, now(), final=final))
        self._free(outgoing)

    def _free(self, outgoing: Outgoing) -> None:
        self._busy[outgoing.channel].discard(outgoing.user)
        self._queued[outgoing.channel].set()

    async def new_session(self, channel: str) -> str:
        """A new session: 192 random bits for the user; the store has only their hash."""
        session = secrets.token_urlsafe(24)
        await self._run(lambda: self.store.add_session(channel, self.user_of(session), now()))
        return session

    @staticmethod
    def user_of(session: str) -> str:
        """The user whom a session names."""
        return hashlib.sha256(session.encode(errors="replace")).hexdigest()[:40]

    async def knows(self, channel: str, session: str) -> bool:
        """Whether this server issued the session and still keeps it."""
        return await self._run(lambda: self.store.knows(channel, self.user_of(session)))

    async def recent(self, channel: str, user: str, limit: int = 50) -> list[Said]:
        """The last lines of a conversation, oldest first."""
        return await self._run(lambda: self.store.recent(channel, user, limit))

    async def said_otherwise(self, message: Message, key: str) -> bool:
        """Whether a message with other words came under this key before."""
        words = storable(message).text or storable(message).action
        before = await self._run(lambda: self.store.said(message.channel, message.user, key))
        return before is not None and before != words

    async def rate(self, given: Feedback) -> None:
        """Keep what somebody says of an answer or a page."""
        await self._run(lambda: self.store.add_feedback(given, now()))

    async def pushed(self, channel: str, user: str) -> tuple[Reply, ...]:
        """Replies that answer no request (a staff answer), handed out once."""

        def take() -> tuple[Reply, ...]:
            push_reminders_of(self.store, self.world, channel, user, self._clock())
            waiting = self.store.pushed(channel, user)
            self.store.mark_sent([outgoing.id for outgoing in waiting], now())
            return tuple(outgoing.reply for outgoing in waiting)

        return await self._run(take)

    async def ready(self) -> dict[str, str]:
        """Checks for readiness by name: `ok`, or what is wrong."""
        try:
            await self._run(self.store.check)
        except StoreError as error:
            return {"database": str(error), "knowledge": "ok"}
        return {"database": "ok", "knowledge": "ok"}


async def _first(news: asyncio.Event) -> None:
    """Wait for news of this process, but look again soon for that of another."""
    with suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), POLL_SECONDS)
