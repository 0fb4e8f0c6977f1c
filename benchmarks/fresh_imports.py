"""A pytest plugin for mutation testing: with FRESH set, a forked test run imports the program anew.

What is loaded once (the rules, the tables of the tests) then holds the mutant too; it takes half a second a mutant, and
so only those that survive without it are run with it. A function that runs once, while data is loaded, is covered by the
one test that came first: so the module's own tests are run besides those that cover it.
"""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

HERE = Path.cwd()
LOADED_FOR = {"fact_patterns": "facts", "rules_data": "rules", "provisions": "rules", "evidence": "gap_plan"}
"""Modules whose data is tried by the tests of another."""
unloadable: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None]:
    """Forget the program's modules and the tests', which the parent process has imported and filled."""
    module = os.environ.get("MUTANT_UNDER_TEST", "").removeprefix("flows.").partition(".")[0]
    own = Path(f"tests/test_{LOADED_FOR.get(module, module)}.py")
    if os.environ.get("FRESH") and own.exists():
        args.append(str(own))
    for name, module in list(sys.modules.items()) if os.environ.get("FRESH") else ():
        file = getattr(module, "__file__", None)
        if file and name not in ("__main__", __name__) and HERE in Path(file).parents:
            del sys.modules[name]
    try:
        return (yield)
    except Exception as error:  # noqa: BLE001 - whatever a mutant breaks
        unloadable.append(str(error))


def pytest_sessionstart() -> None:
    """A mutant with which the program does not even load is killed, as by a failed test."""
    if unloadable:
        pytest.exit(unloadable.pop(), returncode=1)
