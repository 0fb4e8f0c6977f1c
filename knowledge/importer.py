"""A regulation from a .txt, .md, .html, .docx or .pdf file: its official text, parsed and counted."""

import logging
import re
import zlib
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from knowledge.particulars import FILE, read_particulars, write_particulars
from knowledge.regulation import REGULATIONS, KnowledgeError, Regulation, load, parse, squeeze

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity on standard error

_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
_HIDDEN = {"script", "style", "head", "nav", "footer"}


class _Text(HTMLParser):
    """The visible text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _read_plain(file: Path) -> str:
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KnowledgeError(f"{file}: neither UTF-8 nor GB18030 text")


def _read_markdown(file: Path) -> str:
    text = re.sub(r"<!--.*?-->", "", _read_plain(file), flags=re.DOTALL)
    return re.sub(r"^\s*#+\s*|\*\*|__", "", text, flags=re.MULTILINE)


def _read_html(file: Path) -> str:
    page = _Text()
    page.feed(_read_plain(file))
    return "".join(page.parts)


def _read_docx(file: Path) -> str:
    """The paragraphs and, where they stand, the rows of tables."""
    return "\n".join(
        block.text if isinstance(block, Paragraph) else "\n".join(_row(row.cells) for row in block.rows)
        for block in Document(str(file)).iter_inner_content()
    )


def _row(cells: Iterable[_Cell]) -> str:
    return "　".join(dict.fromkeys(cell.text.strip() for cell in cells))


def _read_pdf(file: Path) -> str:
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise KnowledgeError(f"{file}: it asks for a password; save it without one")
    pages = [page.extract_text() for page in reader.pages]
    if not squeeze("".join(pages)):
        raise KnowledgeError(
            f"{file}: its {len(pages)} pages are pictures without text; give it after text recognition, or as .docx or .txt"
        )
    return _joined("\n".join(pages))


_PAGE_NUMBER = re.compile(r"^[\s\-—–－]*\d{1,3}[\s\-—–－]*$\n?", re.MULTILINE)
_ON_PAPER = re.compile(
    r"(?<![。；：:])\n(?!\s*(?:第[〇零一二三四五六七八九十百千]+[编章节条]|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.．、]))"
)
_BEGINS = re.compile(r"^\s*(?:第[〇零一二三四五六七八九十百千]+[编章节条]|一、)", re.MULTILINE)


def _joined(lines: str) -> str:
    """The text of pages, page numbers left out. A line of a page ends where the paper ends: it goes on unless the next
    begins a clause, this one ends a sentence or is a heading. Above the first clause the lines are title, number, date."""
    lines = _PAGE_NUMBER.sub("", lines)
    begun = _BEGINS.search(lines)
    start = begun.start() if begun else 0
    body = re.sub(r"^(\s*第\S{1,6}[编章节]\s*\S.*)\n", r"\1。\n", lines[start:], flags=re.MULTILINE)
    body = _ON_PAPER.sub("", body)
    return lines[:start] + re.sub(r"^(\s*第\S{1,6}[编章节]\s*\S.*)。$", r"\1", body, flags=re.MULTILINE)


READERS: dict[str, Callable[[Path], str]] = {
    ".txt": _read_plain, ".md": _read_markdown, ".html": _read_html, ".htm": _read_html, ".docx": _read_docx, ".pdf": _read_pdf,
}  # fmt: skip


_DAMAGED = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError, RecursionError, BadZipFile, zlib.error,
    XMLSyntaxError, PackageNotFoundError, PyPdfError,
)  # fmt: skip
"""What the libraries raise for damaged files, found by damaging some."""


def read_text(file: Path) -> str:
    """The official text of a file; KnowledgeError if it cannot be read."""
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise KnowledgeError(f"{file}: give a file of {' '.join(sorted(READERS))}")
    try:
        if not file.stat().st_size:
            raise KnowledgeError(f"{file}: it is empty")
        return reader(file)
    except OSError as error:
        raise KnowledgeError(f"{file}: {error.strerror or error}") from error
    except DependencyError as error:
        raise KnowledgeError(f"{file}: it is encrypted; save it without protection") from error
    except _DAMAGED as error:
        raise KnowledgeError(
            f"{file}: it is damaged or no {file.suffix} file; open it, save it anew and try again"
        ) from error


def read_version(name: str, into: Path) -> Regulation:
    """A regulation by its file, by the name under which it was imported, or the measure itself by its id."""
    if Path(name).is_file():
        return parse(read_text(Path(name)), Path(name).stem)
    if (into / name / "regulation.txt").is_file():
        return parse(read_text(into / name / "regulation.txt"), name)
    if (REGULATIONS / name / "regulation.txt").is_file():
        return load(name)
    known = sorted(
        p.parent.name for p in (*into.glob("*/regulation.txt"), *REGULATIONS.glob("*/regulation.txt"))
    )
    raise KnowledgeError(f"{name}: neither a file nor a regulation; known are {', '.join(known)}")


def import_file(file: Path, into: Path) -> str:
    """Parse a regulation and write its text and what it says of itself to `into`/NAME; a line that counts what was
    found. An about.toml that is there already is kept: the operator may have corrected it."""
    text = read_text(file)
    regulation = parse(text, file.stem)
    folder = into / file.stem
    folder.mkdir(parents=True, exist_ok=True)
    particulars = read_particulars(regulation)
    _write(folder / "regulation.txt", text)
    if not (folder / FILE).exists():
        _write(folder / FILE, write_particulars(particulars))
    kinds = [clause.kind for clause in regulation.clauses.values()]
    since = particulars.in_force or f"not stated: write in_force in {folder / FILE}"
    return (
        f"{file.name}: 《{particulars.title}》, in force from {since}; "
        f"{kinds.count('article')} articles, {kinds.count('item')} items -> {folder / 'regulation.txt'}"
    )


def _write(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(file)
