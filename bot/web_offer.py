"""The console's form for screening together: figures that somebody of the staff proposes, with the verdict that they lead to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi.responses import Response

from bot import offering
from bot.conversation import Conversation, Offer
from bot.ticket_states import next_status
from bot.upkeep import CHINA
from bot.web_console import Page, Visit
from bot.web_problems import ProblemError
from bot.web_ticket import Seen, conclude, conversation_of, read_act, read_seen, words_of
from bot.wording import say
from bot.wording_result import word_value
from bot.world import World
from flows.question import Question, Value, question_of
from flows.questionnaire import Interview, edition_of, to_profile
from flows.screening import screen
from knowledge.entries import TRACKS


@dataclass(frozen=True)
class Row:
    """A field of the form: its question, what the person has said, what is typed in now, and what is wrong with that."""

    asked: Question
    known: str
    typed: str
    wrong: str


@dataclass(frozen=True)
class Filled:
    """What the form leads to: the questionnaire before and after it, and by field what cannot be taken."""

    before: Interview
    after: Interview
    wrong: dict[str, str]

    @property
    def values(self) -> dict[str, Value]:
        """What the form would change, by field."""
        known = self.before.values
        return {
            field: value
            for field, value in self.after.values.items()
            if field not in known or known[field] != value
        }


async def _conversation(visit: Visit, seen: Seen) -> Conversation:
    """The conversation of a ticket on which something can be proposed; else 404."""
    conversation = await conversation_of(visit, seen.ticket)
    if conversation is None or next_status(seen.ticket.status, "offered") is None:
        raise ProblemError(404, {})
    return conversation


def _track(conversation: Conversation, wanted: str) -> str:
    """About which kind of facility: the one that the person is filling in, else the one that was chosen; empty if none was."""
    if conversation.interview is not None and conversation.interview.values:
        return conversation.interview.track
    return wanted if wanted in TRACKS else ""


def _fill(world: World, before: Interview, form: dict[str, str], day: date) -> Filled:
    asked = edition_of(world.rules, before).fields_asked(before.track)
    given = {field: form[field].strip()[:100] for field in asked if form.get(field, "").strip()}
    return Filled(before, *offering.filled(world, before, given, day))


def _render(visit: Visit, seen: Seen, track: str, filled: Filled | None, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 # fmt: skip
    world, day = visit.console.app.world, visit.at.astimezone(CHINA).date()
    rows = []
    if filled is not None:
        rules, known = edition_of(world.rules, filled.before), filled.before.values
        for field in rules.fields_asked(track):
            shown = word_value(field, known[field]) if field in known else ""
            typed = visit.form.get(field, "")[:100]
            asked = question_of(rules, track, field, day)
            rows.append(Row(asked, shown, typed, filled.wrong.get(field, "")))
    return visit.render(
        "console_offer.html", status, ticket=seen.ticket, track=track, tracks=TRACKS, rows=rows,
        clauses=world.knowledge.regulation.clauses, **values,
    )  # fmt: skip


async def _form(visit: Visit) -> Response:
    seen = await read_seen(visit)
    conversation = await _conversation(visit, seen)
    world, day = visit.console.app.world, visit.at.astimezone(CHINA).date()
    track = _track(conversation, visit.request.query_params.get("track", ""))
    filled = _fill(world, offering.interview_for(world, conversation, track, day), {}, day) if track else None
    return _render(visit, seen, track, filled)


async def _offer(visit: Visit) -> Response:
    """Shows what would come of it (`do` is look), or asks the person."""
    seen, act = await read_seen(visit), read_act(visit)
    conversation = await _conversation(visit, seen)
    world, day = visit.console.app.world, visit.at.astimezone(CHINA).date()
    track = _track(conversation, visit.form.get("track", ""))
    if not track:
        raise ProblemError(422, {"track": "请先选择申报类别"})
    filled = _fill(world, offering.interview_for(world, conversation, track, day), visit.form, day)
    if filled.wrong:
        wrong = say("staff.not_taken", count=len(filled.wrong))
        return _render(visit, seen, track, filled, status=422, wrong=wrong)
    if not filled.values:
        return _render(visit, seen, track, filled, status=422, wrong=say("staff.nothing_offered"))
    if visit.form.get("do") != "send":
        return _render(visit, seen, track, filled, preview=_preview(world, filled.after))
    offer = Offer(seen.ticket.id, seen.ticket.revision + 1, track, tuple(filled.values.items()))
    try:
        await visit.console.app.within(
            lambda store: offering.send(store, world, seen.ticket, offer, act, day)
        )
    except offering.ChangedError:
        return _render(visit, await read_seen(visit), track, filled, status=409, wrong=say("staff.changed"))
    visit.console.app.outbox.look(seen.ticket.channel)
    return await conclude(visit, seen, seen.ticket, "offered")


def _preview(world: World, after: Interview) -> dict[str, Any]:
    profile = to_profile(world.rules, after)
    result = screen(profile, world.rules).as_json()
    return words_of(profile.model_dump(mode="json", exclude_none=True), result)


PAGES = (
    Page("GET", "/tickets/{ticket}/screening", "tickets", _form),
    Page("POST", "/tickets/{ticket}/screening", "tickets", _offer),
)
