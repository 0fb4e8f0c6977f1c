"""Reminders of deadlines: asked for in words or by a button, listed, cancelled, and worded on their day."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions import action_of
from bot.conversation import Button, Conversation, Counting, Message, Reminder, Reply, Turn
from bot.counting import ask_day, count_from
from bot.wording import say, text_reply
from bot.wording_deadline import deadline_brief, deadline_left, reminder_buttons
from bot.world import World
from flows.deadlines import Deadline, Term, count, day_after, load_deadlines, months_after
from knowledge.dates import civil_day, read_days
from knowledge.numeral import to_decimal
from knowledge.quantity import Quantity, read_quantities
from knowledge.query import read_query
from knowledge.text import normalise

MOST = 20
"""Reminders that one person may have at a time."""

_ABOUT = re.compile(r"提醒(?![他她它]|科技|省|州|主管|对方)|(?:叫|喊|通知|告诉)我一[声下]")
_ASKS = re.compile(r"[吗么]$|会不会|能不能|可不可以|可以.{0,4}[吗么]|怎么.{0,4}提醒|有没有.{0,6}提醒功能")
_LIST = re.compile(
    r"(?:我的|查看|看看|看一下|列出|有哪些|有什么|有几个|设了哪些|设了什么|哪些|全部的?|所有的?)(?:我的)?(?:设置?了?的?)?提醒(?:列表|有哪些)?$|提醒列表|设了.{0,4}提醒"
)
_CANCEL = re.compile(
    r"(?:取消|删除|删掉|删了|关掉|关闭|撤销|(?<!要)不要|不用|不需要|别|莫).{0,10}提醒|提醒.{0,6}(?:取消|删除|删掉|删了|关掉|不要了|不用了)"
)
_ALL = re.compile(r"全部|所有|都")
_NUMBER = re.compile(r"(?:第\s*)?(\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:个|条|号|项)")
_ON_THE_DAY = re.compile(r"(?:当天|那天|当日|到期日|最后一天|最后一日)(?!的?(?:之|提)?前)")
_THEN = re.compile(r"到期时|到期的?时候|到时候?|到点")
_FREE = re.compile(r"(?:能|可以|才|好)(?:再|重新)?(?:报|申报|申请)(?:的|了)|解禁")
_BEFORE = re.compile(r"(?:提前|提早|早|前|头)\s*$")
_AFTER = re.compile(r"\s*(?:之|以)?前")
_DAY_BEFORE = re.compile(r"(?:前|头)一?[天日]")


@dataclass(frozen=True)
class _Wish:
    """When somebody wishes to be reminded: so long before the last day (0 is that day), or on a day."""

    before: tuple[Quantity, ...] = ()
    on_the_day: bool = False
    when_over: bool = False
    rest: str = ""
    """The sentence without these words."""


def step_reminders(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Buttons and words about reminders; None for anything else."""
    name, argument = action_of(message)
    if name == "reminders":
        return _list(world, conversation)
    if name == "unremind":
        return _cancel(world, conversation, argument)
    if name == "remind":
        return _set_by_button(world, conversation, message, argument)
    text = normalise(message.text).rstrip("。.!?,~")
    if name or not _ABOUT.search(text):
        return None
    if _CANCEL.search(text):
        return _cancel_in_words(world, conversation, text, message.day)
    if _LIST.search(text):
        return _list(world, conversation)
    return _set_in_words(world, conversation, message, text)


def _set_in_words(world: World, conversation: Conversation, message: Message, text: str) -> Turn | None:
    """到期前三天提醒我; with the deadline in the same sentence, or the one counted last."""
    wish = _read_wish(text)
    topic = load_deadlines().spoken_of(read_query(text, world.knowledge.vocabulary).text)
    counting = conversation.counting
    term = topic or (load_deadlines().terms.get(counting.kind) if counting else None)
    if _ASKS.search(text):
        return _how(conversation) if topic is None else None
    if term is None:
        return _how(conversation)
    start = counting.start if counting and counting.kind == term.kind else None
    told = read_days(wish.rest, message.day, term.lean) if term.begins and (topic or start is None) else ()
    if told:
        start = told[0].exact
    if start is None and term.begins:
        return (
            count_from(world, conversation, term, told[0], message)
            if told
            else ask_day(world, conversation, term, message)
        )
    rest = wish.rest[told[0].end :] if told else wish.rest
    on = [day.exact for day in read_days(rest, message.day, "future") if day.exact]
    conversation = conversation.having(counting=Counting(term.kind, start))
    deadline = count(term, start, world.rules, world.workdays)
    days = [*_days_before(deadline, wish, world), *on]
    if not days:
        return _when(conversation, term, deadline, message.day)
    return _set(conversation, term, deadline, days, message.day)


def _read_wish(text: str) -> _Wish:
    """How long before, taken out of the sentence, so that 三天前 is not read as a day of the past."""
    before, rest = [], text
    for quantity in reversed(read_quantities(text)):
        told = _BEFORE.search(text[: quantity.start]) or _AFTER.match(text, quantity.end)
        if quantity.kind == "duration" and told:
            before.append(quantity)
            rest = rest[: quantity.start] + rest[quantity.end :]
    if not before and (found := _DAY_BEFORE.search(text)):
        before += read_quantities("1天")
        rest = rest[: found.start()] + rest[found.end() :]
    then = bool(_ON_THE_DAY.search(text)) or (not before and bool(_THEN.search(text)))
    return _Wish(tuple(before), then, bool(_FREE.search(text)), rest)


def _days_before(deadline: Deadline, wish: _Wish, world: World) -> list[date]:
    day = deadline.day
    if day is None:
        return []
    days = [day] if wish.on_the_day else []
    if wish.when_over and deadline.kind == "ban":
        days = [day_after(day)]
    return [*days, *(_before(day, quantity, world) for quantity in wish.before)]


def _before(day: date, quantity: Quantity, world: World) -> date:
    """A day so long before another: in working days as far as they are known, else in days or whole months."""
    length = min(int(quantity.value), 3650)
    if quantity.unit == "year":
        return months_after(day, -12 * length)
    if quantity.unit == "month":
        return months_after(day, -length) if length else day - timedelta(days=15)
    if quantity.unit == "day":
        return day - timedelta(days=length)
    while length:
        day -= timedelta(days=1)
        kind = world.workdays.kind(day)
        length -= 1 if kind is None or kind.works else 0
    return day


def _set_by_button(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    """`remind:KIND:START:DAYS`, so many days before the last day; START is empty for the period in force."""
    kind, _, rest = argument.partition(":")
    started, _, before = rest.partition(":")
    term = load_deadlines().terms.get(kind)
    read = read_days(started, message.day)
    start = read[0].exact if read else None
    if term is None or bool(term.begins) != bool(start) or not re.fullmatch(r"-?\d{1,4}", before):
        return _how(conversation)
    deadline = count(term, start, world.rules, world.workdays)
    conversation = conversation.having(counting=Counting(kind, start))
    if deadline.day is None:
        return _when(conversation, term, deadline, message.day)
    day = deadline.day - timedelta(days=int(before))
    return _set(conversation, term, deadline, [day], message.day)


def _set(conversation: Conversation, term: Term, deadline: Deadline, days: list[date], today: date) -> Turn:
    """Add the reminders that lie ahead, and say which, and why not the others."""
    lines: list[str] = []
    kept = list(conversation.reminders)
    for day in sorted({*days}):
        if day <= today:
            lines.append(say("reminder.too_late", day=civil_day(day)))
        elif any((r.kind, r.start, r.on) == (term.kind, deadline.start, day) for r in kept):
            lines.append(say("reminder.already", day=civil_day(day), title=term.title))
        elif len(kept) >= MOST:
            lines.append(say("reminder.most", most=MOST))
        else:
            number = max((r.number for r in kept), default=0) + 1
            kept.append(Reminder(number, term.kind, deadline.start, day))
    new = kept[len(conversation.reminders) :]
    if not new:
        buttons = reminder_buttons(term, deadline, today)
        return Turn(conversation, (text_reply("control", *lines, buttons=(*buttons, _LISTED)),))
    said = "、".join(civil_day(r.on) for r in new)
    lines.insert(0, say("reminder.set", days=said, ends=deadline_brief(term, deadline)))
    lines.append(_how_it_comes(conversation.channel))
    buttons = tuple(
        Button("取消这个提醒" if len(new) == 1 else f"取消{civil_day(r.on)}的", f"unremind:{r.number}")
        for r in new
    )
    after = conversation.having(reminders=tuple(kept))
    return Turn(after, (text_reply("control", *lines, buttons=(*buttons, _LISTED)),))


_LISTED = Button("我的提醒", "reminders")


def _how_it_comes(channel: str) -> str:
    return say(f"reminder.comes_{channel}" if channel in {"console", "web"} else "reminder.comes")


def _when(conversation: Conversation, term: Term, deadline: Deadline, today: date) -> Turn:
    """Ask how long before; a last day that is not known or is past has nothing to be reminded of."""
    if deadline.day is None:
        text = say("reminder.unknown", reason=deadline.unknown)
    elif deadline.day <= today:
        text = say("reminder.past", ends=deadline_brief(term, deadline))
    else:
        text = say("reminder.when", ends=deadline_brief(term, deadline))
    buttons = reminder_buttons(term, deadline, today)
    return Turn(conversation, (text_reply("control", text, buttons=buttons),))


def _how(conversation: Conversation) -> Turn:
    """There is no deadline yet to be reminded of."""
    return Turn(
        conversation,
        (text_reply("control", say("reminder.how"), buttons=(Button("选择期限", "deadline"), _LISTED)),),
    )


def _list(world: World, conversation: Conversation) -> Turn:
    if not conversation.reminders:
        return Turn(
            conversation,
            (text_reply("control", say("reminder.none"), buttons=(Button("选择期限", "deadline"),)),),
        )
    ordered = sorted(conversation.reminders, key=lambda r: r.number)
    lines = [_line(world, reminder) for reminder in ordered]
    buttons = [Button(f"取消第{r.number}个", f"unremind:{r.number}") for r in ordered]
    if len(buttons) > 1:
        buttons.append(Button("全部取消", "unremind:all"))
    buttons.append(Button("导出日历", "calendar"))
    text = say("reminder.list", count=len(lines)) + "".join(f"\n{line}" for line in lines)
    return Turn(conversation, (text_reply("control", text, buttons=buttons),))


def _line(world: World, reminder: Reminder) -> str:
    """One reminder: its number, its day, the deadline."""
    found = _deadline(world, reminder)
    ends = deadline_brief(*found) if found else ""
    return say("reminder.line", number=reminder.number, day=civil_day(reminder.on), ends=ends)


def _deadline(world: World, reminder: Reminder) -> tuple[Term, Deadline] | None:
    term = load_deadlines().terms.get(reminder.kind)
    return (term, count(term, reminder.start, world.rules, world.workdays)) if term else None


def _cancel_in_words(world: World, conversation: Conversation, text: str, today: date) -> Turn:
    """取消提醒: the only one at once; of several the one whose day, number or deadline was said, or all; else the list."""
    reminders = conversation.reminders
    term = load_deadlines().spoken_of(text)
    days = {day.exact for day in read_days(text, today, "future")}
    if on := tuple(r for r in reminders if r.on in days):
        return _without(conversation, on)
    if found := _NUMBER.search(text):
        return _cancel(world, conversation, str(int(to_decimal(found[1]) or 0)))
    if term and any(r.kind == term.kind for r in reminders):
        return _without(conversation, tuple(r for r in reminders if r.kind == term.kind))
    if len(reminders) == 1 or _ALL.search(text):
        return _cancel(world, conversation, "all")
    return _list(world, conversation)


def _cancel(world: World, conversation: Conversation, which: str) -> Turn:
    """The reminder of a number, or all."""
    gone = tuple(r for r in conversation.reminders if which in {"all", str(r.number)})
    if not gone:
        listed = _list(world, conversation)
        if conversation.reminders:
            (reply,) = listed.replies
            blocks = text_reply("control", say("reminder.no_such")).blocks
            return replace(listed, replies=(replace(reply, blocks=(*blocks, *reply.blocks)),))
        return listed
    return _without(conversation, gone)


def _without(conversation: Conversation, gone: tuple[Reminder, ...]) -> Turn:
    kept = tuple(r for r in conversation.reminders if r not in gone)
    text = say("reminder.cancelled", days="、".join(civil_day(r.on) for r in gone), left=len(kept))
    return Turn(conversation.having(reminders=kept), (text_reply("control", text, buttons=(_LISTED,)),))


def take_due(world: World, conversation: Conversation, today: date) -> Turn:
    """The reminders of a day and of days before it, worded, and the conversation without them."""
    due = tuple(r for r in conversation.reminders if r.on <= today)
    kept = tuple(r for r in conversation.reminders if r.on > today)
    found = [_deadline(world, reminder) for reminder in due]
    replies = tuple(_reminding(world, term, deadline, today) for term, deadline in filter(None, found))
    return Turn(conversation.having(reminders=kept), replies)


def _reminding(world: World, term: Term, deadline: Deadline, today: date) -> Reply:
    name = world.knowledge.regulation.clauses[term.label].name
    text = say("reminder.due", ends=deadline_brief(term, deadline), left=deadline_left(deadline.day, today))
    buttons = (Button(f"看{name}", f"article:{term.label}"), _LISTED)
    return text_reply("control", text, say("reminder.check", clause=name), buttons=buttons)
