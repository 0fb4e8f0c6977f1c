"""A regulation is read from every kind of file with no article lost, and a bad file is named."""

import pytest
from docx import Document

from knowledge.importer import import_file, read_text
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


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.odt", b""), ("x.docx", b"no zip"), ("x.pdf", b"no pdf"), ("x.txt", "通知".encode())],
)
def test_a_bad_file_is_one_sentence(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(KnowledgeError):
        import_file(file, tmp_path / "out")
