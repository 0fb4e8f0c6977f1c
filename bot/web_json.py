"""Replies, clauses and FAQ entries in the API's shapes, and the JSON schema of a profile."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bot.conversation import Reply
from bot.web_card import result_card
from bot.world import World
from flows.fields import FIELDS
from flows.profile import Profile
from knowledge.entries import Entry
from knowledge.regulation import Regulation

RATED = frozenset({"answered", "abstained", "clarify", "result"})


def reply_json(world: World, reply: Reply, key: str = "") -> dict[str, Any]:
    """A reply in the API's shape; `key` is that of its message."""
    return {
        "text": reply.text,
        "citations": [dict(vars(citation)) for citation in reply.citations],
        "buttons": [dict(vars(button)) for button in reply.buttons],
        "question": reply.question,
        "result": reply.result,
        "blocks": [asdict(block) for block in reply.blocks],
        "card": result_card(world, reply.result) if reply.result else None,
        "document": {"id": reply.document.id, "name": reply.document.name} if reply.document else None,
        "outcome": reply.outcome,
        "id": key if key and reply.outcome in RATED else None,
    }


def clause_json(regulation: Regulation, label: str) -> dict[str, Any]:
    """A clause in the API's shape."""
    clause = regulation.clauses[label]
    return {
        "regulation": regulation.id, "label": clause.label, "name": clause.name, "text": clause.text,
        "chapter": clause.chapter, "children": list(clause.children), "previous": clause.previous, "next": clause.next,
    }  # fmt: skip


def entry_json(entry: Entry) -> dict[str, Any]:
    """An FAQ entry: its question, what it says for each kind of facility, and its clauses."""
    variants = entry.by_track or ({"": entry.common} if entry.common else {})
    answers = [
        {"track": track or None, "answer": v.says, "clauses": list(v.clauses)}
        for track, v in variants.items()
        if v
    ]
    return {"id": entry.id, "topic": entry.topic, "question": entry.question, "answers": answers}


def profile_json(profile: Profile) -> dict[str, Any]:
    """What is known of an applicant, as the API reads it: figures as numbers, dates as text."""
    known = {name: value for name, value in profile.model_dump().items() if value is not None}
    return {name: _plain(value) for name, value in known.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a profile's value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, bool | int | str) else value.isoformat()


def profile_schema() -> dict[str, Any]:
    """The JSON schema of a profile, from the fields themselves."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": ["string", "null"], "maxLength": 200},
        "yes_no": {"type": ["boolean", "null"]},
        "number": {"type": ["number", "null"], "minimum": 0},
        "count": {"type": ["integer", "null"], "minimum": 0},
        "date": {"type": ["string", "null"], "format": "date"},
    }
    properties: dict[str, Any] = {}
    for name, field in FIELDS.items():
        shape = kinds.get(field.kind) or {"enum": [*field.choices, None]}
        properties[name] = {**shape, "title": field.heading}
    properties["track"]["enum"].remove(None)
    return {"type": "object", "properties": properties, "required": ["track"], "additionalProperties": False}
