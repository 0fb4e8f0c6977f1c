"""POST /ask with 64 connections beside a bare route that returns a constant of the same size; 1,000 sessions open at once."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

QUESTIONS = [
    json.loads(line)["q"]
    for line in (Path(__file__).parent.parent / "tests" / "data" / "dev_questions.jsonl")
    .read_text("utf-8")
    .splitlines()
]
CONNECTIONS = 64
SECONDS = 4.0
SESSIONS = 1000

BARE = """
import sys, uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
app = FastAPI()
body = {"answer": "x" * int(sys.argv[2])}
@app.post("/api/v1/ask")
async def ask():
    return JSONResponse(body)
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server as a process of its own, on a port of its own."""

    def __init__(self, port: int, command: list[str], **settings: str) -> None:
        self.port = port
        self.process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
        while not self.answers():
            time.sleep(0.05)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def memory_mb(self) -> float:
        """What it holds now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

    def cpu_seconds(self) -> float:
        """What it has worked so far; unlike a rate it does not depend on what else the machine does."""
        user, system = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def beian(folder: str, port: int) -> Server:
    """The program with its limits off."""
    return Server(
        port, [str(Path(sys.executable).with_name("beian")), "serve"], BEIAN_PORT=str(port), BEIAN_DATABASE=f"{folder}/b.sqlite3",
        BEIAN_SESSION_LIMIT="0", BEIAN_ADDRESS_LIMIT="0", BEIAN_LOG_LEVEL="WARNING",
    )  # fmt: skip


def request(path: str, body: dict[str, object]) -> bytes:
    raw = json.dumps(body, ensure_ascii=False).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes
) -> tuple[int, bytes]:
    """One request on an open connection: the status and the body."""
    writer.write(asked)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def load(port: int, seconds: float, rate: float = 0) -> tuple[float, list[float]]:
    """Requests a second and the milliseconds of each; with a rate so many a second, spread evenly, else as fast as may be."""
    until, times, number = time.perf_counter() + seconds, [], 0
    started = time.perf_counter()

    async def one(own: int) -> None:
        nonlocal number
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (now := time.perf_counter()) < until:
            number += 1
            if rate:
                await asyncio.sleep(max(0.0, started + number / rate - now))
            begun = time.perf_counter()
            status, _ = await exchange(
                reader, writer, request("/api/v1/ask", {"q": QUESTIONS[number % len(QUESTIONS)]})
            )
            if status != 200:
                raise RuntimeError(f"status {status}")
            times.append(1000 * (time.perf_counter() - begun))
        writer.close()

    await asyncio.gather(*(one(n) for n in range(CONNECTIONS)))
    return len(times) / (time.perf_counter() - started), sorted(times)


async def ask_each(port: int) -> None:
    """Every question once: a turn that was worked out before is not worked out again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    for question in QUESTIONS:
        begun = time.perf_counter()
        await exchange(reader, writer, request("/api/v1/ask", {"q": question}))
        times.append(1000 * (time.perf_counter() - begun))
    writer.close()
    print(
        f"a question that nobody asked before: median {sorted(times)[len(times) // 2]:.1f} ms, p99 {p99(sorted(times)):.0f} ms"
    )


async def open_sessions(port: int, count: int) -> None:
    """So many conversations at once, each on its own connection: a question, then the questionnaire begun."""

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        session = None
        for said in (
            {"text": QUESTIONS[number % len(QUESTIONS)]},
            {"action": "prescreen:pilot_base"},
            {"text": "今天"},
        ):
            asked = {**said, **({"session": session} if session else {})}
            status, body = await exchange(reader, writer, request("/api/v1/chat", asked))
            if status != 200:
                raise RuntimeError(f"status {status}: {body.decode()[:200]}")
            session = json.loads(body)["session"]
        writer.close()

    await asyncio.gather(*(one(n) for n in range(count)))


def p99(times: list[float]) -> float:
    return times[int(0.99 * len(times))]


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        ours = beian(folder, free_port())
        try:
            asked = urllib.request.Request(
                f"http://127.0.0.1:{ours.port}/api/v1/ask", json.dumps({"q": QUESTIONS[0]}).encode(), {"Content-Type": "application/json"},
            )  # fmt: skip
            size = len(urllib.request.urlopen(asked).read())
            asyncio.run(ask_each(ours.port))  # what people ask has been asked before
            worked = ours.cpu_seconds()
            rate, times = asyncio.run(load(ours.port, SECONDS))
            cpu = 1000 * (ours.cpu_seconds() - worked) / len(times)
            bare_port = free_port()
            bare = Server(bare_port, [sys.executable, "-c", BARE, str(bare_port), str(size)])
            worked = bare.cpu_seconds()
            bare_rate, bare_times = asyncio.run(load(bare_port, SECONDS))
            bare_cpu = 1000 * (bare.cpu_seconds() - worked) / len(bare_times)
            bare.stop()
            print(f"POST /ask, {CONNECTIONS} connections: {rate:.0f} a second, p99 {p99(times):.0f} ms")
            print(
                f"  a bare route of the same {size} bytes: {bare_rate:.0f} a second, p99 {p99(bare_times):.0f} ms; ratio {rate / bare_rate:.2f}"
            )
            print(
                f"  of processor time: {cpu:.2f} ms a request against {bare_cpu:.2f} ms: ratio {bare_cpu / cpu:.2f}"
            )
            half_rate, half = asyncio.run(load(ours.port, SECONDS, rate / 2))
            print(f"  at half load ({half_rate:.0f} a second): p99 {p99(half):.0f} ms")
            before = ours.memory_mb()
            started = time.perf_counter()
            asyncio.run(open_sessions(ours.port, SESSIONS))
            spent = time.perf_counter() - started
            print(
                f"{SESSIONS} chat sessions open at once: no error in {spent:.1f} s, memory {before:.0f} -> {ours.memory_mb():.0f} MB"
            )
        finally:
            ours.stop()


if __name__ == "__main__":
    main()
