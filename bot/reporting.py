"""What an interview offers beside its questions: the gap plan and the support over the years, by what was said so far."""

from collections.abc import Callable

from bot.actions import action_of
from bot.conversation import Conversation, Message, Reply, Turn
from bot.wording import say, text_reply, track_buttons
from bot.wording_gaps import word_gaps
from bot.wording_years import word_years
from bot.world import World
from flows.gap_plan import plan_gaps
from flows.questionnaire import Interview, to_profile
from flows.schedule import plan_years


def step_report(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A button or words that ask for one of these; None for anything else, and for words without an interview: those
    are a question to the regulation."""
    make = _REPLIES.get(action_of(message)[0])
    interview = conversation.interview
    if make is None or (interview is None and not message.action):
        return None
    if interview is None:
        reply = text_reply("control", say("questionnaire.stale"), buttons=track_buttons())
    else:
        reply = make(world, interview)
    return Turn(conversation, (reply,))


def _plan(world: World, interview: Interview) -> Reply:
    profile = to_profile(world.rules, interview)
    return word_gaps(world, interview.track, plan_gaps(profile, world.rules, frozenset(interview.values)))


def _years(world: World, interview: Interview) -> Reply:
    return word_years(world, interview.track, plan_years(to_profile(world.rules, interview), world.rules))


_REPLIES: dict[str, Callable[[World, Interview], Reply]] = {"plan": _plan, "years": _years}
