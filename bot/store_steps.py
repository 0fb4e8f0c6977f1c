"""Named steps, each applied once to every database of either engine, by old and new versions side by side."""

import re
from collections.abc import Callable

from bot.store import StoreError
from bot.store_sql import Sql, fetch

Step = Callable[[Sql], None]

CONTRACT = "_contract"
"""How the name of a step ends that takes away or changes what the version before it uses; it comes one version after the last
that does. All others only add, and an older version goes on beside them: workers are replaced one by one."""

MOVING = "moving"
"""Stands among the steps while a store is moved into a database: whoever would serve from it meanwhile is told."""


def make(db: Sql, script: str) -> None:
    """Run definitions, in SQLite's words and apart by semicolons, on any engine."""
    for pattern, instead in db.dialect.types:
        script = re.sub(pattern, instead, script)
    for statement in script.split(";"):
        db.execute(statement)


def only_add(db: Sql, table: str) -> None:
    """Rows of a table can be added, and never changed or deleted."""
    for statement in db.dialect.unchanging:
        db.execute(statement.format(table=table))


def migrate(
    db: Sql, name: str, tables: list[str], now: str, steps: tuple[Step, ...], *, moving: bool = False
) -> None:
    """Apply the steps that a database lacks; the transaction keeps others out. StoreError where a newer version of the
    program took away what this one uses, or another program wrote it. `name` is what the database is called, `tables` are those that it has;
    `moving`: it is empty and a move is to fill it, or it is one whose move goes on."""
    if "steps" not in tables:
        _begin(db, name, tables)
    applied = {row["name"] for row in fetch(db, "select name from steps")}
    if MOVING in applied and not moving:
        raise StoreError(
            f"database {name}: a move into it was begun and has not ended; run `beian data migrate` again"
        )
    if newer := sorted(
        name for name in applied - {step.__name__ for step in steps} if name.endswith(CONTRACT)
    ):
        raise StoreError(
            f"database {name}: a newer version of beian wrote it ({', '.join(newer)}); use that version"
        )
    if moving and MOVING not in applied:
        if applied:
            raise StoreError(f"database {name}: there is a store in it already; give an empty database")
        db.execute("insert into steps values (?, ?)", [MOVING, now])
    for step in steps:
        if step.__name__ not in applied:
            step(db)
            db.execute("insert into steps values (?, ?)", [step.__name__, now])


def _begin(db: Sql, name: str, tables: list[str]) -> None:
    """The table of the steps, in a new database or in one of before."""
    if tables and "_sqlite_migrations" not in tables:
        raise StoreError(
            f"database {name}: it belongs to another program; give a database of its own in BEIAN_DATABASE"
        )
    make(db, "create table steps (name text not null primary key, applied_at text not null)")
    if "_sqlite_migrations" in tables:
        db.execute("insert into steps select name, applied_at from _sqlite_migrations")
        db.execute("drop table _sqlite_migrations")


def end_move(db: Sql) -> None:
    """The database can be used."""
    db.execute("delete from steps where name = ?", [MOVING])
