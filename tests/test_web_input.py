"""What is read before anything is done with it."""

from decimal import Decimal

import pytest

from bot.web_input import read_object, require_readable
from bot.web_problems import ProblemError


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[0m", "\U000e0041", "\ud800", "\x7f", "<script>", "< / ScRiPt >", "<a href=x onclick=y>", "JavaScript :x", "<svg/onload=1>"])  # fmt: skip
def test_hidden_characters_and_program_code_are_refused_by_field(text):
    with pytest.raises(ProblemError) as refused:
        require_readable(note="好", q=text)
    assert (refused.value.status, list(refused.value.errors)) == (422, ["q"])


@pytest.mark.parametrize(
    "text",
    ["", None, "场地<200平方米", "第一行\n第二行\t", "公示\u3000几天", "1 < 2 > 0", "👍", "<b>公示</b>"],
)
def test_everything_that_people_write_is_read(text):
    require_readable(q=text)


def test_figures_are_exact_and_a_name_stands_once():
    assert read_object(b'{"a": 0.1, "b": 7}') == {"a": Decimal("0.1"), "b": Decimal(7)}
    with pytest.raises(ProblemError) as refused:
        read_object(b'{"a": 1, "a": 2}')
    assert list(refused.value.errors) == ["a"]


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"[]", 422), (b"\xff", 400), (b'{"id": "\\u0000"}', 422), (b'{"\\u0000": 1}', 422)])  # fmt: skip
def test_what_is_no_readable_object_is_refused(body, status):
    with pytest.raises(ProblemError) as refused:
        read_object(body)
    assert refused.value.status == status
