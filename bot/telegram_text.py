"""Replies as Telegram shows them: well-formed HTML in pieces of at most 4,096 characters, and inline keyboards."""

import re
from collections.abc import Iterator
from html import escape, unescape

from bot.conversation import Block, Reply

LONGEST = 4096
"""Characters of one message, counted in UTF-16 as the Bot API does; tags are counted too, to be on the safe side."""

VOTES = {"useful": "有帮助", "useless": "没帮助"}
"""Buttons that rate an answer."""

LONGEST_KEY = 40
"""Characters of a message's key that still fits into a button's 64 bytes."""

_WIDE = 12
"""Characters of a button's label beyond which it has a row of its own."""


def render(reply: Reply) -> list[str]:
    """The messages of a reply, each well-formed by itself; a block is split at a line only where it is too long."""
    pieces: list[str] = []
    for block in reply.blocks:
        for part in _block(block):
            if pieces and length(pieces[-1]) + length(part) + 2 <= LONGEST:
                pieces[-1] += "\n\n" + part
            else:
                pieces.append(part)
    return pieces or ["…"]


def plain(piece: str) -> str:
    """A rendered piece without its tags."""
    return unescape(re.sub("<[^>]+>", "", piece))


def length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block(block: Block) -> Iterator[str]:
    if block.kind == "quote":
        head = f"<b>依据 {escape(block.name)}</b>\n" if block.name else ""
        for n, part in enumerate(_cut(block.text)):
            yield (head if n == 0 else "") + f"<blockquote expandable>{escape(part)}</blockquote>"
    elif block.kind == "table":
        yield "\n".join(_row(block.rows[0], row) for row in block.rows[1:])
    elif block.kind in {"note", "notice"}:
        yield from (f"<i>{escape(part)}</i>" for part in _cut(block.text))
    else:
        yield from (escape(part) for part in _cut(block.text))


def _row(header: tuple[str, ...], row: tuple[str, ...]) -> str:
    """A row in a line; where there are several columns each value has its column's name."""
    named = len(row) > 2
    values = (f"{name}{value}" if named else value for name, value in zip(header[1:], row[1:], strict=True))
    return f"<b>{escape(row[0])}</b>：{escape('；'.join(values))}"


def _cut(text: str) -> Iterator[str]:
    """A text in parts that fit into one message whatever is escaped in them, cut at the end of a line if there is one."""
    room = LONGEST - 96
    rest = text
    while length(escape(rest)) > room:
        end = len(rest)
        while length(escape(rest[:end])) > room:
            end = end * room // (length(escape(rest[:end])) + 1)
        line = rest.rfind("\n", 1, end)
        end = line if line > 0 else max(end, 1)
        yield rest[:end]
        rest = rest[end:].lstrip("\n")
    if rest:
        yield rest


def keyboard(reply: Reply, key: str = "") -> list[list[dict[str, str]]]:
    """Buttons in rows: up to three short ones beside each other, a long one by itself; at most a hundred. An answer to the
    message of a key can be rated in a last row."""
    rows: list[list[dict[str, str]]] = []
    room = 0
    for button in reply.buttons[:96]:
        wide = len(button.label) > _WIDE
        entry = {"text": button.label, "callback_data": button.action}
        if wide or room <= 0:
            rows.append([entry])
            room = 0 if wide else 2
        else:
            rows[-1].append(entry)
            room -= 1
    if key and reply.outcome in {"answered", "abstained"} and len(key) <= LONGEST_KEY:
        rows.append([{"text": title, "callback_data": f"{vote}:{key}"} for vote, title in VOTES.items()])
    return rows
