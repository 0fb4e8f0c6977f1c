"""The questionnaire through the dialogue: the same results as the batch, whatever the words, and the summary."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from conftest import Talk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from second_opinion import applicants

from bot.batch import run_batch
from bot.world import load_world
from flows.fields import FIELDS

WORLD = load_world()
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/prescreen_dev.jsonl").read_text("utf-8").splitlines()
]
YES, NO = ["是", "有的", "对", "√", "是的，都有"], ["否", "没有", "不是", "还没有", "×"]
UNKNOWN = ["不清楚", "不知道", "还没统计"]
UNITS = {"平方米": "平", "万元": "万", "人": "个人", "个": "个", "家": "家", "项": "项"}


def words(field: str, value, chance) -> str:
    """What a person may type for a value."""
    known = FIELDS[field]
    if value is None:
        return chance.choice(UNKNOWN)
    if isinstance(value, bool):
        return chance.choice(YES if value else NO)
    if known.kind == "choice":
        return known.choices[value]
    if known.kind == "date":
        day = date.fromisoformat(str(value))
        return chance.choice([str(day), f"{day.year}年{day.month}月{day.day}日"])
    figure = f"{Decimal(str(value)):f}"
    return chance.choice([figure, figure + UNITS[known.unit], f"{figure}{known.unit}。"])


def converse(profile: dict, chance=None) -> dict:
    """The result after every question was answered from a profile: in words, or by values where there is no chance."""
    talk = Talk(WORLD)
    reply = talk.press(f"prescreen:{profile['track']}")
    for _ in range(80):
        assert len(talk.replies) == 1
        if reply.question is None:
            assert reply.result is not None, reply.text
            assert reply.text.startswith("预审结果：")
            return reply.result
        assert reply.result is None
        field = reply.question["field"]
        value = profile.get(field)
        if chance is None or chance.random() < 0.3:
            raw = (
                "unknown" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            )
            reply = talk.press(f"set:{field}:{raw}")
        else:
            reply = talk.say(words(field, value, chance))
    raise AssertionError("the questionnaire does not end")


def batch(profiles: list[dict], folder: Path) -> list[dict]:
    source, output = folder / "profiles.jsonl", folder / "results.jsonl"
    source.write_text("\n".join(json.dumps(p, ensure_ascii=False) for p in profiles), "utf-8")
    output.unlink(missing_ok=True)
    assert run_batch(source, output, None, io.StringIO(), io.StringIO()) == 0
    return [json.loads(line) for line in output.read_text("utf-8").splitlines()]


def told(result: dict, profile: dict) -> dict:
    """All of a result but what the batch knows and the conversation need not ask: figures that decide nothing, and the day
    of a revocation where it cannot settle article 18, the day of application being unknown."""
    found = {key: value for key, value in result.items() if key not in ("id", "criteria")}
    if unasked_day(profile):
        found["notices"] = [n for n in found["notices"] if n["label"] not in ("16", "18", "19")]
    return found


def unasked_day(profile: dict) -> bool:
    return "revoked_on" in profile and profile.get("as_of") is None


DRAWN = given(st.lists(applicants(sparse=True), min_size=1, max_size=4), st.integers(0, 10**6).map(Random))
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def agree(folder, drawn, chance):
    profiles = [
        {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
        for track, values in drawn
    ]
    for profile, result in zip(profiles, batch(profiles, folder), strict=True):
        found = converse(profile, chance)
        assert told(found, profile) == told(result, profile)
        statuses = {(c["label"], c["field"]): c for c in result["criteria"]}
        for criterion in found["criteria"]:
            if criterion["actual"] is not None and not (criterion["label"] == "18" and unasked_day(profile)):
                assert criterion == statuses[criterion["label"], criterion["field"]]


def on_random_applicants(folder, count):
    """How many applicants were tried in so many batches."""
    tried = 0

    @settings(
        max_examples=count, deadline=None, suppress_health_check=CHECKS, derandomize=True, database=None
    )
    @DRAWN
    def try_some(drawn, chance):
        nonlocal tried
        agree(folder, drawn, chance)
        tried += len(drawn)

    try_some()
    return tried


def test_random_applicants_get_the_same_result_in_conversation_and_in_a_batch(tmp_path):
    assert on_random_applicants(tmp_path, 20) >= 20


@pytest.mark.soak
def test_thousands_of_applicants_get_the_same_result_in_conversation_and_in_a_batch(tmp_path):
    tried = on_random_applicants(tmp_path, 2_000)
    print(f"{tried:,} random applicants: the same result in conversation and in a batch")


def test_every_development_case_gets_its_result_in_conversation_and_in_a_batch(tmp_path):
    good = [case for case in CASES if "expected" in case]
    for case, result in zip(good, batch([c["profile"] for c in good], tmp_path), strict=True):
        found = converse(case["profile"])
        assert told(found, case["profile"]) == told(result, case["profile"]), case["profile"]["id"]
        assert {k: result[k] for k in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", [c for c in CASES if "error_field" in c], ids=lambda c: c["profile"]["id"])
def test_bad_input_of_a_development_case_is_asked_again_with_a_sentence(talk, case):
    profile, field = case["profile"], case["error_field"]
    talk.press(f"prescreen:{profile['track']}")
    for before in ("as_of", "previously_revoked", "investment_3y_wan"):
        if before != field and profile.get(before) is not None:
            talk.press(f"set:{before}:{str(profile[before]).lower()}")
    talk.press(f"change:{field}")
    reply = talk.press(f"set:{field}:{profile[field]}")
    assert reply.question["field"] == field
    assert talk.conversation.interview.values.get(field) is None
    assert reply.blocks[0].text.endswith("。")


def test_the_summary_says_the_verdict_so_far_and_has_every_response_with_its_change_button(talk):
    talk.press("prescreen:pilot_base")
    talk.say("今天")
    talk.press("set:site_area_m2:800")
    summary = talk.press("summary")
    assert "目前的结论：不符合，不满足的有第九条第（三）项；还有" in summary.text
    assert [b.action for b in summary.buttons] == ["change:as_of", "change:site_area_m2"]


def test_facts_told_before_are_taken_into_the_questionnaire_when_confirmed(talk):
    talk.say("我们场地1200平，够中试基地吗")
    talk.say("团队12个人够吗")
    begun = talk.say("/prescreen")
    assert "carry:pilot_base" in [b.action for b in begun.buttons]
    reply = talk.press("carry:pilot_base")
    assert "场地面积：1200平方米" in reply.text
    assert "团队人数：12人" in reply.text
    assert talk.conversation.interview.values == {}
    assert talk.say("对").question["field"] == "as_of"
    assert talk.conversation.interview.values == {"site_area_m2": "1200", "team_size": "12"}


def test_a_sentence_that_asks_for_a_pre_screen_starts_it_with_its_facts(talk):
    reply = talk.say("帮我预审中试基地，我们场地1200平，设备600万，团队12人")
    assert "设备及软硬件设施原价值：600万元" in reply.text
    talk.say("对")
    assert talk.conversation.interview.track == "pilot_base"
    assert len(talk.conversation.interview.values) == 3


@pytest.mark.parametrize("text", ["预审是什么意思", "预审要多久？", "怎么做预审"])
def test_a_question_about_the_pre_screen_starts_none(talk, text):
    talk.say(text)
    assert talk.conversation.interview is None
