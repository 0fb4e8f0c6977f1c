"""Listens to what other workers tell through PostgreSQL, on a connection and in a thread of its own."""

import threading
from collections.abc import Callable

import psycopg

CHANNEL = "beian"
PAUSE_SECONDS = 1.0
"""Between two tries to connect; meanwhile the workers find out by looking."""


class Listener:
    """Calls `heard` with every notice until stopped. After a gap it calls with an empty one: look at everything."""

    def __init__(self, conninfo: str, heard: Callable[[str], object]) -> None:
        self._conninfo, self._heard = conninfo, heard
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(f"listen {CHANNEL}")
                    self._heard("")
                    while not self._ended.is_set():
                        for notice in connection.notifies(timeout=0.5):
                            self._heard(notice.payload)
            except psycopg.Error:
                self._ended.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        """End; a notice that is being told is told to its end."""
        self._ended.set()
        self._thread.join()
