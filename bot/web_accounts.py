"""Signing in and out, invitations, one's own password, and the administrator's pages of accounts and the audit log."""

import asyncio
import re

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot import accounts, sign_in
from bot.audit import noted
from bot.passwords import hash_password, hash_token, is_password, new_token, weakness
from bot.roles import ROLES, Role, may
from bot.web_console import COOKIE, ROOT, Console, Page, Visit, plain, read_form
from bot.web_limits import Rate
from bot.web_problems import ProblemError
from bot.wording import say
from flows.fields import PREFECTURES

TRIES_A_MINUTE = 30
"""Of one address: each costs some 50 ms of a processor."""

_OURS = re.compile(r"/staff(?:/[\w/]*)?(?:\?[\w=&%.-]*)?")


def make_router(console: Console) -> APIRouter:
    """The routes for those who are not signed in yet."""
    router = APIRouter(prefix=ROOT, include_in_schema=False)
    rate = Rate(TRIES_A_MINUTE)

    def form(status: int = 200, **values: str) -> Response:
        return plain(console.pages.part("console_sign_in.html", **values), status)

    @router.get("/sign-in")
    async def show(request: Request) -> Response:
        return form(next=_next(request.query_params.get("next", "")))

    @router.post("/sign-in")
    async def enter(request: Request) -> Response:
        rate.check("address", request.client.host if request.client else "?")
        given = await read_form(request)
        name, after = given.get("name", "").strip()[:100], _next(given.get("next", ""))
        at = console.clock()
        tried = await console.app.transact(lambda db: sign_in.attempt(db, name, at))
        async with console.hashing:
            right = await asyncio.to_thread(is_password, given.get("password", ""), tried.password_hash)
        if tried.locked_until:
            return form(429, next=after, name=name, wrong=say("staff.locked"))
        if not right:
            await console.app.transact(lambda db: sign_in.refuse(db, tried.account, at))
            return form(422, next=after, name=name, wrong=say("staff.refused"))
        token = await console.app.transact(lambda db: sign_in.enter(db, tried.account, at))
        return _with_cookie(console, request, RedirectResponse(after, 303), token)

    @router.get("/join/{word}")
    async def invited(word: str) -> Response:
        post = await console.app.transact(
            lambda db: accounts.invitation(db, hash_token(word), console.clock())
        )
        if post is None:
            raise ProblemError(404, {})
        return plain(console.pages.part("console_join.html", post=post, role=ROLES[post.role]))

    @router.post("/join/{word}")
    async def join(request: Request, word: str) -> Response:
        rate.check("address", request.client.host if request.client else "?")
        given, at, hashed = await read_form(request), console.clock(), hash_token(word)
        post = await console.app.transact(lambda db: accounts.invitation(db, hashed, at))
        if post is None:
            raise ProblemError(404, {})
        name, title, password = (given.get(field, "") for field in ("name", "title", "password"))
        wrong = _password_wrong(given, name)
        if not wrong:
            async with console.hashing:
                made = await asyncio.to_thread(hash_password, password)
            try:
                await console.app.transact(
                    lambda db: accounts.accept(db, hashed, name.strip(), title, made, at)
                )
            except ValueError as error:
                wrong = str(error)
        if wrong:
            values = {"post": post, "role": ROLES[post.role], "name": name, "title": title, "wrong": wrong}
            return plain(console.pages.part("console_join.html", **values), 422)
        return RedirectResponse(f"{ROOT}/sign-in", 303)

    return router


def _next(path: str) -> str:
    """Where to go after signing in: a page of the console and nowhere else."""
    return path if _OURS.fullmatch(path) else ROOT


def _with_cookie(console: Console, request: Request, response: Response, token: str) -> Response:
    secure = (console.settings.public_url or str(request.base_url)).startswith("https:")
    response.set_cookie(COOKIE, token, path=ROOT, httponly=True, samesite="lax", secure=secure)
    response.headers["cache-control"] = "no-store"
    return response


def _password_wrong(form: dict[str, str], name: str) -> str:
    if form.get("password", "") != form.get("again", ""):
        return "两次输入的密码不一样"
    return weakness(form.get("password", ""), name.strip())


async def _home(visit: Visit) -> Response:
    """The first page of the navigation that the role may open."""
    for page in visit.links:
        if page.path and may(visit.session.account.role, page.action):
            return visit.go(page.path)
    return visit.render("console_home.html")


async def _sign_out(visit: Visit) -> Response:
    token = visit.request.cookies.get(COOKIE, "")
    await visit.transact(lambda db: sign_in.leave(db, token, visit.who, visit.at))
    response = visit.go("/sign-in")
    response.delete_cookie(COOKIE, path=ROOT)
    return response


async def _password(visit: Visit) -> Response:
    return visit.render("console_password.html")


async def _set_password(visit: Visit) -> Response:
    account, given, console = visit.session.account, visit.form, visit.console
    tried = await visit.transact(lambda db: sign_in.attempt(db, account.name, visit.at))
    async with console.hashing:
        right = await asyncio.to_thread(is_password, given.get("old", ""), tried.password_hash)
    wrong = "" if right else say("staff.old_password")
    wrong = wrong or _password_wrong(given, account.name)
    if wrong:
        return visit.render("console_password.html", 422, wrong=wrong)
    async with console.hashing:
        made = await asyncio.to_thread(hash_password, given["password"])
    await visit.transact(lambda db: accounts.set_password(db, account.id, made, visit.at, visit.who))
    token = await visit.transact(lambda db: sign_in.enter(db, account.id, visit.at))
    return _with_cookie(visit.console, visit.request, visit.go("/password", "password"), token)


async def _accounts(visit: Visit) -> Response:
    return await _show_accounts(visit)


async def _show_accounts(visit: Visit, status: int = 200, **values: str) -> Response:
    everybody = await visit.transact(accounts.list_accounts)
    return visit.render(
        "console_accounts.html", status, accounts=everybody, roles=ROLES, prefectures=PREFECTURES, **values
    )


async def _invite(visit: Visit) -> Response:
    role: Role = visit.form.get("role", "")  # type: ignore[assignment]
    try:
        post = accounts.Post(role, visit.form.get("desk", "") if role == "clerk" else "")
    except ValueError as error:
        return await _show_accounts(visit, 422, wrong=str(error))
    word = new_token()
    await visit.transact(lambda db: accounts.invite(db, hash_token(word), post, visit.at, visit.who))
    site = visit.console.pages.site(visit.request)
    return await _show_accounts(
        visit, link=f"{site}{ROOT}/join/{word}", invited=f"{ROLES[post.role]} {post.desk}"
    )


async def _set_active(visit: Visit) -> Response:
    number, active = visit.number("account"), visit.form.get("active") == "1"
    if number == visit.who:
        return await _show_accounts(visit, 422, wrong=say("staff.not_oneself"))
    if await visit.transact(lambda db: accounts.find_account(db, number)) is None:
        raise ProblemError(404, {})
    await visit.transact(lambda db: accounts.set_active(db, number, visit.at, active=active, by=visit.who))
    return visit.go("/accounts", "opened" if active else "stopped")


async def _audit(visit: Visit) -> Response:
    raw = visit.request.query_params.get("before", "")
    before = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 16 else 0
    lines = await visit.transact(lambda db: noted(db, before))
    names = {account.id: account.shown for account in await visit.transact(accounts.list_accounts)}
    return visit.render("console_audit.html", lines=lines, names=names)


PAGES = (
    Page("GET", "", "home", _home),
    Page("POST", "/sign-out", "sign_out", _sign_out),
    Page("GET", "/password", "password", _password),
    Page("POST", "/password", "password", _set_password),
    Page("GET", "/accounts", "accounts", _accounts, "人员"),
    Page("POST", "/accounts/invitations", "accounts", _invite),
    Page("POST", "/accounts/{account}/active", "accounts", _set_active),
    Page("GET", "/audit", "audit", _audit, "操作记录"),
)
