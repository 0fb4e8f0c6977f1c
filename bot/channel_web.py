"""The web in one process: pages, HTTP API, health checks, and Telegram beside them when a token is set."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import Response

from bot import (
    web_accounts,
    web_api,
    web_asked,
    web_console,
    web_documents,
    web_faq,
    web_health,
    web_offer,
    web_pages,
    web_queue,
    web_reading,
    web_report_page,
    web_reports,
    web_ticket,
)
from bot.app import App
from bot.channel_telegram import SWITCH_SECONDS, Telegram
from bot.fresh import settle
from bot.logs import configure
from bot.settings import Settings
from bot.telegram_api import BadTokenError
from bot.web_guard import Guard
from bot.web_limits import Rate
from bot.web_problems import Json, install
from bot.web_shapes import ProblemOut
from bot.web_templates import Assets, Pages
from bot.web_tracing import Tracing

_CORS: dict[str, Any] = {
    "allow_methods": ["GET", "POST"],
    "allow_headers": ["content-type", "idempotency-key"],
    "expose_headers": ["retry-after", "x-request-id"],
    "max_age": 3600,
}

CONSOLE = (
    *web_queue.PAGES,
    *web_ticket.PAGES,
    *web_offer.PAGES,
    *web_faq.PAGES,
    *web_asked.PAGES,
    *web_accounts.PAGES,
)
"""The pages of the staff console, in the order of its navigation."""

LEAVING_SECONDS = 3.0
"""How long one of several workers answers on after it was told to stop: the proxy looks every second, and sends a request that
meets a closed connection to no other worker."""

log = structlog.get_logger("beian")


class Web(FastAPI):
    """FastAPI whose description has the shape of problems too: no route returns one, any may."""

    def openapi(self) -> dict[str, Any]:
        """The description of the API."""
        described = super().openapi()
        described["components"]["schemas"]["ProblemOut"] = ProblemOut.model_json_schema()
        return described


def create_app(app: App, settings: Settings, telegram: Telegram | None = None) -> FastAPI:
    """The web application over an open App; `telegram` takes its webhook where an address is set."""
    web = Web(title="备案通", version="1", docs_url=None, redoc_url=None, default_response_class=Json)
    pages = Pages(app, settings)
    install(web, pages.trouble)
    web.add_middleware(GZipMiddleware, minimum_size=600)
    if settings.allowed_origins:
        web.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, **_CORS)
    brought = urlsplit(settings.webhook_address or "").path if telegram else ""
    web.add_middleware(
        Guard, addresses=Rate(settings.address_limit), origins=settings.allowed_origins, site=settings.public_url or "",
        webhook=brought,
    )  # fmt: skip
    web.add_middleware(Tracing)
    web.include_router(web_health.make_router(app, web, telegram))
    web.include_router(web_api.make_router(app, settings))
    web.include_router(web_documents.make_router(app))
    web.include_router(web_reports.make_router(app))
    web.include_router(web_pages.make_router(app, settings, pages))
    web.include_router(web_reading.make_router(app, pages))
    web.include_router(web_report_page.make_router(app, pages))
    console = web_console.Console(app, settings, pages)
    web.include_router(web_accounts.make_router(console))
    web.include_router(web_console.make_router(console, CONSOLE))
    web.mount("/static", Assets(), name="static")

    if telegram is not None and brought:
        webhook = telegram.webhook

        @web.post(brought, include_in_schema=False)
        async def take_update(request: Request) -> Response:
            given = request.headers.get("x-telegram-bot-api-secret-token", "")
            return Json({}, await webhook.take(given, await request.body()))

    return web


def serve(settings: Settings) -> int:
    """`beian serve`: until stopped; the exit status, 2 where the port is taken."""
    configure(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    with open_socket(settings.host) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
        except OSError as error:
            print(
                f"beian: BEIAN_HOST {settings.host}, BEIAN_PORT {settings.port}: {error.strerror}; give another port",
                file=sys.stderr,
            )
            return 2
        asyncio.run(_serve(settings, listening))
    return 0


def open_socket(host: str) -> socket.socket:
    """A socket for an address. It names its protocol, or asyncio leaves Nagle's algorithm on for what it accepts: 40 ms for
    every answer on an open connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: it would end a clean stop by killing the process after all."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

    leaving_seconds = 0.0

    def stop(self) -> None:
        """Say so to the proxy and go on until it has noticed, finish what is being answered, then end; at the second time
        end soon, at the third at once."""
        state = self.config.app.state  # type: ignore[union-attr]
        if self.leaving_seconds and not state.leaving:
            state.leaving = True
            asyncio.get_running_loop().call_later(self.leaving_seconds, self.stop)
            return
        self.force_exit = self.should_exit
        self.should_exit = True


async def _serve(settings: Settings, listening: socket.socket) -> None:
    async with App.open(settings) as app:
        settle()
        telegram = _make_telegram(app, settings)
        config = uvicorn.Config(
            create_app(app, settings, telegram),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
        server = Server(config)
        server.leaving_seconds = LEAVING_SECONDS if settings.has_workers else 0.0
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, server.stop)
        print(f"备案通：http://{settings.host}:{settings.port}（Ctrl-C 停止）", file=sys.stderr, flush=True)
        async with _telegram(telegram):
            await server.serve(sockets=[listening])


def _make_telegram(app: App, settings: Settings) -> Telegram | None:
    return Telegram(app, settings) if settings.telegram_token is not None else None


def _without_telegram(error: Exception) -> None:
    print(f"beian: {error}; the web goes on without Telegram", file=sys.stderr, flush=True)


@asynccontextmanager
async def _telegram(telegram: Telegram | None) -> AsyncIterator[None]:
    """Telegram beside the web: whatever is wrong with it is said in one line, and the web goes on."""
    if telegram is None:
        yield
        return

    async def beside() -> None:
        try:
            await telegram.run()
        except BadTokenError as error:
            _without_telegram(error)

    task = asyncio.create_task(beside())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
