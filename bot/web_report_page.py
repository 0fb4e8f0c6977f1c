"""A result as a page with its downloads. What was told stands in the address behind #, which no browser sends and no log
sees: so the page can be opened in another browser, as WeChat's users must do to download."""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from starlette.requests import Request

from bot.app import App, today
from bot.report_document import make_document, tone
from bot.report_file import FORMATS, draw_report, file_name
from bot.web_input import read_object
from bot.web_problems import ProblemError
from bot.web_templates import Pages
from flows.profile import ProfileError, read_profile
from flows.report import Report, make_report


def make_router(app: App, pages: Pages) -> APIRouter:
    """The page, the report that it shows, and its files."""
    router = APIRouter(include_in_schema=False)
    rules = app.world.rules

    @router.api_route("/report", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        return pages.render(
            request, "report_page.html", formats={"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
        )

    @router.post("/report")
    async def shown(request: Request) -> Response:
        """The report of a posted profile, as a part of the page."""
        report = _report(app, await request.body())
        document = make_document(rules, report)
        return HTMLResponse(pages.part("report.html", document=document, tone=tone))

    @router.post("/report/file")
    async def file(profile: Annotated[str, Form()], form: Annotated[str, Form()]) -> Response:
        """The report as a file, by an ordinary form: every browser can download that."""
        if form not in FORMATS:
            raise ProblemError(422, {"form": f"请选 {'、'.join(FORMATS)} 之一"})
        report = _report(app, profile.encode(errors="replace"))
        drawn = await asyncio.to_thread(draw_report, rules, report, form)
        name = quote(file_name(report.profile.track, report.made_on, form))
        return Response(
            drawn, media_type=FORMATS[form], headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"}
        )  # fmt: skip

    return router


def _report(app: App, body: bytes) -> Report:
    try:
        return make_report(read_profile(read_object(body)), app.world.rules, today())
    except ProfileError as error:
        raise ProblemError(422, dict(error.errors)) from None
