import io
import json
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from test_screening import MET_POC

from bot.batch import run_batch
from bot.batch_overview import OVERVIEW, as_sheet_row
from bot.batch_result import COLUMNS
from flows.profile import ProfileError, read_profile
from flows.rules import load_rules
from flows.screening import screen

POC = {**MET_POC, "id": "A"}
PILOT = {"id": "B", "track": "pilot_base", "as_of": "2026-03-01"}


def book_of(tmp_path, *profiles):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.xlsx"
    source.write_text("\n".join(map(json.dumps, profiles)), "utf-8")
    run_batch(source, target, None, io.StringIO(), io.StringIO())
    return openpyxl.load_workbook(target)


def ground(cell):
    return cell.fill.start_color.rgb[2:] if cell.fill.fill_type else None


def overview(**changes):
    return dict(zip([name for name, _ in OVERVIEW[1:]], sheet_row(**changes).overview, strict=True))


def sheet_row(**changes):
    try:
        return as_sheet_row(screen(read_profile({**POC, **changes}), load_rules()))
    except ProfileError as error:
        return as_sheet_row(error)


def test_the_first_sheet_has_the_public_columns_with_notes_and_colours(tmp_path):
    sheet = book_of(
        tmp_path, POC, {**POC, "team_size": 5}, {**POC, "team_size": None}, {**POC, "team_size": -1}
    ).active
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert all(cell.comment for cell in sheet[1])
    verdicts = [(sheet.cell(row, 2).value, ground(sheet.cell(row, 2))) for row in (2, 3, 4, 5)]
    assert verdicts == [
        ("eligible", "C6EFCE"),
        ("ineligible", "FFC7CE"),
        ("undetermined", "FFEB9C"),
        (None, None),
    ]
    assert (sheet["C3"].value, ground(sheet["C3"]), ground(sheet["D4"])) == ("8.4", "FFC7CE", "FFEB9C")
    assert sheet["L5"].value.startswith("team_size: “-1”是负数")
    assert sheet.auto_filter.ref == "A1:L5"


def test_the_overview_says_in_chinese_what_is_missing_and_what_would_be_paid(tmp_path):
    changes = {"investment_3y_wan": 1000.5, "excluded_funds_3y_wan": 0, "annual_service_income_wan": 100}
    book = book_of(tmp_path, {**POC, **changes, "site_area_m2": 150.5}, {**POC, "track": "甲"})
    sheet = book["一览"]
    titles = [cell.value for cell in sheet[1]]
    assert titles == [name for name, _ in OVERVIEW]
    first = dict(zip(titles, sheet[2], strict=True))
    assert [first[name].value for name in ("行", "编号", "申报类别", "结论", "不满足的项")] == [
        1,
        "A",
        "概念验证中心",
        "不符合",
        "8.3",
    ]
    assert first["差距"].value == "8.3 场地面积150.5平方米，还差49.5平方米"
    assert ground(first["差距"]) == ground(first["结论"]) == "FFC7CE"
    assert (first["建设补助（万元）"].value, first["首年合计（万元）"].value) == (200, 220)
    assert first["建设补助（万元）"].number_format == "#,##0.00"
    assert first["申报渠道"].value == "报州（市）科技管理部门"
    assert (sheet["D3"].value, sheet.cell(3, len(titles)).value[:5]) == ("有误", "申报类别：")


@pytest.mark.parametrize(
    ("changes", "gaps", "unknown"),
    [
        ({}, "", ""),
        ({"site_photos": False}, "8.3 场地实景图片：否", ""),
        ({"site_photos": None}, "", "8.3 场地实景图片"),
        ({"as_of": "2025-12-05"}, "20 申报日期2025-12-05，应2025-12-06至2028-12-05", ""),
        ({"previously_revoked": True, "revoked_on": "2026-01-01"}, "18 申报日期2026-03-01，应不早于2028-01-02", ""),
        ({"previously_revoked": True}, "", "18 取消备案资格日期"),
        ({"previously_revoked": None, "revoked_on": "2026-01-01", "as_of": None}, "", "18 申报日期、20 申报日期"),
        ({"applicant_kind": "other"}, "", "8.1 单位类型“其他”（由科技管理部门认定）"),
        ({"poc_fund_wan": 10}, "", ""),
        ({"poc_incubated": 0, "poc_fund_wan": 10}, "", "8.5.1 概念验证等相关服务年收入、8.5.2 通过验证的项目累计获得投融资额、8.5.3 技术开发、转让、许可、服务累计交易额"),
    ],
)  # fmt: skip
def test_the_overview_names_the_gaps_of_unmet_items_and_what_is_still_to_be_answered(changes, gaps, unknown):
    row = overview(**changes)
    assert (row["差距"], row["待补充"]) == (gaps, unknown)


def test_of_alternatives_each_way_is_told_with_all_that_it_lacks():
    values = {
        "pilot_projects_done": 1, "pilot_productised": 0, "pilot_incubated": 1, "pilot_incubated_valuation_wan": 1,
        "pilot_incubated_revenue_wan": 2, "pilot_contracts_wan": 199.99, "reserve_projects": 19,
    }  # fmt: skip
    profile = read_profile({**PILOT, **values})
    gaps = as_sheet_row(screen(profile, load_rules())).overview[5]
    assert gaps == (
        "9.5 已储备项目数量19个，还差1个；以下之一：9.5.1 已开展中试项目数1项，还差2项、实现成果产品化数0项，还差3项，"
        "或 9.5.2 孵化企业累计估值1万元，还差499万元、孵化企业累计营业收入2万元，还差98万元，"
        "或 9.5.3 技术合同成交额199.99万元，还差0.01万元"
    )


def test_errors_are_listed_by_row_and_column(tmp_path):
    source = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["编号", "申报类别", "备注", "申报日期", "场地面积（平方米）"])
        sheet.write_row(1, 0, ["A", "中试基地（平台）", "", "2026-03-01", "1200平方米"])
        sheet.write_row(2, 0, ["B", "中试基地（平台）"])
        sheet.write_datetime(2, 3, datetime(2026, 3, 1), day)
        sheet.write_row(3, 0, ["C", "", "", "20206-01-01", 5])
    run_batch(source, tmp_path / "out.xlsx", None, io.StringIO(), io.StringIO())
    errors = openpyxl.load_workbook(tmp_path / "out.xlsx")["错误"]
    found = [[cell or "" for cell in row] for row in errors.iter_rows(min_row=2, values_only=True)]
    assert [row[:4] for row in found] == [
        [2, "E", "A", "场地面积"],
        [4, "D", "C", "申报日期"],
        [4, "B", "C", "申报类别"],
    ]
    assert found[0][4] == "“1200平方米”带了单位；请只写数字 1200，单位为平方米"
    assert "20206-01-01" in found[1][4]


def test_a_batch_without_errors_says_so(tmp_path):
    assert book_of(tmp_path, POC)["错误"]["A2"].value == "没有错误"


def test_a_cell_longer_than_excel_takes_is_cut_and_not_lost(tmp_path):
    sheet = book_of(tmp_path, {**POC, **{f"unknown_field_{n}": 1 for n in range(2000)}}).active
    assert len(sheet["L2"].value) == 32_767
    assert sheet["L2"].value.endswith("…")
