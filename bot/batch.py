"""Screening of many applicants from a file: one result a row, in order, errors by row and field."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.batch_files import open_rows
from bot.batch_output import check_target, open_writer
from bot.batch_overview import VERDICTS
from bot.batch_rows import BatchError
from bot.batch_workers import Job, Screened, screen_rows

Report = Callable[[str], None]
Advance = Callable[[Screened], None]


def run_batch(source: Path, output: Path | None, as_of: date | None, stdout: TextIO, stderr: TextIO) -> int:
    """Screen a file's rows. Exit status: 0 done, 1 some rows failed, 2 the file or the output cannot be used."""
    verdicts: Counter[str] = Counter()
    try:
        if output is not None:
            check_target(output, source)
        with (
            open_rows(source) as opened,
            _watching(opened.size, stderr) as (advance, report),
            open_writer(output, stdout, opened.columns) as writer,
        ):
            for remark in opened.remarks:
                report(remark)
            for row in screen_rows(opened.rows, Job(as_of, writer.encode)):
                for field, reason in row.errors.items():
                    where = f"row {row.number}" if field == "row" else f"row {row.number}, {field}"
                    report(f"{where}: {reason}")
                verdicts[row.verdict] += 1
                writer.write(row)
                advance(row)
    except BatchError as error:
        stderr.write(f"{error}\n")
        return 2
    if stderr.isatty():
        counts = "，".join(f"{VERDICTS[verdict]}{verdicts[verdict]}" for verdict in VERDICTS)
        stderr.write(f"共{verdicts.total()}行：{counts}" + (f"；结果在 {output}" if output else "") + "\n")
    return 1 if verdicts["error"] else 0


@contextmanager
def _watching(size: int, stderr: TextIO) -> Iterator[tuple[Advance, Report]]:
    """A way to say how far it is, where a terminal shows it as a bar, and a way to report lines."""
    if not stderr.isatty():
        yield lambda row: None, lambda line: print(line, file=stderr)
        return
    console = Console(file=stderr)
    columns = (TextColumn("预审"), BarColumn(), MofNCompleteColumn(), TextColumn("行"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("rows", total=None)
        count = 0

        def advance(row: Screened) -> None:
            nonlocal count
            count += 1
            if count % 100 == 1:
                total = max(count, round(count * size / row.done)) if row.done else None
                progress.update(task, completed=count, total=total)

        yield advance, lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)
