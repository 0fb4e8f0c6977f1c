"""The pages: the chat, the clauses with permalinks, the FAQ; the essentials work without JavaScript."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.app import App
from bot.ask import ask_in
from bot.wording import say
from flows.checklist import checklist
from knowledge.answer import search_entries
from knowledge.entries import TRACKS
from knowledge.label import read_label

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def make_router(app: App) -> APIRouter:
    """The pages' routes."""
    router = APIRouter(include_in_schema=False)
    knowledge, about = app.world.knowledge, app.world.about
    stored = say(
        "greeting.stored", operator=app.world.operator or "本机器人的运行者", days=app.world.retention_days
    )
    common = {"about": about, "operator": app.world.operator, "stored": stored, "tracks": TRACKS}

    def page(name: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - template values
        return HTMLResponse(_environment().get_template(name).render(**common, **values), status)

    @router.get("/")
    async def chat() -> Response:
        return page("chat.html", reply=None, q="")

    @router.post("/ask")
    async def ask(q: Annotated[str, Form(max_length=4000)] = "") -> Response:
        """One question without JavaScript: no session, nothing is stored."""
        return page("chat.html", reply=ask_in(app.world, q) if q.strip() else None, q=q)

    @router.get("/articles")
    async def articles() -> Response:
        return page("articles.html", regulation=knowledge.regulation)

    @router.get("/articles/{label}")
    async def article(label: str) -> Response:
        read = read_label(label[:100])
        clause = knowledge.regulation.find(read) if read else None
        if clause is None:
            return page("missing.html", 404)
        entries = [
            e
            for e in knowledge.entries.values()
            if e.kind == "faq" and any(clause.label in v.clauses for v in e.variants())
        ]
        return page("article.html", clause=clause, clauses=knowledge.regulation.clauses, entries=entries)

    @router.get("/checklist/{track}")
    async def printed(track: str) -> Response:
        """What a questionnaire will ask, by department, to be printed."""
        if track not in TRACKS:
            return page("missing.html", 404)
        rules = app.world.rules
        departments = checklist(track, rules)
        return page("checklist.html", track=track, departments=departments, version=rules.version)

    @router.get("/faq")
    async def faq(q: Annotated[str, Query(max_length=400)] = "") -> Response:
        found = (
            search_entries(knowledge, q)
            if q.strip()
            else [e for e in knowledge.entries.values() if e.kind == "faq"]
        )
        topics: dict[str, list[Any]] = {}
        for entry in found:
            topics.setdefault(entry.topic, []).append(entry)
        return page("faq.html", topics=topics, q=q, clauses=knowledge.regulation.clauses)

    return router
