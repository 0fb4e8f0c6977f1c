"""Work that waits for the store's thread at the same time is done in one transaction: one flush to the disk for all."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.request_id import carried
from bot.store import Store

T = TypeVar("T")

MOST = 64
"""Pieces of work in one transaction: another process may have to wait for it."""


COLLECT_SECONDS = 0.001
"""How long it is waited for more work where there is some already."""


class Together:
    """Work for one thread, in the order in which it came. A fault in a piece is the fault of all that were with it: what may
    fail for one alone must say so in its result."""

    def __init__(self, store: Store, thread: ThreadPoolExecutor) -> None:
        self._store, self._thread = store, thread
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """The result of a piece of work, once it is safe on the disk."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((carried(work), done))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await self._collect()
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            outcomes: list[Any] = await asyncio.gather(
                loop.run_in_executor(self._thread, self._all, [work for work, _ in batch]),
                return_exceptions=True,
            )
            outcome = outcomes[0]
            for number, (_, done) in enumerate(batch):
                if done.done():
                    continue  # whoever waited for it has gone
                if isinstance(outcome, BaseException):
                    done.set_exception(outcome)
                else:
                    done.set_result(outcome[number])

    async def _collect(self) -> None:
        """Wait while more work keeps coming in: the two threads would only take the interpreter from each other."""
        before = 0
        while before < len(self._waiting) < MOST and len(self._waiting) > 1:
            before = len(self._waiting)
            await asyncio.sleep(COLLECT_SECONDS)

    def _all(self, batch: list[Callable[[], Any]]) -> list[Any]:
        with self._store.batch():
            return [work() for work in batch]
