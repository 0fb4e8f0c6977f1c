"""Answers from the imported regulations: one that a question names, or one that covers what the measure does not."""

import re
from datetime import date

from bot.conversation import Block, Button, Conversation, Message, Reply, Turn
from bot.wording import say, text_reply
from bot.world import World
from knowledge.citing import Answer
from knowledge.dates import civil_date
from knowledge.library import (
    Library,
    cite_imported,
    clauses_asked,
    named_in,
    names_of,
    nearest,
    nearest_in,
)
from knowledge.query import LONGEST
from knowledge.regulation import Clause
from knowledge.text import normalise

NOTHING_ASKED = re.compile(
    r"[\s,。?!、《》()“”]|是?什么|怎么|说|讲|规定|内容|有|的|了|呢|吗|看|查|一下|请问|知道|你|我|想"
)
"""What a text says beside a name if it asks nothing of it."""

SHOWN = 3
"""How many clauses one reply quotes."""


def look_up_named(world: World, conversation: Conversation, message: Message) -> Turn | None:
    """A question that names an imported regulation: its article, or what there is of it."""
    library, text = world.library, normalise(message.text)[:LONGEST]
    if library is None or not text:
        return None
    named = named_in(library, text, message.day)
    if named is None or _speaks_of_the_measure(world, text, named[1]):
        return None
    regulation_id, name = named
    rest = text.replace(name, " ")
    asked = NOTHING_ASKED.sub(" ", rest)
    if not asked.strip():
        says = say(
            "elsewhere.about", source=_source(library, regulation_id), count=_count(library, regulation_id)
        )
        return _turn(conversation, text_reply("clarify", says))
    clauses, missing = clauses_asked(library, regulation_id, rest)
    if missing and not clauses:
        says = say(
            "elsewhere.no_clause",
            source=_source(library, regulation_id),
            count=_count(library, regulation_id),
        )
        return _turn(conversation, text_reply("abstained", says, buttons=_BUTTONS))
    if not clauses and (found := nearest_in(library, regulation_id, asked)):
        clauses = [found]
    if not clauses:
        says = say("elsewhere.not_found", source=_source(library, regulation_id))
        return _turn(conversation, text_reply("abstained", says, buttons=_BUTTONS))
    says = say("elsewhere.named", source=_source(library, regulation_id))
    return _turn(conversation, _quoted(library, regulation_id, clauses, (says,), message.day))


def look_up_beyond(world: World, conversation: Conversation, message: Message, own: Answer) -> Turn | None:
    """A question that the measure does not cover, by its `own` answer, and an imported regulation in force does."""
    library, text = world.library, normalise(message.text)[:LONGEST]
    if library is None or not text:
        return None
    neighbouring = own.entry is not None and own.entry.kind == "outside" and own.entry.about == "neighbour"
    unknown = not (own.says or own.citations or own.entry)
    if own.status != "abstained" or not (neighbouring or unknown):
        return None
    found = nearest(library, text, message.day)
    if found is None:
        return None
    regulation_id, clause = found
    says = (
        *([sentence for _, sentence in own.says] or [say("elsewhere.not_covered")]),
        say("elsewhere.beyond", source=_source(library, regulation_id)),
    )
    return _turn(conversation, _quoted(library, regulation_id, [clause], says, message.day))


_BUTTONS = (Button("常见问题", "faq"), Button("转人工", "human"))


def _count(library: Library, regulation_id: str) -> int:
    return len(library.read(regulation_id).articles())


def _turn(conversation: Conversation, reply: Reply) -> Turn:
    return Turn(conversation, (reply,))


def _speaks_of_the_measure(world: World, text: str, name: str) -> bool:
    """Whether a text is about the measure itself, which keeps precedence: 本办法, or a name that is the measure's own."""
    own = names_of(normalise(world.about.title))
    return "本办法" in text or any(name in title or title in text for title in own)


def _source(library: Library, regulation_id: str) -> str:
    """《题名》（文号，自某日起施行）, as far as they are known."""
    own = library.particulars[regulation_id]
    told = [own.number] if own.number else []
    if own.in_force:
        told.append(f"自{civil_date(own.in_force)}起施行")
    if own.expires:
        told.append(f"有效期至{civil_date(own.expires)}")
    return f"《{own.title}》" + (f"（{'，'.join(told)}）" if told else "")


def _quoted(
    library: Library, regulation_id: str, clauses: list[Clause], says: tuple[str, ...], day: date
) -> Reply:
    """The clauses word for word. The quotations have no label: a label opens a clause of the measure."""
    citations = tuple(cite_imported(library, regulation_id, clause) for clause in clauses[:SHOWN])
    return Reply(
        outcome="answered",
        blocks=(
            *(Block("text", sentence) for sentence in says),
            *(Block("quote", c.quote, "", c.name) for c in citations),
            *(Block("note", line) for line in _warnings(library, regulation_id, day)),
        ),
        citations=citations,
    )


def _warnings(library: Library, regulation_id: str, day: date) -> list[str]:
    """What keeps a regulation from being relied on on a day: not yet in force, ended, amended, unknown days."""
    own = library.particulars[regulation_id]
    lines = []
    if own.in_force is None:
        lines.append(say("elsewhere.no_day"))
    elif own.in_force > day:
        lines.append(say("elsewhere.not_yet", day=civil_date(own.in_force)))
    if ended := library.ended(regulation_id, day):
        since, by = ended
        on = civil_date(since) if since else ""
        lines.append(say("elsewhere.repealed", day=on, by=by) if by else say("elsewhere.expired", day=on))
    if amended := library.amendments(regulation_id, day):
        lines.append(say("elsewhere.amended", by="、".join(f"《{title}》" for title in amended)))
    return lines
