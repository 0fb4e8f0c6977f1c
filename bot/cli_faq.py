"""The command `beian faq`: the FAQ searched, and edited under control."""

import sys
import tomllib
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli_data import open_store
from bot.cli_errors import SOME_FAILED, clear_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.faq_editing import Checked
    from bot.store import Store
    from bot.world import World


class Faq(click.Group):
    """What is none of its commands are words to search for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or the search for all the words."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["search", *args])


@click.group(cls=Faq, invoke_without_command=True, subcommand_metavar="[WORDS]... | COMMAND [ARGS]...")
@click.pass_context
def faq(ctx: click.Context) -> None:
    """常见问题；写上关键词就是搜索。"""
    if ctx.invoked_subcommand is None:
        ctx.invoke(search)


@faq.command()
@click.argument("words", nargs=-1)
@clear_errors
def search(words: tuple[str, ...] = ()) -> None:
    """按关键词搜索；不写则按主题列出。"""
    from bot.ask import faq_text

    click.echo(faq_text(" ".join(words)))


_BY = click.option("--as", "by", required=True, metavar="NAME", help="以哪个账号的名义；会记入历史。")
_REASON = click.option("--reason", required=True, help="原因；会记入历史。")
_CORRECTS = click.option("--correction", is_flag=True, help="属于更正：告知得到过原答复的人。")


@faq.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_BY
@clear_errors
def draft(file: Path, by: str) -> None:
    """写草稿：TOML 文件，格式同知识库的 [[entry]]，另加 regression 和 expires。"""
    from bot.faq_editing import make_draft
    from bot.store_faq import add_draft

    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("entry", [])
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{file}: 没有 [[entry]]")
    with _desk() as (store, world):
        _require(store, by, "faq_draft")
        for content in entries:
            now = datetime.now(UTC)
            made = make_draft(world, content, by, now.date())
            number = store.transact(partial(add_draft, draft=made, at=now))
            click.echo(f"草稿 {number}：{content['id']}")


@faq.command()
@click.option("--all", "everything", is_flag=True, help="包括已经发布、退回和撤下的。")
@clear_errors
def drafts(everything: bool) -> None:
    """列出还没有发布的草稿，和需要复核的已发布条目。"""
    from bot.faq_listing import list_drafts as listed
    from bot.faq_listing import list_outdated

    with _desk() as (store, world):
        click.echo(store.look(lambda db: listed(db, everything=everything)))
        click.echo(store.look(lambda db: list_outdated(db, world, datetime.now(UTC).date())), nl=False)


@faq.command("check")
@click.argument("number", type=int)
@clear_errors
def check_draft(number: int) -> None:
    """核对一份草稿：条款、数字、问法，和与其他答复的冲突。"""
    from bot.faq_editing import answered_by_desks, check, find_draft
    from bot.faq_listing import show_draft

    with _desk() as (store, world):
        found = store.look(lambda db: find_draft(db, number))
        click.echo(show_draft(found))
        _show(check(world, found, datetime.now(UTC).date(), store.look(answered_by_desks)))


@faq.command()
@click.argument("number", type=int)
@_BY
@clear_errors
def approve(number: int, by: str) -> None:
    """批准一份草稿；不能批准自己写的。"""
    from bot.faq_editing import approve as run

    with open_store() as store:
        _require(store, by, "faq_review")
        store.transact(lambda db: run(db, number, by, datetime.now(UTC)))
    click.echo(f"草稿 {number} 已由{by}批准。")


@faq.command()
@click.argument("number", type=int)
@_BY
@_REASON
@clear_errors
def reject(number: int, by: str, reason: str) -> None:
    """退回一份草稿，写明原因。"""
    from bot.faq_editing import reject as run

    with open_store() as store:
        _require(store, by, "faq_review")
        store.transact(lambda db: run(db, number, by, reason, datetime.now(UTC)))
    click.echo(f"草稿 {number} 已退回。")


@faq.command()
@click.argument("number", type=int)
@_BY
@_CORRECTS
@click.option("--accept", is_flag=True, help="已经看过列出的冲突，仍要发布。")
@clear_errors
def publish(number: int, by: str, correction: bool, accept: bool) -> None:
    """发布一份批准了的草稿，一秒内各处生效，不用重启。"""
    from bot.faq_editing import answered_by_desks, check, find_draft
    from bot.faq_editing import publish as run
    from bot.store_faq import last_publication

    with _desk() as (store, world):
        _require(store, by, "faq_publish")
        seen, now = store.look(last_publication), datetime.now(UTC)
        found = store.look(lambda db: find_draft(db, number))
        checked = check(world, found, now.date(), store.look(answered_by_desks))
        if checked.problems or not accept:
            _show(checked)
        store.transact(lambda db: run(db, found, by, now, seen, corrects=correction))
    click.echo(f"草稿 {number} 已发布。")


@faq.command()
@click.argument("entry")
@_BY
@_REASON
@_CORRECTS
@clear_errors
def rollback(entry: str, by: str, reason: str, correction: bool) -> None:
    """回到上一次发布之前的版本。"""
    from bot.faq_editing import roll_back

    with open_store() as store:
        _require(store, by, "faq_publish")
        now = store.transact(
            lambda db: roll_back(db, entry, by, reason, datetime.now(UTC), corrects=correction)
        )
    click.echo(f"{entry} 已回到" + (f"草稿 {now.draft}。" if now.draft else "发布之前。"))


@faq.command()
@click.argument("entry")
@_BY
@_REASON
@_CORRECTS
@clear_errors
def withdraw(entry: str, by: str, reason: str, correction: bool) -> None:
    """撤下一条已发布的；知识库文件里的同名条目恢复。"""
    from bot.faq_editing import withdraw as run

    with open_store() as store:
        _require(store, by, "faq_publish")
        store.transact(lambda db: run(db, entry, by, reason, datetime.now(UTC), corrects=correction))
    click.echo(f"{entry} 已撤下。")


@faq.command()
@click.argument("entry", required=False)
@clear_errors
def history(entry: str | None) -> None:
    """谁在什么时候写、审、发布、撤下了什么。"""
    from bot.faq_listing import list_history

    with open_store() as store:
        click.echo(store.look(lambda db: list_history(db, entry or "")))


def _show(checked: "Checked") -> None:
    """What was found; if anything must be mended or looked at, the command ends with status 1."""
    from bot.faq_listing import list_found

    click.echo(list_found(checked), err=bool(checked.problems or checked.conflicts), nl=False)
    if checked.problems or checked.conflicts:
        sys.exit(SOME_FAILED)


def _require(store: "Store", name: str, action: str) -> None:
    """ValueError unless there is such an account whose role may do this."""
    from bot.accounts import named
    from bot.roles import ROLES, may

    account = store.look(lambda db: named(db, name))
    if account is None or not account.active:
        raise ValueError(f"没有可用的账号“{name}”；beian staff list 列出全部账号")
    if not may(account.role, action):
        raise ValueError(f"{name} 是{ROLES[account.role]}，不能做这一步")


@contextmanager
def _desk() -> "Iterator[tuple[Store, World]]":
    from bot.published import extend
    from bot.store_faq import read_published
    from bot.world import load_world

    with open_store() as store:
        yield store, extend(load_world(), store.look(read_published)[1])
