"""Questions from the command line and from a file: the public shape, one line each, in order, bad records by line."""

import io
import json

import pytest

from bot.ask import answer_json, ask_batch, ask_in, ask_one, faq_text


def batch(tmp_path, *lines):
    path, out, err = tmp_path / "q.jsonl", io.StringIO(), io.StringIO()
    path.write_text("\n".join(lines), "utf-8")
    status = ask_batch(path, out, err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_an_answer_has_the_public_keys():
    answer = ask_one("公示几天")
    assert list(answer) == ["status", "answer", "citations", "judgements", "suggestions"]
    assert answer["citations"][0]["label"] == "10.3"


def test_a_batch_answers_in_order_and_replays_earlier_turns(tmp_path):
    status, answers, _ = batch(
        tmp_path,
        '{"id": "a", "q": "公示几天"}',
        '{"id": "b", "q": "那中试基地呢", "turns": ["概念验证中心的场地要多大"]}',
    )
    assert status == 0
    assert [(a["id"], a["citations"][0]["label"]) for a in answers] == [("a", "10.3"), ("b", "9.3")]


@pytest.mark.parametrize(
    "bad", ["nonsense", "[]", '{"id": "x"}', '{"id": "x", "q": 5}', '{"id": "x", "q": "a", "turns": "b"}']
)
def test_a_bad_record_is_named_by_its_line_and_the_others_are_answered(tmp_path, bad):
    status, answers, errors = batch(
        tmp_path, '{"id": "a", "q": "公示几天"}', bad, '{"id": "c", "q": "由谁解释"}'
    )
    assert status == 1
    assert len(answers) == 3
    assert "error" in answers[1]
    assert errors.startswith("line 2: ")


def test_a_file_that_cannot_be_read_is_unusable(tmp_path):
    assert ask_batch(tmp_path / "missing.jsonl", io.StringIO(), io.StringIO()) == 2


def test_what_only_asks_back_is_clarify(world):
    assert answer_json(ask_in(world, "/prescreen"))["status"] == "clarify"


def test_the_faq_is_listed_and_searched_as_text():
    assert "备案条件" in faq_text("")
    assert "5个工作日" in faq_text("公示")
    assert "没有找到" in faq_text("鸡蛋灌饼")
