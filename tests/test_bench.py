"""The retrieval bench shows the very scores of the search, and what each is made of."""

import pytest

from knowledge.bench import look, made_of
from knowledge.query import read_query
from knowledge.ranking import rank


@pytest.mark.parametrize(
    "text",
    [
        "公示几天",
        "中试基地的场地要多大",
        "江苏的补助多少",
        "你好",
        "火星上种土豆",
        "",
        "加挂能不能拿建设补助",
    ],
)
def test_the_parts_make_the_score_that_the_search_gives(world, text):
    knowledge = world.knowledge
    bench = look(knowledge, text)
    ranked = rank(knowledge, read_query(text, knowledge.vocabulary))
    assert [c.entry for c in bench.candidates] == [hit.owner for hit in ranked[:10]]
    assert [c.score for c in bench.candidates] == [hit.score for hit in ranked[:10]]
    for candidate in bench.candidates:
        assert made_of(candidate) == pytest.approx(candidate.score)


def test_it_says_how_the_question_was_read(world):
    bench = look(world.knowledge, "第九条的场地，中试基地要多大")
    assert (bench.track, bench.clauses) == ("pilot_base", ("9",))
    assert bench.tokens
    best = look(world.knowledge, "公示几天").candidates[0]
    assert best.answers
    assert "公示" in best.passage
