"""An imported text tells its title, number and days, what it repeals and what it amends; about.toml keeps them."""

from datetime import date

import pytest

from knowledge.particulars import FILE, Particulars, load_particulars, read_particulars, write_particulars
from knowledge.regulation import KnowledgeError, parse

TEXT = """茶园管理办法（试行）
滇茶发〔2024〕3号
第一条　为了茶园。
第二条　本办法自2024年5月1日起施行，有效期至2027年4月30日。《茶园暂行规定》、《采茶办法》同时废止。
"""


def test_the_usual_phrases_are_read():
    assert read_particulars(parse(TEXT)) == Particulars(
        "茶园管理办法（试行）",
        "滇茶发〔2024〕3号",
        date(2024, 5, 1),
        date(2027, 4, 30),
        ("茶园暂行规定", "采茶办法"),
    )


@pytest.mark.parametrize(
    ("title", "amended"),
    [
        ("关于修改《茶园管理办法》的决定", ("茶园管理办法",)),
        ("中华人民共和国刑法修正案（三）", ("中华人民共和国刑法",)),
        ("茶园法", ()),
    ],
)
def test_a_title_says_what_is_amended(title, amended):
    assert read_particulars(parse(f"{title}\n第一条　甲。")).amends == amended


def test_what_a_text_does_not_say_is_not_known():
    read = read_particulars(parse("茶园法\n第一条　自2月30日采茶。"))
    assert (read.in_force, read.expires, read.number, read.repeals) == (None, None, "", ())


def test_about_toml_reads_back(tmp_path):
    particulars = read_particulars(parse(TEXT))
    (tmp_path / FILE).write_text(write_particulars(particulars), "utf-8")
    assert load_particulars(tmp_path) == particulars


@pytest.mark.parametrize(
    "line", ['title = "甲"\nin_force = "明天"', 'nonsense = 1\ntitle = "甲"', "title =", ""]
)
def test_a_wrong_about_toml_is_named(tmp_path, line):
    (tmp_path / FILE).write_text(line, "utf-8")
    with pytest.raises(KnowledgeError, match=r"about\.toml"):
        load_particulars(tmp_path)
