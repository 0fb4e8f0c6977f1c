"""The files that come with replies: made when they are fetched, so that no store holds them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from bot.calendar_file import make_calendar
from bot.conversation import Document
from bot.report_file import FORMATS, draw_kept
from bot.world import World

_MAKERS: Mapping[str, Callable[[World, Mapping[str, Any], datetime], bytes]] = {
    "calendar": make_calendar,
    "report": draw_kept,
}
"""kind of a document -> what makes its bytes of its data."""

_TYPES = {".ics": "text/calendar; charset=utf-8", **{f".{form}": name for form, name in FORMATS.items()}}


def make_document(world: World, document: Document, at: datetime) -> bytes:
    """The bytes of a document, as of a time. It may take long: not in an event loop."""
    return _MAKERS[document.kind](world, document.data, at)


def make_picture(svg: str) -> bytes:
    """A chart as PNG, for channels that show no SVG. It may take long, as above."""
    from bot.report_pdf import draw_chart  # noqa: PLC0415 - what draws pages takes long to import

    return draw_chart(svg)


def media_type(document: Document) -> str:
    """The media type, by the ending of the name."""
    return _TYPES.get(PurePath(document.name).suffix, "application/octet-stream")


def save_document(world: World, document: Document, at: datetime, folder: Path) -> Path:
    """Write a document into a folder under its name, or with a number where that is taken; whole or not at all. Where it
    is. OSError if the folder cannot be written."""
    name = PurePath(document.name)
    path, number = folder / name.name, 1
    while path.exists():
        number += 1
        path = folder / f"{name.stem}-{number}{name.suffix}"
    write_whole(path, make_document(world, document, at))
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it: whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
