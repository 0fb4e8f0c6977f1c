"""Of the imported regulations the one named, or the one nearest, is found; what is not in force is known."""

from datetime import date

import pytest

from knowledge.importer import import_file
from knowledge.library import clauses_asked, load_library, named_in, nearest, nearest_in, rebuild
from knowledge.regulation import KnowledgeError

DAY = date(2026, 6, 1)
TEXTS = {
    "new": "滇池渡口管理办法\n昆渡管〔2024〕3号\n第一条　渡船应当配备救生衣；夜间二十二时以后不得载客。\n"
    "第二条　渡口经营者应当向街道办事处登记。\n第三条　本办法自2024年5月1日起施行。《滇池渡口暂行规定》同时废止。",
    "old": "滇池渡口暂行规定\n第一条　渡船夜间可以载客。\n第二条　本规定自2010年1月1日起施行。",
    "tax": "税法\n第一条　企业所得税按年计算，分月或者分季预交。\n第二条　本法自2008年1月1日起施行。",
    "future": "茶园采摘规定\n第一条　茶园采摘期由县级茶叶主管部门公布。\n第二条　本规定自2030年1月1日起施行。",
    "change": "关于修改《滇池渡口管理办法》的决定\n第一条　将第二条修改。\n第二条　本决定自2025年5月1日起施行。",
}


@pytest.fixture
def library(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
        import_file(tmp_path / f"{name}.txt", tmp_path / "in")
    assert rebuild(tmp_path / "in") == 11
    return load_library(tmp_path / "in")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("《滇池渡口管理办法》第二条", "new"),
        ("滇池渡口管理办法怎么说", "new"),
        ("渡口管理办法第二条", "new"),
        ("滇池渡口暂行规定还有效吗", "old"),
        ("管理办法第二条", None),
        ("税法第一条", "tax"),
        ("税法是什么", None),
        ("渡船晚上能开吗", None),
    ],
)
def test_a_regulation_is_known_by_its_title_or_a_long_end_of_it(library, text, named):
    found = named_in(library, text, DAY)
    assert (found[0] if found else None) == named


def test_of_two_versions_the_one_in_force_on_the_day_is_meant(tmp_path):
    for year in (2020, 2024, 2028):
        file = tmp_path / f"v{year}.txt"
        file.write_text(f"渡口条例\n第一条　本条例自{year}年1月1日起施行。", "utf-8")
        import_file(file, tmp_path / "in")
    rebuild(tmp_path / "in")
    versions = load_library(tmp_path / "in")
    assert [named_in(versions, "渡口条例", date(y, 6, 1))[0] for y in (2021, 2026, 2029)] == [
        "v2020",
        "v2024",
        "v2028",
    ]


def test_what_is_repealed_or_still_to_come_is_not_in_force(library):
    assert [i for i in library.particulars if library.is_in_force(i, DAY)] == ["change", "new", "tax"]
    assert library.ended("old", DAY) == (date(2024, 5, 1), "滇池渡口管理办法")
    assert library.is_in_force("old", date(2020, 1, 1))


def test_an_amendment_is_known_from_its_day(library):
    assert library.amendments("new", DAY) == ("关于修改《滇池渡口管理办法》的决定",)
    assert library.amendments("new", date(2025, 1, 1)) == ()


def test_a_question_finds_an_article_in_force(library):
    found = nearest(library, "渡船夜间能载客到几点", DAY)
    assert (found[0], found[1].label) == ("new", "1")
    assert nearest(library, "茶园的采摘期由谁公布", DAY) is None
    assert nearest(library, "你好", DAY) is None


def test_within_a_regulation_only_its_own_articles_are_found(library):
    assert nearest_in(library, "old", "夜间载客").text == "渡船夜间可以载客。"


def test_a_clause_that_does_not_exist_is_told_apart(library):
    clauses, missing = clauses_asked(library, "new", "第二条和第九条")
    assert ([c.label for c in clauses], missing) == (["2"], ["第九条"])


def test_nothing_imported_is_no_library(tmp_path):
    assert load_library(tmp_path / "none") is None


def test_a_folder_of_that_name_without_an_import_is_none(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "regulation.txt").write_text(TEXTS["old"], "utf-8")
    assert load_library(tmp_path) is None


def test_a_broken_index_says_what_to_do(library):
    for file in (library.folder / ".index").iterdir():
        file.unlink()
    with pytest.raises(KnowledgeError, match="beian knowledge import"):
        load_library(library.folder)
