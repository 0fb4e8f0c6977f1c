"""Support over the years in words: a table and what the measure leaves open."""

from decimal import Decimal

from bot.chart import draw_years
from bot.conversation import Block, Button, Reply
from bot.wording import say
from bot.wording_gaps import clause_name
from flows.schedule import Schedule, Year
from knowledge.dates import civil_date
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation

_NEXT = (Button("已填内容", "summary"), Button("转人工", "human"))


def word_years(law: Regulation, track: str, schedule: Schedule) -> Reply:
    """The schedule as one reply."""
    blocks = []
    if schedule.years:
        blocks = [
            Block("text", say("years.heading", track=TRACKS[track])),
            Block("table", rows=year_rows(schedule), chart=draw_years(schedule)),
        ]
    notes = "\n".join(f"· {note.text}（{clause_name(law, note.label)}）" for note in schedule.notes)
    return Reply("control", (*blocks, Block("note", notes)), buttons=_NEXT)


def year_rows(schedule: Schedule) -> tuple[tuple[str, ...], ...]:
    """The table: a header, a row for each year, and the sum."""
    header = tuple(say(f"years.{name}") for name in ("year", "construction", "operating", "total", "most"))
    rows = [
        (_year_name(year), *map(_wan, (year.construction, year.operating, year.total, year.most)))
        for year in schedule.years
    ]
    parts = ([year.construction for year in schedule.years], [year.operating for year in schedule.years])
    sums = [_wan(None if None in part else sum(filter(None, part), Decimal(0))) for part in parts]
    return (header, *rows, (say("years.sum"), *sums, _wan(schedule.total), _wan(schedule.most)))


def _year_name(year: Year) -> str:
    """2026年, and where it is not whole, from or to which day."""
    name = f"{year.first.year}年"
    if (year.first.month, year.first.day) != (1, 1):
        return say("years.from", year=name, day=civil_date(year.first).removeprefix(name))
    if (year.last.month, year.last.day) != (12, 31):
        return say("years.until", year=name, day=civil_date(year.last).removeprefix(name))
    return name


def _wan(amount: Decimal | None) -> str:
    return say("years.unknown") if amount is None else f"{amount:.2f}"
