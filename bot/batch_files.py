"""Rows of a batch from JSON Lines, CSV and XLSX files, one at a time; an unusable file is one clear sentence."""

import codecs
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bot.batch_cells import Cells, Line, open_csv
from bot.batch_rows import LONGEST_LINE, BatchError, Row
from flows.fields import FIELDS, field_of_title
from flows.reading import is_blank, show_given


@dataclass(frozen=True)
class Source:
    """A file's rows, its size (bytes or rows), a sheet's columns (field -> number, from 0) and what should be said about it."""

    rows: Iterator[Row]
    size: int
    columns: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@contextmanager
def open_rows(path: Path) -> Iterator[Source]:
    """The rows of a file by its extension; BatchError if it cannot be used."""
    sheets = {".csv": open_csv, ".xlsx": _open_xlsx}
    suffix = path.suffix.lower()
    if suffix not in (".jsonl", ".ndjson", *sheets):
        raise BatchError(f"{path}: 不支持“{suffix or '无扩展名'}”文件；请给 .jsonl、.csv 或 .xlsx 文件")
    try:
        file = path.open("rb")
    except OSError as error:
        raise BatchError(f"{path}: 打不开文件（{error.strerror or error}）") from error
    with file:
        if path.stat().st_size == 0:
            raise BatchError(f"{path}: 文件是空的；请至少写一行申报单位的情况")
        if suffix not in sheets:
            yield _jsonl(path, file)
        else:
            yield _sheet(path, sheets[suffix](path, file))


def _open_xlsx(path: Path, file: BinaryIO) -> Cells:
    from bot.batch_xlsx import open_xlsx  # noqa: PLC0415 - what reads workbooks takes long to import

    return open_xlsx(path, file)


# JSON Lines


def _jsonl(path: Path, file: BinaryIO) -> Source:
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise BatchError(f"{path}: 文件是 UTF-16 编码；请另存为 UTF-8 编码")
    file.seek(0)
    return Source(_jsonl_rows(path, file), path.stat().st_size)


def _jsonl_rows(path: Path, file: BinaryIO) -> Iterator[Row]:
    done = found = 0
    for number, line in enumerate(_lines(file), 1):
        done += len(line)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901 - the same line without its mark
        if not line.strip():
            continue
        found += 1
        yield Row(number, line, done)
    if not found:
        raise BatchError(f"{path}: 文件里没有内容；请每行写一个 JSON 对象")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length; of a longer one only so much that it is seen to be too long."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 1)
            if not line:
                return


# Sheets


def _sheet(path: Path, cells: Cells) -> Source:
    header = next(cells.rows, None)
    if header is None:
        raise BatchError(f"{path}: 表是空的；第一行写字段名，以下每行写一个申报单位")
    columns = _columns(path, header[1])
    titled = frozenset(i for i, title in enumerate(header[1]) if not is_blank(title))
    places = {name: i for i, name in columns.items()}
    return Source(_sheet_rows(path, cells.rows, columns, titled), cells.size, places, cells.remarks)


def _sheet_rows(
    path: Path, cells: Iterator[Line], columns: Mapping[int, str], titled: frozenset[int]
) -> Iterator[Row]:
    found = False
    for number, row, done in cells:
        if all(is_blank(cell) for cell in row):
            continue
        found = True
        values = {name: row[i] for i, name in columns.items() if i < len(row)}
        yield Row(number, values, done, _stray(row, titled))
    if not found:
        raise BatchError(f"{path}: 表里只有标题行；请从第二行起每行写一个申报单位")


def _columns(path: Path, header: list[Any]) -> dict[int, str]:
    """Column number -> field; BatchError for a title that is not known or stands twice. 备注 is left out."""
    columns: dict[int, str] = {}
    for i, title in enumerate(header):
        if is_blank(title) or str(title).strip().startswith("备注"):
            continue
        name = field_of_title(str(title))
        if name is None:
            raise BatchError(
                f"{path}: 第{i + 1}列的标题{show_given(title)}不是字段名；第一行请写字段名或其中文名，"
                "不需要的列请删去，或将标题改为“备注”"
            )
        if name in columns.values():
            raise BatchError(f"{path}: 字段 {name}（{FIELDS[name].title}）有两列；请只保留一列")
        columns[i] = name
    if "track" not in columns.values():
        raise BatchError(f"{path}: 第一行没有 track（申报类别）这一列；第一行请写字段名或其中文名")
    return columns


def _stray(row: list[Any], titled: frozenset[int]) -> str:
    """What to say of a value outside the titled columns: usually a thousands comma that split a figure in two."""
    if any(i not in titled and not is_blank(cell) for i, cell in enumerate(row)):
        return "有一格在标题之外；数字里有千位逗号的请去掉逗号，或给整个数字加引号"
    return ""
