"""One message and a conversation -> what to reply and the conversation after it. Pure: no clock, network or database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.actions import action_of
from bot.answering import judge, look_up, show_article, show_entries, show_entry
from bot.arriving import arrive, keep_responses, open_link, recall
from bot.beginning import step_begin
from bot.comparing import step_compare
from bot.conversation import Block, Button, Conversation, Effect, Handed, Message, Reply, Turn
from bot.counting import awaited_day, count_days, show_deadline
from bot.elsewhere import look_up_named
from bot.exporting import step_export
from bot.handing import step_code, take_over
from bot.handing_over import awaited_words, step_human
from bot.interviewing import ask_again, not_understood, respond_to, step_interview
from bot.listing import step_list
from bot.offering import step_offer
from bot.personal_data import COVERED, without_covered
from bot.reminders import step_reminders
from bot.reporting import step_report
from bot.supposing import suppose
from bot.wording import say, text_reply
from bot.world import World
from flows.fields import PREFECTURES
from knowledge.dates import civil_date

Step = Callable[[World, Conversation, Message], Turn | None]


def respond(world: World, conversation: Conversation, message: Message, handed: Handed | None = None) -> Turn:
    """What a message leads to: the first step that has a reply wins, and the last always has one. `handed` is what the
    store found under the resume code that the message gives."""
    said = message.text
    message = _awaited(conversation, replace(message, text=without_covered(said)))
    calm = conversation.having(
        awaiting=""
    )  # what was awaited is awaited once: a later 是 must not mean 确定删除
    calm = recall(world, calm, message)
    turn = take_over(world, calm, handed) if handed else _first_turn(world, calm, message)
    turn = _in_period(world, _introduce(world, conversation, ask_again(world, turn)), message)
    turn = replace(turn, replies=tuple(_still_checked(world, reply, message.day) for reply in turn.replies))
    return _tell_covered(turn) if COVERED in said else turn


def _first_turn(world: World, conversation: Conversation, message: Message) -> Turn:
    return next(turn for step in STEPS if (turn := step(world, conversation, message)))


def _awaited(conversation: Conversation, message: Message) -> Message:
    """A text that answers what the bot asked back, as the action that it means."""
    text = message.text.strip()
    if conversation.awaiting == "forget" and text in {"确定", "是", "确认", "删除", "好", "确定删除"}:
        return replace(message, text="", action="forget:yes")
    if conversation.awaiting == "desk" and (place := _prefecture_in(text)):
        return replace(message, text="", action=f"desk:{place}")
    if action := awaited_day(conversation, text, message.day):
        return replace(message, text="", action=action)
    return awaited_words(conversation, message)


def control(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """Commands, buttons and words that steer the conversation instead of asking or responding."""
    name, argument = action_of(message)
    handler = _HANDLERS.get(name)
    return handler(world, conversation, message, argument) if handler else None


def _prefecture_in(text: str) -> str | None:
    if any(word in text for word in ("省级", "省属", "省直", "驻滇")):
        return "province"
    return next((p for p in PREFECTURES if p[:2] in text), None)


def _start(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    buttons = [
        Button("做预审", "prescreen"),
        Button("常见问题", "faq"),
        Button("帮助", "help"),
        Button("转人工", "human"),
    ]
    about = world.about
    hello = say("greeting.hello", title=about.title, number=about.number)
    who = say("greeting.operator", operator=world.operator) if world.operator else say("greeting.unofficial")
    reply = text_reply("control", hello + who, say("greeting.can"), _stored(world), buttons=buttons)
    turn = Turn(conversation.having(greeted=True), (reply,))
    if linked := open_link(world, turn.conversation, message, argument):
        return linked if conversation.greeted else replace(linked, replies=(*turn.replies, *linked.replies))
    return turn


def _stored(world: World) -> str:
    return say("greeting.stored", operator=world.operator or "本机器人的运行者", days=world.retention_days)


def _help(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return Turn(
        conversation,
        (
            text_reply(
                "control",
                say("help.text"),
                buttons=[Button("做预审", "prescreen"), Button("常见问题", "faq")],
            ),
        ),
    )


def _faq(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return Turn(conversation, (show_entries(world, argument),))


def _topic(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return Turn(conversation, (show_entries(world, "", topic=argument),))


def _article(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return show_article(world, conversation, argument)


def _ask(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return show_entry(world, conversation, argument)


def _ask_for(text: str) -> Callable[[World, Conversation, Message, str], Turn]:
    """A command that asks a fixed question of the knowledge: the answer is the FAQ's, nothing is said twice."""

    def ask(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
        return look_up(world, conversation, replace(message, text=f"{text} {argument}".strip(), action=""))

    return ask


def _mydata(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    return Turn(conversation, (), (Effect("export", {"days": world.retention_days}),))


def _forget(world: World, conversation: Conversation, message: Message, argument: str) -> Turn:
    if argument == "yes":
        return Turn(
            Conversation(conversation.channel, conversation.user, conversation.version),
            (text_reply("control", say("data.forgotten", erased="{erased}", days=world.backup_days)),),
            (Effect("erase"),),
        )
    if argument == "no":
        return Turn(conversation, (text_reply("control", say("data.kept")),))
    buttons = [Button("确定删除", "forget:yes"), Button("不删除", "forget:no")]
    return Turn(
        conversation.having(awaiting="forget"), (text_reply("control", say("data.forget"), buttons=buttons),)
    )


_HANDLERS: dict[str, Callable[[World, Conversation, Message, str], Turn | None]] = {
    "start": _start, "help": _help, "faq": _faq, "topic": _topic, "article": _article, "ask": _ask,
    "subsidy": _ask_for("备案以后有哪些补助，各多少"), "procedure": _ask_for("备案的完整程序"), "deadline": show_deadline,
    "mydata": _mydata, "forget": _forget,
}  # fmt: skip


STEPS: tuple[Step, ...] = (
    arrive,
    control,
    step_human,
    step_offer,
    step_begin,
    step_interview,
    step_report,
    step_reminders,
    step_export,
    step_list,
    step_code,
    keep_responses,
    respond_to,
    look_up_named,
    count_days,
    step_compare,
    suppose,
    judge,
    not_understood,
    look_up,
)


def _introduce(world: World, before: Conversation, turn: Turn) -> Turn:
    """The first contact is told what is stored, by whom and how long, beside whatever it asked for."""
    if (
        before.greeted
        or turn.conversation.greeted
        or not turn.replies
        or any(e.kind == "erase" for e in turn.effects)
    ):
        return turn
    *others, last = turn.replies
    last = replace(last, blocks=(*last.blocks, Block("notice", _stored(world))))
    return replace(turn, conversation=turn.conversation.having(greeted=True), replies=(*others, last))


def _tell_covered(turn: Turn) -> Turn:
    """Whoever gave a number of theirs is told that nobody has it, and how to be called back."""
    if not turn.replies:
        return turn
    *others, last = turn.replies
    last = replace(last, blocks=(*last.blocks, Block("note", say("data.covered"))))
    return replace(turn, replies=(*others, last))


def _in_period(world: World, turn: Turn, message: Message) -> Turn:
    """Outside the period in force every answer ends with one line that says so (第二十条)."""
    about = world.about
    if about.in_force <= message.day <= about.expires:
        return turn
    line = say(
        "answer.expired",
        in_force=civil_date(about.in_force),
        expires=civil_date(about.expires),
        day=civil_date(message.day),
    )

    def mark(reply: Reply) -> Reply:
        if reply.outcome not in {"answered", "abstained", "clarify", "result"}:
            return reply
        return replace(reply, blocks=(*reply.blocks, Block("note", line)))

    return replace(turn, replies=tuple(mark(reply) for reply in turn.replies))


def _still_checked(world: World, reply: Reply, day: date) -> Reply:
    """An answer of the FAQ after the day up to which it was checked says so."""
    entry = world.knowledge.entries.get(reply.entry)
    if entry is None or entry.expires is None or day <= entry.expires:
        return reply
    line = say("faq.unchecked", day=civil_date(entry.expires))
    return replace(reply, blocks=(*reply.blocks, Block("note", line)))
