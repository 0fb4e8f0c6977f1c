"""How a message reaches the bot: deep links, replies to earlier messages, edits, pictures, groups."""

from dataclasses import replace

import pytest
from conftest import DAY

from bot.arriving import open_link, recall
from bot.conversation import Conversation, Message
from bot.dialogue import respond

NEW = Conversation("telegram", "7")
KNOWN = Conversation("telegram", "7", greeted=True)


def say(world, conversation, text="", **more):
    return respond(world, conversation, Message("telegram", "7", "1", DAY, text=text, **more))


@pytest.mark.parametrize(
    ("argument", "part"),
    [
        ("a9-3", "第九条第（三）项"),
        ("a2p1", "第二条"),
        ("a8-5-2", "第八条第（五）项第2目"),
        ("prescreen", "请选择"),
        ("prescreen-pilot_base", "哪一天"),
        ("prescreen-nonsense", "请选择"),
        ("faq", "常见问题"),
        ("faq-legal-person", "法人"),
        ("faq-nonsense", "已经更新"),
        ("a99", "没有第九十九条"),
    ],
)
def test_a_deep_link_leads_to_its_place_after_the_greeting_of_a_newcomer(world, argument, part):
    hello, *rest = say(world, NEW, f"/start {argument}").replies
    assert "备案通" in hello.text
    assert part in rest[0].text
    assert part in say(world, KNOWN, f"/start {argument}").replies[0].text


@pytest.mark.parametrize("argument", ["", "nonsense", "abc", "a", "a-", "a9.3"])
def test_any_other_start_is_a_start(world, argument):
    assert open_link(world, KNOWN, Message("telegram", "7", "1", DAY), argument) is None
    assert "备案通" in say(world, KNOWN, f"/start {argument}").replies[0].text


@pytest.mark.parametrize(
    ("about", "label"),
    [
        ("不少于200平方米。\n\n依据 第八条第（三）项\n具有可用于…", "8.3"),
        ("依据 第九条第（五）项第2目：\n“x”", "9.5.2"),
        ("第十条（第二章 备案条件及程序）\n\n…", "10"),
    ],
)
def test_a_reply_to_a_message_speaks_of_the_clause_that_is_cited_there(world, about, label):
    later = say(world, KNOWN, "公示几天").conversation
    recalled = recall(world, later, Message("telegram", "7", "2", DAY, text="原文", about=about))
    assert recalled.context.labels == (label,)
    first = say(world, later, "原文", about=about).replies[0]
    assert [citation.label for citation in first.citations] == [label]


def test_a_reply_to_a_message_without_a_clause_goes_on_from_its_words(world):
    recalled = recall(
        world, KNOWN, Message("telegram", "7", "2", DAY, text="那中试基地呢", about="概念验证中心场地要多大")
    )
    assert recalled.context.labels == ("8.3",)
    assert (
        say(world, KNOWN, "那中试基地呢", about="概念验证中心场地要多大").replies[0].citations[0].label
        == "9.3"
    )


def test_without_an_earlier_message_nothing_is_recalled(world):
    assert recall(world, KNOWN, Message("telegram", "7", "1", DAY, text="原文")) is KNOWN


def test_an_edited_message_is_answered_but_is_no_response(world):
    asked = say(world, KNOWN, action="prescreen:pilot_base").conversation
    turn = say(world, asked, "不清楚", edited=True)
    assert turn.conversation.interview == asked.interview
    assert "不会改变已填的回答" in turn.replies[0].text
    assert turn.replies[-1].question
    assert say(world, asked, "公示几天", edited=True).replies[0].citations[0].label == "10.3"
    assert say(world, asked, "不清楚").conversation.interview != asked.interview


@pytest.mark.parametrize(
    ("action", "part"), [("unreadable:图片", "收到图片。"), ("unreadable", "只能看懂文字"), ("joined", "@我")]
)
def test_what_has_no_words_is_told_what_the_bot_can_do(world, action, part):
    assert part in say(world, KNOWN, action=action).replies[0].text


def test_a_persons_data_is_not_shown_to_a_group(world):
    in_group = say(world, KNOWN, "/mydata", in_group=True)
    assert in_group.effects == ()
    assert "私聊" in in_group.replies[0].text
    assert say(world, replace(KNOWN), "/mydata").effects
