"""Somebody of the staff in front of the console, for the tests: signed in without the time that argon2 takes."""

import re
from datetime import UTC, datetime

from bot import ticket_acts, tickets
from bot.accounts import Post, add_account, named
from bot.conversation import Block, Effect, Message, Reply, Turn
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


def opened(store, user="u", place="昆明市", question="能补多少", key="", at=None, **data):
    """A ticket opened by its person in the chat; its number."""
    at = at or datetime(2026, 6, 1, 8, tzinfo=UTC)
    effect = Effect("open_ticket", {"desk": place, "name": f"{place}窗口", "question": question, **data})
    said = Reply("handed_over", (Block("text", "编号 {ticket}，前面 {ahead}"),))
    turn = Turn(store.load("telegram", user), (said,), (effect,))
    asked = Message("telegram", user, f"open {user} {key}", at.date(), "转人工")
    store.receive([asked], at)
    (reply,) = store.commit(turn, asked, at)
    store.mark_sent({outgoing.id: "" for outgoing in store.due("telegram", ())}, at)
    return int(reply.text.split("，")[0].removeprefix("编号 "))


def answered(store, number, text, reply, at):
    return store.transact(lambda db: ticket_acts.answer(db, number, text, reply, ticket_acts.Act(0, at)))


def closed(store, number, reply, at):
    return store.transact(lambda db: ticket_acts.close(db, number, "", reply, ticket_acts.Act(0, at)))


def listed(store, *statuses):
    return store.transact(lambda db: tickets.list_tickets(db, statuses or ("open",)))


def found(store, number):
    return store.transact(lambda db: tickets.find_ticket(db, number))
