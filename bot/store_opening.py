"""Opens the store that a setting names: a file path and sqlite:/// are SQLite, postgresql:// is PostgreSQL."""

import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import POSTGRES
from bot.store import StoreError
from bot.store_database import DatabaseStore
from bot.store_moving import Moved, Tell, migrate_to
from bot.store_sql import Engine
from bot.store_sqlite_file import SqliteFile


def open_store(database: str | Path, *, must_exist: bool = False) -> DatabaseStore:
    """The store in a database; StoreError if it cannot be used, or is not there and must be."""
    return DatabaseStore(open_engine(database, must_exist=must_exist))


def is_there(database: str) -> bool:
    """Whether there is a file of that name; of a server only opening it tells."""
    return database.startswith(POSTGRES) or _path(database).is_file()


def open_engine(database: str | Path, *, must_exist: bool = False) -> Engine:
    """The engine of a database. PostgreSQL's driver is imported only where it is used."""
    if str(database).startswith(POSTGRES):
        from bot.store_postgres import PostgresDatabase  # noqa: PLC0415

        return PostgresDatabase(str(database), must_exist=must_exist)
    return SqliteFile(_path(database), must_exist=must_exist)


def migrate_store(source: Path, target: str, tell: Tell = lambda table, rows: None) -> list[Moved]:
    """Move the store of an SQLite file into an empty PostgreSQL database, or go on with a move that was interrupted; what
    each table holds. StoreError if they are not equal in the end."""
    if not target.startswith(POSTGRES):
        raise StoreError(
            "the target is no PostgreSQL database; give postgresql://NAME:PASSWORD@HOST:PORT/DATABASE"
        )
    from bot.store_postgres import PostgresDatabase  # noqa: PLC0415

    with (
        closing(SqliteFile(source, must_exist=True)) as file,
        closing(PostgresDatabase(target, moving=True)) as database,
    ):
        return migrate_to(file, database, tell)


def restore_store(copy: Path, database: str) -> None:
    """Put a backup into a new database of either engine. StoreError where there is a store already. The backup stays as it
    is, also if it is of an older version."""
    if not copy.is_file():
        raise StoreError(f"backup {copy}: there is none")
    if database.startswith(POSTGRES):
        with TemporaryDirectory() as folder:
            migrate_store(Path(shutil.copy(copy, folder)), database)
        return
    path = _path(database)
    if path.exists():
        raise StoreError(
            f"database {path}: there is one already; move it away, or give another in BEIAN_DATABASE"
        )
    part = path.with_name(path.name + ".part")
    shutil.copyfile(copy, part)
    part.chmod(0o600)
    SqliteFile(part).close_as_one_file()  # it is a store of this version or an older one
    part.replace(path)


def _path(database: str | Path) -> Path:
    return Path(str(database).removeprefix("sqlite:///"))
