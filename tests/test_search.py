"""The index finds the nearest passage on a scale that does not move when passages are added."""

import pytest

from knowledge.search import Index, Passage, tokens_of

PASSAGES = [
    ("site", "场地要多大"),
    ("team", "团队要几个人"),
    ("team", "人手不少于几个"),
    ("notice", "公示多少天"),
]


def index(passages=PASSAGES):
    return Index(Passage(owner, text, tokens_of(text)) for owner, text in passages)


def find(query, passages=PASSAGES):
    return index(passages).search(tokens_of(query))


def test_the_nearest_owner_comes_first_and_once():
    hits = find("团队几个人")
    assert [h.owner for h in hits].count("team") == 1
    assert hits[0].owner == "team"
    assert hits[0].passage == "团队要几个人"


def test_a_passage_found_by_its_own_words_scores_one():
    assert find("场地要多大")[0].score == pytest.approx(1.0)


def test_scores_stay_between_nothing_and_one():
    assert all(0 < hit.score <= 1.0000001 for hit in find("场地团队公示要多少人天"))


def test_words_that_stand_nowhere_find_nothing():
    assert find("鸡蛋") == []
    assert find("") == []


def test_unknown_words_lower_the_score():
    assert find("场地要多大")[0].score > find("场地要多大鸡蛋炒饭")[0].score


def test_more_passages_do_not_change_what_a_full_match_scores():
    more = [*PASSAGES, *((f"x{n}", f"别的事情第{n}件") for n in range(200))]
    assert find("公示多少天", more)[0].score == pytest.approx(1.0)


def test_numbers_are_no_topic():
    assert tokens_of("850平") == tokens_of("180平")


def test_the_usage_of_a_tokens_owner_is_its_share_of_each_passage():
    assert set(index().usage("几")) == {"team"}
    assert index().usage("蛋") == {}
    alone = Index([Passage("a", "x", {"x": 1.0}), Passage("a", "xy", {"x": 1.0, "y": 1.0})])
    assert (
        1.3 < alone.usage("x")["a"] < 1.5
    )  # all of one passage, and of the other less than half: y is rarer
