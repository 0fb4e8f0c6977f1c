import csv
import io
import json
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from bot.batch import run_batch
from bot.batch_result import COLUMNS
from flows.fields import FIELDS

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/prescreen_dev.jsonl").read_text("utf-8").splitlines()
]
PROFILES = [case["profile"] for case in CASES]
KEYS = [name for name in FIELDS if any(name in profile for profile in PROFILES)]
POC = {"id": "A", "track": "proof_of_concept"}


def run(source: Path, output: Path | None = None, as_of: date | None = None):
    out, err = io.StringIO(), io.StringIO()
    status = run_batch(source, output, as_of, out, err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue().splitlines()


def jsonl(path: Path, *rows) -> Path:
    path.write_text(
        "".join(
            (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows
        ),
        "utf-8",
    )
    return path


def in_chinese(value):
    return (
        {None: "", True: "是", False: "否"}.get(value, value)
        if value is None or isinstance(value, bool)
        else value
    )


def csv_file(path: Path, header, *rows, encoding="utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def xlsx_file(path: Path, *rows, **options) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, **options}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(i, j, cell, day)
                elif cell is not None and cell != "":
                    sheet.write(i, j, cell)
    return path


def development_file(kind: str, folder: Path) -> Path:
    path = folder / f"cases.{kind.split('-', maxsplit=1)[0]}"
    if kind == "jsonl":
        return jsonl(path, *PROFILES)
    if kind == "xlsx-chinese":
        rows = [[in_chinese(profile.get(key)) for key in KEYS] for profile in PROFILES]
        for row in rows:
            row[KEYS.index("track")] = FIELDS["track"].choices[row[KEYS.index("track")]]
        return xlsx_file(path, [FIELDS[key].heading for key in KEYS], *rows)
    if kind == "xlsx":
        return xlsx_file(path, KEYS, *([profile.get(key) for key in KEYS] for profile in PROFILES))
    encoding = kind.split("-", 1)[1]
    return csv_file(
        path, KEYS, *([in_chinese(p.get(key)) for key in KEYS] for p in PROFILES), encoding=encoding
    )


@pytest.mark.parametrize(
    "kind", ["jsonl", "csv-utf-8", "csv-utf-8-sig", "csv-gb18030", "xlsx", "xlsx-chinese"]
)
def test_the_development_cases_come_out_right_in_every_format(kind, tmp_path):
    status, rows, errors = run(development_file(kind, tmp_path))
    assert status == 1
    assert len(rows) == len(CASES)
    bad = []
    header = 0 if kind == "jsonl" else 1
    for number, (case, row) in enumerate(zip(CASES, rows, strict=True), 1 + header):
        if "error_field" in case:
            assert list(row["error"]) == [case["error_field"]]
            assert row["id"] == case["profile"]["id"]
            bad.append(f"row {number}, {case['error_field']}: ")
        else:
            assert {key: row[key] for key in case["expected"]} == case["expected"]
    assert [line.split(": ")[0] + ": " for line in errors] == bad


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "xlsx"])
def test_output_by_extension_has_one_row_for_each_input_row_in_order(suffix, tmp_path):
    target = tmp_path / f"out.{suffix}"
    status, printed, _ = run(development_file("jsonl", tmp_path), target)
    assert (status, printed) == (1, [])
    if suffix == "jsonl":
        ids = [json.loads(line)["id"] for line in target.read_text("utf-8").splitlines()]
    else:
        table = read_table(target)
        assert tuple(table[0]) == COLUMNS
        ids = [row[0] for row in table[1:]]
        assert table[9][:9] == [
            "D009-bound", "ineligible", "8.4", "", "province", "200.00", "100.00", "300.00", "300.00",
        ]  # fmt: skip
        assert table[29][2] == "8.1;8.2;8.3;8.4;8.5;10.1"
        assert table[53][-1].startswith("site_area_m2: “-1000”是负数")
    assert ids == [profile["id"] for profile in PROFILES]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.jsonl", f"out.{suffix}"]


def read_table(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = openpyxl.load_workbook(path).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("start", "=+-@")
def test_text_that_a_spreadsheet_would_run_is_written_as_text(start, tmp_path):
    source = jsonl(tmp_path / "in.jsonl", {**POC, "id": f"{start}1+1"})
    run(source, tmp_path / "out.csv")
    assert read_table(tmp_path / "out.csv")[1][0] == f"'{start}1+1"
    run(source, tmp_path / "out.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == (f"{start}1+1", "s")


def test_as_of_fills_the_rows_that_have_none(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", POC, {**POC, "as_of": None}, {**POC, "as_of": "2025-12-01"})
    _, rows, _ = run(source, as_of=date(2026, 3, 1))
    assert [("20" in row["unmet"], "20" in row["unknown"]) for row in rows] == [
        (False, False),
        (False, False),
        (True, False),
    ]


def test_an_ineligible_row_is_not_a_failed_row(tmp_path):
    status, rows, errors = run(jsonl(tmp_path / "in.jsonl", {**POC, "team_size": 1}))
    assert (status, rows[0]["verdict"], errors) == (0, "ineligible", [])


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        ("{nonsense", "row", "不是有效的 JSON"),
        ("[1]", "row", "不是 JSON 对象"),
        ("7", "row", "不是 JSON 对象"),
        ("[" * 100_000, "row", "不是有效的 JSON"),
        ('{"track": "pilot_base", "track": "pilot_base"}', "track", "写了两次"),
        ('{"track": "pilot_base", "site_area_m2": NaN}', "site_area_m2", "不是数字"),
        ('{"track": "pilot_base", "site_area_m2": Infinity}', "site_area_m2", "不是数字"),
        ('{"track": "pilot_base", "site_area_m2": 1e400}', "site_area_m2", "太大"),
        ('{"track": "pilot_base", "site_area_m2": 1' + "0" * 5000 + "}", "site_area_m2", "太大"),
        ('{"track": "pilot_base", "site_area_m2": -0}', "site_area_m2", "负零"),
        ('{"track": "pilot_base", "site_area_m2": 1e99999999999999999999}', "row", "不是有效的 JSON"),
        ('{"track": "pilot_base", "id": "\\ud800"}', "id", "不完整的字符"),
        ('{"track": "pilot_base", "\\ud800\\n": 1}', " ", "没有这个字段"),
        ('{"track": "pilot_base", "as_of": "20206-01-01"}', "as_of", "不是日期"),
        ("x" * 1_100_000, "row", "超过"),
    ],
)
def test_a_bad_line_is_reported_and_the_others_still_come_out(line, field, says, tmp_path):
    status, rows, errors = run(jsonl(tmp_path / "in.jsonl", POC, line, "", POC))
    assert status == 1
    assert [row["error"] is None for row in rows] == [True, False, True]
    (name, reason) = next(iter(rows[1]["error"].items()))
    assert name.strip() == field.strip()
    assert says in reason
    assert errors[0].startswith("row 2: " if field == "row" else "row 2, ")
    json.dumps(rows, ensure_ascii=False).encode()


SHEET_CELLS = [
    ("as_of", "20206-01-01", "不是日期"),
    ("as_of", "20206年1月1日", "不是日期"),
    ("as_of", "2026-02-30", "这一天不存在"),
    ("site_area_m2", "NaN", "不是数字"),
    ("site_area_m2", "inf", "不是数字"),
    ("site_area_m2", "1e400", "科学记数法"),
    ("site_area_m2", "1.2E+03", "科学记数法"),
    ("site_area_m2", "1" + "0" * 400, "太大"),
    ("site_area_m2", "-0", "负数"),
    ("site_area_m2", "−1", "负数"),
    ("site_area_m2", "1200平方米", "请只写数字 1200"),
    ("team_size", "6.5", "不是整数"),
    ("site_photos", "应该有", "请写“是”或“否”"),
]


@pytest.mark.parametrize(("field", "cell", "says"), SHEET_CELLS)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_bad_cell_is_reported_by_row_and_field_and_the_others_still_come_out(
    suffix, field, cell, says, tmp_path
):
    write = csv_file if suffix == "csv" else xlsx_file
    header, good = ["id", "track", field], ["A", "pilot_base", ""]
    source = write(tmp_path / f"in.{suffix}", header, good, ["B", "pilot_base", cell], good)
    status, rows, errors = run(source)
    assert (status, len(errors)) == (1, 1)
    assert errors[0].startswith(f"row 3, {field}: ")
    assert says in errors[0]
    assert [row["error"] is None for row in rows] == [True, False, True]


def test_numbers_that_are_no_figures_are_reported_in_a_workbook_too(tmp_path):
    source = xlsx_file(
        tmp_path / "in.xlsx", ["track", "site_area_m2"], ["pilot_base", -1], ["pilot_base", 1e300]
    )
    _, _, errors = run(source)
    assert [line.split("；")[0] for line in errors] == [
        "row 2, site_area_m2: “-1”是负数",
        "row 3, site_area_m2: “1e+300”太大",
    ]


def test_an_id_with_half_a_character_does_not_reach_the_output(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", '{"id": "\\ud800", "track": "pilot_base", "track": "pilot_base"}')
    status, rows, _ = run(source)
    assert (status, rows[0]["id"]) == (1, None)


def test_a_line_that_is_not_utf_8_is_reported(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes('{"track": "pilot_base", "id": "甲"}\n'.encode("gb18030"))
    assert run(path)[2] == ["row 1: 不是 UTF-8 编码；请将文件另存为 UTF-8"]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(POC), "utf-8-sig")
    assert run(path)[0] == 0


def test_the_id_of_a_bad_row_is_kept(tmp_path):
    _, rows, _ = run(jsonl(tmp_path / "in.jsonl", {**POC, "team_size": -1}))
    assert rows == [{"id": "A", "error": {"team_size": "“-1”是负数；请写 0 或正数，单位为人"}}]


def test_a_sheet_takes_what_people_write_in_sheets(tmp_path):
    header = ["编号", "申报类别", "申报日期", "场地面积（平方米）", "场地实景图片", "备注"]
    row = [12, "概念验证中心", datetime(2026, 3, 1), "１，２００", "√", "已电话核实"]
    status, rows, errors = run(xlsx_file(tmp_path / "in.xlsx", header, row))
    assert (status, errors) == (0, [])
    said = {c["field"]: c["actual"] for c in rows[0]["criteria"]}
    assert rows[0]["id"] == "12"
    assert (said["as_of"], said["site_area_m2"], said["site_photos"]) == ("2026-03-01", "1200", "是")


def test_empty_rows_are_passed_over_and_keep_their_numbers(tmp_path):
    status, rows, errors = run(
        csv_file(tmp_path / "in.csv", ["id", "track"], ["A", "pilot_base"], ["", ""], [], ["B", "x"])
    )
    assert (status, [row["id"] for row in rows]) == (1, ["A", "B"])
    assert errors[0].startswith("row 5, track: ")


def test_a_thousands_comma_that_splits_a_cell_is_reported(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,track,site_area_m2\nA,pilot_base,1,200\n", "utf-8")
    assert "千位逗号" in run(path)[1][0]["error"]["row"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_other_delimiters_of_excel_are_understood(delimiter, tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(f"id{delimiter}track\nA{delimiter}pilot_base\n", "utf-8")
    assert run(path)[0] == 0


def formula(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "track", "team_size"])
        sheet.write_row(1, 0, ["A", "pilot_base"])
        sheet.write_formula(1, 2, "=5+5")
    return path


def merged(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "申报单位")
    return path


def encrypted(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return path


def zip_of(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    return path


def bomb(path: Path) -> Path:
    """A workbook of some kilobytes whose shared texts are 101 MB unpacked."""
    xlsx_file(path, ["id", "track"], ["A", "pilot_base"])
    with zipfile.ZipFile(path) as whole:
        parts = {info.filename: whole.read(info) for info in whole.infolist()}
    parts["xl/sharedStrings.xml"] += b" " * 101_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def written(data: bytes):
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def cut_off(path: Path) -> Path:
    whole = xlsx_file(path, KEYS, *([profile.get(key) for key in KEYS] for profile in PROFILES)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def garbled(path: Path) -> Path:
    whole = bytearray(
        xlsx_file(path, KEYS, *([profile.get(key) for key in KEYS] for profile in PROFILES)).read_bytes()
    )
    place = whole.index(b"xl/worksheets/sheet1.xml")
    whole[place + 200 : place + 300] = bytes(100)
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("in.xlsx", formula, "单元格C2是公式"),
        ("in.xlsx", bomb, "工作簿太大"),
        ("in.csv", written(b"id,track\nA,pilot_base" + b" " * 1_100_000), "有一行超过1000000个字"),
        ("in.xlsx", merged, "合并单元格（A1:B1）"),
        ("in.xlsx", encrypted, "有密码"),
        ("in.xlsx", zip_of, "不是完好的 Excel 文件"),
        ("in.xlsx", garbled, "不是完好的 Excel 文件"),
        ("in.xlsx", cut_off, "不是完好的 Excel 文件"),
        ("in.xlsx", written(b"PK\x03\x04 nonsense"), "不是完好的 Excel 文件"),
        ("in.xlsx", xlsx_file, "表是空的"),
        ("in.xlsx", lambda path: xlsx_file(path, ["id", "track"]), "只有标题行"),
        ("in.xlsx", lambda path: xlsx_file(path, ["id", "track", "电话"], ["A", "pilot_base", "1"]), "第3列的标题“电话”不是字段名"),
        ("in.xlsx", lambda path: xlsx_file(path, ["track", "team_size", "团队人数"], ["pilot_base", 1, 2]), "team_size（专业化运营管理团队人数）有两列"),
        ("in.xlsx", lambda path: xlsx_file(path, ["id", "场地面积"], ["A", 1]), "没有 track（申报类别）这一列"),
        ("in.csv", written(b""), "文件是空的"),
        ("in.csv", written(b"id,track,track\nA,pilot_base,pilot_base\n"), "有两列"),
        ("in.csv", written("某某单位申报汇总表\nid,track\n".encode()), "不是字段名"),
        ("in.csv", written(b"id,track\nA,\xff\xff\xff\n"), "编码不是 UTF-8 或 GBK"),
        ("in.csv", written("id,track".encode("utf-16")), "不是文本文件"),
        ("in.csv", written(b'id,track\nA,"pilot_base\n' + b"x" * 200_000), "引号是否成对"),
        ("in.jsonl", written(b""), "文件是空的"),
        ("in.jsonl", written(b"\n \n"), "没有内容"),
        ("in.jsonl", written("{}".encode("utf-16")), "UTF-16"),
        ("in.pdf", written(b"%PDF"), "不支持“.pdf”文件"),
        ("in", written(b"x"), "不支持“无扩展名”文件"),
    ],
)  # fmt: skip
def test_an_unusable_file_is_one_clear_sentence_and_nothing_is_written(name, make, says, tmp_path):
    source = make(tmp_path / name)
    status, rows, errors = run(source, tmp_path / "out.xlsx")
    assert (status, rows) == (2, [])
    assert len(errors) == 1
    assert errors[0].startswith(f"{source}: ")
    assert says in errors[0]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.csv", "missing.xlsx"])
def test_a_missing_file_is_one_clear_sentence(name, tmp_path):
    status, _, errors = run(tmp_path / name)
    assert status == 2
    assert "打不开文件" in errors[0]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("out.docx", "不支持“.docx”"),
        ("nowhere/out.csv", "不能写到这里"),
        ("in.jsonl", "输出文件就是输入文件"),
    ],
)
def test_an_unusable_target_is_refused_before_anything_is_read(target, says, tmp_path):
    source = jsonl(tmp_path / "in.jsonl", POC)
    before = source.read_bytes()
    status, _, errors = run(source, tmp_path / target)
    assert status == 2
    assert says in errors[0]
    assert source.read_bytes() == before


def test_an_existing_target_stays_as_it_was_when_the_source_turns_out_unusable(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("yesterday's")
    run(formula(tmp_path / "in.xlsx"), target)
    assert target.read_text() == "yesterday's"


def test_hidden_rows_are_screened_and_said(tmp_path):
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([["id", "track"], ["A", "pilot_base"], ["B", "pilot_base"]]):
            sheet.write_row(i, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    status, rows, errors = run(path)
    assert (status, [row["id"] for row in rows]) == (0, ["A", "B"])
    assert errors == ["第3行是隐藏的行，也一并预审"]


def test_a_terminal_is_told_where_the_results_are(tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    err, target = Terminal(), tmp_path / "out.csv"
    run_batch(jsonl(tmp_path / "in.jsonl", POC), target, None, io.StringIO(), err)
    assert err.getvalue().endswith(f"共1行：符合0，不符合0，待定1，有误0；结果在 {target}\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("kind", ["jsonl", "csv-utf-8", "xlsx"])
def test_a_terminal_sees_progress_and_the_errors(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    out, err = io.StringIO(), Terminal()
    assert run_batch(development_file(kind, tmp_path), None, None, out, err) == 1
    assert "预审" in err.getvalue()
    assert "site_area_m2" in err.getvalue()
    counts = Counter(case.get("expected", {"verdict": "error"})["verdict"] for case in CASES)
    assert err.getvalue().endswith(
        f"共{len(CASES)}行：符合{counts['eligible']}，不符合{counts['ineligible']}，"
        f"待定{counts['undetermined']}，有误{counts['error']}\n"
    )
    assert len(out.getvalue().splitlines()) == len(CASES)
