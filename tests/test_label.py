"""A citation is read in any spelling, printed in one, and a number that is no citation is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.label import Label, find_labels, read_label, to_chinese, to_number
from knowledge.regulation import load

SPELLINGS = [
    ("9.3", "9.3"), ("第九条第（三）项", "9.3"), ("第9条第3项", "9.3"), ("九条三项", "9.3"), ("9(3)", "9.3"), ("９（３）", "9.3"),
    ("Article 9", "9"), ("art.14", "14"), ("art. 9(3)", "9.3"), ("Article 8.5.2", "8.5.2"), ("第八条(五)3", "8.5.3"),
    ("第八条第（五）项第2目", "8.5.2"), ("第九条第（五）项第1目", "9.5.1"), ("8.5.4", "8.5.4"), ("第廿一条", "21"), ("第二十一条", "21"),
    ("二条一款", "2p1"), ("第二条第2款", "2p2"), ("10条(1)项", "10.1"), ("18", "18"), ("第十八", "18"), ("2p1", "2p1"),
    ("第13條第2項", "13.2"), ("notice", "notice"), ("120-1", "120-1"), ("第一百二十条之一第二款", "120-1p2"), ("第120条之一", "120-1"), ("1165", "1165"),
    ("第 九 条 第 三 项", "9.3"), ("第九条的第三项", "9.3"), ("八条五项三目", "8.5.3"),
]  # fmt: skip


@pytest.mark.parametrize(("spelling", "label"), SPELLINGS)
def test_any_spelling_of_a_label_is_read(spelling, label):
    assert str(read_label(spelling)) == label


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("13条第2项原文发一下", ["13.2"]),
        ("第十六条的取消资格跟第十八条的取消资格有什么区别", ["16", "18"]),
        ("查一下5条4项", ["5.4"]),
        ("8.5.4是啥", ["8.5.4"]),
        ("9.3的内容", ["9.3"]),
        ("art.14 全文", ["14"]),
        ("第二十五条写的什么", ["25"]),
        ("场地1.5亩够不够", []),
        ("服务收入45.5万", []),
        ("一共有21条吗", []),
        ("满足哪3条才行", []),
        ("第八条5个人够吗", ["8"]),
        ("三选一怎么选", []),
    ],
)
def test_citations_are_found_in_a_sentence(text, labels):
    assert [str(m.label) for m in find_labels(text)] == labels


@pytest.mark.parametrize("label", list(load().clauses))
def test_every_label_and_its_chinese_name_read_back(label):
    assert str(read_label(label)) == label
    assert str(read_label(load().clauses[label].name)) == label


@given(st.integers(1, 9999))
def test_numerals_read_back(number):
    assert to_number(to_chinese(number)) == number


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text):
    read_label(text)
    find_labels(text)


def test_labels_sort_in_reading_order():
    assert sorted([Label(9, 0, 3), Label(2, 2), Label(9), Label(2, 1)]) == [
        Label(2, 1),
        Label(2, 2),
        Label(9),
        Label(9, 0, 3),
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("九(五)2 是什么", ["9.5.2"]), ("九（四）", ["9.4"]), ("第八条第五项的第一小点", ["8.5.1"]), ("一条龙服务", []), ("两条合起来算一条", []),
        ("三条职责是什么", []), ("十五条措施", []), ("十五条讲什么", ["15"]), ("六条二款", ["6p2"]),
        ("十九条全文", ["19"]), ("那个十五条是谁印发的", []),
    ],
)  # fmt: skip
def test_a_number_of_things_is_no_citation(text, labels):
    assert [str(mention.label) for mention in find_labels(text)] == labels
