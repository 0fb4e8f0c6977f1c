"""A question is read into its topic, the facility, the clauses it names and its tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.query import read_query
from knowledge.ranking import load_knowledge

VOCABULARY = load_knowledge().vocabulary


def read(text):
    return read_query(text, VOCABULARY)


def test_the_facility_and_the_topic_are_told_apart():
    query = read("請問中試基地的場地要多大啊？")
    assert query.track == "pilot_base"
    assert "#场地" in query.tokens
    assert "中试" not in query.plain


def test_clauses_named_are_found_and_taken_out():
    query = read("第九条第三项讲的设备是原值吗")
    assert [str(m) for m in query.mentions] == ["9.3"]
    assert "第九条" not in query.without_mentions


def test_quantities_are_left_as_typed():
    assert "两亩" in read("厂房有两亩地").text
    assert "半个亿" in read("投了半个亿进去").text


@pytest.mark.parametrize("text", ["那中试基地呢？", "换成概念验证中心的话"])
def test_a_question_of_nothing_but_a_facility_has_no_content(text):
    assert read(text).content in {"", "换成"}


@pytest.mark.parametrize("text", ["两类有什么区别", "对比一下", "各要几名"])
def test_a_comparison_is_recognised(text):
    assert read(text).compares


@given(st.text(max_size=120))
def test_no_text_makes_it_fail(text):
    read(text)
