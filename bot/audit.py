"""What the staff did and when: written once, never changed; numbers and times, and no word that anybody wrote."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.store_sql import Sql, fetch, stamp

OPERATOR = 0
"""Who acts on the command line, without an account."""

_SUBJECT = re.compile(r"([a-z_]+:\w{1,40})?")


@dataclass(frozen=True)
class Noted:
    """One line: `staff` is an account's number (0: the operator; below it: somebody of the staff's Telegram group), `subject` such as `ticket:12`, or nothing."""

    id: int
    at: str
    staff: int
    action: str
    subject: str


def note(db: Sql, staff: int, action: str, subject: str, at: datetime) -> None:
    """Write down that somebody did something. `subject` is a kind and a number: no text may come in here."""
    if not _SUBJECT.fullmatch(subject):
        raise ValueError("an audit subject is a kind and a number, such as ticket:12")
    fetch(
        db, "insert into audit (at, staff, action, subject) values (?, ?, ?, ?)",
        stamp(at), staff, action, subject,
    )  # fmt: skip


def noted(db: Sql, before: int = 0, limit: int = 100, subject: str = "") -> list[Noted]:
    """The latest lines first: of one subject, or of all; those before a line's number where one is given."""
    found = fetch(
        db,
        "select id, at, staff, action, subject from audit where (? = 0 or id < ?) and (? = '' or subject = ?) "
        "order by id desc limit ?",
        before, before, subject, subject, limit,
    )  # fmt: skip
    return [Noted(**row) for row in found]
