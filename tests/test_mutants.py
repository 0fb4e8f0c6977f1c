"""The table of mutants, and the reasons of those that live."""

import ast
import tomllib
from pathlib import Path

import pytest

from benchmarks.mutants import REASONS, function_of, table

FLOWS = Path(__file__).parents[1] / "flows"


def functions() -> set[str]:
    """`module.function` and `module.Class.method` of all of flows/."""
    found = set()
    for path in FLOWS.glob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            inside = node.body if isinstance(node, ast.ClassDef) else ()
            found |= {f"{path.stem}.{node.name}.{f.name}" for f in inside if isinstance(f, ast.FunctionDef)}
            found |= {f"{path.stem}.{node.name}"} if isinstance(node, ast.FunctionDef) else set()
    return found


def test_a_reason_is_given_for_functions_that_exist():
    assert tomllib.loads(REASONS.read_text("utf-8")).keys() <= functions()


@pytest.mark.parametrize(
    ("mutant", "function"),
    [
        ("flows.subsidy.x_pay__mutmut_3", "subsidy.pay"),
        ("flows.facts.x__of_track__mutmut_12", "facts._of_track"),
        ("flows.rules.xǁRulesǁon__mutmut_1", "rules.Rules.on"),
    ],
)
def test_a_mutant_is_named_by_its_function(mutant, function):
    assert function_of(mutant) == function


def test_the_table_counts_by_module_and_leaves_the_untried_out_of_the_share():
    statuses = {
        f"flows.subsidy.x_pay__mutmut_{n}": status for n, status in enumerate([1, 1, 1, 0, -14, None])
    }
    header, *lines = table(statuses | {"flows.rules.x_on__mutmut_1": None})
    assert header.split() == ["mutants", "killed", "survived", "timed", "out", "untried"]
    assert [line.split() for line in lines] == [
        ["rules", "1", "0", "0", "0", "1"],
        ["subsidy", "6", "3", "1", "1", "1", "80.0%"],
        ["flows/", "7", "3", "1", "1", "2", "80.0%"],
    ]
