"""The console's pages for the FAQ: drafts written, checked, approved by somebody else, published, rolled back."""

import asyncio
import secrets
from typing import Any

from fastapi.responses import Response

from bot.accounts import list_accounts
from bot.audit import note
from bot.faq_conflicts import Answered
from bot.faq_editing import (
    answered_by_desks,
    approve,
    check,
    find_draft,
    make_draft,
    publish,
    reject,
    roll_back,
    withdraw,
)
from bot.faq_form import content_of, fields_of
from bot.faq_listing import VERDICTS, explain, ours_is
from bot.masking import mask
from bot.published import entry_of, outdated
from bot.roles import may, sees
from bot.store_faq import Draft, add_draft, list_drafts, list_publications, read_draft, read_published
from bot.store_sql import Sql, fetch
from bot.upkeep import CHINA
from bot.web_console import Page, Visit
from bot.web_problems import ProblemError
from knowledge.entries import TRACKS

_UNDONE = {"roll_back": roll_back, "withdraw": withdraw}


def _names(db: Sql) -> dict[str, str]:
    """How colleagues call those who wrote and reviewed."""
    return {account.name: account.shown for account in list_accounts(db)}


async def _list(visit: Visit) -> Response:
    def read(db: Sql) -> dict[str, Any]:
        publications = list_publications(db)
        seen = {p.draft for p in publications}
        waiting = [d for d in list_drafts(db) if d.id not in seen and d.verdict != "rejected"]
        return {
            "waiting": waiting,
            "live": read_published(db)[1],
            "done": publications[:20],
            "names": _names(db),
        }

    found = await visit.console.app.look(read)
    world, day = visit.console.app.world, visit.at.astimezone(CHINA).date()
    flagged = {d.entry: list(outdated(d, world.knowledge.regulation, day)) for d in found["live"]}
    done = found.pop("done")
    return visit.render(
        "console_faq.html",
        **found,
        publications=done,
        flagged=flagged,
        verdicts=VERDICTS,
        writes=_writes(visit),
    )


def _writes(visit: Visit) -> bool:
    return may(visit.session.account.role, "faq_draft")


async def _new(visit: Visit) -> Response:
    """An empty form, or one filled from an entry, a draft, a question, or an answered ticket."""
    asked, world = visit.request.query_params, visit.console.app.world
    values: dict[str, str] = {}
    if entry := world.knowledge.entries.get(asked.get("entry", "")):
        values = fields_of(entry) if entry.kind == "faq" else {}
    elif (number := asked.get("draft", "")).isdecimal() and number.isascii() and len(number) < 16:
        draft = await visit.console.app.look(lambda db: read_draft(db, int(number)))
        values = fields_of(entry_of(draft)) if draft else {}
    elif (number := asked.get("ticket", "")).isdecimal() and number.isascii() and len(number) < 16:
        values = await _from_ticket(visit, int(number))
    elif question := asked.get("question", ""):
        values = {"question": mask(question[:200])}
    return _form(visit, values)


async def _from_ticket(visit: Visit, number: int) -> dict[str, str]:
    """A ticket's question and answer, masked; 404 for a ticket that the person may not see."""
    found = await visit.console.app.look(
        lambda db: fetch(db, "select place, question, answer from tickets where id = ?", number)
    )
    account = visit.session.account
    if not found or not (account.role == "editor" or sees(account.role, account.desk, found[0]["place"])):
        raise ProblemError(404, {})
    source = f"ticket:{number}"
    return {"question": mask(found[0]["question"]), "answer": mask(found[0]["answer"]), "source": source}


def _form(visit: Visit, values: dict[str, str], status: int = 200, wrong: str = "") -> Response:
    knowledge = visit.console.app.world.knowledge
    topics = dict.fromkeys(e.topic for e in knowledge.entries.values() if e.kind == "faq")
    day = visit.at.astimezone(CHINA)
    suggested = {
        "id": f"q{day:%y%m%d}-{secrets.token_hex(2)}",
        "expires": str(day.date().replace(year=day.year + 1, day=1)),
    }
    return visit.render(
        "console_faq_form.html", status, given={**suggested, **{k: v for k, v in values.items() if v}}, topics=topics,
        tracks=TRACKS, clauses=knowledge.regulation.clauses.values(), wrong=wrong,
    )  # fmt: skip


async def _write(visit: Visit) -> Response:
    account, app, day = visit.session.account, visit.console.app, visit.at.astimezone(CHINA).date()
    source = visit.form.get("source", "")
    try:
        content = content_of(visit.form)
        draft = await asyncio.to_thread(make_draft, app.world, content, account.name, day, source[:40])
    except ValueError as error:
        return _form(visit, visit.form, 422, str(error))

    def keep(db: Sql) -> int:
        number = add_draft(db, draft, visit.at)
        note(db, visit.who, "faq_drafted", f"draft:{number}", visit.at)
        return number

    return visit.go(f"/faq/drafts/{await visit.transact(keep)}", "faq_drafted")


async def _draft(visit: Visit) -> Response:
    return await _show_draft(visit, visit.number("draft"))


async def _show_draft(visit: Visit, number: int, status: int = 200, wrong: str = "") -> Response:
    app, account = visit.console.app, visit.session.account

    def read(db: Sql) -> tuple[Draft, list[Answered], dict[str, str], bool]:
        try:
            draft = find_draft(db, number)
        except ValueError:
            raise ProblemError(404, {}) from None
        published = any(p.draft == number for p in list_publications(db, draft.entry))
        # What other desks said in a ticket is not for a clerk, masked or not.
        answered = answered_by_desks(db) if account.role != "clerk" else []
        return draft, answered, _names(db), published

    draft, answered, names, published = await app.look(read)
    day = visit.at.astimezone(CHINA).date()
    checked = None
    if not published and draft.verdict != "rejected":
        checked = await asyncio.to_thread(check, app.world, draft, day, answered)
    return visit.render(
        "console_faq_draft.html", status, draft=draft, entry=entry_of(draft), names=names, published=published,
        checked=checked, explain=explain, ours_is=ours_is, verdicts=VERDICTS, tracks=TRACKS, wrong=wrong, writes=_writes(visit),
        clauses=app.world.knowledge.regulation.clauses, former=app.world.knowledge.entries.get(draft.entry),
        reviews=may(account.role, "faq_review") and not draft.verdict and account.name.casefold() != draft.author.casefold(),
        publishes=may(account.role, "faq_publish") and draft.verdict == "approved" and not published,
        own=account.name.casefold() == draft.author.casefold(),
    )  # fmt: skip


async def _approve(visit: Visit) -> Response:
    return await _review(visit, lambda db, number, by: approve(db, number, by, visit.at), "faq_approved")


async def _reject(visit: Visit) -> Response:
    reason = visit.form.get("reason", "")[:500]
    return await _review(
        visit, lambda db, number, by: reject(db, number, by, reason, visit.at), "faq_rejected"
    )


async def _review(visit: Visit, act: Any, action: str) -> Response:  # noqa: ANN401 - approve or reject
    number, by = visit.number("draft"), visit.session.account.name

    def run(db: Sql) -> None:
        act(db, number, by)
        note(db, visit.who, action, f"draft:{number}", visit.at)

    try:
        await visit.transact(run)
    except ValueError as error:
        return await _show_draft(visit, number, 422, str(error))
    return visit.go(f"/faq/drafts/{number}", action)


async def _publish(visit: Visit) -> Response:
    number, app, by = visit.number("draft"), visit.console.app, visit.session.account.name
    await app.fresh.refresh()
    seen, world = app.fresh.revision, app.world
    draft, answered = await app.look(lambda db: (read_draft(db, number), answered_by_desks(db)))
    if draft is None:
        raise ProblemError(404, {})
    checked = await asyncio.to_thread(check, world, draft, visit.at.astimezone(CHINA).date(), answered)
    if checked.problems or (checked.conflicts and visit.form.get("accept") != "1"):
        return await _show_draft(visit, number, 422, "请先处理下面列出的问题；看过冲突仍要发布的，请勾选。")

    def run(db: Sql) -> None:
        publish(db, draft, by, visit.at, seen, corrects=visit.form.get("corrects") == "1")
        note(db, visit.who, "faq_published", f"draft:{number}", visit.at)

    try:
        await visit.transact(run)
    except ValueError as error:
        return await _show_draft(visit, number, 422, str(error))
    await app.fresh.refresh()
    return visit.go(f"/faq/entries/{draft.entry}", "faq_published")


async def _entry(visit: Visit) -> Response:
    return await _show_entry(visit)


async def _show_entry(visit: Visit, status: int = 200, wrong: str = "") -> Response:
    name, app = str(visit.request.path_params["entry"]), visit.console.app
    drafts, publications, names = await app.look(
        lambda db: (list_drafts(db, name), list_publications(db, name), _names(db))
    )
    entry = app.world.knowledge.entries.get(name)
    if not drafts:
        raise ProblemError(404, {})
    return visit.render(
        "console_faq_entry.html", status, name=name, entry=entry, drafts=drafts, publications=publications, names=names,
        verdicts=VERDICTS, tracks=TRACKS, wrong=wrong, live=bool(publications and publications[0].draft),
        publishes=may(visit.session.account.role, "faq_publish"),
    )  # fmt: skip


async def _undo(visit: Visit) -> Response:
    name, form = str(visit.request.path_params["entry"]), visit.form
    act = _UNDONE.get(form.get("act", ""))
    if act is None:
        raise ProblemError(404, {})

    def run(db: Sql) -> None:
        act(
            db,
            name,
            visit.session.account.name,
            form.get("reason", "")[:500],
            visit.at,
            corrects=form.get("corrects") == "1",
        )
        drafts = list_drafts(db, name, 1)
        note(db, visit.who, "faq_undone", f"draft:{drafts[0].id}", visit.at)

    try:
        await visit.transact(run)
    except ValueError as error:
        return await _show_entry(visit, 422, str(error))
    await visit.console.app.fresh.refresh()
    return visit.go(f"/faq/entries/{name}", "faq_undone")


PAGES = (
    Page("GET", "/faq", "faq", _list, "常见问题"),
    Page("GET", "/faq/new", "faq_draft", _new),
    Page("POST", "/faq/new", "faq_draft", _write),
    Page("GET", "/faq/drafts/{draft}", "faq", _draft),
    Page("POST", "/faq/drafts/{draft}/approve", "faq_review", _approve),
    Page("POST", "/faq/drafts/{draft}/reject", "faq_review", _reject),
    Page("POST", "/faq/drafts/{draft}/publish", "faq_publish", _publish),
    Page("GET", "/faq/entries/{entry}", "faq", _entry),
    Page("POST", "/faq/entries/{entry}/undo", "faq_publish", _undo),
)
