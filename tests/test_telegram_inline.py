"""Inline mode: what a few words find, and that Telegram would take every result of it."""

import json
from pathlib import Path

import pytest
from fake_html import check_text

from bot.telegram_inline import PAGE, find_results

QUESTIONS = [
    json.loads(line)["q"]
    for line in (Path(__file__).parent / "data" / "dev_questions.jsonl").read_text("utf-8").splitlines()[:60]
]


@pytest.mark.parametrize(
    ("query", "first"),
    [("9.3", "a:9.3"), ("第九条第三项", "a:9.3"), ("第九条", "a:9"), ("", "a:1")],
)
def test_a_clause_is_found_by_its_number(world, query, first):
    results, _ = find_results(world, query)
    assert results[0]["id"] == first


def test_words_find_entries_and_the_clauses_that_answer(world):
    results, _ = find_results(world, "场地面积")
    names = [result["id"] for result in results]
    assert names[0].startswith("q:")
    assert {"a:8.3", "a:9.3"} & set(names)
    assert all("云科规〔2025〕11号" in r["input_message_content"]["message_text"] for r in results)


def test_an_article_brings_its_items(world):
    assert [r["id"] for r in find_results(world, "第九条")[0]][:3] == ["a:9", "a:9.1", "a:9.2"]


def test_pages_follow_each_other(world):
    first, offset = find_results(world, "")
    second, end = find_results(world, "", offset)
    assert len(first) == PAGE
    assert len(first) + len(second) == len(world.knowledge.regulation.articles())
    assert end == ""
    assert find_results(world, "", "nonsense")[0] == first


@pytest.mark.parametrize("query", [*QUESTIONS, "今天天气", "\x00", "第九百条", "a" * 500])
def test_telegram_would_take_every_result(world, query):
    results, offset = find_results(world, query)
    names = [result["id"] for result in results]
    assert len(names) == len(set(names)) <= 50
    assert len(offset) <= 64
    for result in results:
        content = result["input_message_content"]
        assert check_text(content["message_text"], content["parse_mode"])
        assert result["title"]
