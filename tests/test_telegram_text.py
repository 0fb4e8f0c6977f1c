"""A reply as Telegram takes it: HTML well formed whatever the text, pieces short enough, keyboards in rows."""

import pytest
from fake_bot_api import parse_html
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Block, Button, Reply
from bot.telegram_text import LONGEST, keyboard, length, plain, render

KINDS = st.sampled_from(["text", "quote", "note", "notice"])
BLOCKS = st.lists(
    st.builds(Block, KINDS, st.text(min_size=1, max_size=300), st.just(""), st.text(max_size=20)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(BLOCKS)
def test_every_piece_is_well_formed_and_short_enough(blocks):
    for piece in render(Reply("answered", tuple(blocks))):
        parse_html(piece)
        assert length(piece) <= LONGEST


@pytest.mark.parametrize("text", ["<&>" * 3000, "长" * 10_000, "😀" * 5000, "一行\n" * 4000])
def test_a_long_text_is_split_and_nothing_of_it_is_lost(text):
    pieces = render(Reply("control", (Block("text", text),)))
    assert len(pieces) > 1
    assert all(length(piece) <= LONGEST for piece in pieces)
    assert "".join(parse_html(piece) for piece in pieces).replace("\n", "") == text.replace("\n", "")


def test_a_quotation_is_set_off_under_its_clauses_name():
    (piece,) = render(Reply("answered", (Block("quote", "不少于<200>", "8.3", "第八条第（三）项"),)))
    assert piece == "<b>依据 第八条第（三）项</b>\n<blockquote expandable>不少于&lt;200&gt;</blockquote>"


def test_a_table_is_a_line_a_row():
    (piece,) = render(
        Reply("answered", (Block("table", rows=(("类别", "规定"), ("甲", "一"), ("乙", "二"))),))
    )
    assert parse_html(piece) == "甲：一\n乙：二"


def test_short_buttons_share_a_row_and_a_long_one_has_its_own():
    labels = ["是", "否", "不清楚", "返回", "查清其余的缺口和要求一共有哪些", "跳过"]
    buttons = tuple(Button(label, action) for label, action in zip(labels, "abcdef", strict=True))
    rows = keyboard(Reply("asked", (), buttons=buttons))
    assert [[k["callback_data"] for k in row] for row in rows] == [["a", "b", "c"], ["d"], ["e"], ["f"]]


@pytest.mark.parametrize(
    ("outcome", "rated"), [("answered", True), ("abstained", True), ("asked", False), ("control", False)]
)
def test_an_answer_can_be_rated_in_a_last_row(outcome, rated):
    rows = keyboard(Reply(outcome, (), buttons=(Button("全文", "article:9"),)), "12")
    assert [[k["callback_data"] for k in row] for row in rows[1:]] == (
        [["useful:12", "useless:12"]] if rated else []
    )


def test_a_piece_without_its_tags():
    assert plain("<b>依据</b> a &lt; b\n<blockquote expandable>c</blockquote>") == "依据 a < b\nc"
