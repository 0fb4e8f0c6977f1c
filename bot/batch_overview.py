"""A row of a batch as the clerk reads it: verdict, what is missing and by how much, amounts, or what is wrong."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from bot.batch_result import Outcome, as_cells
from flows.fields import FIELDS
from flows.profile import ProfileError
from flows.screening import Criterion, Screening, plain
from knowledge.entries import TRACKS

VERDICTS = {"eligible": "符合", "ineligible": "不符合", "undetermined": "待定", "error": "有误"}
"""How a reader knows the kinds of result."""
_ROUTES = {"province": "直接报省科技厅", "prefecture": "报州（市）科技管理部门"}
OVERVIEW = (
    ("行", 6), ("编号", 16), ("申报类别", 18), ("结论", 8), ("不满足的项", 12), ("待定的项", 12), ("差距", 50), ("待补充", 36),
    ("申报渠道", 22), ("建设补助（万元）", 10), ("运营补助（万元）", 10), ("首年合计（万元）", 10), ("同年另增（万元）", 10), ("错误", 36),
)  # fmt: skip
"""The overview's columns and their widths in letters."""


class SheetRow(NamedTuple):
    """A row of results: the public cells, the kind of result, and the overview's cells without the row's number."""

    cells: Sequence[str]
    kind: str
    overview: Sequence[str | Decimal | None]


def as_sheet_row(outcome: Outcome) -> SheetRow:
    """What the workbook takes of an outcome."""
    if isinstance(outcome, ProfileError):
        said = "；".join(f"{title_of(field)}：{reason}" for field, reason in outcome.errors.items())
        overview: list[str | Decimal | None] = [
            outcome.profile_id,
            None,
            VERDICTS["error"],
            *[None] * 9,
            said,
        ]
        return SheetRow(as_cells(outcome), "error", overview)
    amounts = outcome.amounts
    overview = [
        outcome.id, TRACKS[outcome.track], VERDICTS[outcome.verdict], "、".join(outcome.unmet),
        "、".join(outcome.unknown), *_open(outcome), _ROUTES.get(outcome.route or ""), amounts.construction,
        amounts.operating, amounts.first_year, amounts.additional, None,
    ]  # fmt: skip
    return SheetRow(as_cells(outcome), outcome.verdict, overview)


def _open(screening: Screening) -> tuple[str, str]:
    """What is missing in unmet items, and what is not known yet; alternatives stand under their own labels."""
    unmet = [c for c in screening.open if c.status == "unmet" and _item(c) in screening.unmet]
    unknown = [c for c in screening.open if c.status == "unknown"]
    needed = [_gap(c) for c in unmet if c.label == _item(c)]
    ways = [
        f"{label} " + "、".join(map(_gap_alone, own))
        for label, own in groupby((c for c in unmet if c.label != _item(c)), key=attrgetter("label"))
    ]
    if ways:
        needed.append("以下之一：" + "，或 ".join(ways))
    return "；".join(needed), "、".join(f"{c.label} {_asked(c)}" for c in unknown)


def _item(criterion: Criterion) -> str:
    return ".".join(criterion.label.split(".")[:2])


def _gap(criterion: Criterion) -> str:
    return f"{criterion.label} {_gap_alone(criterion)}"


def _gap_alone(criterion: Criterion) -> str:
    field = FIELDS[criterion.field]
    if criterion.missing is not None:
        said = f"{field.title}{criterion.actual}{field.unit}"
        return f"{said}，还差{plain(criterion.missing)}{field.unit}"
    if field.kind == "date":
        due = criterion.required.removeprefix("申报日期 ").replace("≥ ", "不早于").replace(" … ", "至")
        return f"申报日期{criterion.actual}，应{due}"
    return f"{field.title}：{criterion.actual}"


def _asked(criterion: Criterion) -> str:
    """What is to be found out for a requirement that cannot be judged yet."""
    if criterion.actual is None:
        return title_of("as_of" if criterion.field == "revoked_on" else criterion.field)
    if criterion.field == "previously_revoked":
        return title_of("revoked_on")
    return f"{title_of(criterion.field)}“{criterion.actual}”（由科技管理部门认定）"


def title_of(field: str) -> str:
    """How a reader knows a field, or the row as a whole."""
    return FIELDS[field].title if field in FIELDS else "整行" if field == "row" else field
