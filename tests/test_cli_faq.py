"""`beian faq`: words are searched, and an entry goes from a file to everybody, checked and approved on the way."""

import json

import pytest
from click.testing import CliRunner
from drafting import ASKED, DRONE
from staff_desk import POSTS, make_account

from bot.cli import main
from bot.store_opening import open_store

KEYS = ("id", "topic", "question", "answer", "expires", "regression", "wordings", "clauses")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(str(tmp_path / "beian.sqlite3"))
    for name, post in (("jia", "editor"), ("yi", "editor"), ("ke", "clerk")):
        make_account(store, name, POSTS[post])
    store.close()

    def run(*args):
        return CliRunner().invoke(main, ["faq", *args], catch_exceptions=False)

    return run


def entry_file(path, **changes):
    lines = [f"{key} = {json.dumps((DRONE | changes)[key], ensure_ascii=False)}" for key in KEYS]
    path.write_text("\n".join(["[[entry]]", *lines]), "utf-8")
    return str(path)


def test_words_are_searched_and_no_words_list_the_topics(run):
    assert "场地" in run("场地要多大").output
    assert run("场地", "面积").exit_code == 0
    assert "备案条件" in run().output
    assert "draft" in run("--help").output


def test_from_a_file_to_everybody_and_back(run, tmp_path):
    file = entry_file(tmp_path / "drone.toml")
    assert run("draft", file, "--as", "jia").output == "草稿 1：drone-field\n"
    shown = run("check", "1")
    assert "无人机试飞场能算中试场地吗" in shown.output
    assert (shown.exit_code, "冲突" in shown.output) == (0, False)
    assert "待审批\tjia" in run("drafts").output
    own = run("approve", "1", "--as", "jia")
    assert (own.exit_code, own.stderr.count("\n")) == (2, 1)
    assert "须由另一位编辑审批" in own.stderr
    assert run("publish", "1", "--as", "yi").exit_code == 2
    run("approve", "1", "--as", "yi")
    assert run("publish", "1", "--as", "yi").output == "草稿 1 已发布。\n"
    assert run("drafts").output == "没有待办的草稿。\n"
    assert "可以算" in CliRunner().invoke(main, ["ask", ASKED]).output
    card = CliRunner().invoke(main, ["evaluate"]).output
    assert "| regression | 1 | 1.000 |" in card
    assert "可以算" in run("试飞场").output
    assert "已回到发布之前" in run("rollback", "drone-field", "--as", "yi", "--reason", "发早了").output
    assert "可以算" not in CliRunner().invoke(main, ["ask", ASKED]).output
    told = run("history", "drone-field").output.splitlines()
    assert [line.split("\t")[2] for line in told] == [
        "草稿 1 由jia写成", "草稿 1 已批准（yi）", "草稿 1 由yi发布", "由yi撤下（发早了）",
    ]  # fmt: skip


def test_conflicts_are_shown_and_hold_publishing_back_until_accepted(run, tmp_path):
    file = entry_file(tmp_path / "drone.toml", wordings=["公示要公示几天", "试飞场算场地不"])
    run("draft", file, "--as", "jia")
    run("approve", "1", "--as", "yi")
    held = run("publish", "1", "--as", "yi")
    assert held.exit_code == 1
    assert "问法“公示要公示几天”仍由" in held.stderr
    assert run("publish", "1", "--as", "yi", "--accept", "--correction").exit_code == 0
    assert "告知得到过原答复的人" in run("history").output
    assert "已撤下" in run("withdraw", "drone-field", "--as", "yi", "--reason", "错").output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": "不少于1500平方米。"}, "1500 不在所引的条款"),
        ({"clauses": []}, "没有依据的条款"),
    ],
)
def test_a_bad_entry_is_refused_in_one_line(run, tmp_path, change, said):
    refused = run("draft", entry_file(tmp_path / "bad.toml", **change), "--as", "jia")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert said in refused.stderr


def test_a_file_without_an_entry_or_a_broken_one_is_named(run, tmp_path):
    for text in ("", "[[entry]", "entry = 3", "entry = [3]"):
        (tmp_path / "x.toml").write_text(text)
        refused = run("draft", str(tmp_path / "x.toml"), "--as", "jia")
        assert refused.exit_code == 2
        assert "x.toml" in refused.stderr


def test_only_an_account_whose_role_may_does_it(run, tmp_path):
    file = entry_file(tmp_path / "drone.toml")
    assert "没有可用的账号" in run("draft", file, "--as", "nobody").stderr
    assert run("draft", file, "--as", "ke").exit_code == 0
    refused = run("approve", "1", "--as", "ke")
    assert (refused.exit_code, "窗口人员，不能做这一步" in refused.stderr) == (2, True)


def test_a_draft_is_rejected_with_a_reason(run, tmp_path):
    run("draft", entry_file(tmp_path / "drone.toml"), "--as", "jia")
    run("reject", "1", "--as", "yi", "--reason", "答得不全")
    assert "已退回（yi：答得不全）" in run("drafts", "--all").output


def test_what_needs_another_look_is_listed(run, tmp_path, monkeypatch):
    run("draft", entry_file(tmp_path / "drone.toml"), "--as", "jia")
    run("approve", "1", "--as", "yi")
    run("publish", "1", "--as", "yi")
    monkeypatch.setattr("bot.published._hash", lambda text: "amended")
    assert "需要复核：drone-field，第九条第（三）项的原文已有修改" in run("drafts").output
