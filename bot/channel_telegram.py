"""Telegram: an update is acknowledged once it is stored, a reply leaves from the outbox; started and stopped here."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import InvalidToken, TelegramError

from bot.app import App
from bot.fresh import settle
from bot.logs import configure
from bot.metrics import LEADS
from bot.settings import Settings
from bot.telegram_api import Api, BadTokenError, make_api
from bot.telegram_pace import Pace
from bot.telegram_receiving import Receiver, Webhook
from bot.telegram_sending import Sender, pause
from bot.telegram_staff import StaffGroup
from bot.telegram_updates import ALLOWED, CHANNEL
from bot.wording import say

FAILURES = 3
"""Fetches that failed in a row after which something is wrong; one now and then is the network's way."""

STOP_SECONDS = 6.0
"""How long a clean stop may take to answer what it holds; what is left waits in the database for the next start."""

COMMANDS = {
    "prescreen": "预审：是否符合备案条件", "faq": "常见问题", "article": "看条款原文，如 /article 9.3", "subsidy": "补助标准",
    "procedure": "申报程序", "deadline": "期限", "human": "转人工", "back": "上一题", "skip": "跳过这一题", "cancel": "结束问卷",
    "resume": "继续问卷", "mydata": "查看我的数据", "forget": "删除我的数据", "help": "帮助", "start": "开始",
}  # fmt: skip

GROUP_COMMANDS = ("article", "faq", "subsidy", "procedure", "deadline", "help")

log = structlog.get_logger("beian")


class Telegram:
    """The bot with its parts; `webhook` takes what Telegram brings, if it is to bring it."""

    def __init__(self, app: App, settings: Settings, api: Api | None = None) -> None:
        self.app, self.settings = app, settings
        self.api = api or make_api(settings)
        self.sender = Sender(app.outbox, self.api, Pace(settings.telegram_paced), app.world)
        group = settings.telegram_staff_group
        self.staff = StaffGroup(app, self.api, group, settings.public_url) if group else None
        self.receiver = Receiver(app, self.api, self.sender, self.staff)
        self.webhook = Webhook(self.receiver, settings.webhook_secret)
        self._polling: asyncio.Task[None] | None = None
        """Fetching updates, while this process leads."""

    @property
    def state(self) -> str:
        """`ok`, or what is wrong with the way to Telegram."""
        if not self.api.id:
            return "Telegram has not answered yet; see the log, BEIAN_TELEGRAM_API and BEIAN_TELEGRAM_PROXY"
        if self.receiver.failures >= FAILURES:
            return f"fetching updates failed {self.receiver.failures} times in a row; see the log"
        return "ok"

    async def run(self) -> None:
        """Handle what is received, and lead when it is this process's turn, until cancelled; then finish what is held.
        BadTokenError if Telegram refuses the token; anything else is waited out."""
        async with self.api:
            await self._surely(self._ask_who_we_are)
            tasks = [asyncio.create_task(work) for work in (self.app.work(CHANNEL), self._lead())]
            try:
                # Not gather: cancelled, it would cancel those that are still needed to finish.
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                for task in done:
                    task.result()
            finally:
                if self._polling is not None:
                    self._polling.cancel()
                    with suppress(TimeoutError, asyncio.CancelledError):
                        await asyncio.wait_for(self._finish(), STOP_SECONDS)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _lead(self) -> None:
        """Of several workers one fetches updates and sends replies, which keeps each chat's order and Telegram's pace; when
        it is gone another goes on."""
        while True:
            await self.app.lead(CHANNEL)
            log.info("leads", channel=CHANNEL)
            LEADS.labels(CHANNEL).set(1)
            await self._surely(self._choose_delivery)
            self._polling = asyncio.create_task(self._receive())
            working = [self.sender.run(), self.sender.typing.run(), self._introduce()]
            working += [self.staff.run()] if self.staff else []
            tasks = [self._polling, *(asyncio.create_task(work) for work in working)]
            followed = asyncio.create_task(self.app.led(CHANNEL))
            try:
                while not followed.done():
                    done, _ = await asyncio.wait([followed, *tasks], return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        if not task.cancelled():  # fetching is, before a clean stop
                            task.result()
                    tasks = [task for task in tasks if not task.done()]
            finally:
                for task in [followed, *tasks]:
                    task.cancel()
                await asyncio.gather(followed, *tasks, return_exceptions=True)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._let_end(), STOP_SECONDS)
                self._polling = None
                LEADS.labels(CHANNEL).set(0)
            log.warning("leads no more", channel=CHANNEL)

    async def _let_end(self) -> None:
        """Calls that are under way end, and are written down."""
        await asyncio.gather(self.sender.end(), *([self.staff.end()] if self.staff else []))

    async def _receive(self) -> None:
        if self.settings.telegram_webhook_url is None:
            await self.receiver.poll()

    async def _finish(self) -> None:
        """Answer what was received, as far as that goes at once, and tell Telegram what is stored."""
        await self.receiver.confirm()
        while not await self.app.outbox.is_done(CHANNEL, self.sender.waiting):
            await asyncio.sleep(0.02)

    async def _surely(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, as often as it takes until Telegram answers."""
        for attempt in range(1_000_000):
            try:
                await work()
            except InvalidToken:
                raise BadTokenError(
                    "Telegram does not know the token of BEIAN_TELEGRAM_TOKEN; give the one that BotFather issued"
                ) from None
            except (TelegramError, KeyError, TypeError, ValueError) as error:
                log.warning("telegram unreachable", error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(pause(attempt))
            else:
                return

    async def _ask_who_we_are(self) -> None:
        me = await self.api.call("getMe")
        self.api.id, self.api.name = int(me["id"]), str(me["username"])
        log.info("telegram ready", bot=self.api.name, webhook=self.settings.telegram_webhook_url is not None)

    async def _choose_delivery(self) -> None:
        url = self.settings.webhook_address
        if url is None:
            await self.api.call("deleteWebhook", drop_pending_updates=False)
        else:
            await self.api.call(
                "setWebhook", url=url, allowed_updates=ALLOWED, secret_token=self.settings.webhook_secret,
                drop_pending_updates=False,
            )  # fmt: skip

    async def _introduce(self) -> None:
        """The menu and the words that a person reads before the first message; nothing waits for them."""
        for method, parameters in _profile(self.settings.operator):
            try:
                await self.api.call(method, **parameters)
            except TelegramError as error:
                log.warning("profile not set", method=method, error=type(error).__name__)


def _profile(operator: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls that set the bot's menus and descriptions; they hold for every language, since the bot speaks one."""
    menu = [{"command": name, "description": title} for name, title in COMMANDS.items()]
    group = [entry for entry in menu if entry["command"] in GROUP_COMMANDS]
    who = say("greeting.operator", operator=operator) if operator else say("greeting.unofficial")
    return [
        ("setMyCommands", {"commands": menu}),
        ("setMyCommands", {"commands": group, "scope": {"type": "all_group_chats"}}),
        ("setMyDescription", {"description": say("telegram.description") + who}),
        ("setMyShortDescription", {"short_description": say("telegram.short_description")}),
    ]


SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter: the store's thread asks for it after every statement, and with the usual
5 ms would wait for the event loop's thread each time."""


def run_polling(settings: Settings) -> int:
    """`beian telegram`: Telegram alone, until stopped; the exit status."""
    configure(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    if settings.telegram_webhook_url is not None:
        raise ValueError(
            "BEIAN_TELEGRAM_WEBHOOK_URL is set, and `beian telegram` fetches updates itself; unset it, or run `beian serve`"
        )

    async def main() -> None:
        async with App.open(settings) as app:
            settle()
            running = asyncio.ensure_future(Telegram(app, settings).run())
            for name in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(name, running.cancel)
            with suppress(asyncio.CancelledError):
                await running

    try:
        asyncio.run(main())
    except BadTokenError as error:
        raise ValueError(str(error)) from None
    return 0
