"""Conversation in the terminal: rich where there is one, plain lines through a pipe; the session is kept and resumed."""

import asyncio
import logging
import secrets
import sys
from datetime import date

import structlog
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.app import App, today
from bot.conversation import Block, Button, Message, Reply
from bot.settings import read_settings

CHANNEL, USER = "console", "console"


def run(action: str = "start") -> None:
    """Talk until the input ends; `action` is what is done first."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_talk(action))


async def _talk(action: str) -> None:
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    async with App.open(read_settings()) as app:
        buttons: tuple[Button, ...] = ()
        if action == "start":
            for who, text, reply in (await app.recent(CHANNEL, USER))[-2:]:
                show(console, reply) if reply else console.print(f"[dim]{who}：{escape(text)}[/dim]")
                buttons = reply.buttons if reply else buttons
        if action != "start" or not buttons:
            buttons = await _send(app, console, _message(action=action))
        while (line := await asyncio.to_thread(_read)) is not None:
            if line in {"/quit", "/exit", "退出"}:
                break
            if line:
                buttons = await _send(app, console, _read_line(line, buttons))


def _message(text: str = "", action: str = "", day: date | None = None) -> Message:
    return Message(CHANNEL, USER, secrets.token_hex(8), day or today(), text, action)


def _read() -> str | None:
    """A line without its end; None when the input ends."""
    try:
        return input("\n› " if sys.stdin.isatty() else "").strip()
    except (EOFError, KeyboardInterrupt):
        return None


def _read_line(line: str, buttons: tuple[Button, ...]) -> Message:
    """`#2` presses the second button; anything else is said as it stands."""
    if line.startswith("#") and line[1:].isdecimal() and 0 < int(line[1:]) <= len(buttons):
        return _message(action=buttons[int(line[1:]) - 1].action)
    return _message(text=line)


async def _send(app: App, console: Console, message: Message) -> tuple[Button, ...]:
    replies = (*await app.pushed(CHANNEL, USER), *await app.handle(message))
    for reply in replies:
        show(console, reply)
    return replies[-1].buttons if replies else ()


def show(console: Console, reply: Reply) -> None:
    """A reply: quotations set in, tables as tables, notes dimmed, buttons by number."""
    console.print()
    for block in reply.blocks:
        _show_block(console, block)
    if reply.buttons:
        choices = "  ".join(f"[cyan]#{n}[/cyan] {escape(b.label)}" for n, b in enumerate(reply.buttons, 1))
        console.print(f"[dim]（输入 # 加序号选择）[/dim] {choices}")


def _show_block(console: Console, block: Block) -> None:
    if block.kind == "quote":
        if block.name:
            console.print(f"[bold]依据 {escape(block.name)}[/bold]")
        console.print(f"[green]“{escape(block.text)}”[/green]")
    elif block.kind == "table":
        table = Table(*block.rows[0], show_lines=True)
        for row in block.rows[1:]:
            table.add_row(*map(escape, row))
        console.print(table)
    elif block.kind in {"note", "notice"}:
        console.print(f"[dim]{escape(block.text)}[/dim]")
    else:
        console.print(escape(block.text))
