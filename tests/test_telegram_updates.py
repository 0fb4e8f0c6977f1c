"""What each kind of update asks of the bot, as a table; whatever is missing or odd, nothing is raised."""

from datetime import date

import pytest

from bot.telegram_place import Place, chat_of
from bot.telegram_updates import ALLOWED, NOTHING, read_update

DAY = date(2026, 6, 1)
ME = {"id": 9, "is_bot": True, "first_name": "备案通", "username": "Beian_Bot"}
HIM = {"id": 5, "is_bot": False, "first_name": "张"}


def read(**parts):
    return read_update({"update_id": 1, **parts}, DAY, 9, "beian_bot")


def private(**parts):
    return {"message_id": 3, "date": 1, "chat": {"id": 5, "type": "private"}, "from": HIM, **parts}


def group(**parts):
    return private(**parts) | {"chat": {"id": -8, "type": "supergroup"}}


MINE = {"message_id": 2, "from": ME, "text": "答复", "chat": {"id": -8}}


@pytest.mark.parametrize(
    ("message", "text", "action"),
    [
        (private(text="公示几天"), "公示几天", ""),
        (private(caption="公示几天", photo=[{}]), "公示几天", ""),
        (private(photo=[{}]), "", "unreadable:图片"),
        (private(voice={"file_id": "x"}), "", "unreadable:语音"),
        (private(sticker={"file_id": "x"}), "", "unreadable:贴纸"),
        (private(contact={"phone_number": "1"}), "", "unreadable:联系方式"),
        (private(location={"latitude": 1}), "", "unreadable:位置"),
        (private(document={"file_id": "x"}), "", "unreadable:文件"),
        (private(text="公示几天", via_bot={"id": 77, "is_bot": True}), "公示几天", ""),
        (private(text="转发", forward_origin={"type": "user"}), "转发", ""),
        (group(text="@beian_bot 公示几天"), "公示几天", ""),
        (group(text="公示几天 @BEIAN_BOT"), "公示几天", ""),
        (group(text="/faq@beian_bot 场地"), "/faq 场地", ""),
        (group(text="那中试基地呢", reply_to_message=MINE), "那中试基地呢", ""),
        (group(text="@beian_bot", reply_to_message=MINE | {"from": HIM, "text": "公示几天"}), "公示几天", ""),
        (group(caption="@beian_bot 公示几天", photo=[{}]), "公示几天", ""),
        (group(photo=[{}], reply_to_message=MINE), "", "unreadable:图片"),
        (group(text="@beian_bot 问") | {"from": {"id": 1, "is_bot": True}, "sender_chat": {"id": -8}}, "问", ""),
    ],
    ids=str,
)  # fmt: skip
def test_a_message_for_the_bot(message, text, action):
    found = read(message=message).message
    assert (found.text, found.action) == (text, action)


@pytest.mark.parametrize(
    "message",
    [
        group(text="公示几天"),
        group(text="@beian_bot2 公示几天"),
        group(text="谢谢", reply_to_message=MINE | {"from": HIM}),
        group(
            text="新话题里说话",
            reply_to_message={"message_id": 1, "from": ME, "forum_topic_created": {"name": "x"}},
        ),
        group(new_chat_members=[HIM]),
        group(photo=[{}]),
        private(pinned_message={"message_id": 1}),
        private(message_auto_delete_timer_changed={}),
        private(text="公示几天") | {"from": {"id": 6, "is_bot": True}},
        private(text="结果", via_bot={"id": 9, "is_bot": True}),
        private(text="公告") | {"chat": {"id": -5, "type": "channel"}},
        group(text="@beian_bot 公告", is_automatic_forward=True),
        private(),
    ],
    ids=str,
)
def test_a_message_that_is_none_of_the_bots_business(message):
    assert read(message=message) == NOTHING


def test_in_a_group_each_person_has_a_conversation_and_the_reply_hangs_onto_the_message():
    found = read(message=group(text="@beian_bot 问", is_topic_message=True, message_thread_id=4)).message
    assert found.user == "-8:5"
    assert found.in_group
    assert Place.read(found.address) == Place(message=3, thread=4, answers=True)
    assert (chat_of(found.user), chat_of("5")) == (-8, 5)


def test_an_edited_message_says_so():
    found = read(edited_message=private(text="公示几天")).message
    assert found.edited
    assert Place.read(found.address) == Place(message=3, edited=True)


def test_the_words_that_a_message_answers_come_along_and_a_chosen_part_of_them_goes_first():
    assert read(message=private(text="为什么", reply_to_message=MINE)).message.about == "答复"
    quoted = private(text="为什么", reply_to_message=MINE, quote={"text": "复"})
    assert read(message=quoted).message.about == "复"


def test_ten_pictures_sent_together_are_one_message():
    assert read(message=private(photo=[{}], media_group_id="g")).message.key == "album:g"


def press(data="faq", **parts):
    message = {"message_id": 4, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "…"}
    return {"id": "q", "from": HIM, "data": data, "message": message, **parts}


@pytest.mark.parametrize(
    ("data", "pressed"),
    [("faq", 4), ("topic:条件", 4), ("article:9.3", 4), ("set:advisors:5", 0), ("ask:x", 0)],
)
def test_buttons_for_finding_ones_way_take_the_place_of_their_message(data, pressed):
    found = read(callback_query=press(data))
    assert found.message.action == data
    assert Place.read(found.message.address).pressed == pressed
    assert (found.press.query, found.press.chat, found.press.user) == ("q", 5, "5")


def test_a_rating_is_a_press_and_no_message():
    found = read(callback_query=press("useful:12"))
    assert found.message is None
    assert found.press.action == "useful:12"


def test_a_press_under_an_inserted_message_is_only_acknowledged():
    found = read(callback_query=press(message=None, inline_message_id="x"))
    assert found.message is None
    assert found.press.query == "q"


def test_a_press_without_data_is_stale():
    assert read(callback_query=press(None)).message.action == "stale"


def test_an_inline_question():
    found = read(inline_query={"id": "i", "from": HIM, "query": "场地", "offset": "20"}).inline
    assert (found.query, found.text, found.offset) == ("i", "场地", "20")


@pytest.mark.parametrize(
    ("chat", "was", "now", "state", "greeted"),
    [(5, "member", "kicked", "out", False), (5, "kicked", "member", "in", False), (-8, "left", "member", "in", True),
     (-8, "member", "administrator", "in", False), (-8, "member", "left", "out", False)],
)  # fmt: skip
def test_being_let_in_and_shut_out(chat, was, now, state, greeted):
    states = {"old_chat_member": {"status": was}, "new_chat_member": {"status": now}}
    found = read(my_chat_member={"chat": {"id": chat, "type": "group"}, "from": HIM, **states})
    assert (found.membership.chat, found.membership.state) == (chat, state)
    assert bool(found.message) == greeted
    assert not greeted or found.message.action == "joined"


ODD = [None, 0, -1, True, "", "x", [], [None], {}, {"id": None}, {"id": "5"}, 1e9, {"text": 5}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_fields_are_passed_over(odd):
    read_update(odd, DAY)
    read_update({"update_id": odd, "message": odd, "callback_query": odd}, DAY)
    for kind in ("message", "edited_message", "callback_query", "inline_query", "my_chat_member"):
        read(**{kind: odd})
        for field in (
            "chat",
            "from",
            "text",
            "message",
            "data",
            "id",
            "query",
            "reply_to_message",
            "via_bot",
            "quote",
        ):
            read(**{kind: private(text="问") | {field: odd}})


def test_a_text_message_is_read_whatever_else_is_odd_in_it():
    for field in (
        "from",
        "date",
        "entities",
        "reply_to_message",
        "via_bot",
        "quote",
        "sender_chat",
        "message_id",
        "photo",
    ):
        for odd in ODD:
            assert read(message=private(text="公示几天") | {field: odd}).message.text == "公示几天"


def test_the_kind_of_a_chat_may_be_anything():
    for odd in ODD:
        read(message=private(text="公示几天") | {"chat": {"id": 5, "type": odd}})


def test_a_place_of_another_version_is_read():
    assert Place.read('{"message": 3, "unheard": 1}') == Place(message=3)
    assert Place.read(Place(message=1, edited=True).write()) == Place(message=1, edited=True)
    assert Place.read("") == Place()


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post"])
def test_what_a_channel_posts_is_not_asked_for_and_not_answered(kind):
    post = {"message_id": 1, "chat": {"id": -100, "type": "channel"}, "text": "公示几天"}
    assert kind not in ALLOWED
    assert read(**{kind: post}) == NOTHING
