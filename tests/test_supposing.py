import pytest


@pytest.fixture
def told(talk):
    """After a pre-screen that was told what was spent and earned."""
    talk.press("prescreen:pilot_base")
    for field, value in (
        ("as_of", "2026-06-01"), ("plaque_route", "false"), ("investment_3y_wan", "700"), ("excluded_funds_3y_wan", "100"),
        ("annual_service_income_wan", "120"),
    ):  # fmt: skip
        talk.press(f"set:{field}:{value}")
    return talk


def test_after_a_pre_screen_more_money_is_reckoned_on_what_was_told(told):
    reply = told.say("再投300万能多补多少")
    assert [(j.label, j.amount_wan) for j in reply.judgements] == [("13.1", "60.00")]
    assert "（600＋300）×20%＝180万元" in reply.text
    assert [c.label for c in reply.citations] == ["13.1"]
    assert told.replies[-1].question, "the questionnaire goes on"


def test_what_is_missing_for_the_cap_is_reckoned_on_what_was_told(told):
    assert "还差400万元" in told.say("要拿满200万还差多少投入").text
    assert "还差380万元" in told.say("运营补助要拿满，还差多少收入").text


def test_the_facts_in_the_sentence_go_before(told):
    assert "（900＋300）×20%＝240万元" in told.say("要是投了900万，再投300万能多补多少").text


def test_without_a_pre_screen_the_facts_are_those_of_the_conversation(talk):
    talk.say("我们近三年投了600万，能补多少")
    reply = talk.say("再投300万能多补多少？")
    assert [j.amount_wan for j in reply.judgements] == ["60.00"]


def test_without_any_facts_the_rule_is_told_and_nothing_guessed(talk):
    reply = talk.say("要拿满200万还差多少投入")
    assert reply.outcome == "answered"
    assert reply.judgements[0].amount_wan is None
    assert "1000万元" in reply.text
