"""A report as a Word document that brings its fonts along: it looks alike in every office and on every phone."""

from datetime import datetime
from io import BytesIO

import docx
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.report_document import COLOURS, Document, Section, Table, texts, tone
from bot.report_fonts import FAMILY, embed_fonts
from bot.report_pdf import draw_chart
from flows.report import Report

_PAGE_MM, _MARGIN_MM = 210, 22
_SHADE, _GREY = "EEF2F7", "45505A"


def draw_docx(document: Document, report: Report) -> bytes:
    """The document as .docx."""
    word = docx.Document()
    _set_up(word, document, report)
    _paragraph(word, document.title, size=18, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _table(word, Table((), document.facts, (25, 75)), first_column_shaded=True)
    colour = COLOURS[document.verdict]
    _paragraph(
        word, document.verdict_words, size=15, bold=True, colour=colour
    ).paragraph_format.space_before = Pt(12)
    _paragraph(word, document.verdict_line)
    for section in document.sections:
        _section(word, section)
    for name, day in document.signatures:
        line = _paragraph(word, f"{name}\t{day}")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(110))
        line.paragraph_format.space_before = Pt(14)
    _paragraph(word, document.closing, size=9, colour=_GREY).paragraph_format.space_before = Pt(14)
    embed_fonts(word, "".join(text for _, text in texts(document)))
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _set_up(word: Docx, document: Document, report: Report) -> None:
    """Page, fonts, footer and properties."""
    page = word.sections[0]
    page.page_width, page.page_height = Mm(_PAGE_MM), Mm(297)
    page.left_margin = page.right_margin = Mm(_MARGIN_MM)
    page.top_margin = page.bottom_margin = Mm(20)
    for name in ("Normal", "Heading 1"):
        style = word.styles[name]
        style.font.name = FAMILY
        properties = style.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), FAMILY)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
        properties.append(language)
    word.styles["Footer"].font.size = Pt(8)
    made_on = datetime(report.made_on.year, report.made_on.month, report.made_on.day)
    about = word.core_properties
    about.title, about.author, about.comments, about.language = document.title, "beian", "", "zh-CN"
    about.created = about.modified = made_on
    _paragraph_run(page.footer.paragraphs[0], f"{document.receipt}　", size=8, colour=_GREY)
    _page_number(page.footer.paragraphs[0])


def _section(word: Docx, section: Section) -> None:
    heading = word.add_heading(level=1)
    _paragraph_run(heading, section.heading, size=13, bold=True, colour="1F4E79")
    for text in section.paragraphs:
        _paragraph(word, text)
    if section.table:
        _table(word, section.table)
    if section.chart:
        word.add_picture(BytesIO(draw_chart(section.chart)), width=Mm(130))
        word.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        word.paragraphs[-1].paragraph_format.space_before = Pt(8)
        word.inline_shapes[-1]._inline.docPr.set("descr", section.chart_told)
    for text in section.notes:
        _paragraph(word, text, size=9, colour=_GREY)


def _paragraph(
    word: Docx, text: str, *, size: float = 10.5, bold: bool = False, colour: str = ""
) -> Paragraph:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    _paragraph_run(paragraph, text, size=size, bold=bold, colour=colour)
    return paragraph


def _paragraph_run(
    paragraph: Paragraph, text: str, *, size: float, bold: bool = False, colour: str = ""
) -> Run:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    run.font.name = FAMILY
    # Word takes Chinese from another attribute than Latin letters; without it every machine chooses its own.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FAMILY)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _table(word: Docx, table: Table, *, first_column_shaded: bool = False) -> None:
    rows = (table.header, *table.rows) if table.header else table.rows
    grid = word.add_table(len(rows), len(rows[0]), style="Table Grid")
    grid.autofit = False
    room = (_PAGE_MM - 2 * _MARGIN_MM) / sum(table.widths)
    for column, share in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(room * share)
    for n, (line, row) in enumerate(zip(grid.rows, rows, strict=True)):
        is_header = bool(table.header) and n == 0
        strong = is_header or n - bool(table.header) in table.strong
        for column, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            cell.width = Mm(room * table.widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            _paragraph_run(paragraph, text, size=9, bold=strong, colour=COLOURS.get(tone(text), ""))
            if column in table.figures and not is_header:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if is_header or (first_column_shaded and column == 0):
                _shade(cell)
        _keep_whole(line, is_header)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _keep_whole(row: _Row, is_header: bool) -> None:
    """No row is torn by the end of a page, and a header stands on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))


def _page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
