"""The guided questionnaire: which question comes next, what a response means, and what is known after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from flows import asking, reading
from flows.asking import State
from flows.fields import FIELDS, Field
from flows.profile import Profile, contradictions
from flows.question import UNKNOWN_LABEL, Question, Value, question_of
from flows.reading import ReadingError, read_cell, read_json
from flows.response import Amiss, Taken, read_response
from flows.rules import Rules
from flows.screening import plain
from knowledge.entries import TRACKS


@dataclass(frozen=True)
class Problem:
    """A response that cannot be taken: which field, and one polite sentence that says what would be right."""

    field: str
    text: str


@dataclass(frozen=True)
class Interview:
    """All that a questionnaire remembers. `asking` is the field being asked, None when the result is due.

    `responses` are in the order in which they were first given, `history` holds the fields answered or skipped in the
    order of asking; `day` is the last day on which the user was there; `thorough` is set by `remaining`.
    """

    track: str
    day: date
    responses: tuple[tuple[str, Value], ...] = ()
    skipped: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    asking: str | None = None
    thorough: bool = False

    @property
    def values(self) -> dict[str, Value]:
        """The responses by field."""
        return dict(self.responses)

    @property
    def finished(self) -> bool:
        """Whether the result is due."""
        return self.asking is None


def start(rules: Rules, track: str, day: date) -> Interview:
    """A new interview about one of the two tracks, its first question being asked."""
    if track not in TRACKS:
        raise ValueError(f"track is one of {', '.join(TRACKS)}, not {track!r}")
    return _advance(rules, Interview(track, day))


def question(rules: Rules, interview: Interview, day: date | None = None) -> Question | None:
    """What is asked now; None when the result is due. `day` is today where it differs from the interview's last day."""
    if interview.asking is None:
        return None
    edition = edition_of(rules, interview)
    return question_of(edition, interview.track, interview.asking, day or interview.day)


def respond_to(rules: Rules, interview: Interview, text: str, day: date) -> Interview | Problem | None:
    """Take a text as the response to the question asked; None if it is not a response at all."""
    if interview.asking is None:
        return None
    read = read_response(FIELDS[interview.asking], text, day)
    if isinstance(read, Taken):
        return _take(rules, interview, interview.asking, read.value, day)
    return Problem(interview.asking, read.text) if isinstance(read, Amiss) else None


def set_value(rules: Rules, interview: Interview, field: str, raw: object, day: date) -> Interview | Problem:
    """Set one field to the VALUE of a `set:FIELD:VALUE` action or to a JSON value; None and `unknown` are 不清楚."""
    if (interview.track, field) not in edition_of(rules, interview).askings:
        return Problem(field, f"{TRACKS[interview.track]}的预审不问这一项。")
    try:
        unknown = raw in (None, "", "unknown", UNKNOWN_LABEL)
        reader = read_cell if isinstance(raw, str) else read_json
        value = None if unknown else reader(FIELDS[field], raw)
    except ReadingError as error:
        return Problem(field, f"{error}。")
    return _take(rules, interview, field, value, day)


def go_back(rules: Rules, interview: Interview) -> Interview:
    """Ask the previous question again, or give up a change; the interview unchanged if there is none before it."""
    if interview.asking in interview.values:
        return _advance(rules, interview)
    if not interview.history:
        return interview
    field = interview.history[-1]
    return replace(
        interview,
        responses=tuple(pair for pair in interview.responses if pair[0] != field),
        skipped=tuple(name for name in interview.skipped if name != field),
        history=interview.history[:-1],
        asking=field,
    )


def skip(rules: Rules, interview: Interview) -> Interview:
    """Leave the question asked unanswered and go on; a response given before stays."""
    field = interview.asking
    if field is None or field in interview.values:
        return _advance(rules, interview)
    skipped = (*interview.skipped, field)
    return _advance(rules, replace(interview, skipped=skipped, history=_moved_last(interview.history, field)))


def change(rules: Rules, interview: Interview, field: str) -> Interview | Problem:
    """Ask one field again; what was answered stays until the new response."""
    if (interview.track, field) not in edition_of(rules, interview).askings:
        return Problem(field, f"{TRACKS[interview.track]}的预审不问这一项。")
    return replace(interview, asking=field)


def progress(rules: Rules, interview: Interview) -> tuple[int, int]:
    """How many questions are done, and how many there are at most."""
    state = _state(interview)
    done = len({*state.values, *state.skipped} - {interview.asking})
    ahead = {*asking.possible(edition_of(rules, interview), state), interview.asking} - {None}
    return done, done + len(ahead)


def remaining(rules: Rules, interview: Interview) -> Interview:
    """After the verdict: go on with the remaining requirements of unmet items; what was skipped is asked again."""
    again = asking.remaining_of_unmet(edition_of(rules, interview), _state(interview))
    skipped = tuple(field for field in interview.skipped if field not in again)
    return _advance(rules, replace(interview, thorough=True, skipped=skipped))


def to_profile(rules: Rules, interview: Interview) -> Profile:
    """What was said, as a profile."""
    return Profile.model_validate({"track": interview.track, **_typed(interview.values)})


def _advance(rules: Rules, interview: Interview) -> Interview:
    """The interview with the first field that is still to be asked."""
    due = asking.pending(edition_of(rules, interview), _state(interview))
    return replace(interview, asking=due[0] if due else None)


def edition_of(rules: Rules, interview: Interview) -> Rules:
    """The rules for the day of application that was given, as `screen` chooses them."""
    as_of = _typed(interview.values).get("as_of")
    return rules.on(as_of if isinstance(as_of, date) else None)


def _take(
    rules: Rules, interview: Interview, field: str, value: reading.Value, day: date
) -> Interview | Problem:
    """Keep a value unless it is out of bounds or contradicts. A contradiction that is another field's takes that
    response back, so that it is asked again."""
    most = edition_of(rules, interview).askings[interview.track, field].at_most
    if most is not None and isinstance(value, int | Decimal) and value > most:
        unit = FIELDS[field].unit
        return Problem(field, f"{plain(value)}{unit}太大了，请核对数字，单位是{unit}。")
    values = {**_typed(interview.values), field: value}
    wrong = contradictions(values)
    if field in wrong:
        return Problem(field, f"{wrong[field]}。")
    responses = {name: given for name, given in interview.values.items() if name not in wrong}
    responses[field] = kept(value)
    taken = replace(
        interview,
        day=day,
        responses=tuple(responses.items()),
        skipped=tuple(name for name in interview.skipped if name != field),
        history=_moved_last(tuple(name for name in interview.history if name not in wrong), field),
    )
    return _advance(rules, taken)


def _moved_last(history: tuple[str, ...], field: str) -> tuple[str, ...]:
    return (*(name for name in history if name != field), field)


def _state(interview: Interview) -> State:
    return State(interview.track, _typed(interview.values), frozenset(interview.skipped), interview.thorough)


def kept(value: reading.Value) -> Value:
    """A value in the form in which an interview keeps it."""
    if value is None or isinstance(value, bool | str):
        return value
    return plain(value) if isinstance(value, int | Decimal) else value.isoformat()


def _typed(values: Mapping[str, Value]) -> dict[str, reading.Value]:
    """The kept responses as a profile's values."""
    return {field: _typed_one(FIELDS[field], value) for field, value in values.items()}


def _typed_one(field: Field, value: Value) -> reading.Value:
    if not isinstance(value, str):
        return value
    match field.kind:
        case "number":
            return Decimal(value)
        case "count":
            return int(value)
        case "date":
            return date.fromisoformat(value)
        case _:
            return value
