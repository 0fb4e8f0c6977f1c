"""Signing in: attempts that are counted before they are looked at, a lock after too many, sessions that end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.accounts import Account, read_account
from bot.audit import note
from bot.passwords import hash_token, new_token
from bot.store_sql import Sql, fetch, lock, stamp

TRIES = 5
LOCKED = timedelta(minutes=15)
"""After so many wrong passwords an account takes none for so long, the right one neither."""

IDLE, LASTING = timedelta(hours=1), timedelta(hours=12)
"""A session ends when nothing was done for an hour, and after a working day in any case."""


@dataclass(frozen=True)
class Attempt:
    """What is to be compared with the password: an empty hash where there is no such account, or none that may try now.
    `locked_until`: such a time, or empty."""

    account: int
    password_hash: str
    locked_until: str = ""


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in; `csrf` must come with everything that changes something."""

    account: Account
    csrf: str


def attempt(db: Sql, name: str, at: datetime) -> Attempt:
    """Begin to sign in. The try counts from here on, so that many at once are no more than one after the other."""
    lock(db, "sign in", name.casefold())
    found = fetch(db, "select * from staff where name_key = ? and active = 1", name.casefold())
    if not found:
        return Attempt(0, "")
    row, now = found[0], stamp(at)
    if row["locked_until"] > now:
        return Attempt(row["id"], "", row["locked_until"])
    failures = (0 if row["locked_until"] else row["failures"]) + 1
    until = stamp(at + LOCKED) if failures >= TRIES else ""
    fetch(db, "update staff set failures = ?, locked_until = ? where id = ?", failures, until, row["id"])
    if until:
        note(db, row["id"], "locked", f"account:{row['id']}", at)
    return Attempt(row["id"], row["password_hash"])


def enter(db: Sql, number: int, at: datetime) -> str:
    """Open a session for somebody whose password was right: the word for the cookie, of which the store keeps a hash."""
    token, now = new_token(), stamp(at)
    fetch(db, "update staff set failures = 0, locked_until = '' where id = ?", number)
    fetch(db, "delete from staff_sessions where until < ? or seen_at < ?", now, stamp(at - IDLE))
    fetch(
        db,
        "insert into staff_sessions (hash, staff, csrf, until, seen_at) values (?, ?, ?, ?, ?)",
        hash_token(token), number, new_token(), stamp(at + LASTING), now,
    )  # fmt: skip
    note(db, number, "signed_in", f"account:{number}", at)
    return token


def refuse(db: Sql, number: int, at: datetime) -> None:
    """A wrong password for an account that there is."""
    if number:
        note(db, number, "refused", f"account:{number}", at)


def find_session(db: Sql, token: str, at: datetime, *, touch: bool = True) -> Session | None:
    """Who is signed in by a cookie, if the session has not ended. `touch`: somebody is there; what a page asks by itself does
    not keep a session alive."""
    now, hashed = stamp(at), hash_token(token)
    found = fetch(
        db,
        "select s.csrf, s.seen_at, a.* from staff_sessions s join staff a on a.id = s.staff "
        "where s.hash = ? and s.until > ? and s.seen_at > ? and a.active = 1",
        hashed, now, stamp(at - IDLE),
    )  # fmt: skip
    if not found:
        return None
    if touch and found[0]["seen_at"] < stamp(at - timedelta(minutes=1)):
        fetch(db, "update staff_sessions set seen_at = ? where hash = ?", now, hashed)
    return Session(read_account(found[0]), found[0]["csrf"])


def leave(db: Sql, token: str, number: int, at: datetime) -> None:
    """Sign out."""
    fetch(db, "delete from staff_sessions where hash = ?", hash_token(token))
    note(db, number, "signed_out", f"account:{number}", at)
