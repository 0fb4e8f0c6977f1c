"""What is done by the clock: the end of the retention, and reminders, which go out once and at a civil hour."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.reminders import take_due
from bot.store import Purged, Store
from bot.world import World

CHINA = ZoneInfo("Asia/Shanghai")

REPLAYS = timedelta(days=7)
"""How long a message is remembered, so that its repetition gets the same replies; Telegram repeats for a day."""

CIVIL_HOURS = range(9, 21)
"""Hours of the day in China at which a reminder may go out by itself; one that was missed waits for the morning."""


def purge_slice(store: Store, days: int, at: datetime) -> Purged:
    """Remove some of what is older than the retention."""
    return store.purge(at - timedelta(days=days), at - REPLAYS)


def purge_all(store: Store, days: int, at: datetime) -> int:
    """Remove all that is older than the retention; how many conversations."""
    removed = 0
    while (slice_ := purge_slice(store, days, at)).rows:
        removed += slice_.conversations
    return removed


def push_reminders(store: Store, world: World, at: datetime) -> int:
    """Queue some of the reminders that are due, if the hour is civil; for how many conversations."""
    here = at.astimezone(CHINA)
    if here.hour not in CIVIL_HOURS:
        return 0
    due = store.reminding(here.date())
    return sum(_push(store, world, channel, user, here.date(), at) for channel, user in due)


def push_reminders_of(store: Store, world: World, channel: str, user: str, at: datetime) -> None:
    """Queue a person's reminders that are due, at any hour: the person is here."""
    today = at.astimezone(CHINA).date()
    if store.reminding(today, (channel, user)):
        _push(store, world, channel, user, today, at)


def _push(store: Store, world: World, channel: str, user: str, today: date, at: datetime) -> bool:
    """The reminder leaves the conversation and enters the outbox in one transaction: another process that was faster has
    changed the version, and then nothing is written here."""
    return store.push(take_due(world, store.load(channel, user), today), at)
