"""Opens the store that a setting names: a file path and sqlite:/// are SQLite, postgresql:// is PostgreSQL."""

from pathlib import Path

from bot.store_database import DatabaseStore
from bot.store_sql import Engine
from bot.store_sqlite_file import SqliteFile

POSTGRES = ("postgresql://", "postgres://")


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


def _path(database: str | Path) -> Path:
    return Path(str(database).removeprefix("sqlite:///"))
