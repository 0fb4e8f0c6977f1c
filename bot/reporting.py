"""What an interview offers beside its questions, by what was said so far: gap plan, support over the years, report."""

from bot.actions import action_of
from bot.conversation import Block, Button, Conversation, Document, Message, Reply, Turn
from bot.report_document import spaced
from bot.report_file import FORMATS, file_name
from bot.wording import say, text_reply, track_buttons
from bot.wording_gaps import word_gaps
from bot.wording_years import word_years
from bot.world import World
from flows.gap_plan import plan_gaps
from flows.profile import Profile
from flows.questionnaire import Interview, to_profile
from flows.report import Report, inputs_of, make_report
from flows.rules import Rules
from flows.schedule import plan_years


def step_report(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A button or words that ask for one of these; None for anything else, and for words without an interview: those
    are a question to the regulation."""
    name, argument = action_of(message)
    interview = conversation.interview
    if name not in ("plan", "years", "report") or (interview is None and not message.action):
        return None
    if interview is None:
        reply = text_reply("control", say("questionnaire.stale"), buttons=track_buttons())
        return Turn(conversation, (reply,))
    profile = to_profile(world.rules, interview)
    match name:
        case "plan":
            reply = _plan(world.rules, interview, profile)
        case "years":
            reply = _years(world.rules, interview, profile)
        case _:
            form = argument if argument in FORMATS else "pdf"
            reply = _report(make_report(profile, world.rules, message.day, frozenset(interview.values)), form)
    return Turn(conversation, (reply,))


def _plan(rules: Rules, interview: Interview, profile: Profile) -> Reply:
    plan = plan_gaps(profile, rules, frozenset(interview.values))
    return word_gaps(rules.on(profile.as_of).law, interview.track, plan)


def _years(rules: Rules, interview: Interview, profile: Profile) -> Reply:
    return word_years(rules.on(profile.as_of).law, interview.track, plan_years(profile, rules))


def _report(report: Report, form: str) -> Reply:
    """A reply with the report as its document, which holds what was told: the file is made when it is fetched."""
    inputs, made_on = inputs_of(report.profile, report.answered), report.made_on.isoformat()
    name = file_name(report.profile.track, report.made_on, form)
    document = Document("report", name, {"inputs": inputs, "made_on": made_on, "form": form})
    blocks = (
        Block("text", say("report.made", file=name, receipt=spaced(report.receipt))),
        Block("note", say("report.how")),
    )
    buttons = tuple(Button(label, f"report:{other}") for other, label in _FORMS.items() if other != form)
    return Reply("control", blocks, buttons=buttons, document=document)


_FORMS = {"pdf": "PDF 版", "docx": "Word 版", "xlsx": "Excel 版"}
