"""The chat page, its embedded form, and what pages say about themselves; asking works without JavaScript too."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.requests import Request

from bot.app import App
from bot.ask import ask_in
from bot.settings import Settings
from bot.store import Feedback
from bot.web_guard import policy
from bot.web_input import require_readable
from bot.web_metadata import robots, sitemap, website
from bot.web_problems import ProblemError
from bot.web_shapes import ABOUT, LONGEST
from bot.web_templates import Pages
from bot.web_validators import last_change, validated
from flows.checklist import checklist
from knowledge.entries import TRACKS

GET = ["GET", "HEAD"]


def make_router(app: App, settings: Settings, pages: Pages) -> APIRouter:
    """The routes of the chat page and of what belongs to the whole site."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=GET)
    async def chat(request: Request) -> Response:
        return pages.render(request, "chat.html", data=website(pages.site(request), app.world.about))

    def embedded(request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - template values
        response = pages.render(request, "embed.html", status, here="/embed", **values)
        response.headers["content-security-policy"] = policy(" ".join(["'self'", *settings.allowed_origins]))
        return response

    @router.api_route("/embed", methods=GET)
    async def embed(request: Request) -> Response:
        """The chat inside another site's page, which the operator must have allowed."""
        return embedded(request)

    @router.post("/embed")
    async def ask_embedded(request: Request, q: Annotated[str, Form()] = "") -> Response:
        """One question in that frame, without JavaScript."""
        if wrong := _unusable(q):
            return embedded(request, 422, q=q[:LONGEST], wrong=wrong)
        return embedded(request, q=q, reply=ask_in(app.world, q))

    @router.api_route("/widget", methods=GET)
    async def widget(request: Request) -> Response:
        return pages.render(request, "widget.html")

    @router.post("/ask")
    async def ask(request: Request, q: Annotated[str, Form()] = "") -> Response:
        """One question without JavaScript: no session, nothing is stored."""
        if wrong := _unusable(q):
            return pages.render(request, "chat.html", 422, q=q[:LONGEST], wrong=wrong)
        return pages.render(request, "chat.html", q=q, reply=ask_in(app.world, q))

    @router.post("/feedback")
    async def feedback(
        about: Annotated[str, Form(min_length=1, max_length=100, pattern=ABOUT)],
        useful: Annotated[bool, Form()],
    ) -> Response:
        """Whether a page was useful, without JavaScript."""
        await app.rate(Feedback("web", "", about, useful))
        return RedirectResponse("/thanks", 303)

    @router.api_route("/thanks", methods=GET)
    async def thanks(request: Request) -> Response:
        return pages.render(request, "thanks.html")

    @router.api_route("/checklist/{track}", methods=GET)
    async def printed(request: Request, track: str) -> Response:
        """What a questionnaire will ask, by department, to be printed."""
        if track not in TRACKS:
            return pages.render(request, "missing.html", 404)
        departments = checklist(track, app.world.rules)
        return pages.render(
            request, "checklist.html", track=track, departments=departments, version=app.world.rules.version
        )

    @router.api_route("/robots.txt", methods=GET)
    async def robots_txt(request: Request) -> Response:
        return validated(request, PlainTextResponse(robots(pages.site(request))))

    @router.api_route("/sitemap.xml", methods=GET)
    async def sitemap_xml(request: Request) -> Response:
        knowledge = app.world.knowledge
        paths = ["/", "/articles", "/faq", *(f"/checklist/{track}" for track in TRACKS)]
        paths += [f"/articles/{label}" for label in knowledge.regulation.clauses]
        paths += [f"/faq/{entry.id}" for entry in knowledge.entries.values() if entry.kind == "faq"]
        site, day = pages.site(request), last_change().date().isoformat()
        text = sitemap((site + path for path in paths), day)
        return validated(request, Response(text, media_type="application/xml"))

    return router


def _unusable(q: str) -> str:
    """What is wrong with a question, or nothing."""
    if not q.strip():
        return "请先写下问题。"
    if len(q) > LONGEST:
        return f"问题太长，请缩短到{LONGEST}字以内。"
    try:
        require_readable(q=q)
    except ProblemError as error:
        return f"{error.errors['q']}。"
    return ""
