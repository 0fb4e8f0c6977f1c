"""我们该报哪个: both kinds of facility on the same facts, and the ways to apply with what each would pay."""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions import action_of
from bot.conversation import Button, Conversation, Message, Turn
from bot.questioning import show_next
from bot.reading_back import as_raw
from bot.wording_comparison import word_comparison
from bot.world import World
from flows import questionnaire, whatif
from flows.comparison import compare, shared_values
from flows.fact_patterns import load_patterns
from flows.filling import read_values
from flows.questionnaire import Interview
from flows.reading import Value
from knowledge.entries import TRACKS
from knowledge.query import LONGEST
from knowledge.text import normalise


def step_compare(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """The button or the question which of the two to apply for; the other questionnaire with what both ask alike."""
    name, argument = action_of(message)
    if name == "also" and argument in TRACKS:
        return _also(world, conversation, message, argument)
    text = normalise(message.text)[:LONGEST]
    if name != "compare" and not load_patterns().words["which"].search(text):
        return None
    sentences = (*conversation.context.facts, text) if text else conversation.context.facts
    told = _told(world, conversation, sentences, message)
    comparison = compare(told, world.rules)
    facts = whatif.read_facts(text)
    judged = (
        ()
        if facts.about_money
        else whatif.judge(facts, tuple(TRACKS), world.rules.on(message.day), message.day)
    )
    reply = word_comparison(world, comparison, judged, hedged=facts.hedged)
    reply = replace(reply, buttons=tuple(_buttons(conversation)))
    context = replace(
        conversation.context,
        track=None,
        entry=None,
        question=text,
        labels=tuple(c.label for c in reply.citations),
    )
    return Turn(conversation.having(context=context), (reply,))


def _told(
    world: World, conversation: Conversation, sentences: tuple[str, ...], message: Message
) -> Mapping[str, Mapping[str, Value]]:
    """What was said of each: in the questionnaires, and over it what sentences stated, the last going before."""
    told: dict[str, dict[str, Value]] = {track: {} for track in TRACKS}
    for interview in (conversation.aside, conversation.interview):
        if interview is not None:
            told[interview.track] |= questionnaire.to_profile(world.rules, interview).model_dump(
                exclude={"id", "track"}
            )
    rules = world.rules.on(message.day)
    for track in TRACKS:
        for sentence in sentences:
            told[track] |= read_values(sentence, track, None, rules, message.day).values
    return told


def _buttons(conversation: Conversation) -> list[Button]:
    """To go on: the questionnaires, the other one with what was answered already."""
    interview = conversation.interview
    if interview is None or not interview.responses:
        return [Button(f"预审：{name}", f"prescreen:{track}") for track, name in TRACKS.items()]
    other = next(track for track in TRACKS if track != interview.track)
    mine = Button(f"看{TRACKS[interview.track]}预审", "resume")
    return [Button(f"接着答{TRACKS[other]}的问题", f"also:{other}"), mine]


def _also(world: World, conversation: Conversation, message: Message, track: str) -> Turn:
    """The questionnaire of the other kind, what both ask alike being answered; the present one is put aside."""
    present, kept = conversation.interview, conversation.aside
    if present is None or present.track == track:
        return show_next(world, conversation.having(paused=False))
    begun = (
        kept
        if kept is not None and kept.track == track
        else questionnaire.start(world.rules, track, message.day)
    )
    taken = _take_shared(world, begun, present, message)
    context = replace(conversation.context, track=track)
    return show_next(
        world, conversation.having(interview=taken, aside=present, paused=False, proposed=(), context=context)
    )


def _take_shared(world: World, begun: Interview, present: Interview, message: Message) -> Interview:
    for field, value in shared_values(present.values, world.rules).items():
        if begun.values.get(field) is None:
            outcome = questionnaire.set_value(world.rules, begun, field, as_raw(value), message.day)
            begun = outcome if isinstance(outcome, Interview) else begun
    return begun
