"""Desks and contacts: the operator's file of offices, which desk a person belongs to, and how to reach it."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.fields import PREFECTURES


class OfficesError(Exception):
    """The file of offices cannot be used; the message says which line and what would be right."""


@dataclass(frozen=True)
class Office:
    """One office: whose it is (a prefecture's full name, or `province`), how to reach it, since when and from where.

    `desk` says that somebody there answers tickets."""

    place: str
    name: str
    source: str
    date: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    desk: bool = False


@dataclass(frozen=True)
class Notice:
    """The application system's address or the current call, with source and date."""

    text: str
    source: str
    date: str


@dataclass(frozen=True)
class Offices:
    """The operator's file, read."""

    offices: tuple[Office, ...] = ()
    system: Notice | None = None
    call: Notice | None = None
    known: dict[str, Office] = field(default_factory=dict)


def read_offices(path: Path) -> Offices:
    """The file of `BEIAN_OFFICES`; OfficesError names the entry that is wrong."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OfficesError(f"{path}: {error}") from error
    offices = tuple(_office(path, number, item) for number, item in enumerate(raw.get("office", []), 1))
    return Offices(
        offices, _notice(path, "system", raw.get("system")), _notice(path, "call", raw.get("call")),
        {office.place: office for office in offices},
    )  # fmt: skip


def _office(path: Path, number: int, item: dict[str, Any]) -> Office:
    where = f"{path}: [[office]] number {number}"
    missing = [key for key in ("place", "name", "source", "date") if not item.get(key)]
    if missing:
        raise OfficesError(
            f"{where}: {', '.join(missing)} is missing; every office needs place, name, source and date"
        )
    if item["place"] not in {*PREFECTURES, "province"}:
        raise OfficesError(
            f'{where}: place = {item["place"]!r} is neither a prefecture\'s full name nor "province"'
        )
    texts = {key: str(value) for key, value in item.items() if key != "desk"}
    if unknown := sorted(set(texts) - {"place", "name", "source", "date", "phone", "address", "hours"}):
        raise OfficesError(f"{where}: {', '.join(unknown)} is not part of an office")
    return Office(**texts, desk=item.get("desk") is True)


def _notice(path: Path, name: str, item: dict[str, Any] | None) -> Notice | None:
    if item is None:
        return None
    missing = [key for key in ("text", "source", "date") if not item.get(key)]
    if missing:
        raise OfficesError(f"{path}: [{name}]: {', '.join(missing)} is missing; give text, source and date")
    return Notice(str(item["text"]), str(item["source"]), str(item["date"]))


def desk_for(offices: Offices | None, place: str) -> str | None:
    """The name of the desk that answers tickets from a place, or None where there is none."""
    office = offices.known.get(place) if offices else None
    return office.name if office and office.desk else None


def contact_lines(offices: Offices | None, place: str) -> tuple[str, ...]:
    """How to reach the office of a place, with source and date; empty where the file has nothing."""
    office = offices.known.get(place) if offices else None
    if office is None:
        return ()
    details = "，".join(part for part in (office.phone, office.address, office.hours) if part)
    return (f"{office.name}：{details or '联系方式未登记'}（来源：{office.source}，{office.date}）",)
