"""Typing errors and pinyin are mended towards the project's own texts; what is no error is left alone."""

import pytest

from knowledge.ranking import load_knowledge

MEND = load_knowledge().vocabulary.speller.mend


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("中式基地的场地", "中试基地的场地"),
        ("概念验正中心", "概念验证中心"),
        ("工示期几天", "公示期几天"),
        ("绩效凭价", "绩效评价"),
        ("就高不重付", "就高不重复"),
        ("弄虚做假", "弄虚作假"),
        ("jianshe buzhu", "建设补助"),
        ("zhongshi jidi", "中试基地"),
    ],
)
def test_a_homophone_or_pinyin_is_mended(typed, meant):
    assert MEND(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "概念验证中心场地要多大",
        "补助不能用于基础设施建设",
        "hello world",
        "excel",
        "site",
        "base",
        "more",
        "x",
        "",
    ],
)
def test_what_is_no_error_is_left_alone(text):
    assert MEND(text) == text
