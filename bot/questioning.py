"""Where a questionnaire stands: the question asked now with its progress, or the result when nothing more is to be asked."""

from bot.conversation import Block, Button, Conversation, Reply, Turn
from bot.wording import say, text_reply, track_buttons
from bot.wording_result import word_result, word_value
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.question import question_json
from flows.questionnaire import Interview, Problem
from flows.screening import screen, show
from knowledge.text import normalise, read_quantities

LONGEST_PLAIN = 4
"""Characters of a yes or no whose reading need not be told."""


def go_on(
    world: World, conversation: Conversation, outcome: Interview | Problem, said: str = "", text: str = ""
) -> Turn:
    """Go on after a response was taken, or say what is wrong with it and ask again. `said` is the field that was answered
    in words: how they were read is told where `text` did not say it in the very form that is kept."""
    if isinstance(outcome, Problem):
        return show_next(world, conversation.having(paused=False), outcome.text)
    lead = _noted(outcome, said, text) if said else ""
    return show_next(world, conversation.having(interview=outcome, paused=False), lead)


def _noted(interview: Interview, field: str, text: str) -> str:
    """How a response in words was read: 1.5亩 is 1000平方米."""
    value = interview.values.get(field)
    if isinstance(value, bool) and len(text) <= LONGEST_PLAIN:
        return ""
    if value is None or text.strip() in {str(value), word_value(field, value), show(field, value)}:
        return ""
    noted = say("questionnaire.noted", title=FIELDS[field].title, value=word_value(field, value))
    if any(q.hedge for q in read_quantities(normalise(text))):
        noted += say("questionnaire.approximate")
    return noted


def show_next(world: World, conversation: Conversation, lead: str = "") -> Turn:
    """The question asked now, or the result when nothing more is to be asked."""
    interview = conversation.interview
    if interview is None:
        return Turn(
            conversation, (text_reply("control", say("questionnaire.none"), buttons=track_buttons()),)
        )
    prefecture = interview.values.get("prefecture")
    if isinstance(prefecture, str):
        conversation = conversation.having(prefecture=prefecture)
    if interview.asking is None:
        screening = screen(questionnaire.to_profile(world.rules, interview), world.rules)
        return Turn(conversation, (word_result(world, interview, screening, lead),))
    return Turn(conversation, (question_reply(world, interview, lead),))


def question_reply(world: World, interview: Interview, lead: str = "") -> Reply:
    """The question asked now: how far one is, its words, what is required, its clauses and choices."""
    asked = questionnaire.question(world.rules, interview)
    if asked is None:
        raise ValueError(f"{interview.asking} is asked, and there is no such question")
    done, at_most = questionnaire.progress(world.rules, interview)
    step = say("questionnaire.progress", number=done + 1, left=max(at_most - done, 1))
    law = questionnaire.edition_of(world.rules, interview).law
    labels = "、".join(law.clauses[label].name for label in asked.labels)
    blocks = [Block("text", lead)] if lead else []
    blocks.append(Block("text", f"{step}\n{asked.text}"))
    details = [asked.help, f"依据：{labels}" if labels else ""]
    if any(details):
        blocks.append(Block("note", "\n".join(line for line in details if line)))
    choices = [Button(choice.label, choice.action) for choice in asked.choices]
    controls = [
        Button("返回", "back"),
        Button("跳过", "skip"),
        Button("为什么问", "why"),
        Button("已填内容", "summary"),
    ]
    return Reply("asked", tuple(blocks), buttons=(*choices, *controls), question=question_json(asked))
