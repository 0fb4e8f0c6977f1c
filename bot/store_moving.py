"""Copies a whole store from one engine to another, page by page in the order of the keys, and proves that both are equal."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.store import StoreError
from bot.store_sql import Engine, Sql, fetch
from bot.store_sqlite_file import SqliteFile
from bot.store_steps import end_move
from bot.ticket_search import index_again

PAGE = 2_000
"""Rows of one transaction: as many are copied again after an interruption."""


@dataclass(frozen=True)
class Table:
    """A table's columns and those of its key; `numbered`: its rows get numbers that are never given twice."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True)
class Moved:
    """What a table holds on both sides: rows, and the SHA-256 of all of them in the order of the key."""

    table: str
    rows: int
    sha256: str


Tell = Callable[[str, int], None]
"""Called with a table and how many of its rows are there."""


def list_tables(sqlite: Sql) -> list[Table]:
    """The tables of an SQLite store in the order in which they were made: none refers to a later one. The index of words is
    left out: it is made again."""
    made = fetch(
        sqlite,
        "select name, sql from sqlite_master where type = 'table' and name not in ('steps', 'sqlite_sequence') "
        "and name not like 'ticket_words%' order by rowid",
    )
    return [_table(sqlite, row["name"], "autoincrement" in row["sql"]) for row in made]


def _table(sqlite: Sql, name: str, numbered: bool) -> Table:
    columns = fetch(sqlite, "select name, pk from pragma_table_info(?)", name)
    key = sorted((column["pk"], column["name"]) for column in columns if column["pk"])
    return Table(name, tuple(c["name"] for c in columns), tuple(name for _, name in key), numbered)


def move(
    source: Sql, target: Engine, tables: list[Table], tell: Tell = lambda table, rows: None
) -> list[Moved]:
    """Copy what the target lacks, of each table what comes after its last key, and compare all of it. StoreError if they
    differ in the end."""
    moved = []
    for table in tables:
        _copy(source, target, table, tell)
        with target.reading() as there:
            here_is, there_is = digest(source, table), digest(there, table)
        if here_is != there_is:
            raise StoreError(
                f"table {table.name}: {here_is.rows} rows were to be copied and {there_is.rows} are there, or they differ: the "
                "source has changed since the copy was begun; stop the program, empty the target and begin anew"
            )
        moved.append(there_is)
    return moved


def _copy(source: Sql, target: Engine, table: Table, tell: Tell) -> None:
    insert = f"insert into {table.name} ({', '.join(table.columns)}) values ({', '.join('?' * len(table.columns))})"  # noqa: S608
    with target.reading() as there:
        count = int(fetch(there, f"select count(*) as number from {table.name}")[0]["number"])  # noqa: S608
        last = fetch(there, _page(table, descending=True), 1)
    for page in _pages(source, table, last[0] if last else None):
        with target.writing() as there:
            there.executemany(insert, [list(row.values()) for row in page])
        count += len(page)
        tell(table.name, count)
    if table.numbered:
        number = fetch(source, source.dialect.last_number, table.name)[0]["last"]
        if number:
            with target.writing() as there:
                for statement in there.dialect.set_number:
                    there.execute(statement, [table.name, number][: statement.count("?")])


def digest(db: Sql, table: Table) -> Moved:
    """How many rows there are, and the hash of all in the order of the key."""
    found, rows = hashlib.sha256(), 0
    for page in _pages(db, table, None):
        rows += len(page)
        for row in page:
            found.update(json.dumps(list(row.values()), ensure_ascii=False).encode())
    return Moved(table.name, rows, found.hexdigest())


def _pages(db: Sql, table: Table, after: dict[str, Any] | None) -> Iterator[list[dict[str, Any]]]:
    while True:
        given = [after[column] for column in table.key] if after else []
        page = fetch(db, _page(table, after=bool(after)), *given, PAGE)
        if not page:
            return
        yield page
        after = page[-1]


def _page(table: Table, *, after: bool = False, descending: bool = False) -> str:
    key = ", ".join(table.key)
    where = f"where ({key}) > ({', '.join('?' * len(table.key))}) " if after else ""
    order = ", ".join(f"{column} desc" for column in table.key) if descending else key
    return f"select {', '.join(table.columns)} from {table.name} {where}order by {order} limit ?"  # noqa: S608


def write_copy(source: Sql, target: Path) -> None:
    """An SQLite file with all that a database of another engine holds; written beside its target and renamed when it is
    complete and found equal."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    copy = SqliteFile(part)
    try:
        with copy.reading() as db:
            tables = list_tables(db)
        move(source, copy, tables)
        with copy.writing() as db:
            index_again(db)
        copy.close_as_one_file()
        part.replace(target)
    except OSError as error:
        raise StoreError(f"backup {target}: {error.strerror}") from error


def migrate_to(source: SqliteFile, target: Engine, tell: Tell = lambda table, rows: None) -> list[Moved]:
    """Move all of an SQLite store into a target that was opened for it, or go on with that; then the target can be used."""
    with source.reading() as db:
        moved = move(db, target, list_tables(db), tell)
    with target.writing() as there:
        index_again(there)
        end_move(there)
    return moved
