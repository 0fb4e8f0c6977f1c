"""Somebody of the staff in front of the console, for the tests: signed in without the time that argon2 takes."""

import re
from datetime import UTC, datetime

from bot.accounts import Post, add_account, named
from bot.sign_in import enter
from bot.web_console import COOKIE

POSTS = {
    "clerk": Post("clerk", "昆明市"),
    "officer": Post("officer"),
    "editor": Post("editor"),
    "administrator": Post("administrator"),
}


def make_account(store, name, post, at=None):
    return store.transact(lambda db: add_account(db, name, "", post, "", at or datetime.now(UTC)))


async def sign_in_as(http, name, post):
    """Sign in as a new or known account; the token that its forms need."""
    at = datetime.now(UTC)

    def make(db):
        account = named(db, name)
        return enter(db, account.id if account else add_account(db, name, "", post, "", at), at)

    token = await http.app.transact(make)
    http.cookies.set(COOKIE, token)
    return csrf_of((await http.get("/staff/password")).text)


def csrf_of(page):
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]
