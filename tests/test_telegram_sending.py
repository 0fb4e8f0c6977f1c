"""Sending: what fails comes again, in order; what is refused is set aside; one chat's trouble is no other's."""

import asyncio
import random
from datetime import UTC, datetime

import pytest
from fake_bot_api import FakeBotApi, Refused, Weather
from telegram_running import Running, happens, said, settings_for

from bot import app as app_module
from bot import telegram_receiving, telegram_sending, telegram_text
from bot.telegram_sending import pause
from bot.wording import text_reply


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch, world):
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    for module in (telegram_receiving, telegram_sending):
        monkeypatch.setattr(module, "pause", lambda attempt: 0.02)


@pytest.mark.parametrize(
    "fault",
    [
        Refused(429, "Too Many Requests: retry after 0", retry_after=0),
        Refused(502, "Bad Gateway"),
        Refused(500, "Internal Server Error"),
        Refused(401, "Unauthorized"),
        "drop",
    ],
    ids=str,
)
async def test_what_fails_is_sent_again_and_once(tmp_path, api, fault):
    api.faults["sendMessage"].append(fault)
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        await said(api, 7, 1)
        api.write(7, "由谁解释")
        assert len(await said(api, 7, 2)) == 2
        assert await running.failed() == []


@pytest.mark.parametrize("fault", ["lost", "half"])
async def test_where_the_answer_gets_lost_the_message_comes_twice_rather_than_never(tmp_path, api, fault):
    api.faults["sendMessage"].append(fault)
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        first, second = await said(api, 7, 2)
        assert first == second
        api.write(7, "由谁解释")
        assert len(await said(api, 7, 3)) == 3


async def test_retry_after_is_obeyed_for_that_chat_alone(tmp_path, api):
    api.faults["sendMessage"].append(Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        await happens(api, lambda: api.calls["sendMessage"])
        begun = asyncio.get_running_loop().time()
        api.write(8, "公示几天")
        await said(api, 8, 1)
        assert asyncio.get_running_loop().time() - begun < 0.9
        assert api.texts(7) == []
        await said(api, 7, 1)
        assert asyncio.get_running_loop().time() - begun > 0.9


async def test_a_blocked_chat_is_set_aside_remembered_and_not_called_again_until_it_writes(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        await said(api, 7, 1)
        api.blocked.add(7)
        api.write(7, "由谁解释")
        await happens(api, lambda: running.telegram.sender._unreachable)
        assert await running.app._run(lambda: running.app.store.unreachable("telegram")) == {"7": "blocked"}
        calls = api.calls["sendMessage"]
        await push(running, "7", "工作人员的答复")
        failed = await until_failed(running, 2)
        assert api.calls["sendMessage"] == calls
        assert [o.reason for o in failed] == ["blocked", "blocked"]
        api.blocked.clear()
        api.write(7, "/article 2")
        await said(api, 7, 2)
        await happens(api, lambda: not running.telegram.sender._unreachable)
        await push(running, "7", "第二个答复")
        assert (await said(api, 7, 3))[2] == "第二个答复"


async def push(running, user, text):
    """A reply that answers no message, as a staff answer is."""
    from bot.store_rows import queue

    def put():
        with running.app.store._engine.writing() as db:
            queue(
                db,
                "telegram",
                user,
                "",
                text_reply("handed_over", text),
                datetime.now(UTC).isoformat(),
                pushed=True,
            )

    await running.app._run(put)
    running.app.outbox.look("telegram")


async def until_failed(running, count):
    for _ in range(500):
        if len(failed := await running.failed()) >= count:
            return failed
        await asyncio.sleep(0.02)
    raise AssertionError(f"only {len(failed)} of {count} set aside")


async def test_being_blocked_and_let_in_again_is_told_by_telegram_too(tmp_path, api):
    def membership(was, now):
        chat = {"id": 7, "type": "private"}
        states = {"old_chat_member": {"status": was}, "new_chat_member": {"status": now}}
        return {"my_chat_member": {"chat": chat, "from": {"id": 7, "is_bot": False}, **states}}

    async with Running(settings_for(tmp_path, api)) as running:
        api.put(membership("member", "kicked"))
        await happens(api, lambda: running.telegram.sender._unreachable == {"7": "blocked"})
        api.put(membership("kicked", "member"))
        await happens(api, lambda: running.telegram.sender._unreachable == {})
    assert api.sent == []


async def test_a_chat_that_is_gone_is_set_aside_and_the_others_go_on(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        api.gone.add(7)
        api.write(7, "公示几天")
        api.write(8, "公示几天")
        await said(api, 8, 1)
        (failed,) = await until_failed(running, 1)
        assert failed.reason == "gone"


async def test_html_that_telegram_cannot_read_is_sent_as_plain_text(tmp_path, api, monkeypatch):
    monkeypatch.setattr("bot.telegram_show.render", lambda reply: ["<b>坏的</i> &lt;标记&gt;"])
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert await said(api, 7, 1) == ["坏的 <标记>"]


async def test_what_telegram_refuses_for_good_is_set_aside_with_the_reason_and_can_be_sent_again(
    tmp_path, api
):
    api.faults["sendMessage"].append(Refused(400, "Bad Request: BUTTON_DATA_INVALID"))
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        (failed,) = await until_failed(running, 1)
        assert "button_data_invalid" in failed.reason.lower()
        assert await running.app._run(lambda: running.app.store.resend("telegram")) == 1
        assert "5个工作日" in (await said(api, 7, 1))[0]
        assert await running.failed() == []


async def test_a_reply_in_several_pieces_goes_on_after_the_piece_that_arrived(tmp_path, api, monkeypatch):
    monkeypatch.setattr("bot.telegram_show.render", lambda reply: ["一", "二", "三"])
    api.faults["sendMessage"].extend([None, Refused(502, "Bad Gateway")])
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "公示几天")
        assert await said(api, 7, 3) == ["一", "二", "三"]
        await asyncio.sleep(0.1)
    assert api.texts(7) == ["一", "二", "三"]
    assert [bool(m["markup"]) for m in api.by_chat[7]] == [False, False, True]


async def test_a_group_that_moved_is_followed_with_its_conversation(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(-9, "@beian_test_bot 公示几天", user=5)
        await said(api, -9, 1)
        api.moved[-9] = -1009
        api.messages[-1009] = {}
        api.write(-9, "@beian_test_bot 那由谁解释", user=5)
        assert "解释" in (await said(api, -1009, 1))[0]
        api.write(-1009, "@beian_test_bot 还有呢", user=5)
        assert "第二十一条" not in (await said(api, -1009, 2))[1][:10]


async def test_a_slow_chat_and_a_flooding_chat_delay_no_other(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        for n in range(150):
            api.write(1, f"/article {n % 20 + 1}")
        api.faults["sendMessage"].append("slow")
        api.write(2, "/article 2")
        begun = asyncio.get_running_loop().time()
        await said(api, 2, 1)
        assert len(api.texts(1)) < 75
        assert asyncio.get_running_loop().time() - begun < 3
        names = [t.split("（")[0] for t in await said(api, 1, 150)]
    assert len(names) == 150
    assert names[:20] == names[20:40]


async def test_in_bad_weather_every_message_is_answered_in_order(tmp_path, api):
    chance = random.Random(20261124)
    api.weather = Weather(
        chance,
        retry_after=0,
        slow_seconds=0.05,
        _429=0.05,
        _502=0.1,
        drop=0.05,
        lost=0.05,
        half=0.05,
        slow=0.05,
    )
    api.doubled, api.shuffled = 0.5, 0.5
    async with Running(settings_for(tmp_path, api)) as running:
        for n in range(1, 9):
            for chat in range(1, 11):
                api.write(chat, f"/article {n}")
        for chat in range(1, 11):
            await happens(api, lambda chat=chat: any(t.startswith("第八条") for t in api.texts(chat)))
        assert await running.failed() == []
    names = "一二三四五六七八"
    for chat in range(1, 11):
        order = [names.index(t[1]) for t in api.texts(chat)]
        assert sorted(set(order)) == list(range(8))
        assert order == sorted(order)
    assert set(api.weather.counts) >= {"502", "drop", "lost", "half"}


async def test_pacing_spreads_the_replies_of_a_chat(tmp_path, api):
    async with Running(settings_for(tmp_path, api, telegram_pace="on")):
        begun = asyncio.get_running_loop().time()
        for n in range(1, 7):
            api.write(1, f"/article {n}")
        await said(api, 1, 6)
        assert asyncio.get_running_loop().time() - begun > 1.8


def test_pauses_grow_and_end_at_a_minute():
    assert pause(0) <= 0.5
    assert 30 <= pause(50) <= 60
    assert len({pause(5) for _ in range(10)}) > 1


def test_a_key_too_long_for_a_button_has_no_rating():
    reply = text_reply("answered", "答")
    assert telegram_text.keyboard(reply, "1")
    assert telegram_text.keyboard(reply, "1" * 41) == []


@pytest.mark.parametrize("faults", [[], ["sendDocument"], ["sendMessage"]], ids=str)
async def test_a_file_follows_the_reply_that_brings_it(tmp_path, api, faults):
    for method in faults:
        api.faults[method].append(Refused(502, "Bad Gateway"))
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "calendar:annual_report:2099-03-31")
        assert len(await said(api, 7, 2)) == 2
        api.write(7, "公示几天")
        assert len(await said(api, 7, 3)) == 3
    text, file, _ = api.by_chat[7]
    assert "日历文件" in text["text"]
    name, content = file["file"]
    assert name == "年度报告-2099-03-31.ics"
    assert content.startswith(b"BEGIN:VCALENDAR")


async def test_a_fault_of_our_own_sets_one_reply_aside_and_the_chat_goes_on(tmp_path, api, monkeypatch):
    shows = telegram_text.render
    broken = iter([True])
    monkeypatch.setattr(
        "bot.telegram_show.render", lambda reply: 1 / 0 if next(broken, False) else shows(reply)
    )
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        api.write(7, "由谁解释")
        assert "解释" in (await said(api, 7, 1))[0]
        (failed,) = await until_failed(running, 1)
        assert failed.reason == "ZeroDivisionError"
