"""Limits and headers around every request: size of the body, requests a minute, what a page may load."""

import hashlib
import time
from collections import OrderedDict

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web_problems import ProblemError, problem

LARGEST_BODY = 64 * 1024
REMEMBERED = 50_000
"""How many addresses and sessions are counted at once; the oldest are forgotten, so that memory stays bounded."""

HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "geolocation=(), microphone=(), camera=()",
}


class Rate:
    """How many requests each name may make in a minute: a bucket that fills evenly. A limit of 0 is off."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, at: float | None = None) -> int:
        """Seconds to wait; 0 if the request may go on, which then counts."""
        if not self.limit:
            return 0
        at = time.monotonic() if at is None else at
        left, last = self._buckets.pop(name, (float(self.limit), at))
        left = min(self.limit, left + (at - last) * self.limit / 60)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, at)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.limit))

    def check(self, field: str, name: str) -> None:
        """ProblemError 429 with Retry-After where a name has used up its minute."""
        if seconds := self.wait(hashlib.sha256(name.encode(errors="replace")).hexdigest()[:16]):
            raise ProblemError(
                429, {field: f"请求太频繁，请{seconds}秒后再试"}, {"Retry-After": str(seconds)}
            )


class Guard:
    """ASGI middleware: refuses bodies that are too large or never end, and adds the security headers."""

    def __init__(self, app: ASGIApp, addresses: Rate) -> None:
        self.app, self.addresses = app, addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in names]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        request = Request(scope)
        client = request.client.host if request.client else "?"
        if not scope["path"].startswith(("/static/", "/healthz", "/readyz", "/metrics")) and (
            seconds := self.addresses.wait(client)
        ):
            refusal = problem(
                429, {"address": f"请求太频繁，请{seconds}秒后再试"}, {"Retry-After": str(seconds)}
            )
            await refusal(scope, receive, secured)
            return
        body = await _read(receive) if scope["method"] in {"POST", "PUT", "PATCH"} else b""
        if body is None:
            await problem(413, {"body": f"请求体不能超过{LARGEST_BODY // 1024}KB"})(scope, receive, secured)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent or scope["method"] not in {"POST", "PUT", "PATCH"}:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, secured)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None if it is larger than a request may be."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
