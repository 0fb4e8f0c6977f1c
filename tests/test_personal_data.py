"""Numbers that lead to a person are covered in any spelling; figures, dates and clauses never are."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Message
from bot.personal_data import COVERED, cover, covered, without_covered

DAY = date(2026, 6, 1)
DATA = Path(__file__).parent / "data"
WIDE = str.maketrans("0123456789X@.-", "０１２３４５６７８９Ｘ＠．－")


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "138－0013－8000", "1 3 8 0 0 1 3 8 0 0 0", "138\u30000013\u30008000",
        "138\u200b0013\u200b8000", "+86 138 0013 8000", "+8613800138000", "0086-13800138000", "（86）13800138000",
        "86 138-0013-8000", "一三八零零一三八零零零", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "13800000000",
        "0871-63512345", "（0871）6351 2345", "+86 871 63512345", "010-88886666转123", "087163512345",
        "530102199001011234", "53010219900101121X", "530102 19900101 1234", "5301 0219 9001 0112 1x", "530102-1990-0101-1234",
        "5 3 0 1 0 2 1 9 9 0 0 1 0 1 1 2 3 9", "530102900101123",
        "6222021234567890128", "6222 0212 3456 7890 128", "622202-1234567890128", "4111 1111 1111 1111", "4111111111111111",
        "li.hua@example.com", "li @ qq . com", "li@qq。com", "123456@qq.com",
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", ["as it is", "full"])
def test_a_number_of_a_person_is_covered_and_nothing_else(number, width):
    written = number.translate(WIDE) if width == "full" else number
    assert cover(f"我们公司可以报吗，{written}，场地850平") == f"我们公司可以报吗，{COVERED}，场地850平"
    assert cover(written) == COVERED


def test_several_are_covered_each():
    assert cover("13900139000,13800138000 a@b.cn") == f"{COVERED},{COVERED} {COVERED}"


@pytest.mark.parametrize(
    "text",
    [
        "1,500,000", "1500000", "13,800,138,000元", "13800138000元", "13800138000.50", "投资13800138000", "设备原值为13800138000",
        "15 000 000 000", "13800138000平方米", "130-20000000元", "¥13800138000", "总投资额 13800138000", "13800138000万元",
        "2025-11-18 2025-12-01", "2025111820251201", "20251118", "2025.11.18", "第九条第（三）项", "8.5.1 9.5.2 13.1",
        "云科规〔2025〕11号", "1. 500 2. 300 3. 200 4. 11", "91530100MA6K5XY712", "12530000431200000X",
        "530102209901391234", "530199999999991234", "6222021234567890123", "12800138000", "1380013800", "138001380001",
        "100平方米200人300万", "2023 2024 2025", "昆明理工大学@你", "一千五百万", "壹佰伍拾万元整", "〇一二三",
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_person_is_left(text):
    assert cover(text) == text


_UNITS = st.sampled_from(("元", "万元", "亿元", " 元", "平方米", "平", "m2", "㎡", "亩"))
_FIGURES = st.one_of(
    st.builds("{}{}".format, st.integers(0, 10**13), _UNITS),
    st.builds("{:,}{}".format, st.integers(1000, 10**13), st.sampled_from(("", "元", "平"))),
    st.builds("{:.2f}".format, st.decimals(0, 10**12, allow_nan=False, places=2)),
    st.builds("{}".format, st.integers(0, 10**9)),
    st.builds("投资{}".format, st.integers(0, 10**13)),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
    st.builds("{}.{}.{}".format, st.integers(1, 21), st.integers(1, 9), st.integers(1, 9)),
    st.builds("第{}条第（{}）项".format, st.integers(1, 21), st.integers(1, 9)),
)


@given(st.lists(_FIGURES, min_size=1, max_size=8), st.sampled_from(("，", "；", "\n", "和")))
def test_amounts_areas_dates_and_clauses_survive(figures, between):
    assert cover(between.join(figures)) == between.join(figures)


@given(st.text(alphabet="0138 -.,@a元第条（）Xx０８\u3000一"))
def test_any_text_is_read_and_covering_it_again_changes_nothing(text):
    once = cover(text)
    assert cover(once) == once


def test_no_known_question_and_no_clause_is_changed():
    files = sorted(DATA.glob("*questions.jsonl"))
    records = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    texts = [text for record in records for text in (record["q"], *record.get("turns", ()))]
    regulation = Path(__file__).parents[1] / "knowledge/regulations/yunnan-2025-11/regulation.txt"
    assert len(texts) > 300
    assert [
        text for text in (*texts, *regulation.read_text("utf-8").splitlines()) if cover(text) != text
    ] == []


def test_a_message_is_covered_in_all_its_words_and_stays_the_same_otherwise():
    said = Message(
        "web", "13800138000", "k", DAY, "我是13800138000", "x:13800138000", "回 a@b.cn", address="{}"
    )
    assert covered(said) == Message(
        "web", "13800138000", "k", DAY, f"我是{COVERED}", f"x:{COVERED}", f"回 {COVERED}", address="{}"
    )


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (f"我的证件{COVERED}，电话：{COVERED}，场地要多大", "场地要多大"),
        (f"{COVERED}是我电话，补助啥时候打", "补助啥时候打"),
        (f"场地要多大？我的电话是{COVERED}", "场地要多大？"),
        (f"{COVERED}", COVERED),
        (f"联系电话 {COVERED}", f"联系电话 {COVERED}"),
        ("主管部门的电话是多少", "主管部门的电话是多少"),
    ],
)
def test_what_is_asked_is_left_without_what_was_covered(said, asked):
    assert without_covered(said) == asked


@pytest.mark.parametrize(
    "part", ["a", "a@", "1 ", "1 3 ", "0 ", "3.", "(86", "一", "1", "62 ", "1-3-", "\u3000"]
)
def test_a_text_made_to_be_slow_is_not(part):
    text = part * (10_000 // len(part))
    assert cover(text) == text or COVERED in cover(
        text
    )  # it ends, since no pattern goes back over what it has read
