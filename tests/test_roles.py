import pytest

from bot.roles import ALLOWED, ROLES, may, sees


def test_every_action_has_roles_that_there_are():
    for roles in ALLOWED.values():
        assert roles
        assert roles <= set(ROLES)


@pytest.mark.parametrize(
    ("role", "desk", "place", "seen"),
    [
        ("clerk", "昆明市", "昆明市", True),
        ("clerk", "昆明市", "大理白族自治州", False),
        ("clerk", "昆明市", "province", False),
        ("officer", "province", "province", True),
        ("officer", "province", "昆明市", True),
        ("editor", "", "昆明市", False),
        ("administrator", "", "province", False),
        ("editor", "", "", False),
    ],
)
def test_a_clerk_sees_the_own_prefecture_and_an_officer_all(role, desk, place, seen):
    assert sees(role, desk, place) is seen


def test_an_action_that_is_not_in_the_table_is_an_error():
    with pytest.raises(KeyError):
        may("officer", "everything")
