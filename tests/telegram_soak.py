"""Many chats against the real process while it is killed, the network fails and the database is locked: what is said, what
the pure dialogue answers to it, and what of that arrived."""

import random
import sqlite3
import threading
import time
from datetime import datetime

from fake_bot_api import TOKEN
from fake_html import parse_html
from forking import Forking

from bot.app import CHINA
from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.telegram_text import render

MARK = "秘密甲乙丙"
"""Stands in some of the messages, and may stand in no log."""


def script(chance, count):
    """What one person says: the questionnaire with clauses and questions in between; no two neighbours alike."""
    said = ["/start prescreen-pilot_base"]
    articles = chance.sample(range(1, 21), 20)
    while len(said) < count:
        if len(said) % 3 == 1:
            said.append("不清楚")
        elif chance.random() < 0.2:
            said.append(f"公示几天{MARK}" if "公示" not in said[-1] else "由谁解释")
        else:
            said.append(f"/article {articles[len(said) % 20]}")
    return said


def expected(world, chat, said):
    """The texts that the person is to see, in order, by the pure dialogue."""
    day, conversation, texts = datetime.now(CHINA).date(), Conversation("telegram", str(chat)), []
    for number, text in enumerate(said):
        turn = respond(world, conversation, Message("telegram", str(chat), str(number), day, text=text))
        conversation = turn.conversation.having(version=conversation.version + 1)
        texts += [parse_html(piece) for reply in turn.replies for piece in render(reply)]
    return texts


def compare(wanted, got):
    """How many messages came twice; AssertionError if one is missing, out of order or unasked for."""
    place, doubled = 0, 0
    for text in got:
        if place < len(wanted) and text == wanted[place]:
            place += 1
        else:
            assert text in wanted[max(0, place - 2) : place], f"not what was due: {text[:60]!r}"
            doubled += 1
    assert place == len(wanted), f"{place} of {len(wanted)} arrived"
    return doubled


class Soak:
    """One run: `chats` people who say `messages` things in all to the process under test."""

    def __init__(self, world, api, folder, chats, messages, seed):
        self.api, self.chance = api, random.Random(seed)
        self.program = Forking(
            folder, BEIAN_TELEGRAM_TOKEN=TOKEN, BEIAN_TELEGRAM_API=api.address, BEIAN_LOG_LEVEL="DEBUG"
        )
        self.said = {chat: script(self.chance, messages // chats) for chat in range(1, chats + 1)}
        self.wanted = {chat: expected(world, chat, said) for chat, said in self.said.items()}
        self.waiting = [chat for chat, said in self.said.items() for _ in said]
        self.chance.shuffle(self.waiting)
        self.next = dict.fromkeys(self.said, 0)

    def say(self, count):
        """Let so many messages come in, of random people."""
        for chat in self.waiting[:count]:
            self.api.write(chat, self.said[chat][self.next[chat]])
            self.next[chat] += 1
        del self.waiting[:count]

    def kill_often(self, kills):
        """Kill the process so often, each time after a few more of its sends and a moment; start it again."""
        self.program.start()
        for left in range(kills, 0, -1):
            self.say(len(self.waiting) // left)
            sends = self.api.calls["sendMessage"] + self.chance.randrange(1, 8)
            until = time.monotonic() + 10
            while self.api.calls["sendMessage"] < sends and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(self.chance.random() * 0.03)
            self.program.kill()
            self.program.start()

    def lock_often(self, seconds):
        """Let messages come in while another process locks the database again and again."""
        self.program.start()
        path = self.program.database
        self.api.wait_until(lambda: self.api.calls["getUpdates"], 30)
        ended = threading.Event()

        def lock():
            other = sqlite3.connect(path, timeout=5, isolation_level=None)
            while not ended.wait(0.05):
                other.execute("begin immediate")
                time.sleep(self.chance.random() * 0.3)
                other.execute("rollback")
            other.close()

        locking = threading.Thread(target=lock)
        locking.start()
        for _ in range(10):
            self.say(len(self.waiting) // 5 or len(self.waiting))
            time.sleep(seconds / 10)
        ended.set()
        locking.join()

    def finish(self, seconds=120):
        """Wait until the last answers are there; how many messages came twice."""
        self.say(len(self.waiting))
        if self.program.child is None:
            self.program.start()
        try:
            for chat, wanted in self.wanted.items():
                self.api.wait_until(lambda chat=chat, wanted=wanted: wanted[-1] in self.texts(chat)[len(wanted) - 1 :], seconds,
                                    lambda chat=chat, wanted=wanted: f"{chat}: {len(self.texts(chat))} of {len(wanted)}")  # fmt: skip
            time.sleep(0.3)
        finally:
            status = self.program.stop()
        assert status == 0, self.program.log()[-2000:]
        self.check_log()
        return sum(compare(wanted, self.texts(chat)) for chat, wanted in self.wanted.items())

    def texts(self, chat):
        return [message["text"] for message in self.api.by_chat[chat]]

    def check_log(self):
        """No token, no secret, no word of a message or a reply."""
        log = self.program.log()
        assert log
        assert TOKEN not in log
        assert TOKEN.split(":")[1] not in log
        assert MARK not in log
        assert "Traceback" not in log
        for chat in list(self.said)[:5]:
            for text in self.texts(chat):
                assert text[:16] not in log
