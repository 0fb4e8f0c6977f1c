"""Receiving: buttons, edits, replies, groups, inline questions and the webhook, as the chat shows them."""

import asyncio
import json

import pytest
from fake_bot_api import FakeBotApi, Refused
from telegram_running import Running, happens, said, settings_for

from bot import app as app_module
from bot import telegram_receiving, telegram_sending, telegram_typing
from bot.store import StoreError


@pytest.fixture
def api():
    with FakeBotApi() as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch, world):
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    for module in (telegram_receiving, telegram_sending):
        monkeypatch.setattr(module, "pause", lambda attempt: 0.02)


def shown(api, chat):
    return [m["text"] for _, m in sorted(api.messages[chat].items()) if m.get("by_bot")]


async def test_a_button_is_acknowledged_and_starts_the_questionnaire(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        query = api.press(7, "prescreen:pilot_base")
        (text,) = await said(api, 7, 1)
        assert "哪一天" in text
        await happens(api, lambda: query in api.answered_queries)


async def test_a_choice_is_noted_in_its_message_whose_buttons_go(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "/start prescreen-pilot_base")
        *_, question = await said(api, 7, 2)
        message = api.by_chat[7][-1]
        label, action = (message["markup"]["inline_keyboard"][0][0][k] for k in ("text", "callback_data"))
        api.press(7, action)
        await said(api, 7, 3)
        await happens(api, lambda: message["markup"] == {})
        assert message["text"] == f"{question}\n\n您选：{label}"


async def test_finding_ones_way_happens_in_one_message(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "/article 9.3")
        await said(api, 7, 1)
        api.press(7, "article:9.4")
        await happens(api, lambda: shown(api, 7)[-1].startswith("第九条第（四）项"))
        api.press(7, "article:9.5")
        await happens(api, lambda: shown(api, 7)[-1].startswith("第九条第（五）项"))
        assert len(shown(api, 7)) == 1
        assert len(api.edits) == 2


async def test_what_cannot_be_edited_any_more_comes_as_a_new_message(tmp_path, api):
    api.faults["editMessageText"].append(Refused(400, "Bad Request: message can't be edited"))
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "faq")
        (text,) = await said(api, 7, 1)
        assert "常见问题" in text


async def test_the_same_button_twice_is_no_error(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "/faq")
        await said(api, 7, 1)
        api.press(7, "faq", api.by_chat[7][0]["message_id"])
        api.write(7, "/article 1")
        await said(api, 7, 2)
        assert await running.failed() == []
    assert len(api.by_chat[7]) == 2


async def test_an_edited_question_is_answered_again_in_place(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "/article 2")
        api.write(7, "公示几天", message_id=50)
        await said(api, 7, 2)
        api.write(7, "由谁解释", kind="edited_message", message_id=50)
        await happens(api, lambda: "解释" in shown(api, 7)[-1])
        assert len(shown(api, 7)) == 2
        api.write(7, "/article 3", kind="edited_message", message_id=50)
        await happens(api, lambda: shown(api, 7)[-1].startswith("第三条"))
        assert len(shown(api, 7)) == 2


async def test_an_edited_message_is_no_response_to_the_question_of_now(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.press(7, "prescreen:pilot_base")
        api.write(7, "今天", message_id=50)
        await said(api, 7, 2)
        api.write(7, "不清楚", kind="edited_message", message_id=50)
        await happens(api, lambda: any("不会改变已填的回答" in text for text in shown(api, 7)))


async def test_a_reply_to_an_earlier_answer_asks_about_that_one(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "概念验证中心场地要多大")
        api.write(7, "公示几天")
        first, _ = await said(api, 7, 2)
        me = {"id": 123456, "is_bot": True, "first_name": "备案通"}
        api.write(7, "原文", reply_to_message={"message_id": 2, "from": me, "text": first})
        assert "第八条第（三）项" in (await said(api, 7, 3))[2]


async def test_in_a_group_the_bot_speaks_only_when_spoken_to_and_hangs_its_reply_onto_the_message(
    tmp_path, api
):
    async with Running(settings_for(tmp_path, api)):
        api.write(-9, "公示几天", user=5)
        number = api.next_id(-9)
        api.write(-9, "@beian_test_bot 公示几天", user=5)
        assert "5个工作日" in (await said(api, -9, 1))[0]
        assert api.by_chat[-9][0]["reply_to"] == number
        api.write(-9, "@beian_test_bot /mydata", user=5)
        assert "私聊" in (await said(api, -9, 2))[1]


async def test_a_forum_topic_is_answered_in_the_topic(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(-9, "@beian_test_bot 公示几天", user=5, is_topic_message=True, message_thread_id=44)
        await said(api, -9, 1)
        assert api.by_chat[-9][0]["thread"] == "44"


async def test_two_people_of_a_group_fill_in_two_questionnaires(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        for user in (5, 6):
            api.write(-9, "@beian_test_bot /prescreen", user=user)
        await said(api, -9, 2)
        for user in ("-9:5", "-9:6"):
            assert (
                await running.app._run(lambda user=user: running.app.store.load("telegram", user))
            ).version == 1


async def test_a_picture_is_answered_with_what_the_bot_can_do(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, "", photo=[{"file_id": "x"}])
        (text,) = await said(api, 7, 1)
        assert text.startswith("收到图片。")


@pytest.mark.parametrize(
    ("link", "part"),
    [("a9-3", "第九条第（三）项"), ("prescreen-pilot_base", "哪一天"), ("prescreen", "请选择"), ("faq", "常见问题"), ("faq-legal-person", "法人")],
)  # fmt: skip
async def test_a_deep_link_leads_to_its_place(tmp_path, api, link, part):
    async with Running(settings_for(tmp_path, api)):
        api.write(7, f"/start {link}")
        hello, target, *_ = await said(api, 7, 2)
        assert "备案通" in hello
        assert part in target
        api.write(7, f"/start {link}")
        assert part in (await said(api, 7, 3))[2]


async def test_an_answer_is_rated_by_a_button_that_goes_and_says_thanks(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        await said(api, 7, 1)
        message = api.by_chat[7][0]
        votes = message["markup"]["inline_keyboard"][-1]
        assert [b["text"] for b in votes] == ["有帮助", "没帮助"]
        query = api.press(7, votes[1]["callback_data"])
        await happens(
            api, lambda: query in api.answered_queries and votes not in message["markup"]["inline_keyboard"]
        )
        assert api.toasts[query]
        assert message["markup"]["inline_keyboard"][-1] == [{"text": "转人工", "callback_data": "human"}]
        (given,) = await running.app._run(running.app.store.feedback)
        assert (given.useful, given.question) == (False, "公示几天")
        assert len(api.by_chat[7]) == 1


async def test_an_inline_question_is_answered_with_results_to_insert(tmp_path, api):
    async with Running(settings_for(tmp_path, api)):
        query = api.ask_inline(5, "场地面积")
        answer = await happens(api, lambda: api.inline[query])
        assert len(answer["results"]) > 2
        assert answer["button"]["start_parameter"] == "prescreen"
        stale = api.ask_inline(5, "场地")
        api.inline.pop(stale)
        api.write(7, "公示几天")
        await said(api, 7, 1)


async def test_a_chat_that_waits_sees_the_bot_typing(tmp_path, api, monkeypatch):
    monkeypatch.setattr(telegram_typing, "AFTER", 0.1)
    api.faults["sendMessage"].append(Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    async with Running(settings_for(tmp_path, api)) as running:
        api.write(7, "公示几天")
        await happens(api, lambda: (7, "typing") in api.actions)
        await said(api, 7, 1)
        await happens(api, lambda: not running.telegram.sender.typing._due)


async def test_a_database_that_does_not_answer_delays_what_was_fetched(tmp_path, api, monkeypatch):
    async with Running(settings_for(tmp_path, api)) as running:
        query = api.press(7, "useful:1")
        await happens(api, lambda: query in api.answered_queries)
        fails = iter([True, True])
        rate = running.app.rate

        async def failing(given):
            if next(fails, False):
                raise StoreError("locked")
            await rate(given)

        monkeypatch.setattr(running.app, "rate", failing)
        api.press(7, "useful:2")
        for _ in range(500):
            if len(await running.app._run(running.app.store.feedback)) == 2:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the rating was lost")


async def webhook(running, body, secret=None):
    given = running.settings.webhook_secret if secret is None else secret
    return await running.telegram.webhook.take(
        given, body if isinstance(body, bytes) else json.dumps(body).encode()
    )


async def test_the_webhook_takes_what_has_the_secret_and_is_stored(tmp_path, api, monkeypatch):
    settings = settings_for(tmp_path, api, telegram_webhook_url="https://example.org/x")
    update = {
        "update_id": 5,
        "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": "公示几天"},
    }
    async with Running(settings) as running:
        await happens(api, lambda: api.webhook)
        assert api.webhook == {"url": "https://example.org/x", "secret": settings.webhook_secret}
        api.show(7, text="…")
        assert await webhook(running, update, "wrong") == 403
        assert await webhook(running, update, "秘密") == 403
        assert await webhook(running, b"\xff{") == 200
        assert await webhook(running, b"[" * 10_000) == 200
        assert await webhook(running, update) == 200
        assert await webhook(running, update) == 200
        assert len(await said(api, 7, 1)) == 1

        async def locked(updates):
            raise StoreError("locked")

        monkeypatch.setattr(running.telegram.receiver, "take", locked)
        assert await webhook(running, {**update, "update_id": 6}) == 503
    assert api.calls["getUpdates"] == 0 or api.webhook
