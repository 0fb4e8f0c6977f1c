"""The workbook of a batch's results: the public columns, an overview for the preliminary review, and the errors by cell."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from bot.batch_overview import OVERVIEW, SheetRow, title_of
from bot.batch_result import COLUMNS
from bot.batch_rows import BatchError

_MOST_ROWS = 1_048_576
_LONGEST_CELL = 32_767
LINE = 17
"""Points that a line of text is high."""

_COLOURS = {
    "eligible": ("#C6EFCE", "#006100"), "ineligible": ("#FFC7CE", "#9C0006"), "undetermined": ("#FFEB9C", "#7F6000"),
    "error": ("#D9D9D9", "#9C0006"),
}  # fmt: skip
"""A cell's ground and its letters: dark enough to be read, and told apart in print by the words."""
_OF_COLUMN = {
    "unmet": "ineligible", "不满足的项": "ineligible", "差距": "ineligible", "unknown": "undetermined",
    "待定的项": "undetermined", "error": "error", "错误": "error",
}  # fmt: skip
"""Which columns are coloured whenever they hold something, and how."""
_ERRORS = (("行", 8), ("列", 6), ("编号", 16), ("字段", 36), ("问题和改法", 90))
_COLUMN_NOTES = {
    "id": "编号",
    "verdict": "结论：eligible 符合，ineligible 不符合，undetermined 待定。中文见“一览”工作表。",
    "unmet": "不满足的项：9.3 是第九条第（三）项",
    "unknown": "待定的项",
    "route": "申报渠道：province 直接报省科技厅，prefecture 报州（市）",
    "construction_wan": "建设补助上限（万元）",
    "operating_wan": "运营补助上限（万元）",
    "first_year_wan": "首年合计上限（万元）",
    "additional_wan": "比同年其他科技创新平台支持资金多出的部分（万元）",
    "criteria": "各项要求：条款、字段、状态、要求、实际",
    "notices": "提示：条款、内容",
    "error": "错误：字段、原因",
}


@contextmanager
def open_book(path: Path, columns: Mapping[str, int]) -> Iterator["Book"]:
    """A workbook that is written row by row; `columns` are the numbers of the input's columns by field."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with path.open("wb") as file, Workbook(file, options) as workbook:
        book = Book(workbook, columns)
        yield book
        book.finish()


class Book:
    """Three sheets: 预审结果 with the public columns, 一览 for the reader, 错误 by row and column."""

    def __init__(self, workbook: Workbook, columns: Mapping[str, int]) -> None:
        self._workbook = workbook
        self._letters = {field: xl_col_to_name(column) for field, column in columns.items()}
        self._heading = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8EEF7"}
        )
        self._money = workbook.add_format({"valign": "top", "num_format": "#,##0.00"})
        self._lines, self._wrapped = self._formats(text_wrap=False), self._formats(text_wrap=True)
        self._results = self._sheet("预审结果", [(name, 16) for name in COLUMNS])
        for column, name in enumerate(COLUMNS):
            self._results.write_comment(0, column, _COLUMN_NOTES[name], {"x_scale": 2})
        self._overview = self._sheet("一览", OVERVIEW)
        self._errors = self._sheet("错误", _ERRORS)
        self._row = self._error_row = 0

    def _formats(self, *, text_wrap: bool) -> Mapping[str, Any]:
        """A format for each colour, and the plain one under no name."""
        common = {"valign": "top", "text_wrap": text_wrap}
        formats = {"": self._workbook.add_format(common)}
        for kind, (ground, letters) in _COLOURS.items():
            formats[kind] = self._workbook.add_format({**common, "bg_color": ground, "font_color": letters})
        return formats

    def _sheet(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:  # noqa: ANN401 - xlsxwriter's
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, 2 * LINE)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self._heading)
        return sheet

    def write(self, number: int, row: SheetRow, errors: Mapping[str, str]) -> None:
        """Add a row of results, its number in the input, and its errors."""
        self._row += 1
        if self._row >= _MOST_ROWS:
            raise BatchError(f"一张工作表最多{_MOST_ROWS}行；请分成几个文件，或输出为 .csv 或 .jsonl")
        for column, (name, cell) in enumerate(zip(COLUMNS, row.cells, strict=True)):
            if cell:
                colour = _colour(name, row.kind)
                self._results.write_string(self._row, column, _cut(cell), self._lines[colour])
        self._overview.set_row(self._row, row_height(row.overview, OVERVIEW[1:]))
        self._overview.write_number(self._row, 0, number, self._wrapped[""])
        for column, ((name, _), value) in enumerate(zip(OVERVIEW[1:], row.overview, strict=True), 1):
            if isinstance(value, Decimal):
                self._overview.write_number(self._row, column, value, self._money)
            elif value:
                colour = _colour(name, row.kind)
                self._overview.write_string(self._row, column, _cut(value), self._wrapped[colour])
        for field, reason in errors.items():
            self._write_error(number, (self._letters.get(field, ""), row.cells[0], title_of(field), reason))

    def _write_error(self, number: int, cells: Sequence[str]) -> None:
        self._error_row += 1
        if self._error_row >= _MOST_ROWS:
            return  # the overview has them all
        self._errors.set_row(self._error_row, row_height(cells, _ERRORS[1:]))
        self._errors.write_number(self._error_row, 0, number, self._wrapped[""])
        for column, cell in enumerate(cells, 1):
            self._errors.write_string(self._error_row, column, _cut(cell), self._wrapped[""])

    def finish(self) -> None:
        """Let the reader sort and filter what has been written; an empty list of errors says so."""
        self._results.print_area(0, 0, self._row, len(COLUMNS) - 1)
        self._results.autofilter(0, 0, self._row, len(COLUMNS) - 1)
        self._overview.autofilter(0, 0, self._row, len(OVERVIEW) - 1)
        if self._error_row == 0:
            self._errors.write_string(1, 0, "没有错误", self._lines[""])


def _colour(column: str, kind: str) -> str:
    return kind if column in ("verdict", "结论") else _OF_COLUMN.get(column, "")


def row_height(cells: Sequence[object], columns: Sequence[tuple[str, int]]) -> float:
    """Points that the fullest cell needs, though no more than half a page: a Chinese character is as wide as two letters."""
    lines = [
        sum(ceil(len(line.encode("gb18030", "replace")) / width) or 1 for line in cell.split("\n"))
        for cell, (_, width) in zip(cells, columns, strict=True)
        if isinstance(cell, str)
    ]
    return min(LINE * max(lines, default=1), 300)


def _cut(text: str) -> str:
    """Excel refuses a longer cell."""
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
