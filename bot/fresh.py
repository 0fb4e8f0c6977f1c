"""How a running process keeps up with what staff publish, and tells people of corrections."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.outbox import Outbox
from bot.published import extend, word_correction
from bot.responding import Responder, now
from bot.store_faq import last_publication, left_to_tell, read_published, tell_some
from bot.store_sql import Sql
from bot.world import World

LOOK_SECONDS = 0.1
"""How often it is looked whether staff published anything."""

log = structlog.get_logger("beian")


def settle() -> None:
    """What is there now stays: the collector need not look through it again and again, which stops every turn for a tenth of
    a second while an index is made. For long-running commands, once they are ready."""
    gc.freeze()


class Fresh:
    """Keeps the responder's world fresh. `insist` does work in the store's thread, as soon as the database answers."""

    def __init__(
        self, responder: Responder, outbox: Outbox, insist: Callable[[Callable[[], Any]], Awaitable[Any]]
    ) -> None:
        self.responder, self.store, self.outbox, self.insist = responder, responder.store, outbox, insist
        self.files = responder.world
        self._one = asyncio.Lock()
        self.revision = 0
        """The last publication that this process answers from."""

    async def stay(self) -> None:
        """For ever."""
        while True:
            await self.refresh()
            await self.tell_corrections()
            await asyncio.sleep(LOOK_SECONDS)

    async def refresh(self) -> None:
        """Answer from what staff have published by now. Turns go on while its index is made in another thread."""
        async with self._one:
            if await self.insist(lambda: self.store.look(last_publication)) != self.revision:
                await self._take_in()

    async def _take_in(self) -> None:
        revision, drafts = await self.insist(lambda: self.store.look(read_published))
        world = await asyncio.to_thread(extend, self.files, drafts)
        await self.insist(lambda: self._renew(world, revision))
        settle()
        log.info("faq published", revision=revision, entries=len(drafts))

    def _renew(self, world: World, revision: int) -> None:
        """Between two turns: this runs in the thread that does them."""
        self.responder.renew(world)
        self.revision = revision

    async def tell_corrections(self) -> None:
        """Tell people, a few at a time, whose answer was corrected by a publication that this process answers from."""
        while await self.insist(lambda: self.store.look(lambda db: left_to_tell(db, self.revision))):
            await self.insist(lambda: self.store.transact(self._tell_some))
            self.outbox.look()

    def _tell_some(self, db: Sql) -> None:
        world = self.responder.world
        tell_some(
            db, lambda publication, draft: word_correction(world, publication, draft), self.revision, now()
        )
