"""The Telegram channel at work in the test's own process, against the fake Bot API server."""

import asyncio

from fake_bot_api import TOKEN

from bot.app import App
from bot.channel_telegram import Telegram
from bot.settings import Settings


def settings_for(tmp_path, api, token=TOKEN, **more):
    return Settings(
        database=str(tmp_path / "t.sqlite3"),
        telegram_token=token,
        telegram_api=api.address,
        _env_file=None,
        **more,
    )


class Running:
    """The channel at work until the block ends."""

    def __init__(self, settings):
        self.settings = settings

    async def __aenter__(self):
        self.opened = App.open(self.settings)
        self.app = await self.opened.__aenter__()
        self.telegram = Telegram(self.app, self.settings)
        self.task = asyncio.create_task(self.telegram.run())
        return self

    async def __aexit__(self, *_):
        if self.task.done() and not self.task.cancelled():
            self.task.result()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.opened.__aexit__(None, None, None)

    async def failed(self):
        return await self.app._run(lambda: self.app.store.failed("telegram"))


async def said(api, chat, count):
    return await asyncio.to_thread(api.wait_for, chat, count)


async def happens(api, true, what="it did not happen", seconds=20):
    return await asyncio.to_thread(api.wait_until, true, seconds, what)
