"""A report as a document: headings, paragraphs and tables of text, alike for PDF, DOCX and XLSX."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.chart import describe, draw_years
from bot.wording import say
from bot.wording_amounts import amount_lines
from bot.wording_gaps import KNOWN, clause_name, evidence_words, first_words, gap_distance
from bot.wording_result import MARKS, VERDICTS, criterion_title, required_words, route_line, verdict_line
from bot.wording_years import year_rows
from flows.fields import FIELDS
from flows.gap_plan import Gap
from flows.report import Report
from flows.rules import Rules
from flows.screening import Criterion, plain, show
from knowledge.dates import civil_date
from knowledge.entries import TRACKS

COLOURS = {"eligible": "1B6E3A", "ineligible": "A32121", "undetermined": "8A5A00"}


@dataclass(frozen=True)
class Table:
    """A table of text. `widths` are the columns' shares; the rows of `strong` are set off, those of `figures` columns
    stand to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    strong: frozenset[int] = frozenset()
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it, in this order."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    chart: str = ""
    chart_told: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A report to be drawn, from top to bottom. `facts` stand under the title, `verdict` is one of eligible, ineligible, undetermined."""

    title: str
    facts: tuple[tuple[str, str], ...]
    verdict: str
    verdict_words: str
    verdict_line: str
    sections: tuple[Section, ...]
    signatures: tuple[tuple[str, str], ...]
    closing: str
    receipt: str
    """Stands on every page, where there are pages."""


def make_document(rules: Rules, report: Report) -> Document:
    """The report in words. The same report gives the same document whatever the operator set up."""
    screening, rules = report.screening, rules.on(report.profile.as_of)
    sections = (_requirements, _gaps, _support, _evidence, _route, _notices, _inputs)
    numerals = "一二三四五六七"
    return Document(
        title=say("report.title", track=TRACKS[screening.track]),
        facts=tuple(_facts(rules, report)),
        verdict=screening.verdict,
        verdict_words=say("result.heading", verdict=VERDICTS[screening.verdict]),
        verdict_line=verdict_line(rules.law, screening),
        sections=tuple(make(rules, report, f"{n}、") for make, n in zip(sections, numerals, strict=True)),
        signatures=(
            (say("report.sign_applicant"), say("report.sign_day")),
            (say("report.sign_bureau"), say("report.sign_day")),
        ),
        closing=say("report.closing"),
        receipt=f"{say('report.receipt')} {spaced(report.receipt)}",
    )


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of a document in its order, with where it stands; every format has them in this order."""
    yield document.title, document.title
    for name, value in document.facts:
        yield from ((name, name), (name, value))
    yield from ((document.verdict_words, text) for text in (document.verdict_words, document.verdict_line))
    for section in document.sections:
        where = section.heading
        yield where, where
        yield from ((where, text) for text in section.paragraphs)
        if section.table:
            for row in (section.table.header, *section.table.rows):
                yield from ((f"{where}，{' '.join(filter(None, row))}", cell) for cell in row)
        yield from ((where, text) for text in section.notes)
    for line in document.signatures:
        yield from ((line[0], text) for text in line)
    yield document.closing, document.closing


def tone(cell: str) -> str:
    """The verdict whose colour a cell has: 不满足 is set off, so is 待定; nothing for others."""
    for status, verdict in (("unmet", "ineligible"), ("unknown", "undetermined")):
        if cell.startswith(MARKS[status]):
            return verdict
    return ""


def spaced(receipt: str) -> str:
    """A receipt in groups of four, to be read out."""
    return " ".join(receipt[n : n + 4] for n in range(0, len(receipt), 4))


def _facts(rules: Rules, report: Report) -> Iterator[tuple[str, str]]:
    screening, as_of = report.screening, report.profile.as_of
    yield say("report.applicant"), report.profile.id or say("report.no_name")
    yield FIELDS["track"].title, TRACKS[screening.track]
    yield FIELDS["as_of"].title, civil_date(as_of) if as_of else say("report.not_given")
    about = rules.law.about
    if about:
        yield say("report.basis"), about.title
        yield say("report.number"), about.number
    yield say("report.version"), screening.version
    yield say("report.made_on"), civil_date(report.made_on)
    yield say("report.receipt"), spaced(report.receipt)


def _requirements(rules: Rules, report: Report, number: str) -> Section:
    rows: list[tuple[str, ...]] = []
    strong = set()
    for label, status in report.screening.items:
        strong.add(len(rows))
        rows.append((clause_name(rules.law, label), "", "", MARKS[status]))
        for criterion in report.screening.criteria:
            if criterion.label != label and not criterion.label.startswith(label + "."):
                continue
            if status == "met" and criterion.status == "unknown" and criterion.label != label:
                continue  # another alternative holds: this one need not be known
            rows.append(_requirement(report, criterion, label))
    header = tuple(say(f"report.{name}") for name in ("clause", "requirement", "told", "status"))
    table = Table(header, tuple(rows), (18, 42, 20, 20), frozenset(strong))
    return Section(number + say("report.requirements"), table=table)


def _requirement(report: Report, criterion: Criterion, item: str) -> tuple[str, ...]:
    field = FIELDS[criterion.field]
    alternative = criterion.label != item
    clause = say("report.alternative", number=criterion.label.rsplit(".", 1)[1]) if alternative else ""
    required = criterion_title(criterion)
    if field.kind != "yes_no":
        required += say("report.required", required=required_words(criterion.required, field.unit))
    status = MARKS[criterion.status]
    if criterion.missing is not None:
        status += say("result.gap", missing=plain(criterion.missing), unit=field.unit)
    return clause, required, _told(report, criterion.field, criterion.actual), status


def _told(report: Report, field: str, actual: str | None) -> str:
    if actual is not None:
        return f"{actual}{FIELDS[field].unit}"
    return say(KNOWN["unclear" if field in report.answered else "unasked"])


def _gaps(rules: Rules, report: Report, number: str) -> Section:
    heading = number + say("report.gaps")
    if not report.plan.items:
        return Section(heading, (say("report.no_gaps"),))
    rows = []
    for item in report.plan.items:
        name = clause_name(rules.law, item.label)
        rows += [_gap_row(name, gap) for gap in item.gaps]
        for way in item.ways:
            mark = say("report.way", clause=clause_name(rules.law, way.label))
            if way.label == item.nearest:
                mark += say("gaps.nearest")
            rows += [_gap_row(mark, gap) for gap in way.gaps]
    header = tuple(say(f"report.{name}") for name in ("clause", "gap", "distance", "shown_by"))
    first = (first_words(rules.law, report.plan.first),) if report.plan.first else ()
    table = Table(header, tuple(rows), (24, 22, 26, 28))
    return Section(heading, first, table, notes=(say("gaps.note"),))


def _gap_row(clause: str, gap: Gap) -> tuple[str, ...]:
    shown = evidence_words(gap.evidence.named, gap.evidence.suggested)
    return clause, criterion_title(gap.criterion), gap_distance(gap), shown


def _support(rules: Rules, report: Report, number: str) -> Section:
    lines = tuple(amount_lines(rules, report.profile, report.screening.amounts))
    schedule = report.schedule
    notes = tuple(f"{note.text}（{clause_name(rules.law, note.label)}）" for note in schedule.notes)
    heading = number + lines[0]
    if not schedule.years:
        return Section(heading, lines[1:], notes=notes)
    header, *rows = year_rows(schedule)
    unit = say("years.unit")
    table = Table(
        (f"{header[0]}（{unit}）", *header[1:]), tuple(rows), (32, 17, 17, 17, 17), frozenset({len(rows) - 1}), frozenset({1, 2, 3, 4})
    )  # fmt: skip
    return Section(heading, lines[1:], table, draw_years(schedule), describe(schedule), notes)


def _evidence(rules: Rules, report: Report, number: str) -> Section:
    """What to collect: for each requirement that holds or must yet hold, not for alternatives that are not needed."""
    needless = {c.label for c in report.screening.criteria if c.label.count(".") == 2 and c.status != "met"}
    if not any(item.ways for item in report.plan.items):
        wanted = [c for c in report.screening.criteria if c.label not in needless]
    else:
        wanted = list(report.screening.criteria)
    rows = []
    for criterion in wanted:
        if shown := rules.evidence.get((report.screening.track, criterion.field)):
            materials = evidence_words(shown.named, shown.suggested)
            rows.append(("□", clause_name(rules.law, criterion.label), criterion_title(criterion), materials))
    header = ("", *(say(f"report.{name}") for name in ("clause", "requirement", "materials")))
    table = Table(header, tuple(rows), (5, 25, 28, 42))
    return Section(number + say("report.evidence"), table=table, notes=(say("report.evidence_note"),))


def _route(rules: Rules, report: Report, number: str) -> Section:
    lines = (
        route_line(report.screening, report.profile.prefecture),
        say(f"report.next_{report.screening.verdict}"),
    )
    return Section(number + say("report.route"), lines)


def _notices(rules: Rules, report: Report, number: str) -> Section:
    notices = (f"{note.text}（{clause_name(rules.law, note.label)}）" for note in report.screening.notices)
    return Section(number + say("report.notices"), (*notices, say("report.estimate")))


def _inputs(rules: Rules, report: Report, number: str) -> Section:
    """Every field of the track: what was told, 不清楚, or 未核. `bot.report_check` reads this table again."""
    asked = rules.fields_asked(report.screening.track)
    rows = []
    for name, field in FIELDS.items():
        if name not in ("id", "track", *asked):
            continue
        value = show(name, getattr(report.profile, name))
        rows.append((field.title, value if value is not None else _told(report, name, None), field.unit))
    header = tuple(say(f"report.{name}") for name in ("field", "told", "unit"))
    return Section(
        number + say("report.inputs"), (say("report.inputs_note"),), Table(header, tuple(rows), (50, 36, 14))
    )
