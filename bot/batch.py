"""Screening of many applicants from a file: one result a row, in order, errors by row and field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.batch_cells import BatchError
from bot.batch_files import Row, Source, open_rows
from bot.batch_output import check_target, open_writer
from flows.profile import ProfileError
from flows.rules import Rules
from flows.screening import screen

Report = Callable[[str], None]


def run_batch(
    source: Path, output: Path | None, as_of: date | None, rules: Rules, stdout: TextIO, stderr: TextIO
) -> int:
    """Screen a file's rows. Exit status: 0 done, 1 some rows failed, 2 the file or the output cannot be used."""
    try:
        if output is not None:
            check_target(output, source)
        with open_rows(source) as opened, _watching(opened, stderr) as (rows, report):
            for remark in opened.remarks:
                report(remark)
            with open_writer(output, stdout) as writer:
                failed = 0
                for row in rows:
                    result = screen_row(row, as_of, rules)
                    for field, reason in (result.get("error") or {}).items():
                        where = f"row {row.number}" if field == "row" else f"row {row.number}, {field}"
                        report(f"{where}: {reason}")
                        failed = 1
                    writer.write(result)
    except BatchError as error:
        stderr.write(f"{error}\n")
        return 2
    return failed


def screen_row(row: Row, as_of: date | None, rules: Rules) -> dict[str, Any]:
    """A row's result, or its id with what is wrong by field."""
    try:
        return screen(row.profile(as_of), rules).as_json()
    except ProfileError as error:
        return {"id": error.profile_id, "error": error.errors}


@contextmanager
def _watching(source: Source, stderr: TextIO) -> Iterator[tuple[Iterator[Row], Report]]:
    """The rows and a way to report lines, with a progress bar where a terminal shows it."""
    if not stderr.isatty():
        yield source.rows, lambda line: print(line, file=stderr)
        return
    console = Console(file=stderr)
    columns = (TextColumn("预审"), BarColumn(), MofNCompleteColumn(), TextColumn("行"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("rows", total=None)

        def watched() -> Iterator[Row]:
            for count, row in enumerate(source.rows, 1):
                if count % 100 == 1:
                    total = max(count, round(count * source.size / row.done)) if row.done else None
                    progress.update(task, completed=count, total=total)
                yield row

        yield watched(), lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)
