"""The index finds the nearest passage on a scale that does not move when passages are added."""

import pytest

from knowledge.search import Index, Passage, tokens_of

PASSAGES = [
    Passage("site", "场地要多大"),
    Passage("team", "团队要几个人"),
    Passage("team", "人手不少于几个"),
    Passage("notice", "公示多少天"),
]


def find(query, passages=PASSAGES):
    return Index(passages, tokens_of).search(tokens_of(query))


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
    more = [*PASSAGES, *(Passage(f"x{n}", f"别的事情第{n}件") for n in range(200))]
    assert find("公示多少天", more)[0].score == pytest.approx(1.0)


def test_numbers_are_no_topic():
    assert tokens_of("850平") == tokens_of("180平")
