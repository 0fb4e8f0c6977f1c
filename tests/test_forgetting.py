"""After an erasure no table of either engine has the person's id or a word of theirs: every table is looked at."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fake_bot_api import FakeBotApi
from storing import AT, message, reply, tell, ticket
from telegram_running import Running, said, settings_for

from bot import ticket_acts
from bot.conversation import Effect, Reminder
from bot.store import Erased, Feedback
from bot.store_outbox import mark_failed
from bot.store_sql import fetch
from bot.topics import note_topic, user_of_topic
from flows.questionnaire import Interview
from knowledge.citing import Context

WHO = "70007000700"
MARK = "秘密"
DAY = date(2026, 6, 1)

PERSONAL = {
    "conversations", "transcript", "inbox", "outbox", "tickets", "ticket_notes", "ticket_texts", "feedback", "resume_codes",
    "wrong_codes", "unreachable", "sessions",
}  # fmt: skip
"""Tables that hold a person's id or words."""

OTHERS = {
    "steps", "ticket_events", "ticket_words", "topics", "staff", "staff_sessions", "staff_invitations", "audit", "canned",
    "faq_drafts", "faq_reviews", "faq_publications", "faq_telling", "tally", "weekly", "weekly_seen",
    "sqlite_sequence", "ticket_words_data", "ticket_words_idx", "ticket_words_docsize", "ticket_words_config",
}  # fmt: skip
"""Tables of numbers, of the staff and of the program. Words of tickets are numbers there, and go with the ticket."""


def tables(store):
    """The rows of every table, by its name."""
    engine = store._engine
    sqlite = "select name from sqlite_master where type = 'table'"
    postgres = "select tablename as name from pg_tables where schemaname = current_schema()"
    names = [row["name"] for row in engine.read(postgres if engine.dialect.claim else sqlite)]
    return {name: str(engine.read(f"select * from {name}")) for name in names}


def holding(store):
    """The tables that have the person's id or a word of theirs."""
    return {name for name, rows in tables(store).items() if WHO in rows or MARK in rows}


def live(store):
    """Everything that a person can leave behind, in every table that may hold it."""
    interview = Interview("pilot_base", DAY, (("site_area_m2", "850"), ("advisors", None)))
    state = {
        "interview": interview, "aside": replace(interview, track="proof_of_concept"), "prefecture": "昆明市",
        "context": Context(question=f"{MARK}问题"), "reminders": (Reminder(1, "annual_report", None, DAY),),
    }  # fmt: skip
    tell(store, message("1", f"{MARK}一", user=WHO), reply(f"{MARK}二"), **state)
    tell(store, message("2", "", user=WHO, action="code"), effects=(Effect("issue_code"),))
    tell(store, message("3", "/resume x", user=WHO), effects=(Effect("wrong_code"),))
    ticket(store, "4", user=WHO, question=f"{MARK}三")
    act = ticket_acts.Act(0, datetime.now(UTC))
    contact = {"do": "contact", "ticket": 1, "text": f"{MARK}四"}
    store.transact(lambda db: ticket_acts.act_of_person(db, ("telegram", WHO), contact, act.at))
    store.transact(lambda db: ticket_acts.add_note(db, 1, f"{MARK}五", act))
    store.transact(lambda db: ticket_acts.answer(db, 1, f"{MARK}六", reply(f"{MARK}七"), act))
    store.transact(lambda db: note_topic(db, 1, -100, 5, "answered"))
    in_topic = message("t", f"{MARK}题", user=user_of_topic(-100, 1))
    tell(store, in_topic, reply(f"{MARK}八"))
    store.transact(lambda db: fetch(db, "delete from transcript where user_id = ?", in_topic.user))
    store.add_feedback(Feedback("telegram", WHO, "1", False, f"{MARK}九"), AT)
    store.set_reachable("telegram", WHO, "blocked", AT)
    store.transact(lambda db: mark_failed(db, 1, f"{MARK}十", "2026", final=True))
    store.add_session("telegram", WHO, AT)
    store.receive([message("6", f"{MARK}十一", user=WHO)], AT)


def test_every_table_of_the_schema_is_known_and_those_that_may_hold_a_person_do(store):
    live(store)
    assert set(tables(store)) - OTHERS == PERSONAL
    assert holding(store) == PERSONAL


@pytest.mark.parametrize("by", ["person", "operator"])
def test_after_an_erasure_no_table_has_the_persons_id_or_words(store, by):
    live(store)
    if by == "operator":
        erased = store.erase("telegram", WHO)
        assert erased == Erased(messages=9, responses=4, tickets=1, reminders=1, ratings=1, codes=1)
    else:
        gone = message("7", "", user=WHO, action="forget:yes")
        (told,) = tell(store, gone, reply("已删除：{erased}。"), effects=(Effect("erase"),))
        assert told.text == (
            "已删除：对话9条、问卷内容4项、工单1件（只留编号、窗口和时间）、提醒1个、评价1条、续填码1个。"
        )
        store.mark_sent({outgoing.id: "1" for outgoing in store.due("telegram", ())}, AT)
    assert holding(store) == {"sessions"}  # the random name that the server gave goes on, empty
    store.purge(datetime(2027, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))
    assert holding(store) == set()


async def test_a_person_who_forgets_on_telegram_is_told_what_went_and_when_backups_end(tmp_path):
    with FakeBotApi() as api:
        async with Running(settings_for(tmp_path, api, backup_days=14)) as running:
            api.write(70007000700, "秘密：公示几天")
            await said(api, 70007000700, 1)
            api.write(70007000700, "/forget")
            await said(api, 70007000700, 2)
            api.press(70007000700, "forget:yes")
            told = (await said(api, 70007000700, 3))[-1]

            def nobody_is_left():
                return asyncio.run_coroutine_threadsafe(
                    running.app._run(lambda: holding(running.app.store) == set()), loop
                ).result()

            loop = asyncio.get_running_loop()
            await asyncio.to_thread(api.wait_until, nobody_is_left, 60, "the person is still there")
    assert told.startswith("已全部删除：对话4条。")
    assert "备份中的内容最迟14天后" in told
