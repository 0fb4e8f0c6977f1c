"""An FAQ entry published while two workers answer: after how long each of them says it, and what a turn waits meanwhile."""

import asyncio
import json
import math
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog

from bot.app import App
from bot.channel_telegram import SWITCH_SECONDS
from bot.conversation import Message
from bot.faq_editing import approve, find_draft, make_draft, publish
from bot.fresh import settle
from bot.published import extend
from bot.settings import Settings
from bot.store_database import DatabaseStore
from bot.store_faq import Draft, add_draft, last_publication
from bot.store_opening import open_store
from bot.world import World, load_world

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "dev_questions.jsonl"
DAY = date(2026, 6, 1)
WORKERS, TIMES, PAUSE = 2, 8, 1.5
ENTRY = {
    "id": "drone-field", "topic": "备案条件", "question": "无人机试飞场能算中试场地吗？",
    "wordings": ["试飞场算不算中试场地", "无人机的试飞场地能不能算进去"], "clauses": ["9.3"],
    "regression": "我们有个无人机试飞场，能当中试场地吗",
}  # fmt: skip


async def answer(database: str) -> None:
    """A worker: asks the fresh entry's question in turn with others, none of them twice; prints what every turn took."""
    sys.setswitchinterval(SWITCH_SECONDS)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asked = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    turns: list[tuple[float, float, int]] = []
    async with App.open(Settings(database=database, _env_file=None)) as app:
        settle()
        print("ready", flush=True)
        stopped = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        while not stopped.done():
            number = len(turns)
            text = (ENTRY["regression"] if number % 2 else asked[number % len(asked)]) + "。" * (number % 97)
            begun = time.perf_counter()
            reply = (await app.handle(Message("web", f"u{number}", str(number), DAY, text=text)))[0]
            turns.append((time.time(), time.perf_counter() - begun, reply.version))
            await asyncio.sleep(0.005)
    print(json.dumps(turns))


def put_out(store: DatabaseStore, number: int) -> tuple[float, int]:
    """Publish the next version: when, and its number."""
    now = datetime.now(UTC)
    content = ENTRY | {
        "answer": "可以算，合计不少于1000平方米。" + "请提供实景图片。" * (number % 2),
        "expires": str((now + timedelta(days=99)).date()),
    }
    draft = make_draft(load_world(), content, "a", now.date())
    kept = store.transact(lambda db: add_draft(db, draft, now))
    store.transact(lambda db: approve(db, kept, "b", now))
    at = time.time()
    store.transact(lambda db: publish(db, find_draft(db, kept), "b", now, last_publication(db)))
    return at, kept


def held(times: int = 5) -> tuple[float, float]:
    """The CPU that taking in a publication costs, and the longest that it lets no other thread run, in ms: told by a
    thread that looks at the process's own clock all the while, so that other programs do not count."""
    sys.setswitchinterval(SWITCH_SECONDS)
    world = load_world()
    world.knowledge.vocabulary.speller.prepare()
    settle()  # as a server does
    now = datetime.now(UTC)
    content = ENTRY | {"answer": "可以算。", "expires": str((now + timedelta(days=99)).date())}
    draft = replace(make_draft(world, content, "a", now.date()), id=1)
    costs, longest = [], 0.0
    for _ in range(times):
        worker = threading.Thread(target=lambda: costs.append(_cost(world, draft)))
        worker.start()
        last = time.process_time()
        while worker.is_alive():
            tick = time.process_time()
            longest, last = max(longest, tick - last), tick
    return statistics.median(costs) * 1000, longest * 1000


def _cost(world: World, draft: Draft) -> float:
    begun = time.thread_time()
    extend(world, [draft])
    return time.thread_time() - begun


def main() -> None:
    cost, longest = held()
    print(f"a publication taken in: {cost:.0f} ms of CPU in a thread of its own, which lets no other run for "
          f"{longest:.1f} ms at the most")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "beian.sqlite3")
        with closing(open_store(database)) as store:
            command = [sys.executable, "-m", "benchmarks.publishing", database]
            workers = [
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                for _ in range(WORKERS)
            ]
            for worker in workers:
                worker.stdout.readline()
            time.sleep(PAUSE)
            published = []
            for number in range(TIMES):
                published.append(put_out(store, number))
                time.sleep(PAUSE)
            time.sleep(4 * PAUSE)  # on a busy machine a worker may be late
            turns = [json.loads(worker.communicate("")[0]) for worker in workers]
    report(turns, published)


def report(turns: list[list[tuple[float, float, int]]], published: list[tuple[float, int]]) -> None:
    """The figures: a turn counts as disturbed within a second of a publication."""
    seen = [
        next((at for at, _, version in of_worker if version >= number), math.inf) - began
        for of_worker in turns
        for began, number in published
    ]
    calm, disturbed = [], []
    for at, took, _ in (turn for of_worker in turns for turn in of_worker):
        near = any(0 <= at - began < 1 for began, _ in published)
        (disturbed if near else calm).append(took * 1000)
    print(f"an entry published, {len(published)} times, {len(turns)} workers: answered from it after "
          f"{statistics.median(seen):.2f} s, at the latest after {max(seen):.2f} s")  # fmt: skip
    for name, took in (("within a second of it", disturbed), ("otherwise", calm)):
        took.sort()
        print(f"  a turn {name}: median {statistics.median(took):.1f} ms, p99 {took[int(len(took) * 0.99)]:.1f} ms, "
              f"slowest {took[-1]:.1f} ms, {len(took)} turns")  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(answer(sys.argv[1]))
    else:
        main()
