"""What the text of an imported regulation says of itself: title, number, days in force, what it repeals and amends."""

import json
import re
import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.regulation import KnowledgeError, Regulation, squeeze

FILE = "about.toml"

_NUMBER = re.compile(r"[一-鿿]{2,12}[〔\[（(【]\d{4}[〕\]）)】]\s*第?\d+号|[一-鿿]{2,10}令第?\d+号")
_DAY = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_IN_FORCE = re.compile(
    rf"(?:本|于|自|从)[^。；]{{0,12}}?{_DAY}(?:起)?(?:施行|实施|生效|执行)|^{_DAY}(?:起)?施行$", re.MULTILINE
)
_EXPIRES = re.compile(rf"有效期(?:至|到|截至)[^。；]{{0,4}}?{_DAY}|施行至{_DAY}")
_REPEALED = re.compile(
    r"((?:《[^《》]+(?:〈[^〉]*〉[^《》]*)?》(?:[（(][^）)]*[）)])?[、和及与以]*)+)[^《。；]{0,10}废止"
)
_AMENDED = re.compile(r"(?:修改|修正)[《〈]([^《》〈〉]+)[》〉]|^([^《》]{2,40}?)修正案")
_TITLES = re.compile(r"《((?:[^《》]|〈[^〉]*〉)+)》")


@dataclass(frozen=True)
class Particulars:
    """None and empty are what the text does not say: the operator may add it in about.toml."""

    title: str
    number: str = ""
    in_force: date | None = None
    expires: date | None = None
    repeals: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()


def short_title(title: str) -> str:
    """A title without the state's name before it, as people and other regulations cite it."""
    return title.removeprefix("中华人民共和国")


def read_particulars(regulation: Regulation) -> Particulars:
    """The particulars that the text gives in its usual phrases; the first line above the articles is the title."""
    notice = regulation.clauses.get("notice")
    head = notice.text if notice else ""
    text = "\n".join(squeeze(line) for line in regulation.text.splitlines())
    title = squeeze(head.partition("\n")[0]) or regulation.id
    number = _NUMBER.search("\n".join(map(squeeze, head.splitlines())))
    return Particulars(
        title,
        number[0] if number else "",
        _day(_IN_FORCE, text),
        _day(_EXPIRES, text),
        tuple(dict.fromkeys(t for m in _REPEALED.finditer(text) for t in _TITLES.findall(m[1]))),
        tuple(m[1] or m[2] for m in _AMENDED.finditer(title)),
    )


def _day(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.search(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        return None


def write_particulars(particulars: Particulars) -> str:
    """The particulars as the lines of about.toml, what is not known left out."""
    lines = [
        f"{name} = {value if isinstance(value, date) else json.dumps(value, ensure_ascii=False)}"
        for name, value in asdict(particulars).items()
        if value
    ]
    return "\n".join(lines) + "\n"


def load_particulars(folder: Path) -> Particulars:
    """The particulars of an imported regulation; KnowledgeError if its about.toml cannot be used."""
    try:
        raw: dict[str, Any] = tomllib.loads((folder / FILE).read_text("utf-8"))
        read = Particulars(**{**raw, **{name: tuple(raw.get(name, ())) for name in ("repeals", "amends")}})
    except (OSError, ValueError, TypeError) as error:
        raise KnowledgeError(f"{folder / FILE}: {error}") from error
    for name in ("in_force", "expires"):
        day = getattr(read, name)
        if day is not None and type(day) is not date:
            raise KnowledgeError(f"{folder / FILE}, {name}: {day!r} is no day; write 2026-01-31")
    return read
