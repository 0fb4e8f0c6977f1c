"""The weekly summary: told to each desk once, on a working day at a civil hour, in the console and in the staff's group."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot.desk_hours import works_on
from bot.helpdesk import PROVINCE, Office
from bot.overview import read_overview
from bot.overview_text import summary
from bot.store import Store
from bot.store_rows import queue
from bot.store_sql import Sql, fetch, lock, stamp
from bot.upkeep import CHINA, CIVIL_HOURS
from bot.wording import say, text_reply
from bot.world import World

log = structlog.get_logger("beian")

SUNDAY = timedelta(6)


@dataclass(frozen=True)
class Summary:
    """What a desk is told of a week; `week` is its Monday."""

    week: date
    text: str

    @property
    def last(self) -> date:
        """The week's last day."""
        return self.week + SUNDAY


def last_week(day: date) -> date:
    """The Monday of the last whole week before a day."""
    return day - timedelta(day.weekday() + 7)


def tell_a_desk(store: Store, world: World, group: int | None, at: datetime) -> bool:
    """Tell one of the desks at work of last week, each once whatever stops and starts in between; False where none is left.
    `group` is the number of the staff's Telegram group, if there is one. Nothing before a whole week was counted."""
    told = store.transact(lambda db: _tell_one(db, world, group, at))
    if told:
        log.info("a desk was told of last week")
    return told


def _tell_one(db: Sql, world: World, group: int | None, at: datetime) -> bool:
    here = at.astimezone(CHINA)
    week = last_week(here.date())
    offices = world.offices.office if world.offices else ()
    if here.hour not in CIVIL_HOURS or not offices:
        return False
    told = {row["place"] for row in fetch(db, "select place from weekly where week = ?", str(week))}
    due = [office for office in offices if office.desk and office.prefecture not in told]
    due = [office for office in due if works_on(office, world.workdays, here.date()) is not False]
    if not due or not fetch(db, "select n from tally where day <= ? limit 1", str(week + SUNDAY)):
        return False
    return _tell(db, world, due[0], week, group, at)


def _tell(db: Sql, world: World, office: Office, week: date, group: int | None, at: datetime) -> bool:
    """One desk; False where another process was faster. The province is told of everybody."""
    place = office.prefecture
    lock(db, "weekly", place)
    text = summary(read_overview(db, world.rules, week, week + SUNDAY, "" if place == PROVINCE else place))
    new = fetch(
        db,
        "insert into weekly (place, week, text, at) values (?, ?, ?, ?) on conflict (place, week) do nothing returning place",
        place, str(week), text, stamp(at),
    )  # fmt: skip
    if new and group:
        reply = text_reply("control", text, say("weekly.where"))
        queue(db, "telegram", f"{group}:weekly", "", reply, stamp(at), pushed=True)
    return bool(new)


def unseen(db: Sql, place: str, staff: int, today: date) -> Summary | None:
    """Last week's summary of a place, until this account has said that it has seen it."""
    week = last_week(today)
    found = fetch(
        db,
        "select text from weekly w where place = ? and week = ? and not exists (select 1 from weekly_seen s where "
        "s.staff = ? and s.place = w.place and s.week = w.week)",
        place, str(week), staff,
    )  # fmt: skip
    return Summary(week, found[0]["text"]) if found else None


def mark_seen(db: Sql, place: str, staff: int, today: date) -> None:
    """This account needs last week's no more."""
    fetch(
        db,
        "insert into weekly_seen (staff, place, week) values (?, ?, ?) on conflict (staff, place, week) do nothing",
        staff, place, str(last_week(today)),
    )  # fmt: skip
