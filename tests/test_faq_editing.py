"""An FAQ entry under control: written, checked, approved by somebody else, published, rolled back, withdrawn."""

from contextlib import closing

import pytest
from drafting import ASKED, AT, DRONE, approved, drafted, live, memory, published, put_out

from bot.evaluate import ask
from bot.faq_editing import approve, check, find_draft, make_draft, publish, reject, roll_back, withdraw
from bot.store_faq import add_review, last_publication, list_drafts, list_publications, read_published


@pytest.fixture
def store():
    with closing(memory()) as store:
        yield store


def says(store, world, question=ASKED):
    return ask(live(store, world), question)


def do(store, act, *args, **more):
    return store.transact(lambda db: act(db, *args, **more))


def test_a_published_entry_answers_with_its_clause(store, world):
    assert says(store, world).entry != "drone-field"
    number = published(store, world)
    reply = says(store, world)
    assert (reply.entry, reply.version, reply.citations[0].label) == ("drone-field", number, "9.3")
    assert reply.text.startswith("可以算")


def test_a_draft_or_an_approved_one_answers_nobody(store, world):
    approved(store, world)
    assert store.look(read_published) == (0, [])
    assert says(store, world).entry != "drone-field"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"clauses": []}, "没有依据的条款"),
        ({"clauses": ["9.9"]}, "没有条款 9.9"),
        ({"answer": "不少于1500平方米。"}, "1500 不在所引的条款"),
        ({"quotes": {"9.3": "试飞场可以算"}}, "与原文不一致"),
        ({"expires": None}, "expires"),
        ({"expires": "2026-06-01"}, "expires"),
        ({"expires": "明年"}, "Invalid isoformat"),
        ({"topic": "无人机"}, "主题（topic）：无人机"),
        ({"wordings": ["试飞场"]}, "至少写2种问法"),
        ({"regression": ""}, "regression"),
        ({"regression": " 试飞场算不算中试场地"}, "不能与问法相同"),
        ({"wordings": ["备案条件有哪些", "门槛都有哪些"]}, "里已有"),
        ({"id": "Drone field"}, "id"),
        ({"id": "x" * 41}, "id"),
        ({"answer": 5}, "answer is no text"),
        ({"question": 5}, "question is no text"),
        ({"wordings": [1, 2]}, "wordings is no list of texts"),
        ({"wordings": []}, "at least one"),
        ({"clauses": "9.3"}, "clauses is no list of texts"),
        ({"quotes": {"9.3": 5}}, "quotation is no text"),
        ({"regression": ["a"]}, "regression is no text"),
        ({"answers": "?"}, "unknown key answers"),
        ({"see": ["no-such-entry"]}, "不存在"),
    ],
)
def test_what_fails_a_check_is_no_draft(world, change, said):
    with pytest.raises(ValueError, match=said):
        make_draft(world, DRONE | change, "编辑甲", AT.date())


def test_nobody_approves_what_they_wrote(store, world):
    number = drafted(store, world, author="Li Hua")
    for same in ("Li Hua", "li hua"):
        with pytest.raises(ValueError, match="须由另一位编辑审批"):
            do(store, approve, number, same, AT)
        assert not do(store, add_review, number, same, "approved", "", AT)
    assert do(store, find_draft, number).verdict == ""


def test_only_an_approved_draft_is_published_and_a_review_is_final(store, world):
    number = drafted(store, world)
    with pytest.raises(ValueError, match="还没有批准"):
        put_out(store, number)
    do(store, reject, number, "编辑乙", "答得不全", AT)
    with pytest.raises(ValueError, match="还没有批准"):
        put_out(store, number)
    with pytest.raises(ValueError, match="已由编辑乙审过"):
        do(store, approve, number, "编辑丙", AT)
    with pytest.raises(ValueError, match="原因"):
        do(store, reject, drafted(store, world), "编辑乙", " ", AT)
    with pytest.raises(ValueError, match="没有编号 99"):
        do(store, find_draft, 99)


def test_a_regression_question_that_another_entry_answers_is_a_problem(store, world):
    number = drafted(store, world, regression="公示要几天")
    assert "不会由这一条回答" in check(world, do(store, find_draft, number), AT.date()).problems[0]


def test_a_correction_replaces_a_version_and_a_rollback_brings_it_back(store, world):
    first = published(store, world)
    second = published(store, world, answer="不能单独算，要与中试服务配套。")
    assert says(store, world).version == second
    assert do(store, roll_back, "drone-field", "编辑甲", "答错了", AT).draft == first
    assert says(store, world).version == first
    assert [p.draft for p in do(store, list_publications, "drone-field")] == [first, second, first]


def test_the_first_publication_rolled_back_leaves_nothing(store, world):
    published(store, world)
    with pytest.raises(ValueError, match="原因"):
        do(store, roll_back, "drone-field", "编辑甲", " ", AT)
    do(store, roll_back, "drone-field", "编辑甲", "发早了", AT)
    assert says(store, world).entry != "drone-field"
    for undo in (roll_back, withdraw):
        with pytest.raises(ValueError, match="没有已发布的版本"):
            do(store, undo, "drone-field", "编辑甲", "再来", AT)


def test_an_entry_of_the_files_is_replaced_and_comes_back_when_it_is_withdrawn(store, world):
    old = world.knowledge.entries["open-to-society"]
    before = ask(world, old.question)
    assert before.entry == old.id
    new = {
        "id": old.id, "question": old.question, "wordings": old.wordings[:6], "answer": "是的，都是开放型科技服务载体。",
        "clauses": ["2p1", "2p2"], "regression": "平台是不是要向社会开放",
    }  # fmt: skip
    published(store, world, **new)
    assert says(store, world, old.question).text.startswith("是的，都是")
    do(store, withdraw, old.id, "编辑甲", "恢复原文", AT)
    assert says(store, world, old.question).text == before.text


def test_what_is_no_faq_entry_cannot_be_replaced(world):
    silence = next(e.id for e in world.knowledge.entries.values() if e.kind == "silence")
    with pytest.raises(ValueError, match="没有规定"):
        make_draft(world, DRONE | {"id": silence}, "编辑甲", AT.date())


def test_what_was_published_meanwhile_must_be_looked_at_first(store, world):
    late, seen = do(store, find_draft, approved(store, world)), do(store, last_publication)
    published(store, world, answer="不能算。")
    with pytest.raises(ValueError, match="重新核对"):
        do(store, publish, late, "编辑乙", AT, seen)


def test_a_date_of_toml_is_kept_as_text(world):
    made = make_draft(world, DRONE | {"expires": AT.date().replace(year=2027)}, "编辑甲", AT.date())
    assert made.content["expires"] == "2027-06-01"
    assert list(made.clauses) == ["9.3"]


def test_drafts_of_an_entry_are_its_versions(store, world):
    numbers = [drafted(store, world), drafted(store, world)]
    assert [d.id for d in do(store, list_drafts, "drone-field")] == numbers[::-1]
