"""Situations judged by the pre-screen's own rules: what is met, by how much it falls short, amounts and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules import load_rules
from flows.whatif import Judgement, asks_own_amount, judge, read_facts, tracks_implied
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


@pytest.mark.parametrize(
    ("text", "tracks"),
    [
        ("场地300平", (POC, PILOT)), ("中试工程师2个", (PILOT,)), ("验证基金200万", (POC,)),
        ("中试工程师2个，场地300平", (PILOT,)), ("你好", (POC, PILOT)),
    ],
)  # fmt: skip
def test_a_figure_of_one_facility_alone_implies_it(text, tracks):
    assert tracks_implied(read_facts(text)) == tracks


@pytest.mark.parametrize(
    ("text", "own"),
    [("我们能拿多少", True), ("一年能补几万", True), ("最高能拿多少", False), ("补助比例是多少", False)],
)
def test_a_question_for_the_users_own_amount_is_told_from_one_for_the_rule(text, own):
    assert asks_own_amount(text) is own


def test_of_two_facilities_each_is_judged_by_what_is_said_of_it_and_a_date_stands_beside():
    assert statuses("概念验证中心场地300平，中试基地场地900平", POC, PILOT) == {"8.3": "met", "9.3": "unmet"}
    assert statuses("概念验证中心场地300平，中试基地场地900平", PILOT) == {"9.3": "unmet"}
    assert {"20", "13.1"} <= statuses("2027年12月6号递材料，投入300万，建设补助能拿多少", POC).keys()


def test_what_is_required_and_told_is_shown_of_each_figure_that_decides():
    found = judged("场地100平,设备460万", PILOT)["9.3"]
    assert (found.required, found.actual) == ("≥ 1000；≥ 500", "100；460")
    assert "还差900平方米" in found.sentence
    assert "还差40万元" in found.sentence


def test_at_the_threshold_nothing_is_missing():
    assert "还差" not in judged("场地1000平", PILOT)["9.3"].sentence


def test_the_alternatives_that_are_met_come_first():
    assert [*statuses("服务收入30万,融资150万,孵化了1家企业", POC)] == ["8.5.4", "8.5.1", "8.5.2"]


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


THREE_YEARS = "投入均为近三年直接用于平台的支出"
NO_EXCLUSION, NO_PLAQUE = "没有说到省级财政和中央引导资金，按没有计", "没有说到加挂牌子，按不是加挂计"


@pytest.mark.parametrize(
    ("text", "track", "judgement"),
    [
        ("场地850平", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：场地面积850平方米，要求不少于1000平方米，不满足，还差150平方米。", "≥ 1000", "850")),
        ("场地1000平", PILOT, Judgement("9.3", "met", "中试基地（平台）：场地面积1000平方米，要求不少于1000平方米，满足。", "≥ 1000", "1000")),
        ("设备不到500万", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：设备及软硬件设施原价值不到500万元，要求不少于500万元，不满足。", "≥ 500", "不到500")),
        ("设备约500万", PILOT, Judgement("9.3", "unknown", "中试基地（平台）：设备及软硬件设施原价值约500万元，要求不少于500万元，说的是约数，是否满足要看准确的数。", "≥ 500", "约500")),
        ("设备500多万", PILOT, Judgement("9.3", "met", "中试基地（平台）：设备及软硬件设施原价值超过500万元，要求不少于500万元，满足。", "≥ 500", "超过500")),
        ("设备400到450万", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：设备及软硬件设施原价值400到450万元，要求不少于500万元，不满足。", "≥ 500", "400到450")),
        ("团队12人,经纪人1个", POC, Judgement("8.4", "unmet", "概念验证中心：专职技术经纪（经理）人或中试专业工程师人数1人，要求不少于2人，不满足，还差1人。概念验证中心：专业化运营管理团队人数12人，要求不少于6人，满足。", "≥ 2", "1")),
        ("我们没有独立法人", POC, Judgement("8.1", "unmet", "概念验证中心：独立法人资格不满足。", "是", "否")),
        ("服务收入80万", POC, Judgement("8.5.1", "met", "概念验证中心：概念验证等相关服务年收入80万元，要求不少于50万元，满足。符合一项即可，这一组条件已达到。", "≥ 50", "80")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5", "unmet", "概念验证中心：所列条件一项都没有达到，不能累加。", "符合一项", "0项")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5.1", "unmet", "概念验证中心：概念验证等相关服务年收入30万元，要求不少于50万元，不满足，还差20万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 50", "30")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5.2", "unmet", "概念验证中心：通过验证的项目累计获得投融资额150万元，要求不少于200万元，不满足，还差50万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 200", "150")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5.3", "unmet", "概念验证中心：技术开发、转让、许可、服务累计交易额80万元，要求不少于100万元，不满足，还差20万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 100", "80")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5.4", "unmet", "概念验证中心：创办（孵化）科技型企业数0家，要求不少于1家，不满足，还差1家。这只是几项条件之一，符合其他任何一项也可以。", "≥ 1", "0")),
        ("服务收入30万,融资150万,交易额80万,没孵过企业,基金180万", POC, Judgement("8.5.5", "unmet", "概念验证中心：概念验证（科技成果转化）基金或专项资金规模180万元，要求不少于200万元，不满足，还差20万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 200", "180")),
        ("孵化了1家企业", PILOT, Judgement("9.5.2", "met", "中试基地（平台）：已创办或孵化企业数1家，要求不少于1家，满足。本项还要求孵化企业累计估值不少于500万元或孵化企业累计营业收入不少于100万元，没有说到，没有判断。", "≥ 1", "1")),
        ("孵化了2家企业,估值380万,营收130万", PILOT, Judgement("9.5.2", "met", "中试基地（平台）：已创办或孵化企业数2家，要求不少于1家，满足。中试基地（平台）：孵化企业累计估值380万元，要求不少于500万元，不满足，还差120万元。中试基地（平台）：孵化企业累计营业收入130万元，要求不少于100万元，满足。符合一项即可，这一组条件已达到。", "≥ 1；≥ 100", "2；130")),
        ("孵化了1家企业,估值450万,营收60万", PILOT, Judgement("9.5.2", "unmet", "中试基地（平台）：已创办或孵化企业数1家，要求不少于1家，满足。中试基地（平台）：孵化企业累计估值450万元，要求不少于500万元，不满足，还差50万元。中试基地（平台）：孵化企业累计营业收入60万元，要求不少于100万元，不满足，还差40万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 500；≥ 100", "450；60")),
        ("做了6个项目,产品化2个", PILOT, Judgement("9.5.1", "unmet", "中试基地（平台）：已开展中试项目数6项，要求不少于3项，满足。中试基地（平台）：实现成果产品化数2项，要求不少于3项，不满足，还差1项。这只是几项条件之一，符合其他任何一项也可以。", "≥ 3", "2")),
        ("技术合同150万", PILOT, Judgement("9.5.3", "unmet", "中试基地（平台）：技术合同成交额150万元，要求不少于200万元，不满足，还差50万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 200", "150")),
        ("孵化了1家企业,技术合同150万", PILOT, Judgement("9.5.2", "met", "中试基地（平台）：已创办或孵化企业数1家，要求不少于1家，满足。本项还要求孵化企业累计估值不少于500万元或孵化企业累计营业收入不少于100万元，没有说到，没有判断。", "≥ 1", "1")),
        ("孵化企业估值600万", PILOT, Judgement("9.5.2", "met", "中试基地（平台）：孵化企业累计估值600万元，要求不少于500万元，满足。本项还要求已创办或孵化企业数不少于1家，没有说到，没有判断。", "≥ 500", "600")),
        ("孵化企业营收50万", PILOT, Judgement("9.5.2", "unmet", "中试基地（平台）：孵化企业累计营业收入50万元，要求不少于100万元，不满足，还差50万元。本项还要求已创办或孵化企业数不少于1家，以及孵化企业累计估值不少于500万元，没有说到，没有判断。", "≥ 100", "50")),
        ("估值约500万，营收50万", PILOT, Judgement("9.5.2", "unknown", "中试基地（平台）：孵化企业累计估值约500万元，要求不少于500万元，说的是约数，是否满足要看准确的数。中试基地（平台）：孵化企业累计营业收入50万元，要求不少于100万元，不满足，还差50万元。本项还要求已创办或孵化企业数不少于1家，没有说到，没有判断。", "≥ 500", "约500")),
        ("做了3个项目", PILOT, Judgement("9.5.1", "met", "中试基地（平台）：已开展中试项目数3项，要求不少于3项，满足。本项还要求实现成果产品化数不少于3项，没有说到，没有判断。", "≥ 3", "3")),
        ("产品化2个", PILOT, Judgement("9.5.1", "unmet", "中试基地（平台）：实现成果产品化数2项，要求不少于3项，不满足，还差1项。这只是几项条件之一，符合其他任何一项也可以。", "≥ 3", "2")),
        ("场地999.999平", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：场地面积999.999平方米，要求不少于1000平方米，不满足，还差0.001平方米。", "≥ 1000", "999.999")),
        ("场地1.1亩", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：场地面积733.33平方米，要求不少于1000平方米，不满足，还差266.67平方米。", "≥ 1000", "733.33")),
        ("场地850.5到900.5555平", PILOT, Judgement("9.3", "unmet", "中试基地（平台）：场地面积850.5到900.5555平方米，要求不少于1000平方米，不满足。", "≥ 1000", "850.5到900.5555")),
        ("独立法人有,主任没聘", PILOT, Judgement("9.1", "met", "中试基地（平台）：独立法人资格满足。", "是", "是")),
        ("投了1000万,要拿满200万建设补助还差多少投入", None, Judgement("13.1", None, "建设补助：1000×20%＝200万元。", None, None, "200.00", (THREE_YEARS, NO_EXCLUSION, NO_PLAQUE))),
        ("投了100万,其中省级财政100万,建设补助多少", None, Judgement("13.1", None, "建设补助：（100－100）×20%＝0万元。", None, None, "0.00", (THREE_YEARS, NO_PLAQUE))),
        ("服务收入500万,运营补助多少", None, Judgement("13.2", None, "运营补助：500×20%＝100万元。", None, None, "100.00")),
        ("加挂的牌子,服务收入300万,补助多少", None, Judgement("13.2", None, "运营补助：300×20%＝60万元。", None, None, "60.00")),
        ("加挂的牌子,服务收入300万,补助多少", None, Judgement("17", None, "加挂牌子的不予建设补助，同等享受运营支持。", counts=False)),
        ("孵化了1家企业,技术合同150万", PILOT, Judgement("9.5.3", "unmet", "中试基地（平台）：技术合同成交额150万元，要求不少于200万元，不满足，还差50万元。这只是几项条件之一，符合其他任何一项也可以。", "≥ 200", "150")),
        ("投了640万,建设补助多少", None, Judgement("13.1", None, "建设补助：640×20%＝128万元。", None, None, "128.00", (THREE_YEARS, NO_EXCLUSION, NO_PLAQUE))),
        ("投了1500万,建设补助能拿多少", None, Judgement("13.1", None, "建设补助：1500×20%＝300万元，超过上限，按200万元计。", None, None, "200.00", (THREE_YEARS, NO_EXCLUSION, NO_PLAQUE))),
        ("投了860万,其中110万是中央引导资金,建设补助多少", None, Judgement("13.1", None, "建设补助：（860－110）×20%＝150万元。", None, None, "150.00", (THREE_YEARS, NO_PLAQUE))),
        ("设备投了300万,软件投了200万,建设补助多少", None, Judgement("13.1", None, "建设补助：（300＋200）×20%＝100万元。", None, None, "100.00", (THREE_YEARS, NO_EXCLUSION, NO_PLAQUE))),
        ("投了100万,其中省级财政200万,建设补助多少", None, Judgement("13.1", None, "不计入的省级财政和中央引导资金超过了投入总额，请核对这两个数。", counts=False)),
        ("我们是加挂的牌子,投了900万,补助多少", None, Judgement("17", None, "加挂牌子的不予建设补助，同等享受运营支持。", counts=False)),
        ("我们是加挂的牌子,投了900万,补助多少", None, Judgement("13.1", None, "建设补助为0万元。", None, None, "0.00")),
        ("不是加挂,投了400万,要拿满200万建设补助还差多少投入", None, Judgement("13.1", None, "建设补助：400×20%＝80万元。要达到上限200万元，计入的投入须为1000万元，还差600万元。", None, None, "80.00", (THREE_YEARS, NO_EXCLUSION))),
        ("服务收入700万,运营补助多少", None, Judgement("13.2", None, "运营补助：700×20%＝140万元，超过上限，按100万元计。", None, None, "100.00")),
        ("服务收入45.5万,运营能补几万", None, Judgement("13.2", None, "运营补助：45.5×20%＝9.1万元。", None, None, "9.10")),
        ("2026年6月1日被取消,2028年6月1日能再报吗", None, Judgement("18", "unmet", "禁止申请期到2028年6月1日止，自次日起可以再次申请：还在禁止申请期内，不能申请。", "> 2028-06-01", "2028-06-01")),
        ("2026年6月1日被取消,2028年6月2日能再报吗", None, Judgement("18", "met", "禁止申请期到2028年6月1日止，自次日起可以再次申请：已过禁止申请期，可以再次申请。", "> 2028-06-01", "2028-06-02")),
        ("2026年6月被取消,2028年6月能再报吗", None, Judgement("18", "unknown", "禁止申请期最晚到2028年6月30日止，自次日起可以再次申请：要看具体是哪一天。", "> 2028-06-30", "2028-06-01 … 2028-06-30")),
        ("2024年12月1日被取消,现在能再报吗", None, Judgement("18", "unmet", "禁止申请期到2026年12月1日止，自次日起可以再次申请：还在禁止申请期内，不能申请。", "> 2026-12-01", "2026-06-01")),
        ("被取消备案两年半了,能再报吗", None, Judgement("18", "met", "被取消备案资格后2年内不得再次申请备案：已过禁止申请期，可以再次申请。", "> 2年", "两年半")),
        ("被取消两年整,能再报吗", None, Judgement("18", "unmet", "被取消备案资格后2年内不得再次申请备案：还在禁止申请期内，不能申请。", "> 2年", "两年")),
        ("更名半年才上报晚不晚", None, Judgement("19", "unmet", "应当在3个月内书面报告：已经超过期限。", "≤ 3个月", "半年")),
        ("更名3个月报的晚不晚", None, Judgement("19", "met", "应当在3个月内书面报告：没有超过期限。", "≤ 3个月", "3个月")),
        ("2026年1月10日更名,2026年4月10日报告晚不晚", None, Judgement("19", "met", "应当在变更后3个月内（最晚2026年4月10日）书面报告：没有超过期限。", "≤ 3个月", "2026-04-10")),
        ("2026年1月10日更名,2026年4月13日报告晚不晚", None, Judgement("19", "unmet", "应当在变更后3个月内（最晚2026年4月10日）书面报告：已经超过期限。", "≤ 3个月", "2026-04-13")),
        ("更名是11月的事,第二年3月才报告", None, Judgement("19", "unmet", "应当在变更后3个月内（最晚2027年2月28日）书面报告：已经超过期限。", "≤ 3个月", "2027-03-01")),
        ("已经整改8个月了", None, Judgement("16", None, "整改期1年，已整改8个月，还剩约4个月；整改期满仍为不合格的，取消备案资格。", counts=False)),
        ("整改了13个月了", None, Judgement("16", None, "整改期1年，已整改13个月，整改期已满；整改期满仍为不合格的，取消备案资格。", counts=False)),
    ],
)  # fmt: skip
def test_a_judgement_says_what_was_said_what_is_asked_and_the_working(text, track, judgement):
    assert judged(text, *([track] if track else []))[judgement.label] == judgement


def test_each_track_is_judged_by_what_is_said_of_it():
    found = judged("概念验证中心场地150平,中试基地场地1200平", POC, PILOT)
    assert (found["8.3"].status, found["9.3"].status) == ("unmet", "met")


def test_an_amount_asked_about_leaves_the_plaque_s_own_words_out_where_nothing_is_reckoned():
    assert judged("我们是加挂的牌子,补助多少") == {}


@pytest.mark.parametrize(
    ("text", "label", "actual"),
    [
        ("中试平台孵的三家小公司估值210万、180万、130万，加起来过线没", "9.5.2", "3；520"),
        ("概念验证基金我们出80万、园区出130万合起来搞，规模够不够", "8.5.5", "210"),
        ("中试这边技术开发合同130万，技术服务合同85万，成交额那条算够吗", "9.5.3", "215"),
    ],
)
def test_one_facility_named_once_is_meant_to_the_end_of_the_sentence(text, label, actual):
    track = "proof_of_concept" if label.startswith("8") else "pilot_base"
    assert judged(text, track)[label].actual == actual
