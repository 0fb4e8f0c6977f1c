"""Where a reply belongs on Telegram: kept with the message as text, for the day on which the reply is sent."""

import json
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Place:
    """`message`: the user's message; `pressed`: the bot's message whose button was pressed, to be edited; `thread`: the
    topic of a forum; `answers`: the reply is hung onto the message, as in groups; `edited`: the message was edited, and so
    are the replies to it."""

    message: int = 0
    pressed: int = 0
    thread: int = 0
    answers: bool = False
    edited: bool = False

    def write(self) -> str:
        """As text, without what is not set."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)})

    @classmethod
    def read(cls, text: str) -> Self:
        """From text; what another version wrote and this one does not know is left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in (json.loads(text) if text else {}).items() if k in known})


def chat_of(user: str) -> int:
    """The chat of a conversation: in a group each person has a conversation of their own, `chat:person`."""
    return int(user.partition(":")[0])
