"""Words for what the dialogue decided: templates and values -> replies with citations and buttons."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bot.conversation import Block, Button, Judged, Reply
from flows.whatif import Facts, Judgement
from knowledge.answer import read_on
from knowledge.citing import Answer, Citation, cite
from knowledge.entries import TRACKS, Entry
from knowledge.ranking import Knowledge
from knowledge.regulation import Clause

TEMPLATES = Path(__file__).parent / "templates" / "wording.toml"


@cache
def _templates() -> dict[str, Any]:
    return tomllib.loads(TEMPLATES.read_text("utf-8"))


def say(name: str, **values: Any) -> str:  # noqa: ANN401 - template values
    """The template `section.key` with its values filled in."""
    section, key = name.split(".")
    return str(_templates()[section][key]).strip().format(**values)


def _next_step(answer: Answer) -> Mapping[str, str]:
    """What to do next after an answer, by its topic: `says`, and the `label` and `action` of its button; or nothing."""
    if answer.status != "answered" or answer.entry is None:
        return {}
    step: Mapping[str, str] = _templates()["next"].get(answer.entry.topic, {})
    return step


def text_reply(outcome: Any, *texts: str, buttons: Iterable[Button] = ()) -> Reply:  # noqa: ANN401 - an Outcome
    """A reply of plain paragraphs."""
    return Reply(outcome, tuple(Block("text", text) for text in texts if text), buttons=tuple(buttons))


def quote_block(citation: Citation) -> Block:
    """A citation as a quotation to show."""
    return Block("quote", citation.quote, citation.label, citation.name)


def word_answer(knowledge: Knowledge, answer: Answer) -> Reply:
    """An answer as a reply: the sentence first, then the clauses' words, then where to go on."""
    blocks = list(_said(answer))
    blocks += [Block("text", text) for text in _who_decides(answer)]
    if answer.status == "abstained" and answer.citations:
        blocks.append(Block("text", say("answer.nearest")))
    blocks += [quote_block(citation) for citation in answer.citations]
    if step := _next_step(answer):
        blocks.append(Block("note", step["says"]))
    onward = read_on(knowledge, answer.entry) if answer.entry else ()
    return Reply(
        outcome=answer.status,
        blocks=tuple(blocks),
        citations=answer.citations,
        buttons=_next_buttons(knowledge, answer, onward),
        suggestions=tuple(entry.question for entry in onward),
        entry=answer.entry.id if answer.entry else "",
        version=answer.entry.version if answer.entry else 0,
    )


def _said(answer: Answer) -> Iterable[Block]:
    if not answer.says:
        yield Block("text", say("answer.unknown"))
    elif answer.compared:
        yield Block("table", rows=(("类别", "规定"), *answer.says))
    else:
        yield from (Block("text", sentence) for _, sentence in answer.says)


def _who_decides(answer: Answer) -> Iterable[str]:
    if answer.decides in {"department", "bureau", "call"}:
        yield say(f"answer.{answer.decides}")
    elif not answer.says:
        yield say("answer.rephrase")


def _next_buttons(knowledge: Knowledge, answer: Answer, onward: Sequence[Entry]) -> tuple[Button, ...]:
    buttons = [Button(entry.question, f"ask:{entry.id}") for entry in onward[:2]]
    if answer.status != "answered":
        return (*buttons, Button("常见问题", "faq"), Button("转人工", "human"))
    first = answer.citations[0].label.split(".")[0].split("p")[0]
    if first != answer.citations[0].label:
        buttons.append(Button(f"看{knowledge.regulation.clauses[first].name}全文", f"article:{first}"))
    if step := _next_step(answer):
        buttons.append(Button(step["label"], step["action"]))
    return tuple(buttons)


def word_judgements(
    knowledge: Knowledge, facts: Facts, judgements: Sequence[Judgement], note: str = ""
) -> Reply:
    """A judged situation: what is met or not and by how much, the working, the premises, then the clauses' words, and a
    `note` on how far it goes."""
    ordered = sorted(judgements, key=_weight)
    texts = [judgement.sentence for judgement in ordered]
    amounts = [Decimal(j.amount_wan) for j in ordered if j.amount_wan is not None]
    if len(amounts) > 1:
        texts.append(say("judged.total", total=sum(amounts)))
    assumed = tuple(dict.fromkeys(premise for j in ordered for premise in j.assumed))
    notes = [say("judged.assumed", premises="；".join(assumed))] if assumed else []
    if facts.hedged:
        notes.append(say("judged.approximate"))
    notes.append(note or (say("judged.estimate") if amounts else say("judged.partial")))
    citations = tuple(cite(knowledge, label) for label in dict.fromkeys(j.label for j in ordered))
    judged = tuple(
        Judged(j.label, j.status, j.required, j.actual, j.amount_wan, j.assumed) for j in ordered if j.counts
    )
    blocks = [Block("text", "\n".join(texts)), *map(quote_block, citations), Block("note", "\n".join(notes))]
    buttons = (Button("做完整预审", "prescreen"),)
    return Reply("answered", tuple(blocks), citations, buttons, judged)


def _weight(judgement: Judgement) -> int:
    """What decides comes first: an unmet item, an alternative that suffices, then the rest."""
    alternative = judgement.label.count(".") == 2
    if judgement.status == "unmet":
        return 3 if alternative else 0
    return 1 if alternative and judgement.status == "met" else 2


_UNITS = {"paragraph": "款", "item": "项", "subitem": "目"}
"""What the parts of an article are called."""


def word_clause(knowledge: Knowledge, clause: Clause, citation: Citation) -> Reply:
    """One clause, whole: its name first, its chapter, its words, and its neighbours as buttons."""
    heading = clause.name + (f"（{clause.chapter}）" if clause.chapter else "")
    clauses = knowledge.regulation.clauses
    unit = _UNITS.get(clause.kind, "条")
    near = [(clause.previous, f"上一{unit}"), (clause.parent, "上一级"), (clause.next, f"下一{unit}")]
    buttons = [
        Button(f"{title}：{clauses[label].name}", f"article:{label}") for label, title in near if label
    ]
    return Reply(
        "answered",
        (Block("text", heading), Block("quote", citation.quote, citation.label)),
        (citation,),
        tuple(buttons),
    )


def word_topics(entries: Iterable[Entry]) -> Reply:
    """The FAQ's topics with the number of entries, each a button."""
    count: dict[str, int] = {}
    for entry in entries:
        if entry.kind == "faq":
            count[entry.topic] = count.get(entry.topic, 0) + 1
    buttons = [Button(f"{topic}（{n}）", f"topic:{topic}") for topic, n in count.items()]
    return text_reply("control", "常见问题按主题分类，请选择，或发送“/faq 关键词”搜索：", buttons=buttons)


def word_entries(title: str, entries: Iterable[Entry]) -> Reply:
    """A list of questions as buttons."""
    buttons = [Button(entry.question, f"ask:{entry.id}") for entry in entries]
    if not buttons:
        return text_reply(
            "control", f"{title}：没有找到。可以换个词，或直接提问。", buttons=[Button("常见问题", "faq")]
        )
    return text_reply("control", f"{title}：", buttons=[*buttons, Button("返回主题", "faq")])


def track_buttons() -> tuple[Button, ...]:
    """The two kinds of facility, each starting its questionnaire."""
    return tuple(Button(name, f"prescreen:{track}") for track, name in TRACKS.items())
