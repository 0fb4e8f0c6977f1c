"""A Bot API server in the test's own process: polling, webhook, and every fault that a network or Telegram can have."""

import asyncio
import json
import threading
import time
from collections import defaultdict, deque

import aiohttp
from aiohttp import web
from fake_html import Refused, parse_html
from fake_telegram import STALE_SECONDS, TOKEN, Telegram

__all__ = ["TOKEN", "FakeBotApi", "Refused", "parse_html"]

FAULTS = ("429", "502", "drop", "lost", "half", "slow")
"""What may happen to a call: refused with retry_after; a bad gateway; the connection dropped before the work is done, or
after it; an answer of which half arrives; an answer that comes late."""


class Weather:
    """Faults at random: `rates` by name; `chance` is a random.Random."""

    def __init__(
        self, chance, retry_after=1, slow_seconds=0.3, methods=("sendMessage", "getUpdates"), **rates
    ):
        self.chance, self.rates, self.methods = (
            chance,
            {name.lstrip("_"): rate for name, rate in rates.items()},
            methods,
        )
        self.retry_after, self.slow_seconds = retry_after, slow_seconds
        self.counts = defaultdict(int)

    def fault(self, method):
        if method not in self.methods:
            return None
        point = self.chance.random()
        for name, rate in self.rates.items():
            if point < rate:
                self.counts[name] += 1
                return name
            point -= rate
        return None


class FakeBotApi(Telegram):
    """Updates are put in by `write`, `press`, `ask_inline`; `sent` has what the bot sent, in order. `faults[method]` are
    taken one for each call: a Refused, or one of FAULTS; `weather` has faults at random. `doubled` and `shuffled` are how
    often updates come again, and in another order between chats."""

    def __init__(self):
        super().__init__()
        self.updates, self.confirmed, self.allowed = [], 0, None
        self.faults, self.calls = defaultdict(deque), defaultdict(int)
        self.every_kind = False
        self.weather, self.doubled, self.shuffled = None, 0.0, 0.0
        self._next, self._polls = 1, 0
        self._lock, self._started = threading.Lock(), threading.Event()
        self._news: asyncio.Event
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    async def _serve(self):
        self._loop, self._stop, self._news = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        app = web.Application(client_max_size=60 * 1024**2)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        pushing = asyncio.create_task(self._push())
        self._started.set()
        await self._stop.wait()
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)
        await runner.cleanup()

    def put(self, update):
        with self._lock:
            update = {"update_id": self._next, **update} if isinstance(update, dict) else update
            self._next += 1
            self.updates.append(update)
            number = self._next - 1
        self._loop.call_soon_threadsafe(self._news.set)
        return number

    def write(self, chat, text, /, kind="message", user=None, **more):
        who = {"id": user or abs(chat), "is_bot": False, "first_name": "测试"}
        number = more.pop("message_id", None) or self.show(chat, text=text)["message_id"]
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        said = {"message_id": number, "date": int(time.time()), "chat": where, "from": who}
        return self.put({kind: said | ({"text": text} if text else {}) | more})

    def press(self, chat, action, message_id=None):
        """Press a button of the newest message that has it; where none has, of one that was sent before the test."""
        query = f"q{self._next}"
        self.queries[query] = time.monotonic() + STALE_SECONDS
        with_it = [m for m in self.messages[chat].values() if m.get("by_bot") and _has(m, action)]
        message = self.messages[chat].get(message_id) or (with_it and with_it[-1])
        if not message:
            markup = {"inline_keyboard": [[{"text": "按钮", "callback_data": action}]]}
            message = self.show(chat, by_bot=True, raw="…", text="…", markup=markup)
        who = {"id": abs(chat), "is_bot": False, "first_name": "测试"}
        press = {"id": query, "from": who, "chat_instance": "1", "data": action}
        self.put(
            {
                "callback_query": press
                | {"message": self._as_result(message) | {"reply_markup": message["markup"]}}
            }
        )
        return query

    def ask_inline(self, user, text, offset=""):
        query = f"i{self._next}"
        self.inline[query] = None
        who = {"id": user, "is_bot": False, "first_name": "测试"}
        self.put({"inline_query": {"id": query, "from": who, "query": text, "offset": offset}})
        return query

    def texts(self, chat):
        return [m["text"] if m["raw"] == m["text"] else parse_html(m["raw"]) for m in self.by_chat[chat]]

    def wait_until(self, true, seconds=20, what="it did not happen"):
        until = time.monotonic() + seconds
        while not (found := true()):
            if time.monotonic() > until:
                raise AssertionError(what() if callable(what) else what)
            time.sleep(0.01)
        return found

    def wait_for(self, chat, count, seconds=20):
        self.wait_until(
            lambda: len(self.by_chat[chat]) >= count, seconds,
            lambda: f"only {len(self.by_chat[chat])} of {count} messages to {chat}: {self.texts(chat)}",
        )  # fmt: skip
        return self.texts(chat)

    def wait_for_text(self, chat, part, seconds=20):
        self.wait_until(
            lambda: any(part in text for text in self.texts(chat)), seconds,
            lambda: f"no message to {chat} has {part}: {self.texts(chat)}",
        )  # fmt: skip

    async def _call(self, request):
        method = request.match_info["method"]
        self.calls[method] += 1
        if request.match_info["token"] != TOKEN:
            return _refusal(Refused(401, "Unauthorized"))
        form = dict(await request.post()) or dict(request.query)
        fault = self.faults[method].popleft() if self.faults[method] else None
        fault = fault or (self.weather.fault(method) if self.weather else None)
        if fault == "slow":
            await asyncio.sleep(self.weather.slow_seconds if self.weather else 0.5)
        try:
            if isinstance(fault, Refused):
                raise fault
            _fail_before(fault, self.weather)
            result = await getattr(self, method if method in METHODS else "notFound")(form)
        except Refused as refused:
            return _refusal(refused)
        except _Cut:
            request.transport.abort()
            return web.Response()
        return _answer(request, result, fault)

    async def notFound(self, form):
        raise Refused(404, "Not Found")

    async def getUpdates(self, form):
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        self._polls += 1
        mine = self._polls
        self.confirmed = max(self.confirmed, int(form.get("offset", 0)) - 1)
        self.allowed = json.loads(form["allowed_updates"]) if form.get("allowed_updates") else self.allowed
        until = time.monotonic() + min(float(form.get("timeout", 0)), 1.0)
        while True:
            if mine != self._polls:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            self._news.clear()
            if (waiting := self._waiting(int(form.get("limit", 100)))) or time.monotonic() > until:
                return waiting
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, until - time.monotonic()))
            except TimeoutError:
                return []

    def _waiting(self, limit):
        with self._lock:
            self.updates = [
                u for u in self.updates if not isinstance(u, dict) or u["update_id"] > self.confirmed - 50
            ]
            found = [
                u
                for u in self.updates
                if not isinstance(u, dict) or (u["update_id"] > self.confirmed and self._is_allowed(u))
            ][:limit]
            again = [u for u in self.updates if isinstance(u, dict) and u["update_id"] <= self.confirmed]
        chance = self.weather.chance if self.weather else None
        if chance and found and again and chance.random() < self.doubled:
            found = [chance.choice(again), *found]
        if chance and chance.random() < self.shuffled:
            found.sort(key=lambda u: _chat_of(u) * 7919 % 101)  # between chats; a chat's own order stays
        return found

    def _is_allowed(self, update):
        named = set(update) - {"update_id"}
        return self.every_kind or self.allowed is None or not named or bool(named & set(self.allowed))

    async def _push(self):
        """Deliver to the webhook, one after the other, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                waiting = self._waiting(1) if self.webhook else []
                if not waiting:
                    await asyncio.sleep(0.005)
                    continue
                headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
                try:
                    async with session.post(
                        self.webhook["url"], json=waiting[0], headers=headers
                    ) as response:
                        self.calls["webhook"] += 1
                        if response.status == 200:
                            self.confirmed = waiting[0]["update_id"]
                            continue
                except (aiohttp.ClientError, KeyError, TypeError):
                    pass
                await asyncio.sleep(0.05)


METHODS = {name for name in vars(Telegram) if name[0].islower() and not name.islower()} | {
    "getUpdates",
    "getMe",
}


class _Cut(Exception):
    """The connection is dropped."""


def _fail_before(fault, weather):
    if fault == "429":
        seconds = weather.retry_after if weather else 1
        raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    if fault == "502":
        raise Refused(502, "Bad Gateway")
    if fault == "drop":
        raise _Cut


def _answer(request, result, fault):
    """The result, unless it gets lost on the way: whole, or after its first half."""
    body = json.dumps({"ok": True, "result": result}).encode()
    if fault == "lost":
        request.transport.abort()
    if fault == "half":
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        request.transport.write(head + body[: len(body) // 2])
        request.transport.close()
    return web.Response(body=body, content_type="application/json")


def _refusal(refused):
    body = {"ok": False, "error_code": refused.code, "description": refused.description}
    body |= {"parameters": refused.parameters} if refused.parameters else {}
    return web.json_response(body, status=refused.code)


def _has(message, action):
    rows = message["markup"].get("inline_keyboard", [])
    return any(button.get("callback_data") == action for row in rows for button in row)


def _chat_of(update):
    inner = next((v for k, v in update.items() if k != "update_id"), {}) if isinstance(update, dict) else {}
    chat = (
        inner.get("chat") or (inner.get("message") or {}).get("chat") or {} if isinstance(inner, dict) else {}
    )
    return chat.get("id", 0) if isinstance(chat, dict) else 0
