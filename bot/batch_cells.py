"""Cells of a CSV or XLSX file, line by line; an unusable file is one clear sentence."""

import codecs
import csv
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.batch_rows import LONGEST_LINE, BatchError

Line = tuple[int, list[Any], int]
"""A line's number, its cells, and how far the file is read."""

_LARGEST_SHEET = 4_000_000_000
"""Bytes of a sheet unpacked, which is read row by row."""
_LARGEST_PART = 100_000_000
"""Bytes of a part that is not read row by row, such as the texts that the cells share."""
_NOT_A_BOOK = "不是完好的 Excel 文件；请用 Excel 打开后另存为 .xlsx"
_OLE = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;"

_Corrupt = (  # of the zip file, of its XML (a SyntaxError), or of what the XML says
    zipfile.BadZipFile, InvalidFileException, SyntaxError, KeyError, ValueError, IndexError, TypeError, EOFError,
    AttributeError, RuntimeError, zlib.error, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """A sheet's lines, its size (in bytes or lines) and what should be said about it."""

    rows: Iterator[Line]
    size: int
    remarks: tuple[str, ...] = ()


# CSV


def open_csv(path: Path, file: BinaryIO) -> Cells:
    """The cells of a CSV file in UTF-8 or GB18030; BatchError if it is neither."""
    encoding = _encoding(path, file)
    file.seek(0)
    first = file.readline(LONGEST_LINE).decode(encoding, "ignore")
    file.seek(0)
    return Cells(_csv_lines(path, file, encoding, max(_DELIMITERS, key=first.count)), path.stat().st_size)


def _encoding(path: Path, file: BinaryIO) -> str:
    """UTF-8 if the whole file is, else GB18030, which Chinese Excel writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while chunk := file.read(1 << 20):
                if b"\0" in chunk:
                    raise BatchError(f"{path}: 不是文本文件；请另存为 UTF-8 编码的 CSV")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BatchError(f"{path}: 文字编码不是 UTF-8 或 GBK；请另存为 UTF-8 编码的 CSV")


def _csv_lines(path: Path, file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Line]:
    with io.TextIOWrapper(file, encoding, newline="") as text:
        reader = csv.reader(_bounded(path, text), delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise BatchError(f"{path}: 第{number}行读不下去（{error}）；请检查引号是否成对") from error
            yield number, cells, file.tell()


def _bounded(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise BatchError(f"{path}: 有一行超过{LONGEST_LINE}个字；请检查分行，每行写一个申报单位")
        yield line


# XLSX


def open_xlsx(path: Path, file: BinaryIO) -> Cells:
    """The cells of a workbook's first sheet; BatchError where they are not what they look like."""
    if file.read(4) == _OLE:
        raise BatchError(f"{path}: 文件有密码或是旧的 .xls 格式；请去掉密码，另存为 .xlsx")
    try:
        _check_sizes(path, file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=False)
        sheet: Any = book.worksheets[0]
        rows = sheet.max_row or 0
        remarks = _look_over(path, file, str(sheet._worksheet_path))
        sheet.reset_dimensions()
    except _Corrupt as error:
        raise BatchError(f"{path}: {_NOT_A_BOOK}") from error
    return Cells(_xlsx_lines(path, sheet), rows, remarks)


def _xlsx_lines(path: Path, sheet: Any) -> Iterator[Line]:  # noqa: ANN401 - openpyxl's
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, list(cells), number
    except _Corrupt as error:
        raise BatchError(f"{path}: {_NOT_A_BOOK}") from error


def _check_sizes(path: Path, file: BinaryIO) -> None:
    """Refuse what would not fit: a zip file of some kilobytes can hold far more."""
    with zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            by_row = part.filename.startswith("xl/worksheets/")
            if part.file_size > (_LARGEST_SHEET if by_row else _LARGEST_PART):
                raise BatchError(f"{path}: 工作簿太大；请分成几个文件")


def _look_over(path: Path, file: BinaryIO, part: str) -> tuple[str, ...]:
    """Refuse merged cells and formulas, whose values are not what they look like; tell of hidden rows."""
    hidden: list[str] = []
    with zipfile.ZipFile(file) as archive, archive.open(part.lstrip("/")) as sheet:
        kept = b""
        while chunk := sheet.read(1 << 20):
            window = kept + chunk
            if found := re.search(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:]+)"', window):
                raise BatchError(f"{path}: 第一张工作表有合并单元格（{found[1].decode()}）；请取消合并")
            if found := re.search(rb'<(?:\w+:)?c\s[^>]*r="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f[\s/>]', window):
                raise BatchError(f"{path}: 单元格{found[1].decode()}是公式；请复制后“选择性粘贴”为数值")
            hidden += [
                m[1].decode()
                for m in re.finditer(rb'<(?:\w+:)?row\s(?=[^>]*hidden="(?:1|true)")[^>]*?\br="(\d+)"', window)
            ]
            kept = window[-2000:]
    numbers = sorted({int(number) for number in hidden})
    if not numbers:
        return ()
    shown = "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")
    return (f"第{shown}行是隐藏的行，也一并预审",)
