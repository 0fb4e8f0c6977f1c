"""The command `beian staff`: accounts of the staff, and tickets on the command line."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli_data import open_store
from bot.cli_errors import clear_errors, fail
from bot.roles import ROLES

if TYPE_CHECKING:
    from bot.roles import Role
    from bot.ticket_states import Status


@click.group()
def staff() -> None:
    """工作人员账号和人工工单。"""


@staff.command()
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice([*ROLES]),
    help="clerk 州（市）窗口，officer 省级，editor 编辑，administrator 管理员。",
)
@click.option("--desk", default="", help="窗口人员的州（市）全称，例如 昆明市。")
@click.option("--title", default="", help="同事看到的姓名或称呼。")
@clear_errors
def add(name: str, role: "Role", desk: str, title: str) -> None:
    """新建一个账号；密码从终端输入（没有默认密码），或从标准输入读一行。"""
    from bot.accounts import Post, add_account
    from bot.passwords import hash_password

    post = Post(role, desk)
    hashed = hash_password(_ask_password(name))
    with open_store(must_exist=False) as store:
        number = store.transact(lambda db: add_account(db, name, title, post, hashed, datetime.now(UTC)))
    click.echo(f"账号 {name} 已建立（编号 {number}，{ROLES[role]}）。在网页的 /staff 登录。")


@staff.command()
@click.option("--role", required=True, type=click.Choice([*ROLES]), help="受邀人的角色。")
@click.option("--desk", default="", help="窗口人员的州（市）全称。")
@clear_errors
def invite(role: "Role", desk: str) -> None:
    """生成一个邀请链接：3天内有效，用一次，由本人设定登录名和密码。"""
    from bot.accounts import Post
    from bot.accounts import invite as keep
    from bot.passwords import hash_token, new_token
    from bot.settings import read_settings

    post, word, settings = Post(role, desk), new_token(), read_settings()
    with open_store(must_exist=False) as store:
        store.transact(lambda db: keep(db, hash_token(word), post, datetime.now(UTC)))
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"{site}/staff/join/{word}")


@staff.command("list")
@clear_errors
def list_() -> None:
    """列出账号。"""
    from bot.accounts import list_accounts

    with open_store() as store:
        for one in store.transact(list_accounts):
            state = "已停用" if not one.active else "已锁定" if one.locked_until else "正常"
            click.echo(f"{one.id}\t{one.name}\t{one.title}\t{ROLES[one.role]}\t{one.desk}\t{state}")


@staff.command()
@click.argument("name")
@clear_errors
def password(name: str) -> None:
    """给一个账号换密码；已有的登录全部退出，锁定解除。"""
    from bot.accounts import set_password
    from bot.passwords import hash_password

    number = _number(name)
    hashed = hash_password(_ask_password(name))
    with open_store() as store:
        store.transact(lambda db: set_password(db, number, hashed, datetime.now(UTC)))
    click.echo(f"账号 {name} 的密码已更换。")


@staff.command()
@click.argument("name")
@clear_errors
def stop(name: str) -> None:
    """停用一个账号，立即退出登录。"""
    _set_active(name, active=False)
    click.echo(f"账号 {name} 已停用。")


@staff.command()
@click.argument("name")
@clear_errors
def unlock(name: str) -> None:
    """启用一个停用的账号，或解除锁定。"""
    _set_active(name, active=True)
    click.echo(f"账号 {name} 可以登录了。")


def _set_active(name: str, *, active: bool) -> None:
    from bot.accounts import set_active

    number = _number(name)
    with open_store() as store:
        store.transact(lambda db: set_active(db, number, datetime.now(UTC), active=active))


def _number(name: str) -> int:
    from bot.accounts import named

    with open_store() as store:
        found = store.transact(lambda db: named(db, name))
    if found is None:
        raise ValueError(f"没有登录名为“{name}”的账号；beian staff list 列出全部账号")
    return found.id


def _ask_password(name: str) -> str:
    """A password from the terminal, or a line of standard input; status 2 where it is too weak."""
    from bot.passwords import weakness

    if sys.stdin.isatty():
        given = click.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if wrong := weakness(given, name):
        fail(wrong)
    return str(given)


@staff.command()
@click.option("--limit", default=100, type=click.IntRange(1), help="最多几条，新的在前。")
@clear_errors
def audit(limit: int) -> None:
    """列出操作记录：时间、人员编号、操作、对象。"""
    from bot.audit import noted

    with open_store() as store:
        for line in store.transact(lambda db: noted(db, limit=limit)):
            click.echo(f"{line.at}\t{line.staff}\t{line.action}\t{line.subject}")


@staff.command()
@click.option(
    "--status", default="open", type=click.Choice(["open", "claimed", "answered", "closed", "withdrawn"]),
    help="open 待答复，claimed 处理中，answered 已答复，closed 已关闭，withdrawn 已撤回。",
)  # fmt: skip
@clear_errors
def tickets(status: "Status") -> None:
    """列出工单，先来先办。"""
    from bot.staff import list_tickets

    with open_store() as store:
        click.echo(list_tickets(store, status))


@staff.command()
@click.argument("ticket", type=int)
@clear_errors
def show(ticket: int) -> None:
    """一张工单：问题和对话记录。"""
    from bot.staff import show_ticket

    with open_store() as store:
        click.echo(show_ticket(store, ticket))


@staff.command()
@click.argument("ticket", type=int)
@click.argument("text")
@clear_errors
def reply(ticket: int, text: str) -> None:
    """答复一张工单，送回用户提问的渠道。"""
    from bot.staff import answer_ticket

    with open_store() as store:
        click.echo(answer_ticket(store, ticket, text, datetime.now(UTC)))


@staff.command("close")
@click.argument("ticket", type=int)
@clear_errors
def close(ticket: int) -> None:
    """关闭一张工单；没有答复过的，会告知用户。"""
    from bot.staff import close_ticket

    with open_store() as store:
        click.echo(close_ticket(store, ticket, datetime.now(UTC)))
