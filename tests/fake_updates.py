"""Random updates in the shape of python-telegram-bot's own types, with fields missing, odd and of the wrong kind."""

import datetime as dtm
import inspect
import types
import typing
from collections.abc import Sequence
from functools import cache

import telegram
from telegram import Update

ODD = [None, 0, -1, "", "x", True, [], {}, [None], 2**70, "\ud800", "\0", {"id": "x"}, 1.5]
TEXTS = [
    "公示几天",
    "/start",
    "/article 9.3",
    "@beian_test_bot 场地",
    "/start a9-3",
    "😀" * 300,
    "",
    "a" * 4096,
    "set:x:y",
    "/mydata",
]
NAMES = {"from_user": "from"}


@cache
def hints(cls):
    """The types of a class's parameters, as far as they can be resolved; those without a default, and the others."""
    known = {**vars(telegram), **vars(typing), "dtm": dtm, "Sequence": Sequence, "timedelta": dtm.timedelta}
    required, optional = {}, {}
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        if name in {"self", "api_kwargs"} or parameter.kind is parameter.VAR_KEYWORD:
            continue
        try:
            hint = parameter.annotation
            hint = eval(hint, vars(inspect.getmodule(cls)) | known) if isinstance(hint, str) else hint
        except (NameError, TypeError, SyntaxError):
            continue
        (required if parameter.default is parameter.empty else optional)[name] = hint
    return required, optional


def random_value(chance, hint, depth):
    """A JSON value for a type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return random_value(chance, chance.choice([a for a in arguments if a is not type(None)]), depth)
    if isinstance(origin, type) and issubclass(origin, Sequence | list | tuple):
        return [random_value(chance, arguments[0], depth + 1) for _ in range(chance.randrange(3))]
    if isinstance(hint, typing.ForwardRef):
        hint = getattr(telegram, hint.__forward_arg__, str)
    if isinstance(hint, str):
        hint = getattr(telegram, hint, str)
    if inspect.isclass(hint) and issubclass(hint, telegram.TelegramObject):
        return random_object(chance, hint, depth + 1)
    if hint is bool:
        return chance.random() < 0.5
    if hint is str:
        return chance.choice(TEXTS)
    return chance.choice([chance.randrange(1, 50), chance.randrange(2**40), -chance.randrange(1, 50)])


def random_object(chance, cls, depth=0):
    """A dictionary with the parameters of a class; the deeper, the fewer of those that may be left out."""
    if depth > 4:
        return {}
    required, optional = hints(cls)
    chosen = {n: h for n, h in optional.items() if chance.random() < 0.25 / (depth + 1)}
    return {
        NAMES.get(name, name): random_value(chance, hint, depth) for name, hint in (required | chosen).items()
    }


def random_update(chance):
    """An update of any kind of the Bot API; every second one has something missing or odd."""
    kind = chance.choice(sorted(Update.ALL_TYPES))
    update = {kind: random_value(chance, hints(Update)[1][kind], 0)}
    if chance.random() < 0.5:
        for _ in range(chance.randrange(1, 4)):
            spoil(chance, update[kind])
    return update


def spoil(chance, value):
    """Take a field away, or put something odd in its place, somewhere inside."""
    while isinstance(value, dict) and value:
        name = chance.choice(sorted(value))
        if chance.random() < 0.5 and isinstance(value[name], dict) and value[name]:
            value = value[name]
            continue
        if chance.random() < 0.5:
            del value[name]
        else:
            value[name] = chance.choice(ODD)
        return
