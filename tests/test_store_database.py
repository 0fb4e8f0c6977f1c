"""The store suite: every test runs on every engine that `database` (conftest.py) knows."""

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from staff_desk import answered, closed, found, listed
from storing import AT, DAY, everything, message, reply, tell, ticket

from bot.conversation import Block, Button, Conversation, Effect, Message, Reply, Turn
from bot.store import Feedback, StoreError
from bot.store_opening import open_store
from bot.store_records import read_conversation, read_message, read_reply, write_message, write_reply
from bot.store_schema import STEPS
from bot.store_steps import make, migrate
from flows.questionnaire import Interview
from knowledge.citing import Context


def test_a_new_user_has_an_empty_conversation(store):
    assert store.load("web", "nobody") == Conversation("web", "nobody")


def test_a_conversation_comes_back_as_it_was_committed(store, make_store):
    interview = Interview(
        "pilot_base", DAY, (("site_area_m2", "850"), ("advisors", None)), ("plaque_route",), asking="x"
    )
    context = Context(track="pilot_base", labels=("9.3",), question="场地")
    tell(
        store, message(), interview=interview, context=context, prefecture="昆明市", greeted=True, paused=True
    )
    loaded = make_store().load("telegram", "u")
    expected = Conversation("telegram", "u", 1, True, interview, True, context=context, prefecture="昆明市")
    assert loaded == expected


def test_a_message_is_received_once(store):
    assert store.receive([message("1"), message("2"), message("1")], AT) == [True, True, False]
    assert store.receive([message("1", user="somebody else")], AT) == [False]
    assert store.receive([message("1", channel="web")], AT) == [True]


def test_each_users_first_message_is_due_until_it_is_handled(store, make_store):
    store.receive([message("1"), message("2", user="v"), message("3"), message("4", channel="web")], AT)
    assert [m.key for m in make_store().unhandled("telegram")] == ["1", "2"]
    tell(store, message("1"))
    assert [m.key for m in store.unhandled("telegram")] == ["2", "3"]
    tell(store, message("3"))
    tell(store, message("2", user="v"))
    assert store.unhandled("telegram") == []


def test_what_was_received_comes_back_whole(store):
    odd = Message("telegram", "u", "k", DAY, "一\n二\u200b🙂", "")
    store.receive([odd], AT)
    assert store.unhandled("telegram") == [odd]


def test_a_conversation_changed_meanwhile_is_not_overwritten(store, make_store):
    stale = store.load("telegram", "u")
    tell(make_store(), message("1"), prefecture="昆明市")
    store.receive([message("2")], AT)
    assert store.commit(Turn(stale, (reply(),)), message("2"), AT) is None
    assert store.load("telegram", "u").prefecture == "昆明市"
    assert [m.key for m in store.unhandled("telegram")] == ["2"]


def test_a_message_handled_meanwhile_is_not_handled_again(store, make_store):
    tell(store, message("1"))
    current = make_store().load("telegram", "u")
    assert store.commit(Turn(current, (reply("again"),)), message("1"), AT) is None
    assert [r.text for r in store.replies_to("telegram", "1")] == [reply().text]
    assert store.load("telegram", "u").version == 1


def test_the_replies_to_a_handled_message_are_remembered(store):
    assert store.replies_to("telegram", "1") is None
    store.receive([message("1")], AT)
    assert store.replies_to("telegram", "1") is None
    rich = replace(
        reply(),
        buttons=(Button("是", "set:x:true"),),
        question={"field": "x"},
        result={"verdict": "eligible"},
    )
    tell(store, message("1"), rich, reply("second"))
    assert store.replies_to("telegram", "1") == (rich, reply("second"))
    tell(store, message("2"), effects=())
    assert store.commit(Turn(store.load("telegram", "u"), ()), message("3"), AT) == ()
    assert store.replies_to("telegram", "3") == ()


def test_replies_leave_one_at_a_time_for_each_user_in_order(store):
    tell(store, message("1"), reply("a"), reply("b"))
    tell(store, message("2", user="v"), reply("c"))
    first = store.due("telegram", ())
    assert [(o.user, o.reply.text) for o in first] == [("u", "a"), ("v", "c")]
    assert store.due("telegram", {"u", "v"}) == []
    store.mark_sent({first[0].id: ""}, AT)
    assert [o.reply.text for o in store.due("telegram", ("v",))] == ["b"]
    assert store.due("web", ()) == []


def test_a_reply_that_failed_is_tried_again_and_one_that_cannot_be_sent_is_set_aside(store):
    tell(store, message("1"), reply("a"), reply("b"))
    (first,) = store.due("telegram", ())
    store.mark_failed(first.id, "NetworkError", AT, final=False)
    (again,) = store.due("telegram", ())
    assert (again.id, again.attempts) == (first.id, 1)
    store.mark_failed(first.id, "Forbidden", AT, final=True)
    assert [o.reply.text for o in store.due("telegram", ())] == ["b"]
    assert [(o.id, o.attempts) for o in store.failed("telegram")] == [(first.id, 2)]


def test_replies_handed_over_at_once_are_not_sent_again(store):
    tell(store, message("1", channel="web"), answered=True)
    assert store.due("web", ()) == []
    assert store.pushed("web", "u") == []
    assert store.replies_to("web", "1") == (reply(),)
    assert store.unhandled("web") == []


def test_the_transcript_has_both_sides_oldest_first(store):
    tell(store, message("1", "问一"), reply("答一"))
    tell(store, message("2", "", action="back"), reply("答二"))
    assert [(line.who, line.text) for line in store.recent("telegram", "u")] == [
        ("user", "问一"), ("bot", "答一"), ("user", "back"), ("bot", "答二"),
    ]  # fmt: skip
    assert [(line.who, line.text) for line in store.recent("telegram", "u", 1)] == [("bot", "答二")]
    assert store.recent("telegram", "u", 1)[0].reply == reply("答二")
    assert [line.key for line in store.recent("telegram", "u")] == ["1", "1", "2", "2"]


def test_feedback_is_kept_with_the_question_and_the_answer_and_the_last_word_counts(store):
    tell(store, message("1", "公示几天"), reply("5个工作日"))
    store.add_feedback(Feedback("telegram", "u", "1", useful=True), AT)
    store.add_feedback(Feedback("telegram", "u", "1", useful=False, comment="没看懂"), AT)
    store.add_feedback(Feedback("web", "", "/faq/public-notice", useful=True), AT)
    store.add_feedback(Feedback("web", "", "/faq/public-notice", useful=True), AT)
    *pages, about = store.feedback()
    assert (about.useful, about.comment, about.question, about.answer) == (
        False,
        "没看懂",
        "公示几天",
        "5个工作日",
    )
    assert [given.about for given in pages] == ["/faq/public-notice"] * 2
    assert store.export("telegram", "u")["feedback"][0]["comment"] == "没看懂"
    store.erase("telegram", "u")
    assert [given.about for given in store.feedback()] == ["/faq/public-notice"] * 2


def test_a_session_is_known_once_it_was_issued(store, make_store):
    assert not store.knows("web", "hash")
    store.add_session("web", "hash", AT)
    store.add_session("web", "hash", AT)
    assert make_store().knows("web", "hash")
    assert not store.knows("telegram", "hash")


def test_a_ticket_has_a_number_the_transcript_and_its_history(store):
    tell(store, message("1", "问一"), reply("答一"))
    (said,) = ticket(store)
    (opened,) = listed(store)
    assert said.text == f"编号 {opened.id}"
    kept = found(store, opened.id)
    assert (kept.place, kept.desk, kept.question, kept.status) == (
        "昆明市",
        "昆明市窗口",
        "能补多少",
        "open",
    )
    assert kept.transcript == (("user", "问一"), ("bot", "答一"), ("user", "转人工"))
    assert [step.event for step in kept.history] == ["opened"]
    assert found(store, 99) is None


def test_the_same_question_to_the_same_desk_is_one_ticket(store):
    ticket(store, "1")
    ticket(store, "2")
    assert len(listed(store)) == 1
    ticket(store, "3", question="别的")
    ticket(store, "4", place="大理白族自治州")
    ticket(store, "5", user="v")
    assert [t.id for t in listed(store)] == [1, 2, 3, 4]


def test_an_answer_reaches_the_person_through_outbox_and_transcript(store):
    ticket(store)
    store.mark_sent({o.id: "" for o in store.due("telegram", ())}, AT)
    assert answered(store, 1, "最高200万元", reply("答复：最高200万元"), AT)
    assert not answered(store, 1, "再答", reply(), AT)
    assert not answered(store, 99, "无", reply(), AT)
    (pushed,) = store.pushed("telegram", "u")
    assert (pushed.reply.text, pushed.pushed) == ("答复：最高200万元", True)
    assert [o.id for o in store.due("telegram", ())] == [pushed.id]
    assert [(line.who, line.text) for line in store.recent("telegram", "u")][-1] == (
        "staff",
        "答复：最高200万元",
    )
    store.mark_sent({pushed.id: ""}, AT)
    assert store.pushed("telegram", "u") == []
    assert found(store, 1).answer == "最高200万元"
    assert [step.event for step in found(store, 1).history] == ["opened", "answered"]
    assert [t.id for t in listed(store, "answered")] == [1]


def test_closing_tells_a_person_who_had_no_answer(store):
    ticket(store, "1")
    ticket(store, "2", question="别的")
    answered(store, 1, "答", reply(), AT)
    store.mark_sent({o.id: "" for o in store.pushed("telegram", "u")}, AT)
    assert closed(store, 1, reply("已关闭"), AT)
    assert store.pushed("telegram", "u") == []
    assert closed(store, 2, reply("已关闭"), AT)
    assert [o.reply.text for o in store.pushed("telegram", "u")] == ["已关闭"]
    assert not closed(store, 2, reply(), AT)
    assert not answered(store, 2, "迟到", reply(), AT)


def test_the_export_has_everything_kept_of_a_person_and_of_nobody_else(store):
    tell(store, message("1", "问一"), reply("答一"), prefecture="昆明市")
    ticket(store, "2")
    tell(store, message("3", "别人说的", user="v"), reply("别人的答复"))
    store.receive([message("4", "还没处理")], AT)
    data = store.export("telegram", "u")
    assert data["conversation"]["prefecture"] == "昆明市"
    assert [row["text"] for row in data["transcript"]][:2] == ["问一", "答一"]
    assert data["tickets"][0]["question"] == "能补多少"
    assert data["waiting"] == ["还没处理"]
    assert "别人" not in str(data)


def test_the_export_effect_brings_a_copy_that_is_not_copied_itself(store):
    tell(store, message("1", "问一"), reply("答一"))
    conversation = store.load("telegram", "u")
    copies = store.commit(
        Turn(conversation, (), (Effect("export", {"days": 180}),)), message("2", "/mydata"), AT
    )
    assert "答一" in copies[-1].text
    assert [line.who for line in store.recent("telegram", "u")] == ["user", "bot", "user"]


def test_erasure_leaves_of_a_person_only_keys_and_ticket_numbers(store):
    tell(store, message("1", "秘密甲", user="alice"), reply("秘密乙"), prefecture="昆明市")
    ticket(store, "2", user="alice", question="秘密丙")
    answered(store, 1, "秘密丁", reply("秘密戊"), AT)
    store.receive([message("3", "秘密己", user="alice")], AT)
    tell(store, message("4", "别人说的", user="v"))
    store.erase("telegram", "alice")
    assert store.export("telegram", "alice")["transcript"] == []
    assert store.load("telegram", "alice") == Conversation("telegram", "alice")
    assert store.unhandled("telegram") == []
    assert [o.user for o in store.due("telegram", ())] == ["v"]
    assert store.receive([message("1", user="alice")], AT) == [False]
    left = found(store, 1)
    assert (left.user, left.question, left.transcript, left.answer) == ("", "", (), "")
    assert (left.id, left.desk, left.status, left.answered_at != "") == (1, "昆明市窗口", "answered", True)
    assert store.recent("telegram", "v")
    assert "秘密" not in everything(store)
    assert "alice" not in everything(store)


def test_an_open_ticket_of_an_erased_person_is_withdrawn_and_cannot_be_answered(store):
    ticket(store)
    store.erase("telegram", "u")
    assert found(store, 1).status == "withdrawn"
    assert not answered(store, 1, "答", reply(), AT)
    assert [step.event for step in found(store, 1).history] == ["opened", "withdrawn"]


@pytest.mark.parametrize("answered", [True, False])
def test_the_last_words_to_an_erased_person_forget_whose_they_were(store, answered):
    channel = "web" if answered else "telegram"
    tell(store, message("1", user="alice", channel=channel), answered=answered)
    store.add_session(channel, "hash", AT)
    gone = message("2", "", user="alice", channel=channel, action="forget:yes")
    tell(store, gone, reply("已全部删除"), effects=(Effect("erase"),), answered=answered)
    assert store.replies_to(channel, "2") == (reply("已全部删除"),)
    for outgoing in store.due(channel, ()):
        assert outgoing.reply.text == "已全部删除"
        store.mark_sent({outgoing.id: ""}, AT)
    assert store.knows(channel, "hash")
    assert "alice" not in everything(store)


def test_what_was_said_after_the_erasure_was_asked_for_is_still_answered(store):
    store.receive([message("1"), message("2", "forget"), message("3", "还在吗")], AT)
    tell(store, message("1"))
    tell(store, message("2", "forget"), effects=(Effect("erase"),))
    assert [m.key for m in store.unhandled("telegram")] == ["3"]


def test_a_reply_on_its_way_during_an_erasure_marks_no_other_as_sent(store):
    tell(store, message("1"), reply("alt"))
    (on_its_way,) = store.due("telegram", ())
    tell(store, message("2"), reply("已全部删除"), effects=(Effect("erase"),))
    store.mark_sent({on_its_way.id: ""}, AT)
    assert [o.reply.text for o in store.due("telegram", ())] == ["已全部删除"]


def test_the_purge_ends_the_retention_and_keeps_what_is_younger(store):
    old, young = AT - timedelta(days=200), AT - timedelta(days=1)
    tell(store, message("1", "旧", user="old"), at=old)
    ticket(store, "2", user="old", at=old)
    store.add_session("web", "unused", old)
    tell(store, message("3", "很早", user="both"), at=old)
    tell(store, message("4", "最近", user="both"), at=young)
    store.mark_sent({o.id: "" for _ in range(3) for o in store.due("telegram", ())}, AT)
    removed = 0
    while (slice_ := store.purge(AT - timedelta(days=180), AT - timedelta(days=7), limit=2)).rows:
        removed += slice_.conversations
    assert removed == 1
    assert store.load("telegram", "old").version == 0
    assert found(store, 1).status == "withdrawn"
    assert not store.knows("web", "unused")
    assert [line.text for line in store.recent("telegram", "both") if line.who == "user"] == ["最近"]
    assert store.load("telegram", "both").version == 2


def test_the_purge_spares_a_person_who_has_just_come_back(store):
    tell(store, message("1"), at=AT - timedelta(days=200))
    store.receive([message("2", "又来了")], AT)
    assert store.purge(AT - timedelta(days=180), AT).conversations == 0
    assert [m.key for m in store.unhandled("telegram")] == ["2"]


def test_the_memory_of_handled_messages_ends_before_the_retention(store):
    tell(store, message("1", channel="web"), answered=True, at=AT - timedelta(days=8))
    tell(store, message("2", channel="web"), answered=True, at=AT - timedelta(days=1))
    store.purge(AT - timedelta(days=180), AT - timedelta(days=7))
    assert store.replies_to("web", "1") is None
    assert store.replies_to("web", "2") is not None
    assert len(store.recent("web", "u")) == 4


def test_a_state_that_can_no_longer_be_read_begins_anew_at_its_version(store):
    tell(store, message("1"))
    with store._engine.writing() as db:
        db.execute("""update conversations set state = '{"channel": "web", "user": "x"}'""")
    assert store.load("telegram", "u") == Conversation("telegram", "u", 1)
    with store._engine.writing() as db:
        db.execute("""update conversations set state = '{"interview": 7}'""")
        db.execute(
            "insert into inbox (channel, key, user_id, payload, received_at) values ('telegram', 'x', 'v', '{', '')"
        )
        db.execute("update outbox set reply = '[]'")
    assert store.load("telegram", "u") == Conversation("telegram", "u", 1)
    assert tell(store, message("2")) is not None
    assert store.unhandled("telegram") == []
    assert [o.key for o in store.due("telegram", ())] == []
    assert [o.key for o in store.due("telegram", ())] == ["2"]


def test_every_step_is_named_and_applied_once(make_store):
    make_store()
    applied = make_store()._engine.read("select name from steps order by name")
    assert [row["name"] for row in applied] == [step.__name__ for step in STEPS]


def extended(database, *steps):
    """The database as a newer version leaves it, which has these steps more."""
    store = open_store(database)
    with store._engine.writing() as db:
        migrate(db, "x", ["steps"], "", (*STEPS, *steps))
    return store


def test_workers_of_the_version_before_go_on_beside_those_of_a_newer_one(store, make_store, database):
    """A step that only adds is applied while an older worker has the database open, and before another one opens it."""

    def m900_more(db):
        make(
            db,
            "alter table conversations add column mood text not null default ''; create table moods (id integer)",
        )
        make(db, "alter table sessions add column place text; alter table outbox add column weight integer")

    tell(store, message("1"), reply("一"))
    newer = extended(database, m900_more)
    with newer._engine.writing() as db:
        db.execute("update conversations set mood = 'new'")
    tell(store, message("2"), reply("二"), prefecture="昆明市")
    restarted = make_store()
    restarted.add_session("web", "x", AT)
    tell(restarted, message("3"), reply("三"))
    ticket(restarted, "4")
    assert [o.key for o in newer.due("telegram", ())] == ["1"]
    assert newer._engine.read("select mood from conversations") == [{"mood": "new"}]
    assert newer.load("telegram", "u") == restarted.load("telegram", "u")
    newer.close()


def test_a_worker_of_a_version_whose_columns_are_gone_does_not_start(store, database):
    def m901_less_contract(db):
        make(db, "alter table feedback drop column comment")

    extended(database, m901_less_contract).close()
    with pytest.raises(
        StoreError, match=r"a newer version of beian wrote it \(m901_less_contract\); use that"
    ):
        open_store(database)


def test_many_processes_that_open_a_new_database_at_once_all_succeed(database):
    code = "import sys; from bot.store_opening import open_store; open_store(sys.argv[1]).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", code, database], stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, errors


def test_writers_side_by_side_lose_no_turn(make_store, database):
    """Each thread, as a process would, has a store of its own; every conflict is answered by loading again."""
    make_store()

    def write(name):
        store = open_store(database)
        for number in range(25):
            asked = message(f"{name}-{number}")
            while tell(store, asked, prefecture=f"{name}{number}") is None:
                pass
        store.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert make_store().load("telegram", "u").version == 100


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(texts, texts, texts)
def test_any_storable_record_comes_back_unchanged(text, action, label):
    said = Message("web", "u", "k", DAY, text, action)
    assert read_message(write_message(said)) == said
    answer = Reply(
        "asked",
        (Block("table", rows=((text, action),)),),
        buttons=(Button(label, action),),
        question={"a": text},
    )
    assert read_reply(write_reply(answer)) == answer


def test_a_conversation_written_by_an_older_version_is_read(store):
    old = '{"channel": "web", "user": "u", "version": 3, "greeted": true, "no_longer_known": 1}'
    assert read_conversation(old) == Conversation("web", "u", 3, greeted=True)


def test_what_was_sent_is_known_by_the_channels_numbers_and_found_by_the_message(store):
    tell(store, replace(message("1"), address='{"message": 50}'), reply("一"), reply("二"))
    tell(store, replace(message("2"), address='{"message": 50, "edited": true}'), reply("三"))
    first, *_ = store.due("telegram", ())
    store.mark_begun(first.id, "80")
    assert store.due("telegram", ())[0].sent_as == "80"
    for sent_as in ("80,81", "82"):
        (due,) = store.due("telegram", ())
        store.mark_sent({due.id: sent_as}, AT)
    (edited,) = store.due("telegram", ())
    assert edited.address == '{"message": 50, "edited": true}'
    assert store.sent_for("telegram", "u", 50, edited.id) == [("1", "80,81"), ("1", "82")]
    assert store.sent_for("telegram", "u", 51, edited.id) == []
    assert store.sent_for("telegram", "v", 50, edited.id) == []


def test_several_turns_are_written_at_once_and_the_one_that_came_too_late_is_not(store, make_store):
    store.receive([message("1", user=name) for name in "abc"] + [message("2", user="b")], AT)
    messages = [message(key, user=name) for key, name in (("1", "a"), ("2", "b"), ("3", "c"))]
    store.receive(messages, AT)
    made = [(Turn(store.load("telegram", m.user), (reply(m.user),)), m) for m in messages]
    tell(make_store(), message("9", user="b"), prefecture="昆明市")
    written = store.commit_all(made, AT)
    assert [replies is not None for replies in written] == [True, False, True]
    assert store.load("telegram", "b").prefecture == "昆明市"
    assert store.load("telegram", "c").version == 1


def test_failed_replies_go_back_into_the_queue_in_their_old_places(store):
    for key in "123":
        tell(store, message(key), reply(key))
    for _ in "12":
        (due,) = store.due("telegram", ())
        store.mark_failed(due.id, "blocked", AT, final=True)
    assert [o.key for o in store.failed("telegram")] == ["1", "2"]
    assert store.resend("telegram", [due.id]) == 1
    assert store.resend("telegram", [12345]) == 0
    assert [o.key for o in store.due("telegram", ())] == ["2"]
    assert store.resend("telegram") == 1
    assert [(o.key, o.attempts, o.reason) for o in store.due("telegram", ())] == [("1", 0, "")]
    assert store.resend("web") == 0


def test_who_cannot_be_reached_is_remembered_until_they_can_or_are_erased(store):
    store.set_reachable("telegram", "7", "blocked", AT)
    store.set_reachable("telegram", "7", "gone", AT)
    store.set_reachable("telegram", "8", "gone", AT)
    assert store.unreachable("telegram") == {"7": "gone", "8": "gone"}
    assert store.unreachable("web") == {}
    store.set_reachable("telegram", "7", None, AT)
    store.erase("telegram", "8")
    assert store.unreachable("telegram") == {}


def test_a_group_that_moved_takes_its_peoples_conversations_along(store):
    for user in ("-9:5", "-9:6", "-99:5"):
        tell(store, message(user, user=user), prefecture="昆明市")
    store.move("telegram", "-9", "-1009")
    for user in ("-1009:5", "-1009:6", "-99:5"):
        assert store.load("telegram", user).prefecture == "昆明市"
    assert sorted(o.user for o in store.due("telegram", ())) == ["-1009:5", "-1009:6", "-99:5"]
    assert store.load("telegram", "-9:5").version == 0


def test_one_process_leads_a_channel_until_it_ends(make_store):
    first, second = make_store(), make_store()
    assert first.lead("telegram")
    assert first.lead("telegram")
    assert not second.lead("telegram")
    assert second.lead("other")
    first.close()
    assert second.lead("telegram")
