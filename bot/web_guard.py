"""What stands around every request: a plausible host, no foreign site behind it, bounded bodies, security headers."""

import asyncio
import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web_limits import Rate
from bot.web_problems import problem

LARGEST_BODY = 64 * 1024
LARGEST_UPDATE = 1024 * 1024
"""Telegram escapes long texts and sends them twice where one answers the other; what is refused comes again for a day."""

BODY_SECONDS = 10.0
"""How long a body may take to arrive: the largest takes 1.5 s on a line of 400 kbit/s."""

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*)|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_UNCOUNTED = ("/static/", "/healthz", "/readyz", "/metrics")


def policy(frames: str = "'self'") -> str:
    """The content security policy: everything from here, no inline script or style, framed by `frames` only."""
    return (
        "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
        f"frame-ancestors {frames}"
    )


HEADERS: Mapping[str, str] = {
    "content-security-policy": policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "geolocation=(), microphone=(), camera=()",
    "cross-origin-opener-policy": "same-origin",
}

_ENCODED = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())


class Guard:
    """ASGI middleware: refuses what is not to reach the application, and adds the security headers to what leaves it."""

    def __init__(
        self, app: ASGIApp, addresses: Rate, origins: Collection[str] = (), site: str = "", webhook: str = ""
    ) -> None:
        self.app, self.addresses, self.webhook = app, addresses, webhook
        self.origins = frozenset(origins)
        self.site = urlsplit(site).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_missing(scope["path"], message)]}
            await send(message)

        body: bytes | None = None
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] in _WRITES:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    body = await _read(receive, self._largest(scope["path"]))
            except TimeoutError:
                refusal = problem(
                    408, {"body": "请求体迟迟没有传完，请检查网络后再试"}, {"Connection": "close"}
                )
            else:
                refusal = _too_large() if body is None else None
        if refusal is not None:
            await refusal(scope, receive, secured)
            return
        await self.app(scope, receive if body is None else _replaying(body, receive), secured)

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request is refused before its body is read, if it is."""
        headers, path = Headers(scope=scope), scope["path"]
        host = headers.get("host", "")
        if not _HOST.fullmatch(host):
            return problem(400, {"Host": "主机名不正确"})
        address = scope["client"][0] if scope.get("client") else "?"
        counted = path != self.webhook and not path.startswith(_UNCOUNTED)
        if counted and (seconds := self.addresses.wait(address)):
            return problem(
                429, {"address": f"请求太频繁，请{seconds}秒后再试"}, {"Retry-After": str(seconds)}
            )
        if scope["method"] in _WRITES and self._is_foreign(headers, host):
            return problem(403, {"Origin": "不接受从其他网站发来的请求"})
        if int(headers.get("content-length") or 0) > self._largest(path):
            return _too_large()
        return None

    def _largest(self, path: str) -> int:
        """Bytes of a body; what Telegram brings, from few addresses, is neither counted nor cut short."""
        return LARGEST_UPDATE if path == self.webhook else LARGEST_BODY

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        """Whether another site's page made the browser send this. Browsers say so themselves; older ones name the page's
        origin. What is no browser sends neither."""
        origin = headers.get("origin")
        if origin in self.origins:
            return False
        if site := headers.get("sec-fetch-site"):
            return site not in {"same-origin", "none"}
        return origin is not None and urlsplit(origin).netloc.lower() not in {
            host.lower(),
            self.site or host.lower(),
        }


def _missing(path: str, message: Message) -> list[tuple[bytes, bytes]]:
    """The headers that a response has not set itself; what the API says to one person is kept by no cache."""
    names = {name.lower() for name, _ in message["headers"]}
    cached = (b"cache-control", b"no-store" if path.startswith("/api/") else b"no-cache")
    return [(name, value) for name, value in (*_ENCODED, cached) if name not in names]


def _too_large() -> Response:
    return problem(413, {"body": f"请求体不能超过{LARGEST_BODY // 1024}KB"})


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A body that has been read, for whoever reads it next."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The whole body, or None if it is larger than a request may be."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
