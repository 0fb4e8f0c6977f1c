"""One value of a profile from JSON or from a sheet's cell, or one sentence that says what to write instead."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, Subnormal
from functools import partial
from unicodedata import normalize

from flows.fields import FIELDS, Field, Kind, fold

Value = str | bool | int | Decimal | date | None

LARGEST = Decimal(10) ** 12
"""No figure of an applicant is as large: in 万元 it is ten thousand trillion yuan."""
_FINE = Context(prec=32, Emin=-20, traps=[Inexact, Subnormal])
"""How long and how small a figure may be, so that products stay exact."""
_YEARS = range(1900, 3000)

_PLAIN = re.compile(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NEGATIVE = re.compile(r"[-−–—]\s*[\d.]")
_RANGE = re.compile(r"\d\s*(?:[-~—–至到]|\.{2,})+\s*\d")
_ROUGH = re.compile(r"约|大概|大约|左右|上下|多|余|来|近|几|以上|以下|不到|将近|超过|至少|差不多|[<>≥≤≈+]")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟半]")
_UNIT = re.compile(r"([\d,]*\d(?:\.\d+)?)\s*([^\d\s.,].*)")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][-+]?\d+")
_NOTHING = {"无", "没有", "无。", "否"}
_UNKNOWN = {"不清楚", "不知道", "未知", "不详", "待定", "/", "-", "n/a", "na", "none", "null"}

_YES = {"是", "有", "√", "✓", "✔", "☑", "true"}
_NO = {"否", "无", "×", "✗", "✘", "false"}


class ReadingError(ValueError):
    """A value that cannot be read; its text is one Chinese sentence."""


def read_json(field: Field, raw: object) -> Value:
    """A value as JSON has it: figures are numbers, yes/no true or false, dates YYYY-MM-DD, choices English values."""
    return None if is_blank(raw) else JSON[field.name](raw)


def is_blank(raw: object) -> bool:
    """Whether nothing was written: not known, and never "no" or zero."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def read_cell(field: Field, raw: object) -> Value:
    """A value as a sheet's cell has it: the JSON forms as text too, and what people write in sheets."""
    if is_blank(raw):
        return None
    return _CELL[field.kind](field, raw.strip() if isinstance(raw, str) else raw)


def show_given(raw: object) -> str:
    """What was given, on one line, printable and short enough for a sentence."""
    try:
        text = str(raw)
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return "这个数"
    text = "".join(c if c.isprintable() else " " for c in text)
    return f"“{text}”" if len(text) <= 30 else f"“{text[:27]}…”"


def _text(field: Field, raw: object) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ReadingError(f"{field.title}应是文字，收到的是{show_given(raw)}")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw).strip()
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ReadingError(f"{field.title}里有不完整的字符；请重新输入")
    if len(text) > 200:
        raise ReadingError(f"{field.title}太长（{len(text)}个字）；请写200个字以内")
    return text


def _yes_no(field: Field, raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    raise ReadingError(f"{show_given(raw)}不是是或否；请写 true 或 false，不清楚请留空（null）")


def _yes_no_cell(field: Field, raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    word = fold(str(raw))
    if word in _YES or word in _NO:
        return word in _YES
    raise ReadingError(f"{show_given(raw)}不是是或否；请写“是”或“否”，不清楚请留空")


def _choice(field: Field, raw: object) -> Value:
    if isinstance(raw, str) and raw in field.choices:
        return raw
    allowed = "、".join(
        value if value == label else f"{value}（{label}）" for value, label in field.choices.items()
    )
    raise ReadingError(f"{show_given(raw)}不是可选的{field.title}；请写下列之一：{allowed}")


def _choice_cell(field: Field, raw: object) -> Value:
    word = fold(str(raw))
    for value, label in field.choices.items():
        if word in (value, fold(label)):
            return value
    allowed = "、".join(field.choices.values())
    raise ReadingError(f"{show_given(raw)}不是可选的{field.title}；请写下列之一：{allowed}")


def _date(field: Field, raw: object) -> Value:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        return _day(raw, *raw.split("-"))
    if type(raw) is date:
        return _day(raw, raw.year, raw.month, raw.day)
    raise ReadingError(f"{show_given(raw)}不是日期；请按“年-月-日”写，如 2026-03-01")


def _date_cell(field: Field, raw: object) -> Value:
    if isinstance(raw, datetime):
        return _day(raw.date(), raw.year, raw.month, raw.day)
    if isinstance(raw, str):
        text = normalize("NFKC", raw).strip()
        match = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0{1,2}:00(?::00)?)?", text)
        if match:
            return _day(raw, match[1], match[3], match[4])
        if match := re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text):
            return _day(raw, match[1], match[2], match[3])
    return _date(field, raw)


def _day(raw: object, year: int | str, month: int | str, day: int | str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise ReadingError(f"{show_given(raw)}这一天不存在；请核对后按“年-月-日”写，如 2026-03-01") from None
    if found.year not in _YEARS:
        raise ReadingError(f"{show_given(raw)}的年份不对；请核对后按“年-月-日”写，如 2026-03-01")
    return found


def _number(field: Field, raw: object) -> Decimal:
    if isinstance(raw, Decimal):
        return _bounded(field, raw, raw)
    if isinstance(raw, bool):
        raise ReadingError(f"{show_given(str(raw).lower())}不是数字；{_write(field)}")
    if isinstance(raw, int):
        return _bounded(field, Decimal(raw), raw)
    if isinstance(raw, float):
        return _bounded(field, Decimal(repr(raw)), raw)
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):
        raise ReadingError(f"{show_given(raw)}写成了文字；请写不带引号的数字，如 {raw.replace(',', '')}")
    raise ReadingError(_explain(field, str(raw)))


def _number_cell(field: Field, raw: object) -> Decimal:
    if isinstance(raw, float):
        # A sheet shows fifteen digits: 0.1 + 0.2 is 0.3 to whoever reads it.
        return _bounded(field, Decimal(f"{raw:.15g}"), raw)
    if isinstance(raw, str):
        text = normalize("NFKC", raw).strip()
        if _PLAIN.fullmatch(text) and text.isascii():
            return _bounded(field, Decimal(text.replace(",", "")), raw)
        raise ReadingError(_explain(field, text))
    if isinstance(raw, date):
        raise ReadingError(f"{show_given(raw)}是日期不是数字；{_write(field)}")
    return _number(field, raw)


def _count(field: Field, raw: object) -> Value:
    return _whole(field, _number(field, raw), raw)


def _count_cell(field: Field, raw: object) -> Value:
    return _whole(field, _number_cell(field, raw), raw)


def _whole(field: Field, value: Decimal, raw: object) -> int:
    whole = int(value)
    if whole != value:
        raise ReadingError(f"{show_given(raw)}不是整数；{field.title}请写整数，如 {whole} 或 {whole + 1}")
    return whole


def _bounded(field: Field, value: Decimal, raw: object) -> Decimal:
    if not value.is_finite():
        raise ReadingError(f"{show_given(raw)}不是数字；{_write(field)}")
    if value.is_signed():
        what = "负零" if value.is_zero() else "负数"
        raise ReadingError(f"{show_given(raw)}是{what}；请写 0 或正数，单位为{field.unit}")
    if value >= LARGEST:
        raise ReadingError(f"{show_given(raw)}太大；请核对数字和单位（{field.unit}）")
    try:
        _FINE.plus(value)
    except (Inexact, Subnormal):
        said = f"{show_given(raw)}的小数位数太多；请写到小数点后两位，单位为{field.unit}"
        raise ReadingError(said) from None
    return value


def _write(field: Field) -> str:
    example = "12" if field.kind == "count" else "850.5"
    return f"请只写数字，单位为{field.unit}，如 {example}"


def _explain(field: Field, raw: str) -> str:
    """Why a text is no figure, and what to write instead."""
    text = normalize("NFKC", raw).strip()
    shown, write = show_given(raw), _write(field)
    if fold(text) in _UNKNOWN:
        return f"{shown}不是数字；不清楚请留空"
    if text in _NOTHING:
        return f"{shown}不是数字；没有请写 0，不清楚请留空"
    if _SCIENTIFIC.fullmatch(text):
        return f"{shown}是科学记数法；请写出完整的数字，单位为{field.unit}"
    if _NEGATIVE.match(text):
        return f"{shown}是负数；请写 0 或正数，单位为{field.unit}"
    if _RANGE.search(text):
        return f"{shown}是一个范围；请写一个确定的数，单位为{field.unit}"
    if _ROUGH.search(text):
        return f"{shown}不是确切的数；{write}"
    if match := _UNIT.fullmatch(text):
        return f"{shown}带了单位；请只写数字{_bare(field, match[1], match[2])}，单位为{field.unit}"
    if _CHINESE.search(text):
        return f"{shown}是中文数字；{write}"
    return f"{shown}不是数字；{write}"


def _bare(field: Field, number: str, unit: str) -> str:
    """The number to type instead, where the unit written is the field's own."""
    same = {
        field.unit,
        *{"平方米": ("m2", "平米", "平", "平方"), "万元": ("万", "万块", "w")}.get(field.unit, ()),
    }
    people = {"人", "名", "位", "个"} if field.unit in ("人", "个") else {"个", "项", "家"}
    if unit not in same and not (field.kind == "count" and unit in people):
        return ""
    return f" {Decimal(number.replace(',', ''))}"


_JSON: dict[Kind, Callable[[Field, object], Value]] = {
    "text": _text, "yes_no": _yes_no, "choice": _choice, "date": _date, "number": _number, "count": _count,
}  # fmt: skip
_CELL: dict[Kind, Callable[[Field, object], Value]] = {
    "text": _text, "yes_no": _yes_no_cell, "choice": _choice_cell, "date": _date_cell,
    "number": _number_cell, "count": _count_cell,
}  # fmt: skip

Reader = Callable[[object], Value]
JSON: Mapping[str, Reader] = {name: partial(_JSON[field.kind], field) for name, field in FIELDS.items()}
"""How a value that is not blank is read for each field, without asking again and again what kind of field it is."""
CELL: Mapping[str, Reader] = {name: partial(read_cell, field) for name, field in FIELDS.items()}
