"""Around every request: its id, taken or made, and one line in the log without anything that a person wrote."""

import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.request_id import HEADER, begin_request

_QUIET = ("/static/", "/healthz", "/readyz", "/metrics")

log = structlog.get_logger("beian")


class Tracing:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = begin_request(Headers(scope=scope).get(HEADER, ""))
        started, status = time.perf_counter(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (HEADER.encode(), name.encode())]}
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            note = log.debug if scope["path"].startswith(_QUIET) else log.info
            ms = round((time.perf_counter() - started) * 1000, 1)
            note("request", method=scope["method"][:10], route=_route(scope), status=status, ms=ms)


def _route(scope: Scope) -> str:
    """The route as it was declared: the path itself may hold what somebody searched for, or a secret."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "-"
