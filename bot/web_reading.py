"""The measure and the FAQ as pages: every clause and every question has its own address; one search over both."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from bot.app import App
from bot.web_input import require_readable
from bot.web_metadata import breadcrumbs, clause_page, faq_page, legislation
from bot.web_search import mark, search_clauses, search_faq
from bot.web_templates import Pages
from bot.web_uses import uses_of
from knowledge.audiences import load_audiences
from knowledge.entries import Entry
from knowledge.label import read_label
from knowledge.regulation import Clause, Regulation

GET = ["GET", "HEAD"]

Words = Annotated[str, Query(max_length=400)]


def make_router(app: App, pages: Pages) -> APIRouter:
    """The routes of what is read."""
    router = APIRouter(include_in_schema=False)
    _add_articles(router, app, pages)
    _add_faq(router, app, pages)

    @router.api_route("/search", methods=GET)
    async def search(request: Request, q: Words = "") -> Response:
        """Clauses and FAQ entries that have the words; a clause's number leads straight to it."""
        require_readable(q=q)
        knowledge = app.world.knowledge
        label = read_label(q) if q.strip() else None
        if label and (clause := knowledge.regulation.find(label)):
            return RedirectResponse(f"/articles/{clause.label}", 303)
        found = search_clauses(knowledge.regulation.clauses.values(), q) if q.strip() else ()
        answers = search_faq(knowledge, q) if q.strip() else ()
        return pages.render(request, "search.html", q=q, found=found, answers=answers)

    return router


def _add_articles(router: APIRouter, app: App, pages: Pages) -> None:
    law, about = app.world.knowledge.regulation, app.world.about

    @router.api_route("/articles", methods=GET)
    async def articles(request: Request) -> Response:
        data = legislation(pages.site(request), law, about)
        return pages.render(request, "articles.html", law=law, data=data)

    @router.api_route("/articles/{label}", methods=GET)
    async def article(request: Request, label: str, q: Words = "") -> Response:
        """A clause; another spelling of its number leads to its one address."""
        read = read_label(label[:100])
        clause = law.find(read) if read else None
        if clause is None:
            return pages.render(request, "missing.html", 404)
        if clause.label != label:
            return RedirectResponse(f"/articles/{clause.label}", 308)
        require_readable(q=q)
        above = _above(law, clause)
        return pages.render(
            request, "article.html",
            clause=clause, above=above, q=q, lines=[mark(q, line)[0] for line in clause.text.splitlines()],
            before=_beside(law, clause, "previous"), after=_beside(law, clause, "next"), uses=uses_of(app.world, clause.label),
            data=clause_page(pages.site(request), clause, above, about),
        )  # fmt: skip


def _above(law: Regulation, clause: Clause) -> list[Clause]:
    """The clauses around a clause, the outermost first."""
    above: list[Clause] = []
    while clause.parent:
        clause = law.clauses[clause.parent]
        above.insert(0, clause)
    return above


def _beside(law: Regulation, clause: Clause, side: str) -> Clause | None:
    """The next clause of the same kind, or where there is none the one beside its parent: reading on never stops."""
    label = getattr(clause, side)
    if label is not None:
        return law.clauses[label]
    return _beside(law, law.clauses[clause.parent], side) if clause.parent else None


def _add_faq(router: APIRouter, app: App, pages: Pages) -> None:
    knowledge = app.world.knowledge
    audiences = load_audiences(knowledge.regulation.id)

    @router.api_route("/faq", methods=GET)
    async def faq(
        request: Request, q: Words = "", who: Annotated[str, Query(max_length=40)] = "", topic: Words = ""
    ) -> Response:
        """The FAQ by topic, for one kind of reader, or searched."""
        require_readable(q=q, topic=topic)
        audience = next((a for a in audiences if a.id == who), None)
        everything = [e for e in knowledge.entries.values() if e.kind == "faq"]
        found = [entry for entry, _ in search_faq(knowledge, q)] if q.strip() else everything
        if audience:
            found = [entry for entry in found if audience.concerns(entry)]
        if topic:
            found = [entry for entry in found if entry.topic == topic]
        return pages.render(
            request, "faq.html", q=q, who=audience, topic=topic, audiences=audiences, topics=_by_topic(found),
            marked_parts={e.id: mark(q, e.question)[0] for e in found}, data=faq_page(pages.site(request), found),
        )  # fmt: skip

    @router.api_route("/faq/{name}", methods=GET)
    async def entry(request: Request, name: str) -> Response:
        """One question with its answer and the clauses' words."""
        found = knowledge.entries.get(name)
        if found is None or found.kind != "faq":
            return pages.render(request, "missing.html", 404)
        site = pages.site(request)
        trail = [("常见问题", "/faq"), (found.question, f"/faq/{found.id}")]
        return pages.render(
            request, "faq_entry.html", entry=found, others=[knowledge.entries[other] for other in found.see],
            who=[a for a in audiences if a.concerns(found)], data=[faq_page(site, [found]), breadcrumbs(site, trail)],
        )  # fmt: skip


def _by_topic(entries: list[Entry]) -> dict[str, list[Entry]]:
    topics: dict[str, list[Entry]] = {}
    for entry in entries:
        topics.setdefault(entry.topic, []).append(entry)
    return topics
