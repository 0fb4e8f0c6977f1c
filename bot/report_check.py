"""`beian report verify`: the receipt from what a file says was told, and every line of the file against a new calculation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.report_document import Document, make_document, texts
from bot.report_pdf import MISSING, printable
from bot.report_reading import ReadBack, read_report
from bot.wording import say
from flows.report import inputs_of, make_report, receipt_of
from flows.rules import Rules
from knowledge.regulation import squeeze

MOST_SHOWN = 20
_FOUND = 40
"""Characters shown of what stands in the file instead."""


@dataclass(frozen=True)
class Checked:
    """The outcome: whether the file holds, and what to tell, line by line."""

    holds: bool
    lines: tuple[str, ...]


def check_report(content: bytes, rules: Rules) -> Checked:
    """Check a report's file. ReadingBackError or ProfileError where it cannot be checked."""
    read = read_report(content)
    lines = [say("verify.receipt", receipt=read.receipt, made_on=read.made_on, version=read.version)]
    due = receipt_of(inputs_of(read.profile, read.answered), read.made_on, read.version)
    if due != read.receipt:
        lines.append(say("verify.other_receipt", due=due) if read.exact else say("verify.inexact"))
    report = make_report(read.profile, rules, read.made_on, read.answered)
    if report.screening.version != read.version:
        lines.append(say("verify.other_rules", installed=report.screening.version))
    # Receipt and version were compared above: once is enough.
    as_told = replace(report, receipt=read.receipt, screening=report.screening._replace(version=read.version))
    document = make_document(rules, as_told)
    found = list(_differences(printable(document) if MISSING in read.words else document, read))
    lines += found[:MOST_SHOWN]
    if len(found) > MOST_SHOWN:
        lines.append(say("verify.more", count=len(found) - MOST_SHOWN))
    holds = len(lines) == 1
    return Checked(holds, (*lines, say("verify.holds" if holds else "verify.differs")))


def _differences(document: Document, read: ReadBack) -> Iterator[str]:
    """Where the file's words are not the document's, in order. What has only to do with pages may stand between."""
    words, at = read.words, 0
    furniture = re.compile("|".join(_furniture(document)) if read.is_pdf else "(?!)")
    due = [(where, text, squeeze(text)) for where, text in texts(document) if squeeze(text)]
    for n, (where, text, wanted) in enumerate(due):
        while not words.startswith(wanted, at) and (page := furniture.match(words, at)):
            at = page.end()
        if words.startswith(wanted, at):
            at += len(wanted)
            continue
        following = "".join(later for _, _, later in due[n + 1 : n + 4])
        again = words.find(following, at) if following else len(words)
        yield say("verify.line", where=where, due=text, found=words[at : max(at, min(again, at + _FOUND))])
        at = max(at, again)
    while page := furniture.match(words, at):
        at = page.end()
    if words[at:]:
        yield say("verify.added", found=words[at : at + _FOUND])


def _furniture(document: Document) -> Iterator[str]:
    """What a PDF's pages add: the footer, a table's header again, and the words in the chart."""
    yield re.escape(squeeze(document.receipt)) + r"\d+(?:/\d+)?"
    for section in document.sections:
        if section.table:
            yield re.escape(squeeze("".join(section.table.header)))
        if section.chart:
            yield re.escape(squeeze("".join(re.findall(r"<text[^>]*>([^<]*)</text>", section.chart))))
