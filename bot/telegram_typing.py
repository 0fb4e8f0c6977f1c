"""Shows 正在输入 in chats that have waited a moment for their answer; only looks, so that failures are passed over."""

import asyncio
import time
from contextlib import suppress

from telegram.error import TelegramError

from bot.telegram_api import Api

AFTER, AGAIN = 0.8, 4.5
"""Seconds before the first time, and between two: Telegram shows it for five."""

AT_ONCE = 5
"""Chats told at a time: in a crowd the answers matter more."""


class Typing:
    """Who waits for an answer, and since when."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._due: dict[int, float] = {}
        self._tells = False

    def expect(self, chat: int) -> None:
        """A chat waits for an answer from now on. Where another worker sends the answers nothing is shown."""
        if not self._tells:
            return
        self._due.setdefault(chat, time.monotonic() + AFTER)

    def done(self, chat: int) -> None:
        """The chat has its answer."""
        self._due.pop(chat, None)

    async def run(self) -> None:
        """Tell those who wait, for ever."""
        self._tells = True
        try:
            while True:
                await asyncio.sleep(AFTER / 4)
                now = time.monotonic()
                for chat in [chat for chat, due in self._due.items() if due <= now][:AT_ONCE]:
                    self._due[chat] = now + AGAIN
                    with suppress(TelegramError):
                        await self.api.call("sendChatAction", chat_id=chat, action="typing")
        finally:
            self._tells = False
            self._due.clear()
