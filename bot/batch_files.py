"""Rows of a batch from JSON Lines, CSV and XLSX files, one at a time; an unusable file is one clear sentence."""

import codecs
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from bot.batch_cells import BatchError, Line, open_csv, open_xlsx
from flows.fields import FIELDS, field_of_title
from flows.profile import Profile, ProfileError, read_profile, read_row
from flows.reading import show_given

_LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the header being 1), its values by field, or what is wrong with all of it."""

    number: int
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    read: Callable[[Mapping[str, object]], Profile]
    done: int = 0
    """How far the file is read, in the units of `Source.size`."""

    def profile(self, as_of: date | None) -> Profile:
        """The row's profile, with `as_of` where the row has none; ProfileError if anything is bad."""
        if self.errors:
            given = self.values.get("id")
            raise ProfileError(dict(self.errors), given if isinstance(given, str) else None)
        if as_of is not None and self.values.get("as_of") in (None, ""):
            return self.read({**self.values, "as_of": as_of})
        return self.read(self.values)


@dataclass(frozen=True)
class Source:
    """A file's rows, its size (bytes or rows) and what should be said about it."""

    rows: Iterator[Row]
    size: int
    remarks: tuple[str, ...] = ()


@contextmanager
def open_rows(path: Path) -> Iterator[Source]:
    """The rows of a file by its extension; BatchError if it cannot be used."""
    sheets = {".csv": open_csv, ".xlsx": open_xlsx}
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
            cells = sheets[suffix](path, file)
            yield Source(_sheet_rows(path, cells.rows), cells.size, cells.remarks)


# JSON Lines


class _TwiceError(ValueError):
    def __init__(self, names: list[str], values: dict[str, object]) -> None:
        super().__init__(names)
        self.names, self.values = names, values


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(sorted({name for name in names if names.count(name) > 1}), values)
    return values


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
        values, errors = _object(line)
        yield Row(number, values, errors, read_profile, done)
    if not found:
        raise BatchError(f"{path}: 文件里没有内容；请每行写一个 JSON 对象")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length; of a longer one only so much that it is seen to be too long."""
    while line := file.readline(_LONGEST_LINE + 1):
        yield line
        while len(line) > _LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE + 1)
            if not line:
                return


def _object(line: bytes) -> tuple[dict[str, object], dict[str, str]]:
    if len(line) > _LONGEST_LINE:
        return {}, {"row": f"这一行超过{_LONGEST_LINE}字节；请每行只写一个申报单位"}
    try:
        raw = json.loads(line.decode(), object_pairs_hook=_once, parse_float=Decimal, parse_int=Decimal)
    except _TwiceError as error:
        return error.values, {
            show_given(n).strip("“”"): "这个字段写了两次；请只保留一个" for n in error.names
        }
    except UnicodeDecodeError:
        return {}, {"row": "不是 UTF-8 编码；请将文件另存为 UTF-8"}
    except (ValueError, ArithmeticError, RecursionError):
        return {}, {"row": "不是有效的 JSON；请每行写一个 JSON 对象"}
    if not isinstance(raw, dict):
        return {}, {"row": "不是 JSON 对象；请写成 {字段: 值} 的形式"}
    return raw, {}


# Sheets


def _sheet_rows(path: Path, cells: Iterator[Line]) -> Iterator[Row]:
    first = next(cells, None)
    if first is None:
        raise BatchError(f"{path}: 表是空的；第一行写字段名，以下每行写一个申报单位")
    columns = _columns(path, first[1])
    titled = frozenset(i for i, title in enumerate(first[1]) if not _is_empty(title))
    found = False
    for number, row, done in cells:
        if all(_is_empty(cell) for cell in row):
            continue
        found = True
        values = {name: row[i] for i, name in columns.items() if i < len(row)}
        yield Row(number, values, _stray(row, titled), read_row, done)
    if not found:
        raise BatchError(f"{path}: 表里只有标题行；请从第二行起每行写一个申报单位")


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _columns(path: Path, header: list[Any]) -> dict[int, str]:
    """Column number -> field; BatchError for a title that is not known or stands twice. 备注 is left out."""
    columns: dict[int, str] = {}
    for i, title in enumerate(header):
        if _is_empty(title) or str(title).strip().startswith("备注"):
            continue
        field = field_of_title(str(title))
        if field is None:
            raise BatchError(
                f"{path}: 第{i + 1}列的标题{show_given(title)}不是字段名；第一行请写字段名或其中文名，"
                "不需要的列请删去，或将标题改为“备注”"
            )
        if field in columns.values():
            raise BatchError(f"{path}: 字段 {field}（{FIELDS[field].title}）有两列；请只保留一列")
        columns[i] = field
    if "track" not in columns.values():
        raise BatchError(f"{path}: 第一行没有 track（申报类别）这一列；第一行请写字段名或其中文名")
    return columns


def _stray(row: list[Any], titled: frozenset[int]) -> dict[str, str]:
    """A value outside the titled columns: usually a thousands comma that split a figure in two."""
    if any(i not in titled and not _is_empty(cell) for i, cell in enumerate(row)):
        return {"row": "有一格在标题之外；数字里有千位逗号的请去掉逗号，或给整个数字加引号"}
    return {}
