"""A Bot API server in the test's own process that refuses what Telegram refuses and can be told to fail."""

import asyncio
import json
import threading
import time
from collections import defaultdict, deque
from html.parser import HTMLParser

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456:TEST-token-of-the-fake-server"
TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Refused(Exception):
    """What the server answers instead of a result."""

    def __init__(self, code, description, **parameters):
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class _Html(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            raise Refused(400, f'Bad Request: can\'t parse entities: unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise Refused(400, "Bad Request: can't parse entities: unmatched end tag")

    def handle_data(self, data):
        self.text += data


def parse_html(text):
    """The text without its tags, or what Telegram says of HTML that is not well formed."""
    html = _Html()
    html.feed(text)
    html.close()
    if html.open:
        raise Refused(400, f"Bad Request: can't parse entities: can't find end tag for {html.open[-1]}")
    return html.text


class FakeBotApi:
    """Updates are put in by `write` and `press`; `sent` has what the bot sent. `faults` are taken one for each call of a
    method: a Refused, or `drop` to close the connection after the work is done."""

    def __init__(self):
        self.updates, self.confirmed, self.sent = [], 0, []
        self.faults = defaultdict(deque)
        self.calls = defaultdict(int)
        self.pending_queries, self.answered_queries = set(), set()
        self.menu, self.webhook = None, None
        self._next, self._lock = 1, threading.Lock()
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), port=0, log_level="critical", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self):
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(5)

    def _app(self):
        return Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])

    def put(self, update):
        with self._lock:
            update = {"update_id": self._next, **update} if isinstance(update, dict) else update
            self._next += 1
            self.updates.append(update)
            return self._next - 1

    def write(self, chat, text, kind="message", **more):
        who = {"id": chat, "is_bot": False, "first_name": "测试"}
        return self.put(
            {
                kind: {
                    "message_id": self._next,
                    "date": int(time.time()),
                    "chat": {"id": chat, "type": "private"},
                    "from": who,
                    "text": text,
                    **more,
                }
            }
        )

    def press(self, chat, action):
        query = f"q{self._next}"
        self.pending_queries.add(query)
        who = {"id": chat, "is_bot": False, "first_name": "测试"}
        message = {
            "message_id": 1,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private"},
            "text": "…",
        }
        return self.put(
            {
                "callback_query": {
                    "id": query,
                    "from": who,
                    "message": message,
                    "chat_instance": "1",
                    "data": action,
                }
            }
        )

    def texts(self, chat):
        return [parse_html(m["text"]) for m in self.sent if m["chat_id"] == chat]

    def wait_for(self, chat, count, seconds=20):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.texts(chat)) >= count:
                return self.texts(chat)
            time.sleep(0.02)
        raise AssertionError(
            f"only {len(self.texts(chat))} of {count} messages to {chat}: {self.texts(chat)}"
        )

    def wait_for_text(self, chat, part, seconds=20):
        until = time.monotonic() + seconds
        while not any(part in text for text in self.texts(chat)):
            if time.monotonic() > until:
                raise AssertionError(f"no message to {chat} has {part}: {self.texts(chat)}")
            time.sleep(0.02)

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls[method] += 1
        if request.path_params["token"] != TOKEN:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        form = dict(await request.form()) or dict(request.query_params)
        try:
            fault = self.faults[method].popleft() if self.faults[method] else None
            if isinstance(fault, Refused):
                raise fault
            result = await getattr(self, f"_{method}", self._anything)(form)
            if fault == "drop":
                return Response(b"", 502)
        except Refused as refused:
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            return JSONResponse(
                body | ({"parameters": refused.parameters} if refused.parameters else {}), refused.code
            )
        return JSONResponse({"ok": True, "result": result})

    async def _anything(self, form):
        return True

    async def _getMe(self, form):
        return {"id": 123456, "is_bot": True, "first_name": "备案通", "username": "beian_test_bot"}

    async def _setMyCommands(self, form):
        self.menu = json.loads(form["commands"])
        for entry in self.menu:
            if not 1 <= len(entry["command"]) <= 32 or not 1 <= len(entry["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    async def _getUpdates(self, form):
        offset = int(form.get("offset", 0))
        self.confirmed = max(self.confirmed, offset - 1)
        until = time.monotonic() + min(float(form.get("timeout", 0)), 1.0)
        while True:
            waiting = [u for u in self.updates if not isinstance(u, dict) or u["update_id"] > self.confirmed]
            if waiting or time.monotonic() > until:
                return waiting[:100]
            await asyncio.sleep(0.02)

    async def _sendMessage(self, form):
        text = parse_html(form["text"]) if form.get("parse_mode") == "HTML" else form["text"]
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refused(400, "Bad Request: message is too long")
        markup = json.loads(form["reply_markup"]) if form.get("reply_markup") else {}
        for row in markup.get("inline_keyboard", []):
            for button in row:
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        message = {"chat_id": int(form["chat_id"]), "text": form["text"], "markup": markup}
        self.sent.append(message)
        return {
            "message_id": len(self.sent),
            "date": int(time.time()),
            "chat": {"id": message["chat_id"], "type": "private"},
            "text": text,
        }

    async def _answerCallbackQuery(self, form):
        query = form["callback_query_id"]
        if query not in self.pending_queries or query in self.answered_queries:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.answered_queries.add(query)
        return True
