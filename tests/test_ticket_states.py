from typing import get_args

import pytest

from bot.ticket_states import OUTCOMES, TRANSITIONS, WAITING, Event, Status, next_status

TABLE = {
    # event: the states after open, claimed, answered, closed, withdrawn; "-" where it cannot happen
    "claimed": "claimed claimed - - -",
    "released": "- open - - -",
    "passed_on": "open open - - -",
    "answered": "answered answered - - -",
    "closed": "closed closed closed - -",
    "reopened": "- - open open -",
    "added": "open claimed - - -",
    "contact": "open claimed answered closed -",
    "noted": "open claimed answered closed -",
    "offered": "open claimed answered - -",
    "agreed": "open claimed answered closed -",
    "refused": "open claimed answered closed -",
    "withdrawn": "withdrawn withdrawn - - -",
    "opened": "- - - - -",
    "blanked": "- - - - -",
}


@pytest.mark.parametrize("event", get_args(Event))
def test_an_event_leads_from_state_to_state_as_written_and_nowhere_else(event):
    after = [next_status(status, event) or "-" for status in get_args(Status)]
    assert " ".join(after) == TABLE[event]


def test_nothing_leads_out_of_withdrawn_and_whoever_waits_can_be_answered():
    assert all("withdrawn" not in before for before in TRANSITIONS.values())
    assert all(next_status(status, "answered") == "answered" for status in WAITING)
    assert set(OUTCOMES) == {"solved", "referred", "outside", "duplicate", "unclear"}
