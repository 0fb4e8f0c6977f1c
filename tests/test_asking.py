from datetime import date
from decimal import Decimal

import pytest

from flows.asking import State, pending, possible, remaining_of_unmet
from flows.rules import load_rules

RULES = load_rules()


def state(values=None, skipped=(), thorough=False):
    return State("proof_of_concept", values or {}, frozenset(skipped), thorough)


def test_at_first_the_fields_of_all_items_are_pending_in_the_order_of_asking():
    due = pending(RULES, state())
    assert due[:2] == ("as_of", "applicant_kind")
    assert due == tuple(field for field in RULES.fields_asked("proof_of_concept") if field in due)
    assert "revoked_on" not in due
    assert "prefecture" not in due


def test_whatever_may_be_asked_yet_is_possible():
    assert possible(RULES, state()) == RULES.fields_asked("proof_of_concept")


def test_an_answer_rules_questions_out():
    later = state({"as_of": date(2025, 12, 1), "direct_to_province": True, "plaque_route": True})
    gone = {*possible(RULES, state())} - {*possible(RULES, later)}
    assert gone == {
        "as_of", "direct_to_province", "plaque_route", "revoked_on", "prefecture", "investment_3y_wan",
        "excluded_funds_3y_wan",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("skipped", "gone"),
    [
        ("as_of", {"revoked_on"}), ("previously_revoked", set()), ("direct_to_province", {"prefecture"}),
        ("plaque_route", {"investment_3y_wan", "excluded_funds_3y_wan"}), ("investment_3y_wan", {"excluded_funds_3y_wan"}),
    ],
)  # fmt: skip
def test_what_was_left_out_is_asked_no_more_and_neither_is_what_hangs_on_it(skipped, gone):
    assert skipped not in pending(RULES, state(skipped=[skipped]))
    assert {*possible(RULES, state())} - {*possible(RULES, state(skipped=[skipped]))} == {skipped, *gone}


def test_the_funds_to_take_off_are_asked_once_there_is_an_investment():
    values = {"plaque_route": False}
    assert "investment_3y_wan" in pending(RULES, state(values))
    assert "excluded_funds_3y_wan" not in pending(RULES, state(values))
    assert "excluded_funds_3y_wan" in pending(RULES, state({**values, "investment_3y_wan": Decimal(10)}))


def test_what_can_no_longer_settle_an_item_is_not_pending_once_its_other_half_was_left_out():
    """Of 8.1, the kind of applicant alone can be met or unknown, never unmet."""
    assert "applicant_kind" in pending(RULES, state())
    assert "applicant_kind" not in pending(RULES, state(skipped=["independent_legal_person"]))


def test_the_rest_of_an_unmet_item_is_pending_only_when_it_is_wanted():
    values = {"site_area_m2": Decimal(5)}
    assert "site_photos" not in pending(RULES, state(values))
    assert {"site_photos", "applicant_kind"} <= {*pending(RULES, state(values, thorough=True))}
    assert remaining_of_unmet(RULES, state(values, skipped=["site_photos"])) == {
        "site_photos",
        "facilities_complete",
    }
