"""A response changed in words: 把面积改成1200, 团队填错了应该是12人, 重填设备."""

import re

from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.questioning import go_on, show_next
from bot.wording import say
from bot.wording_result import word_value
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.filling import fields_named
from flows.questionnaire import Interview, Problem

_TO = r"(?:改成|改为|换成|更正为|更改为|改到|调整为|调成|改)"
_CHANGES = (
    re.compile(rf"^(?:请|麻烦)?(?:帮我)?(?:[把将])?(?P<what>.{{1,20}}?){_TO}(?P<value>.{{1,40}})$"),
    re.compile(
        r"^(?P<what>.{2,20}?)(?:刚才|前面)?(?:填|写|说|答|输|搞)?(?:错了?|得?不对|反了)[，,。\s]*"
        r"(?:应该?(?:是|为)|应为|实际(?:是|为)?|其实是|是)?(?P<value>.{0,40})$"
    ),
    re.compile(r"^(?P<what>.{2,20}?)(?:不是.{1,12}?[，,]?(?:而|应该)?是|应该?是|应为)(?P<value>.{1,40})$"),
    re.compile(
        r"^(?:请|我要|我想|想|要)?(?:修改|更改|更正|重新?填写?|重答|改一?下|改改)(?P<what>.{2,20})(?P<value>)$"
    ),
)
_NOT_THAT = re.compile(
    rf"^(?:(?:不对|不是|错了|填错了|说错了|写错了|搞错了|等等|等一下|更正)(?:一下)?[，,。\s]*)?(?P<to>{_TO}|应该?是|应为|是)?"
    r"(?P<value>[^的]{1,40})$"
)
"""不对，改成2026年3月1日: what was answered last is meant."""

_SUPPOSES = re.compile(r"^(?:如果|要是|假如|假设|若是?|万一)|[?？吗呢]$|多少$")
_LAST = re.compile(r"^(?:上一?|前一?|刚才(?:那|的)?(?:一)?)(?:题|个|项|条)?(?:的?回答|的?答案)?$")


def change_in_words(
    world: World, conversation: Conversation, interview: Interview, message: Message
) -> Turn | None:
    """The field that the words name is changed, or asked again where no value is said; None for any other text. Where the
    words fit several fields the user chooses among them."""
    text = message.text.strip().rstrip("。.!！")
    if _SUPPOSES.search(text):
        return None
    for pattern in _CHANGES:
        if found := pattern.match(text):
            fields = _fields(world, interview, found["what"])
            if len(fields) == 1:
                return _change(world, conversation, interview, fields[0], found["value"].strip(), message)
            if fields:
                return Turn(conversation, (_which(fields, found["what"]),))
    found = _NOT_THAT.match(text)
    if found is None or found.end("value") - found.start("value") == len(text) or not interview.history:
        return None
    turn = _change_last(world, conversation, interview, found["value"].strip(), message)
    if (
        turn is None and found["to"] and found["to"] != "是"
    ):  # a 不对 at its head must not be a no to the question asked
        return show_next(world, conversation, say("questionnaire.which_change"))
    return turn


def _change_last(
    world: World, conversation: Conversation, interview: Interview, value: str, message: Message
) -> Turn | None:
    """The last response, where the value can be one; a word like 不对 may be the response to the question asked."""
    field = interview.history[-1]
    asked = questionnaire.change(world.rules, interview, field)
    outcome = (
        None
        if isinstance(asked, Problem)
        else questionnaire.respond_to(world.rules, asked, value, message.day)
    )
    return _changed(world, conversation, outcome, field) if isinstance(outcome, Interview) else None


def _fields(world: World, interview: Interview, words: str) -> tuple[str, ...]:
    """The fields that are meant: of several only those that have a response."""
    if _LAST.match(words):
        return interview.history[-1:]
    named = fields_named(words, interview.track, questionnaire.edition_of(world.rules, interview))
    if len(named) > 1:
        named = tuple(field for field in named if field in interview.values) or named
    return named


def _which(fields: tuple[str, ...], words: str) -> Reply:
    buttons = tuple(Button(f"改：{FIELDS[field].title}", f"change:{field}") for field in fields)
    return Reply("control", (Block("text", say("questionnaire.which_field", words=words)),), buttons=buttons)


def _change(
    world: World, conversation: Conversation, interview: Interview, field: str, value: str, message: Message
) -> Turn:
    asked = questionnaire.change(world.rules, interview, field)
    if isinstance(asked, Problem):
        return show_next(world, conversation, asked.text)
    outcome = questionnaire.respond_to(world.rules, asked, value, message.day) if value else None
    if outcome is None:
        return show_next(world, conversation.having(interview=asked, paused=False))
    return _changed(world, conversation.having(interview=asked), outcome, field)


def _changed(world: World, conversation: Conversation, outcome: Interview | Problem, field: str) -> Turn:
    """Go on after a change, which is told as it was read."""
    if isinstance(outcome, Problem):
        return go_on(world, conversation, outcome)
    value = word_value(field, outcome.values.get(field))
    lead = say("questionnaire.changed", title=FIELDS[field].title, value=value)
    return show_next(world, conversation.having(interview=outcome, paused=False, proposed=()), lead)
