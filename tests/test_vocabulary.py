"""Typing errors, pinyin and dialect are mended towards the project's own texts; what is no error is left alone."""

import pytest

from knowledge.ranking import load_knowledge
from knowledge.vocabulary import PLACE, read_track, without_track

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
    "text", ["概念验证中心场地要多大", "补助不能用于基础设施建设", "hello world", "excel", "site", "x", ""]
)
def test_what_is_no_error_is_left_alone(text):
    assert MEND(text) == text


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("概念验证中心要几个人", "proof_of_concept"), ("poc center", "proof_of_concept"), ("中试平台", "pilot_base"), ("pilot base", "pilot_base"),
        ("概念验证和中试都行吗", "both"), ("两类有什么不同", "both"), ("场地要多大", None),
    ],
)  # fmt: skip
def test_the_facility_meant_is_read(text, track):
    assert read_track(text) == track


def test_the_facilitys_name_is_taken_out_so_that_both_are_asked_about_alike():
    assert without_track("中试基地（平台）的顾问") == without_track("概念验证中心的顾问") == f"{PLACE}的顾问"


def test_dialect_and_lay_words_stand_for_the_measures_terms():
    concepts = load_knowledge().vocabulary.concepts
    assert "没有" in concepts("没得基金")
    assert "取消备案资格" in concepts("会不会摘牌")
    assert "能不能" in concepts("两样都报给行")
