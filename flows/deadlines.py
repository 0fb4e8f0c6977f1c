"""Days counted by the Civil Code: the end of a ban, and whether a day lies in the period in force."""

from calendar import monthrange
from datetime import date, timedelta

from flows.provisions import InForce


def ban_ends(revoked_on: date, years: int) -> date:
    """The last day of a ban of some years.

    Civil Code 201: the day of the event does not count. 202: the last day is the corresponding day of the last month,
    or that month's last day where it has none.
    """
    year = revoked_on.year + years
    return date(year, revoked_on.month, min(revoked_on.day, monthrange(year, revoked_on.month)[1]))


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)


def is_in_force(day: date, period: InForce) -> bool:
    """Whether the measure is in force on a day; its first and its last day are."""
    return period.first <= day <= period.last
