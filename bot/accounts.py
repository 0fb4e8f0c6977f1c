"""Staff accounts in the store: made, found, changed, invited. Portable SQL; each function runs in one transaction."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.audit import note
from bot.helpdesk import PROVINCE
from bot.roles import ROLES, Role
from bot.store_sql import Sql, fetch, lock, stamp
from flows.fields import PREFECTURES

INVITED = timedelta(days=3)
"""How long an invitation can be taken."""

_NAME = re.compile(r"[\w.@-]{2,40}")


@dataclass(frozen=True)
class Account:
    """Somebody of the staff. `desk`: a clerk's prefecture, `province` for an officer, empty for the others; `title`: how
    colleagues call the person; `locked_until` is a time in UTC, or empty."""

    id: int
    name: str
    title: str
    role: Role
    desk: str
    active: bool
    locked_until: str = ""

    @property
    def shown(self) -> str:
        """The name that colleagues read."""
        return self.title or self.name


@dataclass(frozen=True)
class Post:
    """What somebody is engaged as; ValueError where role and desk do not go together."""

    role: Role
    desk: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"没有“{self.role}”这个角色，可以是{'、'.join(ROLES)}")
        if self.role == "clerk" and self.desk not in PREFECTURES:
            raise ValueError(f"窗口人员要写明州（市）全称，例如{PREFECTURES[0]}")
        if self.role == "officer" and self.desk not in {"", PROVINCE}:
            raise ValueError("省级工作人员不属于某个州（市）")
        if self.role in {"editor", "administrator"} and self.desk:
            raise ValueError("编辑和管理员不属于某个窗口")


def add_account(
    db: Sql, name: str, title: str, post: Post, password_hash: str, at: datetime, by: int = 0
) -> int:
    """A new account: its number; ValueError if the name cannot be used or is taken."""
    key = name.casefold()
    if not _NAME.fullmatch(name):
        raise ValueError(f"登录名“{name[:40]}”不能用；请用2到40个字母、数字、汉字或 . _ - @")
    if fetch(db, "select 1 from staff where name_key = ?", key):
        raise ValueError(f"登录名“{name}”已经有人用，请换一个")
    desk = PROVINCE if post.role == "officer" else post.desk
    made = fetch(
        db,
        "insert into staff (name, name_key, title, role, desk, password_hash, created_at) "
        "values (?, ?, ?, ?, ?, ?, ?) returning id",
        name, key, title.strip()[:40], post.role, desk, password_hash, stamp(at),
    )  # fmt: skip
    number = int(made[0]["id"])
    note(db, by or number, "account_made", f"account:{number}", at)
    return number


def list_accounts(db: Sql) -> list[Account]:
    """Everybody, in the order of joining."""
    return [read_account(row) for row in fetch(db, "select * from staff order by id")]


def find_account(db: Sql, number: int) -> Account | None:
    """The account of a number."""
    found = fetch(db, "select * from staff where id = ?", number)
    return read_account(found[0]) if found else None


def named(db: Sql, name: str) -> Account | None:
    """The account of a name, in capitals or not."""
    found = fetch(db, "select * from staff where name_key = ?", name.casefold())
    return read_account(found[0]) if found else None


def set_password(db: Sql, number: int, password_hash: str, at: datetime, by: int = 0) -> None:
    """Another password: whoever is signed in with the old one is signed out, and a lock is opened."""
    fetch(
        db,
        "update staff set password_hash = ?, failures = 0, locked_until = '' where id = ?",
        password_hash, number,
    )  # fmt: skip
    fetch(db, "delete from staff_sessions where staff = ?", number)
    note(db, by, "password_set", f"account:{number}", at)


def set_active(db: Sql, number: int, at: datetime, *, active: bool, by: int = 0) -> None:
    """Let somebody in again, or no more: then at once."""
    fetch(
        db, "update staff set active = ?, failures = 0, locked_until = '' where id = ?", int(active), number
    )
    if not active:
        fetch(db, "delete from staff_sessions where staff = ?", number)
    note(db, by, "account_opened" if active else "account_stopped", f"account:{number}", at)


def invite(db: Sql, token_hash: str, post: Post, at: datetime, by: int = 0) -> None:
    """An invitation: whoever has the word behind the hash may make one account of this post, for some days."""
    fetch(
        db,
        "insert into staff_invitations (hash, role, desk, invited_by, until) values (?, ?, ?, ?, ?)",
        token_hash, post.role, post.desk, by, stamp(at + INVITED),
    )  # fmt: skip
    note(db, by, "invited", "", at)


def invitation(db: Sql, token_hash: str, at: datetime) -> Post | None:
    """What an invitation is for; None if there is none, or it is used or too old."""
    found = fetch(
        db, "select role, desk from staff_invitations where hash = ? and until > ?", token_hash, stamp(at)
    )
    return Post(found[0]["role"], found[0]["desk"]) if found else None


def accept(db: Sql, token_hash: str, name: str, title: str, password_hash: str, at: datetime) -> int | None:
    """Make the account of an invitation, once; None if the invitation cannot be taken (any more)."""
    lock(db, "invitation", token_hash)
    post = invitation(db, token_hash, at)
    if post is None:
        return None
    number = add_account(db, name, title, post, password_hash, at)
    fetch(db, "delete from staff_invitations where hash = ?", token_hash)
    return number


def read_account(row: dict[str, Any]) -> Account:
    """A row of the table `staff`."""
    return Account(
        row["id"],
        row["name"],
        row["title"],
        row["role"],
        row["desk"],
        bool(row["active"]),
        row["locked_until"],
    )
