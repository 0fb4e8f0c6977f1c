"""The staff's Telegram group from both sides: a topic with the masked question takes the answer, which arrives once."""

import asyncio
import threading
from datetime import date

import pytest
from fake_bot_api import FakeBotApi, Refused
from staff_desk import found, listed
from telegram_running import Running, happens, settings_for

from bot import app as app_module
from bot import telegram_receiving, telegram_sending, telegram_staff
from bot.helpdesk import Office, Offices
from bot.store_opening import open_store
from bot.store_sql import fetch
from bot.telegram_staff import masked_question
from bot.wording import say
from bot.world import load_world

GROUP, PERSON, CLERK = -1001234567890, 7, 4242
ASKED = "主任算不算团队成员，我的身份证530102199001011234，电话13888888888"


@pytest.fixture
def api():
    with FakeBotApi() as server:
        server.show(GROUP, text="建群")
        server.forums[GROUP] = {}
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    office = Office(prefecture="昆明市", name="样例窗口", source="样例", date=date(2026, 1, 1), desk=True)
    monkeypatch.setattr(app_module, "open_world", lambda settings: load_world("", Offices(office=(office,))))
    for module in (telegram_receiving, telegram_sending, telegram_staff):
        monkeypatch.setattr(module, "pause", lambda attempt: 0.02)
    monkeypatch.setattr("bot.channel_telegram.pause", lambda attempt: 0.02)
    monkeypatch.setattr(telegram_staff, "POLL_SECONDS", 0.02)


def settings(tmp_path, api, **more):
    return settings_for(
        tmp_path, api, telegram_staff_group=GROUP, public_url="https://beian.example.cn", **more
    )


async def text_in(api, chat, part):
    await asyncio.to_thread(api.wait_for_text, chat, part, 60)


async def ask(api, question=ASKED):
    """A person's question handed over; the thread of its topic, once the question stands there."""
    for text in (question, "/human", "昆明"):
        api.write(PERSON, text)
    await text_in(api, PERSON, "已转人工")
    await text_in(api, GROUP, "工单 1：")
    (thread,) = api.forums[GROUP]
    return thread


def write(api, thread, text, user=CLERK, **more):
    created = {
        "message_id": thread,
        "from": {"id": 123456, "is_bot": True},
        "forum_topic_created": {"name": "工单 1"},
    }
    topic = {"message_thread_id": thread, "is_topic_message": True, "reply_to_message": created}
    return api.write(GROUP, text, user=user, **{**topic, **more})


def rows(tmp_path, sql):
    store = open_store(str(tmp_path / "t.sqlite3"), must_exist=True)
    try:
        return store.look(lambda db: fetch(db, sql))
    finally:
        store.close()


async def test_a_topic_takes_the_answer_across_restarts_and_closes_with_its_ticket(tmp_path, api):
    async with Running(settings(tmp_path, api)):
        thread = await ask(api)
    number = write(api, thread, "算在内，请附聘书。")  # while the program is down
    async with Running(settings(tmp_path, api)):
        await text_in(api, PERSON, "算在内，请附聘书。")
        await text_in(api, GROUP, "工单 1 已答复")
    api.confirmed = number - 1  # Telegram brings it once more
    async with Running(settings(tmp_path, api)) as running:
        write(api, thread, "再说一句", user=43)
        await text_in(api, GROUP, "没有发给用户：工单 1 已经答复")
        ticket = await running.app._run(lambda: found(running.app.store, 1))
        api.press(PERSON, "solved:1")
        await happens(api, lambda: api.forums[GROUP][thread]["closed"], seconds=60)
        write(api, thread, "还有一句")
        await text_in(api, GROUP, "没有发给用户：工单 1 已经结束。")
    assert [(step.event, step.staff) for step in ticket.history] == [("opened", None), ("answered", -CLERK)]
    assert (ticket.answer, ticket.assignee) == ("算在内，请附聘书。", 0)
    assert sum("算在内，请附聘书。" in text for text in api.texts(PERSON)) == 1
    assert not any("一句" in text for text in api.texts(PERSON))
    assert api.calls["createForumTopic"] == api.calls["closeForumTopic"] == 1
    assert sum("没有发给用户" in text for text in api.texts(GROUP)) == 2  # of what came twice nothing is said
    assert [sum(part in text for text in api.texts(GROUP)) for part in ("工单 1：", "工单 1 已答复")] == [
        1,
        1,
    ]


async def test_a_topic_holds_the_number_and_the_masked_question_and_nothing_else_of_the_person(tmp_path, api):
    async with Running(settings(tmp_path, api)):
        api.write(PERSON, "我们投入了800万元")
        thread = await ask(api)
        api.press(PERSON, "contact:1")
        api.write(PERSON, "段某 13999999999")
        await text_in(api, PERSON, "联系方式已附在工单 1")
        api.press(PERSON, "more:1")
        api.write(PERSON, "主任是兼职的")
        await text_in(api, PERSON, "已补充到工单 1")
        write(api, thread, "算在内。")
        await text_in(api, GROUP, "工单 1 已答复")
    said = "\n".join(api.texts(GROUP))
    assert api.forums[GROUP][thread]["name"] == "工单 1"
    assert "工单 1：主任算不算团队成员\n" in said
    assert "https://beian.example.cn/staff/tickets/1" in said
    for held_back in ("530102", "138888", "139999", "段某", "800万", "兼职", "昆明", str(PERSON) * 3):
        assert held_back not in said
    assert {message["thread"] for message in api.by_chat[GROUP]} == {str(thread)}


async def test_without_the_setting_no_topic_is_made_and_the_group_is_a_group_like_others(tmp_path, api):
    async with Running(settings_for(tmp_path, api)) as running:
        for text in (ASKED, "/human", "昆明"):
            api.write(PERSON, text)
        await text_in(api, PERSON, "已转人工")
        api.write(GROUP, "@beian_test_bot 公示几天", user=CLERK)
        await text_in(api, GROUP, "5个工作日")
        assert len(await running.app._run(lambda: listed(running.app.store))) == 1
    assert api.calls["createForumTopic"] == 0


async def test_what_the_staff_write_is_no_question_and_no_conversation(tmp_path, api):
    async with Running(settings(tmp_path, api)):
        thread = await ask(api)
        sent = len(api.by_chat[GROUP])
        talk = {"message_id": 3, "from": {"id": 43, "is_bot": False}, "text": "谁来答"}
        write(api, thread, "@beian_test_bot 我来", reply_to_message=talk)
        api.write(GROUP, "@beian_test_bot 公示几天", user=CLERK)
        api.write(GROUP, "@beian_test_bot 公示几天", user=CLERK, message_thread_id=999, is_topic_message=True)
        api.press(GROUP, "prescreen")
        write(api, thread, "", forum_topic_edited={"name": "改名"})
        write(api, thread, "", photo=[{"file_id": "x"}])
        await happens(api, lambda: len(api.by_chat[GROUP]) > sent, seconds=60)
        assert "图片、文件和命令不能作为答复" in api.texts(GROUP)[-1]
    assert len(api.by_chat[GROUP]) == sent + 1
    for table in ("conversations", "transcript"):
        assert rows(tmp_path, f"select user_id from {table} where user_id <> '{PERSON}'") == []
    kept = rows(tmp_path, "select payload, user_id from inbox where payload <> '' or user_id like '-%'")
    assert kept == []
    assert rows(tmp_path, "select status from tickets") == [{"status": "open"}]


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        ("/help", {}, "命令不能作为答复"),
        ("字" * 3001, {}, "最多3000字"),
        ("依据 第一条：“没有这句话”", {}, "引文与原文不一致"),
        ("改过", {"kind": "edited_message"}, "发出的答复不能改"),
        ("匿名", {"sender_chat": {"id": GROUP}}, "请用自己的账号"),
        ("公开", {"chat": {"id": GROUP, "type": "supergroup", "username": "open"}}, "请改为私密群"),
    ],
)  # fmt: skip
async def test_what_can_be_no_answer_is_told_in_one_sentence(tmp_path, api, text, more, why):
    async with Running(settings(tmp_path, api)) as running:
        thread = await ask(api)
        write(api, thread, text, **more)
        await text_in(api, GROUP, why)
        assert [t.status for t in await running.app._run(lambda: listed(running.app.store))] == ["open"]
    assert api.texts(GROUP)[-1].startswith(("没有发给用户", "改动没有发给用户"))
    assert "\n" not in api.texts(GROUP)[-1]


async def test_a_ticket_taken_up_again_opens_its_topic_and_an_erasure_removes_it(tmp_path, api):
    async with Running(settings(tmp_path, api)):
        thread = await ask(api)
        write(api, thread, "算在内。")
        await text_in(api, PERSON, "算在内。")
        api.press(PERSON, "solved:1")
        await happens(api, lambda: api.forums[GROUP][thread]["closed"], seconds=60)
        api.press(PERSON, "more:1")
        api.write(PERSON, "聘书要不要盖章")
        await text_in(api, GROUP, "工单 1 又在等待答复")
        assert not api.forums[GROUP][thread]["closed"]
        write(api, thread, "要盖章。")
        await text_in(api, PERSON, "要盖章。")
        api.write(PERSON, "/forget")
        await happens(api, lambda: api.by_chat[PERSON] and "forget" in str(api.by_chat[PERSON][-1]["markup"]))
        api.press(PERSON, "forget:yes")
        await happens(api, lambda: thread not in api.forums[GROUP], seconds=60)
    assert not any("聘书" in text for text in api.texts(GROUP))
    assert rows(tmp_path, "select ticket from topics") == []


async def test_a_topic_is_made_once_though_telegram_refuses_first_and_the_program_stops_meanwhile(
    tmp_path, api
):
    api.faults["createForumTopic"].extend(
        [Refused(400, "Bad Request: not enough rights to create a topic"), "502"]
    )
    entered, made = threading.Event(), api.createForumTopic

    async def slowly(form):
        result = await made(form)
        entered.set()
        await asyncio.sleep(0.3)
        return result

    api.createForumTopic = slowly
    async with Running(settings(tmp_path, api)):
        for text in (ASKED, "/human", "昆明"):
            api.write(PERSON, text)
        assert await asyncio.to_thread(entered.wait, 60)  # and the program stops
    async with Running(settings(tmp_path, api)):
        await text_in(api, GROUP, "工单 1：")
    assert len(api.forums[GROUP]) == 1
    assert sum("工单 1：" in text for text in api.texts(GROUP)) == 1


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("我的电话是１３８８８８８８８８８", "我的电话是＊＊"),
        ("电话138\u200b8888\u202e8888", "电话＊＊"),
        ("证号 53010219900101123X 能用吗", "证号 ＊＊ 能用吗"),
        ("<b>粗</b> & 细", "<b>粗</b> & 细"),
        (" \u200b", say("staff_group.no_question")),
        ("", say("staff_group.no_question")),
        ("长" * 5000, "长" * 999 + "…"),
    ],
)
def test_a_question_leaves_the_console_masked_and_short(question, shown):
    assert masked_question(question) == shown
