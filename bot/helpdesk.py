"""Desks and contacts: the operator's file of offices, which desk a person belongs to, and how to reach it."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.conversation import Conversation
from flows.fields import PREFECTURES

PROVINCE = "province"


class OfficesError(Exception):
    """The file of offices cannot be used; the message says which entry and what would be right."""


def _place(place: str) -> str:
    if place not in {*PREFECTURES, PROVINCE}:
        raise ValueError(f'give a prefecture\'s full name, such as {PREFECTURES[0]}, or "{PROVINCE}"')
    return place


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("give an address that begins with http:// or https://")
    return url


def _day(raw: object) -> object:
    """A number would pass for seconds since 1970."""
    if not isinstance(raw, str | date):
        raise ValueError("give a date as 2026-03-31")  # noqa: TRY004 - pydantic takes ValueError
    return raw


Text = Annotated[str, Field(min_length=1, max_length=200)]
Url = Annotated[Text, AfterValidator(_address)]
Day = Annotated[date, BeforeValidator(_day)]


class _Sourced(BaseModel):
    """Whatever the file says, it says where it is from and of which day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    date: Day

    @property
    def origin(self) -> str:
        """Source and date as they are shown."""
        return f"（来源：{self.source}，{self.date}）"


class Office(_Sourced):
    """One office: a prefecture's or the province's, and how to reach it. `desk`: somebody there answers tickets, within so many
    working days (`answer_within`) where that is promised; `closed_on`, `open_on`: days on which it departs from China's calendar."""

    prefecture: Annotated[str, AfterValidator(_place)]
    name: Text
    phone: Text | None = None
    address: Text | None = None
    hours: Text | None = None
    desk: bool = False
    answer_within: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    closed_on: tuple[Day, ...] = ()
    open_on: tuple[Day, ...] = ()


class System(_Sourced):
    """Where applications are filed."""

    url: Url


class Call(_Sourced):
    """The current call for applications."""

    title: Text
    url: Url
    opens: Day | None = None
    closes: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Call":
        if self.opens and self.closes and self.closes < self.opens:
            raise ValueError("closes is before opens")
        return self


class Offices(BaseModel):
    """The operator's file, read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: tuple[Office, ...] = ()
    system: System | None = None
    call: Call | None = None

    @model_validator(mode="after")
    def _once_each(self) -> "Offices":
        places = [office.prefecture for office in self.office]
        if twice := next((place for place in places if places.count(place) > 1), None):
            raise ValueError(f"{twice} has two offices; give one for each prefecture")
        return self

    def of(self, place: str) -> Office | None:
        """The office of a prefecture or of the province."""
        return next((office for office in self.office if office.prefecture == place), None)


def read_offices(path: Path) -> Offices:
    """The file of `BEIAN_OFFICES`; OfficesError names the entry that is wrong."""
    try:
        return Offices.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise OfficesError(f"{path}: {_sentence(error.errors(include_url=False)[0])}") from None
    except OSError as error:
        raise OfficesError(f"{path}: {error.strerror}; give a TOML file in BEIAN_OFFICES") from None
    except ValueError as error:
        raise OfficesError(f"{path}: not TOML in UTF-8: {error}") from None


_WRONG = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "is not a text; put it in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is longer than 200 characters",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "tuple_type": "is not a list; write [[office]]",
}


def _sentence(error: Any) -> str:  # noqa: ANN401 - pydantic's error record
    where = ""
    for part in error["loc"]:
        where = f"[[{where}]] number {part + 1}" if isinstance(part, int) else f"{where}, {part}".strip(", ")
    if error["type"] in _WRONG:
        return f"{where} {_WRONG[error['type']]}"
    if error["type"].startswith("date"):
        return f"{where}: {error['input']!r} is no date; give one as 2026-03-31"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def belongs_to(conversation: Conversation) -> str | None:
    """Whose desk a person belongs to by what they said: `province` for those who apply there directly (第十条第（一）项),
    else the prefecture; None while neither is known."""
    values = conversation.interview.values if conversation.interview else {}
    if values.get("direct_to_province") is True:
        return PROVINCE
    return said_prefecture(conversation) or conversation.prefecture


def said_prefecture(conversation: Conversation) -> str | None:
    """The prefecture that the questionnaire was told, or None."""
    said = conversation.interview.values.get("prefecture") if conversation.interview else None
    return said if isinstance(said, str) else None


def contact_lines(offices: Offices | None, place: str) -> tuple[str, ...]:
    """How to reach the office of a place, with source and date; empty where the file has nothing."""
    office = offices.of(place) if offices else None
    if office is None:
        return ()
    details = "，".join(part for part in (office.phone, office.address, office.hours) if part)
    return (f"{office.name}：{details or '联系方式未登记'}{office.origin}",)


def application_lines(offices: Offices | None, day: date) -> tuple[str, ...]:
    """Where and when to apply by the operator's file: the system's address, and the current call as of a day."""
    if offices is None:
        return ()
    lines = [f"申报系统：{offices.system.url}{offices.system.origin}"] if offices.system else []
    if call := offices.call:
        opens, closes = call.opens, call.closes
        span = f"，申报时间{opens or ''}至{closes or ''}" if opens or closes else ""
        over = "，已截止" if closes and day > closes else "，尚未开始" if opens and day < opens else ""
        lines.append(f"申报通知：《{call.title}》{span}{over}，{call.url}{call.origin}")
    return tuple(lines)
