import os

import pytest
from click.testing import CliRunner
from test_cli import refused

from bot.cli import main
from bot.passwords import is_password
from bot.store_opening import open_store
from bot.store_sql import fetch

PASSWORD = "很长的一个密码 2026"


@pytest.fixture
def beian(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("BEIAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **options: CliRunner().invoke(main, [str(a) for a in arguments], **options)


def rows(sql):
    store = open_store("beian.sqlite3", must_exist=True)
    try:
        return store.transact(lambda db: fetch(db, sql))
    finally:
        store.close()


def test_the_first_account_is_made_before_the_first_start_with_a_password_of_its_own(beian):
    done = beian("staff", "add", "boss", "--role", "administrator", input=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    (row,) = rows("select * from staff")
    assert is_password(PASSWORD, row["password_hash"])
    assert "boss\t\t管理员" in beian("staff", "list").output
    assert "account_made\taccount:1" in beian("staff", "audit").output


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (["wang", "--role", "clerk"], PASSWORD, "州（市）全称"),
        (["wang", "--role", "clerk", "--desk", "昆明市"], "short", "至少12个字符"),
        (["wang", "--role", "editor"], "", "至少12个字符"),
        (["a b", "--role", "editor"], PASSWORD, "不能用"),
    ],
)
def test_an_account_that_cannot_be_made_is_said_in_one_line(beian, arguments, given, words):
    refused(beian("staff", "add", *arguments, input=given + "\n"), words)


def test_an_account_is_stopped_opened_and_gets_another_password(beian):
    beian("staff", "add", "wang", "--role", "clerk", "--desk", "昆明市", input=PASSWORD + "\n")
    assert beian("staff", "stop", "WANG").exit_code == 0
    assert "已停用" in beian("staff", "list").output
    assert beian("staff", "unlock", "wang").exit_code == 0
    assert beian("staff", "password", "wang", input="另一个足够长的密码 2026\n").exit_code == 0
    (row,) = rows("select * from staff")
    assert is_password("另一个足够长的密码 2026", row["password_hash"])
    refused(beian("staff", "stop", "nobody"), "没有登录名为“nobody”")


def test_an_invitation_is_a_link_whose_word_is_not_kept(beian):
    link = beian("staff", "invite", "--role", "officer").output.strip()
    assert link.startswith("http://127.0.0.1:8000/staff/join/")
    (row,) = rows("select * from staff_invitations")
    assert link.rpartition("/")[2] not in row.values()
