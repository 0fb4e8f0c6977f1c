from datetime import date
from decimal import Decimal

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


def test_what_was_left_out_is_not_pending():
    assert "as_of" not in pending(RULES, state(skipped=["as_of"]))


def test_the_rest_of_an_unmet_item_is_pending_only_when_it_is_wanted():
    values = {"site_area_m2": Decimal(5)}
    assert "site_photos" not in pending(RULES, state(values))
    assert "site_photos" in pending(RULES, state(values, thorough=True))
    assert remaining_of_unmet(RULES, state(values, skipped=["site_photos"])) == {
        "site_photos",
        "facilities_complete",
    }
