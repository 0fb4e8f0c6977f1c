"""A questionnaire carried to another device: a resume code is shown here, and given there."""

from bot.actions import action_of
from bot.conversation import Button, Conversation, Effect, Handed, Message, Turn
from bot.questioning import show_next
from bot.wording import say, text_reply, track_buttons
from bot.world import World


def step_code(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """续填码: a code for this questionnaire; None for anything else."""
    if action_of(message)[0] != "code":
        return None
    interview = conversation.interview
    if interview is None or not interview.responses:
        return Turn(conversation, (text_reply("control", say("code.nothing"), buttons=track_buttons()),))
    buttons = [Button("接着填", "resume")]
    reply = text_reply(
        "control",
        say("code.issued", code="{code}"),
        say("code.meaning", days=world.retention_days),
        buttons=buttons,
    )
    return Turn(conversation.having(paused=True, proposed=()), (reply,), (Effect("issue_code"),))


def take_over(world: World, conversation: Conversation, handed: Handed) -> Turn:
    """What was found under the code that a message gave. What was begun here is put aside, not lost."""
    if handed.kind == "own":
        return show_next(world, conversation.having(paused=False), say("code.own"))
    if handed.interview is None:
        effects = (Effect("wrong_code"),) if handed.kind == "unknown" else ()
        return Turn(conversation, (text_reply("control", say(f"code.{handed.kind}")),), effects)
    present = conversation.interview
    aside = present if present is not None and present.responses else conversation.aside
    taken = conversation.having(interview=handed.interview, aside=aside, paused=False, proposed=())
    turn = show_next(world, taken, say("code.taken", count=len(handed.interview.responses)))
    return Turn(
        turn.conversation,
        turn.replies,
        (Effect("take_over", {"hash": handed.hash, "version": handed.version}),),
    )
