"""The rules as a table, clause by clause: words, requirement, field, question, test; and what the rules leave out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.fields import FIELDS
from flows.provisions import Ban, InForce, Provision, Rule, Subsidy, Unasked
from flows.rules import Rules
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation, squeeze

ARTICLES = ("8", "9", "10", "13", "14", "17", "18", "19", "20")
"""The articles of which every word is a rule's, or stands among those that are not asked about."""

TEST = "tests/test_rules_table.py::test_at_the_boundary[{track}-{label}-{field}]"

_JOINTS = re.compile(r"[，。；：（）]|^\d\.|^的$|并符合以下条件之一")
"""What stands between two requirements and requires nothing: stops, the number of a sub-item, 的, the one-of clause."""


@dataclass(frozen=True)
class Row:
    """One requirement: the clause and its words, what is required in which unit, the field, its question, its test.
    A row of words that are not asked about has only `words` and, as `question`, the reason."""

    track: str
    label: str
    name: str
    words: str
    field: str = ""
    required: str = ""
    question: str = ""
    test: str = ""


def table(rules: Rules, law: Regulation) -> tuple[Row, ...]:
    """All rows in the order of the articles, the requirements of a clause before what is not asked."""
    rows = [*_of_rules(rules, law), *_of_provisions(rules, law), *_not_asked(rules, law)]
    order = {label: number for number, label in enumerate(law.clauses)}
    return tuple(sorted(rows, key=lambda row: order[row.label]))


def _of_rules(rules: Rules, law: Regulation) -> Iterator[Row]:
    for rule in rules.rules:
        for track in (rule.track,) if rule.track else TRACKS:
            test = TEST.format(track=track, label=rule.label, field=rule.field)
            yield _row(law, rules, track, rule, rule.field, _required(rule), test)


def _required(rule: Rule) -> str:
    return rule.required + FIELDS[rule.field].unit


def _of_provisions(rules: Rules, law: Regulation) -> Iterator[Row]:
    for provision in rules.provisions:
        for field in provision.fields:
            yield _row(law, rules, next(iter(TRACKS)), provision, field, _said(provision), "")


def _said(provision: Provision) -> str:
    """The figures of a provision in short."""
    match provision:
        case Subsidy():
            return f"{provision.percent}%，最高{provision.cap_wan}万元"
        case Ban():
            return f"取消后{provision.years}年内不得再次申请"
        case InForce():
            return f"{provision.first} 至 {provision.last}"
        case _:
            return ""


def _row(
    law: Regulation, rules: Rules, track: str, of: Rule | Provision, field: str, required: str, test: str
) -> Row:
    asking = rules.askings.get((track, field))
    shown = TRACKS[track] if isinstance(of, Rule) else ""
    name = law.clauses[of.label].name
    return Row(
        shown, of.label, name, "……".join(of.words), field, required, asking.text if asking else "", test
    )


def _not_asked(rules: Rules, law: Regulation) -> Iterator[Row]:
    for entry in rules.unasked:
        yield Row(
            "", entry.label, law.clauses[entry.label].name, "……".join(entry.words), question=entry.reason
        )


def left_out(rules: Rules, law: Regulation) -> tuple[tuple[str, str], ...]:
    """(label, words) of these articles that stand in no rule, no provision and not among what is not asked."""
    missing = []
    accounted: tuple[Rule | Provision | Unasked, ...] = (*rules.rules, *rules.provisions, *rules.unasked)
    for clause in law.clauses.values():
        if clause.label.split(".")[0] not in ARTICLES:
            continue
        text = squeeze(clause.own)
        slices = [squeeze(words) for of in accounted if of.label == clause.label for words in of.words]
        for words in sorted(slices, key=len, reverse=True):
            text = text.replace(words, "\n")
        missing += [(clause.label, piece) for piece in text.split("\n") if _JOINTS.sub("", piece)]
    return tuple(missing)


def as_markdown(rules: Rules, law: Regulation) -> str:
    """The table as Markdown, with the version of the rules and the period in force above it."""
    head = f"规则版本 {rules.version}，适用于 {rules.in_force.first} 至 {rules.in_force.last} 的申报。"
    lines = ["| 条款 | 类别 | 条文 | 要求 | 字段 | 提问，或不问的理由 | 检验 |", "| --- " * 7 + "|"]
    for r in table(rules, law):
        test = r.test.rpartition("::")[2]
        lines.append(
            f"| {r.label} {r.name} | {r.track} | {r.words} | {r.required} | {r.field} | {r.question} | {test} |"
        )
    return "\n".join([head, "", *lines])
