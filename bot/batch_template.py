"""The sheet that is handed out for a batch: Chinese headings, drop-down choices, and each field's question as a note."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from bot.batch_book import LINE, row_height
from bot.batch_rows import BatchError
from flows.fields import FIELDS, Field
from flows.rules import Rules
from knowledge.entries import TRACKS

_HEADING = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
_COLOURS = {"": "#E8EEF7", TRACKS["proof_of_concept"]: "#E2F0D9", TRACKS["pilot_base"]: "#FFF2CC"}
"""The ground of a heading, by the one kind of facility that its column is for."""
_GUIDE = (("列", 5), ("栏目", 26), ("适用", 16), ("填什么", 60), ("怎么写", 22), ("条款", 16))
_ROWS = 1000
"""How many rows have drop-downs and checks."""


def make_template(target: Path, rules: Rules, stderr: TextIO) -> int:
    """Write the sheet; exit status 0, or 2 with one line that says why not."""
    try:
        write_template(target, rules)
    except BatchError as error:
        stderr.write(f"{error}\n")
        return 2
    return 0


def write_template(target: Path, rules: Rules) -> None:
    """An empty sheet that `run_batch` reads once it is filled in; BatchError where it cannot be written."""
    if target.suffix.lower() != ".xlsx":
        raise BatchError(f"{target}: 模板只有 .xlsx 格式；请将文件名写为 .xlsx")
    if target.exists():
        raise BatchError(f"{target}: 已有这个文件；请换一个文件名")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file, Workbook(file) as book:
            headings = {
                whose: book.add_format({**_HEADING, "bg_color": colour}) for whose, colour in _COLOURS.items()
            }
            _write_columns(book, headings, rules)
            _write_guide(book, headings, rules)
        partial.replace(target)
    except OSError as error:
        raise BatchError(f"{target}: 写不了文件（{error.strerror or error}）") from error
    finally:
        partial.unlink(missing_ok=True)


def _write_columns(book: Workbook, headings: Mapping[str, Any], rules: Rules) -> None:
    sheet = book.add_worksheet("申报单位")
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 4 * LINE)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, field in enumerate(FIELDS.values()):
        sheet.set_column(column, column, 16, day if field.kind == "date" else None)
        sheet.write_string(0, column, field.heading, headings[_whose(field, rules)])
        sheet.write_comment(0, column, _note(field, rules), {"x_scale": 3, "y_scale": 2})
        if check := _check(field):
            sheet.data_validation(1, column, _ROWS, column, check)


def _write_guide(book: Workbook, headings: Mapping[str, Any], rules: Rules) -> None:
    """The columns one below the other, to be printed: whose they are, what is asked, how it is written, the clauses."""
    sheet = book.add_worksheet("填写说明")
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for column, (title, width) in enumerate(_GUIDE):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, headings[""])
    for row, field in enumerate(FIELDS.values(), 1):
        whose = _whose(field, rules)
        labels = dict.fromkeys(label for track in TRACKS for label in rules.labels(track, field.name))
        cells = (
            xl_col_to_name(row - 1), field.heading, whose or "两类", _note(field, rules), _how(field), "、".join(labels)
        )  # fmt: skip
        sheet.set_row(row, row_height(cells, _GUIDE))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, headings[whose] if column == 1 else wrapped)


def _whose(field: Field, rules: Rules) -> str:
    """The one kind of facility that is asked for a field; empty where both are, or neither."""
    asked = [title for track, title in TRACKS.items() if (track, field.name) in rules.askings]
    return asked[0] if len(asked) == 1 else ""


def _how(field: Field) -> str:
    """How a value is written in a cell."""
    if field.choices:
        return "从下拉列表中选择"
    return {
        "yes_no": "是、否", "date": "日期，如 2026-03-01", "number": f"只写数字，单位为{field.unit}",
        "count": f"只写整数，单位为{field.unit}",
    }.get(field.kind, "文字")  # fmt: skip


def _note(field: Field, rules: Rules) -> str:
    """What to fill in: the question of each track, once where both ask alike."""
    if field.name == "track":
        return "必填。请选申报的类别。"
    said: dict[str, list[str]] = {}
    for track, title in TRACKS.items():
        asking = rules.askings.get((track, field.name))
        if asking:
            said.setdefault(f"{asking.text}{asking.help}", []).append(title)
    if not said:
        return "可以不填。"
    parts = [
        text if len(tracks) == len(TRACKS) else f"{'、'.join(tracks)}：{text}"
        for text, tracks in said.items()
    ]
    return "\n".join([*parts, "不清楚请留空。"])


def _check(field: Field) -> dict[str, Any] | None:
    if field.kind == "yes_no":
        return {"validate": "list", "source": ["是", "否"], "error_message": "请选是或否，不清楚请留空。"}
    if field.choices:
        return {
            "validate": "list",
            "source": list(field.choices.values()),
            "error_message": "请从下拉列表中选择。",
        }
    if field.kind == "date":
        return {
            "validate": "date", "criteria": ">=", "value": date(1900, 1, 1),
            "error_message": "请写日期，如 2026-03-01。",
        }  # fmt: skip
    if field.kind in ("number", "count"):
        whole = field.kind == "count"
        return {
            "validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0,
            "error_message": f"请只写{'整数' if whole else '数字'}，单位为{field.unit}。",
        }  # fmt: skip
    return None
