"""The list of what will be asked, by department, to be printed and handed round before the questionnaire begins."""

from dataclasses import dataclass

from flows.fields import FIELDS
from flows.question import question_of
from flows.rules import Rules


@dataclass(frozen=True)
class Entry:
    """One thing to find out: what kind of response is due (with its unit), how to count, what shows it, on which clauses."""

    field: str
    title: str
    text: str
    response: str
    help: str
    evidence: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Department:
    """Who is to be asked, and for what."""

    name: str
    entries: tuple[Entry, ...]


def checklist(track: str, rules: Rules) -> tuple[Department, ...]:
    """Everything that the questionnaire of a track may ask, figures first within each department."""
    departments = []
    for name, fields in rules.departments.items():
        asked = [field for field in fields if (track, field) in rules.askings]
        asked.sort(key=lambda field: FIELDS[field].kind not in ("number", "count"))
        if asked:
            departments.append(Department(name, tuple(_entry(track, field, rules) for field in asked)))
    return tuple(departments)


def _entry(track: str, field: str, rules: Rules) -> Entry:
    asked = question_of(rules, track, field, rules.in_force.first)
    shows = rules.evidence.get((track, field))
    due = {"yes_no": "是／否", "date": "年月日", "choice": "选一类"}.get(asked.type, f"＿＿＿＿{asked.unit}")
    clauses = tuple(rules.law.clauses[label].name for label in asked.labels)
    materials = (*shows.named, *shows.suggested) if shows else ()
    return Entry(field, asked.title, asked.text, due, asked.help, materials, clauses)


def as_text(track: str, rules: Rules, title: str) -> str:
    """The list as plain text, for a terminal and a printer."""
    lines = [f"{title}预审准备清单（规则版本 {rules.version}）"]
    for department in checklist(track, rules):
        lines += ["", f"【{department.name}】"]
        for entry in department.entries:
            lines.append(f"□ {entry.text}　{entry.response}")
            lines += [
                f"　　{line}"
                for line in (entry.help, _materials(entry), f"依据：{'、'.join(entry.clauses)}")
                if line
            ]
    return "\n".join(lines)


def _materials(entry: Entry) -> str:
    return f"可用来证明的材料：{'、'.join(entry.evidence)}" if entry.evidence else ""
