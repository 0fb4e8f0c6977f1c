"""The staff's Telegram group, where it is switched on: a topic for each ticket with its masked question, which takes the answer."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog
from telegram.error import BadRequest, TelegramError

from bot import ticket_acts, topics
from bot.app import App
from bot.masking import mask
from bot.outbox import POLL_SECONDS
from bot.quoting import read_quotations
from bot.responding import now
from bot.staff import LONGEST_ANSWER, answer_reply, require_answer
from bot.store import StoreError
from bot.store_rows import queue
from bot.store_sql import Sql, fetch, stamp
from bot.telegram_api import Api, TooFastError
from bot.telegram_place import Place
from bot.telegram_sending import pause
from bot.telegram_updates import CHANNEL, StaffSaid
from bot.ticket_states import WAITING
from bot.tickets import find_ticket
from bot.topics import Due
from bot.wording import say, text_reply
from bot.world import World

LONGEST_QUESTION = 1_000
"""Characters of a question that are shown; the console has all."""

_DONE = ("topic_not_modified", "topic_id_invalid", "thread not found")
"""What a refusal has in its words when a topic is closed or gone already."""

log = structlog.get_logger("beian")


def masked_question(question: str) -> str:
    """A question as it may leave the console: without what names a person, and without signs that hide or turn letters."""
    seen = "".join(c if c.isprintable() or c == "\n" else "" for c in question)
    masked = mask(seen).strip()
    short = masked if len(masked) <= LONGEST_QUESTION else masked[: LONGEST_QUESTION - 1] + "…"
    return short or say("staff_group.no_question")


def take_said(db: Sql, world: World, group: int, said: StaffSaid, at: datetime) -> str:
    """What somebody wrote in a topic becomes the answer to its ticket, or is told in one sentence why not; once, however often
    it comes. The channel on which an answer leaves, or nothing."""
    number = topics.ticket_in(db, group, said.thread)
    if number is None or not _is_new(db, said.key, at):
        return ""
    channel, wrong = ("", said.wrong) if said.wrong else _answer(db, world, number, said, at)
    if wrong:
        place = Place(said.message, thread=said.thread, answers=True)
        _tell(
            db, group, number, place, at, say(f"staff_group.{wrong}", ticket=number, longest=LONGEST_ANSWER)
        )
    return channel


def _answer(db: Sql, world: World, number: int, said: StaffSaid, at: datetime) -> tuple[str, str]:
    """The channel on which the answer leaves, or what stands against it (a name in the words of `staff_group`)."""
    ticket = find_ticket(db, number)
    if ticket is None or ticket.status not in WAITING:
        return "", "answered" if ticket and ticket.status == "answered" else "ended"
    try:
        text = require_answer(said.text)
    except ValueError:
        return "", "unfit"
    written = read_quotations(world.knowledge.regulation, text)
    if written.wrong:
        return "", "misquoted"
    reply = replace(answer_reply(number, written.blocks), citations=written.citations)
    done = ticket_acts.answer(db, number, text, reply, ticket_acts.Act(-said.person, at))
    return (ticket.channel, "") if done else ("", "ended")


def _is_new(db: Sql, key: str, at: datetime) -> bool:
    """Whether an update has not been handled; its key alone is kept, as of every handled message."""
    return bool(
        fetch(
            db,
            "insert into inbox (channel, key, user_id, payload, received_at, done_at) values (?, ?, '', '', ?, ?) "
            "on conflict (channel, key) do nothing returning id",
            CHANNEL, key, stamp(at), stamp(at),
        )
    )  # fmt: skip


def _tell(db: Sql, group: int, number: int, place: Place, at: datetime, *texts: str) -> None:
    """Words into a topic, through the outbox."""
    user = topics.user_of_topic(group, number)
    queue(db, CHANNEL, user, "", text_reply("control", *texts), stamp(at), address=place.write())


class StaffGroup:
    """Takes what is written in the group, and keeps a topic for each ticket that waits. `site` is the console's address."""

    def __init__(self, app: App, api: Api, group: int, site: str | None) -> None:
        self.app, self.api, self.group, self._site = app, api, group, site
        self._step: asyncio.Future[None] | None = None
        """What is being done with a topic: it is written down before the program stops."""

    async def take(self, said: StaffSaid) -> None:
        """Store what was written; StoreError, and nothing done, if that is not possible now."""
        at = now()
        channel = await self.app.transact(lambda db: take_said(db, self.app.world, self.group, said, at))
        self.app.outbox.look(CHANNEL, *([channel] if channel else []))

    async def run(self) -> None:
        """Keep the topics as the tickets stand, for ever."""
        attempt = 0
        while True:
            try:
                refused = await self.catch_up()
            except TooFastError as error:
                await asyncio.sleep(error.seconds)
                continue
            except (TelegramError, StoreError, KeyError, TypeError, ValueError) as error:
                log.warning("staff group not reached", error=type(error).__name__, attempt=attempt)
                refused = True
            attempt = attempt + 1 if refused else 0
            await asyncio.sleep(pause(attempt) if refused else POLL_SECONDS)

    async def catch_up(self) -> bool:
        """Let the topics show how their tickets stand; whether Telegram refused something, which another try may mend."""
        refused = False
        for due in await self.app.look(lambda db: topics.list_due(db, self.group)):
            # Shielded: a topic that Telegram has made is written down, whoever is cancelled meanwhile.
            self._step = asyncio.ensure_future(self._look_after(due))
            try:
                await asyncio.shield(self._step)
            except BadRequest as error:
                log.warning("topic refused", ticket=due.ticket, to=due.now, reason=str(error)[:100])
                refused = True
        return refused

    async def end(self) -> None:
        """Finish what is being done with a topic."""
        if self._step is not None:
            with suppress(TelegramError, StoreError, KeyError, TypeError, ValueError):
                await self._step

    async def _look_after(self, due: Due) -> None:
        thread = due.thread
        if due.now == "erased":
            await self._surely("deleteForumTopic", thread)
        elif due.now == "ended":
            await self._surely("closeForumTopic", thread)
        elif due.shown == "ended":
            await self._surely("reopenForumTopic", thread)
        elif not thread:
            name = say("staff_group.topic", ticket=due.ticket)
            made = await self.api.call("createForumTopic", chat_id=self.group, name=name)
            thread = int(made["message_thread_id"])
        at = now()
        await self._write_down(lambda db: self._note(db, due, thread, at))
        self.app.outbox.look(CHANNEL)

    async def _surely(self, method: str, thread: int) -> None:
        try:
            await self.api.call(method, chat_id=self.group, message_thread_id=thread)
        except BadRequest as error:
            if not any(sign in str(error).lower() for sign in _DONE):
                raise

    async def _write_down(self, do: Callable[[Sql], None]) -> None:
        """Telegram has done it: it is tried until the database has it, too."""
        while True:
            try:
                return await self.app.transact(do)
            except StoreError as error:
                log.warning("database does not answer", error=str(error))
                await asyncio.sleep(POLL_SECONDS)

    def _note(self, db: Sql, due: Due, thread: int, at: datetime) -> None:
        """What the topic shows from now on, and the words that go into it, in one transaction."""
        number = due.ticket
        if due.now == "erased":
            return topics.drop_topic(db, number)
        ticket = find_ticket(db, number)
        if ticket is None or not ticket.user:  # erased meanwhile
            return topics.note_topic(db, number, self.group, thread, "erased")
        topics.note_topic(db, number, self.group, thread, due.now)
        if texts := self._words(due):
            _tell(db, self.group, number, Place(thread=thread), at, *texts)
        return None

    def _words(self, due: Due) -> tuple[str, ...]:
        if due.now == "answered":
            return (say("staff_group.sent", ticket=due.ticket),)
        if due.now == "ended":
            return ()
        where = f"{self._site}/staff/tickets/{due.ticket}" if self._site else say("staff_group.console")
        link = say("staff_group.link", where=where)
        if due.shown:
            return (say("staff_group.again", ticket=due.ticket), link)
        asked = say("staff_group.question", ticket=due.ticket, question=masked_question(due.question))
        return (asked, say("staff_group.how"), link)
