"""What staff published is answered from at once, in every process, and who was told otherwise is told again."""

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import structlog
from drafting import ASKED, AT, DRONE, approved, live, memory, published, put_out

from bot import app as app_module
from bot import fresh
from bot.app import App
from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.evaluate import ask
from bot.faq_editing import withdraw
from bot.fresh import settle
from bot.published import clause_hashes, entry_of, extend, outdated, word_correction
from bot.settings import Settings
from bot.store_faq import Draft, Publication, read_published
from bot.store_opening import open_store
from knowledge.ranking import index_entries

DAY = date(2026, 6, 1)


@pytest.fixture
def store():
    with closing(memory()) as store:
        yield store


def draft(number=7, **changes):
    content = DRONE | changes
    return Draft(content["id"], content, "a", {"9.3": "0000"}, id=number)


def test_a_published_entry_that_no_longer_fits_is_left_out(world):
    bad = [draft(clauses=["9.9"]), draft(id="x", answers="?")]
    with structlog.testing.capture_logs() as logs:
        extended = extend(world, bad)
    assert extended.knowledge.entries.keys() == world.knowledge.entries.keys()
    assert [line["event"] for line in logs] == ["published entry left out"] * 2


def test_nothing_published_is_the_world_of_the_files(world):
    assert extend(world, []) is world


def test_what_is_known_already_is_taken_over_and_makes_no_difference(world):
    quick = extend(world, [draft()]).knowledge
    slow = index_entries(quick.regulation, tuple(quick.entries.values()))
    for part in ("passages", "idf", "weights", "postings", "common"):
        assert getattr(quick.index, part) == getattr(slow.index, part)
    assert (quick.decisive, quick.groups) == (slow.decisive, slow.groups)


def test_an_entry_past_its_expiry_or_on_an_amended_clause_is_flagged(world):
    regulation = world.knowledge.regulation
    good = replace(draft(), clauses=clause_hashes(entry_of(draft()), regulation))
    assert list(outdated(good, regulation, date(2027, 6, 30))) == []
    assert list(outdated(good, regulation, date(2027, 7, 1))) == ["核对期限2027-06-30已过"]
    assert list(outdated(draft(), regulation, DAY)) == ["第九条第（三）项的原文已有修改"]
    assert list(outdated(replace(good, clauses={"99": "0"}), regulation, DAY)) == ["条款99已不存在"]


def test_an_answer_past_its_expiry_says_so(world):
    extended = extend(world, [draft()])
    line = "核对到2027年6月30日为止"
    assert line not in ask(extended, ASKED, day=date(2027, 6, 30)).text
    assert line in ask(extended, ASKED, day=date(2027, 7, 1)).text


def test_a_follow_up_to_an_entry_that_is_withdrawn_meanwhile_is_answered(world):
    extended = extend(world, [draft()])
    asked = Message("web", "u", "1", DAY, text=ASKED)
    after = respond(extended, Conversation("web", "u", greeted=True), asked).conversation
    assert after.context.entry == "drone-field"
    assert respond(world, after, Message("web", "u", "2", DAY, text="那概念验证中心呢")).replies


def test_a_correction_says_the_question_and_the_new_answer(world):
    now = extend(world, [draft()])
    said = word_correction(now, Publication("drone-field", 7, "b", corrects=True), draft())
    assert said.text.startswith("更正：您问过“无人机试飞场能算中试场地吗？”")
    assert (said.entry, said.version) == ("drone-field", 7)
    assert "可以算" in said.text
    gone = word_correction(world, Publication("drone-field", None, "b", corrects=True), draft())
    assert "撤回" in gone.text
    assert (gone.entry, gone.version) == ("drone-field", 0)


@pytest.fixture
def opening(monkeypatch, world, tmp_path):
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    monkeypatch.setattr(fresh, "LOOK_SECONDS", 0.02)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield lambda: App.open(Settings(database=str(tmp_path / "app.sqlite3"), _env_file=None))
    structlog.reset_defaults()


async def say(app, key, text=ASKED):
    return (await app.handle(Message("web", "u", key, DAY, text=text)))[0]


async def until(found):
    for _ in range(3000):
        if result := await found():
            return result
        await asyncio.sleep(0.02)
    raise TimeoutError


def test_every_worker_answers_from_a_publication_without_a_restart(opening, world, tmp_path):
    async def run():
        async with opening() as one, opening() as other:
            before = await say(one, "1")
            with closing(open_store(tmp_path / "app.sqlite3")) as editor:
                number = published(editor, world)
            keys = map(str, range(2, 10_000))
            for app in (one, other):

                async def answered(app=app):
                    reply = await say(app, next(keys))
                    return reply if reply.version == number else None

                await until(answered)
                assert app.world.knowledge.entries["drone-field"].version == number
            async with opening() as later:
                assert (await say(later, "later")).version == number
        return before

    assert asyncio.run(run()).entry != "drone-field"


def test_who_had_the_answer_before_its_correction_is_told_once_by_whichever_worker(opening, world, tmp_path):
    async def run():
        with closing(open_store(tmp_path / "app.sqlite3")) as editor:
            published(editor, world)
            async with opening() as one, opening() as other:
                assert (await say(one, "1")).entry == "drone-field"
                put_out(
                    editor,
                    approved(editor, world, answer="不能算，场地要固定。"),
                    datetime.now(UTC),
                    corrects=True,
                )

                async def pushed():
                    return await other.pushed("web", "u")

                (told,) = await until(pushed)
                await asyncio.sleep(0.2)
                assert await one.pushed("web", "u") == ()
                editor.transact(lambda db: withdraw(db, "drone-field", "b", "错", AT, corrects=True))
                (again,) = await until(pushed)
        return told.text, again.text

    told, again = asyncio.run(run())
    assert "不能算，场地要固定。" in told
    assert "撤回" in again


def test_what_a_server_has_when_it_is_ready_is_out_of_the_collectors_way():
    import gc

    settle()
    try:
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_the_published_are_read_in_one_look(store, world):
    number = published(store, world)
    assert store.look(read_published)[0] == 1
    assert live(store, world).knowledge.entries["drone-field"].version == number
