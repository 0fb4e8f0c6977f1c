"""How often what happened, in the store: counts by day, without a person, which an erasure leaves as they are. Portable SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.store_sql import Sql, fetch

Measure = Literal["turn", "asked", "responded", "skipped", "verdict", "unmet", "rating"]
"""`turn`: a message that was answered, by topic, item its outcome. `asked`, `responded`, `skipped`: a field of the
questionnaire, by kind of facility. `verdict`, `unmet`: of a pre-screen result, by kind of facility. `rating`: what was said of an answer."""


@dataclass(frozen=True)
class Count:
    """So many of one kind on a civil day in China. `place` is a prefecture, `province`, or empty where it is not known."""

    day: date
    channel: str
    place: str
    measure: Measure
    topic: str
    item: str
    n: int = 1


def add_counts(db: Sql, counts: Iterable[Count]) -> None:
    """Add to what was counted before."""
    for count in counts:
        fetch(
            db,
            "insert into tally (day, channel, place, measure, topic, item, n) values (?, ?, ?, ?, ?, ?, ?) "
            "on conflict (day, channel, place, measure, topic, item) do update set n = tally.n + excluded.n",
            str(count.day), count.channel, count.place, count.measure, count.topic, count.item, count.n,
        )  # fmt: skip


def read_counts(db: Sql, first: date, last: date, place: str = "") -> list[Count]:
    """What was counted from one day to another, both included; of one place, or of all."""
    found = fetch(
        db,
        "select * from tally where day >= ? and day <= ? and (? = '' or place = ?) order by day, measure, topic, item",
        str(first), str(last), place, place,
    )  # fmt: skip
    return [
        Count(
            date.fromisoformat(row["day"]),
            row["channel"],
            row["place"],
            row["measure"],
            row["topic"],
            row["item"],
            row["n"],
        )
        for row in found
    ]
