"""The sheet that is handed out for a batch: Chinese headings, drop-down choices, and each field's question as a note."""

from pathlib import Path
from typing import Any, TextIO

from xlsxwriter import Workbook

from bot.batch_rows import BatchError
from flows.fields import FIELDS, Field
from flows.rules import Rules
from knowledge.entries import TRACKS

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
    try:
        with target.open("xb") as file, Workbook(file) as book:
            sheet = book.add_worksheet("申报单位")
            sheet.freeze_panes(1, 2)
            heading = book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8EEF7"}
            )
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.set_row(0, 60)
            for column, field in enumerate(FIELDS.values()):
                sheet.set_column(column, column, 16, day if field.kind == "date" else None)
                sheet.write_string(0, column, field.heading, heading)
                sheet.write_comment(0, column, _note(field, rules), {"x_scale": 3, "y_scale": 2})
                if check := _check(field):
                    sheet.data_validation(1, column, _ROWS, column, check)
    except FileExistsError as error:
        raise BatchError(f"{target}: 已有这个文件；请换一个文件名") from error
    except OSError as error:
        raise BatchError(f"{target}: 写不了文件（{error.strerror or error}）") from error


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
    if field.kind in ("number", "count"):
        whole = field.kind == "count"
        return {
            "validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0,
            "error_message": f"请只写{'整数' if whole else '数字'}，单位为{field.unit}。",
        }  # fmt: skip
    return None
