"""The files that come with replies, over HTTP: each only for the session whose reply brought it."""

import asyncio
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.app import App
from bot.documents import make_document, media_type
from bot.report_file import FORMATS
from bot.responding import now
from bot.web_api import CHANNEL, ERRORS
from bot.web_problems import ProblemError

KEPT = 1000
"""How many of the last lines of a conversation are looked through for a file."""

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件", "content": {name: {} for name in ("text/calendar", *FORMATS.values())}}
}


class Wanted(BaseModel):
    """Which file of which session."""

    model_config = ConfigDict(extra="forbid")
    session: str = Field(max_length=200)
    id: str = Field(max_length=100)


def make_router(app: App) -> APIRouter:
    """The route under /api/v1."""
    router = APIRouter(prefix="/api/v1", responses=ERRORS)

    @router.post("/chat/document", response_class=Response, responses=_FILE)
    async def document(wanted: Wanted) -> Response:
        """A file that came with a reply of this session: `id` is that of the reply's `document`."""
        if not await app.knows(CHANNEL, wanted.session):
            raise ProblemError(404, {"session": "没有这个会话，或已被删除"})
        said = await app.recent(CHANNEL, app.user_of(wanted.session), KEPT)
        documents = [line.reply.document for line in said if line.reply and line.reply.document]
        found = next((d for d in documents if d.id == wanted.id), None)
        if found is None:
            raise ProblemError(404, {"id": "这个会话里没有这个文件，或已被删除；请重新导出"})
        made = await asyncio.to_thread(make_document, app.world, found, now())
        attached = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return Response(made, headers={"content-type": media_type(found), "content-disposition": attached})

    return router
