"""How many requests a session or an address may make in a minute."""

import hashlib
import time
from collections import OrderedDict

from bot.web_problems import ProblemError

REMEMBERED = 50_000
"""How many addresses and sessions are counted at once; the oldest are forgotten, so that memory stays bounded."""


class Rate:
    """How many requests each name may make in a minute: a bucket that fills evenly. A limit of 0 is off."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, at: float | None = None) -> int:
        """Seconds to wait; 0 if the request may go on, which then counts."""
        if not self.limit:
            return 0
        at = time.monotonic() if at is None else at
        left, last = self._buckets.pop(name, (float(self.limit), at))
        left = min(self.limit, left + (at - last) * self.limit / 60)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, at)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.limit))

    def check(self, field: str, name: str) -> None:
        """ProblemError 429 with Retry-After where a name has used up its minute."""
        if seconds := self.wait(hashlib.sha256(name.encode(errors="replace")).hexdigest()[:16]):
            raise ProblemError(
                429, {field: f"请求太频繁，请{seconds}秒后再试"}, {"Retry-After": str(seconds)}
            )
