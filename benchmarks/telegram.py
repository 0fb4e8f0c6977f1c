"""Answers a second through the fake Bot API server: beian with durable delivery beside bare echo bots on two libraries."""

import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHATS, ANSWERS, WARM_UP = 100, 3_000, 300
BOTS = {
    "beian": "beian, durable delivery",
    "ptb": "bare echo bot, python-telegram-bot",
    "aiogram": "bare echo bot, aiogram",
}


def measure(bot: str, answers: int) -> tuple[float, float, float]:
    """Answers a second, median and 99th percentile of milliseconds from question to answer: each of so many chats asks
    again as soon as it has its answer."""
    from fake_bot_api import FakeBotApi

    with FakeBotApi() as api:
        asked: dict[int, float] = {}
        times: deque[float] = deque()
        done = threading.Event()
        started = 0.0

        def ask(chat: int) -> None:
            asked[chat] = time.perf_counter()
            api.write(chat, f"/article {len(times) % 21 + 1}")

        def answered(message: dict) -> None:
            nonlocal started
            times.append(1000 * (time.perf_counter() - asked[message["chat_id"]]))
            if len(times) == WARM_UP:
                started = time.perf_counter()
            if len(times) == WARM_UP + answers:
                done.set()
            elif len(times) < WARM_UP + answers:
                ask(message["chat_id"])

        api.on_message = answered
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.telegram_bots", bot, api.address], cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            api.wait_until(lambda: api.calls["getUpdates"] > 0, 60)
            for chat in range(1, CHATS + 1):
                ask(chat)
            assert done.wait(120), f"{bot}: {len(times)} answers"
            took = time.perf_counter() - started
        finally:
            process.terminate()
            process.wait(15)
    late = sorted(list(times)[WARM_UP : WARM_UP + answers])
    return answers / took, statistics.median(late), late[int(0.99 * len(late))]


def main(rounds: int = 3) -> None:
    """Print a row for each bot, the best of a few rounds in turn, and the ratios."""
    sys.path.insert(0, str(ROOT / "tests"))
    best: dict[str, tuple[float, float, float]] = {}
    for _ in range(rounds):
        for bot in BOTS:
            found = measure(bot, ANSWERS)
            best[bot] = max(best.get(bot, found), found)
    print(f"telegram: {CHATS} chats, each asks again once answered (answers/s, median ms, p99 ms)")
    for bot, title in BOTS.items():
        rate, median, late = best[bot]
        print(f"  {title:36} {rate:6.0f} {median:6.0f} {late:6.0f}")
    for bot in ("ptb", "aiogram"):
        rate, median = best["beian"][0] / best[bot][0], best["beian"][1] / best[bot][1]
        print(f"  beian against {bot}: {rate:.2f} times the answers, {median:.2f} times the median")


if __name__ == "__main__":
    main()
