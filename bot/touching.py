"""What a changed clause of the measure touches: FAQ entries, rules and deadlines, and the questions of the tests."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.deadlines import load_deadlines
from flows.rules import Rules
from knowledge.diff import Change, compare
from knowledge.entries import Entry
from knowledge.regulation import Regulation

_KINDS = {"added": "新增", "removed": "删除", "renumbered": "条号变动", "changed": "修改"}
TESTS = Path(__file__).parent.parent / "tests"


def word_diff(old: Regulation, new: Regulation, entries: Iterable[Entry], rules: Rules) -> Iterator[str]:
    """The differences of two versions in words. What they touch is told where the old one is the measure that the rules
    are of."""
    changes, entries = compare(old, new), tuple(entries)
    counts = [(said, sum(c.kind == kind for c in changes)) for kind, said in _KINDS.items()]
    yield "，".join(f"{said}{count}处" for said, count in counts if count) or "两个版本没有差别"
    for change in changes:
        yield ""
        yield f"{_KINDS[change.kind]} {_where(change)}"
        if change.kind != "renumbered":
            yield change.marked
        if change.old and old.id == rules.law.id:
            yield from (f"  涉及 {line}" for line in touched_by(change.old.label, entries, rules))


def _where(change: Change) -> str:
    names = [clause.name for clause in (change.old, change.new) if clause]
    return " → ".join(dict.fromkeys(names))


def rests_on(cited: Iterable[str], label: str) -> bool:
    """Whether labels name a clause, a part of it or what it is a part of."""
    return any(
        c == label or c.startswith((f"{label}.", f"{label}p")) or label.startswith((f"{c}.", f"{c}p"))
        for c in cited
    )


def touched_by(label: str, entries: Iterable[Entry], rules: Rules, tests: Path = TESTS) -> list[str]:
    """What rests on a clause, a line each: `faq poc-site`, `rule 8.3 site_area_m2`, `test dev_questions.jsonl d-0001`."""
    return [*_entries(label, entries), *_rules(label, rules), *_tests(label, tests)]


def _entries(label: str, entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if any(rests_on(variant.clauses, label) for variant in entry.variants()):
            yield f"{entry.kind} {entry.id}"


def _rules(label: str, rules: Rules) -> Iterator[str]:
    for rule in rules.rules:
        if rests_on([rule.label], label):
            yield f"rule {rule.label} {rule.field}"
    for provision in rules.provisions:
        if rests_on([provision.label], label):
            yield f"provision {provision.label} {'、'.join(provision.fields) or type(provision).__name__}"
    for notice in rules.notices.values():
        if rests_on([notice.label], label):
            yield f"notice {notice.label} {notice.name}"
    for term in load_deadlines().terms.values():
        if rests_on([term.label], label):
            yield f"deadline {term.label} {term.kind}"


def _tests(label: str, tests: Path) -> Iterator[str]:
    """Questions whose right clause it is, and test modules that name it; none where the program is installed alone."""
    for file in sorted((tests / "data").glob("*questions.jsonl")):
        records = map(json.loads, file.read_text("utf-8").splitlines())
        ids = [record["id"] for record in records if rests_on(record.get("gold", ()), label)]
        if ids:
            yield f"test {file.name}: {' '.join(ids)}"
    for file in sorted(tests.glob("test_*.py")):
        if f'"{label}"' in file.read_text("utf-8"):
            yield f"test {file.name}"
