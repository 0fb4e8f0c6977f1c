"""The command `beian data`: a person's data, retention, backup, what people say of answers; the store that commands use."""

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli_errors import clear_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store import Store


@click.group()
def data() -> None:
    """个人数据与备份。"""


@data.command()
@click.argument("channel")
@click.argument("user")
@clear_errors
def export(channel: str, user: str) -> None:
    """导出一个人的全部数据（JSON）。渠道是 telegram、web 或 console。"""
    with open_store() as store:
        click.echo(json.dumps(store.export(channel, user), ensure_ascii=False, indent=1))


@data.command()
@click.argument("channel")
@click.argument("user")
@click.confirmation_option(prompt="将删除这个人的全部数据，不能恢复。确定吗？", help="不再询问，直接删除。")
@clear_errors
def erase(channel: str, user: str) -> None:
    """删除一个人的全部数据；工单只留编号、窗口和时间。"""
    from bot.wording_data import word_erased

    with open_store() as store:
        erased = store.erase(channel, user)
    click.echo(f"已删除：{word_erased(erased)}。")


@data.command()
@click.option("--days", type=click.IntRange(1), help="保存天数，默认按设置。")
@clear_errors
def purge(days: int | None) -> None:
    """删除超过保存期的对话。"""
    from bot.settings import read_settings
    from bot.upkeep import purge_all

    keep = days or read_settings().retention_days
    with open_store() as store:
        removed = purge_all(store, keep, datetime.now(UTC))
    click.echo(f"已删除{removed}个超过{keep}天的对话。")


@data.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@clear_errors
def backup(target: Path) -> None:
    """在线备份数据库，不影响正在运行的服务。"""
    with open_store() as store:
        store.backup(target)
    click.echo(f"已备份到 {target}。")


@data.command()
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@clear_errors
def restore(copy: Path) -> None:
    """把备份恢复到 BEIAN_DATABASE 指定的新数据库（SQLite 或 PostgreSQL）。"""
    from bot.settings import read_settings
    from bot.store_opening import restore_store

    restore_store(copy, read_settings().database)
    click.echo(f"已从 {copy} 恢复。")


@data.command()
@click.argument("sqlite", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("postgres", required=False)
@clear_errors
def migrate(sqlite: Path, postgres: str | None) -> None:
    """从 SQLite 文件搬到空的 PostgreSQL 数据库（默认 BEIAN_DATABASE）；先停止程序，中断后再运行会接着搬。"""
    from bot.settings import read_settings
    from bot.store_opening import migrate_store

    def tell(table: str, rows: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{table} {rows}行\033[K", nl=False, err=True)

    moved = migrate_store(sqlite, postgres or read_settings().database, tell)
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    for table in moved:
        click.echo(f"{table.table}\t{table.rows}行\tSHA-256 {table.sha256[:16]}\t一致")
    click.echo("已全部搬完，行数和校验值一致。现在可以把 BEIAN_DATABASE 改为新的数据库。")


@data.command()
@click.option("--limit", default=1000, type=click.IntRange(1), help="最多几条，新的在前。")
@clear_errors
def feedback(limit: int) -> None:
    """列出用户对答复和页面的评价（JSON Lines）。"""
    from dataclasses import asdict

    with open_store() as store:
        for given in store.feedback(limit):
            shown = {name: value for name, value in asdict(given).items() if name not in {"channel", "user"}}
            click.echo(json.dumps(shown, ensure_ascii=False))


@contextmanager
def open_store(*, must_exist: bool = True) -> "Iterator[Store]":
    """The store of the settings, which must exist: a command run in the wrong folder must not make an empty one. The first
    account may be made before the first start."""
    from bot import store_opening
    from bot.settings import read_settings

    store = store_opening.open_store(read_settings().database, must_exist=must_exist)
    try:
        yield store
    finally:
        store.close()
