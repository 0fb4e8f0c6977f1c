"""One object over the store and the dialogue that every channel uses: nothing lost, nothing handled twice."""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

import structlog

from bot import metrics
from bot.conversation import Conversation, Message, Reply, storable
from bot.exchange import Exchanged, Spoken, exchange, key_of, take_pushed, user_of
from bot.fresh import Fresh
from bot.inbox import receive
from bot.outbox import POLL_SECONDS, Outbox, first_news
from bot.personal_data import cover
from bot.request_id import carried
from bot.responding import Responder, now
from bot.settings import Settings
from bot.store import Feedback, LostError, Said, Store, StoreError
from bot.store_opening import open_store
from bot.store_sql import Sql
from bot.together import Together
from bot.upkeep import CHINA, purge_slice, push_reminders
from bot.weekly import tell_a_desk
from bot.world import World, open_world
from knowledge.answer import look_up
from knowledge.citing import Context

T = TypeVar("T")

REMIND_SECONDS = 60.0
"""How often it is looked for reminders that are due."""

PATIENCE = 8.0
"""Seconds for which a request waits for a lost database, before it is told to come again."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries at the most while the database does not answer."""

log = structlog.get_logger("beian")


def today() -> date:
    """The civil day in China."""
    return datetime.now(CHINA).date()


class App:
    """Conversations over a store. All of the store's work and the dialogue run in one thread that owns the database.

    `handle`, and the other methods that a request waits for, raise StoreError while the database does not answer; those of
    the push channels wait until it does again."""

    def __init__(
        self, world: World, store: Store, thread: ThreadPoolExecutor, clock: Callable[[], datetime] = now,
        staff_group: int | None = None,
    ) -> None:  # fmt: skip
        self.store, self._staff_group = store, staff_group
        self.responder = Responder(world, store)
        self._thread = thread
        self._clock = clock
        self._together = Together(store, thread)
        self.outbox = Outbox(store, self._insist)
        self.fresh = Fresh(self.responder, self.outbox, self._insist)
        self._received: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, clock: Callable[[], datetime] = now) -> AsyncIterator["App"]:
        """The app on the database of the settings; StoreError if that cannot be used."""
        with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:
            loop = asyncio.get_running_loop()
            world = open_world(settings)
            store = await loop.run_in_executor(thread, open_store, settings.database)
            group = settings.telegram_staff_group if settings.telegram_token else None
            app = cls(world, store, thread, clock, group)
            store.listen(lambda channel: loop.call_soon_threadsafe(app._hear, channel))
            prepared = asyncio.to_thread(world.knowledge.vocabulary.speller.prepare)
            clockwork = [
                prepared,
                app._purge_daily(settings.retention_days),
                app._remind_often(),
                app.fresh.stay(),
            ]
            tasks = [asyncio.create_task(work) for work in clockwork]
            try:
                await app.fresh.refresh()
                yield app
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await app._run(store.close)

    def _hear(self, channel: str) -> None:
        """Another process received or queued something on a channel; on any, if it is not named."""
        for name in (channel,) if channel else tuple(self._received):
            self._received[name].set()
            self.outbox.look(name)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, carried(work))

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it again while the connection to the database is lost: a server that restarts is back before whoever asked has
        gone."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return await work()
            except LostError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(POLL_SECONDS / 4)

    async def _insist(self, work: Callable[[], T]) -> T:
        """Do it as soon as the database answers: a lock passes, and what is to be kept must not be dropped."""
        pause = POLL_SECONDS / 8
        while True:
            try:
                return await self._run(work)
            except StoreError as error:
                metrics.DATABASE.inc()
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
            await self.tell_desks()
            await asyncio.sleep(REMIND_SECONDS)

    async def remind(self) -> None:
        """Queue the reminders that are due, if the hour is civil; each leaves its conversation as it enters the outbox."""
        while count := await self._insist(lambda: push_reminders(self.store, self.world, self._clock())):
            log.info("reminded", conversations=count)
        self.outbox.look()

    async def tell_desks(self) -> None:
        """Tell each desk of last week, once, if the hour is civil."""
        group, at = self._staff_group, self._clock()
        while await self._insist(lambda: tell_a_desk(self.store, self.world, group, at)):
            self.outbox.look()

    @property
    def world(self) -> World:
        """The world that turns are answered from now: it is another one after a publication."""
        return self.responder.world

    async def handle(self, message: Message) -> tuple[Reply, ...]:
        """For channels that answer a request: handle the message and return its replies. The same (channel, user, key)
        again returns the same replies and handles nothing twice."""
        cleaned = replace(storable(message), key=key_of(message.user, message.key))
        return await self._patiently(
            lambda: self._run(lambda: self.responder.respond(cleaned, answered=True))
        )

    async def exchange(self, spoken: Spoken) -> Exchanged:
        """For requests that bring their session: what `handle` does, and all around it, together with other requests'."""
        return await self._patiently(
            lambda: self._together.do(lambda: exchange(self.responder, spoken, self._clock()))
        )

    async def accept(self, message: Message) -> bool:
        """For channels that push: the message is safe when this returns; False if it was seen before."""
        return (await self.accept_all([message]))[0]

    async def accept_all(self, messages: Sequence[Message]) -> list[bool]:
        """Several messages at once, in one transaction."""
        cleaned = [storable(message) for message in messages]
        fresh = await self._insist(lambda: receive(self.store, cleaned, now()))
        for channel in {message.channel for message in messages}:
            self._received[channel].set()
        return fresh

    async def work(self, channel: str) -> None:
        """Handle what a channel accepted, for ever, beginning with what a stopped process left: each chat's messages in
        order, one of each waiting chat in turn, so that a flood in one chat delays no other."""
        while True:
            self._received[channel].clear()
            if await self._insist(lambda: self.responder.respond_to_waiting(channel)):
                self.outbox.look(channel)
            else:
                await first_news(self._received[channel])

    async def lead(self, channel: str) -> None:
        """Wait until this process is the one that serves a channel: of several on one database the others stand by."""
        followed = False
        while not await self._insist(lambda: self.store.lead(channel)):
            followed = True
            await asyncio.sleep(POLL_SECONDS)
        if followed:  # whoever led before may have lost its connection and not know that yet
            await asyncio.sleep(POLL_SECONDS)

    async def led(self, channel: str) -> None:
        """Wait until this process does not surely serve a channel any more."""
        with suppress(StoreError):
            while await self._run(lambda: self.store.lead(channel)):
                await asyncio.sleep(POLL_SECONDS / 2)

    async def think(self, work: Callable[[World], T]) -> T:
        """Pure work over the world, in the thread that does the dialogue, so that no connection waits for it."""
        return await self._run(lambda: work(self.world))

    async def transact(self, do: Callable[[Sql], T]) -> T:
        """What modules of their own do with portable SQL, in one transaction in the store's thread."""
        return await self._run(lambda: self.store.transact(do))

    async def look(self, do: Callable[[Sql], T]) -> T:
        """The same for what only reads."""
        return await self._run(lambda: self.store.look(do))

    async def within(self, do: Callable[[Store], T]) -> T:
        """What takes several of the store's own methods, in one transaction."""

        def together() -> T:
            with self.store.batch():
                return do(self.store)

        return await self._run(together)

    async def new_session(self, channel: str) -> str:
        """A new session: 192 random bits for the user; the store has only their hash."""
        session = secrets.token_urlsafe(24)
        await self._run(lambda: self.store.add_session(channel, self.user_of(session), now()))
        return session

    user_of = staticmethod(user_of)

    async def knows(self, channel: str, session: str) -> bool:
        """Whether this server issued the session and still keeps it."""
        return await self._run(lambda: self.store.knows(channel, self.user_of(session)))

    async def conversation(self, channel: str, user: str) -> Conversation:
        """What is remembered of a user; a new one where nothing is."""
        return await self._run(lambda: self.store.load(channel, user))

    async def recent(self, channel: str, user: str, limit: int = 50) -> list[Said]:
        """The last lines of a conversation, oldest first."""
        return await self._run(lambda: self.store.recent(channel, user, limit))

    async def rate(self, given: Feedback) -> None:
        """Keep what somebody says of an answer or a page."""
        kept = replace(given, comment=cover(given.comment))
        await self._run(lambda: self.store.add_feedback(kept, self._clock()))

    async def pushed(self, channel: str, user: str) -> tuple[Reply, ...]:
        """Replies that answer no request (a staff answer), handed out once."""

        def take() -> tuple[Reply, ...]:
            with self.store.batch():
                return take_pushed(self.store, self.world, channel, user, self._clock())

        return await self._run(take)

    async def ready(self) -> dict[str, str]:
        """Checks for readiness by name: `ok`, or what is wrong."""
        found = await self.think(lambda world: look_up(world.knowledge, "场地面积要求", Context()))
        knowledge = "ok" if found.citations else "the index finds nothing; reinstall the program"
        try:
            await self._run(self.store.check)
        except StoreError as error:
            return {"database": str(error), "knowledge": knowledge}
        return {"database": "ok", "knowledge": knowledge}

    async def measure(self) -> None:
        """Look at what waits in the database, for the metrics; nothing where it does not answer."""
        with suppress(StoreError):
            await self._run(lambda: self.store.look(lambda db: metrics.measure(db, now())))
