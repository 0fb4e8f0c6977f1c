"""A changed clause names the FAQ entries, rules and tests that rest on it, and nothing else."""

import pytest

from bot.touching import rests_on, touched_by, word_diff
from flows.rules import load_rules
from knowledge.entries import load_entries
from knowledge.regulation import load, parse


@pytest.mark.parametrize(
    ("cited", "label", "rests"),
    [
        ("9.3", "9.3", True),
        ("9", "9.3", True),
        ("9.3", "9", True),
        ("2p1", "2", True),
        ("9.3", "9.4", False),
        ("1", "13", False),
    ],
)
def test_a_clause_touches_its_parts_and_what_it_is_part_of(cited, label, rests):
    assert rests_on([cited], label) is rests


def test_a_threshold_touches_its_rule_its_entries_and_its_tests():
    touched = touched_by("9.3", load_entries(load()), load_rules())
    assert "rule 9.3 site_area_m2" in touched
    assert any(line.startswith("faq ") for line in touched)
    assert any(line.startswith("test dev_questions.jsonl: ") and "d-0002" in line for line in touched)
    assert not any("8.3" in line for line in touched)


def test_where_the_tests_are_not_installed_they_are_left_out(tmp_path):
    assert not any(line.startswith("test ") for line in touched_by("9.3", (), load_rules(), tmp_path))


def test_a_change_of_the_measure_is_worded_with_what_it_touches():
    new = parse(load().text.replace("不少于1000平方米", "不少于1500平方米"), "next")
    lines = list(word_diff(load(), new, load_entries(load()), load_rules()))
    assert lines[0] == "修改1处"
    assert lines[2] == "修改 第九条第（三）项"
    assert "不少于[-1000-]{+1500+}平方米" in lines[3]
    assert "  涉及 rule 9.3 site_area_m2" in lines


def test_another_regulation_touches_nothing_of_ours():
    lines = list(
        word_diff(
            parse("第一条　甲，渡口。", "a"),
            parse("第一条　乙，渡口。", "b"),
            load_entries(load()),
            load_rules(),
        )
    )
    assert lines == ["修改1处", "", "修改 第一条", "[-甲-]{+乙+}，渡口。"]
