"""The states of a ticket and what leads from one to another: one table, and nothing moves a ticket but what stands in it."""

from collections.abc import Mapping
from typing import Literal, get_args

Status = Literal["open", "claimed", "answered", "closed", "withdrawn"]
"""`withdrawn`: the person took it back, had everything erased, or the retention ended, before an answer."""

Event = Literal[
    "opened", "claimed", "released", "passed_on", "answered", "closed", "reopened", "added", "contact", "noted",
    "offered", "agreed", "refused", "withdrawn", "blanked",
]  # fmt: skip
"""What can happen to a ticket. `offered`: the staff proposed what to fill in, which the person `agreed` to or `refused`; `added`: the person said more; `blanked`: all that was personal was erased."""

WAITING: tuple[Status, ...] = ("open", "claimed")
"""The states in which a person waits for an answer."""

_STAYS: Mapping[Status, Status] = {status: status for status in get_args(Status) if status != "withdrawn"}

TRANSITIONS: Mapping[Event, Mapping[Status, Status]] = {
    "claimed": {"open": "claimed", "claimed": "claimed"},
    "released": {"claimed": "open"},
    "passed_on": {"open": "open", "claimed": "open"},
    "answered": {"open": "answered", "claimed": "answered"},
    "closed": {"open": "closed", "claimed": "closed", "answered": "closed"},
    "reopened": {"answered": "open", "closed": "open"},
    "added": {"open": "open", "claimed": "claimed"},
    "contact": _STAYS,
    "noted": _STAYS,
    "offered": {"open": "open", "claimed": "claimed", "answered": "answered"},
    "agreed": _STAYS,
    "refused": _STAYS,
    "withdrawn": {"open": "withdrawn", "claimed": "withdrawn"},
}
"""Event -> the states in which it can happen, each with the state after it."""

OUTCOMES: Mapping[str, str] = {
    "solved": "已解决",
    "referred": "已转线下或其他部门办理",
    "outside": "不属于本办法",
    "duplicate": "重复",
    "unclear": "问题不清，联系不上",
}
"""With what a ticket is closed."""


def next_status(status: Status, event: Event) -> Status | None:
    """The state after an event, or None where it cannot happen."""
    return TRANSITIONS.get(event, {}).get(status)
