"""Telegram from end to end in one process: what is stored is confirmed, what is refused is set aside, what fails comes."""

import asyncio

import pytest
from fake_bot_api import FakeBotApi, Refused
from telegram_running import Running, happens, said, settings_for

from bot import app as app_module
from bot import telegram_receiving, telegram_sending
from bot.app import App
from bot.channel_telegram import COMMANDS, Telegram, run_polling
from bot.settings import Settings
from bot.telegram_api import BadTokenError


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch, world):
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    for module in (telegram_receiving, telegram_sending):
        monkeypatch.setattr(module, "pause", lambda attempt: 0.02)
    monkeypatch.setattr("bot.channel_telegram.pause", lambda attempt: 0.02)


async def test_a_question_is_answered_with_the_clause_and_the_menu_is_set(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "概念验证中心场地要多大")
        (text,) = await said(api, 7, 1)
        assert "200平方米" in text
        assert "第八条第（三）项" in text
        await asyncio.to_thread(api.wait_until, lambda: len(api.texts_of_profile) == 2)
    assert [entry["command"] for entry in api.menu] == list(COMMANDS)
    assert "mydata" not in {entry["command"] for entry in api.menus["all_group_chats", ""]}
    assert "非官方" in api.texts_of_profile["description", ""]


async def test_replies_come_in_order_for_each_chat(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        for n in range(1, 6):
            for chat in (1, 2):
                api.write(chat, f"/article {n}")
        for chat in (1, 2):
            texts = await said(api, chat, 5)
            assert [t[:3] for t in texts] == ["第一条", "第二条", "第三条", "第四条", "第五条"]


async def test_an_update_delivered_twice_is_answered_once(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        number = api.write(7, "公示几天")
        await said(api, 7, 1)
        api.confirmed = number - 1
        api.write(7, "由谁解释")
        texts = await said(api, 7, 2)
    assert "解释" in texts[1]
    assert len(texts) == 2


async def test_updates_that_are_numbered_anew_after_a_quiet_week_arrive(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api._next = 10_000
        api.write(7, "公示几天")
        await said(api, 7, 1)
        polls = api.calls["getUpdates"]
        await asyncio.to_thread(api.wait_until, lambda: api.calls["getUpdates"] > polls + 1)
        api._next, api.confirmed, api.updates = 50, 0, []
        api.write(7, "由谁解释")
        assert len(await said(api, 7, 2)) == 2


async def test_a_malformed_update_does_not_make_polling_deaf(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.put({"message": {"message_id": "x", "chat": 5}})
        api.put({"callback_query": None, "unheard_of": {"a": 1}})
        api.put("nonsense")
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1
        api.updates = []


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "deleteWebhook"])
async def test_an_api_that_is_down_at_the_start_is_waited_for(tmp_path, api, method):
    api.faults[method].extend([Refused(502, "Bad Gateway"), "drop", "half"])
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1


async def test_a_menu_that_is_refused_delays_no_answer(tmp_path, api):
    api.faults["setMyCommands"].append(Refused(429, "Too Many Requests: retry after 99", retry_after=99))
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1


async def test_a_token_that_telegram_does_not_know_ends_with_one_sentence(tmp_path, api):
    settings = settings_for(tmp_path, api, "999:unknown")
    async with App.open(settings) as app:
        with pytest.raises(BadTokenError, match="BEIAN_TELEGRAM_TOKEN"):
            await Telegram(app, settings).run()


def test_no_token_is_said_in_one_sentence(tmp_path):
    with pytest.raises(ValueError, match="BEIAN_TELEGRAM_TOKEN is not set"):
        run_polling(Settings(database=str(tmp_path / "t"), _env_file=None))


def test_fetching_beside_a_webhook_is_refused(tmp_path):
    settings = Settings(
        database=str(tmp_path / "t"),
        telegram_webhook_url="https://example.org",
        telegram_token="1:a",
        _env_file=None,
    )
    with pytest.raises(ValueError, match="BEIAN_TELEGRAM_WEBHOOK_URL"):
        run_polling(settings)


async def test_a_clean_stop_answers_what_was_received_and_confirms_it(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        api.faults["sendMessage"].append("slow")
        for n in range(1, 4):
            api.write(7, f"/article {n}")
        last = api._next - 1
        await asyncio.to_thread(api.wait_until, lambda: running.app.outbox._busy["telegram"])
    assert len(api.texts(7)) == 3
    assert api.confirmed == last
    polls = api.calls["getUpdates"]
    async with Running(settings_for(tmp_path, api)):
        await asyncio.to_thread(api.wait_until, lambda: api.calls["getUpdates"] > polls + 1)
    assert len(api.texts(7)) == 3


async def test_a_clean_stop_does_not_wait_for_a_chat_that_has_to_wait(tmp_path, api):
    api.faults["sendMessage"].append(Refused(429, "Too Many Requests: retry after 600", retry_after=600))
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        await asyncio.to_thread(api.wait_until, lambda: api.calls["sendMessage"])
        running.telegram.settings = running.settings
        begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 8
    async with Running(settings_for(tmp_path, api)):
        assert len(await said(api, 7, 1)) == 1


async def test_of_two_processes_on_one_database_one_stands_by_until_the_other_ends(tmp_path, api):
    first = Running(settings_for(tmp_path, api))
    await first.__aenter__()
    await happens(api, lambda: first.telegram.api.id != 0)
    async with Running(settings_for(tmp_path, api)) as second:
        api.write(7, "公示几天")
        await said(api, 7, 1)
        assert second.telegram._polling is None
        await first.__aexit__()
        api.write(7, "由谁解释")
        assert len(await said(api, 7, 2)) == 2
        assert second.telegram._polling is not None
