"""The records that pass between a channel, the dialogue and the store: messages, replies, conversations."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from bot.store_tally import Count
from flows.question import Value
from flows.questionnaire import Interview
from knowledge.citing import Citation, Context

Outcome = Literal["answered", "clarify", "abstained", "asked", "result", "handed_over", "control"]
"""What a reply is: the first three are answers about the regulation, `asked` puts a question of the
questionnaire, `result` brings a pre-screen result, `handed_over` speaks of a ticket, `control` is the rest."""


@dataclass(frozen=True)
class Message:
    """What a user sent: words or a button's action, never both empty.

    `key` is the channel's own id of the update; the inbox takes each (channel, key) once.
    `day` is the civil day in China on which it arrived: the dialogue reads no clock.
    `about` has the words of an earlier message that it answers; `edited`: it was sent before, in other words;
    `in_group`: others read along.
    `address` is the channel's own note of where the replies belong.
    """

    channel: str
    user: str
    key: str
    day: date
    text: str = ""
    action: str = ""
    about: str = ""
    edited: bool = False
    in_group: bool = False
    address: str = ""


LONGEST_TEXT = 10_000
"""Characters of a message that are kept; no question needs more, and no channel takes much more."""


def storable(message: Message) -> Message:
    """The message as it can be stored: no lone surrogates and NULs, which no database takes, and no endless texts."""
    return replace(
        message, user=_clean(message.user), key=_clean(message.key), text=_clean(message.text[:LONGEST_TEXT]),
        action=_clean(message.action[:200]), about=_clean(message.about),
    )  # fmt: skip


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


@dataclass(frozen=True)
class Block:
    """One part of a reply. A `quote` is a verbatim slice of clause `label`, cited as `name`; a `text` of a result may be
    about the item `label`; a `table` has rows, the first its header; a `notice` is what a first contact is told beside the answer."""

    kind: Literal["text", "quote", "table", "note", "notice"]
    text: str = ""
    label: str = ""
    name: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    chart: str = ""


@dataclass(frozen=True)
class Button:
    """A choice under a reply; `action` is at most 64 bytes in UTF-8 (the Bot API's limit for callback data)."""

    label: str
    action: str


@dataclass(frozen=True)
class Judged:
    """One entry of `judgements` in an answer; see the README's chapter on answers. Amounts are text in 万元, two decimals."""

    label: str
    status: Literal["met", "unmet", "unknown"] | None
    required: str | None = None
    actual: str | None = None
    amount_wan: str | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A file that comes with a reply. bot/documents.py makes its bytes of `kind` and `data` (JSON) when it is fetched."""

    kind: Literal["calendar", "report"]
    name: str
    data: dict[str, Any]

    @property
    def id(self) -> str:
        """What names the document within a conversation."""
        text = json.dumps([self.kind, self.name, self.data], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Reply:
    """One reply. `text` is the whole of it as plain text; `blocks` are the same words with their kinds, for channels
    that can show a quotation or a table as such. `question` and `result` have the JSON shapes of the HTTP API. `entry` is
    the FAQ entry (or silence) that it says, and `version` that entry's."""

    outcome: Outcome
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    judgements: tuple[Judged, ...] = ()
    suggestions: tuple[str, ...] = ()
    question: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    document: Document | None = None
    entry: str = ""
    version: int = 0

    @property
    def text(self) -> str:
        """The reply as a plain text: blocks apart by an empty line, quotations in Chinese quotation marks."""
        return "\n\n".join(_plain(block) for block in self.blocks)


def _plain(block: Block) -> str:
    if block.kind == "quote":
        return (f"依据 {block.name}：\n" if block.name else "") + f"“{block.text}”"
    if block.kind == "table":
        return "\n".join("｜".join(row) for row in block.rows)
    return block.text


@dataclass(frozen=True)
class Counting:
    """The deadline counted last: its kind, and the day that it was counted from, if that is known."""

    kind: str
    start: date | None = None


@dataclass(frozen=True)
class Reminder:
    """To be told on the civil day `on` of a deadline: its kind, and the day that it is counted from."""

    number: int
    kind: str
    start: date | None
    on: date


@dataclass(frozen=True)
class Offer:
    """Responses to the questionnaire that somebody of the staff proposes on a ticket; nothing is filled in before the person
    agrees. `number` tells it from others of the same ticket."""

    ticket: int
    number: int
    track: str
    values: tuple[tuple[str, Value], ...]

    @property
    def id(self) -> str:
        """What names it in the action of a button."""
        return f"{self.ticket}.{self.number}"


@dataclass(frozen=True)
class Conversation:
    """All that is remembered of one user on one channel. The store writes it only where `version` is still the stored one."""

    channel: str
    user: str
    version: int = 0
    greeted: bool = False
    interview: Interview | None = None
    paused: bool = False
    """The questionnaire was left with 取消: what was said is kept, and no text is taken as a response to it."""

    proposed: tuple[tuple[str, Value], ...] = ()
    """What one sentence said of several fields, read back and not confirmed yet."""

    offered: Offer | None = None
    """What the staff propose to fill in, until the person agrees or refuses."""

    aside: Interview | None = None
    """The questionnaire about the other kind of facility, begun before this one."""

    context: Context = field(default_factory=Context)
    prefecture: str | None = None
    awaiting: str = ""
    """What a control step waits for (`forget`, `desk`, `deadline:KIND`, …), or nothing."""

    counting: Counting | None = None
    reminders: tuple[Reminder, ...] = ()

    @property
    def remind_on(self) -> date | None:
        """The day of the next reminder."""
        return min((reminder.on for reminder in self.reminders), default=None)

    def having(self, **changes: Any) -> "Conversation":  # noqa: ANN401 - the fields of this record
        """A copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Effect:
    """What the dialogue wants done in the store in the same transaction.

    `open_ticket` (data: desk, name, question, due, details), `ticket` (what a person does to an own ticket; data: do, ticket,
    text, due; see ticket_acts.act_of_person), `erase` (everything of this user), `export` (data: days; the reply is the user's data),
    `issue_code` (the reply shows a resume code), `take_over` (data: hash, version; the questionnaire leaves the conversation
    that issued the code), `wrong_code` (one more try that failed).
    """

    kind: Literal["open_ticket", "ticket", "erase", "export", "issue_code", "take_over", "wrong_code"]
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Handed:
    """What the store found under a resume code: a questionnaire with the code's hash and the version of the conversation
    that it is in; or why there is none (`own`: it is this conversation's)."""

    kind: Literal["found", "own", "unknown", "malformed", "too_often"]
    interview: Interview | None = None
    hash: str = ""
    version: int = 0


@dataclass(frozen=True)
class Turn:
    """What one message led to."""

    conversation: Conversation
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()
    counts: tuple[Count, ...] = ()
    """What it adds to the statistics."""
