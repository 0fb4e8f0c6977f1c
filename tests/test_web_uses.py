"""Where a clause is used: requirements, questions, FAQ, what it leaves open, other clauses."""

import pytest

from bot.web_uses import uses_of


def test_a_clause_names_all_that_rests_on_it(world):
    uses = uses_of(world, "9.3")
    assert "不少于1000平方米" in [rule.required for rule in uses.requirements]
    assert any("面积" in text and track == "中试基地（平台）" for track, text in uses.questions)
    assert "site-area" in [entry.id for entry in uses.entries]
    assert all("9.3" in {c for v in entry.variants() for c in v.clauses} for entry in uses.silences)


def test_an_article_has_the_uses_of_its_items(world):
    whole, part = uses_of(world, "9"), uses_of(world, "9.3")
    assert set(part.requirements) <= set(whole.requirements)
    assert {rule.label.split(".")[0] for rule in whole.requirements} == {"9"}


@pytest.mark.parametrize("label", ["1", "notice", "21"])
def test_a_clause_without_requirements_has_none(world, label):
    assert uses_of(world, label).requirements == ()


def test_a_clause_that_another_mentions_says_so(world):
    clauses = world.knowledge.regulation.clauses
    mentions = [(clause.label, other) for clause in clauses.values() for other in clause.mentions]
    assert all(label in uses_of(world, other).mentioned_by for label, other in mentions)
