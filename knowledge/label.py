"""Read any spelling of a citation (9.3, 第九条第（三）项, art.9(3)), write the canonical label, print it in Chinese."""

import re
from dataclasses import dataclass
from unicodedata import normalize

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_CHINESE = "〇零一二三四五六七八九十两廿卅百"
_N = rf"(?:\d{{1,4}}|[{_CHINESE}]{{1,7}})"


@dataclass(frozen=True, order=True)
class Label:
    """Where a clause stands: article, paragraph (款), item (项), subitem (目), 0 where not given. Article 0 is the notice.
    `inserted` is the 一 of 第一百二十条之一, an article that an amendment put behind another."""

    article: int
    paragraph: int = 0
    item: int = 0
    subitem: int = 0
    inserted: int = 0

    def __str__(self) -> str:
        """The canonical label: `9`, `2p1`, `9.3`, `8.5.2`, `120-1`; `notice` for what stands above the articles."""
        if not self.article:
            return "notice"
        inserted = f"-{self.inserted}" if self.inserted else ""
        paragraph = f"p{self.paragraph}" if self.paragraph else ""
        return f"{self.article}{inserted}{paragraph}" + "".join(
            f".{n}" for n in (self.item, self.subitem) if n
        )

    @property
    def name(self) -> str:
        """The label in Chinese as a document cites it: 第九条第（三）项, 第八条第（五）项第2目."""
        if not self.article:
            return "印发通知"
        parts = [f"第{to_chinese(self.article)}条"]
        if self.inserted:
            parts.append(f"之{to_chinese(self.inserted)}")
        if self.paragraph:
            parts.append(f"第{to_chinese(self.paragraph)}款")
        if self.item:
            parts.append(f"第（{to_chinese(self.item)}）项")
        if self.subitem:
            parts.append(f"第{self.subitem}目")
        return "".join(parts)


@dataclass(frozen=True)
class Mention:
    """A citation found in a text, with the span of the normalised text (NFKC) that it covers."""

    label: Label
    start: int
    end: int


def to_chinese(number: int) -> str:
    """A whole number from 1 to 9,999 in Chinese numerals as articles are numbered: 10 十, 21 二十一, 105 一百零五."""
    digits = "零一二三四五六七八九"
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap else "") + digits[digit] + unit
            gap = False
        elif text:
            gap = True
    return text[1:] if text.startswith("一十") else text


def to_number(text: str) -> int:
    """A numeral as it numbers articles, Arabic or Chinese (廿一, 一百零五, 二〇); ValueError if it is none."""
    if text.isdecimal():
        return int(text)
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            total += _TENS[c] if c != "十" else 10 * (digit or 1)
            digit = 0
        elif c in "百千":
            total += (digit or 1) * (100 if c == "百" else 1000)
            digit = 0
        else:
            raise ValueError(f"{text!r} is not a numeral")
    return total + digit


# After 条: 款, then 项 or a number in brackets, then 目 or a bare number (第八条(五)3).
_ARTICLE = re.compile(
    rf"(?P<ordinal>第)?\s*(?P<article>{_N})\s*[条條](?![件例理目龙路腿线])(?:\s*之\s*(?P<inserted>[{_CHINESE}]{{1,3}}))?"
    rf"(?:\s*的?\s*第?\s*\(?(?P<paragraph>{_N})\)?\s*款)?"
    rf"(?:\s*的?[,,、]?\s*(?:第?\s*\(\s*(?P<bracket>{_N})\s*\)\s*[项項]?|第?\s*(?P<item>{_N})\s*[项項](?!目)))?"
    rf"(?:\s*的?[,,、]?\s*(?:第?\s*\(?\s*(?P<subitem>{_N})\s*\)?\s*(?:目|小点|小项|小目)|第?\s*(?P<tail>\d)(?![\d.]|\s*[个名人家项万亿年月天%平])[.、]?))?"
)
_CANONICAL = re.compile(r"(\d{1,4})(?:-(\d{1,2}))?(?:p(\d{1,2}))?(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,3})(?:p(\d{1,2}))?(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?(?!\.?\d)")
_BRACKETED = re.compile(
    rf"(?<![\d.{_CHINESE}])(\d{{1,3}}|[{_CHINESE}]{{1,3}})\s*\(\s*({_N})\s*\)(?:\s*\(?\s*(\d)\s*\)?(?![\d.]|\s*[个名人家项万亿年月天%平]))?"
)
_ENGLISH = re.compile(
    r"\bart(?:icle|\.)?\s*(\d{1,3})(?:\s*[.(]\s*(\d{1,2})\s*\)?)?(?:\s*[.(]\s*(\d{1,2})\s*\)?)?",
    re.IGNORECASE,
)
_NOT_ORDINAL = re.compile(r"(?:共|有|[哪这那]个?|几|前|后|以上|以下|上述|满足|符合|达到|够|每|各)$")
_COUNTED = re.compile(
    r"措施|职责|要求|标准|政策|意见|建议|理由|合起来|加起来|都|全(?!文)|就行|就够|里头?占|中占"
)
"""What follows a number of things: 三条职责, 十五条措施."""
_UNIT_AFTER = re.compile(r"\s*(?:[万亿元%平亩个名人家项年月天倍成米]|m)")
_CITING = re.compile(r"条|项|目|款|原文|全文|内容|规定|说|讲|写|是啥|是什么|查|看|label")


def read_label(text: str) -> Label | None:
    """The label when the whole text is one citation, in any spelling, else None."""
    plain = normalize("NFKC", text).strip().strip("《》“”\"'。,.、:;?!").strip()
    if plain in {"notice", "印发通知", "通知"}:
        return Label(0)
    if canonical := _CANONICAL.fullmatch(plain):
        article, inserted, paragraph, item, subitem = canonical.groups()
        return _label(article, paragraph, item, subitem, inserted)
    if re.fullmatch(rf"第?{_N}", plain):
        return _label(plain.removeprefix("第"))
    mentions = find_labels(plain)
    return (
        mentions[0].label
        if len(mentions) == 1 and mentions[0].end - mentions[0].start == len(plain)
        else None
    )


def find_labels(text: str) -> tuple[Mention, ...]:
    """Every citation in a text, in order. A bare decimal (1.5亩) is none; `9.3` is one only beside words of citing."""
    plain = normalize("NFKC", text)
    found: list[Mention] = []

    def add(start: int, end: int, label: Label | None) -> None:
        if label and not any(m.start < end and start < m.end for m in found):
            found.append(Mention(label, start, end))

    if (whole := _DOTTED.fullmatch(plain.strip())) and (whole[2] or whole[3]):
        add(0, len(plain), _label(*whole.groups()))  # nothing but 8.4
    for m in _ARTICLE.finditer(plain):
        if not m["ordinal"] and (
            (m["article"] in {"一", "两"} and not (m["paragraph"] or m["bracket"] or m["item"]))
            or _NOT_ORDINAL.search(plain[max(0, m.start() - 4) : m.start()])
            or _COUNTED.match(plain, m.end())
        ):
            continue
        add(
            *m.span(),
            _label(
                m["article"],
                m["paragraph"],
                m["bracket"] or m["item"],
                m["subitem"] or m["tail"],
                m["inserted"],
            ),
        )
    for m in _ENGLISH.finditer(plain):
        add(*m.span(), _label(m[1], None, m[2], m[3]))
    for m in _BRACKETED.finditer(plain):
        add(*m.span(), _label(m[1], None, m[2], m[3]))
    for m in _DOTTED.finditer(plain):
        certain = bool(m[4] or m[2])
        if (certain or (m[3] and _CITING.search(plain))) and not _UNIT_AFTER.match(plain, m.end()):
            add(*m.span(), _label(*m.groups()))
    return tuple(sorted(found, key=lambda mention: mention.start))


def _label(
    article: str,
    paragraph: str | None = None,
    item: str | None = None,
    sub: str | None = None,
    inserted: str | None = None,
) -> Label | None:
    try:
        numbers = [to_number(part) if part else 0 for part in (article, paragraph, item, sub, inserted)]
    except ValueError:
        return None
    return Label(*numbers) if numbers[0] else None
