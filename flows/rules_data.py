"""The entries of rules.toml as records, each checked against the words of its clause."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flows.fields import FIELDS
from flows.provisions import AllOf, AnyOf, InForce, Notice, Requirement, Rule, Subsidy, Unasked
from knowledge.dates import civil_date
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation, squeeze


class RulesError(Exception):
    """The rules cannot be used; the message says which entry and what would be right."""


def read_provision(
    law: Regulation, entry: Mapping[str, Any], where: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The label, words and fields of an entry; all are checked, and every number of the entry against the words."""
    label, words = entry["label"], entry["words"]
    slices = (words,) if isinstance(words, str) else tuple(words)
    clause = law.clauses.get(label)
    if clause is None:
        raise RulesError(f"{where}: {law.id} has no clause {label!r}; give a label such as 8.3")
    text = squeeze(clause.text)
    for piece in slices:
        if not piece or squeeze(piece) not in text:
            raise RulesError(f"{where}: {piece!r} does not stand in clause {label}; copy the words from it")
    standing = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", "".join(slices))}
    for key, value in entry.items():
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value not in standing:
            raise RulesError(f"{where}: {key} = {value} does not stand in the words of clause {label}")
    fields = tuple(entry.get("fields", ()))
    if unknown := [name for name in fields if name not in FIELDS]:
        raise RulesError(f"{where}: {', '.join(unknown)}: there is no such field in a profile")
    return label, slices, fields


def read_rule(law: Regulation, entry: Mapping[str, Any]) -> Rule:
    """A requirement; RulesError says which entry is wrong and why."""
    where = f"rule {entry.get('label')} {entry.get('field')}"
    label, words, _ = read_provision(law, entry, where)
    field = FIELDS.get(entry["field"])
    if field is None:
        raise RulesError(f"{where}: there is no such field in a profile")
    if unknown := {*entry} - {"label", "words", "field", "track", "at_least", "among", "open", "either"}:
        raise RulesError(f"{where}: {', '.join(sorted(unknown))} is not part of a rule")
    if ("at_least" in entry) != (field.kind in ("number", "count")) or ("among" in entry) != bool(
        field.choices
    ):
        raise RulesError(f"{where}: a figure needs at_least, a choice among, a yes/no neither")
    if entry.get("track", "pilot_base") not in TRACKS:
        raise RulesError(f"{where}: track is one of {', '.join(TRACKS)}, or is left out for both")
    return Rule(
        label=label, field=field.name, words=words, track=entry.get("track"),
        at_least=Decimal(entry["at_least"]) if "at_least" in entry else None,
        among=tuple(entry.get("among", ())), open=tuple(entry.get("open", ())), either=entry.get("either", False),
    )  # fmt: skip


def read_in_force(law: Regulation, entry: Mapping[str, Any]) -> InForce:
    """The period in force; its dates stand in about.toml and in the words."""
    label, words, fields = read_provision(law, entry, "in_force")
    if law.about is None:
        raise RulesError(f"in_force: {law.id} has no about.toml with its dates")
    for day in (law.about.in_force, law.about.expires):
        if civil_date(day) not in "".join(words):
            raise RulesError(f"in_force: {day} does not stand in the words of clause {label}")
    return InForce(label, words, fields, law.about.in_force, law.about.expires)


def read_subsidy(law: Regulation, entry: Mapping[str, Any], where: str) -> Subsidy:
    """A subsidy of article 13."""
    label, words, fields = read_provision(law, entry, where)
    return Subsidy(label, words, fields, Decimal(entry["percent"]), Decimal(entry["cap_wan"]))


def read_unasked(law: Regulation, entry: Mapping[str, Any]) -> Unasked:
    """Words that nothing is asked about."""
    label, words, _ = read_provision(law, entry, f"unasked {entry.get('label')}")
    return Unasked(label, words, entry["reason"])


def read_notice(law: Regulation, name: str, entry: Mapping[str, Any]) -> Notice:
    """A notice; its label must exist."""
    if entry["label"] not in law.clauses:
        raise RulesError(f"notices.toml: {name}: {law.id} has no clause {entry['label']!r}")
    return Notice(name, entry["label"], entry["text"])


def read_items(rules: Iterable[Rule], track: str) -> tuple[AllOf, ...]:
    """The items of a track, each with the rules that it is made of."""
    by_item: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.track in (None, track):
            by_item.setdefault(".".join(rule.label.split(".")[:2]), []).append(rule)
    return tuple(_item(label, own) for label, own in by_item.items())


def _item(label: str, rules: list[Rule]) -> AllOf:
    required: list[Requirement] = [rule for rule in rules if rule.label == label]
    by_alternative: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.label != label:
            by_alternative.setdefault(rule.label, []).append(rule)
    if by_alternative:
        required.append(AnyOf(label, tuple(_alternative(*pair) for pair in by_alternative.items())))
    return AllOf(label, tuple(required))


def _alternative(label: str, rules: list[Rule]) -> Requirement:
    if len(rules) == 1:
        return rules[0]
    parts: list[Requirement] = [rule for rule in rules if not rule.either]
    if either := tuple(rule for rule in rules if rule.either):
        parts.append(AnyOf(label, either))
    return AllOf(label, tuple(parts))
