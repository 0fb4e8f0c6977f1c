"""Cold start, time of a turn, memory: `beian ask` beside a bare interpreter, the dialogue over the development questions."""

import json
import resource
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "dev_questions.jsonl"


def whole(*command: str, runs: int = 5) -> float:
    """Median seconds of a command as a whole process."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    beian = str(Path(sys.executable).with_name("beian"))
    bare, ask = whole(sys.executable, "-c", "pass"), whole(beian, "ask", "公示几天")
    print(f"beian ask, cold: {ask:.2f} s, {ask / bare:.0f} times a bare interpreter ({bare:.3f} s)")
    started = time.perf_counter()
    from bot.conversation import Conversation, Message
    from bot.dialogue import respond
    from bot.world import load_world

    world = load_world()
    print(f"imports and world: {time.perf_counter() - started:.2f} s")
    records = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    times = []
    for record in records * 3:
        message = Message("bench", "bench", "1", date(2026, 6, 1), text=record["q"])
        begun = time.perf_counter()
        respond(world, Conversation("bench", "bench", greeted=True), message)
        times.append(1000 * (time.perf_counter() - begun))
    times.sort()
    print(
        f"a turn: median {statistics.median(times):.1f} ms, p99 {times[int(0.99 * len(times))]:.1f} ms, {len(times)} turns"
    )
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
