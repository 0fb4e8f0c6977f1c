"""Messages are kept until they are handled, without the numbers and addresses that lead to a person."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation import Message
from bot.personal_data import covered
from bot.store import Store
from bot.store_sql import Sql, fetch


def receive(store: Store, messages: Sequence[Message], at: datetime) -> list[bool]:
    """Keep messages; for each, False if it was seen before. One that may be the contact that its person was asked for waits as
    it is: only after those before it is it known, and once it is handled the inbox has nothing of it."""
    kept: list[Message] = []
    before: set[tuple[str, str]] = set()
    for message in messages:
        who = (message.channel, message.user)
        without = covered(message)
        may_be_contact = without != message and (who in before or _may_be_contact(store, *who))
        kept.append(message if may_be_contact else without)
        before.add(who)
    return store.receive(kept, at)


def _may_be_contact(store: Store, channel: str, user: str) -> bool:
    if store.load(channel, user).awaiting.startswith("contact:"):
        return True
    return bool(store.look(lambda db: _waiting(db, channel, user)))


def _waiting(db: Sql, channel: str, user: str) -> list[dict[str, int]]:
    return fetch(
        db,
        "select id from inbox where channel = ? and user_id = ? and done_at is null limit 1",
        channel,
        user,
    )
