import pytest

from bot.passwords import hash_password, hash_token, is_password, new_token, weakness


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("short", "至少12个字符"),
        ("字" * 201, "最多200个字符"),
        ("ababababababab", "不同的字符太少"),
        ("Wang.Li-2026-x", "不能有登录名"),
        ("四个词语 随便连在一起 就行", ""),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, wrong):
    assert wrong in weakness(password, "wang.li")
    assert bool(weakness(password, "wang.li")) == bool(wrong)


def test_a_password_is_kept_as_argon2_with_a_salt_of_its_own():
    first, second = hash_password("正确的密码一二三四五"), hash_password("正确的密码一二三四五")
    assert first.startswith("$argon2id$")
    assert first != second
    assert is_password("正确的密码一二三四五", first)
    assert not is_password("正确的密码一二三四六", first)


@pytest.mark.parametrize("hashed", ["", "no hash at all", "$argon2id$v=19$broken"])
def test_no_password_belongs_to_what_is_no_hash(hashed):
    assert not is_password("", hashed)
    assert not is_password("whatever it is", hashed)


def test_tokens_are_random_and_kept_as_hashes():
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 32
    assert hash_token("a") != hash_token("b")
