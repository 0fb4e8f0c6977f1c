"""Words for what is kept of a person: a copy to read, and how much was erased."""

from typing import Any

from bot.conversation import Reply
from bot.store import Erased
from bot.wording import say, text_reply
from bot.wording_result import word_value
from flows.deadlines import load_deadlines
from flows.fields import FIELDS
from knowledge.entries import TRACKS

WHO = {"user": "您", "bot": "备案通", "staff": "工作人员"}


def word_export(data: dict[str, Any], days: int) -> Reply:
    """Everything kept of a person (the store's `export`), to read and to keep; `days` is the retention."""
    lines = [*_of_conversation(data["conversation"]), *_of_store(data)]
    said = [f"{row['at'][:16]} {WHO[row['who']]}：{row['text']}" for row in data["transcript"]]
    since = (data["created_at"] or "")[:10] or say("data.today")
    return text_reply(
        "control",
        say("data.kept_since", since=since, days=days),
        "\n".join(lines) or say("data.only_words"),
        say("data.transcript", count=len(said)),
        "\n".join(said),
        say("data.rights"),
    )


def _of_conversation(conversation: dict[str, Any]) -> list[str]:
    lines = []
    for interview in filter(None, (conversation.get("interview"), conversation.get("aside"))):
        responses = "；".join(_response(field, value) for field, value in interview["responses"])
        lines.append(say("data.interview", track=TRACKS[interview["track"]], responses=responses))
    if conversation.get("prefecture"):
        place = conversation["prefecture"]
        lines.append(say("data.prefecture", prefecture="省级" if place == "province" else place))
    for reminder in conversation.get("reminders", ()):
        term = load_deadlines().terms.get(reminder["kind"])
        lines.append(say("data.reminder", day=reminder["on"], title=term.title if term else reminder["kind"]))
    return lines


def _response(field: str, value: object) -> str:
    title = FIELDS[field].title if field in FIELDS else field
    return f"{title}：{word_value(field, value)}"


def _of_store(data: dict[str, Any]) -> list[str]:
    lines = [say("data.code", at=row["created_at"][:16]) for row in data["resume_code"]]
    for ticket in data["tickets"]:
        left = {name: ticket[name] or say("data.none") for name in ("question", "contact", "answer")}
        opened = ticket["opened_at"][:16]
        lines.append(say("data.ticket", id=ticket["id"], desk=ticket["desk"], opened_at=opened, **left))
    for given in data["feedback"]:
        useful = say("data.useful" if given["useful"] else "data.useless")
        comment = given["comment"] and f"：{given['comment']}"
        lines.append(say("data.rating", at=given["at"][:16], useful=useful, comment=comment))
    return lines + [say("data.waiting", text=text) for text in data["waiting"]]


def word_erased(erased: Erased) -> str:
    """How much an erasure took, as part of a sentence."""
    counts = ((name, getattr(erased, name)) for name in Erased.__dataclass_fields__)
    parts = [say(f"data.erased_{name}", count=count) for name, count in counts if count]
    return "、".join(parts) or say("data.erased_nothing")
