"""A report as a file: its formats, a profile read from JSON, and a target written whole or not at all."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.report_document import Document, make_document
from bot.wording import say
from bot.world import World
from flows.profile import Profile, ProfileError, read_profile
from flows.report import Report, make_report, read_inputs
from flows.rules import Rules
from knowledge.entries import TRACKS

_OFFICE = "application/vnd.openxmlformats-officedocument"


FORMATS = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
"""The formats of a report by extension, with their media types."""


class ReportFileError(ValueError):
    """A profile that cannot be read or a target that cannot be written; one sentence says where and why."""


def draw_report(rules: Rules, report: Report, form: str) -> bytes:
    """The bytes of a report in one of FORMATS."""
    return _drawer(form)(make_document(rules, report), report)


def draw_kept(world: World, data: Mapping[str, Any], at: datetime) -> bytes:
    """The bytes of the report that a reply's document describes; see `bot.reporting`."""
    profile, answered = read_inputs(data["inputs"])
    report = make_report(profile, world.rules, date.fromisoformat(data["made_on"]), answered)
    return draw_report(world.rules, report, data["form"])


def _drawer(form: str) -> Callable[[Document, Report], bytes]:
    """A format's library is imported when it is asked for: together they take longer than any report."""
    match form:
        case "pdf":
            from bot.report_pdf import draw_pdf  # noqa: PLC0415

            return draw_pdf
        case "docx":
            from bot.report_docx import draw_docx  # noqa: PLC0415

            return draw_docx
        case "xlsx":
            from bot.report_xlsx import draw_xlsx  # noqa: PLC0415

            return draw_xlsx
    raise ValueError(f"a report is one of {', '.join(FORMATS)}, not {form!r}")


def file_name(track: str, made_on: date, form: str) -> str:
    """What the file is called where nobody gave a name."""
    return f"{say('report.title', track=TRACKS[track])}-{made_on}.{form}"


def read_profile_file(path: Path) -> Profile:
    """The profile of a JSON file; ReportFileError where it is none, ProfileError where a field is bad."""
    try:
        raw = json.loads(
            path.read_bytes().decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_float=Decimal,
            parse_int=Decimal,
        )
    except (ValueError, InvalidOperation, RecursionError) as error:
        if isinstance(error, ProfileError):
            raise
        raise ReportFileError(
            f'{path}: 不是 JSON（UTF-8）；请写一个对象，如 {{"track": "pilot_base"}}'
        ) from error
    if not isinstance(raw, dict):
        raise ReportFileError(f'{path}: 请写一个 JSON 对象，如 {{"track": "pilot_base"}}')
    return read_profile(raw)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ProfileError({twice: "这一项出现了两次"})
    return dict(pairs)


def write_report(
    rules: Rules, profile: Profile, made_on: date, target: Path, answered: frozenset[str] = frozenset()
) -> Report:
    """Write a profile's report by the target's extension, beside it first and renamed when complete."""
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        known = "、".join(f".{name}" for name in FORMATS)
        raise ReportFileError(f"{target}: 不支持“{target.suffix or '无扩展名'}”；请输出为 {known} 之一")
    if target.is_dir() or not target.parent.is_dir():
        raise ReportFileError(f"{target}: 不能写到这里；请给一个已有文件夹里的文件名")
    report = make_report(profile, rules, made_on, answered)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(draw_report(rules, report, form))
        partial.replace(target)
    except OSError as error:
        raise ReportFileError(f"{target}: 写不了文件（{error.strerror or error}）") from error
    finally:
        partial.unlink(missing_ok=True)
    return report
