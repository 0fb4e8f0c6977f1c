"""What a new entry would contradict or change is found before it is published, with the words of both sides."""

import pytest
from drafting import DRONE

from bot.faq_conflicts import Answered, contradict, find_conflicts
from bot.published import entry_of, extend
from bot.store_faq import Draft


def conflicts(world, answered=(), **changes):
    draft = Draft(str(changes.get("id", "drone-field")), DRONE | changes, "a", id=7)
    return find_conflicts(world, extend(world, [draft]), entry_of(draft), answered)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("不少于1000平方米。", "不少于200平方米。", True),
        ("不少于1000平方米。", "1000平方米起，另有5人。", False),
        ("公示7日。", "最高200万元。", False),
        ("可以。", "不可以，要独立法人。", True),
        ("不需要。", "需要提供。", True),
        ("可以。", "可以，凭原件。", False),
        ("见第九条。", "以通知为准。", False),
        ("分公司不能单独申报。", "分公司可以申报，由总公司盖章。", True),
        ("照片不用现场拍。", "照片必须是现场实景。", True),
        ("面积不少于1000平方米，可以租。", "租的场地可以算。", False),
        ("能否合用由省科技厅解释。", "不能合用。", False),
        ("可以。但是不能代签。", "可以，须本人签。", False),
    ],
)
def test_figures_of_one_unit_and_yes_against_no_contradict(one, other, expected):
    assert contradict(one, other) is expected
    assert contradict(other, one) is expected


def test_a_harmless_entry_has_no_conflict(world):
    assert conflicts(world) == []


def test_a_contradicted_entry_is_shown_beside(world):
    other = world.knowledge.entries["legal-person"]
    found = conflicts(
        world, wordings=["没有法人资格的能不能报呀", "分公司能不能申请的"], question="没有法人资格能报吗？",
        answer="不需要独立法人资格。", clauses=["8.1", "9.1"], regression="没法人的单位也报得成吧",
    )  # fmt: skip
    assert next((c.kind, c.ours) for c in found if c.where == other.id) == (
        "contradicts",
        "不需要独立法人资格。",
    )


def test_a_yes_against_a_no_contradicts_though_the_clauses_differ(world):
    found = conflicts(
        world, wordings=["只对内服务可以吗，不对外", "平台能不能完全不对外服务"], question="平台必须对外服务吗？",
        answer="不需要对外服务。", clauses=["8.1"], regression="我们平台只给本单位用可以不",
    )  # fmt: skip
    assert ("contradicts", "open-to-society") in {(c.kind, c.where) for c in found}


def test_what_is_answered_already_is_shown_though_both_say_yes(world):
    found = conflicts(
        world, wordings=["只对内服务可以吗，不对外", "平台能不能完全不对外服务"], question="可以只给本单位用吗？",
        answer="可以，只对内也行。", clauses=["2p1"], regression="我们平台只给本单位用可以不",
    )  # fmt: skip
    assert ("alike", "open-to-society") in {(c.kind, c.where) for c in found}


def test_what_the_measure_leaves_open_is_said_to_be(world):
    silence = next(e for e in world.knowledge.entries.values() if e.kind == "silence")
    found = conflicts(world, wordings=[f"{silence.wordings[0]}呢", "试飞场"], answer="可以。")
    assert silence.id in [c.where for c in found if c.kind == "unsettled"]


def test_questions_of_other_entries_that_would_be_answered_otherwise_are_shown(world):
    other = world.knowledge.entries["open-to-society"]
    taken = [f"{wording}呢" for wording in other.wordings[:20]]
    found = [c for c in conflicts(world, wordings=taken) if c.kind == "changes"]
    assert found
    assert {c.where for c in found} <= {e.id for e in world.knowledge.entries.values()}
    assert all(c.theirs != c.ours for c in found)


def test_a_question_that_the_entry_would_lose_is_shown(world):
    old = world.knowledge.entries["open-to-society"]
    found = conflicts(
        world, id=old.id, question=old.question, wordings=old.wordings[:3], clauses=["2p1", "2p2"],
        answer="是的，都是开放型科技服务载体。", regression="平台是不是要向社会开放",
    )  # fmt: skip
    lost = [c for c in found if c.kind == "lost"]
    assert lost
    assert {c.question for c in lost} <= set(old.wordings)


def test_a_wording_that_another_entry_keeps_is_shown(world):
    found = [c for c in conflicts(world, wordings=["公示要公示几天", "试飞场"]) if c.kind == "missed"]
    assert [c.question for c in found] == ["公示要公示几天"]


def test_what_a_desk_answered_otherwise_is_shown_and_the_same_words_are_not(world):
    answered = [
        Answered("曲靖市", "试飞场算不算中试场地啊", "不算，要室内。"),
        Answered("昆明市", "试飞场算不算中试场地啊", DRONE["answer"]),
        Answered("昆明市", "公示几天", "七天"),
    ]
    (found,) = conflicts(world, answered)
    assert (found.kind, found.where, found.theirs) == ("desk", "曲靖市", "不算，要室内。")
