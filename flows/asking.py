"""What is still to be asked, in order: for the verdict, then for the route and the amounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flows.reading import Value
from flows.rules import Rules
from flows.settling import Known, fields_that_matter, parts_of_unmet


@dataclass(frozen=True)
class State:
    """What was said about a track: values by field (None for 不清楚), the fields left out, and how far to go."""

    track: str
    values: Mapping[str, Value]
    skipped: frozenset[str]
    thorough: bool = False

    def is_open(self, field: str) -> bool:
        """Whether a field was neither answered nor left out."""
        return field not in self.values and field not in self.skipped


def pending(rules: Rules, state: State) -> tuple[str, ...]:
    """The fields to ask now, in order. An answer may take some off the list and may add those that follow from it."""
    return _fields(rules, state, hopeful=False)


def possible(rules: Rules, state: State) -> tuple[str, ...]:
    """The fields that may be asked yet, whatever the answers are."""
    return _fields(rules, state, hopeful=True)


def remaining_of_unmet(rules: Rules, state: State) -> frozenset[str]:
    """The requirements of unmet items that were not answered, left out or not."""
    fields = (field for field in rules.fields_asked(state.track) if field not in state.values)
    known = Known(state.values, frozenset(fields))
    return fields_that_matter(parts_of_unmet(rules.items[state.track], known), known)


def _fields(rules: Rules, state: State, *, hopeful: bool) -> tuple[str, ...]:
    asked = rules.fields_asked(state.track)
    known = Known(state.values, frozenset(field for field in asked if state.is_open(field)))
    items = rules.items[state.track]
    matter = fields_that_matter(items, known)
    if state.thorough:
        matter |= fields_that_matter(parts_of_unmet(items, known), known)
    of_items = {rule.field for rule in rules.rules}
    return tuple(
        field
        for field in asked
        if state.is_open(field)
        and (field in matter if field in of_items else _is_due(rules, state, field, hopeful=hopeful))
    )


def _is_due(rules: Rules, state: State, field: str, *, hopeful: bool) -> bool:
    condition = _CONDITIONS.get(field)
    return condition is None or condition(rules, state, hopeful)


def _expects(state: State, field: str, wanted: bool, hopeful: bool) -> bool:
    """Whether a yes/no has the wanted value, or may yet get it."""
    return state.values.get(field) is wanted or (hopeful and state.is_open(field))


def _previously_revoked(rules: Rules, state: State, hopeful: bool) -> bool:
    """A date given says more than a yes."""
    return state.values.get("revoked_on") is None


def _revoked_on(rules: Rules, state: State, hopeful: bool) -> bool:
    """The date settles article 18 where there may have been a revocation and the day of application is known; nothing
    was filed, and so nothing revoked, before the measure was in force."""
    as_of = state.values.get("as_of")
    if isinstance(as_of, date):
        may_settle = as_of >= rules.in_force.first
    else:
        may_settle = hopeful and state.is_open("as_of")
    if state.values.get("previously_revoked") is False or not may_settle:
        return False
    return hopeful or not state.is_open("previously_revoked")


def _prefecture(rules: Rules, state: State, hopeful: bool) -> bool:
    return _expects(state, "direct_to_province", False, hopeful)


def _investment(rules: Rules, state: State, hopeful: bool) -> bool:
    """No construction support on the plaque route (article 17), and none can be estimated where that is not known."""
    return _expects(state, "plaque_route", False, hopeful)


def _excluded(rules: Rules, state: State, hopeful: bool) -> bool:
    known = state.values.get("investment_3y_wan") is not None
    return _investment(rules, state, hopeful) and (known or (hopeful and state.is_open("investment_3y_wan")))


_CONDITIONS: Mapping[str, Callable[[Rules, State, bool], bool]] = {
    "previously_revoked": _previously_revoked,
    "revoked_on": _revoked_on,
    "prefecture": _prefecture,
    "investment_3y_wan": _investment,
    "excluded_funds_3y_wan": _excluded,
}
"""When a field that is no requirement of articles 8 to 10 is asked; those without an entry always are."""
