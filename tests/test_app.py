import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staff_desk import answered

from bot import app as app_module
from bot import outbox, responding
from bot.app import App, today
from bot.conversation import Block, Conversation, Effect, Message, Reply, Turn
from bot.logs import configure
from bot.recall import Recall
from bot.settings import Settings
from bot.store import StoreError
from bot.store_opening import open_store
from bot.wording import text_reply
from flows.questionnaire import set_value, start

DAY = date(2026, 6, 1)
TALKING = Path(__file__).parent / "talking.py"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "app.sqlite3"


@pytest.fixture
def opening(monkeypatch, world, database):
    """A function that opens the app on the test's database, as often as needed; the world is read once for all tests."""
    monkeypatch.setattr(app_module, "open_world", lambda settings: world)
    monkeypatch.setattr(outbox, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(app_module, "POLL_SECONDS", 0.05)
    return lambda *clock: App.open(Settings(database=str(database), _env_file=None), *clock)


@pytest.fixture
def no_logs():
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


pytestmark = pytest.mark.usefixtures("no_logs")


def message(key="1", text="公示几天", user="u", channel="web", action=""):
    return Message(channel, user, key, DAY, text, action)


@asynccontextmanager
async def working(app, channel="telegram"):
    task = asyncio.create_task(app.work(channel))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def collect(app, count, channel="telegram", mark=True):
    """The next replies to be sent, marked as sent."""
    found = []

    async def take():
        async for outgoing in app.outbox.outgoing(channel):
            found.append(outgoing)
            if mark:
                await app.outbox.sent(outgoing)
            if len(found) == count:
                return

    await asyncio.wait_for(take(), 20)
    return found


async def test_a_request_is_answered_and_the_conversation_kept(opening):
    async with opening() as app:
        (answer, *_) = await app.handle(message())
        assert "5个工作日" in answer.text
        assert answer.citations
        await app.handle(message("2", "", action="prescreen:pilot_base"))
    async with opening() as app:
        said = await app.recent("web", "u")
        assert [line.who for line in said] == ["user", "bot", "user", "bot"]
        (asked, *_) = await app.handle(message("3", "", action="resume"))
        assert asked.question["field"] == said[-1].reply.question["field"]


async def test_the_same_key_again_gives_the_same_replies_and_changes_nothing(opening, database):
    async with opening() as app:
        await app.handle(message("1", "", action="prescreen:pilot_base"))
        first = await app.handle(message("2", "不清楚"))
        again = await app.handle(message("2", "不清楚"))
        assert first == again
        assert len(await app.recent("web", "u")) == 4
    async with opening() as app:
        assert await app.handle(message("2", "不清楚")) == first


async def test_a_key_of_another_user_is_another_key(opening):
    async with opening() as app:
        mine = await app.handle(message("1", "公示几天", user="me"))
        theirs = await app.handle(message("1", "概念验证中心场地要多大", user="they"))
        assert mine != theirs
        assert await app.handle(message("1", user="me")) == mine


async def test_accepted_messages_are_handled_in_order_and_once(opening):
    async with opening() as app:
        assert await app.accept(message("1", "", channel="telegram", action="prescreen:pilot_base"))
        assert await app.accept_all([message(str(n), "不清楚", channel="telegram") for n in (2, 3)]) == [
            True,
            True,
        ]
        assert not await app.accept(message("2", "不清楚", channel="telegram"))
        async with working(app):
            sent = await collect(app, 3)
        assert [outgoing.key for outgoing in sent] == ["1", "2", "3"]
        assert len({outgoing.reply.question["field"] for outgoing in sent}) == 3


async def test_what_a_stopped_process_left_is_handled_after_the_start(opening):
    async with opening() as app:
        await app.accept(message("1", channel="telegram"))
    async with opening() as app, working(app):
        (outgoing,) = await collect(app, 1, mark=False)
    async with opening() as app, working(app):
        (again,) = await collect(app, 1)
        assert again == outgoing
        await asyncio.sleep(0.2)
        assert await app._run(lambda: app.store.due("telegram", ())) == []


async def test_a_flood_in_one_chat_delays_no_other(opening):
    async with opening() as app:
        await app.accept_all([message(f"f{n}", user="flood", channel="telegram") for n in range(40)])
        await app.accept(message("1", user="calm", channel="telegram"))
        async with working(app):
            order = [outgoing.user for outgoing in await collect(app, 10)]
        assert "calm" in order[:3]


async def test_one_reply_a_chat_is_on_its_way_and_a_failed_one_goes_again_first(opening):
    async with opening() as app, working(app):
        await app.accept_all([message(str(n), channel="telegram") for n in range(3)])
        stream = app.outbox.outgoing("telegram")
        first = await anext(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await app.outbox.failed(first, "NetworkError", final=False)
        again = await asyncio.wait_for(waiting, 5)
        assert (again.id, again.attempts) == (first.id, 1)
        await app.outbox.failed(again, "Forbidden", final=True)
        second = await asyncio.wait_for(anext(stream), 5)
        assert second.id > first.id
        await stream.aclose()


async def test_a_staff_answer_is_handed_out_once_on_the_web(opening):
    async with opening() as app:
        await app.handle(message())
        say = text_reply("handed_over", "答复")
        at = datetime.now(UTC)
        await app._run(
            lambda: app.store.commit(_ticket_turn(app), message("t", "", action="human"), at, answered=True)
        )
        assert await app._run(lambda: answered(app.store, 1, "答复", say, at))
        assert [reply.text for reply in await app.pushed("web", "u")] == ["答复"]
        assert await app.pushed("web", "u") == ()


async def test_a_reminder_reaches_its_channel_once_by_the_apps_clock(opening):
    nine = datetime(2026, 12, 4, 1, tzinfo=UTC)
    async with opening(lambda: nine - timedelta(days=1)) as app:
        for channel in ("web", "telegram"):
            await app.handle(message(channel, "2026年9月5日改的名，到期前三天提醒我", channel=channel))
        await app.remind()
        assert await app.pushed("web", "u") == ()
    async with opening(lambda: nine) as app:
        await app.remind()
        await app.remind()
        (reply,) = await app.pushed("web", "u")
        assert reply.text.startswith("提醒：最晚在2026年12月7日")
        assert await app.pushed("web", "u") == ()
        assert [outgoing.reply.text for outgoing in await collect(app, 1)] == [reply.text]
        assert await app._run(lambda: app.store.due("telegram", ())) == []


async def test_whoever_opens_the_web_at_night_is_reminded_at_once(opening):
    night = datetime(2026, 12, 3, 17, tzinfo=UTC)
    async with opening(lambda: night) as app:
        await app.handle(message("1", "2026年9月5日改的名，到期前三天提醒我"))
        assert len(await app.pushed("web", "u")) == 1


def _ticket_turn(app):
    effect = Effect("open_ticket", {"desk": "昆明市", "name": "昆明窗口", "question": "问"})
    return Turn(app.store.load("web", "u"), (text_reply("handed_over", "编号{ticket}"),), (effect,))


async def test_a_session_is_random_known_and_stored_only_as_a_hash(opening, database):
    async with opening() as app:
        sessions = {await app.new_session("web") for _ in range(20)}
        assert len(sessions) == 20
        for session in sessions:
            assert len(session) >= 32
            assert await app.knows("web", session)
        assert not await app.knows("web", "guess")
        assert not await app.knows("web", App.user_of(session))
        for file in database.parent.glob("app.sqlite3*"):
            assert not any(session.encode() in file.read_bytes() for session in sessions)


async def test_forget_leaves_nothing_and_the_session_goes_on_empty(opening, database):
    async with opening() as app:
        session = await app.new_session("web")
        user = app.user_of(session)
        await app.handle(message("1", "秘密的问题：公示几天", user=user))
        (told, *_) = await app.handle(message("2", "", user=user, action="forget:yes"))
        assert "已全部删除" in told.text
        assert await app.recent("web", user) == []
        assert await app.handle(message("2", "", user=user, action="forget:yes")) == (told,)
        assert await app.knows("web", session)
        for file in database.parent.glob("app.sqlite3*"):
            assert "秘密的问题".encode() not in file.read_bytes()


async def test_mydata_gives_a_copy(opening):
    async with opening() as app:
        await app.handle(message("1", "公示几天"))
        copies = await app.handle(message("2", "/mydata"))
        assert "公示几天" in copies[-1].text


async def test_a_conversation_that_never_stands_still_holds_up_nobody(opening, monkeypatch):
    async with opening() as app:
        monkeypatch.setattr(responding, "MOST_CONFLICTS", 5)
        elsewhere = Turn(Conversation("web", "somebody else", 7), (text_reply("control", "x"),))
        monkeypatch.setattr(Recall, "respond", lambda *_: elsewhere)
        with pytest.raises(StoreError, match="changed 5 times"):
            await app.handle(message())


async def test_a_fault_in_the_dialogue_is_an_apology_with_an_id_and_the_message_is_done(
    opening, monkeypatch, capsys
):
    def fail(*_):
        raise RuntimeError("内部 机密 token 123456:AAbbCCddEEffGGhhIIjj")

    configure("INFO")
    async with opening() as app:
        monkeypatch.setattr(Recall, "respond", fail)
        (sorry,) = await app.handle(message("1", "我的机密问题"))
        assert "抱歉" in sorry.text
        assert "机密" not in sorry.text
        assert await app.handle(message("1", "我的机密问题")) == (sorry,)
        await app.accept(message("2", "我的机密问题", channel="telegram"))
        async with working(app):
            (outgoing,) = await collect(app, 1)
        assert "抱歉" in outgoing.reply.text
    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    failed = next(line for line in lines if line["event"] == "turn failed")
    assert failed["error_id"] in sorry.text
    assert failed["error_type"] == "RuntimeError"
    assert any("test_app.py" in place for place in failed["trace"])
    assert "机密" not in logged
    assert "AAbbCC" not in logged


async def test_the_log_has_outcome_labels_and_time_and_no_words(opening, capsys):
    configure("INFO")
    async with opening() as app:
        await app.handle(message("1", "我是张三，公示几天"))
    logged = capsys.readouterr().err
    turn = next(json.loads(line) for line in logged.splitlines() if json.loads(line)["event"] == "turn")
    assert turn["outcome"] == "answered"
    assert turn["labels"]
    assert turn["ms"] >= 0
    assert len(turn["conversation"]) == 12
    assert "张三" not in logged


async def test_a_locked_database_delays_what_is_pushed_and_fails_what_is_asked(
    opening, database, monkeypatch
):
    async with opening() as app, working(app):
        await app._run(lambda: app.store._engine._connection.execute("pragma busy_timeout = 50"))
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="locked"):
            await app.handle(message())
        assert "locked" in (await app.ready())["database"]
        accepting = asyncio.create_task(app.accept(message("2", channel="telegram")))
        await asyncio.sleep(0.3)
        assert not accepting.done()
        other.execute("rollback")
        assert await asyncio.wait_for(accepting, 10)
        assert len(await collect(app, 1)) == 1
        other.execute("begin immediate")
        await asyncio.sleep(0.2)
        other.execute("rollback")
        other.close()
        await app.accept(message("3", channel="telegram"))
        assert len(await collect(app, 1)) == 1
        assert await app.ready() == {"database": "ok", "knowledge": "ok"}


ANY = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["\ud800", "\0", "", " ", "/start", "转人工", "是"]
)


async def test_no_text_or_button_makes_a_crash_or_an_empty_reply(opening):
    async with opening() as app:
        loop = asyncio.get_running_loop()

        @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4), st.uuids())
        def talk(turns, user):
            for number, (text, action) in enumerate(turns):
                said = message(str(number), text, user=f"{user}", action=action)
                replies = asyncio.run_coroutine_threadsafe(app.handle(said), loop).result(20)
                assert replies
                assert all(reply.text.strip() for reply in replies)
                assert all("抱歉，这条消息处理出错" not in reply.text for reply in replies)

        await asyncio.to_thread(talk)


@pytest.mark.parametrize("text", ["问" * 1_000_000, "\ud800", "\0", "1" * 100_000])
async def test_a_monstrous_message_is_answered_and_cut(opening, text):
    async with opening() as app:
        assert await app.handle(message("1", text))
        assert all(len(said.text) <= 10_000 for said in await app.recent("web", "u") if said.who == "user")


async def test_the_retention_ends_at_the_start(opening, database):
    store = open_store(database)
    old = datetime.now(UTC) - timedelta(days=181)
    store.commit(
        Turn(Conversation("web", "u"), (Reply("control", (Block("text", "alt"),)),)),
        message(),
        old,
        answered=True,
    )
    store.close()
    async with opening() as app:
        for _ in range(100):
            if not await app.recent("web", "u"):
                break
            await asyncio.sleep(0.02)
        assert await app.recent("web", "u") == []


async def test_an_unusable_database_is_said_at_the_start(opening, database):
    database.mkdir()
    with pytest.raises(StoreError):
        async with opening():
            pass


def test_today_is_the_civil_day_in_china(monkeypatch):
    class Late(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 5, 31, 16, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(app_module, "datetime", Late)
    assert today() == date(2026, 6, 1)


def talk_in_a_process(database, *arguments):
    return subprocess.Popen(
        [sys.executable, str(TALKING), str(database), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


KILLS = 5


def told_by(process, at_most):
    """The fields asked about, as the process was given them, until it ends or so many were."""
    told = []
    while len(told) < at_most and (line := process.stdout.readline()):
        told.append(json.loads(line))
    return told


def test_a_process_killed_at_any_moment_of_the_questionnaire_goes_on_where_it_was(database, world):
    """What was acknowledged is kept; at most the one response on its way at the kill was taken without a word; the same
    question is asked after the start, and in the end every question was asked in order, and once."""
    dice = random.Random(20261124)
    asked = []
    for killed in range(KILLS + 1):
        process = talk_in_a_process(database, "prescreen")
        assert process.stdout.readline().strip() == '"ready"'
        (first,) = told_by(process, 1)
        told = [first, *told_by(process, dice.randint(0, 3) if killed < KILLS else 1000)]
        if killed < KILLS:
            time.sleep(dice.random() * 0.01)
            process.kill()
            told += told_by(process, 1000)
        process.communicate()
        asked += told[1:] if asked and first == asked[-1] else told
    assert asked == [*questions_of(world), "result"]
    store = open_store(database)
    assert dict(store.load("web", "u").interview.responses) == dict.fromkeys(asked[:-1])
    store.close()


def questions_of(world):
    """The fields asked about when everything is 不清楚."""
    interview, fields = start(world.rules, "pilot_base", DAY), []
    while interview.asking:
        fields.append(interview.asking)
        interview = set_value(world.rules, interview, interview.asking, "unknown", DAY)
    return fields


def test_two_processes_in_one_conversation_lose_nothing_and_double_nothing(database):
    count = 15
    rivals = [talk_in_a_process(database, "race", name, str(count)) for name in "ab"]
    for rival in rivals:
        assert rival.stdout.readline().strip() == '"ready"'
    for rival in rivals:
        rival.stdin.write("\n")
        rival.stdin.flush()
    for rival in rivals:
        rival.communicate(timeout=60)
        assert rival.returncode == 0
    store = open_store(database)
    said = store.recent("web", "u", 1000)
    assert store.load("web", "u").version == 3 * count
    assert len([line for line in said if line.who == "user"]) == 3 * count
    assert [line.who for line in said] == ["user", "bot"] * (3 * count)
    store.close()
