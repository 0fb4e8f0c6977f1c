"""Numbers and addresses that lead to a person — identity, telephone, bank card, e-mail — found in any spelling and covered."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.conversation import Message

COVERED = "＊＊"

_BLANK = " \t\u00a0\u2000-\u200d\u2060\u3000\ufeff"
_GAP = rf"[{_BLANK}]{{0,2}}[-‐‑–—_·.]?[{_BLANK}]{{0,2}}"
"""What may stand between the digits of one number. A comma may not: it parts the thousands of an amount."""

_MOBILE = re.compile(rf"(?<!\d)(?=((?:[(]?(?:\+|00)?86[)]?{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)))")
_LANDLINE = re.compile(
    rf"(?<![\d.])(?=([(]?(?:0|(?:\+|00)86{_GAP}[(]?0?)(?:10|2\d|[3-9]\d\d)[)]?{_GAP}"
    rf"(?:\d{{7,8}}|\d{{3,4}}{_GAP}\d{{4}})(?!\d)(?:(?:-|转)\d{{1,6}}(?!\d))?))"
)
_IDENTITY = re.compile(rf"(?<!\d)(?=(([1-8](?:{_GAP}\d){{16}}{_GAP}[\dXx])(?!\d)))")
_OLD_IDENTITY = re.compile(r"(?<![\dA-Za-z])(?=(([1-8]\d{14})(?![\dA-Za-z])))")
_CARDS = tuple(re.compile(rf"(?<!\d)(?=(([3-69](?:{_GAP}\d){{{n - 1}}})(?!\d)))") for n in range(19, 14, -1))
_MAIL = re.compile(
    rf"(?<![A-Za-z0-9_.+-])(?=([A-Za-z0-9_.+-]+[{_BLANK}]?@[{_BLANK}]?[A-Za-z0-9-]+(?:[{_BLANK}]?[.。][{_BLANK}]?[A-Za-z0-9-]+)+))"
)
_MAY_HAVE = re.compile(r"@|(?:\d\D{0,5}){9}")

_COVERED_PART = re.compile(
    r"(?:(?:我|本人|联系)?的?(?:身份证|证件|手机|电话|联系电话|银行卡|卡|邮箱|邮件|e-?mail|微信)(?:号码|号)?[是为:：\s]*)?"
    rf"{re.escape(COVERED)}(?:是(?:我|本人)的?(?:身份证|证件|手机|电话|联系电话|银行卡|卡|邮箱|微信)(?:号码|号)?)?[，,、；;。.\s]*",
    re.IGNORECASE,
)
_CHINESE = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789", strict=True))
_SPELT_OUT = re.compile(f"[{''.join(_CHINESE)}]{{11,}}")
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)}

_REGIONS = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
"""The first two digits of an identity number (GB/T 2260, and 83 of residence permits)."""

_ISSUERS = re.compile(r"62|4|5[1-5]|35|3[47]|9[45]")
"""How the numbers of bank cards begin."""

_MOBILE_GROUPS = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (4, 4, 3), (5, 6), (3, 2, 2, 2, 2), (1,) * 11,
}  # fmt: skip
_IDENTITY_GROUPS = {(18,), (6, 8, 4), (6, 4, 4, 4), (4, 4, 4, 4, 2), (1,) * 18}
_MONEY_AFTER = re.compile(
    rf"\.\d|[{_BLANK}]?(?:[百千万亿]*元|[百千万亿]*块|人民币|RMB|平|㎡|m2|m²|亩)", re.IGNORECASE
)
_MONEY_BEFORE = re.compile(
    rf"(?:[¥￥$]|(?:投资|收入|原值|价值|资金|金额|合同额|资本|预算|支出|成交额?|融资|估值|经费|营收|产值|面积|补助)"
    rf"(?:总额|额)?[约为是有共达:{_BLANK}]{{0,3}})$"
)


def cover(text: str) -> str:
    """The text with such numbers and addresses covered and all else as it was: amounts, areas, counts, dates and the numbers
    of clauses are left, by what a number of a person must be like (prefix, length, birthday, check digit)."""
    plain = _plain(text)
    if not _MAY_HAVE.search(plain):
        return text
    left, done = [], 0
    for start, end in sorted(_spans(plain), key=lambda span: (span[0], -span[1])):
        if start >= done:
            left += [text[done:start], COVERED]
        done = max(done, end)
    return "".join([*left, text[done:]])


def covered(message: Message) -> Message:
    """The message as it is kept."""
    return replace(
        message, text=cover(message.text), action=cover(message.action), about=cover(message.about)
    )


def without_covered(text: str) -> str:
    """What is asked beside what was covered: 我的电话＊＊，要交什么材料 asks for no telephone."""
    return _COVERED_PART.sub("", text).strip("，,、；; \n") or text if COVERED in text else text


def _plain(text: str) -> str:
    """The text, every character in its place, with plain digits, letters and signs."""
    wide = text.translate(_WIDE)
    if not wide.isascii():
        wide = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in wide)
    return _SPELT_OUT.sub(lambda found: "".join(_CHINESE[c] for c in found[0]), wide)


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    for found in _MAIL.finditer(plain):
        yield found.span(1)
    for found in _LANDLINE.finditer(plain):
        yield found.span(1)
    for pattern, is_one in _NUMBERS:
        for found in pattern.finditer(plain):
            if is_one(found[2]) and not _is_amount(plain, *found.span(1)):
                yield found.span(1)


def _is_amount(plain: str, start: int, end: int) -> bool:
    """Whether the words around say that it is money or an area, or it has decimals."""
    return bool(_MONEY_AFTER.match(plain, end) or _MONEY_BEFORE.search(plain[max(0, start - 12) : start]))


def _groups(number: str) -> tuple[int, ...]:
    """How many digits stand together; none where what stands between them differs from place to place."""
    between = {gap.strip(f"{_BLANK}\u200b\u200c\u200d") for gap in re.split(r"[\dXx]+", number)[1:-1]}
    return tuple(len(group) for group in re.findall(r"[\dXx]+", number)) if len(between) < 2 else ()


def _digits(number: str) -> str:
    return re.sub(r"[^\dXx]", "", number).upper()


def _is_mobile(number: str) -> bool:
    return _groups(number) in _MOBILE_GROUPS


def _is_identity(number: str) -> bool:
    """GB 11643: region, birthday, serial number, check digit. Written in one or in the usual groups it is one with a wrong
    check digit too: people mistype, and it still is theirs."""
    digits = _digits(number)
    if digits[:2] not in _REGIONS or not _is_day(digits[6:14]):
        return False
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits[:17]))
    checked = "10X98765432"[total % 11] == digits[17]
    groups = _groups(number)
    return groups in _IDENTITY_GROUPS or (checked and bool(groups))


def _is_old_identity(number: str) -> bool:
    return number[:2] in _REGIONS and _is_day(f"19{number[6:12]}")


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


def _is_card(number: str) -> bool:
    """ISO/IEC 7812: issuer, length and Luhn's check digit."""
    digits = _digits(number)
    if not _ISSUERS.match(digits):
        return False
    groups = _groups(number)
    usual = (
        len(groups) == 1
        or set(groups) == {1}
        or (set(groups[:-1]) == {4} and 0 < groups[-1] <= 4)
        or groups in {(6, 10), (6, 13), (4, 6, 5)}
    )
    if not groups or not usual:
        return False
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_MOBILE, _is_mobile),
    (_IDENTITY, _is_identity),
    (_OLD_IDENTITY, _is_old_identity),
    *((pattern, _is_card) for pattern in _CARDS),
)
