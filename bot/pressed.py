"""What a person said, as it is read: a pressed button by its label, not by the action that it stands for."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.wording import say
from knowledge.entries import TRACKS


def as_read(lines: Iterable[dict[str, Any]]) -> list[str]:
    """The texts of lines of the transcript (who, text, reply), oldest first. A button is looked for under the replies that
    stand before it, the latest first."""
    labels: dict[str, str] = {}
    texts = []
    for line in lines:
        labels |= dict(_buttons(line["reply"]))
        texts.append(
            labels.get(line["text"]) or _named(line["text"]) if line["who"] == "user" else line["text"]
        )
    return texts


def _buttons(reply: str) -> Iterator[tuple[str, str]]:
    for button in json.loads(reply)["buttons"] if reply else ():
        yield button["action"], button["label"]


def _named(text: str) -> str:
    """The buttons that stand on the chat page itself, under no reply; any other text as it is."""
    name, _, track = text.partition(":")
    return (
        say("questionnaire.begin", track=TRACKS[track]) if name == "prescreen" and track in TRACKS else text
    )
