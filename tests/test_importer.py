"""A regulation is read from every kind of file with no article lost, and a bad file is named."""

import io
import random

import pytest
import typst
from docx import Document
from pypdf import PdfWriter

from bot.report_pdf import FONTS
from knowledge.importer import _joined, import_file, read_text, read_version
from knowledge.regulation import KnowledgeError, load, parse, squeeze

TEXT = load().text


def write(path, suffix):
    file = path / f"办法{suffix}"
    if suffix == ".docx":
        document = Document()
        for line in TEXT.splitlines():
            document.add_paragraph(line)
        document.save(str(file))
    elif suffix == ".html":
        body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
        file.write_text(
            f"<html><head><title>x</title><script>第一条</script></head><body>{body}</body></html>", "utf-8"
        )
    elif suffix == ".gb.txt":
        file.write_bytes(TEXT.encode("gb18030"))
    else:
        file.write_text(TEXT, "utf-8")
    return file


@pytest.mark.parametrize("suffix", [".txt", ".gb.txt", ".md", ".html", ".docx"])
def test_every_kind_of_file_gives_the_same_clauses(tmp_path, suffix):
    read = parse(read_text(write(tmp_path, suffix)))
    expected = {label: squeeze(c.text) for label, c in load().clauses.items() if label != "notice"}
    assert {label: squeeze(c.text) for label, c in read.clauses.items() if label != "notice"} == expected


def test_the_text_is_written_and_counted(tmp_path):
    line = import_file(write(tmp_path, ".txt"), tmp_path / "out")
    assert "21 articles, 29 items" in line
    assert (tmp_path / "out" / "办法" / "regulation.txt").exists()


def pdf_of(path, text):
    source = path / "办法.typ"
    source.write_text('#set text(font: "Noto Sans SC")\n' + "\n\n".join(text.splitlines()), "utf-8")
    file = path / "办法.pdf"
    file.write_bytes(typst.compile(str(source), font_paths=[str(FONTS)]))
    return file


def test_a_pdf_gives_the_same_articles(tmp_path):
    read = parse(read_text(pdf_of(tmp_path, TEXT)))
    expected = {c.label: squeeze(c.text) for c in load().articles()}
    assert {c.label: squeeze(c.text) for c in read.articles()} == expected
    assert read.chapters == load().chapters


def test_page_numbers_and_the_ends_of_lines_are_no_words():
    pages = "渡口办法\n昆渡〔2024〕3号\n第一章 总则\n第一条 夜间不\n— 1 —\n得载客。\n第二条 甲：\n（一）子；"
    text = _joined(pages)
    assert text.splitlines() == [
        "渡口办法", "昆渡〔2024〕3号", "第一章 总则", "第一条 夜间不得载客。", "第二条 甲：", "（一）子；",
    ]  # fmt: skip


def test_the_tables_of_a_word_document_are_read_where_they_stand(tmp_path):
    document = Document()
    document.add_paragraph("第一条　票价如下：")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "成人", "二元"
    document.add_paragraph("第二条　甲。")
    document.save(str(tmp_path / "票价.docx"))
    assert "成人　二元" in parse(read_text(tmp_path / "票价.docx")).clauses["1"].text


def blank_pdf(password=""):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.odt", b"x", "give a file of"),
        ("x.docx", b"no zip", "damaged"),
        ("x.pdf", b"no pdf", "damaged"),
        ("x.txt", b"", "empty"),
        ("x.pdf", b"", "empty"),
        ("x.txt", "通知".encode(), "no line begins"),
        ("x.html", b"<p></p>", "no line begins"),
        ("x.pdf", blank_pdf(), "pictures without text"),
        ("x.pdf", blank_pdf("secret"), "password"),
    ],
)
def test_a_bad_file_is_one_sentence_and_writes_nothing(tmp_path, name, content, said):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(KnowledgeError, match=said) as raised:
        import_file(file, tmp_path / "out")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KnowledgeError, match="No such file"):
        read_text(tmp_path / "fehlt.pdf")


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_a_damaged_file_is_read_or_refused(tmp_path, suffix):
    whole = pdf_of(tmp_path, TEXT[:600]) if suffix == ".pdf" else write(tmp_path, suffix)
    raw, chance = whole.read_bytes(), random.Random(8)
    refused = 0
    for _ in range(40):
        damaged = bytearray(raw[: chance.randrange(1, len(raw))])
        for _ in range(10):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        whole.write_bytes(damaged)
        try:
            read_text(whole)
        except KnowledgeError:
            refused += 1
    assert refused


def test_a_version_is_a_file_an_imported_one_or_the_measure(tmp_path):
    import_file(write(tmp_path, ".txt"), tmp_path / "out")
    assert read_version("办法", tmp_path / "out").id == "办法"
    assert read_version(str(tmp_path / "办法.txt"), tmp_path / "out").id == "办法"
    assert read_version("yunnan-2025-11", tmp_path / "out").text == TEXT
    with pytest.raises(KnowledgeError, match="known are yunnan-2025-11, 办法"):
        read_version("什么", tmp_path / "out")
