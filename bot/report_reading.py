"""A report's file read again, as it was made or as a person saved it: its words, and what was told."""

import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zipfile import BadZipFile, ZipFile

import docx
import python_calamine
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table as DocxTable
from lxml.etree import LxmlError
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from bot.report_pdf import ATTACHED, MISSING
from bot.wording import say
from flows.fields import FIELDS, field_of_title
from flows.profile import Profile, read_row
from flows.report import RECEIPT_DIGITS, read_inputs
from knowledge.regulation import squeeze


class ReadingBackError(ValueError):
    """The file is no report, or too little of it is left; one sentence says what is missing."""


@dataclass(frozen=True)
class ReadBack:
    """What a file says. `words` is all its text without white space; `profile` and `answered` what was told; `exact` is
    False where that comes from a PDF's pages, which lack the characters that its fonts lack."""

    words: str
    receipt: str
    made_on: date
    version: str
    profile: Profile
    answered: frozenset[str]
    is_pdf: bool
    exact: bool


def read_report(content: bytes) -> ReadBack:
    """A report from the bytes of a .pdf, .docx or .xlsx; ReadingBackError where it is none, ProfileError where what was
    told can no longer be read."""
    is_pdf = content.startswith(b"%PDF")
    cells, attached = _read_pdf(content) if is_pdf else (_read_package(content), None)
    words = squeeze("".join(cell for row in cells for cell in row))
    # The three stand one after the other, so that no applicant's name can be taken for one of them.
    facts = re.search(
        rf"{say('report.version')}([a-z0-9-]+\+[0-9a-f]{{12}})"
        rf"{say('report.made_on')}(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})日"
        rf"{say('report.receipt')}([0-9a-f]{{{RECEIPT_DIGITS}}})",
        words,
    )
    if not facts:
        raise ReadingBackError(
            "没有找到规则版本、报告日期和回执；这不是 beian report 写出的报告，或者第一页已经缺失"
        )
    version, year, month, day_of_month, receipt = facts.groups()
    try:
        day = date(int(year), int(month), int(day_of_month))
    except ValueError as error:
        raise ReadingBackError(f"报告日期{year}年{month}月{day_of_month}日不存在，报告被改过") from error
    if attached is not None:
        profile, answered = _told_in_attachment(attached)
    else:
        profile, answered = _told_in_table(_rows_in_words(words) if is_pdf else cells)
    exact = not is_pdf or attached is not None or MISSING not in words
    return ReadBack(words, receipt, day, version, profile, answered, is_pdf, exact)


Row = Sequence[str]

# What the libraries raise over a file that is broken or locked, found by breaking files at random.
_BROKEN_PDF = (
    PyPdfError,
    DependencyError,
    NotImplementedError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
_BROKEN_PACKAGE = (
    BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, PackageNotFoundError, LxmlError,
    python_calamine.CalamineError, KeyError, ValueError,
)  # fmt: skip


def _read_pdf(content: bytes) -> tuple[list[Row], str | None]:
    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [[page.extract_text()] for page in reader.pages]
        attached = reader.attachments.get(ATTACHED)
    except _BROKEN_PDF as error:
        raise ReadingBackError(f"PDF 打不开：已损坏或有密码保护（{type(error).__name__}）") from error
    return list(pages), attached[0].decode() if attached else None


def _read_package(content: bytes) -> list[Row]:
    try:
        with ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
        if "word/document.xml" in names:
            return list(_word_rows(content))
        if "xl/workbook.xml" in names:
            return list(_sheet_rows(content))
    except _BROKEN_PACKAGE as error:
        raise ReadingBackError(f"文件打不开：已损坏或有密码保护（{type(error).__name__}）") from error
    raise ReadingBackError("不是 .pdf、.docx 或 .xlsx 文件")


def _word_rows(content: bytes) -> Iterator[Row]:
    for part in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(part, DocxTable):
            yield from ([cell.text for cell in row.cells] for row in part.rows)
        else:
            yield [part.text]


def _sheet_rows(content: bytes) -> Iterator[Row]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield [f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row]


def _told_in_attachment(attached: str) -> tuple[Profile, frozenset[str]]:
    try:
        return read_inputs(json.loads(attached))
    except (ValueError, AttributeError) as error:
        raise ReadingBackError(f"附在 PDF 里的填报数据读不出来：{error}") from error


def _told_in_table(rows: Iterable[Row]) -> tuple[Profile, frozenset[str]]:
    """What the table of 填报数据 says, field by field."""
    header = [say(f"report.{name}") for name in ("field", "told", "unit")]
    unclear, unasked = say("result.unknown"), say("result.unasked")
    told: dict[str, str | None] = {}
    inside = False
    for row in rows:
        if [cell.strip() for cell in row[:3]] == header:
            inside = True
        elif inside and len(row) > 1 and (field := field_of_title(row[0])):
            value = row[1].strip()
            if value != unasked:
                told[field] = None if value == unclear else value
    if not told:
        raise ReadingBackError("找到了回执，但“填报数据”一表不在文件里，不能重新计算")
    return read_row(told), frozenset(told)


def _rows_in_words(words: str) -> list[Row]:
    """The table of 填报数据 out of a PDF's running text, where the attachment was lost: titles and units are known and
    stand in a known order, what is between them is the value."""
    titles = [squeeze(say(f"report.{name}")) for name in ("field", "told", "unit")]
    begin = words.find("".join(titles))
    rest = words[begin + len("".join(titles)) :] if begin >= 0 else ""
    rest = re.sub(
        rf"{say('report.receipt')}[0-9a-f]{{{RECEIPT_DIGITS}}}\d+(?:/\d+)?(?:{''.join(titles)})?", "", rest
    )
    fields = [field for field in FIELDS.values() if squeeze(field.title) in rest]
    rows: list[Row] = [[say(f"report.{name}") for name in ("field", "told", "unit")]]
    for n, field in enumerate(fields):
        title = squeeze(field.title)
        if not rest.startswith(title):
            continue
        ends = [rest.find(squeeze(later.title), len(title)) for later in fields[n + 1 :]]
        ends += [rest.find(squeeze(say("report.sign_applicant")))]
        end = min((at for at in ends if at >= 0), default=len(rest))
        rows.append([field.title, rest[len(title) : end].removesuffix(field.unit), field.unit])
        rest = rest[end:]
    return rows
