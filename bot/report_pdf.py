"""A report as PDF by typst: the project's own fonts, tagged for readers (PDF/UA), the same bytes for the same report."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bot.report_document import COLOURS, Document, Section, Table, texts, tone
from bot.wording import say
from flows.report import Report, inputs_of

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
ATTACHED = "beian-report.json"
"""The file inside the PDF that holds what was told, exactly, whatever the pages can draw."""

MISSING = "〓"
"""The printers' sign for a character that the fount lacks."""


class DrawingError(ValueError):
    """The PDF cannot be made as it should be: a font is missing, or the template is wrong."""


def draw_pdf(document: Document, report: Report) -> bytes:
    """The document as PDF; DrawingError rather than pages without Chinese."""
    made_on = report.made_on
    drawn = printable(document)
    data = {
        **asdict(drawn),
        "colours": COLOURS,
        "tones": {text: tone(text) for _, text in texts(drawn) if tone(text)},
        "date": [made_on.year, made_on.month, made_on.day],
        "attached": say("report.inputs"),
    }
    inputs = {
        "document": json.dumps(data, default=sorted, ensure_ascii=False),
        "inputs": json.dumps(inputs_of(report.profile, report.answered), ensure_ascii=False),
    }
    try:
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), format="pdf", sys_inputs=inputs,
            pdf_standards=["ua-1"], timestamp=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
        )  # fmt: skip
    except typst.TypstError as error:
        raise DrawingError(f"report.typ: {error}") from error
    if warnings:
        raise DrawingError(f"report.typ: {warnings[0].message}")
    if not isinstance(pdf, bytes):
        raise DrawingError("report.typ: no PDF came of it")
    return pdf


def draw_chart(svg: str) -> bytes:
    """A chart as PNG, for formats that take no SVG."""
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    inputs = {"svg": svg}
    png, warnings = typst.compile_with_warnings(
        source.encode(), font_paths=fonts(), format="png", ppi=144, sys_inputs=inputs
    )
    if warnings or not isinstance(png, bytes):
        raise DrawingError("the chart cannot be drawn as PNG")
    return png


@cache
def fonts() -> typst.Fonts:
    """The project's own fonts and no others, so that every machine draws the same pages."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def drawable() -> frozenset[int]:
    """The code points that the text font can draw."""
    points: set[int] = set()
    for line in (FONTS / "coverage.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def printable(document: Document) -> Document:
    """The document with 〓 for each character that the fonts lack, and a note that says which these are."""
    lacking: dict[str, None] = {}

    def mend(value: Any) -> Any:  # noqa: ANN401 - every text in the document, however deep
        if isinstance(value, str):
            lacking.update(
                dict.fromkeys(char for char in value if ord(char) not in drawable() and char != "\n")
            )
            return "".join(char if char not in lacking else MISSING for char in value)
        if isinstance(value, tuple):
            return tuple(mend(part) for part in value)
        if isinstance(value, Section | Table):
            return replace(value, **{name: mend(part) for name, part in vars(value).items()})
        return value

    mended = replace(document, **{name: mend(part) for name, part in vars(document).items()})
    if not lacking:
        return mended
    points = "、".join(f"U+{ord(char):04X}" for char in lacking)
    return replace(mended, closing=f"{say('report.missing_glyphs', points=points)}{mended.closing}")
