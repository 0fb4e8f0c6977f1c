"""Bots for the comparison, each run as a process of its own: `python -m benchmarks.telegram_bots beian|ptb|aiogram ADDRESS`."""

import asyncio
import logging
import os
import sys
import tempfile

TOKEN = "123456:TEST-token-of-the-fake-server"


def run_beian(address: str) -> None:
    """The project's own process, with durable delivery."""
    from bot.channel_telegram import run_polling
    from bot.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database=os.path.join(folder, "bench.sqlite3"), telegram_token=TOKEN, telegram_api=address, log_level="WARNING",
            _env_file=None,
        )  # fmt: skip
        run_polling(settings)


def run_ptb(address: str) -> None:
    """A bare echo bot on python-telegram-bot, as its examples have it."""
    from telegram import Update
    from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await update.message.reply_text(update.message.text)

    application = ApplicationBuilder().token(TOKEN).base_url(f"{address}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


def run_aiogram(address: str) -> None:
    """A bare echo bot on aiogram, as its examples have it."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    async def main() -> None:
        dispatcher = Dispatcher()

        @dispatcher.message()
        async def echo(message: Message) -> None:
            await message.answer(message.text or "")

        session = AiohttpSession(api=TelegramAPIServer.from_base(address))
        await dispatcher.start_polling(Bot(TOKEN, session=session))

    asyncio.run(main())


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    {"beian": run_beian, "ptb": run_ptb, "aiogram": run_aiogram}[sys.argv[1]](sys.argv[2])
