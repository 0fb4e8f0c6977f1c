"""The fake Bot API server refuses what Telegram refuses, and its faults are faults."""

import json
import random

import aiohttp
import pytest
from fake_bot_api import FAULTS, TOKEN, FakeBotApi, Weather

CHAT = 7


@pytest.fixture(scope="module")
def api():
    with FakeBotApi() as server:
        server.write(CHAT, "在吗")
        server.blocked.add(8)
        server.show(-7, text="话题")
        server.forums[-7] = {1: {"name": "话题", "closed": True}}
        server.moved[-9] = -100
        server.inline["i1"], server.queries["old"] = None, 0.0
        yield server


async def call(api, method, **form):
    form = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in form.items()}
    address = f"{api.address}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as response:
        return await response.json()


def keyboard(**button):
    return {"inline_keyboard": [[{"text": "按", **button}]]}


def article(name="1", text="x", **more):
    return {
        "type": "article",
        "id": name,
        "title": "题",
        "input_message_content": {"message_text": text},
        **more,
    }


REFUSALS = [
    ("sendMessage", {"text": "<b>x"}, "can't parse entities", "HTML that is not closed"),
    ("sendMessage", {"text": "<b>x</i>"}, "can't parse entities", "HTML closed in the wrong order"),
    ("sendMessage", {"text": "<p>x</p>"}, "can't parse entities", "a tag that Telegram does not know"),
    ("sendMessage", {"text": "a < b"}, "can't parse entities", "a bare sign"),
    ("sendMessage", {"text": "<blockquote>a<blockquote>b</blockquote></blockquote>"}, "nested", "quotes in quotes"),
    ("sendMessage", {"text": " "}, "message text is empty", "nothing"),
    ("sendMessage", {"text": "字" * 4097}, "message is too long", "a long text"),
    ("sendMessage", {"text": "😀" * 2049}, "message is too long", "a text long in UTF-16"),
    ("sendMessage", {"text": "x", "parse_mode": "Html5"}, "unsupported parse_mode", "another parse mode"),
    ("sendMessage", {"text": "x", "chat_id": "12345"}, "chat not found", "a chat that never wrote"),
    ("sendMessage", {"text": "x", "chat_id": "8"}, "bot was blocked by the user", "a person who blocked the bot"),
    ("sendMessage", {"text": "x", "chat_id": "-9"}, "upgraded to a supergroup", "a group that moved"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(callback_data="字" * 22)}, "BUTTON_DATA_INVALID", "66 bytes"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard()}, "can't parse", "a button without action"),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found", "no such message"),
    ("sendMessage", {"text": "x", "chat_id": "-7", "message_thread_id": "99"}, "message thread not found", "no such topic"),
    ("createForumTopic", {"name": "x"}, "not a forum", "a chat without topics"),
    ("createForumTopic", {"name": "", "chat_id": "-7"}, "TOPIC_TITLE_EMPTY", "a topic without a name"),
    ("createForumTopic", {"name": "字" * 129, "chat_id": "-7"}, "TOPIC_TITLE_INVALID", "a long name of a topic"),
    ("closeForumTopic", {"message_thread_id": "99", "chat_id": "-7"}, "TOPIC_ID_INVALID", "no such topic to close"),
    ("closeForumTopic", {"message_thread_id": "1", "chat_id": "-7"}, "TOPIC_NOT_MODIFIED", "a topic that is closed"),
    ("reopenForumTopic", {"message_thread_id": "99", "chat_id": "-7"}, "TOPIC_ID_INVALID", "no such topic to reopen"),
    ("deleteForumTopic", {"message_thread_id": "99", "chat_id": "-7"}, "TOPIC_ID_INVALID", "no such topic to delete"),
    ("editMessageText", {"text": "x", "message_id": "99"}, "message to edit not found", "no such message"),
    ("editMessageText", {"text": "x", "message_id": "1"}, "message can't be edited", "somebody else's message"),
    ("answerCallbackQuery", {"callback_query_id": "no"}, "query is too old", "an unknown query"),
    ("answerCallbackQuery", {"callback_query_id": "old"}, "query is too old", "a stale query"),
    ("answerInlineQuery", {"inline_query_id": "no", "results": []}, "query is too old", "an unknown inline query"),
    ("answerInlineQuery", {"inline_query_id": "i1", "results": [article(), article()]}, "RESULT_ID_INVALID", "one id twice"),
    ("answerInlineQuery", {"inline_query_id": "i1", "results": [article(text="")]}, "message text is empty", "empty text"),
    ("sendDocument", {"document": "text"}, "there is no document", "no file"),
    ("sendPhoto", {"photo": "text"}, "there is no photo", "no picture"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action", "an unknown action"),
    ("setMyCommands", {"commands": [{"command": "帮助", "description": "x"}]}, "BOT_COMMAND_INVALID", "a Chinese command"),
    ("setMyShortDescription", {"short_description": "字" * 121}, "TOO_LONG", "a long description"),
    ("setWebhook", {"url": "http://example.org"}, "HTTPS", "a webhook in the clear"),
    ("danceMessage", {}, "Not Found", "an unknown method"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "form", "description"), [r[:3] for r in REFUSALS], ids=[f"{r[0]}: {r[3]}" for r in REFUSALS]
)
async def test_what_telegram_refuses_is_refused(api, method, form, description):
    answer = await call(api, method, **{"chat_id": str(CHAT), "parse_mode": "HTML", **form})
    assert answer["ok"] is False
    assert description in answer["description"]


async def test_an_edit_without_a_change_and_a_second_answer_are_refused(api):
    sent = await call(api, "sendMessage", chat_id="7", text="一", reply_markup=keyboard(callback_data="faq"))
    again = {"chat_id": "7", "message_id": str(sent["result"]["message_id"]), "text": "一"}
    assert (await call(api, "editMessageText", **again, reply_markup=keyboard(callback_data="faq")))[
        "ok"
    ] is False
    assert (await call(api, "editMessageText", **again))["ok"] is True
    query = api.press(7, "faq")
    assert (await call(api, "answerCallbackQuery", callback_query_id=query))["ok"] is True
    assert (await call(api, "answerCallbackQuery", callback_query_id=query))["ok"] is False


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_does_what_it_says(fault):
    with FakeBotApi() as api:
        api.write(CHAT, "在吗")
        api.weather = Weather(random.Random(1), retry_after=3, slow_seconds=0.05, **{f"_{fault}": 1.0})
        try:
            answer = await call(api, "sendMessage", chat_id="7", text="好")
        except aiohttp.ClientError:
            answer = None
        assert api.weather.counts == {fault: 1}
    assert len(api.sent) == (fault in {"lost", "half", "slow"})
    assert (answer or {}).get("ok") == {"429": False, "502": False, "slow": True}.get(fault)
    if fault == "429":
        assert answer["parameters"] == {"retry_after": 3}


async def test_updates_are_repeated_until_they_are_confirmed_and_only_the_allowed_kinds_come():
    with FakeBotApi() as api:
        first = api.write(CHAT, "一")
        api.put({"poll": {"id": "1"}})
        for _ in range(2):
            got = await call(api, "getUpdates", allowed_updates=["message"])
            assert [u["update_id"] for u in got["result"]] == [first]
        assert (await call(api, "getUpdates", offset=first + 1))["result"] == []


async def test_polling_and_webhook_exclude_each_other():
    with FakeBotApi() as api:
        await call(api, "setWebhook", url="https://example.org/x")
        assert (await call(api, "getUpdates"))["error_code"] == 409
        await call(api, "deleteWebhook")
        assert (await call(api, "getUpdates"))["ok"] is True
