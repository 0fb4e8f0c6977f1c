"""What several test files share: the world of an installation without operator or offices, and a day in force."""

from datetime import date

import pytest
from postgres import QUICK, Postgres

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.store_opening import open_store
from bot.world import World, load_world

DAY = date(2026, 6, 1)


@pytest.fixture(scope="session")
def world() -> World:
    return load_world()


class Talk:
    """A conversation as a table of turns: what is said, and the replies to it."""

    def __init__(self, world: World, channel: str = "test", day: date = DAY) -> None:
        self.world, self.day = world, day
        self.conversation = Conversation(channel, "somebody", greeted=True)
        self.replies = ()
        self.effects = ()
        self.count = 0

    def say(self, text="", action=""):
        self.count += 1
        message = Message(self.conversation.channel, "somebody", str(self.count), self.day, text, action)
        turn = respond(self.world, self.conversation, message)
        self.conversation, self.replies, self.effects = turn.conversation, turn.replies, turn.effects
        return self.replies[0] if self.replies else None

    def press(self, action):
        return self.say(action=action)


@pytest.fixture
def talk(world):
    return Talk(world)


@pytest.fixture(scope="session")
def postgres():
    server = Postgres(**QUICK)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """What BEIAN_DATABASE would say, of an empty database on each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite3")
    return request.getfixturevalue("postgres").new()


@pytest.fixture
def make_store(database):
    """A function that opens the same database again and again, as other processes would."""
    opened = []

    def make():
        opened.append(open_store(database))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make_store):
    return make_store()
