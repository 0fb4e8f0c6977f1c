"""A deadline, or all reminders, for one's own calendar."""

from bot.actions import action_of
from bot.conversation import Block, Button, Conversation, Document, Message, Reply, Turn
from bot.wording import say, text_reply
from bot.world import World
from flows.deadlines import count, load_deadlines
from knowledge.dates import read_days


def step_export(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """`calendar:KIND:START` is that deadline; without them it is every deadline with a reminder, else the one counted
    last. None for anything else."""
    name, argument = action_of(message)
    if name != "calendar":
        return None
    kind, _, started = argument.partition(":")
    if not kind and conversation.reminders:
        return _of_reminders(conversation)
    if not kind and conversation.counting:
        kind, started = conversation.counting.kind, str(conversation.counting.start or "")
    term = load_deadlines().terms.get(kind)
    read = read_days(started, message.day)
    start = read[0].exact if read else None
    if term is None or bool(term.begins) != bool(start):
        return _nothing(conversation)
    deadline = count(term, start, world.rules, world.workdays)
    if deadline.day is None:
        return _nothing(conversation)
    on = [str(r.on) for r in conversation.reminders if (r.kind, r.start) == (kind, start)]
    data = {"deadlines": [{"kind": kind, "start": str(start) if start else None, "on": on}]}
    return _with(conversation, Document("calendar", f"{term.title}-{deadline.day}.ics", data))


def _of_reminders(conversation: Conversation) -> Turn:
    """Every deadline with a reminder, once, with its alarms."""
    deadlines: dict[tuple[str, str | None], list[str]] = {}
    for reminder in conversation.reminders:
        start = str(reminder.start) if reminder.start else None
        deadlines.setdefault((reminder.kind, start), []).append(str(reminder.on))
    entries = [{"kind": kind, "start": start, "on": on} for (kind, start), on in deadlines.items()]
    return _with(conversation, Document("calendar", "期限提醒.ics", {"deadlines": entries}))


def _with(conversation: Conversation, document: Document) -> Turn:
    blocks = (Block("text", say("calendar.made", file=document.name)), Block("note", say("calendar.how")))
    return Turn(conversation, (Reply("control", blocks, document=document),))


def _nothing(conversation: Conversation) -> Turn:
    buttons = (Button("选择期限", "deadline"),)
    return Turn(conversation, (text_reply("control", say("calendar.nothing"), buttons=buttons),))
