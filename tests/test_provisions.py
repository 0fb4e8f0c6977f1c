from decimal import Decimal

import pytest

from flows.provisions import AllOf, AnyOf, Rule, leaves

AREA = Rule("8.3", "site_area_m2", ("不少于200平方米",), at_least=Decimal("200"))
PHOTOS = Rule("8.3", "site_photos", ("须提供实景图片",))
KIND = Rule("8.1", "applicant_kind", ("高等院校",), among=("university", "enterprise"), open=("other",))


@pytest.mark.parametrize(("rule", "required"), [(AREA, "≥ 200"), (PHOTOS, "是"), (KIND, "高等院校、企业")])
def test_a_rule_says_in_short_what_it_requires(rule, required):
    assert rule.required == required


def test_the_leaves_of_a_requirement_are_its_rules_in_order():
    assert leaves(AllOf("8", (KIND, AnyOf("8.3", (AREA, PHOTOS))))) == (KIND, AREA, PHOTOS)
