"""The Bot API's calls over aiohttp, through a proxy if one is set; python-telegram-bot turns refusals into its errors."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp_socks import ProxyConnector
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.settings import Settings

SECONDS = 20.0
"""How long a call may take; a posted message whose answer comes later counts as not sent, and comes a second time."""

CONNECT_SECONDS = 10.0
CONNECTIONS = 64
"""Calls at once; one more waits for one of them to end."""


class BadTokenError(Exception):
    """Telegram does not know the token of BEIAN_TELEGRAM_TOKEN."""


class TooFastError(TelegramError):
    """Telegram says to wait so many seconds. The library's own RetryAfter warns of a change to come at each use."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """A request object of python-telegram-bot over aiohttp, three to five times as fast as its own over httpx."""

    def __init__(self, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds for a call, if nothing else is said."""
        return SECONDS

    async def initialize(self) -> None:
        """Open the session; SOCKS proxies need a connector of their own, HTTP proxies are named with each call."""
        if self._session is None:
            socks = bool(self._proxy and self._proxy.startswith("socks"))
            connector = (
                ProxyConnector.from_url(_spelt(str(self._proxy)), rdns=True, limit=CONNECTIONS)
                if socks
                else aiohttp.TCPConnector(limit=CONNECTIONS)
            )
            self._session = aiohttp.ClientSession(
                connector=connector, proxy=None if socks else self._proxy, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - the library's own way to say "not given"
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Status and body. No error has the address in its words: the token is in it."""
        if self._session is None:
            raise NetworkError("the connection is closed")
        seconds = SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout
            ) as response:
                status, body = response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooFastError(_seconds_to_wait(self.parse_json_payload(body)))
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body as JSON. Unlike the library's own it writes no body into the log: there are messages in it."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(parsed, dict):
            raise TelegramError("the answer is no object")
        return parsed


def _seconds_to_wait(answer: dict[str, Any]) -> float:
    parameters = answer.get("parameters")
    after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(after) if isinstance(after, int | float) else 1.0


def _encode(parameters: Mapping[str, str]) -> bytes:
    """The body of a form. Every byte of a value is escaped, in one step: urlencode looks at each, and Chinese is mostly
    bytes that need it."""
    values = ((name, value.encode("utf-8", "replace").hex("%")) for name, value in parameters.items())
    return "&".join(f"{name}=%{value}" if value else f"{name}=" for name, value in values).encode()


def _spelt(proxy: str) -> str:
    """socks5h, as curl spells a proxy that resolves names itself; aiohttp-socks is told so by `rdns`."""
    return proxy.replace("socks5h://", "socks5://", 1)


def _body(data: RequestData | None) -> Any:  # noqa: ANN401 - what aiohttp takes
    if data is None:
        return None
    if not data.contains_files:
        return aiohttp.BytesPayload(
            _encode(data.json_parameters), content_type="application/x-www-form-urlencoded"
        )
    form = aiohttp.FormData(quote_fields=False)  # a Chinese name of a file as it is
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


class Api:
    """A bot on a Bot API server. It calls below `telegram.Bot`, whose objects cost more than all the rest of a reply, and in
    which one malformed update makes a whole batch of them fail, again and again."""

    def __init__(self, token: str, address: str, proxy: str | None = None) -> None:
        self._root = f"{address}/bot{token}"
        self._request, self._polling = AiohttpRequest(proxy), AiohttpRequest(proxy)
        self.id, self.name = 0, ""
        """The bot's own number and user name, once Telegram has told them."""

    async def __aenter__(self) -> Self:
        for request in (self._request, self._polling):
            await request.initialize()
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for request in (self._request, self._polling):
            await request.shutdown()

    async def call(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - whatever the server sends
        """The result of one call; TelegramError if it is refused or does not come. Parameters that are None are left out."""
        return await self._request.post(f"{self._root}/{method}", _data(parameters))

    async def poll(self, seconds: float, **parameters: Any) -> Any:  # noqa: ANN401 - whatever the server sends
        """getUpdates, over a connection of its own, which is held open for so many seconds."""
        data = _data({**parameters, "timeout": int(seconds)})
        return await self._polling.post(
            f"{self._root}/getUpdates", data, read_timeout=seconds + CONNECT_SECONDS
        )


def _data(parameters: Mapping[str, Any]) -> RequestData:
    return RequestData(
        [RequestParameter.from_input(name, v) for name, v in parameters.items() if v is not None]
    )


def make_api(settings: Settings) -> Api:
    """The bot on the Bot API server of the settings; BadTokenError if no token is set."""
    if settings.telegram_token is None:
        raise BadTokenError("BEIAN_TELEGRAM_TOKEN is not set; give the token that BotFather issued")
    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else None
    return Api(settings.telegram_token.get_secret_value(), settings.telegram_api, proxy)
