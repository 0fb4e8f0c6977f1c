"""Validators of what is read: an ETag and a date for each answer, and 304 where the reader has it already."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from knowledge.regulation import REGULATIONS

_OURS = (Path(__file__).parent, REGULATIONS, Path(__file__).parent.parent / "flows")


@cache
def last_change() -> datetime:
    """When any file that pages are made from was last changed, to the second."""
    newest = max(path.stat().st_mtime for folder in _OURS for path in folder.rglob("*") if path.is_file())
    return datetime.fromtimestamp(int(newest), UTC)


def validated(request: Request, response: Response) -> Response:
    """The response with its validators; 304 without a body if the request's own say that nothing has changed."""
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:20]}"'
    headers = {
        "etag": tag,
        "last-modified": format_datetime(last_change(), usegmt=True),
        "cache-control": "no-cache",
    }
    if response.status_code == 200 and _has_it(request, tag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _has_it(request: Request, tag: str) -> bool:
    """If-None-Match decides; If-Modified-Since only where it is missing (RFC 9110, 13.2.2)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        known = {given.strip().removeprefix("W/") for given in tags.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and last_change() <= since
