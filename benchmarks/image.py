"""Runs the Dockerfile's own steps in a clean root file system, then the program as the image would: non-root, all read-only but /data.

    python -m benchmarks.image [ROOT]

ROOT is a root file system with Python, as `debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm ROOT`
makes one; without it, that command is run. It needs root, for chroot and mounts; the host's own files are only read."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent.parent
PACKAGES = "python3,python3-venv,ca-certificates"
REACHING = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches a package index."""
LONGEST_START = 3.0


@dataclass
class Stage:
    """What one FROM of the Dockerfile leads to."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    command: list[str] = field(default_factory=list)


def read_steps(text: str) -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their words, lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in joined.splitlines() if line]


def build(base: Path, folder: Path) -> Stage:
    """Run all steps; the last stage."""
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for number, (step, words) in enumerate(read_steps((HERE / "Dockerfile").read_text("utf-8"))):
        if step == "FROM":
            name = words.partition(" AS ")[2] or "last"
            stage = stages[name] = Stage(folder / name)
            subprocess.run(["cp", "-a", base, stage.root], check=True)
            (stage.root / "usr/local/bin/python").symlink_to("/usr/bin/python3")  # as the base image has it
        else:
            print(f"{number:2} {step} {' '.join(words.split())[:90]}", flush=True)
            _take(step, words, stage, stages)
    return stage


def _take(step: str, words: str, stage: Stage, stages: dict[str, Stage]) -> None:
    match step:
        case "WORKDIR":
            stage.folder = words
            (stage.root / words[1:]).mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(shlex.split(words), stage, stages)
        case "RUN":
            subprocess.run(
                ["chroot", stage.root, "/bin/sh", "-c", f"cd {stage.folder} && {words}"],
                env=_reaching(stage),
                check=True,
            )
        case "ENV":
            stage.env.update(pair.split("=", 1) for pair in shlex.split(words))
        case "USER":
            stage.user = words
        case "ENTRYPOINT" | "CMD":
            stage.command += json.loads(words)
        case "VOLUME" | "EXPOSE" | "HEALTHCHECK":
            pass
        case _:
            raise SystemExit(f"Dockerfile: {step} is not known here")


def _copy(words: list[str], stage: Stage, stages: dict[str, Stage]) -> None:
    source = HERE
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")].root
    *names, target = words
    into = stage.root / (Path(stage.folder) / target).as_posix()[1:]
    for name in names:
        found = source / name.lstrip("/")
        if found.is_dir():
            ignored = shutil.ignore_patterns("__pycache__") if source == HERE else None
            shutil.copytree(found, into, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(found, into)


def _reaching(stage: Stage) -> dict[str, str]:
    """The stage's environment, and how this machine reaches a package index."""
    for name in REACHING:
        if Path(name).exists():
            shutil.copy(name, stage.root / name[1:])
    own = {
        k: v
        for k, v in os.environ.items()
        if k.startswith(("PIP_", "UV_", "SSL_CERT")) or k.lower().endswith("_proxy")
    }
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", **own, **stage.env}


def run(stage: Stage, data: Path) -> float:
    """Start the program in its stage, look whether it is as it should be, and stop it; seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        **stage.env,
        "BEIAN_PORT": str(port),
        "BEIAN_HOST": "127.0.0.1",
    }
    uid, gid = _account(stage)
    os.chown(data, uid, gid)
    root, program = stage.root, f"cd {stage.folder} && exec {shlex.join(stage.command)}"
    script = f"""set -e
mount --bind {root} {root}
mount --bind {data} {root}/data
mount -o remount,bind,ro {root}
mount -t proc proc {root}/proc
mount -t tmpfs tmpfs {root}/tmp
if touch {root}/app/x 2>/dev/null; then echo "/app can be written" >&2; exit 9; fi
exec chroot --userspec={uid}:{gid} {root} /bin/sh -c {shlex.quote(program)}"""
    started = time.perf_counter()
    process = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", script],
        env=env,
    )
    try:
        seconds = _wait(process, port, started)
        require_user(Path(f"/proc/{process.pid}/status").read_text("ascii"), uid)
        _ask(port)
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(30)
    if status:
        raise SystemExit(f"the program ended with status {status}")
    return seconds


def _account(stage: Stage) -> tuple[int, int]:
    for line in (stage.root / "etc/passwd").read_text("utf-8").splitlines():
        name, _, uid, gid, *_ = line.split(":")
        if name == stage.user:
            return int(uid), int(gid)
    raise SystemExit(f"the image has no user {stage.user}")


def require_user(status: str, uid: int) -> None:
    """SystemExit unless a process (its /proc/PID/status) runs as this user, who is not root."""
    real = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    if not uid or set(real) != {str(uid)}:
        raise SystemExit(f"the program runs as {real}")


def _wait(process: "subprocess.Popen[bytes]", port: int, started: float) -> float:
    while process.poll() is None and time.perf_counter() < started + 60:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return time.perf_counter() - started
    raise SystemExit("the program did not become ready")


def _ask(port: int) -> None:
    body = json.dumps({"q": "中试基地场地要多大"}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/ask", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        print("answer:", json.load(response)["answer"].splitlines()[0], flush=True)


def main(arguments: list[str]) -> None:
    """Build, run three times (from the second on the database is there), print the figures."""
    with tempfile.TemporaryDirectory(prefix="beian-image-") as name:
        folder = Path(name)
        base = Path(arguments[0]).absolute() if arguments else folder / "base"
        if not arguments:
            subprocess.run(
                ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", base],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        began = time.perf_counter()
        stage = build(base, folder)
        built = time.perf_counter() - began
        data = folder / "data"
        data.mkdir()
        starts = [run(stage, data) for _ in range(3)]
        size = int(
            subprocess.run(
                ["du", "-sm", stage.root / "app"], capture_output=True, text=True, check=True
            ).stdout.split()[0]
        )
        left = sorted(path.name for path in data.iterdir())
        print(
            f"built in {built:.0f} s, /app {size} MB; user {stage.user}, read-only but /data and /tmp; /data has {', '.join(left)}"
        )
        print(
            f"ready {', '.join(f'{s:.2f}' for s in starts)} s after the start (at most {LONGEST_START:.0f})"
        )
    if min(starts) > LONGEST_START:
        raise SystemExit("it starts too slowly")


if __name__ == "__main__":
    main(sys.argv[1:])
