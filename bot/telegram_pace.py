"""How fast Telegram lets a bot send: 1 a second in a chat and 20 a minute in a group on average, 30 a second in all."""

from collections import OrderedDict
from dataclasses import dataclass

REMEMBERED = 20_000
"""How many chats are paced at once; one that has been quiet for longest is forgotten, and is full again by then."""


@dataclass(frozen=True)
class Allowance:
    """So many messages at once, and then one every so many seconds."""

    burst: int
    every: float


CHAT = Allowance(burst=4, every=1.0)
GROUP = Allowance(burst=5, every=3.75)
ALL = Allowance(burst=3, every=1 / 28)
"""Telegram's limits (core.telegram.org/bots/faq, "My bot is hitting limits"), with the burst counted in: no minute of a
group has more than 20 messages, no second more than 30 in all."""


def _allowance(chat: int, on: bool) -> Allowance:
    if not on:
        return Allowance(1, 0.0)
    return GROUP if chat < 0 else CHAT


class Pace:
    """Reserves places in time. Whoever asks has the place and waits for it, so that order is kept by asking in order. A
    place in all is asked for once that in the chat has come: a chat that waits long must not hold up the others."""

    def __init__(self, on: bool = True) -> None:
        self.on = on
        self._all = 0.0
        self._chats: OrderedDict[int, float] = OrderedDict()

    def wait_in_chat(self, chat: int, now: float) -> float:
        """Seconds until a message to this chat may leave; `now` is a monotonic time in seconds."""
        allowance, taken = _allowance(chat, self.on), self._chats.get(chat, 0.0)
        if not self.on and taken <= now:
            return 0.0
        begin = _earliest(taken, allowance, now)
        self._note(chat, max(taken, begin) + allowance.every)
        return begin - now

    def wait_in_all(self, now: float) -> float:
        """Seconds until a message to any chat may leave."""
        if not self.on:
            return 0.0
        begin = _earliest(self._all, ALL, now)
        self._all = max(self._all, begin) + ALL.every
        return begin - now

    def hold(self, chat: int, until: float) -> None:
        """Telegram said how long this chat has to wait: this one alone, and with pacing off as well."""
        allowance = _allowance(chat, self.on)
        self._note(chat, max(self._chats.get(chat, 0.0), until + (allowance.burst - 1) * allowance.every))

    def _note(self, chat: int, at: float) -> None:
        self._chats[chat] = at
        self._chats.move_to_end(chat)
        while len(self._chats) > REMEMBERED:
            self._chats.popitem(last=False)


def _earliest(taken_until: float, allowance: Allowance, now: float) -> float:
    """The next free moment (the generic cell rate algorithm): `taken_until` is when all places taken so far are used up."""
    return max(now, taken_until - (allowance.burst - 1) * allowance.every)
