"""Resume codes: short words without look-alikes that take a questionnaire over to another device, once."""

import hashlib
import re
import secrets

from bot.actions import action_of
from bot.conversation import Message

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs: no 0 O, 1 I L and U, which are read for one another or for V."""

LENGTH, GROUP = 12, 4
"""Twelve signs are 58.9 bits. With a million codes alive a guess is right once in 5·10¹¹; the 1,200 requests a minute of
an address would need 800 years for one. So a plain hash suffices, and a wrong code costs nobody else anything."""

WRONG_AN_HOUR = 5
"""Wrong codes that one conversation may try in an hour; a person who copies one wrong needs no more."""

MASKED = "••••-••••-••••"
"""What is kept in the place of a code."""

_SHOWN = re.compile(r"(?:[A-Z0-9]{4}[-－—–~ ]?){2}[A-Z0-9]{4}", re.IGNORECASE)
_ALONE = re.compile(
    r"(?:续填码|恢复码)\s*[:：]?\s*(?P<said>\S.{0,30})|(?P<bare>(?:[A-Z0-9]{4}[-－—–]){2}[A-Z0-9]{4})",
    re.IGNORECASE,
)


def new_code() -> str:
    """A new code, in groups: K7MP-4X9T-2HWD."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def read_code(message: Message) -> str | None:
    """What a message gives as a code, in capitals without dashes, whether or not it can be one; None if it gives none:
    `/resume K7MP-4X9T-2HWD`, 续填码 K7MP…, or the code by itself in its groups."""
    name, argument = action_of(message)
    given = argument if name == "resume" else ""
    if not given and (found := _ALONE.fullmatch(message.text.strip())):
        given = found["said"] or found["bare"]
    return re.sub(r"[^A-Z0-9]", "", given.upper()) or "?" if given else None


def is_well_formed(code: str) -> bool:
    """Whether such a code may have been issued."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def hash_code(code: str) -> str:
    """The form in which a code is stored."""
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()


def mask(text: str) -> str:
    """A text as it is kept: without what may be a code."""
    return _SHOWN.sub(MASKED, text)
