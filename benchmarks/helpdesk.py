"""The helpdesk at its size: the queue page, the search and a ticket over HTTP, with 100,000 tickets and 1,000,000 messages.

`make bench FULL=--full` (or `python -m benchmarks.helpdesk --full`) makes the whole size, which takes some minutes; without it a
tenth."""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bot.accounts import Post, add_account
from bot.app import App
from bot.channel_web import create_app
from bot.logs import silence
from bot.settings import Settings
from bot.sign_in import enter
from bot.store_opening import open_store
from bot.store_sql import Sql, stamp
from bot.ticket_search import index
from bot.web_console import COOKIE
from flows.fields import PREFECTURES

TICKETS, MESSAGES_EACH, RUNS = 100_000, 10, 40
START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = [
    "场地",
    "面积",
    "租赁",
    "合同",
    "设备",
    "原价",
    "发票",
    "团队",
    "人数",
    "专职",
    "社保",
    "主任",
    "兼职",
    "聘书",
    "项目库",
    "账号",
    "储备",
    "项目",
    "服务",
    "收入",
    "融资",
    "孵化",
    "企业",
    "高校",
    "申报",
    "通知",
    "材料",
    "盖章",
    "初审",
    "推荐",
    "公示",
    "评审",
    "现场",
    "考察",
    "补助",
    "投入",
    "审计",
    "专家",
    "技术",
    "经理",
    "中试",
    "基地",
    "概念",
    "验证",
    "制度",
    "章程",
    "办法",
    "时间",
    "截止",
]


def fill(db: Sql, first: int, last: int, chance: random.Random) -> None:
    """Tickets of these numbers with their messages, as the dialogue would have left them."""
    for number in range(first, last):
        at = START + timedelta(minutes=3 * number)
        now, user = stamp(at), f"user{number}"
        place = (*PREFECTURES, "province")[min(16, int(chance.expovariate(0.18)))]
        said = ["".join(chance.choices(WORDS, k=12)) for _ in range(MESSAGES_EACH)]
        status = chance.choices(("open", "claimed", "answered", "closed"), (4, 2, 14, 80))[0]
        transcript = json.dumps(
            [["user" if i % 2 == 0 else "bot", text] for i, text in enumerate(said[:6])], ensure_ascii=False
        )
        db.execute(
            "insert into tickets (id, channel, user_id, place, desk, question, transcript, status, opened_at, waiting_since, "
            "due_at, said_from) values (?, 'web', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            [number, user, place, f"{place}窗口", said[0], transcript, status, now, now, stamp(at + timedelta(days=2))],
        )  # fmt: skip
        db.execute("insert into ticket_events (ticket, event, at) values (?, 'opened', ?)", [number, now])
        for turn, text in enumerate(said):
            db.execute(
                "insert into transcript (channel, user_id, who, text, outcome, labels, reply, at) values ('web', ?, ?, ?, '', '', '', ?)",
                [user, "user" if turn % 2 == 0 else "bot", text, now],
            )
        index(db, number, place, [said[0], *said])


def make_database(path: Path, tickets: int) -> float:
    """The database, and how long it took, in seconds."""
    started, chance = time.perf_counter(), random.Random(7)
    store = open_store(path)
    for first in range(1, tickets + 1, 2_000):
        store.transact(lambda db, first=first: fill(db, first, min(first + 2_000, tickets + 1), chance))  # type: ignore[misc]
    store.close()
    return time.perf_counter() - started


async def measure(path: Path, tickets: int) -> list[tuple[str, float, float]]:
    """Of each request its name, median and 95th percentile in milliseconds, in turn for a clerk and an officer."""
    settings = Settings(database=str(path), retention_days=3650, _env_file=None)  # type: ignore[call-arg]
    at = datetime.now(UTC)
    results = []
    async with App.open(settings) as app:
        transport = httpx.ASGITransport(create_app(app, settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
            for role, post in (("clerk", Post("clerk", PREFECTURES[0])), ("officer", Post("officer"))):

                def sign_in(db: Sql, role: str = role, post: Post = post) -> str:
                    return enter(db, add_account(db, role, "", post, "", at), at)

                http.cookies.set(COOKIE, await app.transact(sign_in))
                middle = await app.look(lambda db: db.execute(
                    "select id from tickets where place = ? and id > ? limit 1", [PREFECTURES[0], tickets // 2]
                ).fetchall()[0][0])  # fmt: skip
                paths = {
                    "queue": "/staff/tickets", "overdue": "/staff/tickets?show=overdue", "closed": "/staff/tickets?show=closed",
                    "search, two characters": "/staff/search?q=场地", "search, three words": "/staff/search?q=聘书 盖章 社保",
                    "search, rare": "/staff/search?q=场地面积租赁合同", "search, nothing": "/staff/search?q=甲醛", "ticket": f"/staff/tickets/{middle}",
                    "news": "/staff/tickets/news",
                }  # fmt: skip
                for name, address in paths.items():
                    results.append((f"{role}: {name}", *await _time(http, address)))
    return results


async def _time(http: httpx.AsyncClient, address: str) -> tuple[float, float]:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        response = await http.get(address)
        times.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, response.text
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Print the figures."""
    silence()
    tickets = TICKETS if "--full" in sys.argv else TICKETS // 10
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "helpdesk.sqlite3"
        seconds = make_database(path, tickets)
        size = path.stat().st_size / 1e6
        print(
            f"Helpdesk on SQLite: {tickets:,} tickets, {tickets * MESSAGES_EACH:,} messages, {size:.0f} MB, made in {seconds:.0f} s"
        )
        for name, median, p95 in asyncio.run(measure(path, tickets)):
            print(f"  {name:34} median {median:6.1f} ms   p95 {p95:6.1f} ms")


if __name__ == "__main__":
    main()
