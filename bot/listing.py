"""The list of what will be asked, by department, in a conversation, before it begins or at any time."""

from bot.actions import action_of
from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.wording import say, text_reply
from bot.world import World
from flows.checklist import checklist
from knowledge.entries import TRACKS


def step_list(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """`checklist` and 准备清单: for the kind of facility named, else the one being asked about; else which one is asked."""
    name, argument = action_of(message)
    if name != "checklist":
        return None
    interview = conversation.interview
    track = argument or (interview.track if interview else "") or conversation.context.track or ""
    if track not in TRACKS:
        buttons = [Button(title, f"checklist:{track}") for track, title in TRACKS.items()]
        return Turn(conversation, (text_reply("clarify", say("checklist.which"), buttons=buttons),))
    return Turn(
        conversation, (_word(world, track, begun=interview is not None and interview.track == track),)
    )


def _word(world: World, track: str, *, begun: bool) -> Reply:
    """One table a department: what to find out, and the response that is due with the clauses."""
    blocks = [Block("text", say("checklist.heading", track=TRACKS[track]))]
    for department in checklist(track, world.rules):
        rows = [
            (entry.title, f"{entry.response}（{'、'.join(entry.clauses)}）") for entry in department.entries
        ]
        blocks += [Block("text", department.name), Block("table", rows=(("要问的", "怎么填"), *rows))]
    blocks.append(Block("note", say("checklist.print", track=track)))
    button = Button("继续预审", "resume") if begun else Button("开始预审", f"prescreen:{track}")
    return Reply("control", tuple(blocks), buttons=(button,))
