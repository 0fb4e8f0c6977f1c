"""A second evaluator, written apart from the first: brute force over the unknowns, money in integers."""

from datetime import date
from itertools import product

from hypothesis import strategies as st

FIRST, LAST = date(2025, 12, 6), date(2028, 12, 5)
KINDS = [
    "university",
    "research_institute",
    "medical_institution",
    "enterprise",
    "development_zone_operator",
    "other",
]

YES = "yes"
COMMON = [
    ("8.2", "construction_plan", YES), ("8.2", "service_capacity", YES), ("8.2", "service_terms", YES),
    ("8.3", "site_photos", YES), ("8.3", "facilities_complete", YES), ("8.4", "director_appointed", YES),
    ("8.5", "sustained_projects", YES), ("8.5", "project_library_account", YES), ("8.5", "management_system", YES),
    ("8.5", "full_process", YES), ("8.4", "specialists", 2), ("8.4", "advisors", 5),
]  # fmt: skip
NEEDED = {
    "proof_of_concept": [*COMMON, ("8.3", "site_area_m2", 200), ("8.4", "team_size", 6), ("8.5", "reserve_projects", 10)],
    "pilot_base": [
        *((label.replace("8", "9"), field, least) for label, field, least in COMMON),
        ("9.3", "site_area_m2", 1000), ("9.3", "equipment_value_wan", 500), ("9.4", "team_size", 10),
        ("9.5", "reserve_projects", 20),
    ],
}  # fmt: skip
GROUP = {
    "proof_of_concept": {
        "poc_service_income_wan": 50, "poc_financing_wan": 200, "poc_transactions_wan": 100, "poc_incubated": 1,
        "poc_fund_wan": 200,
    },
    "pilot_base": {
        "pilot_projects_done": 3, "pilot_productised": 3, "pilot_incubated": 1, "pilot_incubated_valuation_wan": 500,
        "pilot_incubated_revenue_wan": 100, "pilot_contracts_wan": 200,
    },
}  # fmt: skip


def _one_of_holds(track: str, holds: dict) -> bool:
    if track == "proof_of_concept":
        return any(holds.values())
    return (
        (holds["pilot_projects_done"] and holds["pilot_productised"])
        or (
            holds["pilot_incubated"]
            and (holds["pilot_incubated_valuation_wan"] or holds["pilot_incubated_revenue_wan"])
        )
        or holds["pilot_contracts_wan"]
    )


def _holds(value, least) -> bool | None:
    if value is None:
        return None
    return value is True if least == YES else value >= least


def item_status(track: str, item: str, values: dict) -> str:
    """An item by trying out everything that the unknowns may turn out to be."""
    number = item[0]
    facts: dict[str, bool | None] = {}
    if item in ("8.1", "9.1"):
        facts["independent_legal_person"] = _holds(values.get("independent_legal_person"), YES)
        kind = values.get("applicant_kind")
        facts["applicant_kind"] = None if kind in (None, "other") else True
    elif item == "10.1":
        facts["integrity_commitment"] = _holds(values.get("integrity_commitment"), YES)
    else:
        for label, field, least in NEEDED[track]:
            if label == item:
                facts[field] = _holds(values.get(field), least)
    group = (
        {f: _holds(values.get(f), least) for f, least in GROUP[track].items()}
        if item == f"{number}.5"
        else {}
    )
    outcomes = set()
    everything = {**facts, **group}
    unknown = [f for f, held in everything.items() if held is None]
    for guess in product((True, False), repeat=len(unknown)):
        tried = {**everything, **dict(zip(unknown, guess, strict=True))}
        good = all(tried[f] for f in facts) and (
            not group or _one_of_holds(track, {f: tried[f] for f in group})
        )
        outcomes.add(good)
    return {frozenset({True}): "met", frozenset({False}): "unmet"}.get(frozenset(outcomes), "unknown")


BAD, OPEN, GOOD = range(3)


def _rank(field: str, value, least) -> int:
    """Unmet, unknown or met; a kind of applicant is never unmet, the law's list being open."""
    if field == "applicant_kind":
        return OPEN if value in (None, "other") else GOOD
    return OPEN if value is None else GOOD if _holds(value, least) else BAD


def _group(track: str, ranks: dict[str, int]) -> int:
    """The one-of group in three values, written out."""
    if track == "proof_of_concept":
        return max(ranks.values())
    r = ranks
    return max(
        min(r["pilot_projects_done"], r["pilot_productised"]),
        min(r["pilot_incubated"], max(r["pilot_incubated_valuation_wan"], r["pilot_incubated_revenue_wan"])),
        r["pilot_contracts_wan"],
    )


def _parts(track: str, item: str) -> tuple[dict, dict]:
    """The fields that an item requires, and those of its one-of group, each with what is least."""
    if item in ("8.1", "9.1"):
        return {"applicant_kind": YES, "independent_legal_person": YES}, {}
    if item == "10.1":
        return {"integrity_commitment": YES}, {}
    required = {field: least for label, field, least in NEEDED[track] if label == item}
    return required, GROUP[track] if item.endswith(".5") else {}


def fields_that_matter(
    track: str, item: str, values: dict, still_open: set, *, apart: bool = False
) -> set[str]:
    """The open fields that, for some outcome of all the other open ones, still change an item that is not settled: every
    combination is tried. With `apart` each requirement is an item of its own (what is missing in an unmet item)."""
    required, group = _parts(track, item)
    if apart:
        alone = {
            f for f, least in required.items() if f in still_open and _rank(f, values.get(f), least) == OPEN
        }
        return alone | _matter(track, {}, group, values, still_open)
    return _matter(track, required, group, values, still_open)


def _matter(track: str, required: dict, group: dict, values: dict, still_open: set) -> set[str]:
    known = {f: _rank(f, values.get(f), least) for f, least in {**required, **group}.items()}

    def status(ranks: dict) -> int:
        whole = [ranks[f] for f in required]
        return min([*whole, _group(track, {f: ranks[f] for f in group})] if group else whole)

    if not known or status(known) != OPEN:
        return set()
    found = set()
    for field in known:
        if field not in still_open:
            continue
        # Of the other requirements only the best outcome can let a field of this item show; of the group all are tried.
        best = {f: GOOD if f in still_open and f != field else known[f] for f in required}
        others = [f for f in group if f in still_open and f != field]
        for guess in product((BAD, OPEN, GOOD), repeat=len(others)):
            tried = {**known, **best, **dict(zip(others, guess, strict=True))}
            outcomes = (OPEN, GOOD) if field == "applicant_kind" else (BAD, OPEN, GOOD)
            if len({status({**tried, field: outcome}) for outcome in outcomes}) > 1:
                found.add(field)
                break
    return found


def items_of(track: str) -> list[str]:
    number = 8 if track == "proof_of_concept" else 9
    return [f"{number}.{i}" for i in range(1, 6)] + ["10.1"]


def ban_status(values: dict) -> str:
    if values.get("previously_revoked") is False:
        return "met"
    revoked, day = values.get("revoked_on"), values.get("as_of")
    if revoked is None or day is None:
        return "unknown"
    year = revoked.year + 2
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = (year, revoked.month, 28 if (revoked.month, revoked.day) == (2, 29) and not leap else revoked.day)
    return "unmet" if (day.year, day.month, day.day) <= last else "met"


def period_status(values: dict) -> str:
    day = values.get("as_of")
    return "unknown" if day is None else "met" if FIRST <= day <= LAST else "unmet"


SCALE = 10**8


def _units(value) -> int | None:
    return None if value is None else int(value * SCALE)


def _rounded(units: int) -> int:
    """Hundredths, half up, of a non-negative amount."""
    cent = SCALE // 100
    return (units + cent // 2) // cent


def _text(hundredths: int | None) -> str | None:
    return None if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def amounts(values: dict) -> dict:
    spent, apart, income = (
        _units(values.get(f))
        for f in ("investment_3y_wan", "excluded_funds_3y_wan", "annual_service_income_wan")
    )
    plaque, other = values.get("plaque_route"), _units(values.get("other_platform_support_wan"))
    construction = None
    if plaque is True:
        construction = 0
    elif plaque is False and spent is not None and apart is not None:
        construction = _rounded(min((spent - apart) // 5, 200 * SCALE))
    operating = None if income is None else _rounded(min(income // 5, 100 * SCALE))
    first = None if construction is None or operating is None else construction + operating
    more = None if first is None or other is None else _rounded(max(first * SCALE // 100 - other, 0))
    return {
        "construction_wan": _text(construction), "operating_wan": _text(operating),
        "first_year_wan": _text(first), "additional_wan": _text(more),
    }  # fmt: skip


def second_opinion(track: str, values: dict) -> dict:
    statuses = {item: item_status(track, item, values) for item in items_of(track)}
    statuses |= {"18": ban_status(values), "20": period_status(values)}
    unmet = [item for item, status in statuses.items() if status == "unmet"]
    unknown = [item for item, status in statuses.items() if status == "unknown"]
    direct = values.get("direct_to_province")
    return {
        "verdict": "ineligible" if unmet else "undetermined" if unknown else "eligible",
        "unmet": unmet,
        "unknown": unknown,
        "route": None if direct is None else "province" if direct else "prefecture",
        **amounts(values),
    }


# Random applicants: JSON objects near the thresholds, with gaps.

_yes_no = st.sampled_from([True, True, True, True, False, None])


def _near(least: int):
    return st.sampled_from([0, least - 1, least, least, least + 1, least * 3, None])


def _money(least: int):
    return st.one_of(_near(least), st.integers(0, 10**6).map(lambda n: round(n / 100, 3)))


_days = st.one_of(
    st.sampled_from([date(2025, 12, 5), FIRST, LAST, date(2028, 12, 6), date(2028, 2, 29), None]),
    st.dates(FIRST, LAST),
)


@st.composite
def applicants(draw, sparse: bool = False):
    """A profile as a JSON object would hold it, dates as dates: valid, complete or with gaps."""
    track = draw(st.sampled_from(["proof_of_concept", "pilot_base"]))
    values: dict = {"as_of": draw(_days), "applicant_kind": draw(st.sampled_from([*KINDS, None]))}
    for field in (
        "independent_legal_person",
        "integrity_commitment",
        "direct_to_province",
        "also_applying_other_track",
    ):
        values[field] = draw(_yes_no)
    for _, field, least in NEEDED[track]:
        values[field] = draw(_yes_no if least == YES else _near(least))
    for field, least in GROUP[track].items():
        values[field] = draw(_near(least))
    values["plaque_route"] = draw(st.sampled_from([False, False, True, None]))
    values["investment_3y_wan"] = draw(_money(1000))
    spent = values["investment_3y_wan"]
    part = draw(st.sampled_from([0, 0, 0.25, 1, None]))
    values["excluded_funds_3y_wan"] = None if part is None else round((spent or 0) * part, 3)
    values["annual_service_income_wan"] = draw(_money(500))
    values["other_platform_support_wan"] = draw(st.one_of(st.none(), st.just(0), _money(100)))
    revoked = draw(st.sampled_from([False, False, False, True, None]))
    values["previously_revoked"] = revoked
    latest = values["as_of"] or LAST
    if revoked is not False and latest >= FIRST and draw(st.booleans()):
        values["revoked_on"] = draw(st.dates(FIRST, latest))
    if sparse:
        for field in draw(st.sets(st.sampled_from(sorted(values)), max_size=len(values))):
            if field != "as_of" and not (field == "investment_3y_wan" and values["excluded_funds_3y_wan"]):
                values[field] = None
    return track, {field: value for field, value in values.items() if value is not None}
