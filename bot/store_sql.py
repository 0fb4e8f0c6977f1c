"""Portable SQL: what a module of its own may ask of the store's database, in the same words on every engine."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol


class Sql(Protocol):
    """An open transaction. Values stand as `?`, which no statement uses for anything else; a statement that inserts a row
    whose number is wanted says `returning id`; an upsert is `on conflict … do update`; times are text (`stamp`)."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:  # noqa: ANN401 - the engine's cursor
        """Run one statement; its cursor has `description` and `fetchall`."""


def fetch(db: Sql, sql: str, *values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what a column holds
    """All rows of one statement at once, by column; none where it returns no rows."""
    cursor = db.execute(sql, list(values))
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stamp(at: datetime) -> str:
    """A time as it is stored and compared: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
