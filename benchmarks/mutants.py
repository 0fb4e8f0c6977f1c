"""What `make mutants` found: a table by module, and each survivor with the reason why it may live.

The reasons stand in survivors.toml: a function's name -> the reason. A survivor without one makes the exit status 1.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

FOUND = Path("mutants/flows")
REASONS = Path(__file__).with_name("survivors.toml")
COLUMNS = ("mutants", "killed", "survived", "timed out", "untried")


def read() -> dict[str, int | None]:
    """Each mutant's exit status; None where it was not tried."""
    statuses: dict[str, int | None] = {}
    for meta in sorted(FOUND.glob("*.py.meta")):
        statuses |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return statuses


def outcome(status: int | None) -> str:
    """One of the columns. A mutant that no test reaches, or none that was found, has survived; a signal ended what did not end."""
    if status is None:
        return "untried"
    if status < 0:
        return "timed out"
    return "survived" if status in (0, 5, 33) else "killed"


def table(statuses: Mapping[str, int | None]) -> list[str]:
    """The figures by module and of the whole, a line each; the share of the tried that did not survive comes last."""
    rows: dict[str, Counter[str]] = {}
    for mutant, status in statuses.items():
        for row in (mutant.split(".")[1], "flows/"):
            rows.setdefault(row, Counter()).update(("mutants", outcome(status)))
    total = rows.pop("flows/")
    lines = [f"{'':14}" + "".join(f"{column:>10}" for column in COLUMNS)]
    for row, counts in (*sorted(rows.items()), ("flows/", total)):
        tried = counts["mutants"] - counts["untried"]
        share = f"{1 - counts['survived'] / tried:8.1%}" if tried else ""
        lines.append(f"{row:14}" + "".join(f"{counts[column]:10,}" for column in COLUMNS) + share)
    return lines


def function_of(mutant: str) -> str:
    """`flows.subsidy.x_pay__mutmut_3` -> `subsidy.pay`; a method has its class before it."""
    module, _, name = mutant.removeprefix("flows.").rpartition(".")
    name = name.split("__mutmut")[0].removeprefix("x").removeprefix("_")
    return f"{module}.{name.replace('ǁ', '.').strip('.')}"


def main() -> int:
    """Print the figures and the survivors; exit status 1 if one has no reason."""
    statuses = read()
    print("\n".join(table(statuses)))
    reasons = tomllib.loads(REASONS.read_text("utf-8"))
    alive = Counter(function_of(m) for m, status in statuses.items() if outcome(status) == "survived")
    for function, count in sorted(alive.items()):
        print(f"  {count:3} of {function}: {reasons.get(function, 'NO REASON')}")
    return 1 if alive.keys() - reasons.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
