"""One object over the store and the dialogue that every channel uses: nothing lost, nothing handled twice."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot.conversation import Message, Reply, Turn
from bot.dialogue import respond
from bot.helpdesk import read_offices
from bot.settings import Settings
from bot.store import Outgoing, StoreError
from bot.store_sqlite import SqliteStore
from bot.wording import say, text_reply
from bot.world import World, load_world

T = TypeVar("T")

CHINA = ZoneInfo("Asia/Shanghai")
POLL_SECONDS = 1.0
"""How often the outbox is looked at for replies that another process queued."""

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
    return load_world(settings.operator, offices, settings.retention_days)


class App:
    """Conversations over a store. All of the store's work and the dialogue run in one thread that owns the database."""

    def __init__(self, world: World, store: SqliteStore, thread: ThreadPoolExecutor) -> None:
        self.world = world
        self.store = store
        self._thread = thread
        self._busy: set[str] = set()
        self._news = asyncio.Event()
        self._inbox_news = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["App"]:
        """The app on the database of the settings; StoreError if that cannot be used."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        loop = asyncio.get_running_loop()
        world = open_world(settings)
        store = await loop.run_in_executor(thread, SqliteStore, settings.database_path)
        app = cls(world, store, thread)
        purging = asyncio.create_task(app._purge_daily(settings.retention_days))
        try:
            yield app
        finally:
            purging.cancel()
            with suppress(asyncio.CancelledError):
                await purging
            await app._run(store.close)
            thread.shutdown()

    async def _run(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    async def _purge_daily(self, days: int) -> None:
        while True:
            removed = await self._run(lambda: self.store.purge(now() - timedelta(days=days)))
            log.info("purged", conversations=removed)
            await asyncio.sleep(24 * 3600)

    async def handle(self, message: Message) -> tuple[Reply, ...]:
        """For channels that answer a request: keep the message, handle it, return its replies. The same (channel, key)
        again returns the same replies and handles nothing twice."""

        def work() -> tuple[Reply, ...]:
            if (
                not self.store.receive(message, now())
                and (done := self.store.replies_to(message.channel, message.key)) is not None
            ):
                return done
            replies = self._respond(message)
            self.store.mark_answered(message.channel, message.key, now())
            return replies

        return await self._run(work)

    async def accept(self, message: Message) -> bool:
        """For channels that push: the message is safe when this returns; False if it was seen before."""
        fresh = await self._run(lambda: self.store.receive(message, now()))
        self._inbox_news.set()
        return fresh

    async def work(self, channel: str) -> None:
        """Handle what a channel accepted, in order, for ever; begins with what a stopped process left."""
        while True:
            self._inbox_news.clear()
            waiting = await self._run(lambda: self.store.unhandled(channel))
            for message in waiting:
                await self._run(lambda message=message: self._respond(message))  # type: ignore[misc]
                self._news.set()
            if not waiting:
                await self._inbox_news.wait()

    def _respond(self, message: Message) -> tuple[Reply, ...]:
        """Load, respond, commit; again if another process was faster. Runs in the store's thread."""
        started = time.perf_counter()
        try:
            while True:
                conversation = self.store.load(message.channel, message.user)
                turn = respond(self.world, conversation, message)
                replies = self.store.commit(turn, message, now())
                if replies is not None:
                    break
        except Exception:  # noqa: BLE001 - the one place: the user gets an id, the log has the rest
            replies = self._apologise(message)
        first = replies[0] if replies else None
        log.info(
            "turn", conversation=hashlib.sha256(f"{message.channel}:{message.user}".encode()).hexdigest()[:12],
            channel=message.channel, outcome=first.outcome if first else "none",
            labels=[c.label for c in first.citations] if first else [],
            ms=round((time.perf_counter() - started) * 1000, 1),
        )  # fmt: skip
        return replies

    def _apologise(self, message: Message) -> tuple[Reply, ...]:
        """The message is done with: an apology with an id instead of a reply, and the traceback in the log."""
        error_id = secrets.token_hex(4)
        log.exception("turn failed", error_id=error_id, channel=message.channel)
        reply = text_reply("control", say("error.apology", id=error_id))
        turn = Turn(self.store.load(message.channel, message.user), (reply,))
        return self.store.commit(turn, message, now()) or (reply,)

    async def outgoing(self, channel: str) -> AsyncIterator[Outgoing]:
        """Replies to send, each chat's in order and one at a time; the sender calls `sent` or `failed` for each."""
        while True:
            self._news.clear()
            rows = await self._run(lambda: self.store.due(channel, tuple(self._busy)))
            for row in rows:
                self._busy.add(row.user)
                yield row
            if not rows:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), POLL_SECONDS)

    async def sent(self, outgoing: Outgoing) -> None:
        """A reply has been sent."""
        await self._run(lambda: self.store.mark_sent([outgoing.id], now()))
        self._free(outgoing)

    async def failed(self, outgoing: Outgoing, reason: str, *, final: bool) -> None:
        """A reply was not sent: kept for another try, or (`final`) set aside so that the chat's next may go."""
        await self._run(lambda: self.store.mark_failed(outgoing.id, reason, now(), final=final))
        self._free(outgoing)

    def _free(self, outgoing: Outgoing) -> None:
        self._busy.discard(outgoing.user)
        self._news.set()

    async def new_session(self, channel: str) -> str:
        """A new session: 192 random bits for the user; the store has only their hash."""
        session = secrets.token_urlsafe(24)
        await self._run(lambda: self.store.add_session(channel, self.user_of(session), now()))
        return session

    @staticmethod
    def user_of(session: str) -> str:
        """The user whom a session names."""
        return hashlib.sha256(session.encode()).hexdigest()[:40]

    async def knows(self, channel: str, session: str) -> bool:
        """Whether this server issued the session and still keeps it."""
        return await self._run(lambda: self.store.knows(channel, self.user_of(session)))

    async def recent(self, channel: str, user: str) -> list[tuple[str, str, Reply | None]]:
        """The last messages of a conversation as (who, text, reply), oldest first."""
        return await self._run(lambda: self.store.recent(channel, user))

    async def pushed(self, channel: str, user: str) -> tuple[Reply, ...]:
        """Replies that answer no request (a staff answer), handed out once."""

        def work() -> tuple[Reply, ...]:
            rows = self.store.pushed(channel, user)
            self.store.mark_sent([row.id for row in rows], now())
            return tuple(row.reply for row in rows)

        return await self._run(work)

    async def ready(self) -> dict[str, str]:
        """Checks for readiness by name: `ok`, or what is wrong."""
        try:
            await self._run(self.store.check)
        except StoreError as error:
            return {"database": str(error)}
        return {"database": "ok", "knowledge": "ok"}
