"""What a turn costs in a database of 1,000 conversations and in one of 1,000,000, 10,000 of them with open questionnaires."""

import dataclasses
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.store_database import DatabaseStore
from bot.store_opening import open_store
from bot.store_records import write_conversation
from bot.world import World, load_world

DAY = date(2026, 6, 1)
OPEN, TURNS = 10_000, 400


def fill(path: Path, world: World, count: int) -> list[str]:
    """Put conversations into a new database; the users whose questionnaires are open."""
    store = open_store(path)
    store.close()
    asked = respond(
        world, Conversation("telegram", "x", greeted=True), say("x", 0, action="prescreen:pilot_base")
    ).conversation
    done = respond(
        world, Conversation("telegram", "x", greeted=True), say("x", 0, text="公示几天")
    ).conversation
    texts = [write_conversation(dataclasses.replace(c, version=1)) for c in (asked, done)]
    opened = min(OPEN, count // 2)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = off")
    connection.execute("begin")
    connection.executemany(
        "insert into conversations (channel, user_id, version, state, created_at, touched_at) values ('telegram', ?, 1, ?, ?, ?)",
        ((str(10**9 + n * 7919 % count), texts[n >= opened], at, at) for n in range(count)),
    )
    connection.execute("commit")
    connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    connection.close()
    return [str(10**9 + n * 7919 % count) for n in range(opened)]


def say(user: str, number: int, text: str = "", action: str = "") -> Message:
    return Message("telegram", user, f"{user}-{number}", DAY, text, action)


def turn(store: DatabaseStore, world: World, message: Message) -> float:
    """Milliseconds for one message from its arrival to its reply's being marked as sent."""
    begun = time.perf_counter()
    at = datetime.now(UTC)
    store.receive([message], at)
    (waiting,) = store.unhandled("telegram")
    store.commit_all([(respond(world, store.load("telegram", waiting.user), waiting), waiting)], at)
    while due := store.due("telegram", ()):
        store.mark_sent({outgoing.id: "1" for outgoing in due}, at)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Print the medians of turns made alternately in both databases, and their ratio."""
    world, chance = load_world(), random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        sizes = {count: Path(folder) / f"{count}.sqlite3" for count in (1_000, 1_000_000)}
        users = {count: fill(path, world, count) for count, path in sizes.items()}
        stores = {count: open_store(path) for count, path in sizes.items()}
        times: dict[int, list[float]] = {count: [] for count in sizes}
        for number in range(TURNS):
            for count, store in stores.items():
                times[count].append(
                    turn(store, world, say(chance.choice(users[count]), number, text="不清楚"))
                )
        for store in stores.values():
            store.close()
    small, large = (statistics.median(found[TURNS // 10 :]) for found in times.values())
    print(
        f"a turn of an open questionnaire: {small:.2f} ms among 1,000 conversations, {large:.2f} ms among 1,000,000: {large / small:.2f} times"
    )


if __name__ == "__main__":
    main()
