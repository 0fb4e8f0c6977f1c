"""Nothing is lost and nothing is handled twice, whatever dies when; at full size by `make soak`, at a few per cent here."""

import random

import pytest
from fake_bot_api import FakeBotApi, Weather
from fake_updates import random_update
from telegram_running import Running, happens, settings_for
from telegram_soak import Soak, compare

from bot import app as app_module
from bot.telegram_sending import AT_ONCE


def kill_soak(world, folder, chats, messages, kills, seed=20251206):
    with FakeBotApi() as api:
        soak = Soak(world, api, folder, chats, messages, seed)
        soak.kill_often(kills)
        doubled = soak.finish()
        print(
            f"{kills} kills, {chats} chats, {messages} messages: every one answered in order, {doubled} answers sent twice"
        )
        assert doubled <= kills * AT_ONCE
        return doubled


def network_soak(world, folder, chats, messages, seed=20251206):
    with FakeBotApi() as api:
        soak = Soak(world, api, folder, chats, messages, seed)
        rates = {"_429": 0.02, "_502": 0.04, "drop": 0.04, "lost": 0.03, "half": 0.03, "slow": 0.03}
        api.weather, api.doubled, api.shuffled = (
            Weather(random.Random(seed), retry_after=1, **rates),
            0.3,
            0.3,
        )
        doubled = soak.finish(300)
        failed = sum(api.weather.counts.values())
        print(
            f"{failed} calls failed, {messages} messages: every one answered in order, {doubled} answers sent twice"
        )
        assert failed
        return doubled


def lock_soak(world, folder, chats, messages, seconds, seed=20251206):
    with FakeBotApi() as api:
        soak = Soak(world, api, folder, chats, messages, seed)
        soak.lock_often(seconds)
        doubled = soak.finish()
        print(f"database locked for {seconds} s on and off, {messages} messages: every one answered in order")
        assert doubled == 0


async def update_soak(world, folder, monkeypatch, count, seed=20251206):
    """Random updates of every kind; between them plain questions, each of which is answered."""
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    chance = random.Random(seed)
    with FakeBotApi() as api:
        api.every_kind = True
        async with Running(settings_for(folder, api)) as running:
            for number in range(count):
                api.put(random_update(chance))
                if number % 10 == 9:
                    api.write(10_000_000 + number, f"/article {number % 20 + 1}")
            await happens(
                api, lambda: api.confirmed >= api._next - 1 or running.task.done(), seconds=20 + count / 20
            )
            assert not running.task.done(), running.task.exception()
            asked = [10_000_000 + number for number in range(9, count, 10)]
            await happens(api, lambda: all(api.by_chat[chat] for chat in asked), seconds=20 + count / 20)
        print(
            f"{count} random updates, {len(asked)} questions among them answered, {len(api.sent)} messages sent"
        )


def test_a_process_killed_again_and_again_answers_everything_in_order(world, tmp_path):
    kill_soak(world, tmp_path, chats=50, messages=150, kills=10)


def test_a_failing_network_loses_nothing(world, tmp_path):
    network_soak(world, tmp_path, chats=10, messages=40)


def test_a_locked_database_loses_nothing(world, tmp_path):
    lock_soak(world, tmp_path, chats=10, messages=40, seconds=1.0)


async def test_random_updates_leave_the_channel_at_work(world, tmp_path, monkeypatch):
    await update_soak(world, tmp_path, monkeypatch, 200)


def test_what_is_missing_out_of_order_or_doubled_is_seen():
    assert compare(["a", "b", "c"], ["a", "b", "b", "c", "c"]) == 2
    for got in (["a", "c"], ["a", "c", "b"], ["a", "b", "x", "c"], ["a", "b"]):
        with pytest.raises(AssertionError):
            compare(["a", "b", "c"], got)


@pytest.mark.soak
def test_two_hundred_kills(world, tmp_path):
    kill_soak(world, tmp_path, chats=50, messages=2_000, kills=200)


@pytest.mark.soak
def test_two_thousand_messages_over_a_failing_network(world, tmp_path):
    network_soak(world, tmp_path, chats=50, messages=2_000)


@pytest.mark.soak
def test_two_thousand_messages_with_a_locked_database(world, tmp_path):
    lock_soak(world, tmp_path, chats=50, messages=2_000, seconds=30)


@pytest.mark.soak
async def test_ten_thousand_random_updates(world, tmp_path, monkeypatch):
    await update_soak(world, tmp_path, monkeypatch, 10_000)
