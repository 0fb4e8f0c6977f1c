import pytest

from bot.quoting import read_quotations
from knowledge.regulation import load

LAW = load()
CLAUSE = LAW.clauses["8.3"]
QUOTE = f"依据 {CLAUSE.name}：“{CLAUSE.text}”"


def test_a_quotation_becomes_one_with_its_citation_and_the_rest_stays_text():
    written = read_quotations(LAW, f"可以租赁。\n{QUOTE}\n请在申报书里写明。")
    assert [block.kind for block in written.blocks] == ["text", "quote", "text"]
    assert written.blocks[1].text == CLAUSE.text
    assert [citation.label for citation in written.citations] == ["8.3"]
    assert written.wrong == ""


def test_a_part_of_a_clause_and_another_spacing_are_verbatim_too():
    part = CLAUSE.text[:12]
    assert read_quotations(LAW, f"依据第八条第（三）项: “{part[:5]}\n{part[5:]}”").wrong == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (QUOTE.replace("200", "300"), "与原文不一致"),
        ("依据 第九十九条：“随便写的”", "没有“第九十九条”"),
        (f"{QUOTE}\n依据 第八条第（四）项：“团队不少于3人”", "第八条第（四）项的引文与原文不一致"),
    ],
)
def test_what_is_not_in_the_clause_is_refused(text, wrong):
    assert wrong in read_quotations(LAW, text).wrong


@pytest.mark.parametrize("text", ["没有引文", "“依据”一词", "依据 第八条：" + "“" * 5000, "依据" * 5000])
def test_a_text_without_a_quotation_stays_as_it_is(text):
    (block,) = read_quotations(LAW, text).blocks
    assert (block.kind, block.text) == ("text", text)
