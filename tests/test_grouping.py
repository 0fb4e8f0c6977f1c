"""Questions without an answer are grouped by likeness, masked, and are gone with the person who asked them."""

from conftest import DAY
from drafting import AT

from bot.conversation import Message
from bot.grouping import Asked, group, read_asked
from bot.responding import Responder
from bot.store import Feedback


def asked(*texts):
    return [Asked(text, f"2026-06-01T00:00:{n:02d}", "abstained") for n, text in enumerate(texts)]


def test_the_same_question_in_other_words_is_one_group(world):
    found = group(
        world.knowledge,
        asked(
            "租来的场地算不算", "火星上能种土豆吗", "租的场地算不算数", "场地是租来的算吗", "火星能不能种土豆"
        ),
    )
    assert [g.size for g in found] == [3, 2]
    assert found[0].asked[0].text == "场地是租来的算吗"


def test_no_questions_make_no_groups(world):
    assert group(world.knowledge, []) == []


def test_what_was_abstained_from_or_rated_useless_is_read_masked_until_it_is_erased(world, store):
    responder = Responder(world, store)

    def say(user, key, text):
        responder.respond(Message("web", user, key, DAY, text=text), answered=True)

    say("u", "1", "租来的场地算不算，我电话13812345678")
    say("v", "2", "备案条件有哪些")
    say("v", "3", "公示几天")
    store.add_feedback(Feedback("web", "v", "2", useful=False), AT)
    store.add_feedback(Feedback("web", "v", "3", useful=True), AT)
    found = store.look(read_asked)
    assert [(a.text, a.why) for a in found] == [
        ("租来的场地算不算，我电话＊＊", "abstained"), ("备案条件有哪些", "useless"),
    ]  # fmt: skip
    store.erase("web", "u")
    assert [a.why for a in store.look(read_asked)] == ["useless"]
