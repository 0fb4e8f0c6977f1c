"""What a Telegram update asks of the bot, read so that a missing or odd field never costs a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from bot.conversation import Message
from bot.telegram_place import Place

CHANNEL = "telegram"
ALLOWED = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]

MEDIA = {
    "photo": "图片", "voice": "语音", "audio": "音频", "video": "视频", "video_note": "视频", "sticker": "贴纸", "animation": "动图",
    "document": "文件", "contact": "联系方式", "location": "位置", "venue": "位置", "poll": "投票", "dice": "骰子", "story": "动态",
    "paid_media": "媒体", "game": "游戏", "invoice": "账单", "live_photo": "图片", "checklist": "清单", "giveaway": "活动",
}  # fmt: skip
"""Contents that are no text, and what they are called. Other messages without text only tell what happened in the chat."""

EDITS = {"faq", "topic", "article"}
"""Buttons for finding one's way: what they lead to takes the place of the message that they are in."""

CHOICES = {"set", "skip", "back", "prescreen", "desk", "forget"}
"""Buttons that decide something: the choice is noted in the message that they are in."""

VOTES = {"useful", "useless"}
"""Buttons that say what an answer was worth; their argument is the key of the message that it answers."""

LARGEST = 2**52
"""Telegram's numbers stay below it; none above fits into the database for sure."""

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Press:
    """A press of a button: its query, which Telegram wants answered, and the message that it is in."""

    query: str
    action: str = ""
    chat: int = 0
    user: str = ""
    message: Fields = field(default_factory=dict)


@dataclass(frozen=True)
class Inline:
    """A question put in another chat by `@bot …`."""

    query: str
    text: str
    offset: str = ""


@dataclass(frozen=True)
class Membership:
    """The bot was let in or shut out: by a person (blocked), by a group."""

    chat: int
    state: Literal["in", "out"]


@dataclass(frozen=True)
class StaffSaid:
    """What somebody wrote in a topic of the staff's group: the number of that person; `wrong` names why it can be no answer."""

    key: str
    thread: int
    message: int
    person: int
    text: str
    wrong: str = ""


@dataclass(frozen=True)
class Incoming:
    """An update as the bot sees it; all of it None where it has no business with it."""

    message: Message | None = None
    press: Press | None = None
    inline: Inline | None = None
    membership: Membership | None = None
    staff: StaffSaid | None = None


NOTHING = Incoming()


def read_update(
    raw: Any,  # noqa: ANN401 - from the server
    day: date,
    bot_id: int = 0,
    bot_name: str = "",
    staff_group: int | None = None,
) -> Incoming:
    """An update as it came -> what it asks of the bot. In the staff's group nothing is ever asked."""
    key = str(_number(raw, "update_id"))
    if staff_group and _chat(raw) == staff_group:
        return _read_staff(raw, key, day, bot_id)
    if query := _part(raw, "callback_query"):
        return _read_press(query, key, day)
    if query := _part(raw, "inline_query"):
        name = _text(query, "id")
        return (
            Incoming(inline=Inline(name, _text(query, "query"), _text(query, "offset"))) if name else NOTHING
        )
    if change := _part(raw, "my_chat_member"):
        return _read_membership(change, key, day)
    said = _part(raw, "message") or _part(raw, "edited_message")
    edited = not _part(raw, "message")
    return Incoming(message=_read_message(said, key, day, edited, bot_id, bot_name)) if said else NOTHING


def _part(raw: Any, name: str) -> Fields:  # noqa: ANN401 - from the server
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def _text(raw: Fields, name: str) -> str:
    found = raw.get(name)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _number(raw: Any, name: str) -> int:  # noqa: ANN401 - from the server
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < LARGEST else 0


def _chat(raw: Any) -> int:  # noqa: ANN401 - from the server
    """The number of the chat in which something happened; 0 where it is none."""
    names = ("message", "edited_message", "my_chat_member")
    inner = next((part for name in names if (part := _part(raw, name))), None)
    return _number(_part(inner or _part(_part(raw, "callback_query"), "message"), "chat"), "id")


def _read_staff(raw: Any, key: str, day: date, bot_id: int) -> Incoming:  # noqa: ANN401 - from the server
    """What happened in the staff's group: words in a topic, or the bot let in or shut out. What one says to another is theirs."""
    if change := _part(raw, "my_chat_member"):
        return Incoming(membership=_read_membership(change, key, day).membership)
    said = _part(raw, "message") or _part(raw, "edited_message")
    person, replied, thread = _part(said, "from"), _part(said, "reply_to_message"), _thread(said)
    as_chat = bool(_part(said, "sender_chat"))
    to_colleague = not _service(replied) and _number(_part(replied, "from"), "id") != bot_id
    if not thread or _service(said) or (person.get("is_bot") and not as_chat) or to_colleague:
        return NOTHING
    text = _text(said, "text")
    wrong = (
        "public" if _text(_part(said, "chat"), "username")
        else "anonymous" if as_chat or not _number(person, "id")
        else "edited" if not _part(raw, "message")
        else "no_text" if not text or text.startswith("/")
        else ""
    )  # fmt: skip
    return Incoming(
        staff=StaffSaid(key, thread, _number(said, "message_id"), _number(person, "id"), text, wrong)
    )


def _user(chat: Fields, person: Fields) -> str:
    """Whose conversation it is: in a group each person's own, since two may fill in questionnaires at once."""
    number = _number(chat, "id")
    return str(number) if number > 0 or not person else f"{number}:{_number(person, 'id')}"


def _read_press(query: Fields, key: str, day: date) -> Incoming:
    """A button's press. One under a message that was inserted inline has no chat: it is only acknowledged."""
    message, action = _part(query, "message"), _text(query, "data") or "stale"
    chat, name = _part(message, "chat"), action.partition(":")[0]
    press = Press(_text(query, "id"), action, _number(chat, "id"), _user(chat, _part(query, "from")), message)
    if not press.chat:
        return Incoming(press=press)
    if name in VOTES:
        return Incoming(press=press)
    place = Place(pressed=_number(message, "message_id") if name in EDITS else 0, thread=_thread(message))
    return Incoming(
        Message(CHANNEL, press.user, key, day, action=action, in_group=press.chat < 0, address=place.write()),
        press,
    )


def _read_membership(change: Fields, key: str, day: date) -> Incoming:
    """A group that lets the bot in is told how to ask it; a person who blocks it is remembered."""
    chat, person = _part(change, "chat"), _part(change, "from")
    number = _number(chat, "id")
    was, now = (
        _text(_part(change, name), "status") in {"left", "kicked", ""}
        for name in ("old_chat_member", "new_chat_member")
    )
    if not number or chat.get("type") == "channel":
        return NOTHING
    membership = Membership(number, "out" if now else "in")
    if number > 0 or now or not was:
        return Incoming(membership=membership)
    return Incoming(Message(CHANNEL, _user(chat, person), key, day, action="joined"), membership=membership)


def _read_message(
    said: Fields, key: str, day: date, edited: bool, bot_id: int, bot_name: str
) -> Message | None:
    """A message as it is for the bot; None where it is none of its business: other bots, what it wrote itself for somebody
    inline, channels, groups that do not address it, notes of what happened in the chat."""
    chat, person = _part(said, "chat"), _part(said, "from")
    group = _text(chat, "type") in {"group", "supergroup"} or _number(chat, "id") < 0
    anonymous = group and _part(said, "sender_chat").get("id") == chat.get(
        "id"
    )  # an admin who writes as the group
    if not _number(chat, "id") or chat.get("type") == "channel" or said.get("is_automatic_forward"):
        return None
    if (person.get("is_bot") and not anonymous) or _number(_part(said, "via_bot"), "id") == (bot_id or -1):
        return None
    text = _text(said, "text") or _text(said, "caption")
    replied = _part(said, "reply_to_message")
    to_bot = bool(bot_id) and _number(_part(replied, "from"), "id") == bot_id
    if group:
        addressed, text = _addressed(text, bot_name)
        if not addressed and not (to_bot and not _service(replied)):
            return None
    about = _text(_part(said, "quote"), "text") or _text(replied, "text") or _text(replied, "caption")
    if group and not text and about and not to_bot:  # @bot under somebody's question: the question is meant
        text, about = about, ""
    kind = next((kind for kind in MEDIA if said.get(kind)), "")
    if not text and not kind and not (group and not _service(said)):
        return None
    place = Place(_number(said, "message_id"), thread=_thread(said), answers=group, edited=edited)
    if (album := _text(said, "media_group_id")) and not text:  # ten pictures are one message
        key = f"album:{album}"
    return Message(
        CHANNEL, _user(chat, person if group else {}), key, day, text=text, about=about[:1000], edited=edited, in_group=group,
        action="" if text else f"unreadable:{MEDIA.get(kind, '')}" if kind else "joined", address=place.write(),
    )  # fmt: skip


def _addressed(text: str, bot_name: str) -> tuple[bool, str]:
    """Whether a text names the bot, and the text without its name; a command keeps its own (`/faq@bot`)."""
    if not bot_name:
        return False, text
    name = re.compile(rf"@{re.escape(bot_name)}\b", re.IGNORECASE)
    return bool(name.search(text)), name.sub("", text).strip()


def _service(message: Fields) -> bool:
    """Whether a message only tells what happened; a forum's topics hang every message onto such a one."""
    return not any(message.get(kind) for kind in ("text", "caption", *MEDIA))


def _thread(message: Fields) -> int:
    return _number(message, "message_thread_id") if message.get("is_topic_message") else 0
