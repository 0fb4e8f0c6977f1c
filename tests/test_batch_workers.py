import json
import multiprocessing
import os
import signal

import pytest

from bot.batch_result import as_cells, as_line
from bot.batch_rows import BatchError, Row
from bot.batch_workers import Job, screen_rows


def rows(count):
    for number in range(1, count + 1):
        team = "若干" if number % 7 == 0 else number % 12
        line = {"id": str(number), "track": "proof_of_concept", "team_size": team}
        yield Row(number, json.dumps(line).encode(), number)


def test_several_processes_hand_on_what_one_does_in_the_same_order():
    alone = list(screen_rows(rows(4200), Job(None, as_line), workers=1))
    together = list(screen_rows(rows(4200), Job(None, as_line), workers=2))
    assert [row.number for row in together] == list(range(1, 4201))
    assert together == alone
    assert sum(bool(row.errors) for row in together) == 600 == sum(row.verdict == "error" for row in together)
    assert multiprocessing.active_children() == []


def test_a_short_file_needs_no_second_process(monkeypatch):
    monkeypatch.setattr("bot.batch_workers._team", None)
    assert len(list(screen_rows(rows(2000), Job(None, as_cells), workers=2))) == 2000


def test_no_process_is_left_when_the_reader_stops_early():
    screened = screen_rows(rows(3_000), Job(None, as_cells), workers=2)
    for _ in range(2_200):
        next(screened)
    assert len(multiprocessing.active_children()) == 2
    screened.close()
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_one_clear_sentence():
    screened = screen_rows(rows(6_000), Job(None, as_cells), workers=2)
    for _ in range(2001):
        next(screened)
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    with pytest.raises(BatchError, match="内存不足"):
        list(screened)
    assert multiprocessing.active_children() == []


def test_long_rows_are_not_gathered_by_the_hundred():
    taken = []

    def long_rows():
        for number in range(1, 61):
            taken.append(number)
            yield Row(number, b"{}", number * 1_000_000)

    next(screen_rows(long_rows(), Job(None, as_line)))
    assert len(taken) == 25  # five chunks of five megabytes are read ahead
