"""A questionnaire taken over by another device: the code itself, and what the store and the dialogue do with it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Message
from bot.dialogue import respond
from bot.resume_code import (
    ALPHABET,
    LENGTH,
    WRONG_AN_HOUR,
    hash_code,
    is_well_formed,
    mask,
    new_code,
    read_code,
)
from bot.store_opening import open_store

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def said(text="", action="", channel="web", user="desk", key="k"):
    return Message(channel, user, key, DAY, text, action)


def test_a_code_is_twelve_signs_in_groups_without_look_alikes():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(CODE.fullmatch(code) for code in codes)
    assert not set("01ILOU") & set(ALPHABET)
    assert len(ALPHABET) ** LENGTH > 2**58


@pytest.mark.parametrize(
    "message",
    [
        said("/resume K7MP-4X9T-2HWD"), said("/resume k7mp4x9t2hwd"), said("续填码 K7MP 4X9T 2HWD"), said("续填码：K7MP-4X9T-2HWD"),
        said("K7MP-4X9T-2HWD"), said("k7mp－4x9t－2hwd"), said(action="resume:K7MP-4X9T-2HWD"), said("/resume@beian_bot K7MP-4X9T-2HWD"),
    ],
    ids=lambda m: m.text or m.action,
)  # fmt: skip
def test_a_code_is_read_however_it_is_typed(message):
    assert read_code(message) == "K7MP4X9T2HWD"


@pytest.mark.parametrize(
    "text", ["", "/resume", "继续", "续填码", "公示几天", "9.3", "2026-06-01", "我们800平", "K7MP4X9T2HWD"]
)
def test_other_texts_give_no_code(text):
    assert read_code(said(text)) is None


@pytest.mark.parametrize("code", ["?", "K7MP", "K7MP4X9T2HW0", "K7MP4X9T2HWDD", "ILOU4X9T2HWD"])
def test_what_no_code_can_be_is_recognised(code):
    assert not is_well_formed(code)


@given(st.text(max_size=60))
def test_any_text_is_read_and_masked_without_a_fault(text):
    read_code(said(text))
    mask(text)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "codes.sqlite3")
    yield opened
    opened.close()


class Device:
    """A conversation over the store, as the app leads it."""

    def __init__(self, store, world, channel, user, *, answered=True):
        self.store, self.world, self.channel, self.user, self.answered = store, world, channel, user, answered
        self.count = 0

    def say(self, text="", action="", at=AT):
        self.count += 1
        message = said(text, action, self.channel, self.user, f"{self.user}-{self.count}")
        code = read_code(message)
        handed = self.store.find_handed(code, self.channel, self.user, at) if code else None
        turn = respond(self.world, self.store.load(self.channel, self.user), message, handed)
        replies = self.store.commit(turn, message, at, answered=self.answered)
        assert replies is not None
        return replies[-1]

    @property
    def interview(self):
        return self.store.load(self.channel, self.user).interview


@pytest.fixture
def desk(store, world):
    """A questionnaire begun on the web."""
    device = Device(store, world, "web", "desk")
    device.say(action="prescreen:pilot_base")
    device.say(action="set:as_of:2026-06-01")
    device.say(action="set:applicant_kind:enterprise")
    return device


@pytest.fixture
def phone(store, world):
    return Device(store, world, "telegram", "phone", answered=False)


def code_of(device):
    return CODE.search(device.say("续填码").text)[0]


def everything(store):
    """All that stands in the database, as text."""
    return str(
        [
            store._engine.read(f"select * from {t}")
            for t in ("conversations", "transcript", "outbox", "inbox", "resume_codes")
        ]
    )


def test_the_questionnaire_goes_on_where_it_stopped_on_another_device(desk, phone):
    before = desk.interview
    reply = phone.say(f"/resume {code_of(desk)}")
    assert reply.question["field"] == "independent_legal_person"
    assert "前面填的2项都在" in reply.text
    assert phone.interview == before


def test_it_moves_and_the_first_device_is_told(desk, phone, store):
    phone.say(code_of(desk))
    assert desk.interview is None
    assert next(o.reply.text for o in store.pushed("web", "desk")).startswith(
        "这里的预审已凭续填码转到另一台设备"
    )


def test_a_code_is_good_for_one_time(desk, phone, store, world):
    code = code_of(desk)
    phone.say(f"/resume {code}")
    third = Device(store, world, "web", "third")
    assert "没有找到这个续填码" in third.say(f"/resume {code}").text
    assert third.interview is None


def test_a_new_code_takes_the_place_of_the_old_one(desk, phone):
    old, new = code_of(desk), code_of(desk)
    assert "没有找到" in phone.say(f"/resume {old}").text
    assert phone.say(f"/resume {new}").question


def test_it_can_be_taken_back_with_a_code_of_the_other_device(desk, phone):
    phone.say(code_of(desk))
    phone.say(action="set:independent_legal_person:true")
    desk.say(code_of(phone))
    assert desk.interview.values["independent_legal_person"] is True
    assert phone.interview is None


def test_the_code_is_kept_as_a_hash_and_shown_once(desk, phone, store):
    code = code_of(desk)
    assert hash_code(code) in everything(store)
    phone.say(f"/resume {code}")
    phone.say(f"续填码 {code}")
    for outgoing in store.due("telegram", ()):
        store.mark_sent({outgoing.id: ""}, AT)
    assert code not in everything(store)
    assert code.replace("-", "") not in everything(store)
    assert "••••-••••-••••" in everything(store)


def test_a_code_shown_by_a_push_channel_is_masked_once_it_is_sent(desk, phone, store):
    phone.say(code_of(desk))
    code = code_of(phone)
    shown = []
    while waiting := store.due("telegram", ()):
        shown += [o.reply.text for o in waiting]
        store.mark_sent({o.id: "" for o in waiting}, AT)
    assert any(code in text for text in shown)
    assert code not in everything(store)


def test_a_repeated_request_does_not_show_the_code_again(desk, store):
    code_of(desk)
    replies = store.replies_to("web", f"desk-{desk.count}")
    assert "••••-••••-••••" in replies[0].text
    assert not CODE.search(replies[0].text)


def test_guesses_are_limited_by_the_hour(desk, phone):
    code = code_of(desk)
    for _ in range(WRONG_AN_HOUR):
        assert "没有找到" in phone.say("/resume 2222-2222-2222").text
    assert "错得太多" in phone.say(f"/resume {code}").text
    assert phone.say(f"/resume {code}", at=AT + timedelta(minutes=61)).question


def test_what_cannot_be_a_code_is_told_so_and_is_no_guess(desk, phone):
    for _ in range(WRONG_AN_HOUR + 1):
        assert "续填码是12位" in phone.say("/resume K7MP").text
    assert phone.say(code_of(desk)).question


def test_ones_own_code_goes_on_and_stays_good(desk, phone):
    code = code_of(desk)
    assert "这就是这里的预审" in desk.say(code).text
    assert phone.say(code).question


def test_without_any_response_there_is_no_code(phone):
    assert "不需要续填码" in phone.say("续填码").text


def test_what_was_begun_on_the_second_device_is_put_aside_and_not_lost(desk, phone, store):
    phone.say(action="prescreen:proof_of_concept")
    phone.say(action="set:as_of:2026-07-01")
    phone.say(code_of(desk))
    assert store.load("telegram", "phone").aside.track == "proof_of_concept"
    assert phone.interview.track == "pilot_base"


def test_forgetting_ends_the_code_and_mydata_names_it(desk, phone, store):
    code = code_of(desk)
    assert "续填码：" in desk.say("/mydata").text
    desk.say("/forget")
    desk.say("确定")
    assert hash_code(code) not in everything(store)
    assert "没有找到" in phone.say(f"/resume {code}").text


def test_the_code_ends_with_the_retention(desk, phone, store):
    code = code_of(desk)
    desk.say("公示几天", at=AT + timedelta(days=100))
    while store.purge(AT + timedelta(days=1), AT + timedelta(days=1)).rows:
        pass
    assert desk.interview is not None, "the conversation is younger than the code"
    assert "没有找到" in phone.say(f"/resume {code}").text


def test_an_answer_given_meanwhile_is_not_lost(desk, phone, store, world):
    """The code leads to a state; if the first device changes it before the commit, the second looks again."""
    code = code_of(desk)
    message = said(f"/resume {code}", channel="telegram", user="phone", key="x")
    handed = store.find_handed(read_code(message), "telegram", "phone", AT)
    desk.say(action="set:independent_legal_person:true")
    stale = respond(world, store.load("telegram", "phone"), message, handed)
    assert store.commit(stale, message, AT) is None
    assert phone.interview is None
    phone.say(f"/resume {code}")
    assert phone.interview.values["independent_legal_person"] is True


def test_without_a_store_a_code_leads_nowhere_and_breaks_nothing(talk):
    assert talk.say("/resume K7MP-4X9T-2HWD").outcome == "control"
    assert replace(talk.conversation).interview is None
