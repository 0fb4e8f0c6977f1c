"""The console's queue: tickets by state, desk and assignee, with waiting time and overdue marks; search; news; canned answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi.responses import Response

from bot import canned, ticket_search
from bot.accounts import list_accounts
from bot.helpdesk import PROVINCE
from bot.roles import sees
from bot.staff import STATUS
from bot.store_sql import Sql, stamp
from bot.ticket_states import WAITING, Status
from bot.tickets import Ticket, count_tickets, find_listed, list_tickets
from bot.upkeep import CHINA
from bot.web_console import Page, Visit
from bot.web_problems import Json, ProblemError
from bot.weekly import Summary, mark_seen, unseen
from flows.fields import PREFECTURES

PER_PAGE = 50
_SHOWN = 80
"""Characters of a question in the queue."""

TABS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "waiting": ("待办", WAITING),
    "overdue": ("超期", WAITING),
    "mine": ("我的", WAITING),
    "answered": ("已答复", ("answered",)),
    "closed": ("已关闭", ("closed",)),
}


@dataclass(frozen=True)
class Row:
    """A line of the queue."""

    ticket: Ticket
    question: str
    waited: str
    overdue: bool
    assignee: str


def place_of(visit: Visit) -> str:
    """The place whose tickets are shown: a clerk's own, for an officer the one chosen, or (empty) all."""
    account = visit.session.account
    if account.role == "clerk":
        return account.desk
    wanted = visit.request.query_params.get("place", "")
    return wanted if wanted in {*PREFECTURES, PROVINCE} else ""


def waited(since: str, until: datetime) -> str:
    """How long it has been: 5分钟, 3小时, 2天4小时."""
    minutes = max(0, int((until - datetime.fromisoformat(since)).total_seconds() // 60)) if since else 0
    if minutes < 60:
        return f"{minutes}分钟"
    hours = minutes // 60
    return (
        f"{hours}小时"
        if hours < 24
        else f"{hours // 24}天{hours % 24}小时"
        if hours % 24
        else f"{hours // 24}天"
    )


def _row(ticket: Ticket, names: dict[int, str], at: datetime) -> Row:
    waits = ticket.status in WAITING
    question = ticket.question[:_SHOWN] + ("…" if len(ticket.question) > _SHOWN else "")
    overdue = waits and bool(ticket.due_at) and ticket.due_at < stamp(at)
    return Row(
        ticket,
        question,
        waited(ticket.waiting_since, at) if waits else "",
        overdue,
        names.get(ticket.assignee, ""),
    )


async def _queue(visit: Visit) -> Response:
    asked = visit.request.query_params
    show = asked.get("show", "waiting")
    if show not in TABS:
        raise ProblemError(404, {})
    place, at = place_of(visit), visit.at
    since, _, number = asked.get("after", "").partition("~")
    after = (
        (since[:40], int(number)) if number.isascii() and number.isdecimal() and len(number) < 16 else ("", 0)
    )

    def read(db: Sql) -> tuple[list[Ticket], dict[str, int], dict[int, str], Summary | None]:
        found = list_tickets(
            db, TABS[show][1], place=place, assignee=visit.who if show == "mine" else 0,
            overdue_at=stamp(at) if show == "overdue" else "", after=after, limit=PER_PAGE + 1,
            latest=show in {"answered", "closed"},
        )  # fmt: skip
        weekly = unseen(db, _desk(visit), visit.who, _today(visit))
        return found, count_tickets(db, place, stamp(at)), _names(db), weekly

    found, counts, names, weekly = await visit.look(read)
    counts["waiting"] = sum(counts.get(status, 0) for status in WAITING)
    more = f"{found[PER_PAGE - 1].waiting_since}~{found[PER_PAGE - 1].id}" if len(found) > PER_PAGE else ""
    return visit.render(
        "console_queue.html", rows=[_row(ticket, names, at) for ticket in found[:PER_PAGE]], counts=counts, tabs=TABS,
        show=show, place=place, more=more, statuses=STATUS, prefectures=PREFECTURES, later=bool(after[0]),
        weekly=weekly,
    )  # fmt: skip


def _desk(visit: Visit) -> str:
    """Whose weekly summary somebody is told: an officer the province's."""
    account = visit.session.account
    return account.desk if account.role == "clerk" else PROVINCE


def _today(visit: Visit) -> date:
    return visit.at.astimezone(CHINA).date()


async def _seen(visit: Visit) -> Response:
    await visit.transact(lambda db: mark_seen(db, _desk(visit), visit.who, _today(visit)))
    return visit.go("/tickets")


def _names(db: Sql) -> dict[int, str]:
    return {account.id: account.shown for account in list_accounts(db)}


async def _news(visit: Visit) -> Response:
    """What an open page asks by itself: how many wait, and the number of the newest."""
    place, at = place_of(visit), visit.at

    def read(db: Sql) -> dict[str, Any]:
        counts = count_tickets(db, place, stamp(at))
        newest = list_tickets(db, ("open",), place=place, limit=1, latest=True)
        waiting = sum(counts.get(status, 0) for status in WAITING)
        return {"waiting": waiting, "overdue": counts["overdue"], "newest": newest[0].id if newest else 0}

    return Json(await visit.look(read))


async def _search(visit: Visit) -> Response:
    asked = visit.request.query_params
    words, place, at = asked.get("q", "")[:200], place_of(visit), visit.at
    before = asked.get("before", "")
    last = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else 0

    def read(db: Sql) -> tuple[list[tuple[Ticket, str]], dict[int, str]]:
        hits = ticket_search.search(db, words, place, last, PER_PAGE)
        found = {ticket.id: ticket for ticket in find_listed(db, [hit.id for hit in hits])}
        return [(found[hit.id], hit.excerpt) for hit in hits if hit.id in found], _names(db)

    found, names = await visit.look(read)
    number = words.strip().removeprefix("工单").strip()
    if number.isascii() and number.isdecimal() and len(number) < 16:
        ticket = await visit.look(lambda db: find_listed(db, [int(number)]))
        if ticket and sees(visit.session.account.role, visit.session.account.desk, ticket[0].place):
            return visit.go(f"/tickets/{ticket[0].id}")
    rows = [(_row(ticket, names, at), excerpt) for ticket, excerpt in found]
    more = rows[-1][0].ticket.id if len(rows) == PER_PAGE else 0
    return visit.render("console_search.html", rows=rows, q=words, place=place, more=more, statuses=STATUS)


def own_place(visit: Visit) -> str:
    """The place that somebody writes canned answers for: an officer for all desks."""
    return visit.session.account.desk if visit.session.account.role == "clerk" else ""


async def _canned(visit: Visit) -> Response:
    return await _show_canned(visit)


async def _show_canned(visit: Visit, status: int = 200, **values: str) -> Response:
    found = await visit.look(lambda db: canned.list_canned(db, own_place(visit)))
    return visit.render("console_canned.html", status, canned=found, own=own_place(visit), **values)


async def _add_canned(visit: Visit) -> Response:
    title, text = visit.form.get("title", ""), visit.form.get("text", "")
    try:
        await visit.transact(lambda db: canned.add_canned(db, own_place(visit), title, text))
    except ValueError as error:
        return await _show_canned(visit, 422, wrong=str(error), title=title, text=text)
    return visit.go("/canned", "kept")


async def _remove_canned(visit: Visit) -> Response:
    number = visit.number("canned")
    if not await visit.transact(lambda db: canned.remove_canned(db, number, own_place(visit))):
        raise ProblemError(404, {})
    return visit.go("/canned", "removed")


PAGES = (
    Page("GET", "/tickets", "tickets", _queue, "工单"),
    Page("GET", "/tickets/news", "tickets", _news, quiet=True),
    Page("POST", "/tickets/weekly", "tickets", _seen),
    Page("GET", "/search", "tickets", _search, "搜索"),
    Page("GET", "/canned", "tickets", _canned, "常用答复"),
    Page("POST", "/canned", "tickets", _add_canned),
    Page("POST", "/canned/{canned}/remove", "tickets", _remove_canned),
)
