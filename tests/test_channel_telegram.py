"""Telegram's edge: what is stored is confirmed, what is refused is set aside, what fails is tried again."""

import asyncio

import pytest
from fake_bot_api import TOKEN, FakeBotApi, Refused
from telegram import Update

from bot import channel_telegram
from bot.app import App
from bot.channel_telegram import COMMANDS, BadTokenError, make_bot, pause, read_update, run
from bot.settings import Settings


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch):
    monkeypatch.setattr(channel_telegram, "pause", lambda attempt: 0.02)


def settings_for(tmp_path, api, token=TOKEN):
    return Settings(
        database=str(tmp_path / "t.sqlite3"), telegram_token=token, telegram_api=api.address, _env_file=None
    )


class Running:
    """The channel at work until the block ends."""

    def __init__(self, settings):
        self.settings = settings

    async def __aenter__(self):
        self.opened = App.open(self.settings)
        self.app = await self.opened.__aenter__()
        self.task = asyncio.create_task(run(self.app, self.settings))
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.opened.__aexit__(None, None, None)


async def said(api, chat, count):
    return await asyncio.to_thread(api.wait_for, chat, count)


async def test_a_question_is_answered_with_the_clause_and_the_menu_is_set(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "概念验证中心场地要多大")
        (text,) = await said(api, 7, 1)
    assert "200平方米" in text
    assert "第八条第（三）项" in text
    assert [entry["command"] for entry in api.menu] == list(COMMANDS)


async def test_a_button_is_acknowledged_and_starts_the_questionnaire(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "prescreen:pilot_base")
        (text,) = await said(api, 7, 1)
    assert "哪一天" in text
    assert api.answered_queries == {"q1"}


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


@pytest.mark.parametrize(
    "fault", [Refused(429, "Too Many Requests: retry after 0", retry_after=0), Refused(502, "Bad Gateway")]
)
async def test_what_fails_is_sent_again(tmp_path, api, fault):
    api.faults["sendMessage"].append(fault)
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1


async def test_a_blocked_chat_is_set_aside_and_its_next_reply_goes_on(tmp_path, api):
    api.faults["sendMessage"].append(Refused(403, "Forbidden: bot was blocked by the user"))
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        api.write(7, "由谁解释")
        (text,) = await said(api, 7, 1)
        failed = await running.app._run(lambda: running.app.store.failed("telegram"))
    assert "解释" in text
    assert len(failed) == 1


async def test_a_malformed_update_does_not_make_polling_deaf(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.put({"message": {"message_id": "x", "chat": 5}})
        api.put({"callback_query": None, "unheard_of": {"a": 1}})
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1


async def test_an_api_that_is_down_at_the_start_is_waited_for(tmp_path, api):
    api.faults["getMe"].extend([Refused(502, "Bad Gateway")] * 3)
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert len(await said(api, 7, 1)) == 1


async def test_a_token_that_telegram_does_not_know_ends_with_one_sentence(tmp_path, api):
    settings = settings_for(tmp_path, api, "999:unknown")
    async with App.open(settings) as app:
        with pytest.raises(BadTokenError, match="BEIAN_TELEGRAM_TOKEN"):
            await run(app, settings)


def update(**parts):
    return Update.de_json({"update_id": 1, **parts}, None)


def message(kind="private", **parts):
    return {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": kind},
        "from": {"id": 5, "is_bot": False, "first_name": "x"},
        **parts,
    }


def test_an_edited_message_is_a_message():
    assert read_update(update(edited_message=message(text="公示几天")), "bot").text == "公示几天"


def test_a_sticker_or_photo_is_answered_with_what_the_bot_can_do():
    assert read_update(update(message=message()), "bot").action == "unreadable"


def test_a_group_is_answered_only_when_the_bot_is_addressed():
    assert read_update(update(message=message("group", text="公示几天")), "bot") is None
    assert read_update(update(message=message("group", text="@bot 公示几天")), "bot").text == "公示几天"


def test_pauses_grow_and_end_at_a_minute():
    assert pause(0) <= 0.5
    assert pause(50) <= 60


def test_a_token_that_is_none_is_named(tmp_path):
    with pytest.raises(BadTokenError, match="BEIAN_TELEGRAM_TOKEN"):
        make_bot(Settings(_env_file=None))
