"""`beian asked` tells what people ask, without a person."""

import pytest
from click.testing import CliRunner
from conftest import DAY

from bot.cli import main
from bot.conversation import Message
from bot.responding import Responder
from bot.store_opening import open_store


@pytest.fixture
def run(tmp_path, monkeypatch, world):
    monkeypatch.chdir(tmp_path)
    store = open_store(str(tmp_path / "beian.sqlite3"))
    responder = Responder(world, store)
    for number, text in enumerate(("备案条件有哪些", "租来的场地算不算 13812345678", "租的场地算不算数")):
        responder.respond(Message("web", f"u{number}", str(number), DAY, text=text), answered=True)
    store.close()
    return lambda *args: CliRunner().invoke(main, ["asked", *args], catch_exceptions=False)


def test_a_summary_and_a_csv_of_a_period(run, tmp_path):
    days = ("--first", "2026-06-01", "--last", "2026-06-02")
    assert "提问3次：已答复1（33%），拒答2（67%）。" in run("summary", *days).output
    assert "没有提问" in run("summary", *days, "--place", "昆明市").output
    run("csv", str(tmp_path / "x.csv"), *days)
    assert (tmp_path / "x.csv").read_text("utf-8-sig").startswith("表,名称,合计,已答复")
    assert "没有提问" in run("summary").output


@pytest.mark.parametrize(
    ("given", "said"),
    [(("--first", "2026-06-02", "--last", "2026-06-01"), "晚于"), (("--place", "昆明"), "昆明市")],
)
def test_a_period_or_place_that_is_none_is_refused_in_one_line(run, given, said):
    refused = run("summary", *given)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert said in refused.stderr


def test_unanswered_questions_are_grouped_and_masked(run):
    (line,) = run("questions").output.splitlines()
    assert line.startswith("2\t")
    assert "138" not in run("questions").output


def test_the_bench_says_how_a_question_is_read_and_why_each_candidate_scores(run):
    shown = run("bench", "中试基地公示几天").output
    assert "类别：中试基地（平台）" in shown
    assert "最近的问法：" in shown
    assert "没有说到关键词" in run("bench", "江苏的建设补助多少").output
