"""The command `beian asked`: what people ask, as a summary, as CSV, question by question, and how a question finds its answer."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli_data import open_store
from bot.cli_errors import clear_errors

if TYPE_CHECKING:
    from bot.overview import Overview

WEEK = 7
"""Days of a period that is not said."""

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def asked() -> None:
    """人们问什么：汇总、没答上的问题、检索试验；不含个人数据。"""


@asked.command()
@click.option("--first", type=_DAY, help="第一天，默认七天前。")
@click.option("--last", type=_DAY, help="最后一天，默认昨天。")
@click.option("--place", default="", help="只看一个州（市）全称，或 province。")
@clear_errors
def summary(first: datetime | None, last: datetime | None, place: str) -> None:
    """一段时间的咨询小结。"""
    from bot.overview_text import summary as tell

    click.echo(tell(_read(first, last, place)))


@asked.command("csv")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--first", type=_DAY, help="第一天，默认七天前。")
@click.option("--last", type=_DAY, help="最后一天，默认昨天。")
@click.option("--place", default="", help="只看一个州（市）全称，或 province。")
@clear_errors
def as_csv(file: Path, first: datetime | None, last: datetime | None, place: str) -> None:
    """全部表格写成一个 CSV 文件。"""
    from bot.overview_text import as_csv as write

    file.write_text(write(_read(first, last, place)), "utf-8", newline="")
    click.echo(f"已写入 {file}。")


def _read(first: datetime | None, last: datetime | None, place: str) -> "Overview":
    from bot.app import today
    from bot.helpdesk import PROVINCE
    from bot.overview import read_overview
    from flows.fields import PREFECTURES
    from flows.rules import load_rules

    end: date = last.date() if last else today() - timedelta(1)
    begin: date = first.date() if first else end - timedelta(WEEK - 1)
    if begin > end:
        raise ValueError(f"--first {begin} 晚于 --last {end}")
    if place not in {"", PROVINCE, *PREFECTURES}:
        raise ValueError(f"--place {place!r} 不是州（市）全称；例如 {PREFECTURES[0]}，或 {PROVINCE}")
    with open_store() as store:
        return store.look(lambda db: read_overview(db, load_rules(), begin, end, place))


@asked.command()
@click.option("--limit", default=20, type=click.IntRange(1), help="最多几组，多的在前。")
@clear_errors
def questions(limit: int) -> None:
    """没答上的和评价低的问题，相近的归为一组；个人信息已遮盖。"""
    from bot.current import current_world
    from bot.grouping import group, read_asked

    with open_store() as store:
        found = store.look(read_asked)
    for one in group(current_world().knowledge, found)[:limit]:
        useless = sum(a.why == "useless" for a in one.asked)
        click.echo(
            f"{one.size}\t{one.asked[0].at[:10]}\t{'评价低' if useless else '没答上'}\t{one.asked[0].text}"
        )


@asked.command()
@click.argument("question")
@clear_errors
def bench(question: str) -> None:
    """检索试验：一个问题怎样读，哪些条目候选，各得多少分。"""
    from bot.current import current_world
    from bot.wording_bench import bench_text
    from knowledge.bench import look

    click.echo(bench_text(look(current_world().knowledge, question)))
