import io
import re
import zipfile
from uuid import UUID

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from fontTools.ttLib import TTFont

from bot.report_fonts import FAMILY, cut, embed_fonts, obfuscate

TEXT = "概念验证中心：场地850平方米，云南大学堃"


def fonts_of(content):
    """The fonts in a .docx by how it embeds them, read as a word processor reads them."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    targets = {
        each.get("Id"): each.get("Target")
        for each in parse_xml(archive.read("word/_rels/fontTable.xml.rels"))
    }
    table = parse_xml(archive.read("word/fontTable.xml"))
    (font,) = (each for each in table if each.get(qn("w:name")) == FAMILY)
    found = {}
    for kind in ("embedRegular", "embedBold"):
        element = font.find(qn(f"w:{kind}"))
        hidden = archive.read(f"word/{targets[element.get(qn('r:id'))]}")
        # Word's own way: the key's digits from the last pair to the first, over each half of the first 32 bytes.
        digits = re.sub(r"\W", "", element.get(qn("w:fontKey")))
        key = [int(digits[place : place + 2], 16) for place in range(30, -1, -2)]
        plain = bytes(byte ^ key[n % 16] for n, byte in enumerate(hidden[:32])) + hidden[32:]
        found[kind] = TTFont(io.BytesIO(plain))
    return found


@pytest.fixture(scope="module")
def written():
    word = docx.Document()
    embed_fonts(word, TEXT)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def test_both_fonts_are_embedded_as_ecma_376_says_and_draw_the_text(written):
    fonts = fonts_of(written)
    for kind, style, wanted in (
        ("embedRegular", "Regular", TEXT),
        ("embedBold", "Bold", TEXT.replace("堃", "")),
    ):
        font = fonts[kind]
        assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (FAMILY, style)
        assert font["OS/2"].fsType == 0, "embedding is allowed"
        drawn = font.getBestCmap()
        assert {*map(ord, wanted + "0123456789")} <= {*drawn}
        assert len(drawn) < 130, "of the text and of ASCII alone"


def test_a_word_processor_is_told_of_the_fonts(written):
    archive = zipfile.ZipFile(io.BytesIO(written))
    settings = parse_xml(archive.read("word/settings.xml"))
    order = [child.tag for child in settings]
    places = [order.index(qn(f"w:{name}")) for name in ("zoom", "embedTrueTypeFonts", "saveSubsetFonts")]
    assert places == sorted(places)
    types = archive.read("[Content_Types].xml").decode()
    assert types.count("application/vnd.openxmlformats-officedocument.obfuscatedFont") == 2


def test_the_same_text_gives_the_same_font():
    assert cut("NotoSansSC-Bold.ttf", TEXT) == cut("NotoSansSC-Bold.ttf", TEXT)


def test_obfuscating_twice_gives_the_font_back():
    key = UUID("00112233-4455-6677-8899-aabbccddeeff")
    content = bytes(range(64))
    hidden = obfuscate(content, key)
    assert hidden[:3] == bytes((0xFF, 0xEE ^ 1, 0xDD ^ 2))
    assert hidden[16] == 0xFF ^ 16
    assert hidden[32:] == content[32:]
    assert obfuscate(hidden, key) == content
