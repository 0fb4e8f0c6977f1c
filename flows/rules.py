"""The measure's requirements, amounts, questions and notices as data: loaded, and checked against its own words."""

import dataclasses
import hashlib
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
from flows.provisions import (
    AllOf,
    Asking,
    Ban,
    InForce,
    Notice,
    Provision,
    Rule,
    Subsidy,
    Unasked,
)
from flows.rules_data import (
    RulesError,
    read_in_force,
    read_items,
    read_notice,
    read_provision,
    read_rule,
    read_subsidy,
    read_unasked,
)
from knowledge import regulation
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation

FOLDER = Path(__file__).parent / "yunnan-2025-11"


@dataclass(frozen=True, eq=False)
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
    departments: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Who in an applicant's house has the answers: a department -> the fields to ask it for."""
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
    rules = tuple(read_rule(law, entry) for entry in raw.pop("rule"))
    found = Rules(
        regulation=law.id,
        law=law,
        version=_version(folder, law),
        in_force=read_in_force(law, raw["in_force"]),
        ban=Ban(*read_provision(law, raw["ban"], "ban"), years=raw["ban"]["years"]),
        construction=read_subsidy(law, raw["construction"], "construction"),
        operating=read_subsidy(law, raw["operating"], "operating"),
        plaque=Provision(*read_provision(law, raw["plaque"], "plaque")),
        no_stacking=Provision(*read_provision(law, raw["no_stacking"], "no_stacking")),
        one_application=Provision(*read_provision(law, raw["one_application"], "one_application")),
        route=Provision(*read_provision(law, raw["route"], "route")),
        rules=rules,
        items=MappingProxyType({track: read_items(rules, track) for track in TRACKS}),
        askings=MappingProxyType(dict(_askings(asked, rules))),
        notices=MappingProxyType({name: read_notice(law, name, entry) for name, entry in said.items()}),
        unasked=tuple(read_unasked(law, entry) for entry in raw.get("unasked", ())),
    )
    return replace(
        found,
        evidence=_evidence(found, _toml(folder / "evidence.toml")),
        departments=_departments(found, _toml(folder / "departments.toml")),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise RulesError(f"{path.name}: {error}") from error


def _version(folder: Path, law: Regulation) -> str:
    """The text's name and the first figures of a hash of the text and the rules: equal rules, equal version."""
    digest = hashlib.sha256(law.text.encode())
    for name in ("rules.toml", "notices.toml", "evidence.toml"):
        digest.update((folder / name).read_bytes())
    return f"{law.id}+{digest.hexdigest()[:12]}"


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


def _departments(rules: Rules, raw: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    listed = [field for fields in raw.values() for field in fields]
    asked = {field for _, field in rules.askings}
    if wrong := sorted({*listed} ^ asked | {field for field in listed if listed.count(field) > 1}):
        raise RulesError(
            f"departments.toml: {', '.join(wrong)}: each field that is asked about belongs to one department"
        )
    return MappingProxyType({name: tuple(fields) for name, fields in raw.items()})


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
