from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.increments import Base, Step, base_in, base_of, judge_steps, read_steps
from flows.profile import Profile
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
        ("服务性收入做到多少,运营补助就碰到天花板了", [Step("operating")]),
        ("想从建设补助里拿150万,近三年得投进去多少", [Step("construction", target=D(150))]),
        ("要投多少才够顶", [Step("construction")]),
        ("建设补助和运营补助的封顶差多少", []),
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


COUNTS = "新增的是近三年内直接用于平台的支出，不是省级财政和中央引导资金"
NO_PLAQUE, NO_EXCLUSION = "没有说到加挂牌子，按不是加挂计", "没有说到省级财政和中央引导资金，按没有计"
TOLD = {"plaque": False, "whole": True}
DUE = "建设补助要达到200万元，计入的投入须为1000万元（1000×20%＝200万元）"


@pytest.mark.parametrize(
    ("step", "base", "label", "amount", "assumed", "sentence"),
    [
        (Step("construction", more=D(300)), Base(spent=D(600), **TOLD), "13.1", "60.00", (COUNTS,),
         "现在：600×20%＝120万元。再投300万元：（600＋300）×20%＝180万元。建设补助多60.00万元。"),
        (Step("construction", more=D(300)), Base(spent=D(800)), "13.1", "40.00", (COUNTS, NO_PLAQUE, NO_EXCLUSION),
         "现在：800×20%＝160万元。再投300万元：（800＋300）×20%＝220万元，超过上限，按200万元计。建设补助多40.00万元。"
         "计入的投入到1000万元就到上限，超出的部分不增加补助。"),
        (Step("construction", more=D(200)), Base(spent=D(800), **TOLD), "13.1", "40.00", (COUNTS,),
         "现在：800×20%＝160万元。再投200万元：（800＋200）×20%＝200万元。建设补助多40.00万元。"),
        (Step("construction", more=D(300)), Base(spent=D(1200), **TOLD), "13.1", "0.00", (COUNTS,),
         "现在：1200×20%＝240万元，超过上限，按200万元计。再投300万元：（1200＋300）×20%＝300万元，超过上限，按200万元计。"
         "建设补助多0.00万元。"),
        (Step("construction", more=D(300)), Base(), "13.1", "60.00", (COUNTS, NO_PLAQUE),
         "建设补助按计入的投入的20%计，计入的投入每增加100万元，补助增加20万元；计入的投入达到1000万元后到上限200万元，不再增加。"
         "再投300万元，最多多补60.00万元；您现在的计入的投入没有说到，说出来就能算准。"),
        (Step("operating", more=D(50)), Base(income=D(80)), "13.2", "10.00", (),
         "现在：80×20%＝16万元。再增加50万元：（80＋50）×20%＝26万元。运营补助多10.00万元。"),
        (Step("operating", more=D(50)), Base(income=D("33.33")), "13.2", "10.00", (),
         "现在：33.33×20%＝6.67万元。再增加50万元：（33.33＋50）×20%＝16.67万元。运营补助多10.00万元。"),
        (Step("operating", more=D(50)), Base(), "13.2", "10.00", (),
         "运营补助按年度服务性收入的20%计，年度服务性收入每增加100万元，补助增加20万元；年度服务性收入达到500万元后到上限100万元，不再增加。"
         "再增加50万元，最多多补10.00万元；您现在的年度服务性收入没有说到，说出来就能算准。"),
        (Step("construction", target=D(200)), Base(spent=D(600)), "13.1", "120.00", (NO_PLAQUE, NO_EXCLUSION),
         DUE + "；现在是600万元，可补120.00万元，还差400万元。"),
        (Step("construction", target=D(300)), Base(spent=D(600), **TOLD), "13.1", "120.00", (),
         "建设补助最高200万元，拿不到300万元。" + DUE + "；现在是600万元，可补120.00万元，还差400万元。"),
        (Step("construction"), Base(spent=D(1000), **TOLD), "13.1", "200.00", (),
         DUE + "；现在是1000万元，已经够了，可补200.00万元。"),
        (Step("construction"), Base(), "13.1", None, (NO_PLAQUE,),
         DUE + "。您现在的计入的投入没有说到：从1000万元里减去它，就是还差的数。"),
        (Step("operating", target=D(60)), Base(), "13.2", None, (),
         "运营补助要达到60万元，年度服务性收入须为300万元（300×20%＝60万元）。"
         "您现在的年度服务性收入没有说到：从300万元里减去它，就是还差的数。"),
        (Step("construction", more=D(1)), Base(plaque=True), "17", "0.00", (),
         "加挂牌子的不予建设补助，投入再多也不增加建设补助；运营补助同等享受。"),
    ],
)  # fmt: skip
def test_the_working_is_told_to_the_last_figure(step, base, label, amount, assumed, sentence):
    found = judged(step, base)
    assert (found.label, found.status, found.amount_wan, found.assumed) == (label, None, amount, assumed)
    assert found.sentence == sentence


def test_what_a_pre_screen_was_told_is_the_base_without_the_funds_that_do_not_count():
    profile = Profile(
        track="pilot_base", plaque_route=True, investment_3y_wan=D(900), excluded_funds_3y_wan=D(100)
    )
    assert base_of(profile) == Base(D(800), None, True, whole=True)
    assert base_of(None) == Base()
