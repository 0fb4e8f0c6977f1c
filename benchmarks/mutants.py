"""What `make mutants` found: the share of killed mutants by module, and each survivor with the reason why it may live.

The reasons stand in survivors.toml: a function's name (or the start of it) -> the reason. A survivor without one makes
the exit status 1.
"""

import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from math import ceil
from pathlib import Path

FOUND = Path("mutants/flows")
REASONS = Path(__file__).with_name("survivors.toml")
SURVIVED = {0: "survived", 5: "no tests", 33: "no tests"}


def read() -> dict[str, int | None]:
    """Each mutant's exit status; None where it was not tried."""
    statuses: dict[str, int | None] = {}
    for meta in sorted(FOUND.glob("*.py.meta")):
        statuses |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return statuses


def sample(mutants: Iterable[str], per_cent: int) -> list[str]:
    """So many of each module's mutants, always the same ones."""
    by_module: dict[str, list[str]] = {}
    for mutant in sorted(mutants):
        by_module.setdefault(mutant.split(".")[1], []).append(mutant)
    chance = random.Random(20251206)
    return [m for own in by_module.values() for m in chance.sample(own, ceil(len(own) * per_cent / 100))]


def function_of(mutant: str) -> str:
    """`flows.subsidy.x_pay__mutmut_3` -> `subsidy.pay`; a method has its class before it."""
    module, _, name = mutant.removeprefix("flows.").rpartition(".")
    name = name.split("__mutmut")[0].removeprefix("x").removeprefix("_")
    return f"{module}.{name.replace('ǁ', '.').strip('.')}"


def main() -> int:
    """Print the figures and the survivors; exit status 1 if one has no reason."""
    statuses = read()
    if "--sample" in sys.argv:
        print(" ".join(sample(statuses, int(sys.argv[-1]))))
        return 0
    tried_at_all = {mutant: status for mutant, status in statuses.items() if status is not None}
    survivors = [mutant for mutant, status in statuses.items() if status in SURVIVED]
    if "--survivors" in sys.argv:
        print(" ".join(survivors))
        return 0
    tried, alive = (Counter(m.split(".")[1] for m in each) for each in (tried_at_all, survivors))
    for module, count in tried.items():
        print(f"  {module:16} {count:5} mutants, {1 - alive[module] / count:6.1%} killed")
    killed = 1 - len(survivors) / len(tried_at_all)
    print(f"mutants: {len(statuses)}, of which {len(tried_at_all)} tried, {killed:.1%} of them killed")
    reasons = tomllib.loads(REASONS.read_text("utf-8"))
    without = 0
    for function, count in sorted(Counter(map(function_of, survivors)).items()):
        reason = next((why for start, why in reasons.items() if function.startswith(start)), None)
        without += reason is None
        print(f"  {count:3} of {function}: {reason or 'NO REASON'}")
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())
