"""Situations judged by the pre-screen's own rules: what is met, by how much it falls short, amounts and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules import load_rules
from flows.whatif import judge, read_facts, tracks_implied
from knowledge.entries import TRACKS

RULES = load_rules()
DAY = date(2026, 6, 1)


def judged(text, *tracks):
    facts = read_facts(text)
    return {j.label: j for j in judge(facts, tracks or tracks_implied(facts), RULES, DAY)}


def statuses(text, *tracks):
    return {label: j.status for label, j in judged(text, *tracks).items()}


POC, PILOT = "proof_of_concept", "pilot_base"


@pytest.mark.parametrize(
    ("text", "track", "expected"),
    [
        ("场地199平", POC, {"8.3": "unmet"}), ("场地200平", POC, {"8.3": "met"}), ("场地999平", PILOT, {"9.3": "unmet"}), ("场地1000平", PILOT, {"9.3": "met"}),
        ("场地1200平,设备460万", PILOT, {"9.3": "unmet"}), ("团队5个人", POC, {"8.4": "unmet"}), ("团队12人,经纪人1个", POC, {"8.4": "unmet"}),
        ("团队11个人,中试工程师2个,顾问5个", PILOT, {"9.4": "met"}), ("储备了9个项目,服务收入80万", POC, {"8.5": "unmet", "8.5.1": "met"}),
        ("孵化了1家企业", POC, {"8.5.4": "met"}), ("基金150万", POC, {"8.5.5": "unmet"}),
        ("孵化了2家企业,估值380万,营收130万", PILOT, {"9.5.2": "met"}), ("孵化了1家企业,估值450万,营收60万", PILOT, {"9.5.2": "unmet"}),
        ("做了3个项目,产品化3个", PILOT, {"9.5.1": "met"}), ("做了6个项目,产品化2个", PILOT, {"9.5.1": "unmet"}), ("技术合同200万", PILOT, {"9.5.3": "met"}),
        ("我们没有独立法人", POC, {"8.1": "unmet"}), ("主任还没聘", PILOT, {"9.4": "unmet"}),
    ],
)  # fmt: skip
def test_a_requirement_is_judged_over_what_is_said(text, track, expected):
    assert statuses(text, track) == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("设备不到500万", "unmet"), ("设备500多万", "met"), ("设备约500万", "unknown"), ("设备约800万", "met"),
        ("设备400到450万", "unmet"), ("设备450到550万", "unknown"), ("设备将近500万", "unmet"),
    ],
)  # fmt: skip
def test_a_rough_figure_decides_only_where_both_its_ends_agree(text, status):
    assert statuses(text, PILOT) == {"9.3": status}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("2029年1月才递申请,还能按这个办法吗", "unmet"), ("2027年申请,还能按这个办法吗", "met"), ("2028年申请,办法还有效吗", "unknown"),
        ("2025年12月6号递材料", "met"), ("2028年12月6号递材料", "unmet"),
    ],
)  # fmt: skip
def test_the_period_is_judged_by_all_days_that_may_be_meant(text, status):
    assert statuses(text, POC) == {"20": status}


def test_all_alternatives_failing_fails_the_item_and_they_do_not_add_up():
    found = judged("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC)
    assert found["8.5"].status == "unmet"
    assert "不能累加" in found["8.5"].sentence


def test_without_a_facility_both_are_judged_and_a_telling_fact_implies_one():
    assert statuses("场地300平") == {"8.3": "met", "9.3": "unmet"}
    assert statuses("中试工程师1个") == {"9.4": "unmet"}


def test_the_gap_is_told():
    assert "还差150平方米" in judged("场地850平", PILOT)["9.3"].sentence


def test_what_an_alternative_leaves_unsaid_is_not_judged():
    assert "没有说到" in judged("孵化了1家企业", PILOT)["9.5.2"].sentence


@pytest.mark.parametrize(
    ("text", "label", "amount"),
    [
        ("近三年投了640万,建设补助多少", "13.1", "128.00"), ("投了1500万,建设补助能拿多少", "13.1", "200.00"), ("投了1000万,建设补助多少", "13.1", "200.00"),
        ("投了860万,其中110万是中央引导资金,建设补助", "13.1", "150.00"), ("服务收入300万,运营补助多少", "13.2", "60.00"), ("一年服务费45.5万,运营能补几万", "13.2", "9.10"),
        ("服务收入700万,运营补助多少", "13.2", "100.00"), ("我们是加挂的牌子,投了900万,补助多少", "13.1", "0.00"),
    ],
)  # fmt: skip
def test_an_amount_is_computed_by_the_very_rule(text, label, amount):
    found = judged(text)[label]
    assert (found.status, found.amount_wan) == (None, amount)


def test_how_much_is_missing_to_the_cap():
    assert "还差600万元" in judged("投了400万,要拿满200万建设补助还差多少投入")["13.1"].sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年6月被取消资格,2027年10月能重新申请吗", {"18": "unmet"}), ("2026年6月1日被取消,2028年6月1日能再报吗", {"18": "unmet"}),
        ("2026年6月1日被取消,2028年6月2日能再报吗", {"18": "met"}), ("2026年6月被取消,2028年6月能再报吗", {"18": "unknown"}),
        ("被取消备案两年半了,能再报吗", {"18": "met"}), ("被取消才一年,可以重新申请吗", {"18": "unmet"}),
        ("更名是11月的事,现在第二年3月了还没报", {"19": "unmet"}), ("更名半年才上报晚不晚", {"19": "unmet"}), ("合并过了1个月还没报", {"19": "met"}),
        ("今天2025年12月1号,能申报吗", {"20": "unmet"}), ("2026年1月5日提交适用吗", {"20": "met"}), ("2029年1月5日提交适用吗", {"20": "unmet"}),
    ],
)  # fmt: skip
def test_dates_are_counted_and_left_open_where_the_day_decides(text, expected):
    assert statuses(text) == expected


def test_what_is_left_of_the_rectification_is_told_and_judges_nothing():
    (found,) = judged("已经整改8个月了").values()
    assert "还剩约4个月" in found.sentence
    assert not found.counts


@given(
    st.text(
        alphabet="场地设备团队顾问投了补助孵化估值收入取消更名整改能报吗0123456789万平个人家年月日,。",
        max_size=60,
    )
)
def test_no_sentence_makes_it_fail(text):
    facts = read_facts(text)
    for judgement in judge(facts, tuple(TRACKS), RULES, DAY):
        assert judgement.sentence
        assert judgement.label in {"16", "17", "18", "19", "20", "13.1", "13.2"} or judgement.label[0] in "89"


IN_FORCE = "本办法自2025年12月6日施行，有效期至2028年12月5日："


@pytest.mark.parametrize(
    ("when", "status", "says", "actual"),
    [
        ("2025年12月5日", "unmet", "尚未施行，不适用本办法", "2025-12-05"), ("2025年12月6日", "met", "在有效期内，适用本办法", "2025-12-06"),
        ("2028年12月5日", "met", "在有效期内，适用本办法", "2028-12-05"), ("2028年12月6日", "unmet", "已过有效期，不适用本办法", "2028-12-06"),
        ("2025年12月", "unknown", "要看具体是哪一天", "2025-12-01 … 2025-12-31"), ("2026年3月", "met", "在有效期内，适用本办法", "2026-03-01 … 2026-03-31"),
        ("2028年12月", "unknown", "要看具体是哪一天", "2028-12-01 … 2028-12-31"), ("2025年", "unknown", "要看具体是哪一天", "2025-01-01 … 2025-12-31"),
    ],
)  # fmt: skip
def test_a_day_or_a_month_is_held_against_the_period_in_force(when, status, says, actual):
    found = judged(f"{when}申报适用本办法吗", PILOT)["20"]
    assert (found.status, found.actual, found.required) == (status, actual, "2025-12-06 … 2028-12-05")
    assert found.sentence == f"{IN_FORCE}{when}{says}。"
