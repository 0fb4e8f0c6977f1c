"""Rows screened by several processes at once, and handed on in the file's order."""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain, cycle, islice, starmap
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

from bot.batch_result import Outcome
from bot.batch_rows import BatchError, Row
from flows.profile import ProfileError
from flows.rules import load_rules
from flows.screening import screen

_CHUNK_ROWS = 500
_CHUNK_BYTES = 4_000_000
_ALONE = 4
"""So many chunks are screened sooner than another process starts."""
_MOST_WORKERS = 4

Encode = Callable[[Outcome], Any]
"""What a writer takes, made from an outcome; a function of a module, so that another process finds it by name."""


class Screened(NamedTuple):
    """A row that is done: its number, how far the file is read, its verdict (`error` where it has none), what was wrong by
    field, and what is to be written."""

    number: int
    done: int
    verdict: str
    errors: Mapping[str, str]
    written: Any


@dataclass(frozen=True)
class Job:
    """What is done with each row. `as_of` is the day of the rows that have none."""

    as_of: date | None
    encode: Encode

    def __call__(self, rows: list[Row]) -> list[Screened]:
        """Screen some rows."""
        rules = load_rules()
        screened = []
        for row in rows:
            outcome: Outcome
            verdict, errors = "error", dict[str, str]()
            try:
                outcome = screen(row.profile(self.as_of), rules)
                verdict = outcome.verdict
            except ProfileError as error:
                outcome, errors = error, error.errors
            screened.append(Screened(row.number, row.done, verdict, errors, self.encode(outcome)))
        return screened


def screen_rows(rows: Iterator[Row], job: Job, workers: int | None = None) -> Iterator[Screened]:
    """The rows, screened, in order; `workers` is how many processes a long file gets. BatchError if one of them dies."""
    count = min(_MOST_WORKERS, os.cpu_count() or 1) if workers is None else workers
    chunks = _chunks(rows)
    ahead = list(islice(chunks, _ALONE))
    following = next(chunks, None)
    if following is None or count == 1:
        for chunk in chain(ahead, [following or []], chunks):
            yield from job(chunk)
        return
    with _team(count, job) as team:
        for chunk in ahead:  # while the others start
            yield from job(chunk)
        yield from _in_order(chain([following], chunks), team)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows in lists that are bounded in number, and in bytes where a row's place in the file is told in bytes."""
    chunk: list[Row] = []
    start = 0
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK_ROWS or row.done - start > _CHUNK_BYTES:
            yield chunk
            chunk, start = [], row.done
    if chunk:
        yield chunk


class _Worker(NamedTuple):
    process: BaseProcess
    pipe: Connection

    def give(self, chunk: list[Row]) -> None:
        with _told_if_dead():
            self.pipe.send(chunk)

    def take(self) -> Iterator[Screened]:
        with _told_if_dead():
            return starmap(Screened, self.pipe.recv())


@contextmanager
def _told_if_dead() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise BatchError("预审进程意外结束，可能是内存不足；请关闭其他程序后重试") from error


def _in_order(chunks: Iterator[list[Row]], team: list[_Worker]) -> Iterator[Screened]:
    """Each worker has one chunk at a time: a second one could wait for a pipe that waits for it."""
    busy: deque[_Worker] = deque()
    for worker, chunk in zip(cycle(team), chunks, strict=False):
        screened = busy.popleft().take() if len(busy) == len(team) else ()
        worker.give(chunk)
        busy.append(worker)
        yield from screened
    while busy:
        yield from busy.popleft().take()


@contextmanager
def _team(count: int, job: Job) -> Iterator[list[_Worker]]:
    """So many workers. They end when their pipes are closed, and so when this process dies in whatever way."""
    context = get_context("spawn")  # a fork beside the progress bar's thread could hang
    team: list[_Worker] = []
    try:
        for _ in range(count):
            pipe, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, job), daemon=True)
            process.start()
            theirs.close()
            team.append(_Worker(process, pipe))
        yield team
    finally:
        for worker in team:
            worker.pipe.close()
        for worker in team:
            worker.process.join()


def _work(pipe: Connection, job: Job) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches every process; the first one ends the others
    gc.freeze()  # the program itself is no garbage, and is not to be looked through again and again
    with suppress(EOFError, OSError):
        while True:
            pipe.send([tuple(screened) for screened in job(pipe.recv())])  # plain tuples travel fast
