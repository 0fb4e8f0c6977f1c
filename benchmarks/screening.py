"""Batches by the command itself: rows a second, memory, growth, and their ratio to a bare validation of the same rows."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook

from flows.fields import FIELDS
from flows.profile import Profile

CASES = Path(__file__).parent.parent / "tests" / "data" / "prescreen_dev.jsonl"
SIZES = (1_000, 10_000, 100_000)
FULL = 1_000_000
SHEET_ROWS = 20_000


def profiles(count: int) -> Iterator[dict[str, object]]:
    """The valid development cases over and over, each time with other figures."""
    chance = random.Random(20251206)
    cases = [r["profile"] for r in map(json.loads, CASES.read_text("utf-8").splitlines()) if "expected" in r]
    for number in range(count):
        profile = {**cases[number % len(cases)], "id": f"A{number}"}
        for name, value in profile.items():
            if (
                value
                and FIELDS[name].kind == "number"
                and name not in ("investment_3y_wan", "excluded_funds_3y_wan")
            ):
                profile[name] = round(value * chance.uniform(0.5, 1.5), 2)
        yield profile


def memory_mb(pid: int) -> float:
    """What a process and its children hold at this moment, shared pages shared out; 0 where Linux does not say."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own / 1024 + sum(memory_mb(int(child)) for child in children)


class Measured(NamedTuple):
    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s of CPU), {self.memory:.0f} MB"


def cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def watch(*arguments: str | Path) -> tuple[int, Measured]:
    """The exit status of `beian prescreen …`, its seconds, those of all its processes, and megabytes at the highest."""
    beian = Path(sys.executable).with_name("beian")
    begun, cpu, highest = time.perf_counter(), cpu_of_children(), 0.0
    process = subprocess.Popen([beian, "prescreen", *arguments], stderr=subprocess.DEVNULL)
    while process.poll() is None:
        highest = max(highest, memory_mb(process.pid))
        time.sleep(0.05)
    return process.returncode, Measured(time.perf_counter() - begun, cpu_of_children() - cpu, highest)


def run(source: Path, target: Path) -> Measured:
    """A batch that must go well."""
    status, measured = watch("--batch", source, "--output", target)
    if status:
        raise SystemExit(f"prescreen --batch ended with {status}")
    return measured


def against_floor(measured: Measured, source: Path) -> str:
    """The ratio to a bare validation of each line in one process, in seconds and in those of CPU."""
    begun, cpu = time.perf_counter(), time.process_time()
    with source.open("rb") as lines:
        for line in lines:
            Profile.model_validate_json(line)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return f"{measured.seconds / seconds:.1f} times a bare validation ({seconds:.2f} s), of CPU {measured.cpu / cpu:.1f} times"


def write_lines(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(profile, ensure_ascii=False) + "\n" for profile in profiles(count))
    return path


def write_sheet(path: Path, count: int) -> Path:
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [field.heading for field in FIELDS.values()])
        for row, profile in enumerate(profiles(count), 1):
            for column, name in enumerate(FIELDS):
                if (value := profile.get(name)) is not None:
                    said = {True: "是", False: "否"}[value] if isinstance(value, bool) else value
                    sheet.write(row, column, said)
    return path


def main() -> None:
    """Print the figures; with --full also for a million rows."""
    sizes = (*SIZES, FULL) if "--full" in sys.argv else SIZES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in sizes:
            source = write_lines(folder / "rows.jsonl", count)
            measured = run(source, folder / "out.jsonl")
            row = f"{1e6 * measured.seconds / count:.0f} µs a row"
            print(
                f"screening: {count:,} rows of JSON Lines in {measured}, {row}, {against_floor(measured, source)}"
            )
        sheet = write_sheet(folder / "rows.xlsx", SHEET_ROWS)
        measured = run(sheet, folder / "out.xlsx")
        ratio = against_floor(measured, write_lines(folder / "rows.jsonl", SHEET_ROWS))
        print(f"screening: {SHEET_ROWS:,} rows of XLSX into XLSX in {measured}, {ratio}")


if __name__ == "__main__":
    main()
