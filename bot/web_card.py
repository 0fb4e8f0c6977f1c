"""A pre-screen result as a card to show: each requirement as a row of a table, each amount beside its upper limit."""

from datetime import date
from typing import Any

from bot.wording_result import MARKS, VERDICTS, criterion_title, required_words
from bot.world import World
from flows.fields import FIELDS
from flows.provisions import Subsidy
from flows.screening import Criterion
from knowledge.regulation import Regulation


def result_card(world: World, result: dict[str, Any]) -> dict[str, Any]:
    """The card of a result in the public shape. An amount that cannot be estimated yet is null, and never zero."""
    filed = next((c["actual"] for c in result["criteria"] if c["field"] == "as_of"), None)
    rules = world.rules.on(date.fromisoformat(filed) if filed else None)
    needless = _met_by_another(result)
    return {
        "verdict": result["verdict"],
        "word": VERDICTS[result["verdict"]],
        "rows": [
            _row(c, rules.law)
            for c in result["criteria"]
            if c["label"] not in needless or c["status"] == "met"
        ],
        "amounts": [
            _amount("建设补助", result["construction_wan"], rules.construction, rules.law),
            _amount("运营补助", result["operating_wan"], rules.operating, rules.law),
        ],
        "first_year_wan": result["first_year_wan"],
    }


def _met_by_another(result: dict[str, Any]) -> set[str]:
    """Alternatives that need not be known, because another of their group holds."""
    alternatives = [c for c in result["criteria"] if c["label"].count(".") == 2]
    settled = set(result["unmet"]) | set(result["unknown"])
    return {c["label"] for c in alternatives if c["label"].rsplit(".", 1)[0] not in settled}


def _row(given: dict[str, Any], law: Regulation) -> dict[str, Any]:
    criterion = Criterion(given["label"], given["field"], given["status"], given["required"], given["actual"])
    field = FIELDS[criterion.field]
    return {
        "label": criterion.label,
        "name": law.clauses[criterion.label].name,
        "title": criterion_title(criterion),
        "required": "" if field.kind == "yes_no" else required_words(criterion.required, field.unit),
        "actual": "" if criterion.actual is None else f"{criterion.actual}{field.unit}",
        "status": criterion.status,
        "word": MARKS[criterion.status],
    }


def _amount(title: str, amount: str | None, subsidy: Subsidy, law: Regulation) -> dict[str, Any]:
    name = law.clauses[subsidy.label].name
    return {
        "title": title,
        "label": subsidy.label,
        "name": name,
        "amount_wan": amount,
        "cap_wan": f"{subsidy.cap_wan:.2f}",
    }
