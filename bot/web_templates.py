"""Pages from templates: what every page knows, assets named by their content, links with the site's own address."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.types import Scope

from bot.app import App
from bot.request_id import request_id
from bot.settings import Settings
from bot.upkeep import CHINA
from bot.web_problems import TITLES
from bot.web_validators import validated
from bot.wording import say
from knowledge.entries import TRACKS

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals.update(asset=asset, integrity=integrity)
    environment.filters.update(
        local=local_time,
        action=lambda name: _named("staff_action", name),
        event=lambda name: _named("staff_event", name),
        staff=staff_name,
    )
    return environment


def local_time(stamp: str) -> str:
    """A stored time as it is read in China, to the minute; empty for none."""
    return datetime.fromisoformat(stamp).astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if stamp else ""


def staff_name(number: int, names: Mapping[int, str]) -> str:
    """Who did something: an account, the operator (0), or (below) somebody of the staff's Telegram group."""
    if number < 0:
        return say("staff.telegram", number=-number)
    return names.get(number) or (say("staff.operator") if number == 0 else "")


def _named(section: str, name: str) -> str:
    """What is done, in Chinese; the word itself where there is none yet."""
    try:
        return say(f"{section}.{name}")
    except KeyError:
        return name


@cache
def _digest(name: str) -> bytes:
    return hashlib.sha384((STATIC / name).read_bytes()).digest()


def asset(name: str) -> str:
    """The address of a static file, which changes with its content: it can be kept for ever."""
    return f"/static/{name}?v={_digest(name).hex()[:12]}"


def integrity(name: str) -> str:
    """What the browser checks a script or a style sheet against before it uses it."""
    return f"sha384-{base64.b64encode(_digest(name)).decode()}"


class Assets(StaticFiles):
    """The static files. One that is asked for by its content's name never changes."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or that there is none."""
        response = await super().get_response(path, scope)
        lasting = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response


class Pages:
    """Renders the templates with what every page knows of this installation."""

    def __init__(self, app: App, settings: Settings) -> None:
        world = app.world
        self._public_url = settings.public_url
        self._common = {
            "about": world.about,
            "operator": world.operator,
            "stored": say(
                "greeting.stored", operator=world.operator or "本机器人的运行者", days=world.retention_days
            ),
            "tracks": TRACKS,
            "clauses": world.knowledge.regulation.clauses,
        }

    def site(self, request: Request) -> str:
        """The site's address without a slash at its end: as the operator set it, or as it was asked for."""
        return self._public_url or str(request.base_url).rstrip("/")

    def render(self, request: Request, name: str, /, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - template values
        """A page with its validators, or 304 where the reader has it."""
        site = self.site(request)
        known = {**self._common, "site": site, "path": request.url.path, **values}
        html = _environment().get_template(name).render(**known)
        return validated(request, HTMLResponse(html, status))

    def part(self, name: str, /, **values: Any) -> str:  # noqa: ANN401 - template values
        """A part of a page, for a script to put into it."""
        return _environment().get_template(name).render(**values)

    def trouble(
        self, request: Request, status: int, errors: dict[str, str], headers: dict[str, str] | None = None
    ) -> Response:
        """The page for what went wrong."""
        if status == 404:
            response = self.render(request, "missing.html", 404)
        else:
            title = TITLES.get(status, "请求有误")
            response = self.render(
                request,
                "trouble.html",
                status,
                title=title,
                reasons=list(errors.values()),
                request_id=request_id(),
            )
        response.headers.update(headers or {})
        return response
