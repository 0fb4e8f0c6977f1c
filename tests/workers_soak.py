"""Several workers on one PostgreSQL while workers are killed, the server restarts and connections are cut: what many chats
say through the webhook of any worker, and whether each message was answered once, in its chat's order."""

import http.client
import json
import random
import threading
import time
from collections import Counter, defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
from fake_bot_api import TOKEN, FakeBotApi
from forking import Forking
from processes import free_port, wait_until_ready
from telegram_soak import compare, expected, script

SECRET = "geheim"
HOOK = "http://127.0.0.1:1/hook"
SENDERS = 8


class Balanced(FakeBotApi):
    """Keeps what is written for whoever carries it to a worker."""

    def __init__(self):
        super().__init__()
        self.out = defaultdict(deque)

    def put(self, update):
        number = super().put({})  # nothing that Telegram itself would bring
        self.out[update["message"]["chat"]["id"]].append({"update_id": number, **update})
        return number


class Workers:
    """`count` workers, of which one at random is killed and started again."""

    def __init__(self, folder, api, database, count, chance):
        self.chance, self.ports, self.programs = chance, [free_port() for _ in range(count)], []
        for number, port in enumerate(self.ports):
            (folder / str(number)).mkdir()
            self.programs.append(Forking(
                folder / str(number), "serve", BEIAN_DATABASE=database, BEIAN_PORT=str(port), BEIAN_TELEGRAM_TOKEN=TOKEN,
                BEIAN_TELEGRAM_API=api.address, BEIAN_TELEGRAM_WEBHOOK_URL=HOOK, BEIAN_TELEGRAM_WEBHOOK_SECRET=SECRET,
            ))  # fmt: skip
        for program in self.programs:
            program.start()

    def kill_one(self):
        program = self.chance.choice(self.programs)
        program.kill()
        program.start()

    def bring(self, update, seconds=120):
        """Carry an update to any worker until one has it, as Telegram and a load balancer do; how many tries it took."""
        body, until, tries = json.dumps(update), time.monotonic() + seconds, 0
        while True:
            tries += 1
            try:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self.chance.choice(self.ports), timeout=30
                )
                headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
                connection.request("POST", urlsplit(HOOK).path, body, headers)
                status = connection.getresponse().status
                connection.close()
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 200:
                return tries
            assert status in {0, 503}, status
            assert time.monotonic() < until, "no worker took it"
            time.sleep(0.05)

    def stop(self):
        """A clean stop of each, the one that was started last too: before it is ready a signal just ends it."""
        for port in self.ports:
            wait_until_ready(port, 60)
        with ThreadPoolExecutor() as threads:
            return list(threads.map(lambda program: program.stop(), self.programs))

    def log(self):
        return "".join(program.log() for program in self.programs)


class Soak:
    """One run: `chats` people who say `messages` things in all to three workers."""

    def __init__(self, world, api, postgres, folder, chats, messages, seed, workers=3):
        self.api, self.postgres, self.chance = api, postgres, random.Random(seed)
        self.database, self.messages = postgres.new(), messages
        self.said = {chat: script(self.chance, messages // chats) for chat in range(1, chats + 1)}
        self.wanted = {chat: expected(world, chat, said) for chat, said in self.said.items()}
        self.workers = Workers(folder, api, self.database, workers, self.chance)
        self.counts, self.ended, self.faults = Counter(), threading.Event(), []

    def _say(self, chats):
        for place in range(self.messages // len(self.said)):
            for chat in chats:
                self.api.write(chat, self.said[chat][place])
                self.counts["repeated"] += self.workers.bring(self.api.out[chat].popleft()) - 1

    def _guarded(self, work, *given):
        try:
            work(*given)
        except BaseException as error:
            self.faults.append(error)
            raise

    def _disturb(self, kill_seconds, cut_seconds, restarts):
        """Kill a worker so often, cut some connections so often, and restart the server so many times, evenly over the run."""
        kill_at = time.monotonic() + kill_seconds
        cut_at = time.monotonic() + cut_seconds
        while not self.ended.wait(0.02):
            if time.monotonic() > kill_at:
                self.workers.kill_one()
                self.counts["kills"] += 1
                kill_at = time.monotonic() + kill_seconds
            if time.monotonic() > cut_at:
                self.counts["cuts"] += self.cut()
                cut_at = time.monotonic() + cut_seconds * self.chance.uniform(0.5, 1.5)
            if self.counts["restarts"] < restarts and self.arrived() > self.share(
                (self.counts["restarts"] + 1) / (restarts + 1)
            ):
                self.postgres.restart()
                self.counts["restarts"] += 1

    def arrived(self):
        return len(self.api.sent)

    def share(self, part):
        return part * sum(map(len, self.wanted.values()))

    def cut(self):
        """End some of the workers' connections; how many."""
        with self.postgres.connect() as connection:
            found = connection.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'beian' and "
                "random() < 0.4"
            ).fetchone()
        return found[0]

    def run(self, kill_seconds, cut_seconds, restarts, seconds):
        begun = time.monotonic()
        chats = list(self.said)
        saying = [
            threading.Thread(target=self._guarded, args=(self._say, chats[n::SENDERS]))
            for n in range(SENDERS)
        ]
        disturbing = threading.Thread(
            target=self._guarded, args=(self._disturb, kill_seconds, cut_seconds, restarts)
        )
        try:
            for thread in [*saying, disturbing]:
                thread.start()
            for thread in saying:
                thread.join()
            self.wait(seconds)
        finally:
            self.ended.set()
            disturbing.join()
            statuses = self.workers.stop()
        self.counts["seconds"] = round(time.monotonic() - begun)
        assert not self.faults
        assert set(statuses) == {0}, (statuses, self.workers.log()[-2000:])
        return self.check()

    def wait(self, seconds):
        """Until every chat has its last answer."""
        for chat, wanted in self.wanted.items():
            self.api.wait_until(
                lambda chat=chat, wanted=wanted: wanted[-1] in self.texts(chat)[len(wanted) - 1 :], seconds,
                lambda chat=chat, wanted=wanted: f"{chat}: {len(self.texts(chat))} of {len(wanted)}",
            )  # fmt: skip

    def texts(self, chat):
        return [message["text"] for message in self.api.by_chat[chat]]

    def check(self):
        """Answered once and in order, by what arrived and by what the database holds."""
        self.counts["doubled"] = sum(
            compare(wanted, self.texts(chat)) for chat, wanted in self.wanted.items()
        )
        with psycopg.connect(self.database) as db:
            handled = db.execute(
                "select user_id, count(*), count(distinct key), max(version) from transcript join conversations using "
                "(channel, user_id) where who = 'user' group by user_id".replace(
                    "max(version)", "max(conversations.version)"
                )
            ).fetchall()
            waiting = db.execute("select count(*) from inbox where done_at is null").fetchone()[0]
            unsent = db.execute("select count(*) from outbox where sent_at is null").fetchone()[0]
        each = self.messages // len(self.said)
        assert sorted(handled) == sorted((str(chat), each, each, each) for chat in self.said)
        assert (waiting, unsent) == (0, 0)
        assert "Traceback" not in self.workers.log()
        return self.counts
