"""What an interview offers beside its questions: the gap plan and the support over the years, by what was said so far."""

from collections.abc import Callable

from bot.actions import action_of
from bot.conversation import Conversation, Message, Reply, Turn
from bot.wording import say, text_reply, track_buttons
from bot.wording_gaps import word_gaps
from bot.wording_years import word_years
from bot.world import World
from flows.gap_plan import plan_gaps
from flows.profile import Profile
from flows.questionnaire import Interview, to_profile
from flows.rules import Rules
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
        reply = make(world.rules, interview, to_profile(world.rules, interview))
    return Turn(conversation, (reply,))


def _plan(rules: Rules, interview: Interview, profile: Profile) -> Reply:
    plan = plan_gaps(profile, rules, frozenset(interview.values))
    return word_gaps(rules.on(profile.as_of).law, interview.track, plan)


def _years(rules: Rules, interview: Interview, profile: Profile) -> Reply:
    return word_years(rules.on(profile.as_of).law, interview.track, plan_years(profile, rules))


_REPLIES: dict[str, Callable[[Rules, Interview, Profile], Reply]] = {"plan": _plan, "years": _years}
