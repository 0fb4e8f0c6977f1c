"""What machines ask a worker: whether it lives (/healthz), is ready (/readyz), and how it does (/metrics)."""

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response

from bot.app import App
from bot.channel_telegram import Telegram
from bot.metrics import CONTENT_TYPE_LATEST, write_metrics
from bot.web_problems import Json

LEAVING = {"status": "leaving"}


def make_router(app: App, web: FastAPI, telegram: Telegram | None) -> APIRouter:
    """The routes. `web.state.leaving` is set while a worker that was told to stop waits for the proxy to notice."""
    router = APIRouter(include_in_schema=False)
    web.state.leaving = False

    async def check() -> dict[str, str]:
        return {**await app.ready(), "telegram": telegram.state if telegram else "off"}

    @router.get("/healthz")
    async def healthz() -> Json:
        return Json(LEAVING, 503) if web.state.leaving else Json({"status": "ok"})

    @router.get("/readyz")
    async def readyz() -> Json:
        checks = await check()
        # Without Telegram the web still answers: that is told, and no reason to send nobody here.
        ready = checks["database"] == checks["knowledge"] == "ok"
        return Json({"checks": checks}, 200 if ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        checks = await check()
        if checks["database"] == "ok":
            await app.measure()
        return Response(write_metrics(checks), media_type=CONTENT_TYPE_LATEST)

    return router
