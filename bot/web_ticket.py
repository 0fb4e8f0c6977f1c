"""One ticket in the console: what was said, live; the applicant beside it; answer, note, hand on, close. Another desk's is 404."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import Response

from bot import ticket_acts, tickets
from bot.accounts import list_accounts
from bot.canned import Canned, list_canned
from bot.conversation import Conversation
from bot.desk_hours import due_at
from bot.quoting import read_quotations
from bot.roles import sees
from bot.staff import LONGEST_ANSWER, STATUS, answer_reply, closed_reply, require_answer
from bot.store_sql import Sql
from bot.ticket_acts import Act
from bot.ticket_states import OUTCOMES, WAITING, next_status
from bot.tickets import Line, Ticket
from bot.upkeep import CHINA
from bot.web_console import Page, Visit
from bot.web_problems import Json, ProblemError
from bot.web_queue import own_place, waited
from bot.wording import say, text_reply
from bot.wording_result import MARKS, VERDICTS
from bot.world import World
from flows.fields import FIELDS
from flows.questionnaire import to_profile
from flows.screening import screen

LONGEST_NOTE = 3_000
"""Characters."""

CHANNELS = {"telegram": "Telegram", "web": "网页", "console": "终端"}
PEOPLE = {"user": "用户", "bot": "备案通", "staff": "工作人员", "note": "内部备注"}


@dataclass(frozen=True)
class Seen:
    """All that the page shows of a ticket."""

    ticket: Ticket
    before: tuple[Line, ...]
    after: list[Line]
    names: dict[int, str]
    canned: list[Canned]


async def read_seen(visit: Visit) -> Seen:
    """The ticket of the path, if its desk is the person's; else 404, as if there were none."""
    number, account = visit.number("ticket"), visit.session.account

    def read(db: Sql) -> Seen | None:
        ticket = tickets.find_ticket(db, number)
        if ticket is None or not sees(account.role, account.desk, ticket.place):
            return None
        before = tuple(Line(who, text, "") for who, text in ticket.transcript)
        lines = [*tickets.live_lines(db, ticket), *tickets.notes(db, number)]
        names = {one.id: one.shown for one in list_accounts(db)} | {0: say("staff.operator")}
        return Seen(
            ticket, before, sorted(lines, key=lambda line: line.at), names, list_canned(db, own_place(visit))
        )

    seen = await visit.look(read)
    if seen is None:
        raise ProblemError(404, {})
    return seen


async def _ticket(visit: Visit) -> Response:
    seen = await read_seen(visit)
    await visit.note(f"ticket:{seen.ticket.id}")
    return await show(visit, seen)


async def show(visit: Visit, seen: Seen, status: int = 200, **values: str) -> Response:
    """The page of a ticket."""
    ticket, world = seen.ticket, visit.console.app.world
    offices = world.offices.office if world.offices else ()
    can = {
        event
        for event in ("claimed", "released", "answered", "passed_on", "closed", "reopened", "offered")
        if next_status(ticket.status, event)
    }
    conversation = await conversation_of(visit, ticket)
    return visit.render(
        "console_ticket.html", status, **_parts(visit, seen), can=can, outcomes=OUTCOMES, longest=LONGEST_ANSWER,
        desks=[office for office in offices if office.desk and office.prefecture != ticket.place],
        clauses=world.knowledge.regulation.clauses, screening=_screening(visit, ticket, conversation),
        offered=conversation.offered if conversation else None,
        waited=waited(ticket.waiting_since, visit.at) if ticket.status in WAITING else "", channels=CHANNELS, **values,
    )  # fmt: skip


async def conversation_of(visit: Visit, ticket: Ticket) -> Conversation | None:
    """What its person and the bot have come to, as long as that is the desk's business."""
    if not ticket.user or ticket.status in {"closed", "withdrawn"}:
        return None
    return await visit.console.app.conversation(ticket.channel, ticket.user)


def _parts(visit: Visit, seen: Seen) -> dict[str, Any]:
    return {
        "ticket": seen.ticket, "before": seen.before, "after": seen.after, "names": seen.names, "canned": seen.canned,
        "statuses": STATUS, "people": PEOPLE, "notes_label": PEOPLE["note"],
    }  # fmt: skip


def _screening(visit: Visit, ticket: Ticket, conversation: Conversation | None) -> dict[str, Any] | None:
    """The questionnaire as it stands now until the ticket is closed or withdrawn, so that both can go through it together; else as it was."""
    if not ticket.user:
        return None
    if conversation is not None and (now := _screen_now(visit.console.app.world, conversation)) is not None:
        return words_of(*now)
    profile, result = ticket.details.get("profile"), ticket.details.get("result")
    return words_of(profile, result) if profile and result else None


def _screen_now(world: World, conversation: Conversation) -> tuple[dict[str, Any], dict[str, Any]] | None:
    interview = conversation.interview
    if interview is None or not interview.values:
        return None
    profile = to_profile(world.rules, interview)
    return profile.model_dump(mode="json", exclude_none=True), screen(profile, world.rules).as_json()


_YES_NO = {True: "是", False: "否"}


def words_of(profile: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Profile and result as they are read: titles instead of names, Chinese instead of values."""

    def shown(name: str, value: Any) -> str:  # noqa: ANN401 - a profile's value
        if isinstance(value, bool):
            return _YES_NO[value]
        return FIELDS[name].choices.get(str(value), f"{value}{FIELDS[name].unit}")

    rows = [
        (FIELDS[name].title, shown(name, value))
        for name, value in profile.items()
        if name in FIELDS and name != "id"
    ]
    criteria = [
        (
            c["label"],
            FIELDS[c["field"]].title if c["field"] in FIELDS else "",
            c["required"],
            c["actual"],
            c["status"],
        )
        for c in result["criteria"]
    ]
    return {
        "rows": rows,
        "criteria": criteria,
        "verdict": VERDICTS[result["verdict"]],
        "kind": result["verdict"],
        "marks": MARKS,
        "result": result,
    }


async def _live(visit: Visit) -> Response:
    """What an open page asks by itself: the conversation as it is now."""
    seen = await read_seen(visit)
    html = visit.console.pages.part("console_said.html", **_parts(visit, seen))
    return Json({"revision": seen.ticket.revision, "status": STATUS[seen.ticket.status], "html": html})


def read_act(visit: Visit) -> Act:
    """Who does what the form says, when, and on which state of the ticket."""
    raw = visit.form.get("revision", "")
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10):
        raise ProblemError(422, {"revision": "这个页面不完整，请刷新后再试"})
    return Act(visit.who, visit.at, int(raw))


async def conclude(visit: Visit, seen: Seen, done: Ticket | None, word: str, field: str = "text") -> Response:
    """The ticket again; where it could not be done, with what was written and the reason."""
    if done is None:
        kept = {field: visit.form.get("text", "")}
        return await show(visit, await read_seen(visit), 409, wrong=say("staff.changed"), **kept)
    return visit.go(f"/tickets/{seen.ticket.id}", word)


async def _claim(visit: Visit) -> Response:
    seen, act = await read_seen(visit), read_act(visit)
    done = await visit.transact(lambda db: ticket_acts.claim(db, seen.ticket.id, act))
    return await conclude(visit, seen, done, "claimed")


async def _release(visit: Visit) -> Response:
    seen, act = await read_seen(visit), read_act(visit)
    done = await visit.transact(lambda db: ticket_acts.release(db, seen.ticket.id, act))
    return await conclude(visit, seen, done, "released")


async def _answer(visit: Visit) -> Response:
    seen, act, raw = await read_seen(visit), read_act(visit), visit.form.get("text", "")
    law = visit.console.app.world.knowledge.regulation
    try:
        text = require_answer(raw)
    except ValueError as error:
        return await show(visit, seen, 422, wrong=str(error), text=raw)
    written = read_quotations(law, text)
    if written.wrong:
        return await show(visit, seen, 422, wrong=written.wrong, text=raw)
    reply = replace(answer_reply(seen.ticket.id, written.blocks), citations=written.citations)
    done = await visit.transact(lambda db: ticket_acts.answer(db, seen.ticket.id, text, reply, act))
    if done:
        visit.console.app.outbox.look(done.channel)
    return await conclude(visit, seen, done, "answered")


async def _note(visit: Visit) -> Response:
    seen, act, text = await read_seen(visit), read_act(visit), visit.form.get("text", "").strip()
    if not text or len(text) > LONGEST_NOTE:
        return await show(visit, seen, 422, wrong=say("staff.bad_note", longest=LONGEST_NOTE), note=text)
    done = await visit.transact(lambda db: ticket_acts.add_note(db, seen.ticket.id, text, act))
    return await conclude(visit, seen, done, "noted", "note")


async def _pass_on(visit: Visit) -> Response:
    seen, act, place = await read_seen(visit), read_act(visit), visit.form.get("place", "")
    world = visit.console.app.world
    office = world.offices.of(place) if world.offices else None
    if office is None or not office.desk or place == seen.ticket.place:
        return await show(visit, seen, 422, wrong=say("staff.no_such_desk"))
    due = due_at(office, world.workdays, visit.at.astimezone(CHINA).date())
    reply = text_reply(
        "handed_over", say("human.passed_on", ticket=seen.ticket.id, old=seen.ticket.desk, new=office.name)
    )
    done = await visit.transact(
        lambda db: ticket_acts.pass_on(db, seen.ticket.id, place, office.name, due, reply, act)
    )
    if done is None:
        return await conclude(visit, seen, done, "")
    visit.console.app.outbox.look(done.channel)
    return visit.go("/tickets", "passed_on")


async def _close(visit: Visit) -> Response:
    seen, act, outcome = await read_seen(visit), read_act(visit), visit.form.get("outcome", "")
    if outcome not in OUTCOMES:
        return await show(visit, seen, 422, wrong=say("staff.no_outcome"))
    reply = closed_reply(seen.ticket.id)
    done = await visit.transact(lambda db: ticket_acts.close(db, seen.ticket.id, outcome, reply, act))
    if done:
        visit.console.app.outbox.look(done.channel)
    return await conclude(visit, seen, done, "closed")


async def _reopen(visit: Visit) -> Response:
    seen, act, world = await read_seen(visit), read_act(visit), visit.console.app.world
    office = world.offices.of(seen.ticket.place) if world.offices else None
    due = due_at(office, world.workdays, visit.at.astimezone(CHINA).date())
    done = await visit.transact(lambda db: ticket_acts.reopen(db, seen.ticket.id, due, act))
    return await conclude(visit, seen, done, "reopened")


PAGES = (
    Page("GET", "/tickets/{ticket}", "tickets", _ticket),
    Page("GET", "/tickets/{ticket}/live", "tickets", _live, quiet=True),
    Page("POST", "/tickets/{ticket}/claim", "tickets", _claim),
    Page("POST", "/tickets/{ticket}/release", "tickets", _release),
    Page("POST", "/tickets/{ticket}/answer", "tickets", _answer),
    Page("POST", "/tickets/{ticket}/note", "tickets", _note),
    Page("POST", "/tickets/{ticket}/pass-on", "tickets", _pass_on),
    Page("POST", "/tickets/{ticket}/close", "tickets", _close),
    Page("POST", "/tickets/{ticket}/reopen", "tickets", _reopen),
)
