"""A pressed button is read by its label: on the page of a ticket, before the hand-over and after it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from staff_desk import found, opened
from storing import message, reply, tell
from test_web_ticket import PREFECTURE, desk_of, do, sign_in_as

from bot.conversation import Button, Message
from bot.pressed import as_read
from bot.tickets import live_lines

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def bot(**buttons):
    shown = [{"label": label, "action": action.replace("_", ":", 1)} for action, label in buttons.items()]
    return {"who": "bot", "text": "请选择", "reply": json.dumps({"buttons": shown})}


def user(text):
    return {"who": "user", "text": text, "reply": ""}


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        ([bot(desk_昆明市="昆明市"), user("desk:昆明市")], "昆明市"),
        ([bot(set_x="旧"), bot(set_x="新"), user("set:x")], "新"),
        ([bot(set_x="是"), user("别的"), user("set:x")], "是"),
        ([user("set:x"), bot(set_x="后来的")], "请选择"),
        ([user("prescreen:pilot_base")], "做预审：中试基地（平台）"),
        ([user("prescreen:x")], "prescreen:x"),
        ([bot(more_1="补充"), user("我说的话")], "我说的话"),
        ([user("desk:昆明市")], "desk:昆明市"),
    ],
)
def test_a_button_is_read_as_its_label(lines, last):
    assert as_read(lines)[-1] == last


async def test_the_page_of_a_ticket_shows_no_actions(tmp_path):
    async with desk_of(tmp_path) as http:
        for key, (text, action) in enumerate(
            [("场地能租吗", ""), ("", "human"), ("", "desk:大理白族自治州"), ("", "contact:1"), ("139", ""), ("", "more:1")]
        ):  # fmt: skip
            await http.app.handle(Message("web", "u", str(key), NOW.date(), text, action))
        await sign_in_as(http, "dali", PREFECTURE)
        page = (await http.get("/staff/tickets/1")).text
        live = (await http.get("/staff/tickets/1/live")).json()["html"]
        ticket = await do(http, lambda store: found(store, 1))
    assert ("user", "大理白族自治州") in ticket.transcript
    assert "desk:" not in page
    for text in (page, live):
        assert "<bdi>留联系方式</bdi>" in text
        assert "contact:1" not in text


def test_a_button_of_before_the_hand_over_is_known_after_it(store):
    shown = replace(reply("要转人工吗"), buttons=(Button("看场地要求", "article:8.3"),))
    tell(store, message("6", "场地"), shown)
    ticket = found(store, opened(store))
    tell(store, message("7", "", action="article:8.3"), reply("请看"))
    lines = store.transact(lambda db: live_lines(db, ticket))
    assert ("user", "看场地要求") in [(line.who, line.text) for line in lines]
    assert "场地" not in [line.text for line in lines]


async def test_the_first_words_become_the_question_of_a_ticket_without_one(tmp_path):
    async with desk_of(tmp_path) as http:
        await http.app.handle(Message("web", "u", "1", NOW.date(), "", "desk:大理白族自治州"))
        await sign_in_as(http, "dali", PREFECTURE)
        assert "用户还没有写问题" in (await http.get("/staff/tickets")).text
        await http.app.handle(Message("web", "u", "2", NOW.date(), "厂房在外省行不行"))
        assert "厂房在外省行不行" in (await http.get("/staff/tickets")).text
        await http.app.handle(Message("web", "u", "3", NOW.date(), "", "more:1"))
        await http.app.handle(Message("web", "u", "4", NOW.date(), "再补一句"))
        assert (await do(http, lambda store: found(store, 1))).question == "厂房在外省行不行"
