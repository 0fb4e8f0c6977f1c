"""One question of the questionnaire: its words, its clauses, what is required, and the choices under it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flows.fields import FIELDS, Field
from flows.rules import Rules
from flows.screening import plain

QuestionType = Literal["yes_no", "choice", "number", "count", "date"]
Value = bool | str | None
"""A response as it is kept: yes/no as bool, a figure as its plain decimal text, a date as YYYY-MM-DD, a choice as its
English value (a prefecture as its name), None for 不清楚."""

UNKNOWN_LABEL = "不清楚"


@dataclass(frozen=True)
class Choice:
    """One button of a question: its Chinese label, the profile's own value, and the action that sets it."""

    label: str
    value: Value
    action: str


@dataclass(frozen=True)
class Question:
    """What is asked. `help` says what is required and how to count it; `labels` are the clauses it rests on."""

    field: str
    type: QuestionType
    title: str
    text: str
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    labels: tuple[str, ...] = ()


def question_of(rules: Rules, track: str, field: str, day: date) -> Question:
    """The question about a field of a track."""
    known, asked = FIELDS[field], rules.askings[track, field]
    kind = known.kind
    if kind == "text":
        raise ValueError(f"{field} is not asked about")
    return Question(
        field=field,
        type=kind,
        title=known.title,
        text=asked.text,
        help="".join(filter(None, (_requirement(rules, track, field), asked.help))),
        unit=known.unit,
        choices=_choices(known, day),
        labels=rules.labels(track, field),
    )


def question_json(asked: Question) -> dict[str, Any]:
    """The `question` of the HTTP API."""
    return {
        "field": asked.field,
        "type": asked.type,
        "unit": asked.unit or None,
        "choices": [{"label": c.label, "value": c.value, "action": c.action} for c in asked.choices],
    }


def _choices(field: Field, day: date) -> tuple[Choice, ...]:
    given: list[tuple[str, Value]] = []
    if field.kind == "yes_no":
        given = [("是", True), ("否", False)]
    elif field.kind == "choice":
        given = [(label, value) for value, label in field.choices.items()]
    elif field.name == "as_of":
        given = [(f"今天（{day}）", day.isoformat())]
    words = {True: "true", False: "false"}
    choices = [
        Choice(
            label, value, f"set:{field.name}:{words.get(value, value) if isinstance(value, bool) else value}"
        )
        for label, value in given
    ]
    return (*choices, Choice(UNKNOWN_LABEL, None, f"set:{field.name}:unknown"))


def _requirement(rules: Rules, track: str, field: str) -> str:
    """What the clause requires of a figure, in one sentence; nothing for the other kinds, whose questions say it."""
    for rule in rules.of_field(track, field):
        if rule.at_least is not None:
            name = rules.law.clauses[rule.label].name
            one_of = "，同组条件符合其一即可" if rule.label.count(".") == 2 else ""
            return f"{name}要求不少于{plain(rule.at_least)}{FIELDS[field].unit}{one_of}。"
    return ""
