"""A figure goes to the thing it is said of; a figure of the rule, of the past or of a claim is no fact."""

from decimal import Decimal

import pytest

from flows.facts import merge, read_facts


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("我们场地850平,团队11个人,顾问6个", {"site_area": 850, "team": 11, "advisors": 6}),
        ("有12名顾问和3个中试工程师", {"advisors": 12, "engineer": 3}),
        ("设备原值530万,账面净值280万", {"equipment_value": 530}),
        ("技术经纪人就1个", {"broker": 1}),
        ("项目储备了15个", {"reserve": 15}),
        ("做了6个项目,产品化2个", {"projects_done": 6, "productised": 2}),
        ("孵化了2家企业,估值380万,营收130万", {"incubated": 2, "valuation": 380, "revenue": 130}),
        ("验证的项目融到230万", {"financing": 230}),
        ("基金180万,技术交易额80万", {"fund": 180, "transactions": 80}),
        ("没孵过企业", {"incubated": 0}),
        ("场地有两亩", {"site_area": Decimal(4000) / 3}),
    ],
)
def test_each_figure_goes_to_its_nearest_fitting_noun(text, figures):
    read = read_facts(text)
    assert {name: round(value, 6) for name, value in read.figures.items()} == {
        n: round(Decimal(v), 6) for n, v in figures.items()
    }


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("设备420万,软件35万,人才45万,建设补助多少", {"investment": 500}),
        (
            "近三年投了860万,其中110万是中央引导资金,建设补助怎么算",
            {"investment": 860, "excluded_funds": 110},
        ),
        ("近三年投了300万,再往前还投了500万,补助多少", {"investment": 300}),
        ("服务收入做到700万了,运营补助就是140万对吗", {"annual_income": 700}),
        ("老板投了半个亿,是不是能拿一千万补助", {"investment": 5000}),
    ],
)
def test_in_a_question_about_an_amount_spending_and_income_are_read(text, figures):
    assert dict(read_facts(text).figures) == {n: Decimal(v) for n, v in figures.items()}


@pytest.mark.parametrize(
    "text",
    [
        "是不是要500万的设备",
        "规定场地要1000平吗",
        "不是每年都能拿200万建设补助吗",
        "公示5个工作日吗",
        "第九条要求10个人",
    ],
)
def test_a_figure_of_the_rule_is_no_fact(text):
    assert not read_facts(text).figures


def test_what_is_said_later_goes_before_what_was_said_earlier():
    both = merge(read_facts("场地850平,顾问6个"), read_facts("场地改成1200平"))
    assert dict(both.figures) == {"site_area": 1200, "advisors": 6}


def test_states_without_a_figure_are_read():
    assert read_facts("我们没得独立法人").flags == {"independent_legal_person": False}
    assert read_facts("我们是加挂的牌子").flags == {"plaque_route": True}
