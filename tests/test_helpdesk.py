from datetime import date
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.helpdesk import OfficesError, application_lines, belongs_to, contact_lines, read_offices
from flows.questionnaire import Interview

EXAMPLE = Path(__file__).parent.parent / "docs" / "offices.example.toml"
OFFICE = '[[office]]\nprefecture = "昆明市"\nname = "窗口"\nsource = "样例"\ndate = 2026-01-01\n'
CALL = '[call]\ntitle = "通知"\nurl = "https://x.example"\nsource = "样例"\ndate = 2026-01-01\n'


def offices_of(tmp_path, text):
    path = tmp_path / "offices.toml"
    path.write_text(text, "utf-8")
    return read_offices(path)


def test_the_example_file_is_read_and_says_that_it_is_made_up():
    offices = read_offices(EXAMPLE)
    assert len(offices.office) == 2
    assert all("虚构" in office.name for office in offices.office)
    assert "虚构" in offices.call.title
    assert "example.org" in offices.system.url


def test_an_empty_file_is_a_file_without_offices(tmp_path):
    offices = offices_of(tmp_path, "")
    assert contact_lines(offices, "昆明市") == ()
    assert application_lines(offices, date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[office]]\nname = "a"', "[[office]] number 1, source is missing"),
        (OFFICE.replace("source", "sorce"), "[[office]] number 1, source is missing"),
        (OFFICE + 'fax = "1"', "[[office]] number 1, fax is not known here"),
        (OFFICE.replace("昆明市", "昆明"), "[[office]] number 1, prefecture: give a prefecture's full name, such as 昆明市"),
        (OFFICE + OFFICE, "昆明市 has two offices"),
        (OFFICE.replace('"窗口"', '""'), "[[office]] number 1, name is empty"),
        (OFFICE.replace('"窗口"', "7"), "[[office]] number 1, name is not a text"),
        (OFFICE.replace("2026-01-01", '"1.1.26"'), "[[office]] number 1, date: '1.1.26' is no date"),
        (OFFICE.replace("2026-01-01", "20260101"), "[[office]] number 1, date: give a date as 2026-03-31"),
        (OFFICE + "answer_within = 0", "[[office]] number 1, answer_within"),
        (OFFICE + 'answer_within = "2"', "[[office]] number 1, answer_within"),
        (OFFICE + "closed_on = [7]", "[[office]] number 1, closed_on"),
        (OFFICE + "desk = 3", "[[office]] number 1, desk is neither true nor false"),
        ("[offices]", "offices is not known here"),
        ("office = 3", "office is not a list"),
        ('[system]\nurl = "x"\nsource = "s"\ndate = 2026-01-01', "system, url: give an address that begins with http"),
        (CALL + "opens = 2026-05-01\ncloses = 2026-04-01", "closes is before opens"),
        ("=", "not TOML in UTF-8"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_in_one_line(tmp_path, text, message):
    with pytest.raises(OfficesError) as caught:
        offices_of(tmp_path, text)
    assert str(tmp_path / "offices.toml") in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path):
    with pytest.raises(OfficesError, match="No such file"):
        read_offices(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes(OFFICE.encode("gbk"))
    with pytest.raises(OfficesError, match="UTF-8"):
        read_offices(tmp_path / "gbk.toml")


def test_contacts_have_source_and_date():
    (line,) = contact_lines(read_offices(EXAMPLE), "昆明市")
    assert line.startswith("示例市科技管理部门（虚构）：000-00000000，示例路 1 号，")
    assert line.endswith("（来源：示例来源（虚构），2026-01-01）")


def test_an_office_without_details_says_so(tmp_path):
    assert "联系方式未登记" in contact_lines(offices_of(tmp_path, OFFICE), "昆明市")[0]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 2, 1), "，尚未开始"),
        (date(2026, 3, 1), ""),
        (date(2026, 4, 30), ""),
        (date(2026, 5, 1), "，已截止"),
    ],
)
def test_the_call_is_open_from_its_first_to_its_last_day(day, state):
    system, call = application_lines(read_offices(EXAMPLE), day)
    assert system == "申报系统：https://system.example.org/（来源：示例来源（虚构），2026-01-01）"
    assert f"申报时间2026-03-01至2026-04-30{state}，https://call" in call


def person(prefecture=None, **responses):
    interview = Interview("pilot_base", date(2026, 6, 1), tuple(responses.items())) if responses else None
    return Conversation("web", "u", interview=interview, prefecture=prefecture)


@pytest.mark.parametrize(
    ("who", "place"),
    [
        (person(), None),
        (person("昆明市"), "昆明市"),
        (person(direct_to_province=True), "province"),
        (person("昆明市", direct_to_province=True), "province"),
        (person("昆明市", direct_to_province=False), "昆明市"),
        (person("昆明市", direct_to_province=None), "昆明市"),
    ],
)
def test_a_person_belongs_to_the_prefecture_or_to_the_province_if_they_apply_there(who, place):
    assert belongs_to(who) == place


def test_what_the_questionnaire_says_of_the_prefecture_counts():
    conversation = Conversation(
        "web",
        "u",
        interview=Interview("pilot_base", date(2026, 6, 1), (("prefecture", "玉溪市"),)),
        prefecture="昆明市",
    )
    assert belongs_to(conversation) == "玉溪市"
