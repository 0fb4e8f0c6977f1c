"""What the store's tests say and reply, and how a turn comes about: received, responded to, committed."""

from datetime import UTC, date, datetime

from bot.conversation import Block, Effect, Message, Reply, Turn
from knowledge.citing import Citation

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def message(key="1", text="场地要多大", user="u", channel="telegram", action=""):
    return Message(channel, user, key, DAY, text, action)


def reply(text="不少于200平方米"):
    return Reply(
        "answered", (Block("text", text),), (Citation("yunnan-2025-11", "8.3", "第八条第（三）项", "场地"),)
    )


def tell(store, asked, *replies, effects=(), answered=False, at=AT, **changes):
    """Receive, respond and commit, as the app does."""
    if not answered:
        store.receive([asked], at)
    conversation = store.load(asked.channel, asked.user).having(**changes)
    turn = Turn(conversation, replies or (reply(),), effects)
    return store.commit(turn, asked, at, answered=answered)


def ticket(store, key="t", user="u", place="昆明市", question="能补多少", at=AT):
    effect = Effect("open_ticket", {"desk": place, "name": f"{place}窗口", "question": question})
    opened = Reply("handed_over", (Block("text", "编号 {ticket}"),))
    return tell(store, message(key, "转人工", user=user), opened, effects=(effect,), at=at)


def everything(store):
    """All that the database holds, as one text."""
    engine = store._engine
    sqlite = "select name from sqlite_master where type = 'table'"
    postgres = "select tablename as name from pg_tables where schemaname = current_schema()"
    tables = engine.read(postgres if engine.dialect.claim else sqlite)
    return str([engine.read(f"select * from {row['name']}") for row in tables])
