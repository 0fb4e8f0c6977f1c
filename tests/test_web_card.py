"""The card of a result: a row for each requirement in a clerk's words, amounts beside their limits."""

from bot.web_card import result_card
from flows.profile import read_profile
from flows.screening import screen


def card(world, **profile):
    return result_card(world, screen(read_profile({"track": "pilot_base", **profile}), world.rules).as_json())


def row(made, title):
    return next(row for row in made["rows"] if row["title"] == title)


def test_a_requirement_is_a_row_with_its_clause_figure_and_status(world):
    made = card(world, site_area_m2=850, site_photos=True)
    assert row(made, "场地面积") == {
        "label": "9.3", "name": "第九条第（三）项", "title": "场地面积", "required": "不少于1000平方米", "actual": "850平方米",
        "status": "unmet", "word": "不满足",
    }  # fmt: skip
    assert row(made, "场地实景图片")["required"] == ""
    assert row(made, "专业化运营管理团队人数")["actual"] == ""
    assert (made["verdict"], made["word"]) == ("ineligible", "不符合")


def test_an_amount_that_is_not_known_is_null_and_never_zero(world):
    known = card(world, annual_service_income_wan=300, plaque_route=True)["amounts"]
    assert [(a["label"], a["amount_wan"], a["cap_wan"]) for a in known] == [
        ("13.1", "0.00", "200.00"),
        ("13.2", "60.00", "100.00"),
    ]
    assert [a["amount_wan"] for a in card(world)["amounts"]] == [None, None]


def test_alternatives_that_need_not_be_known_are_left_out_once_one_holds(world):
    rest = {
        "sustained_projects": True,
        "project_library_account": True,
        "management_system": True,
        "full_process": True,
    }
    titles = {r["title"] for r in card(world, pilot_contracts_wan=500, reserve_projects=30, **rest)["rows"]}
    assert "技术合同成交额" in titles
    assert "已开展中试项目数" not in titles
    assert "已开展中试项目数" in {r["title"] for r in card(world)["rows"]}
