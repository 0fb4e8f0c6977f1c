"""One row of a batch, as a line of JSON or a sheet's cells, and the profile that stands in it."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flows.fields import FIELDS
from flows.profile import Profile, ProfileError, read_profile, read_row
from flows.reading import ReadingError, is_blank, read_cell, show_given

LONGEST_LINE = 1_000_000
"""Bytes of a line of JSON; a longer one is no applicant."""


class BatchError(Exception):
    """A file that cannot be used at all; its text is one sentence."""


class Row(NamedTuple):
    """One row: its number in the file (the header being 1), and its line of JSON or its cells by field.

    `done` is how far the file is read, in the units of `Source.size`; `stray` says what is wrong outside the columns.
    """

    number: int
    content: bytes | Mapping[str, Any]
    done: int = 0
    stray: str = ""

    def profile(self, as_of: date | None) -> Profile:
        """The row's profile, with `as_of` where the row has none; ProfileError if anything is bad."""
        if isinstance(self.content, bytes):
            values, errors = _object(self.content)
        else:
            values, errors = self.content, {"row": self.stray} if self.stray else {}
        if errors:
            raise ProfileError(errors, _id(values))
        if as_of is not None and is_blank(values.get("as_of")):
            values = {**values, "as_of": as_of}
        return read_profile(values) if isinstance(self.content, bytes) else read_row(values)


def _id(values: Mapping[str, object]) -> str | None:
    try:
        return str(read_cell(FIELDS["id"], values.get("id")) or "") or None
    except ReadingError:
        return None


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


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=Decimal, parse_int=Decimal)


def _object(line: bytes) -> tuple[Mapping[str, object], dict[str, str]]:
    if len(line) > LONGEST_LINE:
        return {}, {"row": f"这一行超过{LONGEST_LINE}字节；请每行只写一个申报单位"}
    try:
        raw = _DECODER.decode(line.decode())
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
