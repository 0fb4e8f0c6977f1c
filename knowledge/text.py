"""Normalise Chinese text as people type it: widths, traditional characters, invisible signs, emoji."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from knowledge.quantity import Quantity, read_quantities

__all__ = ["Quantity", "normalise", "read_quantities"]

_TRADITIONAL = re.compile(r"[^\x00-\x7f]")
_DROPPED = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE00-\uFE0F\U000E0000-\U000E007F]")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_FINANCIAL = re.compile(
    r"[壹贰叁肆伍陆柒捌玖零拾佰仟万亿]*(?:[拾佰仟]|[壹贰叁肆伍陆柒捌玖][万亿])[壹贰叁肆伍陆柒捌玖零拾佰仟万亿]*"
)
_PLAIN_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Half-width letters and digits, simplified characters, plain numerals, lower case, single spaces, nothing invisible."""
    plain = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    plain = "".join(
        c if c in "\n\t" or unicodedata.category(c)[0] != "C" else "" for c in _DROPPED.sub("", plain)
    )
    if _TRADITIONAL.search(plain):
        plain = _converter().convert(plain)
    plain = _FINANCIAL.sub(lambda m: m[0].translate(_PLAIN_NUMERALS), plain)  # as on cheques: 叁拾伍万
    plain = plain.replace("廿", "二十").replace("卅", "三十")
    plain = re.sub(r"\s+", " ", plain).strip().lower()
    # Marks that a blank kept apart stand side by side now, and have an order of their own.
    return unicodedata.normalize("NFKC", _BETWEEN_CHINESE.sub("", plain))
