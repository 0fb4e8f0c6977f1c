"""The outbox of the channels that push: replies in order for each chat, each written down as sent before the next leaves."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any

from bot.responding import now
from bot.store import Outgoing, Store

POLL_SECONDS = 1.0
"""How often inbox and outbox are looked at for what another process put there."""


class Outbox:
    """Replies on their way. `insist` runs work in the store's thread as soon as the database answers."""

    def __init__(self, store: Store, insist: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self.store, self._insist = store, insist
        self._busy: dict[str, set[str]] = defaultdict(set)
        self._queued: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._sent: dict[int, str] = {}
        self._marking: asyncio.Future[None] | None = None

    def look(self, *channels: str) -> None:
        """There is something new to send, on these channels or on any."""
        for channel in channels or tuple(self._queued):
            self._queued[channel].set()

    async def outgoing(self, channel: str) -> AsyncIterator[Outgoing]:
        """Replies to send, each chat's in order and one at a time; the sender calls `sent` or `failed` for each."""
        busy = self._busy[channel]
        busy.clear()  # whoever leads again begins anew
        while True:
            self._queued[channel].clear()
            waiting = await self._insist(lambda: self.store.due(channel, tuple(busy)))
            for outgoing in waiting:
                busy.add(outgoing.user)
                yield outgoing
            if not waiting:
                await first_news(self._queued[channel])

    async def sent(self, outgoing: Outgoing, sent_as: str = "") -> None:
        """A reply has been sent, and is known to the channel by these numbers. Its chat's next reply waits until this is
        written down, together with what else was sent meanwhile: a crash costs a chat one reply sent twice at the most."""
        self._sent[outgoing.id] = sent_as
        while outgoing.id in self._sent:
            if self._marking is None or self._marking.done():
                self._marking = asyncio.ensure_future(self._mark())
            await asyncio.shield(self._marking)
        self._free(outgoing)

    async def _mark(self) -> None:
        await asyncio.sleep(0)  # what was sent in the same turn of the loop goes along
        sent = dict(self._sent)
        await self._insist(lambda: self.store.mark_sent(sent, now()))
        for number in sent:
            self._sent.pop(number, None)

    async def failed(self, outgoing: Outgoing, reason: str, *, final: bool) -> None:
        """A reply was not sent: kept for another try, or (`final`) set aside so that the chat's next may go."""
        await self._insist(lambda: self.store.mark_failed(outgoing.id, reason, now(), final=final))
        self._free(outgoing)

    async def begun(self, outgoing: Outgoing, sent_as: str) -> None:
        """The first parts of a reply have been sent: they are not sent again."""
        await self._insist(lambda: self.store.mark_begun(outgoing.id, sent_as))

    async def sent_for(self, outgoing: Outgoing, message: int) -> list[tuple[str, str]]:
        """What was sent earlier for the same message of the user's, as (key, sent_as)."""
        earlier: list[tuple[str, str]] = await self._insist(
            lambda: self.store.sent_for(outgoing.channel, outgoing.user, message, outgoing.id)
        )
        return earlier

    async def moved(self, outgoing: Outgoing, old: str, new: str) -> None:
        """The group that a reply is for got another number; the reply is tried again there."""
        await self._insist(lambda: self.store.move(outgoing.channel, old, new))
        self._free(outgoing)

    async def set_reachable(self, channel: str, chat: str, reason: str | None) -> None:
        """Remember that a chat cannot be written to, and why; None: it can."""
        await self._insist(lambda: self.store.set_reachable(channel, chat, reason, now()))

    async def unreachable(self, channel: str) -> dict[str, str]:
        """The chats that cannot be written to, with the reason."""
        chats: dict[str, str] = await self._insist(lambda: self.store.unreachable(channel))
        return chats

    async def is_done(self, channel: str, waiting: Collection[str]) -> bool:
        """Whether nothing received is without its reply, and no reply is left but for those who have to wait."""
        if self._busy[channel].difference(waiting):
            return False
        return not await self._insist(
            lambda: self.store.unhandled(channel, 1) or self.store.due(channel, tuple(waiting), 1)
        )

    def _free(self, outgoing: Outgoing) -> None:
        self._busy[outgoing.channel].discard(outgoing.user)
        self._queued[outgoing.channel].set()


async def first_news(news: asyncio.Event, seconds: float | None = None) -> None:
    """Wait for news of this process, but look again soon for that of another."""
    with suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), POLL_SECONDS if seconds is None else seconds)
