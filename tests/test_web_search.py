"""Full-text search: what is found, in which order, and what is marked."""

import pytest

from bot.web_search import mark, search_clauses, search_faq


def marked(query, text):
    return [part.text for part in mark(query, text)[0] if part.hit]


@pytest.mark.parametrize(
    ("query", "text", "hits"),
    [
        ("场地面积", "中试服务场地及配套设施面积", ["场地", "面积"]),
        ("场地面积", "固定场地面积不少于", ["场地面积"]),
        ("公示 评审", "评审。公示。再公示", ["评审", "公示", "公示"]),
        ("公示期几天", "公示期为5个工作日", ["公示期"]),
        ("ABC", "名为abc的平台", ["abc"]),
        ("牌", "授牌", ["牌"]),
        ("鸡蛋", "公示", []),
        ("", "公示", []),
        ("５个工作日", "公示期为5个工作日", ["5个工作日"]),
    ],
)
def test_the_longest_common_pieces_are_marked(query, text, hits):
    parts, share = mark(query, text)
    assert [part.text for part in parts if part.hit] == hits
    assert "".join(part.text for part in parts) == text
    assert 0 <= share <= 1


@pytest.mark.parametrize(
    ("query", "first"),
    [("公示期", "10.3"), ("场地面积", "8.3"), ("一次性建设补助", "13.1"), ("就高不重复", "14")],
)
def test_the_clause_with_the_most_of_the_query_comes_first(world, query, first):
    found = search_clauses(world.knowledge.regulation.clauses.values(), query)
    assert found[0].label == first
    assert any(part.hit for part in found[0].parts)


def test_nothing_is_found_where_nothing_is(world):
    assert search_clauses(world.knowledge.regulation.clauses.values(), "鸡蛋灌饼") == ()


def test_the_faq_is_found_by_meaning_and_by_words(world):
    found = search_faq(world.knowledge, "房子要多大")
    assert "site-area" in [entry.id for entry, _ in found]
    assert all(entry.kind == "faq" for entry, _ in search_faq(world.knowledge, "公示"))


def test_a_very_long_query_is_cut(world):
    assert isinstance(search_clauses(world.knowledge.regulation.clauses.values(), "场地" * 5000), tuple)
