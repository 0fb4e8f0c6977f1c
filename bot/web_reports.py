"""Reports over HTTP: the report of a profile that is posted, or its support over the years as a chart."""

import asyncio
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from bot.app import App, today
from bot.chart import draw_years
from bot.report_file import FORMATS, draw_report, file_name
from bot.web_api import ERRORS, PROFILE_BODY
from bot.web_input import read_object
from bot.web_problems import ProblemError
from flows.profile import ProfileError, read_profile
from flows.report import make_report

_CHART = "image/svg+xml"
_TYPES = {**FORMATS, "svg": _CHART}


def make_router(app: App) -> APIRouter:
    """The route under /api/v1."""
    router = APIRouter(prefix="/api/v1", responses=ERRORS)
    content = {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _TYPES.values()
    }

    @router.post(
        "/prescreen/report",
        response_class=Response,
        responses={200: {"description": "文件", "content": content}},
        openapi_extra=PROFILE_BODY,
    )
    async def report(request: Request, format: Literal["pdf", "docx", "xlsx", "svg"] = "pdf") -> Response:  # noqa: A002 - the query's name
        """The report of one profile as a file; `svg` is the chart of its support over the years."""
        try:
            profile = read_profile(read_object(await request.body()))
        except ProfileError as error:
            raise ProblemError(422, dict(error.errors)) from None
        made = make_report(profile, app.world.rules, today())
        if format == "svg":
            drawn = draw_years(made.schedule).encode()
        else:
            drawn = await asyncio.to_thread(draw_report, app.world.rules, made, format)
        name = quote(file_name(profile.track, made.made_on, format))
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "x-content-type-options": "nosniff",
        }
        return Response(drawn, media_type=_TYPES[format], headers=headers)

    return router
