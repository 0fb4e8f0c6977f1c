"""A report as a workbook: the verdict on the first sheet, a sheet for each section."""

from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.report_document import COLOURS, Document, Section, Table, tone
from bot.report_pdf import draw_chart
from bot.wording import say
from flows.report import Report

FONT = "宋体"
_COLUMNS = 100
"""Widths of a sheet's columns together, in characters."""


def draw_xlsx(document: Document, report: Report) -> bytes:
    """The document as .xlsx."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made_on = datetime(report.made_on.year, report.made_on.month, report.made_on.day)
        book.set_properties({"title": document.title, "author": "beian", "created": made_on})
        _Sheet(book, say("report.first_sheet"), document.receipt, columns=2).first(document)
        for n, section in enumerate(document.sections, 1):
            columns = len(section.table.widths) if section.table else 2
            sheet = _Sheet(book, section.heading[:31], document.receipt, columns)
            sheet.section(section)
            if n == len(document.sections):
                sheet.last(document)
    return file.getvalue()


class _Sheet:
    """One sheet, written from top to bottom."""

    def __init__(self, book: Workbook, name: str, receipt: str, columns: int) -> None:
        self._book = book
        self._sheet: Worksheet = book.add_worksheet(name)
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L{receipt}&R&P / &N")
        self._row, self._columns = 0, columns

    def _style(self, **changes: Any) -> Any:  # noqa: ANN401 - a Format
        return self._book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **changes})

    def _line(self, text: str, **style: Any) -> None:  # noqa: ANN401 - properties of a Format
        """A paragraph across the columns, as high as it needs."""
        size = style.get("font_size", 10)
        lines = -(-2 * len(text) * size // (10 * _COLUMNS))
        self._sheet.set_row(self._row, lines * size * 1.6 + 4)
        self._sheet.merge_range(
            self._row, 0, self._row, self._columns - 1, text, self._style(text_wrap=True, **style)
        )
        self._row += 1

    def _widths(self, widths: tuple[int, ...]) -> None:
        for column, share in enumerate(widths):
            self._sheet.set_column(column, column, _COLUMNS * share / sum(widths))

    def first(self, document: Document) -> None:
        self._widths((30, 70))
        self._line(document.title, bold=True, font_size=16)
        self._table(Table((), document.facts, (30, 70)))
        self._row += 1
        self._line(
            document.verdict_words, bold=True, font_size=14, font_color=f"#{COLOURS[document.verdict]}"
        )
        self._line(document.verdict_line)

    def section(self, section: Section) -> None:
        self._widths(section.table.widths if section.table else (50, 50))
        self._line(section.heading, bold=True, font_size=13, font_color="#1F4E79")
        for text in section.paragraphs:
            self._line(text)
        if section.table:
            self._table(section.table)
        self._row += 1
        for text in section.notes:
            self._line(text, font_color="#45505A")
        if section.chart:
            options = {
                "image_data": BytesIO(draw_chart(section.chart)),
                "description": section.chart_told,
                "x_scale": 0.5,
                "y_scale": 0.5,
            }
            self._sheet.insert_image(self._row + 1, 0, "chart.png", options)

    def last(self, document: Document) -> None:
        for name, day in document.signatures:
            self._row += 1
            self._sheet.write_string(self._row, 0, name, self._style())
            self._sheet.write_string(self._row, 1, day, self._style())
            self._row += 1
        self._row += 1
        self._line(document.closing, font_color="#45505A")

    def _table(self, table: Table) -> None:
        if table.header:
            for column, text in enumerate(table.header):
                self._sheet.write_string(
                    self._row, column, text, self._style(border=1, bold=True, bg_color="#EEF2F7")
                )
            self._row += 1
        for n, row in enumerate(table.rows):
            # No program measures a row by itself as it opens the file.
            shares = [share / sum(table.widths) for share in table.widths]
            lines = max(
                -(-2.2 * len(text) // (_COLUMNS * share)) for text, share in zip(row, shares, strict=True)
            )
            self._sheet.set_row(self._row, max(lines, 1) * 14 + 3)
            for column, text in enumerate(row):
                self._cell(column, text, column in table.figures, n in table.strong)
            self._row += 1

    def _cell(self, column: int, text: str, is_figure: bool, strong: bool) -> None:
        style: dict[str, Any] = {"border": 1, "bold": strong, "text_wrap": True}
        if tone(text):
            style["font_color"] = f"#{COLOURS[tone(text)]}"
        if is_figure and text.replace(".", "").isdecimal():
            self._sheet.write_number(self._row, column, float(text), self._style(**style, num_format="0.00"))
        else:
            self._sheet.write_string(self._row, column, text, self._style(**style))
