"""A question handed over to people: to which desk, with what, what the person is told, and what they do with their ticket."""

import json
import re
from dataclasses import replace
from typing import Any

from bot.actions import action_of
from bot.conversation import Button, Conversation, Effect, Message, Turn
from bot.desk_hours import due_at, hours_lines
from bot.helpdesk import PROVINCE, Office, belongs_to, contact_lines, said_prefecture
from bot.wording import say, text_reply
from bot.world import World
from flows.fields import PREFECTURES
from flows.questionnaire import Interview, to_profile
from flows.screening import screen

LONGEST_CONTACT = 200
"""Characters."""

_YES_NO = {"是": True, "是的": True, "对": True, "不是": False, "否": False, "不": False}
_AWAITED = re.compile(r"(more|contact):(\d{0,15})")


def step_human(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """/human, the choice of a desk, and what is done with a ticket; None for anything else."""
    name, argument = action_of(message)
    if name in {"human", "desk"}:
        return _hand_over(world, conversation, message, argument)
    if name in {"more", "contact"} and argument[:15].isdecimal():
        waiting = conversation.having(awaiting=f"{name}:{argument[:15]}")
        return Turn(waiting, (text_reply("control", say(f"human.ask_{name}")),))
    if name in {"solved", "withdraw"}:
        return _act(world, conversation, message, name, _number(argument))
    if name in {"say_more", "say_contact"}:
        return _act(world, conversation, message, name.removeprefix("say_"), _number(argument))
    return None


def awaited_words(conversation: Conversation, message: Message) -> Message:
    """A text that was asked for a ticket, as the action that it means; a command or a button stays what it is."""
    kind, _, place = conversation.awaiting.partition(":")
    if kind == "kind" and (yes := _YES_NO.get(message.text.strip())) is not None:
        return replace(message, text="", action=f"desk:{PROVINCE if yes else place}")
    asked = _AWAITED.fullmatch(conversation.awaiting)
    if asked is None or not message.text.strip() or message.edited or action_of(message)[0]:
        return message
    return replace(message, action=f"say_{asked[1]}:{asked[2]}")


def leaves_contact(conversation: Conversation, message: Message) -> bool:
    """Whether a message is the contact that a person was asked for and chose to leave."""
    return awaited_words(conversation, message).action.startswith("say_contact:")


def _number(argument: str) -> int | None:
    """A ticket's number; None for the person's latest."""
    return int(argument[:15]) if argument[:15].isascii() and argument[:15].isdecimal() else None


def _act(world: World, conversation: Conversation, message: Message, do: str, number: int | None) -> Turn:
    text = message.text.strip()
    if do == "contact":
        text = text[:LONGEST_CONTACT]
    office = _office(world, conversation.prefecture or "")
    data = {"do": do, "ticket": number, "text": text, "due": due_at(office, world.workdays, message.day)}
    return Turn(
        conversation,
        (text_reply("control", say(f"human.done_{do}", ticket="{ticket}")),),
        (Effect("ticket", data),),
    )


def _hand_over(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    """To the desk of the person's prefecture or the province's; each is asked only if it is not known."""
    place = argument or belongs_to(conversation) or ""
    if place not in {*PREFECTURES, PROVINCE}:
        return _ask_where(conversation)
    if not argument and place != PROVINCE and not _kind_is_known(conversation):
        buttons = [
            Button(say("human.kind_province"), f"desk:{PROVINCE}"),
            Button(say("human.kind_other", place=place), f"desk:{place}"),
        ]
        asked = text_reply("clarify", say("human.kind"), buttons=buttons)
        return Turn(conversation.having(awaiting=f"kind:{place}"), (asked,))
    conversation = conversation.having(prefecture=place)
    office = _office(world, place)
    if office is None or not office.desk:
        where = "省级" if place == PROVINCE else place
        lines = contact_lines(world.offices, place) or (say("human.no_contact"),)
        return Turn(conversation, (text_reply("handed_over", say("human.no_desk", where=where), *lines),))
    return _open(world, conversation, message, office)


def _ask_where(conversation: Conversation) -> Turn:
    buttons = [Button(p, f"desk:{p}") for p in PREFECTURES] + [Button("省级", f"desk:{PROVINCE}")]
    asked = text_reply("clarify", say("human.where"), buttons=buttons)
    return Turn(conversation.having(awaiting="desk"), (asked,))


def _kind_is_known(conversation: Conversation) -> bool:
    """Whether it was said if the applicant applies to the province directly: in the questionnaire, or by choosing a desk."""
    said = conversation.interview.values if conversation.interview else {}
    return (
        "direct_to_province" in said
        or conversation.prefecture is not None
        or not said_prefecture(conversation)
    )


def _office(world: World, place: str) -> Office | None:
    return world.offices.of(place) if world.offices else None


def _open(world: World, conversation: Conversation, message: Message, office: Office) -> Turn:
    question = conversation.context.question
    data = {
        "desk": office.prefecture,
        "name": office.name,
        "question": question,
        "due": due_at(office, world.workdays, message.day),
        "details": _details(world, conversation.interview),
    }
    lines = hours_lines(office, world.workdays, message.day)
    buttons = [
        Button(say(f"human.{name}_button"), f"{name}:{{ticket}}") for name in ("more", "contact", "withdraw")
    ]
    opened = say("human.opened", desk=office.name, ticket="{ticket}", ahead="{ahead}")
    next_ = say("human.go_on" if question else "human.write_it")
    reply = text_reply("handed_over", opened, "\n".join(lines), next_, buttons=buttons)
    waiting = conversation if question else conversation.having(awaiting="more:")
    return Turn(waiting, (reply,), (Effect("open_ticket", data),))


def _details(world: World, interview: Interview | None) -> dict[str, Any]:
    """What the questionnaire was told, and the screening as of now, in the shapes of the HTTP API."""
    if interview is None or not interview.values:
        return {"profile": None, "result": None}
    profile = to_profile(world.rules, interview)
    known = profile.model_dump(mode="json", exclude_none=True)
    result = screen(profile, world.rules).as_json()
    return {"profile": json.loads(json.dumps(known, default=str)), "result": result}
