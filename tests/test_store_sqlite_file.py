"""What is SQLite's own: the file, its log, its lock, its copies, and what is wrong with it in one line."""

import os
import sqlite3
import time
from datetime import timedelta

import pytest
from storing import AT, message, reply, tell

from bot.store import StoreError
from bot.store_opening import open_store


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "store.sqlite3")


def test_what_is_erased_is_not_in_the_file_any_more(store, tmp_path):
    tell(store, message("1", "秘密甲", user="alice"), reply("秘密乙"), prefecture="昆明市")
    store.erase("telegram", "alice")
    for file in tmp_path.glob("store.sqlite3*"):
        assert "秘密".encode() not in file.read_bytes()
        assert b"alice" not in file.read_bytes()


def test_a_backup_is_whole_and_of_one_file_while_the_program_writes(store, tmp_path):
    tell(store, message("1", "问一"), prefecture="昆明市")
    store.backup(tmp_path / "copy.sqlite3")
    tell(store, message("2", "问二"))
    assert sorted(p.name for p in tmp_path.glob("copy*")) == ["copy.sqlite3"]
    copy = open_store(tmp_path / "copy.sqlite3")
    assert copy.load("telegram", "u").prefecture == "昆明市"
    assert len(copy.recent("telegram", "u")) == 2
    copy.close()


def test_a_backup_over_the_database_itself_is_refused(store, tmp_path):
    with pytest.raises(StoreError, match="the database itself"):
        store.backup(tmp_path / "store.sqlite3")


def test_a_backup_into_a_missing_folder_is_one_clear_line(store, tmp_path):
    with pytest.raises(StoreError, match="No such file or directory; give a file in a folder that exists"):
        store.backup(tmp_path / "nowhere" / "copy")


def test_an_erasure_does_not_wait_for_a_backup_and_the_next_purge_cuts_the_log(store, tmp_path):
    tell(store, message("1", "秘密"))
    reader = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from transcript").fetchone()
    started = time.monotonic()
    store.erase("telegram", "u")
    assert time.monotonic() - started < 2
    reader.execute("rollback")
    reader.close()
    store.purge(AT - timedelta(days=180), AT - timedelta(days=7))
    assert (tmp_path / "store.sqlite3-wal").stat().st_size == 0
    assert "秘密".encode() not in (tmp_path / "store.sqlite3").read_bytes()


def test_new_files_are_for_their_owner_alone(store, tmp_path):
    store.backup(tmp_path / "copy.sqlite3")
    for name in ("store.sqlite3", "copy.sqlite3"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def spoil(path, kind):
    if kind == "folder":
        path.mkdir()
    elif kind == "garbage":
        path.write_bytes(b"no database at all " * 100)
    elif kind == "newer":
        open_store(path).close()
        with sqlite3.connect(path) as db:
            db.execute("insert into steps values ('m999_future_contract', '')")
        db.close()
    elif kind == "foreign":
        with sqlite3.connect(path) as db:
            db.execute("create table recipes (id integer)")
        db.close()
    elif kind == "cut":
        open_store(path).close()
        path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("folder", "Is a directory; give a file in a folder that exists and can be written"),
        ("garbage", "file is not a database; restore a backup or give another file"),
        ("newer", "a newer version of beian wrote it (m999_future_contract); use that version"),
        ("foreign", "it belongs to another program; give a database of its own in BEIAN_DATABASE"),
        ("cut", "malformed"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_that_names_it(tmp_path, kind, message):
    path = tmp_path / "x.sqlite3"
    spoil(path, kind)
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_in_a_missing_folder_is_one_line_that_names_it(tmp_path):
    with pytest.raises(StoreError, match="No such file or directory; give a file in a folder that exists"):
        open_store(tmp_path / "nowhere" / "x.sqlite3")


def test_a_database_that_must_exist_is_not_made(tmp_path):
    with pytest.raises(StoreError, match="there is none"):
        open_store(tmp_path / "x.sqlite3", must_exist=True)
    assert not (tmp_path / "x.sqlite3").exists()


def test_a_locked_database_is_said_to_be_locked_and_works_again_later(store, tmp_path, monkeypatch):
    store._engine._connection.execute("pragma busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreError, match="another program keeps it locked"):
        store.receive([message()], AT)
    with pytest.raises(StoreError, match="locked"):
        store.check()
    assert store.load("telegram", "u").version == 0  # readers are not locked out
    other.execute("rollback")
    other.close()
    assert store.receive([message()], AT) == [True]


def test_a_read_only_database_is_one_clear_line(store, tmp_path):
    store._engine._connection.execute("pragma query_only = on")
    with pytest.raises(
        StoreError, match="readonly database; see that the file and its folder can be written"
    ):
        store.receive([message()], AT)


def test_the_connection_waits_for_others_syncs_fully_and_keeps_references(store):
    pragma = {p: store._engine._connection.execute(f"pragma {p}").fetchone()[0] for p in
              ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")}  # fmt: skip
    assert pragma == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "secure_delete": 1,
    }  # fmt: skip


def test_a_database_outside_of_the_package_is_used_only_where_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("here.sqlite3").close()
    assert os.listdir(tmp_path) == ["here.sqlite3"]
