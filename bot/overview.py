"""What people ask, in tables: volumes, shares, waiting for a desk, where questionnaires are left, verdicts. Pure."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.store_sql import Sql, fetch, stamp
from bot.store_tally import Count, Measure, read_counts
from bot.upkeep import CHINA
from flows.fields import FIELDS, PREFECTURES
from flows.rules import Rules

OUTCOMES: Mapping[str, str] = {
    "answered": "已答复", "abstained": "拒答", "clarify": "反问", "handed_over": "转人工", "result": "预审结果",
}  # fmt: skip
VERDICTS: Mapping[str, str] = {"eligible": "符合", "ineligible": "不符合", "undetermined": "待定"}
CHANNELS: Mapping[str, str] = {"web": "网页", "telegram": "Telegram", "console": "终端"}

FEWEST = 3
"""Fewer pre-screens of one place than this are not told apart: their number alone might say whose they were."""


@dataclass(frozen=True)
class Row:
    """A line of a table of volumes: its name, and how many by outcome."""

    name: str
    outcomes: Mapping[str, int]

    @property
    def total(self) -> int:
        """All outcomes together."""
        return sum(self.outcomes.values())

    def share(self, outcome: str) -> str:
        """One outcome in per cent, or a dash where there was nothing."""
        return f"{self.outcomes.get(outcome, 0) / self.total:.0%}" if self.total else "–"


@dataclass(frozen=True)
class Step:
    """A question of the questionnaire: how often it was asked, responded to, skipped, and left for good or for later."""

    track: str
    field: str
    title: str
    asked: int
    responded: int
    skipped: int

    @property
    def left(self) -> int:
        """Those who went no further."""
        return max(0, self.asked - self.responded - self.skipped)


@dataclass(frozen=True)
class Waiting:
    """Tickets opened in the period: how many, how many answered, and the hours to the first answer, half of them and nine
    tenths of them at the most; None where none was answered."""

    opened: int
    answered: int
    median_hours: float | None
    most_hours: float | None


@dataclass(frozen=True)
class Overview:
    """All tables of a period, both days included; of one place, or (empty) of all."""

    first: date
    last: date
    place: str
    all: Row
    by_day: tuple[Row, ...]
    by_topic: tuple[Row, ...]
    by_channel: tuple[Row, ...]
    by_place: tuple[Row, ...]
    steps: tuple[Step, ...]
    verdicts: Mapping[str, Mapping[str, int]]
    unmet: tuple[tuple[str, str, int], ...]
    ratings: Mapping[str, int]
    waiting: Waiting


def read_overview(db: Sql, rules: Rules, first: date, last: date, place: str = "") -> Overview:
    """The tables from what was counted, and from the tickets' times."""
    counts = read_counts(db, first, last, place)
    return make_overview(counts, rules, first, last, place, read_waiting(db, first, last, place))


def make_overview(
    counts: Sequence[Count], rules: Rules, first: date, last: date, place: str, waiting: Waiting
) -> Overview:
    """The tables of one period."""
    turns = [count for count in counts if count.measure == "turn"]
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    by_day = {row.name: row for row in _rows(turns, lambda c: str(c.day))}
    return Overview(
        first, last, place,
        Row("合计", _by_outcome(turns)),
        tuple(by_day.get(str(day), Row(str(day), {})) for day in days),
        tuple(_rows(turns, lambda c: c.topic or "未归类")),
        tuple(_rows(turns, lambda c: CHANNELS.get(c.channel, c.channel))),
        tuple(_rows(turns, lambda c: place_name(c.place))),
        tuple(_steps(counts, rules)),
        {track: _summed(counts, "verdict", track) for track in ("proof_of_concept", "pilot_base")},
        tuple(_unmet(counts)),
        _summed(counts, "rating", ""),
        waiting,
    )  # fmt: skip


def place_name(place: str) -> str:
    """A prefecture's name, the province's, or that it is not known."""
    return place if place in PREFECTURES else "省级" if place else "未说明"


def shown(n: int, place: str) -> str:
    """A number of pre-screens as it is told: of one place, small ones only as small."""
    return f"少于{FEWEST}" if place and 0 < n < FEWEST else str(n)


def _by_outcome(turns: Iterable[Count]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for count in turns:
        found[count.item] += count.n
    return dict(found)


def _rows(turns: Sequence[Count], name_of: Callable[[Count], str]) -> Iterator[Row]:
    """One row a name, the most frequent first."""
    groups: dict[str, list[Count]] = {}
    for count in turns:
        groups.setdefault(name_of(count), []).append(count)
    rows = [Row(name, _by_outcome(group)) for name, group in groups.items()]
    yield from sorted(rows, key=lambda row: (-row.total, row.name))


def _summed(counts: Iterable[Count], measure: Measure, topic: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for count in counts:
        if count.measure == measure and count.topic == topic:
            found[count.item] += count.n
    return dict(found)


def _steps(counts: Sequence[Count], rules: Rules) -> Iterator[Step]:
    """In the order in which they are asked."""
    for track in ("proof_of_concept", "pilot_base"):
        asked, responded, skipped = (
            _summed(counts, measure, track) for measure in ("asked", "responded", "skipped")
        )
        for field in rules.fields_asked(track):
            if field in asked:
                yield Step(
                    track,
                    field,
                    FIELDS[field].title,
                    asked[field],
                    responded.get(field, 0),
                    skipped.get(field, 0),
                )


def _unmet(counts: Sequence[Count]) -> Iterator[tuple[str, str, int]]:
    """Kind of facility, label and how often, the most often unmet first."""
    found = [
        (track, label, n)
        for track in ("proof_of_concept", "pilot_base")
        for label, n in _summed(counts, "unmet", track).items()
    ]
    yield from sorted(found, key=lambda row: (-row[2], row[0], row[1]))


def read_waiting(db: Sql, first: date, last: date, place: str = "") -> Waiting:
    """How long tickets that were opened in the period waited for their first answer."""
    begin, end = (stamp(datetime(d.year, d.month, d.day, tzinfo=CHINA)) for d in (first, last + timedelta(1)))
    found = fetch(
        db,
        "select opened_at, (select min(e.at) from ticket_events e where e.ticket = t.id and e.event = 'answered') as answered "
        "from tickets t where opened_at >= ? and opened_at < ? and (? = '' or place = ?)",
        begin, end, place, place,
    )  # fmt: skip
    hours = sorted(_hours(row["opened_at"], row["answered"]) for row in found if row["answered"])
    if not hours:
        return Waiting(len(found), 0, None, None)
    return Waiting(len(found), len(hours), statistics.median(hours), hours[int(len(hours) * 0.9)])


def _hours(opened: str, answered: str) -> float:
    return (datetime.fromisoformat(answered) - datetime.fromisoformat(opened)).total_seconds() / 3600
