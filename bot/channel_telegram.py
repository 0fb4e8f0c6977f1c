"""Telegram by long polling or webhook: an update is acknowledged once it is stored, a reply leaves from the outbox."""

import asyncio
import random
from contextlib import suppress
from typing import Any

import structlog
from telegram import Bot, BotCommand, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.app import App, today
from bot.conversation import Message
from bot.logs import configure
from bot.settings import Settings
from bot.store import Outgoing
from bot.telegram_text import keyboard, render

CHANNEL = "telegram"
ALLOWED = ["message", "edited_message", "callback_query"]
POLL_SECONDS = 25
LONGEST_PAUSE = 60.0
"""Seconds between two tries at the most when Telegram does not answer."""

COMMANDS = {
    "prescreen": "预审：是否符合备案条件", "faq": "常见问题", "article": "看条款原文，如 /article 9.3", "subsidy": "补助标准",
    "procedure": "申报程序", "deadline": "期限", "human": "转人工", "back": "上一题", "skip": "跳过这一题", "cancel": "结束问卷",
    "resume": "继续问卷", "mydata": "查看我的数据", "forget": "删除我的数据", "help": "帮助", "start": "开始",
}  # fmt: skip

log = structlog.get_logger("beian")


class BadTokenError(Exception):
    """Telegram does not know the token of BEIAN_TELEGRAM_TOKEN."""


def make_bot(settings: Settings) -> Bot:
    """The bot on the Bot API server of the settings."""
    if settings.telegram_token is None:
        raise BadTokenError("BEIAN_TELEGRAM_TOKEN is not set; give the token that BotFather issued")
    try:
        return Bot(
            settings.telegram_token.get_secret_value(),
            base_url=f"{settings.telegram_api}/bot",
            base_file_url=f"{settings.telegram_api}/file/bot",
            request=HTTPXRequest(connection_pool_size=32, read_timeout=20, connect_timeout=10),
            get_updates_request=HTTPXRequest(
                connection_pool_size=1, read_timeout=POLL_SECONDS + 10, connect_timeout=10
            ),
        )
    except InvalidToken:
        raise BadTokenError(
            "BEIAN_TELEGRAM_TOKEN is not a token; give the one that BotFather issued"
        ) from None


async def run(app: App, settings: Settings, bot: Bot | None = None) -> None:
    """Receive, handle and send for ever. BadTokenError if Telegram refuses the token; anything else is waited out."""
    bot = bot or make_bot(settings)
    async with bot_ready(bot):
        await _prepare(bot, settings)
        tasks = [asyncio.create_task(app.work(CHANNEL)), asyncio.create_task(send_all(app, bot))]
        if settings.telegram_webhook_url is None:
            tasks.append(asyncio.create_task(poll(app, bot)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class bot_ready:  # noqa: N801 - used as a function
    """Open the bot's connections without asking Telegram anything; close them in the end."""

    def __init__(self, bot: Bot) -> None:
        self._requests = (
            bot._request
        )  # both of its requests; Bot.initialize would call getMe and fail while it is down

    async def __aenter__(self) -> None:
        for request in self._requests:
            await request.initialize()

    async def __aexit__(self, *_: object) -> None:
        for request in self._requests:
            await request.shutdown()


async def _prepare(bot: Bot, settings: Settings) -> None:
    """Say who we are and how updates come, as often as it takes until Telegram answers."""
    menu = [BotCommand(name, title) for name, title in COMMANDS.items()]
    for attempt in range(1_000_000):
        try:
            me = await bot.get_me()
            await bot.set_my_commands(menu)
            if settings.telegram_webhook_url is None:
                await bot.delete_webhook(drop_pending_updates=False)
            else:
                await bot.set_webhook(
                    settings.telegram_webhook_url,
                    allowed_updates=ALLOWED,
                    secret_token=settings.webhook_secret,
                )
        except InvalidToken:
            raise BadTokenError(
                "Telegram does not know the token of BEIAN_TELEGRAM_TOKEN; give the one that BotFather issued"
            ) from None
        except TelegramError as error:
            log.warning("telegram unreachable", error=type(error).__name__, attempt=attempt)
            await asyncio.sleep(pause(attempt))
        else:
            log.info("telegram ready", bot=me.username)
            return


def pause(attempt: int) -> float:
    """Seconds before another try: doubling up to a minute, with jitter so that many do not return at once."""
    return float(min(LONGEST_PAUSE, 0.5 * 2 ** min(attempt, 10)) * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


async def poll(app: App, bot: Bot) -> None:
    """Fetch updates; the next fetch confirms only those that are stored. One that cannot be read is logged and passed."""
    offset, failures = 0, 0
    while True:
        try:
            raw = await bot.request.post(
                f"{bot.base_url}/getUpdates", asked(offset), read_timeout=POLL_SECONDS + 10
            )
            failures = 0
        except TelegramError as error:
            failures += 1
            log.warning("polling failed", error=type(error).__name__, attempt=failures)
            wait = error.retry_after if isinstance(error, RetryAfter) else pause(failures)
            await asyncio.sleep(wait if isinstance(wait, int | float) else wait.total_seconds())
            continue
        for item in raw if isinstance(raw, list) else []:
            await take(app, bot, item)
            if isinstance(item, dict) and isinstance(item.get("update_id"), int):
                offset = max(offset, item["update_id"] + 1)


def asked(offset: int) -> RequestData:
    """The parameters of getUpdates. It is called below `Bot.get_updates`, in which one malformed update makes the whole
    batch fail, again and again."""
    parameters = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED}
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


async def take(app: App, bot: Bot, raw: Any) -> None:  # noqa: ANN401 - whatever the server sent
    """Store one update as it came; a button's press is acknowledged to Telegram after that."""
    try:
        update = Update.de_json(raw, bot)
        message = read_update(update, bot.username if bot.bot else "") if update else None
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        log.warning("unreadable update", error=type(error).__name__)
        return
    if message is not None:
        await app.accept(message)
    if update and update.callback_query:
        with suppress(TelegramError):  # too old, or answered before: the press is stored all the same
            await bot.answer_callback_query(update.callback_query.id)


def read_update(update: Update, name: str) -> Message | None:
    """An update as a message; None for what the bot has no business with (groups that do not address it)."""
    key = str(update.update_id)
    if query := update.callback_query:
        if query.message is None:
            return None
        return Message(CHANNEL, str(query.message.chat.id), key, today(), action=query.data or "stale")
    said = update.message or update.edited_message
    if said is None or (said.from_user and said.from_user.is_bot):
        return None
    text = said.text or ""
    if said.chat.type != "private":
        at = f"@{name}"
        if at.lower() not in text.lower() and not (
            said.reply_to_message
            and said.reply_to_message.from_user
            and said.reply_to_message.from_user.username == name
        ):
            return None
        text = text.replace(at, "").strip()
    if not text:
        return Message(CHANNEL, str(said.chat.id), key, today(), action="unreadable")
    return Message(CHANNEL, str(said.chat.id), key, today(), text=text)


async def send_all(app: App, bot: Bot) -> None:
    """Send what the outbox holds: chats side by side, each chat's replies in order."""
    sending: set[asyncio.Task[None]] = set()
    async for outgoing in app.outgoing(CHANNEL):
        task = asyncio.create_task(send(app, bot, outgoing))
        sending.add(task)
        task.add_done_callback(sending.discard)


async def send(app: App, bot: Bot, outgoing: Outgoing) -> None:
    """Send one reply. A refusal that will not change takes it out of the queue; anything else is tried again later."""
    try:
        pieces = render(outgoing.reply)
        buttons = keyboard(outgoing.reply.buttons)
        for number, piece in enumerate(pieces, 1):
            markup = (
                InlineKeyboardMarkup.de_json({"inline_keyboard": buttons}, bot)
                if buttons and number == len(pieces)
                else None
            )
            await bot.send_message(int(outgoing.user), piece, parse_mode=ParseMode.HTML, reply_markup=markup)
    except RetryAfter as error:
        after = error.retry_after
        await asyncio.sleep(after if isinstance(after, int | float) else after.total_seconds())
        await app.failed(outgoing, "RetryAfter", final=False)
    except (Forbidden, BadRequest) as error:
        log.warning("not sent", reason=type(error).__name__, outgoing=outgoing.id)
        await app.failed(outgoing, type(error).__name__, final=True)
    except (NetworkError, TelegramError) as error:
        log.warning("not sent yet", reason=type(error).__name__, outgoing=outgoing.id)
        await asyncio.sleep(pause(outgoing.attempts))
        await app.failed(outgoing, type(error).__name__, final=False)
    else:
        await app.sent(outgoing)


def run_polling(settings: Settings) -> int:
    """`beian telegram`: Telegram alone, until stopped; the exit status."""
    configure(settings.log_level)

    async def main() -> None:
        async with App.open(settings) as app:
            await run(app, settings)

    try:
        asyncio.run(main())
    except BadTokenError as error:
        raise ValueError(str(error)) from None
    except KeyboardInterrupt:
        pass
    return 0
