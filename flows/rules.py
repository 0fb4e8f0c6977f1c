"""The measure's requirements, amounts, questions and notices as data: loaded, and checked against its own words."""

import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flows.evidence import Evidence, read_evidence
from flows.fields import FIELDS
from flows.provisions import AllOf, AnyOf, Ban, InForce, Provision, Requirement, Rule, Subsidy, Unasked
from knowledge import regulation
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation, squeeze

FOLDER = Path(__file__).parent / "yunnan-2025-11"


class RulesError(Exception):
    """The rules cannot be used; the message says which entry and what would be right."""


@dataclass(frozen=True)
class Asking:
    """How a field is asked about: by track, or alike for both under the track's name None."""

    field: str
    text: str
    help: str = ""
    at_most: Decimal | None = None
    alike: bool = False
    """The words differ by track, and yet the same fact is asked about."""


@dataclass(frozen=True)
class Notice:
    """What a result says beside its verdict; `text` may hold {placeholders} that screening fills."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Rules:
    """Everything that screening and the questionnaire know of the measure, for the applications of the period in force.
    `version` names the text and these rules; `amended` holds the editions that take their place later, in order."""

    regulation: str
    law: Regulation
    version: str
    in_force: InForce
    ban: Ban
    construction: Subsidy
    operating: Subsidy
    plaque: Provision
    no_stacking: Provision
    one_application: Provision
    route: Provision
    rules: tuple[Rule, ...]
    items: Mapping[str, tuple[AllOf, ...]]
    """track -> its items, in article order, without the ban and the period in force."""
    askings: Mapping[tuple[str, str], Asking]
    """(track, field) -> how it is asked about, in the order of asking."""
    notices: Mapping[str, Notice]
    unasked: tuple[Unasked, ...]
    """The words of the articles that rules rest on, of which nothing is asked."""
    evidence: Mapping[tuple[str, str], Evidence] = dataclasses.field(default_factory=dict)
    """(track, field) -> what shows it."""
    amended: tuple["Rules", ...] = ()

    def on(self, day: date | None) -> "Rules":
        """The edition that judges an application of a day: the last that has come into force by then; this one where
        there is none or the day is not known."""
        begun = [later for later in self.amended if day is not None and later.in_force.first <= day]
        return begun[-1] if begun else self

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """The clauses beside articles 8 to 10 on which questions rest."""
        return (
            self.plaque, self.in_force, self.ban, self.construction, self.operating, self.one_application,
            self.no_stacking, self.route,
        )  # fmt: skip

    def of_field(self, track: str, field: str) -> tuple[Rule, ...]:
        """The requirements on a field for a track."""
        return tuple(r for r in self.rules if r.field == field and r.track in (None, track))

    def labels(self, track: str, field: str) -> tuple[str, ...]:
        """The clauses that a field's question rests on."""
        labels = [rule.label for rule in self.of_field(track, field)]
        return tuple(dict.fromkeys([*labels, *(p.label for p in self.provisions if field in p.fields)]))

    def fields_asked(self, track: str) -> tuple[str, ...]:
        """The fields that have a question for a track, in the order of asking."""
        return tuple(field for of_track, field in self.askings if of_track == track)

    @property
    def question_count(self) -> int:
        """How many questions the longer of the two questionnaires has."""
        return max(len(self.fields_asked(track)) for track in TRACKS)


@cache
def load_rules() -> Rules:
    """The rules that are installed; see `load_editions`."""
    return load_editions(FOLDER.parent)


def load_editions(parent: Path, regulations: Path = regulation.REGULATIONS) -> Rules:
    """The rules in the folders under `parent`: the first edition, with those that amend it later."""
    folders = [path.parent for path in sorted(parent.glob("*/rules.toml"))]
    editions = [load_edition(folder, regulations) for folder in folders]
    if not editions:
        raise RulesError(f"{parent}: no folder in it has a rules.toml")
    first, *later = sorted(editions, key=lambda rules: rules.in_force.first)
    return replace(first, amended=tuple(later))


def load_edition(folder: Path, regulations: Path = regulation.REGULATIONS) -> Rules:
    """The rules of a folder; RulesError if an entry names no clause, or its words or numbers do not stand in it."""
    raw, asked, said = (_toml(folder / name) for name in ("rules.toml", "questions.toml", "notices.toml"))
    law = regulation.load(raw.get("regulation", ""), regulations)
    rules = tuple(_rule(law, entry) for entry in raw.pop("rule"))
    found = Rules(
        regulation=law.id,
        law=law,
        version=_version(folder, law),
        in_force=_in_force(law, raw["in_force"]),
        ban=Ban(*read_provision(law, raw["ban"], "ban"), years=raw["ban"]["years"]),
        construction=_subsidy(law, raw["construction"], "construction"),
        operating=_subsidy(law, raw["operating"], "operating"),
        plaque=Provision(*read_provision(law, raw["plaque"], "plaque")),
        no_stacking=Provision(*read_provision(law, raw["no_stacking"], "no_stacking")),
        one_application=Provision(*read_provision(law, raw["one_application"], "one_application")),
        route=Provision(*read_provision(law, raw["route"], "route")),
        rules=rules,
        items=MappingProxyType({track: _items(rules, track) for track in TRACKS}),
        askings=MappingProxyType(dict(_askings(asked, rules))),
        notices=MappingProxyType({name: _notice(law, name, entry) for name, entry in said.items()}),
        unasked=tuple(_unasked(law, entry) for entry in raw.get("unasked", ())),
    )
    return replace(found, evidence=_evidence(found, _toml(folder / "evidence.toml")))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise RulesError(f"{path.name}: {error}") from error


def _version(folder: Path, law: Regulation) -> str:
    """The text's name and the first figures of a hash of the text and the rules: equal rules, equal version."""
    digest = hashlib.sha256(law.text.encode())
    digest.update((folder / "rules.toml").read_bytes())
    return f"{law.id}+{digest.hexdigest()[:12]}"


def read_provision(
    law: Regulation, entry: Mapping[str, Any], where: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The label, words and fields of an entry; all are checked, and every number of the entry against the words."""
    label, words = entry["label"], entry["words"]
    slices = (words,) if isinstance(words, str) else tuple(words)
    clause = law.clauses.get(label)
    if clause is None:
        raise RulesError(f"{where}: {law.id} has no clause {label!r}; give a label such as 8.3")
    text = squeeze(clause.text)
    for piece in slices:
        if not piece or squeeze(piece) not in text:
            raise RulesError(f"{where}: {piece!r} does not stand in clause {label}; copy the words from it")
    standing = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", "".join(slices))}
    for key, value in entry.items():
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value not in standing:
            raise RulesError(f"{where}: {key} = {value} does not stand in the words of clause {label}")
    fields = tuple(entry.get("fields", ()))
    if unknown := [name for name in fields if name not in FIELDS]:
        raise RulesError(f"{where}: {', '.join(unknown)}: there is no such field in a profile")
    return label, slices, fields


def _rule(law: Regulation, entry: Mapping[str, Any]) -> Rule:
    where = f"rule {entry.get('label')} {entry.get('field')}"
    label, words, _ = read_provision(law, entry, where)
    field = FIELDS.get(entry["field"])
    if field is None:
        raise RulesError(f"{where}: there is no such field in a profile")
    if unknown := {*entry} - {"label", "words", "field", "track", "at_least", "among", "open", "either"}:
        raise RulesError(f"{where}: {', '.join(sorted(unknown))} is not part of a rule")
    if ("at_least" in entry) != (field.kind in ("number", "count")) or ("among" in entry) != bool(
        field.choices
    ):
        raise RulesError(f"{where}: a figure needs at_least, a choice among, a yes/no neither")
    if entry.get("track", "pilot_base") not in TRACKS:
        raise RulesError(f"{where}: track is one of {', '.join(TRACKS)}, or is left out for both")
    return Rule(
        label=label, field=field.name, words=words, track=entry.get("track"),
        at_least=Decimal(entry["at_least"]) if "at_least" in entry else None,
        among=tuple(entry.get("among", ())), open=tuple(entry.get("open", ())), either=entry.get("either", False),
    )  # fmt: skip


def _in_force(law: Regulation, entry: Mapping[str, Any]) -> InForce:
    label, words, fields = read_provision(law, entry, "in_force")
    if law.about is None:
        raise RulesError(f"in_force: {law.id} has no about.toml with its dates")
    for day in (law.about.in_force, law.about.expires):
        if f"{day.year}年{day.month}月{day.day}日" not in "".join(words):
            raise RulesError(f"in_force: {day} does not stand in the words of clause {label}")
    return InForce(label, words, fields, law.about.in_force, law.about.expires)


def _subsidy(law: Regulation, entry: Mapping[str, Any], where: str) -> Subsidy:
    label, words, fields = read_provision(law, entry, where)
    return Subsidy(label, words, fields, Decimal(entry["percent"]), Decimal(entry["cap_wan"]))


def _unasked(law: Regulation, entry: Mapping[str, Any]) -> Unasked:
    label, words, _ = read_provision(law, entry, f"unasked {entry.get('label')}")
    return Unasked(label, words, entry["reason"])


def _evidence(rules: Rules, raw: Mapping[str, Any]) -> Mapping[tuple[str, str], Evidence]:
    def text(track: str, field: str) -> str:
        return "".join(rules.law.clauses[label].text for label in rules.labels(track, field))

    try:
        found = read_evidence(raw, {asked: text(*asked) for asked in rules.askings})
    except ValueError as error:
        raise RulesError(f"evidence.toml: {error}") from error
    for rule in rules.rules:
        if rule.field not in raw:
            raise RulesError(f"evidence.toml: say what shows {rule.field} of {rule.label}")
    return found


def _notice(law: Regulation, name: str, entry: Mapping[str, Any]) -> Notice:
    if entry["label"] not in law.clauses:
        raise RulesError(f"notices.toml: {name}: {law.id} has no clause {entry['label']!r}")
    return Notice(name, entry["label"], entry["text"])


def _items(rules: Iterable[Rule], track: str) -> tuple[AllOf, ...]:
    by_item: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.track in (None, track):
            by_item.setdefault(".".join(rule.label.split(".")[:2]), []).append(rule)
    return tuple(_item(label, own) for label, own in by_item.items())


def _item(label: str, rules: list[Rule]) -> AllOf:
    required: list[Requirement] = [rule for rule in rules if rule.label == label]
    by_alternative: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.label != label:
            by_alternative.setdefault(rule.label, []).append(rule)
    if by_alternative:
        required.append(AnyOf(label, tuple(_alternative(*pair) for pair in by_alternative.items())))
    return AllOf(label, tuple(required))


def _alternative(label: str, rules: list[Rule]) -> Requirement:
    if len(rules) == 1:
        return rules[0]
    parts: list[Requirement] = [rule for rule in rules if not rule.either]
    if either := tuple(rule for rule in rules if rule.either):
        parts.append(AnyOf(label, either))
    return AllOf(label, tuple(parts))


def _askings(
    raw: Mapping[str, Mapping[str, Any]], rules: tuple[Rule, ...]
) -> Iterable[tuple[tuple[str, str], Asking]]:
    """Each field's question for each track: a track's own wording goes before the common one."""
    for field, entry in raw.items():
        if field not in FIELDS:
            raise RulesError(f"questions.toml: {field}: there is no such field in a profile")
        for track in TRACKS:
            own = {**entry, **entry.get(track, {})}
            if "text" in own:
                most = Decimal(own["at_most"]) if "at_most" in own else None
                yield (
                    (track, field),
                    Asking(field, own["text"], own.get("help", ""), most, own.get("alike", False)),
                )
    for rule in rules:
        for track in TRACKS if rule.track is None else (rule.track,):
            if "text" not in {**raw.get(rule.field, {}), **raw.get(rule.field, {}).get(track, {})}:
                raise RulesError(f"questions.toml: {rule.field} of {rule.label} has no question for {track}")
