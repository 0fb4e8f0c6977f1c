"""What is PostgreSQL's own: lost connections, a server that restarts, claims, notices, and what is wrong in one line."""

import threading
import time

import psycopg
import pytest
from storing import AT, message, reply, tell

from bot.conversation import Turn
from bot.store import StoreError
from bot.store_opening import open_store


@pytest.fixture
def database(postgres):
    return postgres.new()


def cut(postgres):
    """End all connections of the program, as a failing network would."""
    with postgres.connect() as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'beian'"
        )


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def patiently(work):
    """Do it as soon as the database answers, as the app does."""
    for _ in range(100):
        try:
            return work()
        except StoreError:
            time.sleep(0.1)
    raise AssertionError("the database did not come back")


def test_a_cut_connection_is_an_error_once_and_then_replaced(store, postgres):
    tell(store, message("1"))
    cut(postgres)
    with pytest.raises(StoreError, match="the connection failed or was lost; see that the server runs"):
        store.receive([message("2")], AT)
    assert patiently(lambda: store.receive([message("2")], AT)) == [True]
    assert [m.key for m in store.unhandled("telegram")] == ["2"]


def test_a_connection_cut_in_the_middle_of_a_turn_leaves_nothing_half_written(store, postgres):
    store.receive([message("1")], AT)

    def turn():
        with store.batch():
            assert store.commit(Turn(store.load("telegram", "u"), (reply(),)), message("1"), AT)
            cut(postgres)
            store.due("telegram", ())

    with pytest.raises(StoreError):
        turn()
    assert patiently(lambda: store.load("telegram", "u")).version == 0
    assert [m.key for m in store.unhandled("telegram")] == ["1"]
    assert store.commit(Turn(store.load("telegram", "u"), (reply(),)), message("1"), AT)


def test_a_server_that_restarts_delays_and_loses_nothing(store, postgres):
    tell(store, message("1"))
    postgres.stop()
    with pytest.raises(StoreError, match="see that the server runs"):
        store.check()
    postgres.start()
    patiently(store.check)
    assert store.load("telegram", "u").version == 1
    assert [o.key for o in store.due("telegram", ())] == ["1"]


def test_two_workers_claim_messages_of_different_chats_and_each_chats_in_order(make_store):
    one, two = make_store(), make_store()
    one.receive([message(f"{user}{n}", user=user) for n in "12" for user in "abc"], AT)
    with one.batch():
        assert [m.key for m in one.unhandled("telegram", 2)] == ["a1", "b1"]
        with two.batch():
            assert [m.key for m in two.unhandled("telegram")] == ["c1"]
        assert one.commit(Turn(one.load("telegram", "a"), ()), message("a1", user="a"), AT) == ()
    assert [m.key for m in two.unhandled("telegram")] == ["b1", "c1", "a2"]


def test_what_a_dead_worker_had_claimed_is_free_again(make_store, postgres):
    one, two = make_store(), make_store()
    one.receive([message("1")], AT)

    def turn():
        with one.batch():
            assert one.unhandled("telegram")
            assert two.unhandled("telegram") == []
            with postgres.connect() as connection:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'"
                )
            one.unhandled("telegram")

    with pytest.raises(StoreError):
        turn()
    assert [m.key for m in two.unhandled("telegram")] == ["1"]


def test_others_hear_of_what_was_received_and_of_what_is_to_be_sent_once_it_is_committed(
    make_store, postgres
):
    heard, one, two = [], make_store(), make_store()
    two._engine.listen(heard.append)
    until(lambda: heard == [""])
    with one.batch():
        one.receive([message("1", channel="web"), message("2")], AT)
        assert two.unhandled("telegram") == []
    until(lambda: sorted(heard) == ["", "telegram", "web"])
    heard.clear()
    cut(postgres)
    until(lambda: heard == [""])  # after a gap it may be anything
    patiently(lambda: one.push(Turn(one.load("telegram", "u"), (reply(),)), AT))
    until(lambda: heard == ["", "telegram"])


def test_who_leads_loses_it_with_the_connection_and_another_follows(make_store, postgres):
    one, two = make_store(), make_store()
    assert one.lead("telegram")
    assert not two.lead("telegram")
    cut(postgres)
    with pytest.raises(StoreError):
        one.lead("telegram")
    patiently(lambda: two.lead("telegram"))
    assert two.lead("telegram")
    assert not one.lead("telegram")


def test_a_turn_waits_for_another_of_the_same_chat_and_is_then_too_late(make_store, database):
    one, two = make_store(), make_store()
    stale, outcome = two.load("telegram", "u"), []
    late = threading.Thread(
        target=lambda: outcome.append(two.commit(Turn(stale, (reply(),)), message("2"), AT))
    )
    with one.batch():
        tell(one, message("1"), prefecture="昆明市")
        late.start()
        time.sleep(0.1)
        assert outcome == []
    late.join()
    assert outcome == [None]
    assert two.load("telegram", "u").prefecture == "昆明市"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://a:geheim@127.0.0.1:1/x", "database 127.0.0.1:1/x: the connection failed or was lost"),
        ("postgresql://a:geheim@host/x?nonsense=1", "BEIAN_DATABASE: this is no address"),
        ("postgresql://a:ge@heim/geheim@host:5432/y", "BEIAN_DATABASE: this is no address"),
        ("postgresql://a:geheim@[::1/x", "BEIAN_DATABASE: this is no address"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_one_line_without_the_password(url, said):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert said in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_wrong_with_a_database_is_one_line(postgres):
    with pytest.raises(StoreError, match="there is no such database; make it with createdb"):
        open_store(postgres.url().replace("/postgres?", "/nowhere?"))
    with pytest.raises(StoreError, match="the name or the password is wrong"):
        open_store(postgres.url().replace("beian@", "nobody:geheim@"))
    with pytest.raises(StoreError, match="there is none of beian in it"):
        open_store(postgres.new(), must_exist=True)
    foreign = postgres.new()
    with psycopg.connect(foreign) as connection:
        connection.execute("create table recipes (id integer)")
    with pytest.raises(StoreError, match="it belongs to another program"):
        open_store(foreign)


def test_a_server_that_can_only_be_read_is_told_and_is_used_again_when_it_can_be_written(store, postgres):
    def write_until_refused():
        for number in range(500):
            store.receive([message(str(number))], AT)
            time.sleep(0.02)

    with postgres.connect() as connection:
        connection.execute("alter system set default_transaction_read_only = on")
        connection.execute("select pg_reload_conf()")
        try:
            with pytest.raises(
                StoreError, match="it cannot be written to; give the address of the primary server"
            ):
                write_until_refused()
        finally:
            connection.execute("alter system reset default_transaction_read_only")
            connection.execute("select pg_reload_conf()")
    assert patiently(lambda: store.receive([message("later")], AT)) == [True]


def test_rows_that_are_only_added_can_be_neither_changed_nor_deleted(store):
    for statement in ("update audit set at = ''", "delete from audit"):
        with store._engine.writing() as db:
            db.execute("insert into audit (at, staff, action, subject) values ('', 0, 'x', '')")
        with pytest.raises(psycopg.IntegrityError), store._engine.writing() as db:
            db.execute(statement)
