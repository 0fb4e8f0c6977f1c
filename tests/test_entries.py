"""An entry that cites nothing, cites what does not exist or misquotes does not load."""

import pytest

from knowledge.entries import Entry, Variant, load_entries, problems_of
from knowledge.regulation import load


def entry(
    says="不少于200平方米。", clauses=("8.3",), quotes=None, kind="faq", wordings=("场地多大",), **more
):
    return Entry(
        "x", kind, "备案条件", "场地？", tuple(wordings), Variant(says, tuple(clauses), quotes or {}), **more
    )


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (entry(clauses=()), "没有依据的条款"),
        (entry(clauses=("8.9",)), "没有条款 8.9"),
        (entry(quotes={"8.3": "面积不少于300平方米"}), "与原文不一致"),
        (entry(see=("nowhere",)), "nowhere 不存在"),
        (Entry("x", "faq", "", "?", ("?",)), "没有写答复"),
    ],
)
def test_a_bad_entry_is_named(bad, problem):
    assert any(problem in sentence for sentence in problems_of([bad], load()))


def test_an_id_or_wording_that_stands_twice_is_named():
    other = Entry("y", "faq", "", "?", ("场地 多大",), Variant("", ("8.3",)))
    assert any("重复" in p for p in problems_of([entry(), entry()], load()))
    assert any("“场地 多大”在 x 里已有" in p for p in problems_of([entry(), other], load()))


def test_the_shipped_entries_are_without_fault():
    entries = load_entries(load())
    assert list(problems_of(entries, load())) == []
    assert {e.kind for e in entries} == {"faq", "silence", "outside"}


def test_no_wording_is_a_development_question_to_the_letter():
    import json
    from pathlib import Path

    from knowledge.regulation import squeeze

    lines = (Path(__file__).parent / "data" / "dev_questions.jsonl").read_text("utf-8").splitlines()
    asked = {
        squeeze(json.loads(line)["q"]).rstrip("？?")
        for line in lines
        if json.loads(line)["kind"] not in {"cite"}
    }
    worded = {squeeze(w).rstrip("？?") for e in load_entries(load()) for w in e.wordings}
    assert asked & worded == set()
