"""Conversation in the terminal: rich where there is one, plain lines through a pipe; the session is kept and resumed."""

import asyncio
import secrets
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape, render
from rich.table import Table

from bot.app import App, today
from bot.conversation import Block, Button, Message, Reply
from bot.documents import save_document
from bot.logs import silence
from bot.responding import now
from bot.settings import read_settings
from bot.wording import say

CHANNEL, USER = "console", "console"
LEAVE = {"/quit", "/exit", "退出", "再见"}


def run(action: str = "start") -> None:
    """Talk until the input ends; `action` is what is done first."""
    silence()
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    # The loop runs only while there is something to do: a line is waited for outside of it, where Ctrl-C interrupts.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        app = runner.run(stack.enter_async_context(App.open(read_settings())))
        try:
            last = runner.run(_begin(app, console, action))
            while (line := _read(console)) is not None and line not in LEAVE:
                if line:
                    last = runner.run(_send(app, console, _read_line(line, last))) or last
        except KeyboardInterrupt:
            console.print()
        finally:
            runner.run(stack.aclose())


async def _begin(app: App, console: Console, action: str) -> Reply | None:
    """Greet, or show where the last conversation stopped and go on from there."""
    said = await app.recent(CHANNEL, USER, 6)
    if action != "start" or not said:
        return await _send(app, console, _message(action=action))
    turn = said[max((n + 1 for n, line in enumerate(said) if line.who == "user"), default=0) :]
    console.print(f"[dim]{say('console.resumed')}[/dim]")
    replies = [line.reply for line in turn if line.reply]
    for reply in replies:
        show(console, reply)
    news = await app.pushed(CHANNEL, USER)
    for reply in news:
        if reply not in replies:
            show(console, reply)
    return _askable([*replies, *news])


def _message(text: str = "", action: str = "") -> Message:
    return Message(CHANNEL, USER, secrets.token_hex(8), today(), text, action)


def _read(console: Console) -> str | None:
    """A line without its end; None when the input ends."""
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - so that a line of wide characters can be edited
    try:
        return input("\n› " if sys.stdin.isatty() else "").strip()
    except EOFError:
        console.print()
        return None


def _read_line(line: str, last: Reply | None) -> Message:
    """`#2` presses the second button, and so does `2` unless a figure is asked for, and a label where no question is."""
    buttons = last.buttons if last else ()
    number = line.removeprefix("#")
    figure_asked = last is not None and (last.question or {}).get("type") in {"number", "count"}
    if number.isdecimal() and (line != number or not figure_asked) and 0 < int(number[:6]) <= len(buttons):
        return _message(action=buttons[int(number[:6]) - 1].action)
    named = [b.action for b in buttons if b.label == line and not (last and last.question)]
    return _message(action=named[0]) if named else _message(text=line)


async def _send(app: App, console: Console, message: Message) -> Reply | None:
    """Show what staff wrote meanwhile, then the replies; the one whose buttons hold from now on."""
    news = await app.pushed(CHANNEL, USER)
    replies = await app.handle(message)
    for reply in (*news, *replies):
        show(console, reply)
        _save(app, console, reply)
    return _askable(replies)


def _save(app: App, console: Console, reply: Reply) -> None:
    """A file that comes with a reply goes into the folder in which the program was started."""
    if reply.document is None:
        return
    try:
        path = save_document(app.world, reply.document, now(), Path.cwd())
    except OSError as error:
        console.print(escape(say("console.unsaved", reason=error.strerror)))
    else:
        console.print(escape(say("console.saved", path=path)))


def _askable(replies: "list[Reply] | tuple[Reply, ...]") -> Reply | None:
    return next((reply for reply in reversed(replies) if reply.buttons), None)


def show(console: Console, reply: Reply) -> None:
    """A reply: quotations set off, tables as tables, notes dimmed, buttons by number."""
    console.print()
    if console.is_terminal:
        for block in reply.blocks:
            _show_block(console, block)
    else:
        console.print(escape(reply.text))
    choices = [_choice(number, button) for number, button in enumerate(reply.buttons, 1)]
    if choices:
        figure = (reply.question or {}).get("type") in {"number", "count"}
        console.print(f"[dim]{say('console.choose_figure' if figure else 'console.choose')}[/dim]")
        for row in _rows(choices, console.width) if console.is_terminal else ["  ".join(choices)]:
            console.print(row, soft_wrap=True)


def _rows(choices: list[str], width: int) -> Iterator[str]:
    """Choices side by side as far as a line holds them, none cut in two."""
    row = ""
    for choice in choices:
        if row and cell_len(render(f"{row}  {choice}").plain) > width:
            yield row
            row = choice
        else:
            row = f"{row}  {choice}" if row else choice
    yield row


def _choice(number: int, button: Button) -> str:
    return f"[cyan]#{number}[/cyan] {escape(button.label)}"


def _show_block(console: Console, block: Block) -> None:
    if block.kind == "quote":
        if block.name:
            console.print(f"[bold]依据 {escape(block.name)}[/bold]", soft_wrap=True)
        console.print(f"[green]“{escape(block.text)}”[/green]", soft_wrap=True)
    elif block.kind == "table":
        table = Table(show_lines=True)
        for heading in block.rows[0]:
            table.add_column(
                escape(heading), overflow="fold"
            )  # Chinese has no spaces to break at: nothing is left out
        for row in block.rows[1:]:
            table.add_row(*map(escape, row))
        console.print(table)
    elif block.kind in {"note", "notice"}:
        console.print(f"[dim]{escape(block.text)}[/dim]", soft_wrap=True)
    else:
        console.print(escape(block.text), soft_wrap=True)
