"""What a turn, the erasure of one person and the end of the retention cost in a database of 1,000 conversations and in a large one.

    python -m benchmarks.growth [--full]

The large one has 100,000 conversations and 1,000,000 lines of transcript; with --full ten times as many (2.5 GB on the disk,
two or three minutes). 10,000 conversations have open questionnaires, 1,000 are past the retention."""

import dataclasses
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.store_database import DatabaseStore
from bot.store_opening import open_store
from bot.store_records import write_conversation
from bot.upkeep import purge_slice
from bot.world import World, load_world

T = TypeVar("T")

DAY = date(2026, 6, 1)
OPEN, TURNS, OLD = 10_000, 400, 1_000
LINES = 10
"""Of each conversation in the transcript."""
ANSWER = "中试基地（平台）：场地面积850平方米，要求不少于1000平方米，不满足，还差150平方米。"


def fill(path: Path, world: World, count: int) -> list[str]:
    """Put conversations into a new database; their users, those whose questionnaires are open first."""
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
    users = [str(10**9 + n * 7919 % count) for n in range(count)]
    old = (datetime.now(UTC) - timedelta(days=200)).isoformat(timespec="milliseconds")
    times = [old] * min(OLD, count // 4) + [at] * count
    connection.executemany(
        "insert into conversations (channel, user_id, version, state, created_at, touched_at) values ('telegram', ?, 1, ?, ?, ?)",
        (
            (user, texts[n >= opened], times[count - n - 1], times[count - n - 1])
            for n, user in enumerate(users)
        ),
    )
    _write_transcript(connection, users, times)
    connection.execute("commit")
    connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    connection.close()
    return users


def _write_transcript(connection: sqlite3.Connection, users: list[str], times: list[str]) -> None:
    """So many lines of each, as if all had talked at once: what one said is spread over the whole table."""
    connection.execute("drop index transcript_user")
    for line in range(LINES):
        who, text = ("bot", ANSWER) if line % 2 else ("user", "我们场地850平，能报中试基地不")
        connection.executemany(
            "insert into transcript (channel, user_id, who, text, outcome, labels, reply, at, key) "
            "values ('telegram', ?, ?, ?, '', '', '', ?, ?)",
            ((user, who, text, times[len(users) - n - 1], f"{line}-{n}") for n, user in enumerate(users)),
        )
    connection.execute("create index transcript_user on transcript (channel, user_id, id)")


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


def keeping(store: DatabaseStore, users: list[str]) -> tuple[float, float, int]:
    """Seconds for the slowest of 20 erasures of one person, and for the slowest slice of the retention; how many it ended."""

    def timed(work: Callable[[], T]) -> tuple[float, T]:
        begun = time.perf_counter()
        result = work()
        return time.perf_counter() - begun, result

    erased = [timed(lambda user=user: store.erase("telegram", user)) for user in users[OPEN // 10 :][:20]]  # type: ignore[misc]
    if any(gone.messages < LINES for _, gone in erased):
        raise SystemExit("an erasure left something")
    at, slowest, ended = datetime.now(UTC), 0.0, 0
    while True:
        seconds, slice_ = timed(lambda: purge_slice(store, 180, at))
        slowest, ended = max(slowest, seconds), ended + slice_.conversations
        if not slice_.rows:
            return max(seconds for seconds, _ in erased), slowest, ended


def main(large: int = 100_000) -> None:
    """Print the medians of turns made alternately in both databases, and their ratio; then erasure and retention in the large."""
    world, chance = load_world(), random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        sizes = {count: Path(folder) / f"{count}.sqlite3" for count in (1_000, large)}
        begun = time.perf_counter()
        users = {count: fill(path, world, count) for count, path in sizes.items()}
        size = sizes[large].stat().st_size / 1e9
        print(
            f"{large:,} conversations, {large * LINES:,} lines: {size:.1f} GB in {time.perf_counter() - begun:.0f} s",
            flush=True,
        )
        stores = {count: open_store(path) for count, path in sizes.items()}
        times: dict[int, list[float]] = {count: [] for count in sizes}
        for number in range(TURNS):
            for count, store in stores.items():
                user = chance.choice(users[count][: min(OPEN, count // 2)])
                times[count].append(turn(store, world, say(user, number, text="不清楚")))
        erasing, ending, ended = keeping(stores[large], users[large])
        for store in stores.values():
            store.close()
    small, many = (statistics.median(found[TURNS // 10 :]) for found in times.values())
    print(
        f"a turn of an open questionnaire: {small:.2f} ms among 1,000, {many:.2f} ms among {large:,}: {many / small:.2f} times"
    )
    print(
        f"erasing one person: {erasing:.3f} s at the most; a slice of the retention: {ending:.3f} s ({ended:,} ended)"
    )


if __name__ == "__main__":
    main(1_000_000 if "--full" in sys.argv[1:] else 100_000)
