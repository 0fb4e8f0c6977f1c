"""Files of any size: rows in order, memory bounded. `make soak` runs whole what `make test` runs at one per cent."""

import json

import pytest

from benchmarks.screening import run, watch, write_lines, write_sheet

MOST_MB = 300
MEGABYTE = 1_000_000


def screen_lines(folder, count):
    target = folder / "out.jsonl"
    measured = run(write_lines(folder / "in.jsonl", count), target)
    assert measured.memory < MOST_MB
    with target.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            assert json.loads(line)["id"] == f"A{number}"
    assert number + 1 == count
    return measured


def screen_sheet(folder, count):
    measured = run(write_sheet(folder / "in.xlsx", count), folder / "out.xlsx")
    assert measured.memory < MOST_MB
    return measured


GOOD = b'{"track": "pilot_base"}\n'
HUGE = [
    ("in.jsonl", GOOD, b"x", b"\n" + GOOD, 1),
    ("in.csv", b"id,track\nA,", b"x", b"", 2),
    ("in.xlsx", b"PK\x03\x04", b"\0", b"", 2),
]


def refuse_huge(folder, size):
    """A line, a table and a workbook of so many bytes; the rows beside the line still come out."""
    target = folder / "out.jsonl"
    for name, start, filling, end, expected in HUGE:
        with (folder / name).open("wb") as file:
            file.write(start)
            for _ in range(size // MEGABYTE):
                file.write(filling * MEGABYTE)
            file.write(end)
        status, measured = watch("--batch", folder / name, "--output", target)
        assert status == expected, name
        assert measured.memory < MOST_MB, name
        assert target.exists() == (expected == 1)
        target.unlink(missing_ok=True)


def test_many_lines_stream_in_order_and_in_bounded_memory(tmp_path):
    screen_lines(tmp_path, 10_000)


def test_a_long_sheet_streams_in_bounded_memory(tmp_path):
    screen_sheet(tmp_path, 1_000)


def test_a_huge_file_is_refused_in_bounded_memory(tmp_path):
    refuse_huge(tmp_path, 2 * MEGABYTE)


@pytest.mark.soak
def test_a_million_lines_stream_in_order_and_in_bounded_memory(tmp_path):
    print(f"1,000,000 rows of JSON Lines: {screen_lines(tmp_path, 1_000_000)}")


@pytest.mark.soak
def test_a_hundred_thousand_rows_of_a_sheet_stream_in_bounded_memory(tmp_path):
    print(f"100,000 rows of XLSX: {screen_sheet(tmp_path, 100_000)}")


@pytest.mark.soak
def test_a_file_of_two_hundred_megabytes_is_refused_in_bounded_memory(tmp_path):
    refuse_huge(tmp_path, 200 * MEGABYTE)
