"""A report's file: drawn in three formats, read as pages, checked against its own figures, caught when changed."""

import io
import json
import random
import re
import warnings
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date

import docx
import pytest
import python_calamine
from docx.oxml.ns import qn
from docx.table import Table as DocxTable
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from second_opinion import applicants

from bot.report_check import check_report
from bot.report_document import make_document, texts, tone
from bot.report_file import FORMATS, ReportFileError, draw_report, file_name, read_profile_file, write_report
from bot.report_fonts import FAMILY
from bot.report_pdf import ATTACHED, FONTS, DrawingError, drawable, fonts, printable
from bot.report_reading import ReadingBackError, read_report
from flows.profile import ProfileError, read_profile
from flows.report import make_report
from flows.rules import load_rules

RULES = load_rules()
DAY = date(2026, 11, 24)
PILOT = {
    "id": "云南某某新材料有限公司", "track": "pilot_base", "as_of": "2026-06-01", "applicant_kind": "enterprise",
    "independent_legal_person": True, "site_area_m2": 800.5, "team_size": 8, "specialists": 2, "pilot_projects_done": 2,
    "pilot_contracts_wan": 150, "previously_revoked": False, "plaque_route": False, "investment_3y_wan": 700,
    "excluded_funds_3y_wan": 100, "annual_service_income_wan": 300, "direct_to_province": False, "prefecture": "大理白族自治州",
}  # fmt: skip


def report(**changes):
    return make_report(read_profile({**PILOT, **changes}), RULES, DAY, frozenset({"advisors"}))


@pytest.fixture(scope="module")
def drawn():
    return {form: draw_report(RULES, report(), form) for form in FORMATS}


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_a_document_has_everything_that_an_office_looks_for():
    words = "\n".join(text for _, text in texts(make_document(RULES, report())))
    for expected in (
        "中试基地（平台）备案预审报告", "预审结果：不符合", "云科规〔2025〕11号", RULES.version, "2026年11月24日", "不满足，还差199.5平方米",
        "（700－100）×20%＝120万元", "实景图片（条文写明）", "大理白族自治州科技管理部门", "未核", "不清楚", "签字", "不是签章",
    ):  # fmt: skip
        assert expected in words


def test_an_eligible_report_lists_the_evidence_of_what_holds_and_of_no_needless_alternative():
    told = {
        "track": "proof_of_concept", "as_of": "2026-06-01", "applicant_kind": "enterprise", "independent_legal_person": True,
        "construction_plan": True, "service_capacity": True, "service_terms": True, "site_area_m2": 200, "site_photos": True,
        "facilities_complete": True, "team_size": 6, "director_appointed": True, "specialists": 2, "advisors": 5,
        "sustained_projects": True, "project_library_account": True, "management_system": True, "full_process": True,
        "reserve_projects": 10, "poc_incubated": 1, "integrity_commitment": True, "previously_revoked": False,
    }  # fmt: skip
    document = make_document(RULES, make_report(read_profile(told), RULES, DAY))
    assert document.verdict == "eligible"
    assert document.sections[1].paragraphs == ("没有缺口，按所填内容各项要求都满足。",)
    listed = {row[2] for row in document.sections[3].table.rows}
    assert "创办（孵化）科技型企业数" in listed
    assert "概念验证（科技成果转化）基金或专项资金规模" not in listed


def test_a_file_holds_as_it_was_made(drawn):
    for form, content in drawn.items():
        checked = check_report(content, RULES)
        assert checked.holds, (form, checked.lines)


def test_the_pdf_is_tagged_titled_and_has_its_fonts_and_inputs_inside(drawn):
    reader = PdfReader(io.BytesIO(drawn["pdf"]))
    assert reader.metadata.title == "中试基地（平台）备案预审报告"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("zh")
    names = {
        font["/BaseFont"]
        for page in reader.pages
        for font in (f.get_object() for f in page["/Resources"]["/Font"].values())
    }
    assert names
    assert all("NotoSansSC" in name for name in names)
    assert json.loads(reader.attachments[ATTACHED][0])["site_area_m2"] == "800.5"
    assert all(report().receipt[-4:] in page.extract_text() for page in reader.pages)


def test_the_same_report_is_the_same_pdf(drawn):
    assert draw_report(RULES, report(), "pdf") == drawn["pdf"]


def test_word_asks_for_the_font_that_it_brings_and_has_a_header_on_each_page_and_a_picture_that_is_told(
    drawn,
):
    word = docx.Document(io.BytesIO(drawn["docx"]))
    runs = [r for p in word.paragraphs for r in p.runs if r.text.strip()]
    assert {r._element.rPr.rFonts.get(qn(f"w:{of}")) for r in runs for of in ("eastAsia", "ascii")} == {
        FAMILY
    }
    assert "2026年建设补助120.00万元" in word.inline_shapes[0]._inline.docPr.get("descr")
    assert word.tables[1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_workbook_has_figures_as_figures_and_no_formulas(drawn):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(drawn["xlsx"]))
    assert book.sheet_names[0] == "预审结论"
    support = book.get_sheet_by_name(next(name for name in book.sheet_names if "补助" in name)).to_python()
    assert [300.0 in row for row in support].count(True) >= 1
    content = draw_report(RULES, report(id="=1+1"), "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist())
    assert check_report(content, RULES).holds


def change_word(content, old, new, at=0):
    word = docx.Document(io.BytesIO(content))
    cells = [
        c
        for part in word.iter_inner_content()
        if isinstance(part, DocxTable)
        for row in part.rows
        for c in row.cells
    ]
    runs = [
        r
        for p in [*word.paragraphs, *(p for c in cells for p in c.paragraphs)]
        for r in p.runs
        if r.text == old
    ]
    runs[at].text = new
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("预审结果：不符合", "预审结果：符合", "应为“预审结果：不符合”，文件里是“预审结果：符合"),
        ("不满足，还差2人", "满足", "应为“不满足，还差2人”，文件里是“满足"),
        ("满足", "不满足", "应为“满足”，文件里是“不满足"),
        ("800.5", "1000", "回执不符"),
        ("不清楚", "5", "回执不符"),
        ("2026年11月24日", "2027年1月1日", "回执不符"),
        ("120.00", "200.00", "应为“120.00”，文件里是“200.00"),
        ("二、缺口计划", "二、", "应为“二、缺口计划”"),
    ],
)
def test_a_changed_line_is_found_and_said(drawn, old, new, said):
    # The table of what was told comes last; it is the one that the receipt covers.
    at = -1 if old in ("800.5", "不清楚") else 0
    checked = check_report(change_word(drawn["docx"], old, new, at), RULES)
    assert not checked.holds
    assert any(said in line for line in checked.lines), checked.lines
    assert len([line for line in checked.lines if "应为" in line]) <= 12


def test_words_added_at_the_end_are_found(drawn):
    word = docx.Document(io.BytesIO(drawn["docx"]))
    word.add_paragraph("已通过省科技厅审核")
    file = io.BytesIO()
    word.save(file)
    checked = check_report(file.getvalue(), RULES)
    assert not checked.holds
    assert "末尾多出“已通过省科技厅审核”。" in checked.lines


def without_attachment(content):
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_pdf_that_lost_its_attachment_is_read_from_its_pages(drawn):
    bare = without_attachment(drawn["pdf"])
    assert not PdfReader(io.BytesIO(bare)).attachments
    assert check_report(bare, RULES).holds


def test_characters_that_the_fonts_lack_are_shown_as_such_and_the_receipt_still_holds():
    made = report(id="云南𠮷田")
    assert ord("𠮷") not in drawable()
    content = draw_report(RULES, made, "pdf")
    words = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    assert "云南〓田" in words
    assert "U+20BB7" in words
    assert check_report(content, RULES).holds
    bare = check_report(without_attachment(content), RULES)
    assert not bare.holds
    assert any("请用原文件" in line for line in bare.lines)
    for form in ("docx", "xlsx"):  # the reader's own fonts draw these
        assert "𠮷" in "".join(read_report(draw_report(RULES, made, form)).words)


def test_a_report_by_other_rules_says_so(drawn):
    other = replace(RULES, version="yunnan-2025-11+0123456789ab")
    checked = check_report(drawn["pdf"], other)
    assert not checked.holds
    assert any("规则版本不同" in line for line in checked.lines)
    assert not any("回执不符" in line for line in checked.lines)


@settings(max_examples=12, deadline=None)
@given(applicants(sparse=True), st.sampled_from(sorted(FORMATS)), st.text(max_size=20))
def test_every_report_holds_in_every_format_whoever_the_applicant_is(applicant, form, name):
    track, values = applicant
    told = {"track": track, **{f: str(v) if isinstance(v, date) else v for f, v in values.items()}}
    told["id"] = "".join(c for c in name if not "\ud800" <= c <= "\udfff") or None
    made = make_report(read_profile(told), RULES, DAY, frozenset({"advisors"}))
    checked = check_report(draw_report(RULES, made, form), RULES)
    assert checked.holds, (form, checked.lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 .pdf"), (b"%PDF-1.7 nothing", "PDF 打不开"), (b"PK\x03\x04broken", "文件打不开"), (b"hello", "文件打不开"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_report_is_one_sentence(content, said):
    with pytest.raises(ReadingBackError, match=said.replace(".", r"\.") if content else "文件打不开"):
        read_report(content)


def test_a_broken_file_is_one_sentence_wherever_it_is_broken(drawn, caplog):
    chance = random.Random(4)
    for content in drawn.values():
        for count in (1, 20, 400):
            broken = bytearray(content)
            for _ in range(count):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            cut = broken[: chance.randrange(len(broken))]
            for damaged in (bytes(broken), bytes(cut)):
                with warnings.catch_warnings(), suppress(ReadingBackError, ProfileError):
                    warnings.simplefilter("ignore")
                    assert check_report(damaged, RULES).lines


def test_a_package_with_broken_words_and_a_pdf_with_a_password_are_one_sentence(drawn):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(drawn["docx"])) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if name == "word/document.xml" else old.read(name))
    with pytest.raises(ReadingBackError, match="打不开"):
        read_report(file.getvalue())
    writer = PdfWriter(clone_from=io.BytesIO(drawn["pdf"]))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ReadingBackError, match="密码"):
        read_report(locked.getvalue())


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_name_that_reads_like_the_reports_own_facts_confuses_nothing(form):
    made = report(id=f"报告日期2020年1月1日 回执{'0' * 32}")
    assert check_report(draw_report(RULES, made, form), RULES).holds


def test_a_day_that_does_not_exist_is_said(drawn):
    with pytest.raises(ReadingBackError, match="不存在"):
        check_report(change_word(drawn["docx"], "2026年11月24日", "2026年13月24日"), RULES)


def test_a_document_without_a_receipt_is_no_report():
    file = io.BytesIO()
    docx.Document().save(file)
    with pytest.raises(ReadingBackError, match="没有找到"):
        read_report(file.getvalue())


def test_every_word_of_a_report_can_be_drawn_and_both_weights_are_there():
    assert {(font.family, font.weight) for font in fonts().fonts()} == {
        ("Noto Sans SC", 400),
        ("Noto Sans SC", 700),
    }
    from bot.wording import TEMPLATES
    from flows.rules import FOLDER

    words = "".join(path.read_text("utf-8") for path in (TEMPLATES, *FOLDER.glob("*.toml")))
    assert {char for char in words if char.isprintable() and ord(char) not in drawable()} == set()
    assert (FONTS / "OFL.txt").read_text("utf-8").startswith("Copyright")


def test_the_coverage_is_that_of_the_font():
    from fontTools.ttLib import TTFont

    assert drawable() == set(TTFont(FONTS / "NotoSansSC-Regular.ttf").getBestCmap())
    bold = set(TTFont(FONTS / "NotoSansSC-Bold.ttf").getBestCmap())
    headings = make_document(RULES, report())
    strong = [headings.title, headings.verdict_words, *(s.heading for s in headings.sections)]
    strong += [cell for s in headings.sections if s.table for cell in s.table.header]
    assert {char for text in strong for char in text if ord(char) not in bold} == set()


def test_without_its_font_no_pdf_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr("bot.report_pdf.FONTS", tmp_path)
    fonts.cache_clear()
    try:
        with pytest.raises(DrawingError):
            draw_report_without_coverage()
    finally:
        monkeypatch.undo()
        fonts.cache_clear()


def draw_report_without_coverage():
    from bot.report_pdf import draw_pdf

    drawable()  # what the fonts can draw is known from before
    draw_pdf(make_document(RULES, report()), report())


def test_only_what_decides_is_coloured():
    assert [tone(cell) for cell in ("不满足，还差2人", "待定", "满足", "是")] == [
        "ineligible",
        "undetermined",
        "",
        "",
    ]
    assert printable(make_document(RULES, report())) == make_document(RULES, report())


def test_a_target_is_written_whole_or_not_at_all(tmp_path):
    profile = read_profile(PILOT)
    for name in ("a.txt", "a", "missing/a.pdf"):
        with pytest.raises(ReportFileError):
            write_report(RULES, profile, DAY, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    made = write_report(RULES, profile, DAY, tmp_path / "甲.PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["甲.PDF"]
    assert read_report((tmp_path / "甲.PDF").read_bytes()).receipt == made.receipt
    assert file_name("pilot_base", DAY, "pdf") == "中试基地（平台）备案预审报告-2026-11-24.pdf"


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', '{"track": "pilot_base", "track": "pilot_base"}', '{"track": 1}', '{"track": "pilot_base", "site_area_m2": NaN}'])  # fmt: skip
def test_a_profile_that_cannot_be_read_is_one_sentence(tmp_path, text):
    path = tmp_path / "p.json"
    path.write_text(text, "utf-8")
    with pytest.raises((ReportFileError, ProfileError)):
        read_profile_file(path)


def test_a_profile_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(json.dumps(PILOT, ensure_ascii=False), "utf-8-sig")
    assert read_profile_file(path) == read_profile(PILOT)
