"""The id of a request or an update, through all layers: in every line of the log, and in what its sender is told of an error."""

import contextvars
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars

from bot.conversation import Message
from bot.personal_data import cover

T = TypeVar("T")

HEADER = "x-request-id"
_NAME = "request"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}")


def begin_request(given: str = "") -> str:
    """From here on this task works for a request: by the id that a proxy gave, if it is well-formed and no number of a person,
    or by a new one."""
    name = given if _WELL_FORMED.fullmatch(given) and cover(given) == given else secrets.token_hex(8)
    bind_contextvars(**{_NAME: name})
    return name


def request_id() -> str:
    """The id of the request that is worked for; empty where it is none."""
    return str(get_contextvars().get(_NAME, ""))


def id_of(channel: str, key: str) -> str:
    """The id of what came without a request: the channel's own number of the update."""
    return f"{channel}-{key}"


def working_for(message: Message) -> AbstractContextManager[object]:
    """What is done inside is done for a message; it keeps the id of the request that brought it, if one did."""
    if request_id() or not message.key:
        return nullcontext()
    return bound_contextvars(**{_NAME: id_of(message.channel, message.key)})


def carried(work: Callable[[], T]) -> Callable[[], T]:
    """The work, which in another thread still knows for what it is done."""
    context = contextvars.copy_context()
    return lambda: context.run(work)
