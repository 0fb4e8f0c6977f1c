"""The project's own fonts put into a Word document: only its characters, obfuscated as ECMA-376 wants embedded fonts."""

import hashlib
from io import BytesIO
from uuid import UUID

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from bot.report_pdf import FONTS

FAMILY = "Noto Sans SC"
_OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_FILES = {"embedRegular": "NotoSansSC-Regular.ttf", "embedBold": "NotoSansSC-Bold.ttf"}
_TYPED = "".join(map(chr, range(0x20, 0x7F)))
"""What the reader may still type where it is to be filled in: days and figures."""


def embed_fonts(word: Docx, text: str) -> None:
    """Put the fonts, cut to the characters of `text`, into a document whose runs ask for `FAMILY`."""
    table = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(table.blob)
    font = OxmlElement("w:font", {qn("w:name"): FAMILY})
    for about, value in (("charset", "86"), ("family", "swiss"), ("pitch", "variable")):
        font.append(OxmlElement(f"w:{about}", {qn("w:val"): value}))
    for number, (kind, file) in enumerate(_FILES.items(), 1):
        content = cut(file, text + _TYPED)
        key = UUID(bytes=hashlib.sha256(content).digest()[:16])  # the same report gives the same file
        name = PackURI(f"/word/fonts/font{number}.odttf")
        part = Part(name, _OBFUSCATED, obfuscate(content, key), word.part.package)
        attributes = {
            qn("r:id"): table.relate_to(part, RELATIONSHIP_TYPE.FONT),
            qn("w:fontKey"): f"{{{key}}}".upper(),
            qn("w:subsetted"): "1",
        }
        font.append(OxmlElement(f"w:{kind}", attributes))
    fonts.append(font)
    table._blob = serialize_part_xml(fonts)
    settings = word.settings.element
    for setting in ("saveSubsetFonts", "embedTrueTypeFonts"):  # each before the one before
        settings.find(qn("w:zoom")).addnext(OxmlElement(f"w:{setting}"))


def cut(file: str, text: str) -> bytes:
    """A font file with the glyphs of a text alone."""
    cutter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(text=text)
    content = BytesIO()
    with TTFont(FONTS / file, lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        font.save(content)
    return content.getvalue()


def obfuscate(content: bytes, key: UUID) -> bytes:
    """The first 32 bytes combined with the key from its last byte to its first, twice (ECMA-376 part 1, 17.8.1); doing it
    again undoes it."""
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(content, mask, strict=False)) + content[32:]
