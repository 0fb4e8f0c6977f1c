from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.increments import Base, Step, base_in, judge_steps, read_steps
from flows.rules import load_rules

RULES = load_rules()
D = Decimal


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("再投300万能多补多少", [Step("construction", more=D(300))]),
        ("我们投了600万,再追加三百万可以多拿多少补贴", [Step("construction", more=D(300))]),
        ("如果多投50万,补助能多多少?", [Step("construction", more=D(50))]),
        ("投入从600万加到1200万能多补多少", [Step("construction", more=D(600))]),
        ("收入再增加100万能多补多少", [Step("operating", more=D(100))]),
        ("收入80万,再增加50万能多补多少", [Step("operating", more=D(50))]),
        ("再投200万,服务费再多收50万,能多补多少", [Step("construction", more=D(200)), Step("operating", more=D(50))]),
        ("要拿满200万还差多少投入", [Step("construction", target=D(200))]),
        ("建设补助要拿满还要投多少", [Step("construction")]),
        ("想拿150万建设补助要投多少", [Step("construction", target=D(150))]),
        ("运营补助拿满收入要做到多少", [Step("operating")]),
        ("再投300万能报中试基地吗", []),
        ("投了600万能补多少", []),
        ("我们600万的设备,能拿多少补助", []),
        ("建设补助最高多少", []),
        ("补助上限是多少", []),
        ("公示几天", []),
    ],
)  # fmt: skip
def test_what_is_supposed_is_read(text, steps):
    assert list(read_steps(text)) == steps


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("我们投了600万,再投300万能多补多少", Base(spent=D(600))),
        ("投了900万其中省级财政100万,再投300万能多补多少", Base(spent=D(800), whole=True)),
        ("投入从600万加到1200万能多补多少", Base(spent=D(600))),
        ("服务收入80万,再增加50万能多补多少", Base(income=D(80))),
        ("再投300万能多补多少", Base(spent=D(1), income=D(2))),
        ("我们是加挂的牌子,再投300万能多补多少", Base(spent=D(1), income=D(2), plaque=True)),
    ],
)
def test_what_the_sentence_states_goes_before_what_was_told(text, base):
    told = Base(spent=D(1), income=D(2)) if base.income == 2 else Base()
    assert base_in(text, told) == base


def judged(step, base):
    return judge_steps((step,), base, RULES)[0]


@pytest.mark.parametrize(
    ("known", "more", "amount"),
    [(600, 300, "60.00"), (800, 300, "40.00"), (1000, 300, "0.00"), (0, 300, "60.00"), (None, 300, "60.00"), (None, 5000, "200.00")],
)  # fmt: skip
def test_more_money_pays_a_fifth_of_it_up_to_the_cap(known, more, amount):
    base = Base(spent=None if known is None else D(known), plaque=False, whole=True)
    assert judged(Step("construction", more=D(more)), base).amount_wan == amount


@pytest.mark.parametrize(
    ("known", "target", "says"),
    [
        (600, None, "还差400万元"), (600, 200, "还差400万元"), (600, 150, "还差150万元"), (1200, None, "已经够了"),
        (600, 300, "拿不到300万元"), (None, 200, "从1000万元里减去它"),
    ],
)  # fmt: skip
def test_what_is_missing_for_a_target_is_told(known, target, says):
    base = Base(spent=None if known is None else D(known), plaque=False, whole=True)
    found = judged(Step("construction", target=None if target is None else D(target)), base)
    assert says in found.sentence
    assert found.label == "13.1"


def test_operating_support_has_its_own_cap():
    found = judged(Step("operating"), Base(income=D(120)))
    assert (found.label, found.amount_wan) == ("13.2", "24.00")
    assert "还差380万元" in found.sentence


def test_on_the_plaque_route_no_money_changes_the_construction_support():
    found = judged(Step("construction", more=D(300)), Base(spent=D(600), plaque=True))
    assert (found.label, found.amount_wan) == ("17", "0.00")


def test_premises_are_named_where_they_are_not_known():
    found = judged(Step("construction", more=D(300)), Base(spent=D(600)))
    assert len(found.assumed) == 3
    assert len(judged(Step("construction", more=D(300)), Base(D(600), plaque=False, whole=True)).assumed) == 1


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_difference_is_that_of_the_two_amounts_in_whole_numbers(known, more):
    """A second reckoning in integers of 1/100 万元."""
    found = judged(Step("construction", more=D(more)), Base(D(known), plaque=False, whole=True))
    expected = min((known + more) * 20, 20000) - min(known * 20, 20000)
    assert D(found.amount_wan) * 100 == expected
