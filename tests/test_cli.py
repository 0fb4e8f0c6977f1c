import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.conversation import Effect, Message, Turn
from bot.store_opening import open_store
from bot.wording import text_reply

BEIAN = str(Path(sys.executable).with_name("beian"))
BATCH = [
    {"id": "a", "q": "概念验证中心场地要多大"},
    {"id": "b", "q": "那中试基地呢", "turns": ["概念验证中心场地要多大"]},
    {"id": "c", "q": "\ud800公示\u2028几天"},
]


@pytest.fixture
def beian(tmp_path, monkeypatch):
    """A function that runs the command in an empty folder."""
    for name in [name for name in os.environ if name.startswith("BEIAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **options: CliRunner().invoke(main, [str(a) for a in arguments], **options)


@pytest.fixture
def database(tmp_path):
    """A database where the settings expect it, with one open ticket of u on the web."""
    store = open_store(tmp_path / "beian.sqlite3")
    effect = Effect("open_ticket", {"desk": "昆明市", "name": "昆明窗口", "question": "能补多少"})
    turn = Turn(store.load("web", "u"), (text_reply("handed_over", "编号{ticket}"),), (effect,))
    store.commit(turn, Message("web", "u", "1", date(2026, 6, 1), "转人工"), datetime.now(UTC), answered=True)
    yield store
    store.close()


def refused(result, *words):
    """Exit status 2 and one line on standard error, without a traceback."""
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    assert all(word in result.stderr for word in words), result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_ask_answers_with_the_clause_and_needs_no_database(beian, tmp_path):
    result = beian("ask", "概念验证中心场地要多大")
    assert result.exit_code == 0
    assert "200平方米" in result.output
    assert "第八条第（三）项" in result.output
    assert list(tmp_path.iterdir()) == []


def test_ask_as_json_has_the_shape_of_an_answer(beian):
    answer = json.loads(beian("ask", "概念验证中心场地要多大", "--json").output)
    assert list(answer) == ["status", "answer", "citations", "judgements", "suggestions"]
    assert answer["citations"][0]["label"] == "8.3"


@pytest.mark.parametrize("question", [[], [" "], [""]])
def test_ask_without_a_question_says_how(beian, question):
    refused(beian("ask", *question), "give a question")


def test_a_batch_is_answered_line_by_line_in_its_order_each_in_its_own_conversation(beian, tmp_path):
    lines = [json.dumps(record) for record in BATCH]
    lines.insert(1, json.dumps({"id": "u", "q": "公示\u2028几天"}, ensure_ascii=False))
    (tmp_path / "q.jsonl").write_text("\ufeff" + "\n\n".join(lines) + "\r\n", "utf-8")
    result = beian("ask", "--batch", "q.jsonl")
    assert result.exit_code == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "u", "b", "c"]
    assert [answer["citations"][0]["label"] for answer in answers] == ["8.3", "10.3", "9.3", "10.3"]


def test_bad_records_of_a_batch_are_named_by_line_and_the_others_answered(beian, tmp_path):
    bad = ["{", "[1]", '{"id": "x", "q": 3}', '{"id": "y", "q": "z", "turns": "t"}', "[" * 100_000]
    (tmp_path / "q.jsonl").write_text("\n".join([json.dumps(BATCH[0]), *bad]), "utf-8")
    result = beian("ask", "--batch", "q.jsonl")
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [f"line {n}" for n in range(2, 7)]
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == ["a", None, None, "x", "y", None]
    assert answers[3]["error"] == {"q": "q is missing or is not text"}


def test_a_batch_that_cannot_be_read_is_one_line(beian, tmp_path):
    refused(beian("ask", "--batch", "none.jsonl"), "none.jsonl", "No such file")
    (tmp_path / "gbk.jsonl").write_bytes('{"q": "场地"}'.encode("gbk"))
    refused(beian("ask", "--batch", "gbk.jsonl"), "gbk.jsonl", "not UTF-8")


@pytest.mark.parametrize(
    "label", [["9.3"], ["第九条第（三）项"], ["第九条", "第三项"], ["9(3)"], ["九条三项"]]
)
def test_an_article_is_found_in_any_spelling(beian, label):
    result = beian("article", *label)
    assert result.output.startswith("第九条第（三）项")
    assert "1000平方米" in result.output


def test_an_article_that_there_is_not_says_how_many_there_are(beian):
    refused(beian("article", "99"), "第九十九条", "21条")
    refused(beian("article", "hello"), "'hello' is no clause")


def test_the_faq_is_listed_and_searched(beian):
    assert "  · " in beian("faq").output
    assert "200平方米" in beian("faq", "场地", "面积").output


def test_prescreen_screens_a_batch(beian, tmp_path):
    (tmp_path / "p.jsonl").write_text('{"id": "1", "track": "pilot_base", "site_area_m2": 800}\n', "utf-8")
    result = beian("prescreen", "--batch", "p.jsonl", "--as-of", "2026-06-01")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["verdict"] == "ineligible"
    assert beian("prescreen", "--batch", "none.csv").exit_code == 2


def test_the_knowledge_is_checked(beian):
    result = beian("knowledge", "check")
    assert result.exit_code == 0, result.output


def test_an_import_of_nothing_is_one_line(beian):
    refused(beian("knowledge", "import", "none.txt"), "none.txt")


@pytest.mark.parametrize("command", [["serve"], ["telegram"], ["chat"], ["prescreen"], ["staff", "tickets"]])
def test_a_misspelt_setting_stops_every_command_that_uses_settings(beian, command):
    refused(beian(*command, env={"BEIAN_PROT": "1"}), "BEIAN_PROT", "BEIAN_PORT")


@pytest.mark.parametrize("command", [["chat"], ["telegram"], ["staff", "tickets"], ["data", "purge"]])
def test_an_unusable_database_stops_every_command_that_uses_it(beian, tmp_path, command):
    (tmp_path / "x.sqlite3").write_bytes(b"nothing of the kind " * 300)
    env = {"BEIAN_DATABASE": "x.sqlite3", "BEIAN_TELEGRAM_TOKEN": "1:x"}
    refused(beian(*command, env=env), "x.sqlite3", "not a database")


@pytest.mark.parametrize(
    "command",
    [["staff", "tickets"], ["data", "purge"], ["data", "backup", "b"], ["data", "export", "web", "u"]],
)
def test_staff_and_data_make_no_database_of_their_own(beian, tmp_path, command):
    refused(beian(*command), "beian.sqlite3", "there is none")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_offices_file_is_one_line(beian):
    refused(beian("chat", env={"BEIAN_OFFICES": "none.toml"}), "none.toml", "BEIAN_OFFICES")


def test_telegram_without_a_token_says_so(beian):
    refused(beian("telegram"), "BEIAN_TELEGRAM_TOKEN")


def test_tickets_are_listed_shown_answered_and_closed(beian, database):
    assert "能补多少" in beian("staff", "tickets").output
    assert "用户：转人工" in beian("staff", "show", 1).output
    assert beian("staff", "reply", 1, "最高200万元").output == "工单 1 已答复。\n"
    assert beian("staff", "tickets", "--status", "answered").output.startswith("1\t")
    assert beian("staff", "close", 1).output == "工单 1 已关闭。\n"
    assert "最高200万元" in database.pushed("web", "u")[0].reply.text
    refused(beian("staff", "reply", 1, "再答"), "没有编号 1 的待答复工单")
    refused(beian("staff", "show", 7), "没有编号 7 的工单")


def test_a_person_s_data_are_exported_and_erased(beian, database):
    copy = json.loads(beian("data", "export", "web", "u").output)
    assert copy["tickets"][0]["question"] == "能补多少"
    assert beian("data", "erase", "web", "u", input="n\n").exit_code == 1
    assert database.recent("web", "u")
    assert (
        beian("data", "erase", "web", "u", "--yes").output
        == "已删除：对话2条、工单1件（只留编号、窗口和时间）。\n"
    )
    assert database.recent("web", "u") == []


def test_the_purge_says_how_many_and_for_how_long(beian, database):
    assert beian("data", "purge").output == "已删除0个超过180天的对话。\n"
    assert beian("data", "purge", "--days", 30).output == "已删除0个超过30天的对话。\n"
    assert beian("data", "purge", "--days", 0).exit_code == 2


def test_what_people_say_of_answers_is_listed_without_their_names(beian, database):
    from bot.store import Feedback

    database.add_feedback(Feedback("web", "u", "k", useful=False, comment="没看懂"), datetime.now(UTC))
    given = json.loads(beian("data", "feedback").output)
    assert (given["about"], given["useful"], given["comment"]) == ("k", False, "没看懂")
    assert "user" not in given


def test_a_backup_is_made_while_the_database_is_open(beian, database, tmp_path):
    assert beian("data", "backup", "copy.sqlite3").output == "已备份到 copy.sqlite3。\n"
    assert (tmp_path / "copy.sqlite3").stat().st_size > 0
    refused(beian("data", "backup", "beian.sqlite3"), "the database itself")
    refused(beian("data", "backup", "none/copy"), "none/copy")


def commands(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        yield (*path, name), command


@pytest.mark.parametrize(
    ("path", "command"), list(commands(main)), ids=lambda p: " ".join(p) if isinstance(p, tuple) else ""
)
def test_every_command_says_in_chinese_what_it_does(beian, path, command):
    result = beian(*path, "--help")
    assert result.exit_code == 0
    assert any("一" <= letter <= "鿿" for letter in command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert parameter.help, f"{path} {parameter.name}"


def test_every_command_of_the_readme_exists():
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    known = {" ".join(path) for path, _ in commands(main)}
    for line in readme.splitlines():
        if line.startswith("| `beian "):
            words = line.split("`")[1].split()[1:]
            assert words[0] in known or " ".join(words[:2]) in known, line


def process(*arguments, **options):
    return subprocess.run([BEIAN, *arguments], capture_output=True, timeout=60, check=False, **options)


def test_help_is_shown_without_loading_the_knowledge():
    code = "import sys, bot.cli; print(sorted(m for m in sys.modules if m.split('.')[0] in {'flows', 'knowledge', 'pydantic'}))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_ask_does_not_load_web_database_or_telegram():
    code = (
        "import sys, bot.ask; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'sqlite_utils', 'telegram', 'fastapi', 'structlog', 'rich'}))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_words_that_are_not_utf_8_and_a_reader_that_leaves_make_no_traceback(tmp_path):
    done = process("ask", b"\xff\xfe\xb3", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"q": "公示几天"}\n' * 200, "utf-8")
    reader = subprocess.Popen(
        [BEIAN, "ask", "--batch", str(questions)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    reader.stdout.readline()
    reader.stdout.close()
    time.sleep(0.1)
    assert reader.stderr.read() == b""
    reader.stderr.close()
    reader.wait(30)
