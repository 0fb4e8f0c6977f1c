"""Passwords of the staff: what is long enough, argon2 hashes, and hashes of the random words in cookies and invitations."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
"""Characters; there is no other rule, since people answer others with patterns (NIST SP 800-63B, 3.1.1.2)."""

_HASHER = PasswordHasher()  # the library's defaults are RFC 9106's second recommendation: 64 MiB, 3 passes
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


def weakness(password: str, name: str) -> str:
    """What is wrong with a password for an account of this name, as a sentence; empty if nothing is."""
    if len(password) < SHORTEST:
        return f"密码至少{SHORTEST}个字符"
    if len(password) > LONGEST:
        return f"密码最多{LONGEST}个字符"
    if len(set(password)) < 5:
        return "密码里不同的字符太少，请换一个"
    if name and name.casefold() in password.casefold():
        return "密码里不能有登录名"
    return ""


def hash_password(password: str) -> str:
    """An argon2id hash with its salt and parameters; takes some 50 ms and 64 MiB."""
    return _HASHER.hash(password.encode("utf-8", "replace"))


def is_password(password: str, hashed: str) -> bool:
    """Whether a password belongs to a hash. An empty hash belongs to nobody, and takes as long to say so."""
    try:
        _HASHER.verify(hashed or _NOBODY, password.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def new_token() -> str:
    """192 random bits for a cookie or an invitation."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> str:
    """What the store keeps of such a word: it is random, so one pass is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
