"""Results of a batch as JSON Lines, CSV or XLSX, written beside the target and renamed when complete."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from bot.batch_overview import as_sheet_row
from bot.batch_result import COLUMNS, as_cells, as_line
from bot.batch_rows import BatchError
from bot.batch_workers import Encode, Screened

if TYPE_CHECKING:
    from bot.batch_book import Book

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Takes the rows one by one, as its `encode` has made them."""

    encode: Encode

    def write(self, row: Screened) -> None:
        """Write one row."""


class _Lines:
    encode: Encode = staticmethod(as_line)

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, row: Screened) -> None:
        self._write(row.written)


class _Csv:
    encode: Encode = staticmethod(as_cells)

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow(COLUMNS)

    def write(self, row: Screened) -> None:
        # A spreadsheet runs a cell that begins so as a formula; the apostrophe makes it text.
        self._writer.writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in row.written])


class _Xlsx:
    encode: Encode = staticmethod(as_sheet_row)

    def __init__(self, book: "Book") -> None:
        self._book = book

    def write(self, row: Screened) -> None:
        self._book.write(row.number, row.written, row.errors)


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
def open_writer(target: Path | None, stdout: TextIO, columns: Mapping[str, int]) -> Iterator[Writer]:
    """A writer to a file by its extension, or JSON Lines to `stdout`. The file appears only when all is written.

    `columns` are the numbers of the input sheet's columns by field, which a workbook's errors name.
    """
    if target is None:
        yield _Lines(lambda line: stdout.write(line.decode()))
        stdout.flush()
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _format(target.suffix.lower(), partial, columns) as writer:
            yield writer
        partial.replace(target)
    except OSError as error:
        raise BatchError(f"{target}: 写不了文件（{error.strerror or error}）") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _format(suffix: str, path: Path, columns: Mapping[str, int]) -> Iterator[Writer]:
    if suffix == ".xlsx":
        from bot.batch_book import open_book  # noqa: PLC0415 - what writes workbooks takes long to import

        with open_book(path, columns) as book:
            yield _Xlsx(book)
    elif suffix == ".csv":
        # With its mark, Excel takes the file for UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as table:
            yield _Csv(table)
    else:
        with path.open("wb", buffering=1 << 20) as lines:
            yield _Lines(lines.write)
