"""Dialect and lay words stand for the measure's terms; the facility meant is read and taken out."""

import pytest

from knowledge.ranking import load_knowledge
from knowledge.vocabulary import PLACE, read_track, without_track


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("概念验证中心要几个人", "proof_of_concept"), ("poc center", "proof_of_concept"), ("中试平台", "pilot_base"), ("pilot base", "pilot_base"),
        ("概念验证和中试都行吗", "both"), ("两类有什么不同", "both"), ("场地要多大", None),
        ("中试团队11个,工程师俩,顾问仨", "pilot_base"), ("它俩有什么区别", "both"),
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


def test_what_somebody_makes_is_only_an_aside_where_a_facility_is_named():
    deciding = load_knowledge().vocabulary.deciding
    assert deciding("疫苗在哪里打") == {"疫苗"}
    assert not deciding("我们做疫苗的，◇要多大", anchored=True)
    assert deciding("主任月薪给多少", anchored=True), "a wage is no trade"
