"""One SQLite file and its connection: opened with care, one writer at a time, clear errors, a copy while it is in use."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.store import StoreError
from bot.store_schema import STEPS
from bot.store_sql import Dialect, Sql, Words, fetch, stamp
from bot.store_steps import migrate

BUSY_SECONDS = 5.0
"""How long a writer waits for another process before it gives up."""


SQLITE = Dialect(
    listed="select value from json_each(?)", claim="", lock="", types=(),
    unchanging=tuple(
        f"create trigger {{table}}_no_{change} before {change} on {{table}} "
        "begin select raise(abort, '{table} is only added to'); end"
        for change in ("update", "delete")
    ),
    last_number="select coalesce(max(seq), 0) as last from sqlite_sequence where name = ?",
    set_number=("delete from sqlite_sequence where name = ?", "insert into sqlite_sequence (name, seq) values (?, ?)"),
    words=Words(
        # Without a text of its own (content = ''): what is taken out is given again. Positions are not needed.
        made=("create virtual table ticket_words using fts5 (words, content = '', detail = none, tokenize = 'ascii')",),
        removed="insert into ticket_words (ticket_words, rowid, words) values ('delete', ?, ?)",
        matched="ticket_words match ?", joined=" AND ",
        tidied="insert into ticket_words (ticket_words) values ('optimize')",
    ),
)  # fmt: skip


class Connection(sqlite3.Connection):
    """A connection that speaks portable SQL: it is SQLite's own."""

    dialect = SQLITE

    def wake(self, channel: str) -> None:
        """Other processes look again soon by themselves."""


class SqliteFile:
    """An open file. It belongs to the thread that opened it; several processes may share it."""

    dialect = SQLITE

    def __init__(self, path: Path | str, *, must_exist: bool = False) -> None:
        self.path = path
        self._held: dict[str, int] = {}
        self._in_batch = self._log_to_drop = False
        if must_exist and not Path(path).is_file():
            raise StoreError(f"database {path}: there is none; give the path of one in BEIAN_DATABASE")
        with self.clear_errors():
            _make_private(path)
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, factory=Connection
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        _turn_on_wal(self._connection)
        # FULL: what was acknowledged to Telegram or the browser survives a power cut, not only a killed process.
        # These three hold for this connection only; secure_delete: what is erased is overwritten.
        for pragma in ("synchronous = full", "foreign_keys = on", "secure_delete = on"):
            self._connection.execute(f"pragma {pragma}")
        with self.writing() as db:  # under the write lock: two processes may start at once on a new file
            tables = Database(self._connection, execute_plugins=False).table_names()
            own = [name for name in tables if not name.startswith("sqlite_")]
            migrate(db, str(self.path), own, stamp(datetime.now(UTC)), STEPS)

    @contextmanager
    def clear_errors(self) -> Iterator[None]:
        """What is wrong with the database as a StoreError; a fault in a statement stays what it is."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError):
            raise
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"database {self.path}: {_reason(error)}") from error

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction around several: each of them is still all or nothing, and one flush to the disk is for all."""
        with self.writing():
            self._in_batch = True
            try:
                yield
            finally:
                self._in_batch = False
        if self._log_to_drop:
            self.drop_log()

    @contextmanager
    def _inside(self) -> Iterator[Sql]:
        """A transaction inside a batch."""
        with self.clear_errors():
            self._connection.execute("savepoint inside")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback to inside")
                raise
            finally:
                self._connection.execute("release inside")

    @contextmanager
    def writing(self) -> Iterator[Sql]:
        """One transaction that holds the write lock from its start: a plain BEGIN would lose updates to SQLITE_BUSY."""
        if self._in_batch:
            with self._inside() as db:
                yield db
            return
        with self.clear_errors():
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    @contextmanager
    def reading(self) -> Iterator[Sql]:
        """One transaction that sees the database as it is at its first statement."""
        if self._in_batch:
            with self.clear_errors():
                yield self._connection
            return
        with self.clear_errors():
            self._connection.execute("begin")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of one statement."""
        with self.clear_errors():
            return fetch(self._connection, sql, *values)

    def listen(self, heard: Callable[[str], object]) -> None:
        """Other processes are found out by looking."""

    def drop_log(self) -> None:
        """What was erased is still in the write-ahead log until that is written back and cut: now, unless another reads
        from it. That is not waited for, since a backup may take long; the daily purge tries again."""
        self._log_to_drop = self._in_batch
        if self._in_batch:
            return
        with self.clear_errors():
            self._connection.execute("pragma busy_timeout = 0")
            try:
                self._connection.execute("pragma wal_checkpoint(truncate)").fetchall()
            finally:
                self._connection.execute(f"pragma busy_timeout = {int(BUSY_SECONDS * 1000)}")

    def copy_to(self, target: Path) -> None:
        """A consistent copy, written beside its target and renamed when it is complete."""
        if target.exists() and target.samefile(self.path):
            raise StoreError(f"backup {target}: this is the database itself; give another file")
        part = target.with_name(target.name + ".part")
        try:
            part.unlink(missing_ok=True)
            _make_private(part)
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
                copy.execute("pragma journal_mode = delete")  # one file, without a log beside it
                if copy.execute("pragma quick_check").fetchone()[0] != "ok":
                    raise StoreError(f"backup {target}: the copy is damaged, and so may be the database")
            part.replace(target)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"backup {target}: {_reason(error)}") from error

    def hold(self, name: str) -> bool:
        """Whether a name is held by this process: the system lets go of it when the process ends, however it ends."""
        if name not in self._held and str(self.path) != ":memory:":
            with self.clear_errors():
                handle = os.open(f"{self.path}.{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(handle)
                    return False
                self._held[name] = handle
        return True

    def close_as_one_file(self) -> None:
        """Let go of it, without a log beside it."""
        with self.clear_errors():
            self._connection.execute("pragma journal_mode = delete").fetchall()
        self.close()

    def close(self) -> None:
        """Let go of the file, and of the names held."""
        for handle in self._held.values():
            os.close(handle)
        self._held.clear()
        self._connection.close()


def _make_private(path: Path | str) -> None:
    """A new file for its owner alone: it holds what people said."""
    if str(path) != ":memory:":
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _turn_on_wal(connection: sqlite3.Connection) -> None:
    """Switching a new file over does not wait for others as statements do, so it is tried for as long as they would."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return


def _reason(error: Exception) -> str:
    """What is wrong and what would help."""
    said = str(error)
    if isinstance(error, OSError):
        return f"{error.strerror}; give a file in a folder that exists and can be written"
    if "locked" in said or "busy" in said:
        return "another program keeps it locked; stop that program or give another file"
    if "not a database" in said or "malformed" in said:
        return f"{said}; restore a backup or give another file"
    return f"{said}; see that the file and its folder can be written and the disk is not full"
