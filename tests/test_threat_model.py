"""docs/threat-model.md names for each threat the tests that hold its measure: they are all there."""

import re
from pathlib import Path

import pytest
from test_promises import named_in

HERE = Path(__file__).parent
TEXT = (HERE.parent / "docs/threat-model.md").read_text("utf-8")
THREATS = [line for line in TEXT.splitlines() if line.startswith("| ") and "`test_" in line]


@pytest.mark.parametrize("threat", THREATS, ids=lambda line: line[2:40])
def test_what_holds_a_measure_exists(threat):
    named = [*named_in(threat)]
    assert {name for _, name in named} == {*re.findall(r"`(test_\w+)`", threat)} != set()
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (HERE / file).read_text("utf-8"), re.MULTILINE), name


def test_every_line_of_the_table_is_held_by_one():
    table = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert len(THREATS) == len(table) - 2 >= 15
