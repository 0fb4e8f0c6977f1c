"""Where a clause is used: the requirements and questions that rest on it, the FAQ, what it leaves open, other clauses."""

from dataclasses import dataclass

from bot.world import World
from flows.fields import FIELDS
from flows.screening import plain
from knowledge.entries import TRACKS, Entry


@dataclass(frozen=True)
class Requirement:
    """A requirement that stands in a clause: what is asked for, and the clause's words for it."""

    label: str
    title: str
    required: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Uses:
    """Everything that rests on a clause, or on a clause inside it."""

    requirements: tuple[Requirement, ...]
    questions: tuple[tuple[str, str], ...]
    """(the kind of facility, the question's text)"""
    entries: tuple[Entry, ...]
    silences: tuple[Entry, ...]
    mentioned_by: tuple[str, ...]


def uses_of(world: World, label: str) -> Uses:
    """Where the clause of a label is used."""
    knowledge = world.knowledge
    resting = [
        entry
        for entry in knowledge.entries.values()
        if any(_inside(label, other) for variant in entry.variants() for other in variant.clauses)
    ]
    return Uses(
        requirements=_requirements(world, label),
        questions=_questions(world, label),
        entries=tuple(entry for entry in resting if entry.kind == "faq"),
        silences=tuple(entry for entry in resting if entry.kind == "silence"),
        mentioned_by=tuple(
            clause.label for clause in knowledge.regulation.clauses.values() if label in clause.mentions
        ),
    )


def _inside(label: str, other: str) -> bool:
    return other == label or other.startswith((f"{label}.", f"{label}p"))


def _requirements(world: World, label: str) -> tuple[Requirement, ...]:
    found = []
    for rule in world.rules.rules:
        if _inside(label, rule.label):
            unit = FIELDS[rule.field].unit
            required = f"不少于{plain(rule.at_least)}{unit}" if rule.at_least is not None else ""
            found.append(Requirement(rule.label, FIELDS[rule.field].title, required, tuple(rule.words)))
    return tuple(found)


def _questions(world: World, label: str) -> tuple[tuple[str, str], ...]:
    rules = world.rules
    asked: dict[str, list[str]] = {}
    for (track, field), asking in rules.askings.items():
        if any(_inside(label, other) for other in rules.labels(track, field)):
            asked.setdefault(asking.text, []).append(TRACKS[track])
    return tuple(("、".join(dict.fromkeys(tracks)), text) for text, tracks in asked.items())
