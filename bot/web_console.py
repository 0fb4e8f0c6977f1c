"""The staff console's frame: who is signed in, what the role may do, the form's token, the navigation, the audit log.

A page of the console is a `Page`: method, path under /staff, the action that it is (a row of `roles.ALLOWED`), a function
from a `Visit` to a response, and a title where it belongs in the navigation. A module has a list of its pages, `PAGES`, and
`channel_web.create_app` adds it to `CONSOLE`. That is all: the frame asks who is signed in, answers 403 to a role that may
not, refuses a form without its token (`<input type="hidden" name="csrf" value="{{ csrf }}">` in every form), and notes each
action that changes something. A template extends `console.html`, which has the blocks `title`, `head` and `main`, and is
shown by `visit.render(name, **values)`. A handler raises `ProblemError(404, {})` for what the person may not see."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.app import App
from bot.audit import note
from bot.responding import now
from bot.roles import ALLOWED, ROLES, may
from bot.settings import Settings
from bot.sign_in import Session, find_session
from bot.store_sql import Sql
from bot.web_guard import policy
from bot.web_problems import ProblemError
from bot.web_templates import Pages
from bot.wording import say

T = TypeVar("T")

COOKIE = "beian_staff"
ROOT = "/staff"

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Console:
    """What every page of the console works with. `clock` gives the time in UTC."""

    app: App
    settings: Settings
    pages: Pages
    clock: Clock = now
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Passwords that are looked at together: each takes 64 MiB."""


@dataclass
class Visit:
    """One request of somebody who is signed in and may do what the page does."""

    console: Console
    request: Request
    session: Session
    page: "Page"
    links: Sequence["Page"]
    form: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """Now, in UTC."""
        return self.console.clock()

    @property
    def who(self) -> int:
        """The number of the account."""
        return self.session.account.id

    def number(self, name: str) -> int:
        """A number in the path; 404 where it is none that a row can have."""
        raw = str(self.request.path_params.get(name, ""))
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 15):
            raise ProblemError(404, {})
        return int(raw)

    async def transact(self, do: Callable[[Sql], T]) -> T:
        """Work in the store, in one transaction."""
        return await self.console.app.transact(do)

    async def look(self, do: Callable[[Sql], T]) -> T:
        """Read in the store, in one transaction that writes nothing."""
        return await self.console.app.look(do)

    async def note(self, subject: str = "") -> None:
        """Write in the audit log that this person did what the page does; for pages that are only read."""
        await self.transact(lambda db: note(db, self.who, self.page.action, subject, self.at))

    def render(self, name: str, /, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - template values
        """A page of the console; no cache keeps it."""
        account = self.session.account
        links = [(ROOT + page.path, page.title) for page in self.links if may(account.role, page.action)]
        known = {
            "account": account,
            "role": ROLES[account.role],
            "csrf": self.session.csrf,
            "links": links,
            "path": self.request.url.path,
            "done": _told(self.request.query_params.get("done", "")),
        }
        return plain(self.console.pages.part(name, **{**known, **values}), status)

    def go(self, path: str, done: str = "") -> Response:
        """Show another page of the console next; `done` names what it tells on top (wording.toml, [staff_done])."""
        return RedirectResponse(f"{ROOT}{path}" + (f"?done={done}" if done else ""), 303)


@dataclass(frozen=True)
class Page:
    """One page or form of the console; see the module's first lines. `quiet`: the page asks by itself, which keeps no session
    alive. `path` may have parameters, as in `/tickets/{ticket}`."""

    method: Literal["GET", "POST"]
    path: str
    action: str
    show: Callable[[Visit], Awaitable[Response]]
    title: str = ""
    quiet: bool = False

    def __post_init__(self) -> None:
        if self.action not in ALLOWED:
            raise ValueError(f"{self.path}: the action {self.action} is not in roles.ALLOWED")


def make_router(console: Console, pages: Sequence[Page]) -> APIRouter:
    """The routes of the console."""
    router = APIRouter(prefix=ROOT, include_in_schema=False)
    links = [page for page in pages if page.title]
    for page in pages:
        router.add_api_route(page.path, _endpoint(console, page, links), methods=[page.method])
    return router


def plain(html: str, status: int = 200) -> Response:
    """HTML for the person who asked for it alone, in no frame and no cache."""
    headers = {"cache-control": "no-store", "content-security-policy": policy("'none'")}
    return HTMLResponse(html, status, headers)


def _endpoint(
    console: Console, page: Page, links: Sequence[Page]
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        token = request.cookies.get(COOKIE, "")
        at = console.clock()
        session = await console.app.transact(lambda db: find_session(db, token, at, touch=not page.quiet))
        if session is None:
            return sign_in_first(request, page)
        if not may(session.account.role, page.action):
            raise ProblemError(403, {"role": f"{ROLES[session.account.role]}不能使用这一页"})
        visit = Visit(console, request, session, page, links)
        if page.method == "POST":
            visit.form = await read_form(request)
            if not compare_digest(visit.form.get("csrf", "").encode(), session.csrf.encode()):
                raise ProblemError(403, {"csrf": "这个页面已经过期，请返回上一页刷新后再试"})
        response = await page.show(visit)
        response.headers.setdefault("cache-control", "no-store")
        return response

    return handle


def sign_in_first(request: Request, page: Page) -> Response:
    """Where somebody goes who is not signed in: back to the page afterwards, if it was one to read."""
    if page.quiet:
        raise ProblemError(401, {"session": "登录已过期，请重新登录"})
    wanted = request.url.path if page.method == "GET" else ROOT
    if page.method == "GET" and request.url.query:
        wanted += f"?{request.url.query}"
    return RedirectResponse(f"{ROOT}/sign-in?next={quote(wanted)}", 303)


def _told(done: str) -> str:
    """What a page tells on top of what was done just before; nothing for a word that is not ours."""
    try:
        return say(f"staff_done.{done}") if done.isidentifier() else ""
    except KeyError:
        return ""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as the store can take them; files are none of them."""
    given = await request.form()
    return {
        name: value.encode("utf-8", "replace").decode().replace("\0", "").replace("\r\n", "\n")
        for name, value in given.items()
        if isinstance(value, str)
    }
