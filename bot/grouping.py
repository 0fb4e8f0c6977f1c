"""Questions that got no answer, or one that people found of no use: masked, and grouped by likeness."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.masking import mask
from bot.personal_data import COVERED
from bot.store_sql import Sql, fetch
from knowledge.query import read_query
from knowledge.ranking import Knowledge

ALIKE = 0.42
"""The cosine from which two questions are taken for the same one in other words."""

LATEST = 1000
"""So many questions of each kind are looked at."""

_PARTS = re.compile(r"[，,。；;、！!？?\s]+")

Why = Literal["abstained", "useless"]


@dataclass(frozen=True)
class Asked:
    """A question as somebody asked it, masked; when, and why it is here."""

    text: str
    at: str
    why: Why
    entry: str = ""
    """The entry or silence that replied, if one did."""


@dataclass(frozen=True)
class Group:
    """Questions that are alike, the latest first; `asked[0]` stands for all."""

    asked: tuple[Asked, ...]

    @property
    def size(self) -> int:
        """How many."""
        return len(self.asked)


def read_asked(db: Sql, limit: int = LATEST) -> list[Asked]:
    """The latest questions that were abstained from, or whose answer was rated useless, as far as they are kept."""
    abstained = fetch(
        db,
        "select u.text, u.at, b.entry from transcript b join transcript u on u.channel = b.channel and u.user_id = b.user_id "
        "and u.key = b.key and u.who = 'user' where b.who = 'bot' and b.outcome = 'abstained' and b.key <> '' "
        "order by b.id desc limit ?",
        limit,
    )
    useless = fetch(
        db,
        "select u.text, f.at from feedback f join transcript u on u.channel = f.channel and u.user_id = f.user_id "
        "and u.key = f.about and u.who = 'user' where f.useful = 0 order by f.id desc limit ?",
        limit,
    )
    found = [Asked(mask(row["text"]), row["at"], "abstained", row["entry"]) for row in abstained]
    return found + [Asked(mask(row["text"]), row["at"], "useless") for row in useless]


def group(knowledge: Knowledge, asked: Sequence[Asked]) -> list[Group]:
    """The questions in groups, the largest first. Each joins the group whose first question is most like it. What is not this
    measure's business was refused rightly, and is left out."""
    asked = [
        a for a in asked if a.entry not in knowledge.entries or knowledge.entries[a.entry].kind != "outside"
    ]
    groups: list[list[Asked]] = []
    leaders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for one in sorted(asked, key=lambda a: a.at, reverse=True):
        vector = _vector(knowledge, one.text)
        number = _nearest(vector, leaders)
        if number is None:
            number = len(groups)
            groups.append([])
            for token, weight in vector.items():
                leaders[token].append((number, weight))
        groups[number].append(one)
    return sorted((Group(tuple(members)) for members in groups), key=lambda g: -g.size)


def _vector(knowledge: Knowledge, text: str) -> dict[str, float]:
    """A question's tokens by their rarity, of length 1; what was told of a person beside it does not count."""
    parts = _PARTS.split(text)
    asked = "，".join(part for part in parts if COVERED not in part) or text
    weighted = knowledge.index.weighted(read_query(asked, knowledge.vocabulary).tokens)
    length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
    return {token: weight / length for token, weight in weighted.items()}


def _nearest(vector: Mapping[str, float], leaders: Mapping[str, Iterable[tuple[int, float]]]) -> int | None:
    alike: dict[int, float] = defaultdict(float)
    for token, weight in vector.items():
        for number, other in leaders.get(token, ()):
            alike[number] += weight * other
    best = max(alike, key=lambda number: alike[number], default=None)
    return best if best is not None and alike[best] >= ALIKE else None
