"""A message that comes by request with its session, and what it is answered: one piece of work for the store's thread."""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.conversation import Message, Reply, storable
from bot.personal_data import cover
from bot.responding import Responder
from bot.store import Store
from bot.upkeep import push_reminders_of
from bot.world import World


@dataclass(frozen=True)
class Spoken:
    """What came: a text or an action, in a session or (None) in a new one. `key` is the client's own, or empty; `collects`:
    the client can show replies that had been waiting."""

    channel: str
    session: str | None
    message: Message
    key: str = ""
    collects: bool = False
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    """Stands for the key where there is none: what is tried again is still handled once."""


@dataclass(frozen=True)
class Exchanged:
    """What it led to: the session, what had been waiting, and the replies under the key of their message. `refused`: there
    is no such session, or the key came with other words before."""

    session: str
    waiting: tuple[Reply, ...] = ()
    replies: tuple[Reply, ...] = ()
    key: str = ""
    refused: Literal["", "session", "key"] = ""


def user_of(session: str) -> str:
    """The user whom a session names; the store has no more of a session than this hash."""
    return hashlib.sha256(session.encode(errors="replace")).hexdigest()[:40]


def key_of(user: str, key: str) -> str:
    """The key under which a message is kept: a client's own, hashed with the user, reaches nobody else's replies."""
    return hashlib.sha256(f"{user}\0{key}".encode(errors="replace")).hexdigest()[:40]


def exchange(responder: Responder, spoken: Spoken, at: datetime) -> Exchanged:
    """Handle it. Runs in the store's thread."""
    store, channel = responder.store, spoken.channel
    session = spoken.session or secrets.token_urlsafe(24)
    user = user_of(session)
    if spoken.session is None:
        store.add_session(channel, user, at)
    elif not store.knows(channel, user):
        return Exchanged(session, refused="session")
    key = key_of(user, spoken.key or spoken.nonce)
    message = replace(storable(spoken.message), user=user, key=key)
    if spoken.key:
        before = store.said(channel, user, key)
        if before is not None and before != cover(message.text or message.action):
            return Exchanged(session, refused="key")
    waiting = (
        take_pushed(store, responder.world, channel, user, at) if spoken.session and spoken.collects else ()
    )
    return Exchanged(session, waiting, responder.respond(message, answered=True), key)


def take_pushed(store: Store, world: World, channel: str, user: str, at: datetime) -> tuple[Reply, ...]:
    """Replies that answer no request (a staff answer, a reminder), handed out once."""
    push_reminders_of(store, world, channel, user, at)
    waiting = store.pushed(channel, user)
    if waiting:
        store.mark_sent({outgoing.id: "" for outgoing in waiting}, at)
    return tuple(outgoing.reply for outgoing in waiting)
