"""The official text is verbatim, parsed whole, and every clause can be found and walked to."""

import hashlib

import pytest

from knowledge.label import Label
from knowledge.regulation import KnowledgeError, load, parse, squeeze

SHA256 = "804f279fa7af5aa629a6e23c4bced954851fa5ea286be46bdd0661135e5e0019"


def test_the_text_is_the_official_one_to_the_byte():
    assert hashlib.sha256(load().text.encode()).hexdigest() == SHA256


def test_this_measure_has_its_known_shape():
    kinds = [c.kind for c in load().clauses.values()]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {"notice": 1, "article": 21, "paragraph": 2, "item": 29, "subitem": 8}
    assert load().chapters == (
        "第一章 总则", "第二章 备案条件及程序", "第三章 支持政策", "第四章 评价和管理", "第五章 附则",
    )  # fmt: skip


def test_no_word_of_the_articles_is_lost_or_invented():
    regulation = load()
    body = squeeze(regulation.text[regulation.text.index("第一章　总") :])
    for chapter in regulation.chapters:
        body = body.replace(squeeze(chapter), "", 1)
    rebuilt = "".join(a.name + a.text for a in regulation.articles())
    assert squeeze(rebuilt) == body


@pytest.mark.parametrize(
    ("label", "name", "start", "parent", "previous", "following"),
    [
        ("9.3", "第九条第（三）项", "具备必要的中试场地条件", "9", "9.2", "9.4"),
        ("8.5.2", "第八条第（五）项第2目", "2.通过验证的项目", "8.5", "8.5.1", "8.5.3"),
        ("2p2", "第二条第二款", "本办法所称中试基地", "2", "2p1", None),
        ("21", "第二十一条", "本办法由省科技厅", None, "20", None),
        ("1", "第一条", "为深入贯彻落实", None, "notice", "2"),
    ],
)
def test_a_clause_knows_its_place(label, name, start, parent, previous, following):
    clause = load().clauses[label]
    assert clause.text.startswith(start)
    assert (clause.name, clause.parent, clause.previous, clause.next) == (name, parent, previous, following)


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (Label(6, paragraph=2), "6.2"),  # 第六条 has items only
        (Label(2, item=1), "2p1"),  # 第二条 has paragraphs only
        (Label(9, paragraph=1, item=3), "9.3"),
        (Label(8, 0, 5, 3), "8.5.3"),
        (Label(25), None),
        (Label(9, 0, 7), None),
        (Label(3, 0, 1), None),
    ],
)
def test_a_citation_finds_the_clause_it_means(label, found):
    clause = load().find(label)
    assert (clause.label if clause else None) == found


def test_paragraphs_with_items_of_their_own_keep_labels_apart():
    text = "第一条　甲：\n（一）子；\n（二）丑。\n乙：\n（一）寅；\n（二）卯，见第二条。\n第二条　丙。"
    clauses = parse(text).clauses
    assert clauses["1p2.2"].text == "卯，见第二条。"
    assert clauses["1p2.2"].mentions == ("2",)
    assert squeeze(clauses["1"].text) == "甲：（一）子；（二）丑。乙：（一）寅；（二）卯，见第二条。"


def test_a_text_without_articles_is_refused():
    with pytest.raises(KnowledgeError, match="no line begins"):
        parse("通知\n请遵照执行。")


def labels_of(text):
    return [clause.label for clause in parse(text).articles()]


def test_an_inserted_article_is_an_article_of_its_own():
    read = parse("第九条　甲。\n第九条之一　乙：\n（一）子；\n（二）丑。\n第十条　丙，见第九条之一。")
    assert [clause.label for clause in read.articles()] == ["9", "9-1", "10"]
    assert read.clauses["9-1.2"].name == "第九条之一第（二）项"
    assert read.clauses["10"].mentions == ("9-1",)
    assert read.find("第九条之一第二项").text == "丑。"


def test_without_articles_the_points_are_articles_in_their_order():
    text = "关于印章的规定\n一、甲：\n一、不是第一点；\n二、乙。\n三、丙。"
    assert labels_of(text) == ["1", "2", "3"]


def test_without_any_number_a_text_that_decrees_is_one_article():
    read = parse("修正案（二）\n为了保护森林，修改为：\n“占用林地的，处罚金。”\n本修正案自公布之日起施行。")
    assert labels_of(read.text) == ["1"]
    assert read.clauses["notice"].text == "修正案（二）"


def test_items_spoken_of_are_no_items():
    read = parse(
        "第一条　下列人员：\n（一）甲；\n（二）乙。\n（一）至（二）项人员登记。\n（一）、（二）项人员除外。"
    )
    assert sorted(label for label in read.clauses if "." in label) == ["1.1", "1.2"]
