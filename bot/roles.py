"""Who of the staff may do what: the roles, and the table of actions that every page of the console is checked against."""

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["clerk", "officer", "editor", "administrator"]

ROLES: Mapping[Role, str] = {
    "clerk": "州（市）窗口人员",
    "officer": "省级工作人员",
    "editor": "编辑",
    "administrator": "管理员",
}

_ALL = frozenset(get_args(Role))
_DESKS = frozenset[Role]({"clerk", "officer"})
_EDITORS = frozenset[Role]({"editor"})
_WRITERS = _DESKS | _EDITORS
_ADMINISTRATORS = frozenset[Role]({"administrator"})

ALLOWED: Mapping[str, frozenset[Role]] = {
    "home": _ALL,
    "password": _ALL,
    "sign_out": _ALL,
    "accounts": _ADMINISTRATORS,
    "audit": _ADMINISTRATORS,
    "tickets": _DESKS,
    "faq": _ALL,
    "faq_draft": _WRITERS,
    "faq_review": _EDITORS,
    "faq_publish": _EDITORS,
    "asked": _ALL,
    "questions": frozenset({"officer", "editor"}),
    "bench": _WRITERS,
}
"""Action -> the roles that may do it. A page names its action; one that is not in this table cannot be made."""


def may(role: Role, action: str) -> bool:
    """Whether a role may do something; KeyError for an action that is not in the table."""
    return role in ALLOWED[action]


def sees(role: Role, desk: str, place: str) -> bool:
    """Whether somebody of a role at a desk sees what belongs to a place (a prefecture, or `province`): a clerk the own
    prefecture's, a provincial officer everybody's, others nobody's."""
    return role == "officer" or (role == "clerk" and place == desk)
