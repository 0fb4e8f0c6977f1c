"""Words for deadlines: the last day with its counting, the question for the day to count from, and the list of kinds."""

from datetime import date, timedelta

from bot.conversation import Block, Button, Reply
from bot.wording import quote_block, say, text_reply
from bot.world import World
from flows.deadlines import Deadline, Term, load_deadlines
from knowledge.citing import cite
from knowledge.dates import civil_date, civil_day

RECENT = ("今天", "昨天", "前天")
"""Days that can be chosen by a button."""


def word_deadline(world: World, term: Term, deadline: Deadline, today: date, other: date | None) -> Reply:
    """A deadline: the last day or why it is not known, how long until then, the steps, the clause, what to mind.
    `other` is the start day that may have been meant instead."""
    said = [deadline_result(term, deadline) + "。", deadline_left(deadline.day, today)]
    steps = say("deadline.steps") + "".join(f"\n· {step}" for step in deadline.steps)
    citation = cite(world.knowledge, term.label)
    notes = "\n".join([*deadline.notes, say("deadline.reference")])
    blocks = [Block("text", "".join(said))]
    if deadline.doubt:
        blocks.insert(0, Block("text", deadline.doubt))
    if deadline.steps:
        blocks.append(Block("text", steps))
    blocks += [quote_block(citation), Block("note", notes)]
    return Reply(
        "answered",
        tuple(blocks),
        (citation,),
        (*reminder_buttons(term, deadline, today), *_next(term, other)),
    )


def deadline_result(term: Term, deadline: Deadline) -> str:
    """The last day in a sentence without its stop, or why it is not known."""
    if deadline.last_day is None:
        return say("deadline.unknown", title=term.title, reason=deadline.unknown.rstrip("。"))
    after = civil_day(deadline.last_day + timedelta(days=1))
    return term.ends.format(day=civil_day(deadline.last_day), next=after)


def word_only_month(said: str, term: Term, first: Deadline, last: Deadline) -> str:
    """A month was said without its day: what that leaves."""
    days = [civil_date(deadline.start) for deadline in (first, last) if deadline.start]
    return say(
        "deadline.only_month", said=said, first=days[0], last=days[1],
        ends_first=deadline_result(term, first), ends_last=deadline_result(term, last),
    )  # fmt: skip


def deadline_brief(term: Term, deadline: Deadline) -> str:
    """The last day in a sentence without its stop, or the day that is safe."""
    if deadline.last_day is None and deadline.safe_day:
        return say("deadline.safe", title=term.title, day=civil_day(deadline.safe_day))
    return deadline_result(term, deadline)


def deadline_left(day: date | None, today: date) -> str:
    """How long it is until a day; empty where there is none."""
    if day is None:
        return ""
    days = (day - today).days
    name = "left" if days > 0 else "due" if days == 0 else "passed"
    return say(f"deadline.{name}", today=civil_date(today), day=civil_date(day), days=abs(days))


def reminder_buttons(term: Term, deadline: Deadline, today: date) -> tuple[Button, ...]:
    """Reminders that can still be had of a deadline, and its day for one's own calendar."""
    day = deadline.day
    if day is None:
        return ()
    calendar = Button("导出日历", f"calendar:{term.kind}:{deadline.start or ''}")
    ahead = tuple(
        Button(_reminder_title(before), f"remind:{term.kind}:{deadline.start or ''}:{before}")
        for before in term.remind
        if day - timedelta(days=before) > today
    )
    return (*ahead, calendar) if ahead else ()


def _reminder_title(before: int) -> str:
    if before > 0:
        return f"提前{before}天提醒"
    return "到期当天提醒" if before == 0 else "期满次日提醒"


def _next(term: Term, other: date | None) -> list[Button]:
    if not term.begins:
        return [Button("其他期限", "deadline")]
    buttons = [Button(f"按{civil_date(other)}算", f"deadline:{term.kind}:{other}")] if other else []
    return [*buttons, Button("换个日期算", f"deadline:{term.kind}"), Button("其他期限", "deadline")]


def word_told(term: Term, deadline: Deadline, told: date) -> tuple[Block, ...]:
    """How a day that was said lies to the last day; nothing where that is not known."""
    if deadline.last_day is None:
        return ()
    name = (
        "told_same"
        if told == deadline.last_day
        else "told_early"
        if told < deadline.last_day
        else "told_late"
    )
    text = say(f"deadline.{name}", told=civil_date(told), title=term.title, length=term.length_said)
    return (Block("text", text),)


def word_wrong_day(term: Term, said: str) -> Reply:
    """A day that does not exist."""
    return text_reply(
        "clarify", say("deadline.no_such_day", said=said, begins=term.begins), buttons=_later(term)
    )


def word_which_day(world: World, term: Term, today: date, lead: str = "") -> Reply:
    """Ask for the day to count from, or for the office's day; days near today as buttons."""
    clause = world.knowledge.regulation.clauses[term.label].name
    key = "deadline.ask_office" if term.given else "deadline.ask_start"
    text = say(
        key, title=term.title, length=term.length_said, clause=clause, begins=term.begins, where=term.where
    )
    citation = cite(world.knowledge, term.label)
    blocks = [Block("text", lead)] if lead else []
    blocks += [Block("text", text), quote_block(citation)]
    if term.notes and not term.given:
        blocks.append(Block("note", "\n".join(term.notes)))
    buttons = () if term.given or lead else tuple(_recent(term, today))
    return Reply(
        "abstained" if term.given else "answered", tuple(blocks), (citation,), (*buttons, *_later(term))
    )


def _recent(term: Term, today: date) -> list[Button]:
    days = [(name, today - timedelta(days=ago)) for ago, name in enumerate(RECENT)]
    return [
        Button(f"{name}（{day.month}月{day.day}日）", f"deadline:{term.kind}:{day}") for name, day in days
    ]


def _later(term: Term) -> tuple[Button, ...]:
    return (Button("其他期限", "deadline"),)


def word_kinds(world: World) -> Reply:
    """The deadlines of the measure as a table, each with a button that counts it; the period in force is cited first."""
    terms = load_deadlines().terms.values()
    clauses = world.knowledge.regulation.clauses
    rows = [("期限", "规定", "依据")]
    for term in terms:
        rows.append((term.title, _rule(world, term), clauses[term.label].name))
    first = sorted(terms, key=lambda term: bool(term.begins))
    citations = tuple(cite(world.knowledge, label) for label in dict.fromkeys(term.label for term in first))
    blocks = (
        Block("text", say("deadline.kinds")),
        Block("table", rows=tuple(rows)),
        Block("note", say("deadline.how")),
    )
    buttons = [Button(term.title, f"deadline:{term.kind}") for term in terms]
    buttons.append(Button("我的提醒", "reminders"))
    return Reply("answered", blocks, citations, tuple(buttons))


def _rule(world: World, term: Term) -> str:
    if term.length_said:
        return term.length_said
    if term.given:
        return say("deadline.none")
    about = world.about
    return say("deadline.in_force", first=civil_date(about.in_force), last=civil_date(about.expires))


def count_button(term: Term) -> Button:
    """Under an answer from the clause of a deadline: go on and count it."""
    return Button("按日期设提醒" if term.given else "推算到哪一天", f"deadline:{term.kind}")
