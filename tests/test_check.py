"""`beian knowledge check` finds the shape of the regulation in order, every clause covered, every number in its clause."""

from knowledge.check import check, number_problems, uncovered
from knowledge.entries import Entry, Variant, load_entries
from knowledge.regulation import DEFAULT, load


def test_the_knowledge_base_is_in_order():
    found, problems = check(DEFAULT)
    assert problems == []
    assert "21 article" in found[0]
    assert "29 item" in found[0]


def test_a_number_that_stands_in_no_cited_clause_is_found():
    wrong = Entry("x", "faq", "", "?", ("?",), Variant("不少于300平方米。", ("8.3",)))
    assert list(number_problems([wrong], load())) == ["faq x：300 不在所引的条款 8.3 里"]


def test_a_number_written_in_chinese_in_the_clause_counts():
    right = Entry("x", "faq", "", "?", ("?",), Variant("每2年一次，看第十六条。", ("16",)))
    assert list(number_problems([right], load())) == []


def test_a_clause_that_no_entry_cites_is_found():
    entries = [
        e for e in load_entries(load()) if "21" not in {label for v in e.variants() for label in v.clauses}
    ]
    assert uncovered(entries, load()) == ["21"]
