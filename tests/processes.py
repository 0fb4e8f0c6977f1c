"""The real program as a process of its own, for the end-to-end tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BEIAN = Path(sys.executable).with_name("beian")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(port, seconds=30, log=lambda: ""):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"port {port} not ready after {seconds} s: {log()}")


class Program:
    """`beian serve` on a port of its own; `kill` is SIGKILL, `stop` a clean stop that returns the exit status."""

    def __init__(self, folder, **settings):
        self.folder, self.port = folder, free_port()
        self.settings = {"BEIAN_DATABASE": str(folder / "beian.sqlite3"), **settings}
        self.process = None

    def start(self, command="serve", wait=True):
        names = {k: v for k, v in os.environ.items() if not k.startswith("BEIAN_")}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [BEIAN, command], cwd=self.folder, stdout=log, stderr=log,
                env={**names, "BEIAN_PORT": str(self.port), **self.settings},
            )  # fmt: skip
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds=30):
        wait_until_ready(self.port, seconds, self.log)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def log(self):
        return (self.folder / "log").read_text("utf-8")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
