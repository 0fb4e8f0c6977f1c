"""Several fields of the questionnaire in one sentence, and the field that a word of the user names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows.fact_patterns import Kind, load_patterns
from flows.facts import fields_of, read_facts
from flows.fields import FIELDS
from flows.figures import Figure
from flows.reading import ReadingError, Value, read_cell
from flows.response import Taken, read_choice, read_response
from flows.rules import Rules
from flows.screening import plain
from knowledge.quantity import read_quantities
from knowledge.text import normalise

_PARTS = re.compile(
    r"[，。；;、!！\n]|,(?!\d{3}(?!\d))|(?<=[^\d\s])[ \t　]+(?=[^\d\s])|另外|还有|以及|并且|而且"
)
_OWN = {
    "applicant_kind": re.compile(
        r"^(?:我们|我|本|咱们?|这边)?(?:单位|公司|学校|院|所|司)?(?:就?是|属于|作为)"
    ),
    "prefecture": re.compile(
        r"^(?:我们|我|本|咱们?|这边)?(?:单位|公司|学校|院|所|司)?(?:就?是|属于|在|位于|地处|都在)"
    ),
}
_NOT_OWN = re.compile(r"没|孵|创办|服务|客户|合作")
_REFERS = re.compile(r"(?:这|那|该)?(?:一)?(?:个|项|题|条|里|边|块|的)?$")

_MEASURES = re.compile(r"(?<=..)(?:人数|数量|数目|金额|总额)$")


@dataclass(frozen=True)
class Filling:
    """The values that a sentence states, by field; which were said as approximations, which with the field's own noun;
    and the parts with a figure that cannot be taken as it is (a range, 不到500, two figures for one field)."""

    values: Mapping[str, Value]
    approximate: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    unclear: tuple[str, ...] = ()


def read_values(text: str, track: str, asking: str | None, rules: Rules, day: date) -> Filling:
    """What a sentence says of the fields that a track asks about. A part that names no field is taken as the response to
    the question `asking`, and money is the subsidies' where that question is."""
    found: dict[str, Value] = {}
    approximate, named, unclear = set(), set(), []
    about_money = asking in (*rules.construction.fields, *rules.operating.fields)
    for part in filter(None, (normalise(p).strip() for p in _PARTS.split(text))):
        quantities = [q for q in read_quantities(part) if q.kind not in ("date", "duration")]
        if any(quantity.low is not None or quantity.hedge == "below" for quantity in quantities):
            unclear.append(part)
            continue
        stated = dict(_of_part(part, track, day, about_money=about_money)) or dict(_by_noun(part, track, day))
        named |= {field for field in (*stated, asking) if field and _has_noun(part, field, track)}
        if not stated and asking and isinstance(read := read_response(FIELDS[asking], part, day), Taken):
            stated = {} if read.value is None else {asking: read.value}
        for field, value in stated.items():
            if (track, field) not in rules.askings:
                continue
            if found.get(field, value) != value:
                unclear.append(part)
                continue
            found[field] = value
            if any(quantity.hedge for quantity in quantities):
                approximate.add(field)
    values = {field: found[field] for field in rules.fields_asked(track) if field in found}
    return Filling(values, frozenset(approximate), frozenset(named), tuple(unclear))


def _of_part(part: str, track: str, day: date, *, about_money: bool) -> Iterator[tuple[str, Value]]:
    about_money = about_money or bool(re.search(load_patterns().raw["money"]["words"], part))
    facts = read_facts(part, about_money=about_money, track=track)
    for field, figure in fields_of(load_patterns().kinds, facts, track).items():
        yield from _figure(field, figure)
    yield from _states(part)
    if not facts.figures:
        yield from _choices(part)
    yield from _dates(part, day)


def _figure(field: str, figure: Figure) -> Iterator[tuple[str, Value]]:
    try:
        yield field, read_cell(FIELDS[field], plain(round(figure.value, 4).normalize()))
    except ReadingError:  # half a person, or money where a count is due: asked by itself
        return


def _states(part: str) -> Iterator[tuple[str, Value]]:
    """A no goes before a yes: 没有独立法人 has 有独立法人 in it."""
    for field, said in load_patterns().raw["states"].items():
        for value in (False, True):
            if any(words in part for words in said[str(value).lower()]):
                yield field, value
                break


def _choices(part: str) -> Iterator[tuple[str, Value]]:
    """The kind of applicant and its prefecture, where the part speaks of the applicant itself."""
    for field, own in _OWN.items():
        if not own.search(part) or _NOT_OWN.search(part):
            continue
        if (value := read_choice(FIELDS[field], part)) is not None:
            yield field, value


def _dates(part: str, day: date) -> Iterator[tuple[str, Value]]:
    for field, words in (("revoked_on", "取消|撤销|摘牌"), ("as_of", "申报|提交|递交|报上去")):
        if re.search(words, part) and any(q.kind == "date" and q.day for q in read_quantities(part)):
            read = read_response(FIELDS[field], part, day)
            if isinstance(read, Taken) and read.value is not None:
                yield field, read.value
            return


def _kinds(track: str) -> list[Kind]:
    """What people state of themselves for a track, amounts asked for the subsidies left out."""
    return [kind for kind in load_patterns().kinds if track in kind.fields and kind.when != "subsidy"]


def _names(kind: Kind, part: str) -> bool:
    return any(noun in part for noun in kind.nouns)


def _by_noun(part: str, track: str, day: date) -> Iterator[tuple[str, Value]]:
    """A bare figure beside the noun of one field: 面积一千二."""
    fields = {kind.fields[track] for kind in _kinds(track) if _names(kind, part)}
    if len(fields) == 1:
        field = fields.pop()
        read = read_response(FIELDS[field], part, day)
        if isinstance(read, Taken) and read.value is not None and read_quantities(part):
            yield field, read.value


def _has_noun(part: str, field: str, track: str) -> bool:
    """Whether a part names a field; what is no figure is always said in words of its own."""
    kinds = [kind for kind in load_patterns().kinds if kind.fields.get(track) == field]
    if not kinds:
        return FIELDS[field].kind not in ("number", "count")
    return any(_names(kind, part) for kind in kinds)


def fields_named(words: str, track: str, rules: Rules) -> tuple[str, ...]:
    """The fields of a track that some words name: by a noun that people use for one, else by their titles."""
    wanted = _plain(_REFERS.sub("", words.strip()))
    if not wanted:
        return ()
    asked = rules.fields_asked(track)
    noun = _MEASURES.sub("", wanted)
    by_noun = dict.fromkeys(k.fields[track] for k in _kinds(track) if noun in k.nouns)
    if len(by_noun) == 1:
        return tuple(by_noun)
    titles = {field: _plain(FIELDS[field].title) for field in asked}
    exact = [field for field, title in titles.items() if title == wanted]
    return tuple(exact or [field for field, title in titles.items() if wanted in title or title in wanted])


def _plain(title: str) -> str:
    return re.sub(r"[()（）]", "", normalise(title))
