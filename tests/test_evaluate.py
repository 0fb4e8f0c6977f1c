"""The release gate: the development questions through the real dialogue, and no figure below its bar."""

import json
from pathlib import Path

import pytest

from bot.evaluate import card, evaluate, figures, read_records, report, share

GATE = {
    "article": 0.98, "item": 0.96, "complete": 0.95, "must": 0.96, "judged": 0.97, "right": 0.99, "abstained": 0.97, "verbatim": 1.0,
}  # fmt: skip
QUESTIONS = sorted((Path(__file__).parent / "data").glob("*questions*.jsonl"))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_accuracy_card_holds(world, path, capsys):
    verdicts = evaluate(world, path)
    with capsys.disabled():
        print(f"\n{path.name}\n{card(verdicts)}")
    measured = {name: share(count) for name, count in figures(verdicts).items()}
    short = {name: measured[name] for name, bar in GATE.items() if measured[name] < bar}
    assert not short, report(verdicts)
    assert measured["refused"] <= 0.02, report(verdicts)


def test_hard_situations_are_judged_as_well_as_the_docs_say(world):
    """Told by somebody who tried to mislead: stories, corrections, irrelevant figures (docs/accuracy.md)."""
    verdicts = evaluate(world, Path(__file__).parent / "data" / "situations.jsonl")
    measured = {name: share(count) for name, count in figures(verdicts).items()}
    assert measured["judged"] >= 0.9, report(verdicts)
    assert measured["right"] >= 0.99


def record(**more):
    return {
        "id": "x",
        "kind": "fact",
        "q": "概念验证中心场地要多大",
        "scope": "in",
        "gold": ["8.3"],
        "all": False,
        "must": ["200"],
        **more,
    }


def measure(world, tmp_path, **more):
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(record(**more), ensure_ascii=False), "utf-8")
    (verdict,) = evaluate(world, path)
    return verdict


def test_a_right_answer_passes_every_measure(world, tmp_path):
    assert measure(world, tmp_path).misses == ()


@pytest.mark.parametrize(
    ("more", "missed"),
    [
        ({"gold": ["9.3"]}, {"article", "item", "right"}),
        ({"gold": ["8.4"]}, {"item"}),
        ({"gold": ["8.3", "9.3"], "all": True}, {"complete"}),
        ({"must": ["二百"]}, {"must"}),
        ({"scope": "out", "gold": [], "must": []}, {"right", "abstained"}),
        ({"q": "明天下雨吗"}, {"article", "item", "must", "refused"}),
        ({"judge": {"8.3": "met"}}, {"judged"}),
    ],
)
def test_the_check_can_fail(world, tmp_path, more, missed):
    assert set(measure(world, tmp_path, **more).misses) == missed


def test_every_miss_is_listed(world, tmp_path):
    verdict = measure(world, tmp_path, gold=["9.3"])
    assert "条对" in report([verdict])
    assert "应为 9.3" in report([verdict])


def test_a_line_that_is_no_record_is_named(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": 1}\nnonsense', "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        list(read_records(path))


def test_the_card_in_the_docs_is_what_is_measured_today(world):
    root = Path(__file__).parent.parent
    text = (root / "docs" / "accuracy.md").read_text("utf-8").partition("## Development questions")[2]
    shown = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    assert shown == card(evaluate(world, root / "tests" / "data" / "dev_questions.jsonl"))
