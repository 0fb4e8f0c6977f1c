"""Rows of a batch from JSON Lines, CSV and XLSX files, one at a time; an unusable file is one clear sentence."""

import codecs
import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from flows.fields import FIELDS, field_of_title
from flows.profile import Profile, ProfileError, read_profile, read_row
from flows.reading import show_given

_LONGEST_LINE = 1_000_000
_LARGEST_SHEET = 4_000_000_000
"""Bytes of a workbook unpacked: a zip file of some kilobytes can hold far more."""
_OLE = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;"

_Corrupt = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, TypeError, EOFError,
    AttributeError, NotImplementedError,
)  # fmt: skip


class BatchError(Exception):
    """A file that cannot be used at all; its text is one sentence."""


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


def open_rows(path: Path) -> Source:
    """The rows of a file by its extension; BatchError if it cannot be used."""
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BatchError(f"{path}: 不支持“{path.suffix or '无扩展名'}”文件；请给 .jsonl、.csv 或 .xlsx 文件")
    try:
        if path.stat().st_size == 0:
            raise BatchError(f"{path}: 文件是空的；请至少写一行申报单位的情况")
        return reader(path)
    except OSError as error:
        raise BatchError(f"{path}: 打不开文件（{error.strerror or error}）") from error


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


def _jsonl(path: Path) -> Source:
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise BatchError(f"{path}: 文件是 UTF-16 编码；请另存为 UTF-8 编码")
    return Source(_jsonl_rows(path), path.stat().st_size)


def _jsonl_rows(path: Path) -> Iterator[Row]:
    done = found = 0
    with path.open("rb") as file:
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


# CSV


def _csv(path: Path) -> Source:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = max(_DELIMITERS, key=file.readline(_LONGEST_LINE).count)
    return Source(_sheet_rows(path, _csv_cells(path, encoding, delimiter)), path.stat().st_size)


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB18030, which Chinese Excel writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    if b"\0" in chunk:
                        raise BatchError(f"{path}: 不是文本文件；请另存为 UTF-8 编码的 CSV")
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BatchError(f"{path}: 文字编码不是 UTF-8 或 GBK；请另存为 UTF-8 编码的 CSV")


def _csv_cells(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[Any], int]]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise BatchError(
                    f"{path}: 第{number + 1}行读不下去（{error}）；请检查引号是否成对"
                ) from error
            number += 1
            yield number, cells, raw.tell()


# XLSX


def _xlsx(path: Path) -> Source:
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise BatchError(f"{path}: 文件有密码或是旧的 .xls 格式；请去掉密码，另存为 .xlsx")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=False)
        sheet: Any = book.worksheets[0]
        rows = sheet.max_row or 0
        remarks = _look_over(path, str(sheet._worksheet_path))
        sheet.reset_dimensions()
    except _Corrupt as error:
        raise BatchError(f"{path}: 不是完好的 Excel 文件；请用 Excel 打开后另存为 .xlsx") from error
    return Source(_sheet_rows(path, _xlsx_cells(path, sheet)), rows, remarks)


def _look_over(path: Path, part: str) -> tuple[str, ...]:
    """Refuse merged cells and formulas, whose values are not what they look like; tell of hidden rows."""
    hidden: list[str] = []
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > _LARGEST_SHEET:
            raise BatchError(f"{path}: 工作簿太大；请分成几个文件")
        with archive.open(part.lstrip("/")) as sheet:
            kept = b""
            while chunk := sheet.read(1 << 20):
                window = kept + chunk
                if found := re.search(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:]+)"', window):
                    raise BatchError(f"{path}: 第一张工作表有合并单元格（{found[1].decode()}）；请取消合并")
                if found := re.search(
                    rb'<(?:\w+:)?c\s[^>]*r="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f[\s/>]', window
                ):
                    raise BatchError(f"{path}: 单元格{found[1].decode()}是公式；请复制后“选择性粘贴”为数值")
                hidden += [
                    m[1].decode()
                    for m in re.finditer(
                        rb'<(?:\w+:)?row\s(?=[^>]*hidden="(?:1|true)")[^>]*?\br="(\d+)"', window
                    )
                ]
                kept = window[-2000:]
    numbers = sorted({int(number) for number in hidden})
    if not numbers:
        return ()
    shown = "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")
    return (f"第{shown}行是隐藏的行，也一并预审",)


def _xlsx_cells(path: Path, sheet: Any) -> Iterator[tuple[int, list[Any], int]]:  # noqa: ANN401 - openpyxl's
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, list(cells), number
    except _Corrupt as error:
        raise BatchError(f"{path}: 不是完好的 Excel 文件；请用 Excel 打开后另存为 .xlsx") from error


# Sheets of either kind


def _sheet_rows(path: Path, cells: Iterator[tuple[int, list[Any], int]]) -> Iterator[Row]:
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
