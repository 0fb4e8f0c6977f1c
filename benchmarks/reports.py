"""One applicant's report: drawn in each format in a running process, and written by the command from nothing."""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from bot.report_check import check_report
from bot.report_file import FORMATS, draw_report
from flows.profile import read_profile
from flows.report import make_report
from flows.rules import load_rules

CASES = Path(__file__).parent.parent / "tests" / "data" / "prescreen_dev.jsonl"
ROUNDS = 20
MOST_SECONDS = 2.0


def main() -> None:
    """Print the times of a report, and whether they are within two seconds."""
    rules = load_rules()
    profiles = [
        r["profile"] for r in map(json.loads, CASES.read_text("utf-8").splitlines()) if "expected" in r
    ]
    for form in FORMATS:
        draw, check = [], []
        for raw in profiles[:ROUNDS]:
            report = make_report(read_profile(raw), rules, date(2026, 11, 24))
            begun = time.perf_counter()
            content = draw_report(rules, report, form)
            draw.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            assert check_report(content, rules).holds
            check.append(time.perf_counter() - begun)
        print(
            f"report .{form}: median {median(draw):.2f} s, slowest {max(draw):.2f} s, {len(content):,} bytes; "
            f"verified in {median(check):.2f} s"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "profile.json"
        source.write_text(json.dumps(profiles[0], ensure_ascii=False), "utf-8")
        command = [
            Path(sys.executable).with_name("beian"),
            "report",
            source,
            "--output",
            Path(folder) / "report.pdf",
        ]
        took, worked = [], []
        for _ in range(3):
            begun, before = time.perf_counter(), os.times()
            subprocess.run(command, check=True, capture_output=True)
            took.append(time.perf_counter() - begun)
            after = os.times()
            worked.append(
                after.children_user - before.children_user + after.children_system - before.children_system
            )
    verdict = "within" if min(took) < MOST_SECONDS else "over"
    print(
        f"beian report, cold: {min(took):.2f} s ({min(worked):.2f} s of CPU), {verdict} {MOST_SECONDS:.0f} s"
    )


if __name__ == "__main__":
    main()
