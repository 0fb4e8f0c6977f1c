"""Numerals as people write them, Arabic or Chinese: 1,200.5, 一千二, 两百零三, and two neighbouring digits for a range."""

import re
from decimal import Decimal

_DIGIT = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": Decimal(0), "两": Decimal(2), "俩": Decimal(2), "仨": Decimal(3),
}  # fmt: skip
SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "w": 10**4, "亿": 10**8, "k": 1000}
CHINESE_DIGITS = "零〇一二两三四五六七八九"

_NEIGHBOURS = re.compile(
    "|".join(f"{a}{b}" for a, b in zip("一二三四五六七八", "二三四五六七八九", strict=True))
    + "|一两|两三|三五"
)
"""五六个, 三四百, 十五六: either of the two."""


def either(numeral: str) -> tuple[str, str] | None:
    """What a numeral with two neighbouring digits may mean, the less and the more: 三四百 is 三百 or 四百. None for another,
    and for digits read one by one (二〇二三)."""
    pair = _NEIGHBOURS.search(numeral)
    if pair is None or (len(numeral) > 2 and all(c in _DIGIT for c in numeral)):
        return None
    before, after = numeral[: pair.start()], numeral[pair.end() :]
    return before + pair[0][0] + after, before + pair[0][1] + after


def to_decimal(text: str) -> Decimal | None:
    """A figure, Arabic (1,200.5) or Chinese (一千二, 四点五, 两百零三), as a number; None if it is none."""
    if text[:1].isdecimal():
        return Decimal(text.replace(",", "")) if text.isascii() else None
    whole, _, fraction = text.partition("点")
    value = _chinese(whole)
    if value is None or not fraction:
        return value
    return value + Decimal("0." + "".join(str(_DIGIT[c]) for c in fraction))


def _chinese(text: str) -> Decimal | None:
    if text and all(c in _DIGIT for c in text):
        return Decimal("".join(str(_DIGIT[c]) for c in text))
    total = section = Decimal(0)
    digit: Decimal | None = None
    last = 1
    for c in text:
        if c in _DIGIT:
            if digit is not None and digit != 0:
                return None
            digit = _DIGIT[c]
            if c in "零〇":
                last = 1
        elif c in "十百千":
            section += (Decimal(1) if digit is None else digit) * SCALE[c]
            digit, last = None, SCALE[c]
        else:
            base = section + (digit or 0)
            if base == 0 and not total:
                return None
            total = (total + base) * SCALE[c] if c == "亿" else total + base * SCALE[c]
            section, digit, last = Decimal(0), None, SCALE[c]
    if digit is not None:
        section += digit * last / 10 if last > 10 else digit
    return total + section
