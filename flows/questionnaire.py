"""The guided questionnaire: which question comes next, what a response means, and what is known after it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from flows.profile import Profile
    from flows.rules import Rules

QuestionType = Literal["yes_no", "choice", "number", "count", "date"]
Value = bool | str | None
"""A response as it is kept: yes/no as bool, a figure as its plain decimal text, a date as YYYY-MM-DD, a choice as its
English value (a prefecture as its name), None for 不清楚."""


@dataclass(frozen=True)
class Choice:
    """One button of a question: its Chinese label, the profile's own value, and the action that sets it."""

    label: str
    value: Value
    action: str


@dataclass(frozen=True)
class Question:
    """What is asked. `labels` are the clauses of the rules that use the field; `why` is that requirement in short."""

    field: str
    type: QuestionType
    title: str
    text: str
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A response that cannot be taken: which field, and one polite sentence that says what would be right."""

    field: str
    text: str


@dataclass(frozen=True)
class Interview:
    """All that a questionnaire remembers. `asking` is the field being asked, None when the result is due.

    `responses` are in the order in which they were given; `thorough` is set by `remaining`; `finished` says that the
    result is due (and was due before, if the user is changing a response, is told by `asking`)."""

    track: str
    day: date
    responses: tuple[tuple[str, Value], ...] = ()
    skipped: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    asking: str | None = None
    thorough: bool = False
    finished: bool = False

    @property
    def values(self) -> dict[str, Value]:
        """The responses by field."""
        return dict(self.responses)


def start(rules: "Rules", track: str, day: date) -> Interview:
    """A new interview about one of the two tracks, its first question being asked."""
    raise NotImplementedError


def question(rules: "Rules", interview: Interview, day: date | None = None) -> Question | None:
    """What is asked now; None when the result is due. `day` is today where it differs from the interview's last day."""
    raise NotImplementedError


def respond_to(rules: "Rules", interview: Interview, text: str, day: date) -> Interview | Problem | None:
    """Take a text as the response to the question asked; None if it is not a response at all."""
    raise NotImplementedError


def set_value(
    rules: "Rules", interview: Interview, field: str, raw: object, day: date
) -> Interview | Problem:
    """Set one field to the VALUE of a `set:FIELD:VALUE` action or to a JSON value; None and `unknown` are 不清楚."""
    raise NotImplementedError


def go_back(rules: "Rules", interview: Interview) -> Interview:
    """Ask the previous question again; the interview unchanged if there is none."""
    raise NotImplementedError


def skip(rules: "Rules", interview: Interview) -> Interview:
    """Leave the question asked unanswered and go on."""
    raise NotImplementedError


def change(rules: "Rules", interview: Interview, field: str) -> Interview | Problem:
    """Ask one field again; what was answered stays until the new response."""
    raise NotImplementedError


def progress(rules: "Rules", interview: Interview) -> tuple[int, int]:
    """How many questions are done, and how many there are at most."""
    raise NotImplementedError


def remaining(rules: "Rules", interview: Interview) -> Interview:
    """After the verdict: go on with the remaining requirements of unmet items."""
    raise NotImplementedError


def to_profile(rules: "Rules", interview: Interview) -> "Profile":
    """What was said, as a profile."""
    raise NotImplementedError


def question_json(asked: Question) -> dict[str, Any]:
    """The `question` of the HTTP API."""
    return {
        "field": asked.field,
        "type": asked.type,
        "unit": asked.unit or None,
        "choices": [{"label": c.label, "value": c.value, "action": c.action} for c in asked.choices],
    }
