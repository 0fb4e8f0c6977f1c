"""Cells of a CSV file, line by line; an unusable file is one clear sentence."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.batch_rows import LONGEST_LINE, BatchError

Line = tuple[int, list[Any], int]
"""A line's number, its cells, and how far the file is read."""

_DELIMITERS = ",\t;"


@dataclass(frozen=True)
class Cells:
    """A sheet's lines, its size (in bytes or lines) and what should be said about it."""

    rows: Iterator[Line]
    size: int
    remarks: tuple[str, ...] = ()


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
