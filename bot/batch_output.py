"""Results of a batch as JSON Lines, CSV or XLSX, written beside the target and renamed when complete."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TextIO

from xlsxwriter import Workbook

from bot.batch_cells import BatchError

COLUMNS = (
    "id", "verdict", "unmet", "unknown", "route", "construction_wan", "operating_wan", "first_year_wan",
    "additional_wan", "criteria", "notices", "error",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_ROWS = 1_048_576


class Writer(Protocol):
    """Takes results one by one."""

    def write(self, result: Mapping[str, Any]) -> None:
        """Write one result."""


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, result: Mapping[str, Any]) -> None:
        self._stream.write(json.dumps(result, ensure_ascii=False) + "\n")


class _Csv:
    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow(COLUMNS)

    def write(self, result: Mapping[str, Any]) -> None:
        # A spreadsheet runs a cell that begins so as a formula; the apostrophe makes it text.
        self._writer.writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in cells(result)])


class _Xlsx:
    def __init__(self, book: Workbook) -> None:
        self._sheet = book.add_worksheet("预审结果")
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_column(0, len(COLUMNS) - 3, 16)
        self._sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        self._row = 0

    def write(self, result: Mapping[str, Any]) -> None:
        self._row += 1
        if self._row >= _MOST_ROWS:
            raise BatchError(f"一张工作表最多{_MOST_ROWS}行；请分成几个文件，或输出为 .csv 或 .jsonl")
        for column, cell in enumerate(cells(result)):
            if cell:
                self._sheet.write_string(self._row, column, cell)


def cells(result: Mapping[str, Any]) -> list[str]:
    """A result as a sheet's cells in the order of COLUMNS, lists joined by `;`."""
    return [_cell(result.get(name)) for name in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ";".join(f"{field}: {reason}" for field, reason in value.items())
    if isinstance(value, list):
        return ";".join(_part(part) for part in value)
    return str(value)


def _part(part: object) -> str:
    """A label, or a criterion or notice in short: its values apart by spaces."""
    if isinstance(part, Mapping):
        return " ".join(str(value) for value in part.values() if value is not None)
    return str(part)


def check_target(target: Path, source: Path) -> None:
    """BatchError where nothing can be written to the target."""
    if target.suffix.lower() not in (".jsonl", ".ndjson", ".csv", ".xlsx"):
        raise BatchError(
            f"{target}: 不支持“{target.suffix or '无扩展名'}”；请输出为 .jsonl、.csv 或 .xlsx 文件"
        )
    if target.is_dir() or not target.parent.is_dir():
        raise BatchError(f"{target}: 不能写到这里；请给一个已有文件夹里的文件名")
    if target.exists() and target.samefile(source):
        raise BatchError(f"{target}: 输出文件就是输入文件；请换一个文件名")


@contextmanager
def open_writer(target: Path | None, stdout: TextIO) -> Iterator[Writer]:
    """A writer to a file by its extension, or JSON Lines to `stdout`. The file appears only when all is written."""
    if target is None:
        yield _Lines(stdout)
        stdout.flush()
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _format(target.suffix.lower(), partial) as writer:
            yield writer
        partial.replace(target)
    except OSError as error:
        raise BatchError(f"{target}: 写不了文件（{error.strerror or error}）") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _format(suffix: str, path: Path) -> Iterator[Writer]:
    if suffix == ".xlsx":
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with path.open("wb") as file, Workbook(file, options) as book:
            yield _Xlsx(book)
    elif suffix == ".csv":
        # With its mark, Excel takes the file for UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as table:
            yield _Csv(table)
    else:
        with path.open("w", encoding="utf-8", newline="\n") as lines:
            yield _Lines(lines)
