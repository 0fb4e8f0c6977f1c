"""Canned answers of the desks, in portable SQL: a clerk's are of the own prefecture, those without a place are everybody's."""

from dataclasses import dataclass

from bot.store_sql import Sql, fetch

LONGEST_TITLE, LONGEST_TEXT = 60, 3_000
"""Characters."""


@dataclass(frozen=True)
class Canned:
    """An answer to be inserted. `place` is a prefecture, `province`, or empty for all desks."""

    id: int
    place: str
    title: str
    text: str


def list_canned(db: Sql, place: str) -> list[Canned]:
    """The answers of a place and those of all, by title."""
    found = fetch(
        db, "select id, place, title, text from canned where place in (?, '') order by title, id", place
    )
    return [Canned(**row) for row in found]


def add_canned(db: Sql, place: str, title: str, text: str) -> None:
    """Keep an answer; ValueError where title or text is empty or too long."""
    title, text = title.strip(), text.strip()
    if not title or not text:
        raise ValueError("标题和内容都要写")
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise ValueError(f"标题最多{LONGEST_TITLE}字，内容最多{LONGEST_TEXT}字")
    fetch(db, "insert into canned (place, title, text) values (?, ?, ?)", place, title, text)


def remove_canned(db: Sql, number: int, place: str) -> bool:
    """Remove an answer of a place; False if there is none."""
    return bool(fetch(db, "delete from canned where id = ? and place = ? returning id", number, place))
