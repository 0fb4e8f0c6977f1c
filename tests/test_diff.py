"""Two versions are compared clause by clause: what came, went, moved and changed, with the words."""

import pytest

from knowledge.diff import compare, mark
from knowledge.regulation import load, parse

OLD = parse(
    "第一条　为了渡口安全，制定本办法。\n第二条　渡船应当具备下列条件：\n（一）救生衣不少于20件；\n（二）船龄不超过10年。\n"
    "第三条　夜间不得载客，违者由街道办事处处理。\n第四条　本办法由交通局解释。"
)
NEW = parse(
    "第一条　为了渡口安全，制定本办法。\n第二条　渡船应当具备下列条件：\n（一）救生衣不少于30件；\n（二）船龄不超过10年；\n"
    "（三）有灭火器。\n第三条　渡口应当公布票价和开航时刻表。\n第四条　夜间不得载客，违者由街道办事处处理。"
)


def told(old, new):
    return [(c.kind, c.old and c.old.label, c.new and c.new.label) for c in compare(old, new)]


def test_every_difference_is_told_once_in_the_order_of_the_new_version():
    assert told(OLD, NEW) == [
        ("changed", "2.1", "2.1"),
        ("changed", "2.2", "2.2"),
        ("added", None, "2.3"),
        ("added", None, "3"),
        ("renumbered", "3", "4"),
        ("removed", "4", None),
    ]


def test_the_same_text_has_no_differences():
    assert compare(load(), load()) == []


def test_backwards_what_was_added_is_removed():
    kinds = [kind for kind, *_ in told(NEW, OLD)]
    assert sorted(kinds) == ["added", "changed", "changed", "removed", "removed", "renumbered"]


def test_a_second_paragraph_is_added_and_the_first_stays():
    old = parse("第一条　渡口由乡镇管理，夜间不得载客。")
    new = parse("第一条　渡口由乡镇管理，夜间不得载客。\n雾天停航。")
    assert told(old, new) == [("added", None, "1p2")]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("不少于200平方米", "不少于300平方米", "不少于[-200-]{+300+}平方米"),
        ("二十人以上", "三十人以上", "[-二十-]{+三十+}人以上"),
        ("渡船", "渡船和码头", "渡船{+和码头+}"),
        ("甲乙", "甲", "甲[-乙-]"),
    ],
)
def test_the_changed_words_are_marked_and_numbers_are_whole(old, new, marked):
    assert mark(old, new) == marked
