"""What the parts of the SQLite store share: rows read whole, a secret dropped."""

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database


def rows(db: Database, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """All rows at once: a cursor left unfinished would pin the write-ahead log."""
    cursor = db.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def drop_secret(db: Database, outgoing_id: int) -> None:
    """Of a reply that is done with, only what may be kept."""
    db.execute("update outbox set reply = masked, masked = '' where id = ? and masked <> ''", [outgoing_id])
