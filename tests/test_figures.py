"""What a figure may be, from how it was said."""

from decimal import Decimal

import pytest

from flows.facts import read_facts


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("场地约800平", (720, 880)), ("场地三四百平", (300, 400)), ("团队20到30个人", (20, 30)),
        ("场地不到500平", (450, Decimal("499.99"))), ("场地800平", (800, 800)),
        ("两处场地,一处约180平,一处约30平", (189, 231)),  # a sum of rough figures is rough
    ],
)  # fmt: skip
def test_a_rough_figure_has_bounds(text, bounds):
    (figure,) = read_facts(text).figures.values()
    assert figure.bounds == bounds


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("每季度服务收入12万，团队20人", {"service_income": 48, "team": 20}),
        ("三间办公室，两层场地每层480平", {"site_area": 960}), ("5个人，两层每层480平", {"team": 5, "site_area": 960}),
        ("储备项目20个，今年12个", {"reserve": 12}), ("团队8人，今年6人", {"team": 6}),
    ],
)  # fmt: skip
def test_a_figure_is_multiplied_or_replaced_by_what_belongs_to_it_alone(text, values):
    assert {name: figure.value for name, figure in read_facts(text).figures.items()} == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("概念验证中心和中试基地场地分别500平和1200平", []), ("概念验证中心和中试基地，场地分别是500平和1200平", []),
        ("概念验证中心的两个场地分别500平和700平", [1200]), ("概念验证中心和中试基地分别有场地1000平", [1000]),
    ],
)  # fmt: skip
def test_figures_of_two_facilities_are_no_sum_where_it_is_not_said_whose_they_are(text, values):
    assert [figure.value for figure in read_facts(text).figures.values()] == values
