"""Questions without a conversation kept: one on the command line, many from a file, each in a conversation of its own."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bot.conversation import Conversation, Message, Reply
from bot.current import current_world
from bot.dialogue import respond
from bot.world import World
from knowledge.answer import search_entries

_STATUS = {"answered": "answered", "abstained": "abstained"}


def answer_json(reply: Reply, record_id: object = None) -> dict[str, Any]:
    """A reply in the public shape of an answer; what is neither an answer nor a refusal only asks back."""
    shown = tuple(block for block in reply.blocks if block.kind != "notice")
    answer: dict[str, Any] = {} if record_id is None else {"id": record_id}
    return answer | {
        "status": _STATUS.get(reply.outcome, "clarify"),
        "answer": Reply(reply.outcome, shown).text,
        "citations": [dict(vars(citation)) for citation in reply.citations],
        "judgements": [_judgement(asdict(judged)) for judged in reply.judgements],
        "suggestions": list(reply.suggestions),
    }


def _judgement(judged: dict[str, Any]) -> dict[str, Any]:
    return {**judged, "assumed": list(judged["assumed"])}


def ask_in(world: World, question: str, turns: Iterable[str] = ()) -> Reply:
    """One question after its earlier turns, in a fresh conversation."""
    conversation = Conversation("ask", "ask", greeted=True)
    day = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    reply: Reply | None = None
    for number, text in enumerate([*turns, question]):
        turn = respond(world, conversation, Message("ask", "ask", str(number), day, text=text))
        conversation, reply = turn.conversation, (turn.replies or (None,))[0]
    return reply or Reply("clarify", ())


def ask_one(question: str) -> dict[str, Any]:
    """The answer to one question."""
    return answer_json(ask_in(current_world(), question))


def ask_batch(path: Path, stdout: TextIO, stderr: TextIO) -> int:
    """One answer a line for each record of a JSON Lines file, in its order; the exit status. A bad record is named by
    its line on standard error and has its own line with an `error`; the others still are answered."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # splitlines would cut at U+2028 within a text
    except OSError as error:
        print(f"beian: {path}: {error.strerror}; give a JSON Lines file", file=stderr)
        return 2
    except UnicodeDecodeError as error:
        print(
            f"beian: {path}: not UTF-8 from byte {error.start}; give a JSON Lines file in UTF-8", file=stderr
        )
        return 2
    world, failed = current_world(), False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        record, problem = _record(line)
        if problem:
            failed = True
            print(f"line {number}: {problem}", file=stderr)
            answer: dict[str, Any] = {"id": record.get("id"), "error": {"q": problem}}
        else:
            answer = answer_json(ask_in(world, record["q"], record.get("turns") or ()), record.get("id"))
        print(json.dumps(answer, ensure_ascii=False), file=stdout, flush=True)
    return 1 if failed else 0


def _record(line: str) -> tuple[dict[str, Any], str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}, 'not JSON; give {"id": "…", "q": "…"}'
    if not isinstance(record, dict):
        return {}, 'not a JSON object; give {"id": "…", "q": "…"}'
    if not isinstance(record.get("q"), str):
        return record, "q is missing or is not text"
    turns = record.get("turns") or []
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        return record, "turns is not a list of texts"
    return record, ""


def faq_text(words: str) -> str:
    """The FAQ by topic, or the entries nearest to some words with their answers."""
    world = current_world()
    knowledge = world.knowledge
    if words:
        found = search_entries(knowledge, words)
        return "\n\n".join(_entry_text(entry) for entry in found) or f"没有找到与“{words}”相符的常见问题。"
    topics: dict[str, list[str]] = {}
    for entry in knowledge.entries.values():
        if entry.kind == "faq":
            topics.setdefault(entry.topic, []).append(f"  · {entry.question}")
    return "\n".join(f"{topic}\n" + "\n".join(lines) for topic, lines in topics.items())


def _entry_text(entry: Any) -> str:  # noqa: ANN401 - an Entry
    lines = [entry.question]
    variants = [entry.common] if entry.common else list(entry.by_track.values())
    for variant in variants:
        labels = "、".join(variant.clauses)
        lines.append(f"  {variant.says}（{labels}）")
    return "\n".join(lines)
