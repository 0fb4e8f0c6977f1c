"""docs/prescreen.md names for each promise the tests that hold it: they are all there."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LINES = [line for line in (HERE.parent / "docs/prescreen.md").read_text("utf-8").splitlines() if "`" in line]
PROMISES = [line for line in LINES if line.startswith("|")]


def named_in(promise):
    """(file, test) for each test that stands in a line of the table."""
    held = promise.rstrip("| ").rpartition("| ")[2]
    for part in held.split("; "):
        file, _, names = part.partition(": ")
        yield from ((f"test_{file}.py", name) for name in re.findall(r"`(test_\w+)`", names))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line[2:40])
def test_what_holds_a_promise_exists(promise):
    named = [*named_in(promise)]
    assert named or "`make " in promise
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (HERE / file).read_text("utf-8"), re.MULTILINE), name
    assert {name for _, name in named} == {*re.findall(r"`(test_\w+)`", promise)}
