"""An applicant's profile: read from JSON or from a sheet's row, every error by field and in one Chinese sentence."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict
from rapidfuzz import process

from flows.fields import FIELDS, Track
from flows.reading import CELL, JSON, Reader, ReadingError, Value, is_blank, show_given
from knowledge import regulation

ApplicantKind = Literal[
    "university",
    "research_institute",
    "medical_institution",
    "enterprise",
    "development_zone_operator",
    "other",
]


class ProfileError(ValueError):
    """A profile that cannot be screened: field -> what was given and what would be right."""

    def __init__(self, errors: dict[str, str], profile_id: str | None = None) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors.items()))
        self.errors = errors
        self.profile_id = profile_id


class Profile(BaseModel):
    """An applicant's situation. None is "not known", and never "no" or zero. Money in 万元, area in m²."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    id: str | None = None
    track: Track
    as_of: date | None = None
    applicant_kind: ApplicantKind | None = None
    independent_legal_person: bool | None = None
    direct_to_province: bool | None = None
    prefecture: str | None = None
    construction_plan: bool | None = None
    service_capacity: bool | None = None
    service_terms: bool | None = None
    site_area_m2: Decimal | None = None
    site_photos: bool | None = None
    facilities_complete: bool | None = None
    equipment_value_wan: Decimal | None = None
    team_size: int | None = None
    director_appointed: bool | None = None
    specialists: int | None = None
    advisors: int | None = None
    sustained_projects: bool | None = None
    project_library_account: bool | None = None
    management_system: bool | None = None
    full_process: bool | None = None
    reserve_projects: int | None = None
    poc_service_income_wan: Decimal | None = None
    poc_financing_wan: Decimal | None = None
    poc_transactions_wan: Decimal | None = None
    poc_incubated: int | None = None
    poc_fund_wan: Decimal | None = None
    pilot_projects_done: int | None = None
    pilot_productised: int | None = None
    pilot_incubated: int | None = None
    pilot_incubated_valuation_wan: Decimal | None = None
    pilot_incubated_revenue_wan: Decimal | None = None
    pilot_contracts_wan: Decimal | None = None
    integrity_commitment: bool | None = None
    plaque_route: bool | None = None
    previously_revoked: bool | None = None
    revoked_on: date | None = None
    also_applying_other_track: bool | None = None
    other_platform_support_wan: Decimal | None = None
    investment_3y_wan: Decimal | None = None
    excluded_funds_3y_wan: Decimal | None = None
    annual_service_income_wan: Decimal | None = None


def read_profile(raw: Mapping[str, object]) -> Profile:
    """A profile from a JSON object; ProfileError if anything in it is bad."""
    return _read(raw, JSON)


def read_row(raw: Mapping[str, object]) -> Profile:
    """A profile from a sheet's row by field name (header titles are read with `fields.field_of_title`)."""
    return _read(raw, CELL)


def _read(raw: Mapping[str, object], readers: Mapping[str, Reader]) -> Profile:
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for name, given in raw.items():
        reader = readers.get(name)
        if reader is None:
            errors[show_given(name).strip("“”")] = _unknown_field(str(name))
            continue
        try:
            values[name] = (
                None if given is None or (isinstance(given, str) and is_blank(given)) else reader(given)
            )
        except ReadingError as problem:
            errors[name] = str(problem)
    if values.get("track") is None and "track" not in errors:
        errors["track"] = (
            "没有写申报类别；请写 proof_of_concept（概念验证中心）或 pilot_base（中试基地（平台））"
        )
    for name, reason in contradictions(values).items():
        errors.setdefault(name, reason)
    profile_id = values.get("id")
    if errors:
        raise ProfileError(errors, profile_id if isinstance(profile_id, str) else None)
    return Profile.model_validate(values)


def contradictions(values: Mapping[str, Value]) -> dict[str, str]:
    """What cannot be true together, by the field to correct."""
    found = {}
    total, excluded = values.get("investment_3y_wan"), values.get("excluded_funds_3y_wan")
    if isinstance(total, Decimal) and isinstance(excluded, Decimal) and excluded > total:
        found["excluded_funds_3y_wan"] = (
            f"省级财政和中央引导资金{excluded:f}万元多于近三年投入总额{total:f}万元；它是总额的一部分，请核对"
        )
    revoked_on, as_of = values.get("revoked_on"), values.get("as_of")
    if isinstance(revoked_on, date):
        if values.get("previously_revoked") is False:
            found["revoked_on"] = "写了取消日期，又写了未曾被取消备案资格；请改其中一项"
        elif revoked_on < first_day():
            found["revoked_on"] = (
                f"{revoked_on}早于本办法施行日{first_day()}，那时还没有依本办法的备案；"
                "未曾依本办法被取消的，请将“曾被取消”写为否；拿不准请咨询科技管理部门"
            )
        elif isinstance(as_of, date) and revoked_on > as_of:
            found["revoked_on"] = f"取消日期{revoked_on}晚于申报日期{as_of}；请核对这两个日期"
    return found


@cache
def first_day() -> date:
    """The day from which the measure is in force: nothing was filed under it, and so nothing revoked, before."""
    about = regulation.load().about
    if about is None:
        raise regulation.KnowledgeError("about.toml says from which day the regulation is in force")
    return about.in_force


def _unknown_field(name: str) -> str:
    near = process.extractOne(name, FIELDS.keys(), score_cutoff=75)
    hint = f"是否是 {near[0]}（{FIELDS[near[0]].title}）？" if near else "字段名见说明文档。"
    return f"没有这个字段；{hint}"
