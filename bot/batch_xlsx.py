"""Cells of a workbook's first sheet, line by line; what is not what it looks like is one clear sentence."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.batch_cells import Cells, Line
from bot.batch_rows import BatchError

_LARGEST_SHEET = 4_000_000_000
"""Bytes of a sheet unpacked, which is read row by row."""
_LARGEST_PART = 100_000_000
"""Bytes of a part that is not read row by row, such as the texts that the cells share."""
_NOT_A_BOOK = "不是完好的 Excel 文件；请用 Excel 打开后另存为 .xlsx"
_OLE = b"\xd0\xcf\x11\xe0"

_Corrupt = (  # of the zip file, of its XML (a SyntaxError), or of what the XML says
    zipfile.BadZipFile, InvalidFileException, SyntaxError, KeyError, ValueError, IndexError, TypeError, EOFError,
    AttributeError, RuntimeError, zlib.error, struct.error,
)  # fmt: skip


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
