"""A bag of tokens goes to the owner whose texts use such tokens, however many texts each owner has."""

import math
from collections import Counter, defaultdict

import pytest

from knowledge.likelihood import SMOOTHING, Likelihood
from knowledge.search import tokens_of

TEXTS = [
    ("site", "场地要多大"), ("site", "要多大的地方"), ("site", "地方小了行不行"),
    ("team", "团队要几个人"), ("team", "人手要多少"), ("report", "年度报告交给谁"),
]  # fmt: skip


def count(texts):
    """The likelihood counted from texts as (owner, bag of tokens)."""
    used, owners = defaultdict(lambda: defaultdict(float)), Counter()
    for owner, bag in texts:
        owners[owner] += 1
        for token, weight in bag.items():
            used[token][owner] += weight / sum(bag.values())
    return Likelihood(lambda token: used.get(token, {}), owners, len(used))


def likelihood(texts=TEXTS):
    return count((owner, tokens_of(text)) for owner, text in texts)


def best(query, **how):
    scores = likelihood(**how).scores(tokens_of(query))
    return max(scores, key=scores.get)


def test_words_from_several_texts_of_an_owner_count_together():
    assert best("地方要多大") == "site"
    assert best("几个人手") == "team"


def test_an_owner_with_many_texts_does_not_win_by_their_number():
    many = [*TEXTS, *(("site", f"场地{n}楼行不行") for n in "一二三四五六七八九")]
    assert best("报告交给谁行不行", texts=many) == "report"


def test_the_score_is_above_nothing_only_for_who_uses_the_words():
    scores = likelihood().scores(tokens_of("年度报告"))
    assert scores["report"] > 0 > scores["team"]


def test_length_does_not_change_the_scale():
    once, twice = (likelihood().scores(tokens_of(q)) for q in ("场地", "场地场地"))
    assert once["report"] == pytest.approx(twice["report"], abs=0.5)


def test_nothing_known_says_nothing():
    assert set(likelihood().scores(tokens_of("鸡蛋")).values()) == {0.0}


def test_what_nobody_uses_brings_all_nearer_to_nothing():
    plain, mixed = (likelihood().scores(tokens_of(q)) for q in ("年度报告", "年度报告鸡蛋"))
    assert plain["report"] > mixed["report"] > 0
    assert plain["team"] < mixed["team"] < 0


def test_it_is_the_formula():
    """One owner's smoothed share of a token against the mean of all owners' shares."""
    model = count([("a", {"x": 1.0}), ("b", {"y": 1.0})])
    has, has_not = ((1 + SMOOTHING), SMOOTHING)
    mean = (has + has_not) / 2
    assert model.scores({"x": 2.0}) == pytest.approx(
        {"a": math.log(has / mean), "b": math.log(has_not / mean)}
    )


def test_groups_are_as_if_their_texts_were_one_owners():
    of = {"site": "place", "team": "people", "report": "people"}
    together = count((of[owner], tokens_of(text)) for owner, text in TEXTS)
    query = tokens_of("年度报告要几个人")
    assert likelihood().grouped(of).scores(query) == pytest.approx(together.scores(query))
