"""What a question takes from the one before it."""

import pytest

from knowledge.citing import NOTHING_SAID
from knowledge.following import NOTHING_NEW, articles_of, follows, nearest
from knowledge.query import read_query
from knowledge.ranking import load_knowledge

KNOWLEDGE = load_knowledge()


def after(first, then):
    """The entry that answers a question after another."""
    _, answer = nearest(KNOWLEDGE, read_query(first, KNOWLEDGE.vocabulary), NOTHING_SAID)
    return nearest(KNOWLEDGE, read_query(then, KNOWLEDGE.vocabulary), answer.context)[1].entry.id


@pytest.mark.parametrize(
    ("first", "then", "entry"),
    [
        ("改名要报告吗", "报给谁", "report-material-change-where"),
        ("年度报告什么时候交", "交给谁", "annual-report"),
        ("年度报告什么时候交", "中试基地的设备原价值要多少", "equipment-value"),  # a question of its own
    ],
)
def test_only_what_a_question_leaves_unsaid_is_taken(first, then, entry):
    assert after(first, then) == entry


def test_nothing_follows_where_nothing_was_said():
    assert not follows(read_query("要几个", KNOWLEDGE.vocabulary), NOTHING_SAID)


@pytest.mark.parametrize(
    ("text", "nothing"), [("要多少", True), ("是多少呢", True), ("也一样吗", True), ("交给谁", False)]
)
def test_what_only_asks_again_is_known(text, nothing):
    assert bool(NOTHING_NEW.match(text)) == nothing


def test_a_clause_is_in_its_article():
    assert articles_of(["2p1", "8.5.1", "16"]) == {"2", "8", "16"}
