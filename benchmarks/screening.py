"""Profiles screened from JSON Lines beside a bare validation of the same rows."""

import io
import json
import tempfile
import time
from pathlib import Path

from bot.batch import run_batch
from flows.profile import Profile
from flows.rules import load_rules

CASES = Path(__file__).parent.parent / "tests" / "data" / "prescreen_dev.jsonl"
ROWS = 5000


def main() -> None:
    """Print the time for the batch and its ratio to the floor."""
    profiles = [
        r["profile"] for r in map(json.loads, CASES.read_text("utf-8").splitlines()) if "expected" in r
    ]
    rows = [profiles[n % len(profiles)] for n in range(ROWS)]
    begun = time.perf_counter()
    for row in rows:
        Profile.model_validate_json(json.dumps(row))
    floor = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.jsonl"
        source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        begun = time.perf_counter()
        run_batch(source, None, None, load_rules(), io.StringIO(), io.StringIO())
        took = time.perf_counter() - begun
    print(
        f"screening: {ROWS} profiles in {took:.2f} s, {took / floor:.1f} times a bare validation ({floor:.2f} s)"
    )
