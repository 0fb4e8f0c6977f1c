"""A turn written to the database: conversation, transcript, outbox, inbox and effects, all or nothing."""

from dataclasses import replace
from datetime import datetime

from bot import store_codes as codes
from bot.conversation import Conversation, Message, Reply, Turn
from bot.resume_code import MASKED, mask, read_code
from bot.store_keeping import erase, export
from bot.store_records import write_conversation
from bot.store_rows import queue, rows, write_down
from bot.store_sql import Sql, lock
from bot.store_tally import add_counts
from bot.ticket_acts import act_of_person
from bot.tickets import open_ticket
from bot.wording import say, text_reply
from bot.wording_data import word_erased, word_export


def commit(db: Sql, turn: Turn, message: Message, now: str, *, answered: bool) -> tuple[Reply, ...] | None:
    """Write what a message led to and return the replies; None, and nothing written, if somebody else was faster."""
    after = turn.conversation
    if not _is_current(db, after) or not codes.is_still_there(db, turn):
        return None
    if (inbox_id := _finish(db, message, now)) is None:
        return None
    if any(effect.kind == "erase" for effect in turn.effects):
        gone = word_erased(erase(db, after.channel, after.user, now, up_to=inbox_id))
        replies = tuple(_filled(reply, erased=gone) for reply in turn.replies)
        # The last words to a person who is forgotten belong to nobody once they are said.
        _queue(db, replies, replies, "" if answered else after.user, message, now, answered=answered)
        return replies
    _save(db, after, now)
    add_counts(db, turn.counts)
    said = message.text or message.action
    text = said if read_code(message) is None else mask(said)
    write_down(db, after.channel, after.user, "user", text, None, now, message.key)
    replies, is_copy = _take_effect(db, turn, now)
    kept = turn.replies if _shows_code(turn) else replies  # with a code the replies that do not show it yet
    if not is_copy:
        for reply in kept:
            shown = codes.show_code(reply, MASKED) if kept is not replies else reply
            write_down(db, after.channel, after.user, "bot", shown.text, shown, now, message.key)
    _queue(db, replies, kept, after.user, message, now, answered=answered)
    return replies


DECISIONS = ("agreed", "refused")
"""What a person says of their own profile holds, whatever has become of the ticket."""


def _shows_code(turn: Turn) -> bool:
    return any(effect.kind == "issue_code" for effect in turn.effects)


def push(db: Sql, turn: Turn, now: str, who: str = "bot") -> bool:
    """Write what no message of the person led to, but the clock or (`who`) the staff; False, and nothing written, if somebody else was faster."""
    after = turn.conversation
    if not _is_current(db, after):
        return False
    _save(db, after, now)
    for reply in turn.replies:
        write_down(db, after.channel, after.user, who, reply.text, reply, now)
        queue(db, after.channel, after.user, "", reply, now, pushed=True)
    return True


def _is_current(db: Sql, after: Conversation) -> bool:
    """Whether the conversation is still the one that was read, and stays it to the end of the transaction."""
    lock(db, after.channel, after.user)
    found = rows(
        db,
        "select version from conversations where channel = ? and user_id = ?",
        [after.channel, after.user],
    )
    return bool((found[0]["version"] if found else 0) == after.version)


def _finish(db: Sql, message: Message, now: str) -> int | None:
    """The message is handled: its number in the inbox, or None if it was handled before. One that came by request and
    was not received first is noted here."""
    found = rows(
        db,
        "insert into inbox (channel, key, user_id, payload, received_at, done_at) values (?, ?, ?, '', ?, ?) "
        "on conflict (channel, key) do update set done_at = excluded.done_at, payload = '' where inbox.done_at is null "
        "returning id",
        [message.channel, message.key, message.user, now, now],
    )
    return int(found[0]["id"]) if found else None


def _save(db: Sql, after: Conversation, now: str) -> None:
    db.execute(
        "insert into conversations (channel, user_id, version, state, remind_on, created_at, touched_at) "
        "values (?, ?, ?, ?, ?, ?, ?) on conflict (channel, user_id) do update set version = excluded.version, "
        "state = excluded.state, remind_on = excluded.remind_on, touched_at = excluded.touched_at",
        [
            after.channel,
            after.user,
            after.version + 1,
            write_conversation(after),
            after.remind_on and str(after.remind_on),
            now,
            now,
        ],
    )


def _take_effect(db: Sql, turn: Turn, now: str) -> tuple[tuple[Reply, ...], bool]:
    """The replies after the effects, and whether they are a copy of the transcript and so not to be written into it."""
    replies, is_copy = turn.replies, False
    for effect in turn.effects:
        if effect.kind == "open_ticket":
            number, ahead = open_ticket(db, turn.conversation, effect.data, now)
            replies = tuple(_numbered(reply, number, ahead) for reply in replies)
        elif effect.kind == "ticket":
            who = (turn.conversation.channel, turn.conversation.user)
            done = act_of_person(db, who, effect.data, datetime.fromisoformat(now))
            replies = replies if effect.data["do"] in DECISIONS else _told_of(replies, done)
        elif effect.kind == "issue_code":
            code = codes.issue_code(db, turn.conversation, now)
            replies = tuple(codes.show_code(reply, code) for reply in replies)
        elif effect.kind == "take_over":
            codes.take_over(db, effect.data["hash"], now)
        elif effect.kind == "wrong_code":
            codes.note_wrong(db, turn.conversation.channel, turn.conversation.user, now)
        elif effect.kind == "export":
            data = export(db, turn.conversation.channel, turn.conversation.user)
            replies, is_copy = (*replies, word_export(data, effect.data["days"])), True
    return replies, is_copy


def _numbered(reply: Reply, number: int, ahead: int = 0) -> Reply:
    """The reply with the ticket's number and its place in the queue."""
    return _filled(reply, ticket=number, ahead=ahead)


def _filled(reply: Reply, **known: str | int) -> Reply:
    """The reply with what is known only once it is stored."""

    def fill(text: str) -> str:
        for name, value in known.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    blocks = (replace(block, text=fill(block.text)) for block in reply.blocks)
    buttons = (replace(button, action=fill(button.action)) for button in reply.buttons)
    return replace(reply, blocks=tuple(blocks), buttons=tuple(buttons))


def _told_of(replies: tuple[Reply, ...], number: int | None) -> tuple[Reply, ...]:
    """The replies about a ticket, or that there is none with which this could be done."""
    if number is None:
        return (text_reply("control", say("human.no_ticket")),)
    return tuple(_numbered(reply, number) for reply in replies)


def _queue(
    db: Sql, replies: tuple[Reply, ...], kept: tuple[Reply, ...], user: str, message: Message, now: str, *,
    answered: bool,
) -> None:  # fmt: skip
    """The replies to send or to repeat. A code is shown once: what is kept of its reply has it masked."""
    for reply, left in zip(replies, kept, strict=True):
        masked = None if left is reply else codes.show_code(left, MASKED)
        if answered:
            queue(db, message.channel, user, message.key, masked or reply, now, sent_at=now)
        else:
            queue(db, message.channel, user, message.key, reply, now, masked=masked, address=message.address)
