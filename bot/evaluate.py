"""Question records through the real dialogue -> an accuracy card by kind of question, every miss listed."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.conversation import Conversation, Message, Reply
from bot.dialogue import respond
from bot.world import World
from knowledge.entries import Entry
from knowledge.regulation import squeeze

DAY = date(2026, 6, 1)
"""The day on which the records are asked: inside the period in force."""

MEASURES = ("article", "item", "complete", "must", "judged", "right", "refused", "abstained", "verbatim")
TITLES = {
    "article": "条对", "item": "项对", "complete": "条款齐全", "must": "要点齐全", "judged": "判断正确", "right": "未答错",
    "refused": "误拒", "abstained": "该拒则拒", "verbatim": "引文逐字",
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """How one record fared: each measure true or false, or None where it does not apply."""

    id: str
    kind: str
    question: str
    status: str
    cited: tuple[str, ...]
    gold: tuple[str, ...]
    passed: dict[str, bool | None] = field(default_factory=dict)

    @property
    def misses(self) -> tuple[str, ...]:
        """The measures on which it failed."""
        return tuple(m for m, ok in self.passed.items() if ok is (m == "refused"))


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file; ValueError names the line that is not one."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield {"turns": [], "gold": [], "must": [], "all": False, **json.loads(line)}
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path.name} line {number}: not a JSON object: {error}") from error


def ask(world: World, question: str, turns: Iterable[str] = (), day: date = DAY) -> Reply:
    """One question in a fresh conversation after its earlier turns; the last reply that is an answer."""
    conversation = Conversation("ask", "ask", greeted=True)
    replies: tuple[Reply, ...] = ()
    for number, text in enumerate([*turns, question]):
        turn = respond(world, conversation, Message("ask", "ask", str(number), day, text=text))
        conversation, replies = turn.conversation, turn.replies
    return replies[0]


def judge_record(world: World, record: dict[str, Any]) -> Verdict:
    """One record through the dialogue, measured against what it expects."""
    reply = ask(world, record["q"], record["turns"])
    cited = tuple(c.label for c in reply.citations)
    gold, inside = tuple(record["gold"]), record["scope"] == "in"
    answered = reply.outcome == "answered"
    first = cited[0] if cited and answered else ""
    right_article = _article(first) in {_article(label) for label in gold}
    text = squeeze(reply.text + "".join(c.quote for c in reply.citations))
    regulation = squeeze(world.knowledge.regulation.text)
    return Verdict(
        record["id"], record["kind"], record["q"], reply.outcome, cited, gold,
        {
            "article": right_article if inside else None,
            "item": first in gold if inside else None,
            "complete": set(gold) <= set(cited) if inside and record["all"] else None,
            "must": _says_all(reply, record, text) if inside and (record["must"] or "entry" in record) else None,
            "judged": _judged(reply, record["judge"]) if "judge" in record else None,
            "right": (right_article or not answered) if inside else not answered,
            "refused": reply.outcome == "abstained" if inside else None,
            "abstained": reply.outcome == "abstained" if not inside else None,
            "verbatim": all(_verbatim(c.quote, regulation) for c in reply.citations) if cited else None,
        },
    )  # fmt: skip


def _article(label: str) -> str:
    return label.split(".", maxsplit=1)[0].split("p", maxsplit=1)[0]


def _verbatim(quote: str, regulation: str) -> bool:
    """Every line of the quotation stands in the regulation (the marks of items are the regulation's own)."""
    return bool(quote) and squeeze(quote) in regulation


def _says_all(reply: Reply, record: dict[str, Any], text: str) -> bool:
    """Whether every part due is said, and by the entry due if the record names one."""
    by_entry = reply.entry == record.get("entry", reply.entry)
    return by_entry and all(_said(part, text) for part in record["must"])


def _said(part: str, text: str) -> bool:
    return squeeze(part) in text


def _judged(reply: Reply, expected: dict[str, str]) -> bool:
    found = {j.label: j for j in reply.judgements}
    return all(
        label in found and _same(found[label].status, found[label].amount_wan, want)
        for label, want in expected.items()
    )


def _same(status: str | None, amount: str | None, want: str) -> bool:
    if want in {"met", "unmet", "unknown"}:
        return status == want
    try:
        return amount is not None and Decimal(amount) == Decimal(want)
    except InvalidOperation:
        return False


def figures(verdicts: Iterable[Verdict]) -> dict[str, tuple[int, int]]:
    """For each measure how many passed (for `refused`: were refused), of how many to which it applies."""
    verdicts = tuple(verdicts)
    found = {m: [v.passed[m] for v in verdicts if v.passed[m] is not None] for m in MEASURES}
    return {m: (sum(map(bool, values)), len(values)) for m, values in found.items()}


def share(counted: tuple[int, int]) -> float:
    """Passed over applicable; 1 where it applies to nothing."""
    return counted[0] / counted[1] if counted[1] else 1.0


def card(verdicts: Iterable[Verdict]) -> str:
    """The accuracy card as a Markdown table: one row a kind of question, one column a measure."""
    verdicts = tuple(verdicts)
    rows = [("类型", "题数", *TITLES.values()), ("---",) * (len(MEASURES) + 2)]
    for kind in [*dict.fromkeys(v.kind for v in verdicts), "全部"]:
        group = [v for v in verdicts if kind in {v.kind, "全部"}]
        cells = [f"{share(c):.3f}" if c[1] else "–" for c in figures(group).values()]
        rows.append((kind, str(len(group)), *cells))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def evaluate(world: World, path: Path | None) -> tuple[Verdict, ...]:
    """All records of a file, and the questions that published entries bring."""
    records = [*(read_records(path) if path else ()), *regressions(world.knowledge.entries.values())]
    return tuple(judge_record(world, record) for record in records)


def regressions(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """The question that each published entry brings, as a record: the answer must be that entry's, on its clauses."""
    for entry in entries:
        if entry.version and entry.regression:
            gold = list(dict.fromkeys(label for v in entry.variants() for label in v.clauses))
            yield {
                "id": f"faq-{entry.id}", "kind": "regression", "q": entry.regression, "turns": [], "scope": "in",
                "gold": gold, "all": False, "must": [], "entry": entry.id,
            }  # fmt: skip


def report(verdicts: Iterable[Verdict]) -> str:
    """The card and, below it, every miss with what was cited and what was due."""
    verdicts = tuple(verdicts)
    lines = [card(verdicts), ""]
    for v in verdicts:
        if v.misses:
            missed = "、".join(TITLES[m] for m in v.misses)
            lines.append(
                f"{v.id} [{v.kind}] {v.question}\n    {missed}：{v.status} {' '.join(v.cited)}（应为 {' '.join(v.gold) or '拒答'}）"
            )
    return "\n".join(lines)
