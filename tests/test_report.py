"""A report's record and its receipt: the same for the same inputs, another for any other."""

from datetime import date

import pytest
from hypothesis import given, settings
from second_opinion import applicants

from flows.gap_plan import plan_gaps
from flows.profile import read_profile
from flows.report import inputs_of, make_report, read_inputs, receipt_of
from flows.rules import load_rules
from flows.schedule import plan_years

RULES = load_rules()
DAY = date(2026, 11, 24)
TOLD = {"id": "甲", "track": "pilot_base", "as_of": "2026-06-01", "site_area_m2": 800, "site_photos": True}


def report(made_on=DAY, answered=frozenset(), **changes):
    return make_report(read_profile({**TOLD, **changes}), RULES, made_on, answered)


def test_the_same_inputs_give_the_same_receipt():
    assert report().receipt == report().receipt
    assert report(site_area_m2=800.0).receipt == report().receipt
    assert len(report().receipt) == 32


@pytest.mark.parametrize(
    "changes",
    [
        {"site_area_m2": 801}, {"site_photos": False}, {"id": "乙"}, {"as_of": None}, {"team_size": 0}, {"track": "proof_of_concept"},
        {"made_on": date(2026, 11, 25)}, {"answered": frozenset({"team_size"})},
    ],
)  # fmt: skip
def test_another_input_gives_another_receipt(changes):
    assert report(**changes).receipt != report().receipt


def test_another_version_gives_another_receipt():
    inputs = inputs_of(report().profile, report().answered)
    assert receipt_of(inputs, DAY, report().screening.version) == report().receipt
    assert receipt_of(inputs, DAY, "yunnan-2025-11+000000000000") != report().receipt


def test_a_receipt_of_last_year_still_holds():
    """How it is hashed must never change: receipts stand on paper."""
    inputs = {
        "track": "pilot_base",
        "id": "甲",
        "site_area_m2": "800.5",
        "site_photos": True,
        "advisors": None,
    }
    assert receipt_of(inputs, DAY, "yunnan-2025-11+b01444b977b6") == "6e2ec9d2cbf7a903293ea1fa6b4c0ba1"
    assert (
        receipt_of(dict(reversed(inputs.items())), DAY, "yunnan-2025-11+b01444b977b6")
        == "6e2ec9d2cbf7a903293ea1fa6b4c0ba1"
    )


def test_a_report_has_its_day_plan_and_years():
    made = report(answered=frozenset({"team_size"}))
    assert made.made_on == DAY
    assert made.plan == plan_gaps(made.profile, RULES, frozenset({"team_size"}))
    assert made.plan != plan_gaps(made.profile, RULES)
    assert made.schedule == plan_years(made.profile, RULES)


def test_an_id_that_no_document_can_show_is_made_one_line():
    made = report(id="甲\n\t乙\u200b\x07")
    assert made.profile.id == "甲 乙"
    assert report(id="\x07").profile.id is None


@settings(max_examples=50, deadline=None)
@given(applicants(sparse=True))
def test_what_is_kept_reads_back_to_the_same_profile(applicant):
    track, values = applicant
    profile = read_profile(
        {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
    )
    made = make_report(profile, RULES, DAY)
    kept = inputs_of(made.profile, made.answered)
    assert read_inputs(kept) == (made.profile, made.answered)
