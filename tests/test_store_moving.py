"""A store moves from SQLite to PostgreSQL whole, however often it is interrupted, and a backup of either brings it back."""

from contextlib import closing

import psycopg
import pytest
from click.testing import CliRunner
from storing import AT, message, reply, tell, ticket

from bot import store_moving
from bot.cli import main
from bot.store import Feedback, StoreError
from bot.store_moving import digest, list_tables
from bot.store_opening import migrate_store, open_store, restore_store
from bot.store_sqlite_file import SqliteFile
from bot.ticket_search import search


def fill(database, people=30):
    """A store with something in most tables, of which some rows are gone again."""
    with closing(open_store(database)) as store:
        for number in range(people):
            user = f"u{number:03}"
            tell(
                store,
                message(f"{number}", f"问{number}𠮷\n‘'；", user=user),
                reply("一"),
                reply("二"),
                prefecture="昆明市",
            )
            ticket(store, f"t{number}", user=user, question=f"能补多少{number}")
        store.add_session("web", "hash", AT)
        store.set_reachable("telegram", "u001", "blocked", AT)
        store.add_feedback(Feedback("telegram", "u001", "1", useful=False, comment="没看懂"), AT)
        store.receive([message("waiting", user="u002")], AT)
        store.erase("telegram", f"u{people - 1:03}")


def hashes(database, tables):
    with closing(open_store(database)) as store, store._engine.reading() as db:
        return [digest(db, table) for table in tables]


def tables_of(path):
    with closing(SqliteFile(path)) as file, file.reading() as db:
        return list_tables(db)


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(store_moving, "PAGE", 7)
    path = tmp_path / "old.sqlite3"
    fill(str(path))
    return path


def test_everything_moves_and_is_equal_and_can_be_used(source, postgres):
    target, told = postgres.new(), []
    moved = {table.table: table for table in migrate_store(source, target, lambda *given: told.append(given))}
    assert {
        "conversations",
        "transcript",
        "inbox",
        "outbox",
        "tickets",
        "ticket_events",
        "sessions",
        "audit",
    } <= set(moved)
    assert moved["conversations"].rows == 29
    assert told[-1][0] in moved
    tables = tables_of(source)
    assert hashes(str(source), tables) == hashes(target, tables) == list(moved.values())
    with closing(open_store(target)) as store:
        assert store.load("telegram", "u003").prefecture == "昆明市"
        assert [m.key for m in store.unhandled("telegram")] == ["waiting"]
        assert store.receive([message("3", user="u003")], AT) == [False]
        assert store.unreachable("telegram") == {"u001": "blocked"}
        assert len(store.transact(lambda db: search(db, "能补多少12"))) == 1


def test_numbers_go_on_where_they_were_and_none_is_given_twice(source, postgres):
    newest = "select max(id) as id from tickets"
    with closing(open_store(str(source))) as store:
        ticket(store, "gone", user="gone")
        last = store._engine.read(newest)[0]["id"]
        store.erase("telegram", "gone")
    target = postgres.new()
    migrate_store(source, target)
    with closing(open_store(target)) as store:
        ticket(store, "new", user="new")
        assert store._engine.read(newest)[0]["id"] == last + 1


@pytest.mark.parametrize("after", [1, 8, 20])
def test_a_move_that_was_interrupted_goes_on_and_nobody_serves_from_it_meanwhile(source, postgres, after):
    target, told = postgres.new(), []

    def interrupt(table, rows):
        told.append(table)
        if len(told) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate_store(source, target, interrupt)
    with pytest.raises(StoreError, match="a move into it was begun and has not ended"):
        open_store(target)
    whole = len(told)
    told.clear()
    migrate_store(source, target, lambda table, rows: told.append(table))
    assert told
    assert hashes(target, tables_of(source)) == hashes(str(source), tables_of(source))
    assert whole == after


def test_a_source_that_changed_behind_the_copy_is_found_out(source, postgres):
    target = postgres.new()

    def interrupt(table, rows):
        if table == "transcript":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate_store(source, target, interrupt)
    with closing(open_store(str(source))) as store:
        tell(store, message("late", user="u000"))
    with pytest.raises(
        StoreError, match=r"table conversations: .* the source has changed since the copy was begun"
    ):
        migrate_store(source, target)


def test_a_database_that_is_in_use_is_not_moved_into(source, postgres):
    target = postgres.new()
    open_store(target).close()
    with pytest.raises(StoreError, match="there is a store in it already; give an empty database"):
        migrate_store(source, target)
    with pytest.raises(StoreError, match="the target is no PostgreSQL database"):
        migrate_store(source, "other.sqlite3")
    with pytest.raises(StoreError, match="there is none"):
        migrate_store(source.with_name("nowhere"), postgres.new())


def test_a_backup_restored_elsewhere_holds_the_same(database, tmp_path, postgres):
    """On each engine, and into each."""
    fill(database)
    with closing(open_store(database)) as store:
        store.backup(tmp_path / "copy.sqlite3")
        tell(store, message("after", user="u000"))
    assert sorted(p.name for p in tmp_path.glob("copy*")) == ["copy.sqlite3"]
    assert (tmp_path / "copy.sqlite3").stat().st_mode & 0o077 == 0
    before = (tmp_path / "copy.sqlite3").read_bytes()
    file, server = str(tmp_path / "restored.sqlite3"), postgres.new()
    restore_store(tmp_path / "copy.sqlite3", file)
    restore_store(tmp_path / "copy.sqlite3", server)
    assert (tmp_path / "copy.sqlite3").read_bytes() == before
    tables = tables_of(file)
    assert hashes(file, tables) == hashes(server, tables)
    with closing(open_store(server)) as store:
        assert len(store.recent("telegram", "u000")) == 5
        assert len(store.transact(lambda db: search(db, "能补多少12"))) == 1
    with pytest.raises(StoreError, match="there is one already"):
        restore_store(tmp_path / "copy.sqlite3", file)


def test_a_backup_under_load_is_of_one_moment(postgres, tmp_path):
    database = postgres.new()
    fill(database, people=5)
    with closing(open_store(database)) as store, psycopg.connect(database, autocommit=True) as other:
        write = store_moving._copy

        def write_between(source, target, table, tell):
            write(source, target, table, tell)
            other.execute("insert into sessions values ('web', %s, '')", [table.name])

        store_moving._copy, kept = write_between, store_moving._copy
        try:
            store.backup(tmp_path / "copy")
        finally:
            store_moving._copy = kept
    with closing(open_store(tmp_path / "copy")) as copy:
        assert copy._engine.read("select user_id from sessions") == [{"user_id": "hash"}]


def test_what_is_no_backup_is_said_in_one_line(tmp_path):
    (tmp_path / "x").write_bytes(b"nothing" * 1000)
    with pytest.raises(StoreError, match="not a database"):
        restore_store(tmp_path / "x", str(tmp_path / "new"))
    with pytest.raises(StoreError, match="there is none"):
        restore_store(tmp_path / "y", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_the_commands_move_back_up_and_restore(source, postgres, tmp_path, monkeypatch):
    target = postgres.new()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEIAN_DATABASE", target)
    moved = CliRunner().invoke(main, ["data", "migrate", str(source)])
    assert moved.exit_code == 0, moved.output
    assert "conversations\t29行\tSHA-256 " in moved.output
    assert moved.output.endswith("现在可以把 BEIAN_DATABASE 改为新的数据库。\n")
    assert CliRunner().invoke(main, ["data", "backup", "copy.sqlite3"]).output == "已备份到 copy.sqlite3。\n"
    monkeypatch.setenv("BEIAN_DATABASE", "new.sqlite3")
    assert (
        CliRunner().invoke(main, ["data", "restore", "copy.sqlite3"]).output == "已从 copy.sqlite3 恢复。\n"
    )
    assert hashes("new.sqlite3", tables_of("new.sqlite3")) == hashes(target, tables_of("new.sqlite3"))
    again = CliRunner().invoke(main, ["data", "migrate", str(source), target])
    assert again.exit_code == 2
    assert "there is a store in it already; give an empty database" in again.output
