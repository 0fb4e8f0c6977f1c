"""Imported regulations answer where they are named or where the measure is silent; the measure keeps its own topics."""

from dataclasses import replace
from datetime import date

import pytest
from test_library import TEXTS

from bot.conversation import Conversation, Message
from bot.dialogue import respond
from bot.world import load_world
from knowledge.importer import import_file
from knowledge.library import load_library, rebuild
from knowledge.regulation import squeeze

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
        import_file(folder / f"{name}.txt", folder / "in")
    rebuild(folder / "in")
    return replace(load_world(), library=load_library(folder / "in"))


def ask(world, text, day=DAY):
    (reply,) = respond(
        world, Conversation("web", "u", greeted=True), Message("web", "u", "1", day, text)
    ).replies
    return reply


@pytest.mark.parametrize(
    ("question", "regulation", "label"),
    [
        ("《滇池渡口管理办法》第二条", "new", "2"),
        ("渡口管理办法第一条讲什么", "new", "1"),
        ("滇池渡口管理办法规定夜间几点停", "new", "1"),
        ("渡船夜间能载客到几点", "new", "1"),
        ("企业所得税怎么交", "tax", "1"),
        ("滇池渡口暂行规定允许夜间载客吗", "old", "1"),
    ],
)
def test_an_imported_regulation_answers_word_for_word(world, question, regulation, label):
    reply = ask(world, question)
    assert reply.outcome == "answered"
    assert [(c.regulation, c.label) for c in reply.citations] == [(regulation, label)]
    assert squeeze(reply.citations[0].quote) in squeeze(TEXTS[regulation])
    assert world.library.particulars[regulation].title in reply.text


def test_a_neighbouring_topic_keeps_its_own_sentence_before_the_article(world):
    own = ask(replace(world, library=None), "企业所得税怎么交").blocks[0]
    assert ask(world, "企业所得税怎么交").blocks[0] == own
    assert ask(world, "渡船夜间能载客到几点").blocks[0].text == "本办法没有规定这一点。"


def test_its_number_and_period_are_told(world):
    text = ask(world, "《滇池渡口管理办法》第二条").text
    assert "昆渡管〔2024〕3号，自2024年5月1日起施行" in text


@pytest.mark.parametrize(
    ("question", "day", "warning"),
    [
        ("滇池渡口暂行规定第一条", DAY, "自2024年5月1日起被《滇池渡口管理办法》废止"),
        ("滇池渡口管理办法第一条", DAY, "已被《关于修改《滇池渡口管理办法》的决定》修改"),
        ("茶园采摘规定第一条", DAY, "自2030年1月1日起施行，现在还没有生效"),
    ],
)
def test_what_cannot_be_relied_on_says_so(world, question, day, warning):
    assert warning in ask(world, question, day).text


@pytest.mark.parametrize(
    "question",
    [
        "场地要多大",
        "本办法第九条",
        "你好",
        "谢谢",
        "第九条第三项",
        "850平能报中试基地不",
        "公示几天",
        "今天天气怎么样",
        "给我讲个渡船载客的笑话",
        "管理办法第二条",
    ],
)
def test_the_measure_keeps_its_own_topics(world, question):
    assert ask(world, question) == ask(replace(world, library=None), question)


def test_a_missing_clause_or_an_unknown_matter_is_said(world):
    assert "共3条" in ask(world, "滇池渡口管理办法第九条").text
    assert ask(world, "滇池渡口管理办法第九条").outcome == "abstained"
    assert "没有找到" in ask(world, "滇池渡口管理办法允许养鹅嘛").text


def test_a_bare_name_says_what_is_there(world):
    assert "共3条" in ask(world, "滇池渡口管理办法").text


def test_a_quotation_from_elsewhere_opens_no_clause_of_ours(world):
    reply = ask(world, "《滇池渡口管理办法》第二条")
    assert [b.label for b in reply.blocks if b.kind == "quote"] == [""]
