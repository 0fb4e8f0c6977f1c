import io
import json
from datetime import datetime

import openpyxl
import pytest

from bot.batch import run_batch
from bot.batch_template import make_template
from flows.fields import FIELDS
from flows.rules import load_rules

RULES = load_rules()


def test_the_template_can_be_filled_in_and_read(tmp_path):
    target = tmp_path / "template.xlsx"
    err = io.StringIO()
    assert make_template(target, RULES, err) == 0
    book = openpyxl.load_workbook(target)
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    assert header == [field.heading for field in FIELDS.values()]
    assert all(cell.comment for cell in sheet[1])
    assert len(sheet.data_validations.dataValidation) == sum(f.kind != "text" for f in FIELDS.values())
    values = {"编号": "A", "申报类别": "中试基地（平台）", "申报日期": datetime(2026, 3, 1)}
    for column, title in enumerate(header, 1):
        sheet.cell(2, column, values.get(title))
    book.save(target)
    out, err = io.StringIO(), io.StringIO()
    status = run_batch(target, None, None, out, err)
    assert (status, json.loads(out.getvalue())["id"], err.getvalue()) == (0, "A", "")


def test_a_second_sheet_says_whose_each_column_is_what_is_asked_and_how_it_is_written(tmp_path):
    make_template(tmp_path / "t.xlsx", RULES, io.StringIO())
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    guide = {row[1]: row for row in book["填写说明"].iter_rows(min_row=2, values_only=True)}
    assert [*guide] == [field.heading for field in FIELDS.values()]
    column, _, whose, asked, how, clauses = guide["设备及软硬件设施原价值（万元）"]
    assert (whose, how, clauses) == ("中试基地（平台）", "只写数字，单位为万元", "9.3")
    assert asked.endswith("不清楚请留空。")
    assert book.active[f"{column}1"].value == "设备及软硬件设施原价值（万元）"
    assert book.active[f"{column}1"].fill.start_color.rgb == "FFFFF2CC"
    assert guide["场地面积（平方米）"][2] == "两类"
    assert guide["申报日期"][4] == "日期，如 2026-03-01"
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("t.csv", "只有 .xlsx"), ("nowhere/t.xlsx", "写不了文件"), ("there.xlsx", "已有这个文件")],
)
def test_a_template_that_cannot_be_written_is_one_sentence(name, says, tmp_path):
    (tmp_path / "there.xlsx").write_text("mine")
    err = io.StringIO()
    assert make_template(tmp_path / name, RULES, err) == 2
    assert says in err.getvalue()
