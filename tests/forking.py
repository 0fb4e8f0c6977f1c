"""The program as a process that starts in milliseconds, for tests that kill it often.

`python forking.py telegram` reads the world once and starts `beian telegram` in a child of its own for each line that it is given;
it answers with the child's number, and with its exit status once it has ended."""

import os
import signal
import subprocess
import sys


class Forking:
    """Like `Program`, for Telegram alone or another command: `kill` is SIGKILL, `stop` a clean stop that returns the exit
    status."""

    def __init__(self, folder, command="telegram", **settings):
        self.folder, self.database = folder, folder / "beian.sqlite3"
        names = {k: v for k, v in os.environ.items() if not k.startswith("BEIAN_")}
        with (folder / "log").open("ab") as log:
            self.parent = subprocess.Popen(
                [sys.executable, __file__, command], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env={**names, "BEIAN_DATABASE": str(self.database), **settings},
            )  # fmt: skip
        self.child = None

    def start(self):
        self.parent.stdin.write("start\n")
        self.parent.stdin.flush()
        self.child = int(self.parent.stdout.readline())

    def _end(self, how):
        try:
            os.kill(self.child, how)
        except ProcessLookupError:
            raise AssertionError(f"it ended by itself: {self.log()[-2000:]}") from None
        self.child = None
        return int(self.parent.stdout.readline())

    def kill(self):
        return self._end(signal.SIGKILL)

    def stop(self):
        status = self._end(signal.SIGTERM) if self.child else None
        self.parent.communicate(timeout=20)
        return status

    def log(self):
        return (self.folder / "log").read_text("utf-8")


def main():
    from bot import app
    from bot.channel_telegram import run_polling
    from bot.channel_web import serve
    from bot.settings import read_settings
    from bot.world import load_world

    world, run = load_world(), {"telegram": run_polling, "serve": serve}[sys.argv[1]]
    app.open_world = lambda settings: world
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            os._exit(run(read_settings()))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
