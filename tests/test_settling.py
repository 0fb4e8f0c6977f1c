from itertools import product

import pytest
import second_opinion
from hypothesis import given, settings
from hypothesis import strategies as st
from second_opinion import GROUP, NEEDED, YES, item_status

from flows.provisions import leaves
from flows.rules import load_rules
from flows.settling import Known, fields_that_matter, parts_of_unmet, status_of

RULES = load_rules()
ITEMS = [(track, item) for track in RULES.items for item in RULES.items[track]]


def outcomes(track: str, field: str) -> list:
    """A value that fails, None, and one that suffices; a kind cannot fail, the law's list being open."""
    if field == "applicant_kind":
        return [None, "university", "other"]
    least = dict([(f, n) for _, f, n in NEEDED[track]] + list(GROUP[track].items())).get(field, YES)
    return [False, None, True] if least == YES else [least - 1, None, least]


@st.composite
def states(draw):
    """An item with some of its fields answered (None for 不清楚) and at most six still open."""
    track, item = draw(st.sampled_from(ITEMS))
    fields = [rule.field for rule in leaves(item)]
    still_open = draw(st.sets(st.sampled_from(fields), max_size=6))
    good = draw(st.booleans())
    values = {}
    for field in fields:
        if field not in still_open:
            options = outcomes(track, field)
            values[field] = options[2] if good and draw(st.integers(0, 3)) else draw(st.sampled_from(options))
    return track, item, values, frozenset(still_open)


@settings(max_examples=200, deadline=None)
@given(states())
def test_a_field_matters_exactly_if_it_can_still_change_an_unsettled_item(state):
    track, item, values, still_open = state
    expected = set()
    if item_status(track, item.label, values) == "unknown":
        for field in still_open:
            others = sorted(still_open - {field})
            for guess in product(*(outcomes(track, other) for other in others)):
                tried = {**values, **dict(zip(others, guess, strict=True))}
                if (
                    len({item_status(track, item.label, {**tried, field: v}) for v in outcomes(track, field)})
                    > 1
                ):
                    expected.add(field)
                    break
    assert fields_that_matter([item], Known(values, still_open)) == expected
    assert second_opinion.fields_that_matter(track, item.label, values, still_open) == expected


def item(label: str):
    return next(i for track in RULES.items for i in RULES.items[track] if i.label == label)


@pytest.mark.parametrize(
    ("label", "values", "matter"),
    [
        ("8.3", {}, {"site_area_m2", "site_photos", "facilities_complete"}),
        ("8.3", {"site_photos": False}, set()),
        ("8.3", {"site_photos": None}, {"site_area_m2", "facilities_complete"}),
        ("8.1", {"independent_legal_person": None}, set()),
        ("9.5", {"pilot_contracts_wan": 200}, {"sustained_projects", "project_library_account", "management_system", "full_process", "reserve_projects"}),
    ],
)  # fmt: skip
def test_examples_of_what_matters(label, values, matter):
    fields = frozenset(rule.field for rule in leaves(item(label))) - values.keys()
    assert fields_that_matter([item(label)], Known(values, fields)) == matter


def test_once_one_alternative_holds_the_others_do_not_matter():
    required = {rule.field: 10 if rule.at_least else True for rule in item("8.5").parts[:-1]}
    alternatives = frozenset(GROUP["proof_of_concept"]) - {"poc_incubated"}
    assert fields_that_matter([item("8.5")], Known({**required, "poc_incubated": 1}, alternatives)) == set()
    assert (
        fields_that_matter([item("8.5")], Known({**required, "poc_incubated": 0}, alternatives))
        == alternatives
    )


def test_no_incubated_company_makes_its_valuation_and_revenue_moot():
    required = {rule.field: 20 if rule.at_least else True for rule in item("9.5").parts[:-1]}
    still_open = frozenset(GROUP["pilot_base"]) - {"pilot_incubated"}
    matter = fields_that_matter([item("9.5")], Known({**required, "pilot_incubated": 0}, still_open))
    assert matter == {"pilot_projects_done", "pilot_productised", "pilot_contracts_wan"}


def test_the_parts_of_unmet_items_are_judged_one_by_one():
    known = Known({"site_photos": False}, frozenset({"site_area_m2", "facilities_complete"}))
    parts = parts_of_unmet([item("8.3")], known)
    assert [status_of(part, known) for part in parts] == ["unknown", "unmet", "unknown"]
    assert fields_that_matter(parts, known) == {"site_area_m2", "facilities_complete"}
