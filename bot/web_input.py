"""What users and programs send, before anything is done with it: JSON with exact figures, and texts that can be read."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.web_problems import ProblemError

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]")
"""Control characters, lone surrogates and Unicode tags: nobody types them, and tags carry text that nobody sees."""

_ACTIVE = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|svg|img|link|meta|base|form|style|template)\b|<[^<>]*\son\w+\s*=|javascript\s*:",
    re.IGNORECASE,
)
"""Markup that is meant to run. It would only ever be shown as the text it is; it is refused because it is no question."""


def require_readable(**texts: str | None) -> None:
    """ProblemError 422 that names the field of a text with hidden characters or with program code in it."""
    for field, text in texts.items():
        if not text:
            continue
        if found := _HIDDEN.search(text):
            raise ProblemError(422, {field: f"第{found.start() + 1}个字符是看不见的字符，请删去后再发"})
        if _ACTIVE.search(text):
            raise ProblemError(422, {field: "这里面有网页代码，请改用普通文字"})


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object with exact figures; ProblemError for anything else, keys that stand twice and figures beyond reason."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ProblemError(422, {twice: "这一项出现了两次"})
        for name, value in pairs:
            require_readable(body=name, **({name: value} if isinstance(value, str) else {}))
        return dict(pairs)

    try:
        raw = json.loads(body.decode(), object_pairs_hook=once, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, InvalidOperation, RecursionError):
        raise ProblemError(
            400, {"body": '不是 JSON（UTF-8）；请发送一个对象，如 {"track": "pilot_base"}'}
        ) from None
    if not isinstance(raw, dict):
        raise ProblemError(422, {"body": "请发送一个 JSON 对象"})
    return raw
