"""The commands `beian telegram` and `beian telegram failed`: Telegram alone, and the replies that could not be sent."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli_data import open_store
from bot.cli_errors import clear_errors

if TYPE_CHECKING:
    from bot.store import Outgoing, Store

REASONS = {"blocked": "用户已屏蔽机器人", "gone": "对话已不存在"}


@click.group(invoke_without_command=True)
@click.pass_context
@clear_errors
def telegram(context: click.Context) -> None:
    """只启动 Telegram（长轮询）；failed 列出没有送达的回复。"""
    if context.invoked_subcommand is not None:
        return
    from bot.channel_telegram import run_polling
    from bot.settings import read_settings

    sys.exit(run_polling(read_settings()))


@telegram.command()
@click.option("--resend", "numbers", type=int, multiple=True, metavar="编号", help="重发这一条，可写多次。")
@click.option("--resend-all", is_flag=True, help="全部重发。")
@clear_errors
def failed(numbers: tuple[int, ...], resend_all: bool) -> None:
    """列出没有送达的回复：编号、时间、对话、原因、开头；正在运行的程序会发出重发的。"""
    with open_store() as store:
        if numbers or resend_all:
            click.echo(resend(store, None if resend_all else numbers))
        else:
            click.echo(list_failed(store))


def list_failed(store: "Store") -> str:
    """One line a reply: number, when it was written, chat, reason, its opening."""
    lines = [
        f"{o.id}\t{_time(o.created_at)}\t{o.user}\t{_reason(o)}\t{_opening(o)}"
        for o in store.failed("telegram")
    ]
    return "\n".join(lines) or "没有未送达的回复。"


def resend(store: "Store", numbers: tuple[int, ...] | None) -> str:
    """Put replies back into the queue; ValueError where a number is not that of a failed reply."""
    known = {outgoing.id for outgoing in store.failed("telegram")}
    if missing := [number for number in numbers or () if number not in known]:
        raise ValueError(f"没有编号 {missing[0]} 的未送达回复")
    return f"{store.resend('telegram', numbers)}条回复已放回发送队列。"


def _reason(outgoing: "Outgoing") -> str:
    return REASONS.get(outgoing.reason, outgoing.reason)


def _time(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")


def _opening(outgoing: "Outgoing") -> str:
    return "".join(c if c.isprintable() else " " for c in outgoing.reply.text[:30])
