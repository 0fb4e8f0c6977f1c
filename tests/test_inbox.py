"""On every channel a message is kept and answered without the numbers of its person, but for the contact left for a desk."""

import asyncio
from datetime import date
from pathlib import Path

import httpx
import pytest
from fake_bot_api import FakeBotApi
from staff_desk import found
from storing import AT, everything, message
from telegram_running import Running, said, settings_for

from bot.app import App
from bot.channel_web import create_app
from bot.conversation import Message, Turn
from bot.inbox import receive
from bot.settings import Settings

DAY = date(2026, 6, 1)
OFFICES = Path(__file__).parents[1] / "docs/offices.example.toml"
ASKED = "我的证件 5301 0219 9001 0112 1X，电话１３８－００１３－８０００，li@qq.com，卡6222021234567890128，中试基地场地要多大"
TELLING = ("5301", "0219", "13800138000", "１３８", "００１３", "li@", "qq.com", "6222", "67890128")


def tells(kept):
    return [part for part in TELLING if part in kept]


async def test_a_request_in_a_terminal_or_on_the_web_is_kept_covered_and_answered(tmp_path):
    settings = Settings(database=str(tmp_path / "a.sqlite3"), _env_file=None)
    async with App.open(settings) as app:
        replies = await app.handle(Message("console", "console", "1", DAY, ASKED))
        web = httpx.ASGITransport(create_app(app, settings))
        async with httpx.AsyncClient(transport=web, base_url="http://test") as http:
            asked = (await http.post("/api/v1/ask", json={"q": ASKED})).json()
            talked = (
                await http.post("/api/v1/chat", json={"text": ASKED, "session": asked["session"]})
            ).json()
        kept = await app._run(lambda: everything(app.store))
    for text in (replies[0].text, asked["answer"], talked["replies"][0]["text"]):
        assert "1000平方米" in text
        assert "已隐去，没有保存" in text
    assert "中试基地场地要多大" in kept
    assert tells(kept) == []


async def test_a_telegram_message_is_kept_covered_and_answered(tmp_path):
    with FakeBotApi() as api:
        async with Running(settings_for(tmp_path, api)) as running:
            api.write(7, ASKED)
            (text,) = await said(api, 7, 1)
            await asyncio.to_thread(api.wait_until, lambda: api.texts(7))
            kept = await running.app._run(lambda: everything(running.app.store))
    assert "1000平方米" in text
    assert tells(kept) == []


async def test_the_contact_alone_is_kept_as_it_is_and_only_with_the_ticket(tmp_path):
    settings = Settings(database=str(tmp_path / "a.sqlite3"), offices=OFFICES, _env_file=None)
    async with App.open(settings) as app:
        for number, (text, action) in enumerate(
            [
                ("试飞场算场地吗", ""),
                ("", "desk:昆明市"),
                ("", "more:1"),
                ("打我13800138000", ""),
                ("", "contact:1"),
            ]
        ):
            await app.handle(Message("web", "u", str(number), DAY, text, action))
        before = await app._run(lambda: everything(app.store))
        replies = await app.handle(Message("web", "u", "last", DAY, "段工 １３９００１３９０００"))
        ticket = await app._run(lambda: found(app.store, 1))
        transcript = await app._run(lambda: app.store.recent("web", "u"))
        await app.handle(Message("web", "u", "later", DAY, "再说一次13900139000"))
        kept = await app._run(lambda: everything(app.store))
    assert "13800138000" not in before
    assert replies[0].text == "联系方式已附在工单 1。"
    assert ticket.contact == "段工 １３９００１３９０００"
    assert "段工 ＊＊" in [line.text for line in transcript]
    assert "13800138000" not in kept
    assert "再说一次＊＊" in kept


@pytest.mark.parametrize("awaiting", ["", "desk", "more:1"])
def test_what_is_received_waits_covered(store, awaiting):
    settle(store, awaiting)
    assert receive(store, [message("1", "我是13800138000"), message("2", "公示几天")], AT) == [True, True]
    assert [m.text for m in store.unhandled("telegram")] == ["我是＊＊"]


def settle(store, awaiting):
    """A conversation that waits for something."""
    asked = message("0")
    store.receive([asked], AT)
    conversation = store.load("telegram", "u").having(awaiting=awaiting)
    store.commit(Turn(conversation, ()), asked, AT)


def test_what_may_be_a_contact_waits_as_it_is_until_it_is_handled(store):
    settle(store, "contact:1")
    receive(store, [message("1", "13800138000"), message("2", "13800138000", user="v")], AT)
    assert [m.text for m in store.unhandled("telegram")] == ["13800138000", "＊＊"]


def test_so_does_what_comes_after_messages_that_still_wait(store):
    receive(store, [message("1", "", action="contact:1"), message("2", "13800138000")], AT)
    receive(store, [message("3", "13900139000")], AT)
    kept = everything(store)
    assert "13800138000" in kept
    assert "13900139000" in kept
