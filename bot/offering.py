"""Screening together: what the staff propose to fill into a person's questionnaire, and what the person says to it."""

from collections.abc import Mapping
from datetime import date

from bot import ticket_acts
from bot.actions import action_of
from bot.conversation import Block, Button, Conversation, Effect, Message, Offer, Reply, Turn
from bot.questioning import show_next
from bot.reading_back import as_raw
from bot.store import Store
from bot.tickets import Ticket
from bot.wording import say, text_reply
from bot.wording_result import VERDICTS, word_value
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.question import Value
from flows.questionnaire import Interview, Problem
from flows.screening import screen
from knowledge.entries import TRACKS

_WORDS = {"同意": "yes", "同意填上": "yes", "不同意": "no", "拒绝": "no"}


class ChangedError(Exception):
    """Something happened to the ticket or the conversation meanwhile; nothing is written."""


def filled(
    world: World, interview: Interview, given: Mapping[str, object], day: date
) -> tuple[Interview, dict[str, str]]:
    """The questionnaire with some fields set, each read and bounded as in the conversation, and by field what is wrong
    with those that cannot be taken."""
    wrong = {}
    for field, raw in given.items():
        outcome = questionnaire.set_value(world.rules, interview, field, raw, day)
        if isinstance(outcome, Problem):
            wrong[outcome.field] = outcome.text
        else:
            interview = outcome
    return interview, wrong


def interview_for(world: World, conversation: Conversation, track: str, day: date) -> Interview:
    """A person's questionnaire about a track, or a new one."""
    for known in (conversation.interview, conversation.aside):
        if known is not None and known.track == track:
            return known
    return questionnaire.start(world.rules, track, day)


def verdict_of(world: World, interview: Interview) -> str:
    """符合, 不符合 or 待定, by what is filled in."""
    return VERDICTS[screen(questionnaire.to_profile(world.rules, interview), world.rules).verdict]


def send(store: Store, world: World, ticket: Ticket, offer: Offer, act: ticket_acts.Act, day: date) -> None:
    """Ask the person of a ticket whether this may be filled in, within one transaction (`App.within`); ChangedError
    where something happened meanwhile."""
    turn = _offered(world, store.load(ticket.channel, ticket.user), offer, day)
    if not store.push(turn, act.at, "staff"):
        raise ChangedError
    if not store.transact(lambda db: ticket_acts.offer(db, ticket.id, act)):
        raise ChangedError


def _offered(world: World, conversation: Conversation, offer: Offer, day: date) -> Turn:
    before = interview_for(world, conversation, offer.track, day)
    after, _ = filled(world, before, {field: as_raw(value) for field, value in offer.values}, day)
    lines = [_line(before, field, value) for field, value in offer.values]
    heading = say("offer.heading", ticket=offer.ticket, track=TRACKS[offer.track])
    blocks = (
        Block("text", "\n".join([heading, *lines])),
        Block("text", say("offer.verdict", verdict=verdict_of(world, after))),
        Block("note", say("offer.ask")),
    )
    buttons = (
        Button(say("offer.agree"), f"offer:{offer.id}:yes"),
        Button(say("offer.refuse"), f"offer:{offer.id}:no"),
    )
    return Turn(conversation.having(offered=offer), (Reply("control", blocks, buttons=buttons),))


def _line(before: Interview, field: str, value: Value) -> str:
    line = say("filling.line", title=FIELDS[field].title, value=word_value(field, value))
    known = before.values.get(field)
    return line if known is None else line + say("filling.before", value=word_value(field, known))


def step_offer(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """What a person says to an offer, by its button or in words; None for anything else."""
    name, argument = action_of(message)
    offer = conversation.offered
    if not name and offer is not None and (word := _WORDS.get(message.text.strip(" 。.!！"))):
        name, argument = "offer", f"{offer.id}:{word}"
    if name != "offer":
        return None
    number, _, said = argument.rpartition(":")
    if offer is None or offer.id != number or said not in {"yes", "no"}:
        return Turn(conversation, (text_reply("control", say("offer.stale")),))
    after = conversation.having(offered=None)
    if said == "no":
        return Turn(after, (text_reply("control", say("offer.refused")),), (_told("refused", offer),))
    return _agreed(world, after, offer, message.day)


def _told(do: str, offer: Offer) -> Effect:
    return Effect("ticket", {"do": do, "ticket": offer.ticket, "text": ""})


def _agreed(world: World, conversation: Conversation, offer: Offer, day: date) -> Turn:
    """Filled in; the questionnaire about the other kind of facility is put aside."""
    begun = interview_for(world, conversation, offer.track, day)
    after, wrong = filled(world, begun, {field: as_raw(value) for field, value in offer.values}, day)
    other = conversation.interview
    aside = (
        other if other is not None and other.track != offer.track and other.responses else conversation.aside
    )
    if aside is not None and aside.track == offer.track:
        aside = None
    lead = [say("offer.agreed", count=len(offer.values) - len(wrong), verdict=verdict_of(world, after))]
    lead += [f"{FIELDS[field].title}：{text}" for field, text in wrong.items()]
    conversation = conversation.having(interview=after, aside=aside, proposed=(), paused=False)
    turn = show_next(world, conversation, "\n".join(lead))
    return Turn(turn.conversation, turn.replies, (_told("agreed", offer),))
