"""Replies leave: each chat's in order, chats side by side, as fast as Telegram allows, each until it is there or refused."""

import asyncio
import random
import time

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.outbox import Outbox
from bot.request_id import id_of
from bot.store import Outgoing
from bot.telegram_api import Api, TooFastError
from bot.telegram_pace import Pace
from bot.telegram_place import Place, chat_of
from bot.telegram_show import Shown
from bot.telegram_typing import Typing
from bot.telegram_updates import CHANNEL
from bot.world import World

AT_ONCE = 16
"""Calls under way at the most: as many may come twice after a crash. Chats that wait for their turn hold none of them."""

LONGEST_PAUSE = 60.0
"""Seconds between two tries at the most when Telegram does not answer."""

MOST_ATTEMPTS = 500
"""Tries, about eight hours, after which a reply is set aside for staff to see and to send again."""

GONE = (
    "chat not found",
    "user is deactivated",
    "user not found",
    "peer_id_invalid",
    "bot was kicked",
    "have no rights",
)
"""What a refusal has in its words when a chat is no longer there; the library spells them with other capitals."""

log = structlog.get_logger("beian")


def pause(attempt: int) -> float:
    """Seconds before another try: doubling up to a minute, with jitter so that many do not return at once."""
    return float(min(LONGEST_PAUSE, 0.5 * 2 ** min(attempt, 10)) * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


class Sender:
    """Sends what the outbox holds."""

    def __init__(self, outbox: Outbox, api: Api, pace: Pace, world: World) -> None:
        self.outbox, self.pace = outbox, pace
        self.shown = Shown(outbox, api, world)
        self.typing = Typing(api)
        self.stopping = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self.waiting: set[str] = set()
        """Whose turn has not come yet."""
        self._unreachable: dict[str, str] = {}

    async def run(self) -> None:
        """Send for ever."""
        self._unreachable = await self.outbox.unreachable(CHANNEL)
        async for outgoing in self.outbox.outgoing(CHANNEL):
            task = asyncio.create_task(self.send(outgoing))
            self._tasks.add(task)
            task.add_done_callback(lambda task, outgoing=outgoing: self._ended(task, outgoing))  # type: ignore[misc]

    def _ended(self, task: asyncio.Task[None], outgoing: Outgoing) -> None:
        """A fault of the program's own sets the reply aside: its chat's next must not wait for ever."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            aside = asyncio.create_task(self._set_aside(outgoing, type(error).__name__))
            self._tasks.add(aside)
            aside.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """What waits for its turn goes back to the outbox; calls that are under way end and are written down. Cancelled,
        let go of everything."""
        self.stopping.set()
        try:
            while self._under_way:
                await asyncio.sleep(0.01)
        finally:
            for task in self._tasks:
                task.cancel()
            self.stopping.clear()

    async def send(self, outgoing: Outgoing) -> None:
        """Send one reply. A refusal that will not change takes it out of the queue; anything else is tried again."""
        chat = chat_of(outgoing.user)
        if outgoing.pushed and str(chat) in self._unreachable:
            await self._set_aside(outgoing, self._unreachable[str(chat)])
            return
        if not await self._turn(outgoing.user, chat):
            return
        self._under_way += 1
        try:
            async with self._slots:  # until it is written down: no more than these can come twice
                sent_as = await self.shown.show(outgoing, Place.read(outgoing.address))
                await self.outbox.sent(outgoing, sent_as)
        except TelegramError as error:
            await self._not_sent(outgoing, chat, error)
        else:
            self.typing.done(chat)
            if str(chat) in self._unreachable:
                await self.reachable(chat, None)
        finally:
            self._under_way -= 1

    async def _turn(self, user: str, chat: int) -> bool:
        """Wait until this chat may be written to; False if the program ends before."""
        in_chat = self.pace.wait_in_chat(chat, time.monotonic())
        return await self._wait(user, in_chat) and await self._wait(
            user, self.pace.wait_in_all(time.monotonic())
        )

    async def _wait(self, user: str, seconds: float) -> bool:
        if seconds <= 0:
            return True
        self.waiting.add(user)
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return True
        finally:
            self.waiting.discard(user)
        return False

    async def _not_sent(self, outgoing: Outgoing, chat: int, error: TelegramError) -> None:
        """Wait and try again, or set the reply aside: the chat's next reply may go."""
        words, reason = str(error).lower(), type(error).__name__
        if isinstance(error, TooFastError):
            self.pace.hold(chat, time.monotonic() + error.seconds)
            await self.outbox.failed(outgoing, reason, final=False)
        elif isinstance(error, ChatMigrated):
            log.info("group moved", outgoing=outgoing.id)
            await self.outbox.moved(outgoing, str(chat), str(error.new_chat_id))
        elif isinstance(error, Forbidden) or any(sign in words for sign in GONE):
            await self.reachable(chat, "blocked" if isinstance(error, Forbidden) else "gone")
            await self._set_aside(outgoing, self._unreachable[str(chat)])
        elif isinstance(error, BadRequest) or outgoing.attempts + 1 >= MOST_ATTEMPTS:
            await self._set_aside(
                outgoing, f"{reason}: {error}"[:200] if isinstance(error, BadRequest) else reason
            )
        else:
            log.warning(
                "not sent yet",
                reason=reason,
                outgoing=outgoing.id,
                attempts=outgoing.attempts + 1,
                request=_request(outgoing),
            )
            await self._wait(outgoing.user, pause(outgoing.attempts))
            await self.outbox.failed(outgoing, reason, final=False)

    async def _set_aside(self, outgoing: Outgoing, reason: str) -> None:
        self.typing.done(chat_of(outgoing.user))
        log.warning(
            "not sent", reason=reason.partition(":")[0], outgoing=outgoing.id, request=_request(outgoing)
        )
        await self.outbox.failed(outgoing, reason, final=True)

    async def reachable(self, chat: int, reason: str | None) -> None:
        """Remember that a chat cannot be written to, or that it can again."""
        # Written down first: what `run` reads meanwhile, at the start, must not be put in place of what is newer.
        await self.outbox.set_reachable(CHANNEL, str(chat), reason)
        if reason is None:
            self._unreachable.pop(str(chat), None)
        else:
            self._unreachable[str(chat)] = reason


def _request(outgoing: Outgoing) -> str:
    """The update that a reply answers; empty where it answers none."""
    return id_of(CHANNEL, outgoing.key) if outgoing.key else ""
