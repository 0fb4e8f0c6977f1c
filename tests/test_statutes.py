"""The search on disk finds an article by its words, on the scale of the search in memory, before by-laws and from good company."""

import pytest

from knowledge.search import Index, Passage, tokens_of
from knowledge.statutes import StatuteArticle, Statutes, build

ARTICLES = [
    StatuteArticle("a1", "中华人民共和国茶园法", "第一条", "茶园的采摘期由县级茶叶主管部门公布。"),
    StatuteArticle("a2", "中华人民共和国茶园法", "第二条", "茶园不得使用禁用农药；违者处一千元罚款。"),
    StatuteArticle("b1", "茶园法实施细则", "第一条", "依照《中华人民共和国茶园法》制定本细则。"),
    StatuteArticle("b2", "茶园法实施细则", "第二条", "采摘期不得早于三月一日，见《茶园法》。"),
    StatuteArticle("c1", "渡口管理办法", "第一条", "渡口由乡镇管理，夜间不得载客。"),
    StatuteArticle("c2", "渡口管理办法", "第二条", "渡船应当有wifi和救生衣。"),
]


@pytest.fixture
def statutes(tmp_path):
    build(ARTICLES, tmp_path / "index")
    return Statutes(tmp_path / "index")


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("渡口晚上可以载客吗", "c1"),
        ("船上要有救生衣吗", "c2"),
        ("茶园用了禁用农药罚多少", "a2"),
        ("WIFI", "c2"),
    ],
)
def test_the_article_that_answers_comes_first(statutes, question, article):
    assert statutes.search(question)[0].article.id == article


def test_an_article_comes_back_word_for_word(statutes):
    assert {found.article for found in statutes.search("茶园渡口不得")} <= set(ARTICLES)
    assert len(statutes) == len(ARTICLES)


def test_the_scores_are_those_of_the_search_in_memory(statutes):
    in_memory = Index(Passage(a.id, a.text, tokens_of(f"{a.statute} {a.text}".lower())) for a in ARTICLES)
    for question in ("渡口夜间不得载客", "采摘期是哪天", "渡船 wifi", "茶园罚款多少钱"):
        expected = {hit.owner: hit.score for hit in in_memory.search(tokens_of(question))}
        scores = {found.article.id: found.score for found in statutes.search(question)}
        assert expected
        assert {owner: scores[owner] for owner in expected} == pytest.approx(expected)


def test_the_statute_that_others_cite_comes_before_its_by_laws(tmp_path):
    pair = [
        StatuteArticle("by", "甲法细则", "第一条", "采摘要有许可。"),
        StatuteArticle("law", "丙法", "第一条", "采摘要有许可。"),
        StatuteArticle("x", "丁办法", "第一条", "依照《丙法》。"),
    ]
    build(pair, tmp_path / "index")
    assert [f.article.id for f in Statutes(tmp_path / "index").search("采摘要有许可吗", 2)] == ["law", "by"]


def test_a_question_without_known_words_finds_nothing(statutes):
    assert statutes.search("鸡蛋") == []
    assert statutes.search("") == []
    assert statutes.search("12345") == []


def test_a_second_build_takes_the_place_of_the_first(tmp_path):
    build(ARTICLES, tmp_path / "index")
    build(ARTICLES[:2], tmp_path / "index")
    assert len(Statutes(tmp_path / "index")) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_no_articles_make_an_index_that_finds_nothing(tmp_path):
    build([], tmp_path / "index")
    assert Statutes(tmp_path / "index").search("茶园") == []
