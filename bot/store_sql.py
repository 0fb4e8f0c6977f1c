"""Portable SQL: what a module of its own may ask of the store's database, in the same words on every engine."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Words:
    """A full-text index of sets of words, in the table `ticket_words`: `rowid`, and `words` apart by spaces."""

    made: tuple[str, ...]
    """Statements that make it."""

    removed: str
    """A statement that takes a row out: its number and its words, each given as `?`."""

    matched: str
    """A condition that a row `w` has all the words of a query (`?`)."""

    joined: str
    """What stands between the words of a query."""

    tidied: str
    """A statement that rewrites the index without what was taken out; empty where the engine does so by itself."""


@dataclass(frozen=True)
class Dialect:
    """The few words in which the engines differ."""

    listed: str
    """The values of a JSON list of texts, given as `?`."""

    claim: str
    """After a query: nobody else gets these rows until the transaction ends, and those that others have are passed over."""

    lock: str
    """A statement that makes others with the same text (`?`) wait until the transaction ends; empty where there is one
    writer at a time."""

    types: tuple[tuple[str, str], ...]
    """Of a definition in SQLite's words: patterns, and what stands there instead."""

    unchanging: tuple[str, ...]
    """Statements after which rows of {table} are only added."""

    last_number: str
    """A query for the last number that a table (`?`) has given to a row."""

    set_number: tuple[str, ...]
    """Statements after which a table (`?`) goes on from a number (`?`)."""

    words: Words


class Sql(Protocol):
    """An open transaction. Values stand as `?`, which no statement uses for anything else; a statement that inserts a row
    whose number is wanted says `returning id`; an upsert is `on conflict … do update`; times are text (`stamp`)."""

    dialect: Dialect

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:  # noqa: ANN401 - the engine's cursor
        """Run one statement; its cursor has `description`, `rowcount` and `fetchall`."""

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> Any:  # noqa: ANN401 - the engine's cursor
        """Run one statement for many rows."""

    def wake(self, channel: str) -> None:
        """When this transaction is committed, tell all processes that there is something new on a channel."""


class Engine(Protocol):
    """A database and how it is reached. It belongs to the thread that opened it; StoreError where it does not answer."""

    dialect: Dialect

    def writing(self) -> AbstractContextManager[Sql]:
        """One transaction that may write."""

    def reading(self) -> AbstractContextManager[Sql]:
        """One transaction that sees the database as it is at its first statement."""

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of one statement, which is a transaction by itself."""

    def batch(self) -> AbstractContextManager[None]:
        """One transaction around several: each of them is still all or nothing."""

    def hold(self, name: str) -> bool:
        """Whether a name is held by this process: asked for again, whether it still is."""

    def listen(self, heard: Callable[[str], object]) -> None:
        """Call this, in another thread, with every channel on which there is something new."""

    def drop_log(self) -> None:
        """What was erased stays in no log."""

    def copy_to(self, target: Path) -> None:
        """A consistent copy as an SQLite file."""

    def close(self) -> None:
        """Let go of everything."""


def fetch(db: Sql, sql: str, *values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what a column holds
    """All rows of one statement at once, by column; none where it returns no rows."""
    cursor = db.execute(sql, list(values))
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lock(db: Sql, *names: str) -> None:
    """From here to the end of the transaction no other has a lock of the same names."""
    if db.dialect.lock:
        db.execute(db.dialect.lock, ["\x1f".join(names)])


def stamp(at: datetime) -> str:
    """A time as it is stored and compared: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
