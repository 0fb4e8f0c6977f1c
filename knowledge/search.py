"""One index over the wordings of all entries and the clauses; nearest to a query, with scores on a fixed scale."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import add

COMMON = 0.03
"""The share of passages from which a token is common: 的 or 吗 need not be looked up in all of them."""

CONCEPT_WEIGHT = 1.5
DECISIVE_WEIGHT = 3.0

_RUN = re.compile(r"[一-鿿◇]+|[a-z]+")


@dataclass(frozen=True)
class Passage:
    """A text that can be found, what it stands for (an entry's id or a clause's label), and its tokens with their weights.
    A token weighs the same in every passage that has it."""

    owner: str
    text: str
    tokens: Mapping[str, float]


@dataclass(frozen=True)
class Hit:
    """An owner with its best passage. `score` is between 0 and about 1 whatever the size of the index."""

    owner: str
    score: float
    passage: str


def tokens_in(text: str) -> list[str]:
    """Characters, pairs of neighbouring characters, and Latin words, as often as they stand; numbers are left out: they
    are facts, not topics."""
    tokens: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < "一" and run[0] != "◇":
            tokens.append(run)
        else:
            tokens += run
            tokens += map(add, run, run[1:])
    return tokens


def tokens_of(text: str) -> dict[str, float]:
    """The tokens in a text, each once and of weight 1."""
    return dict.fromkeys(tokens_in(text), 1.0)


def rarity(having: int, size: int) -> float:
    """What a token weighs that so many of the passages have."""
    return math.log(1 + (size - having + 0.5) / (having + 0.5))


def score_of(shared: float, asked: float, passage: float) -> float:
    """The fixed scale of every search: how much of the query a passage covers, and the reverse."""
    return 0.6 * shared / asked + 0.4 * shared / passage


class Index:
    """Passages under their tokens, in memory."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        self.owners = Counter(p.owner for p in self.passages)
        """How many passages each owner has."""
        self.weight: dict[str, float] = {}
        self.postings: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self.passages):
            self.weight.update(passage.tokens)
            for token in passage.tokens:
                self.postings[token].append(number)
        size = len(self.passages) or 1
        self.idf = {t: rarity(len(n), size) for t, n in self.postings.items()}
        self.unseen = rarity(0, size)
        worth = {t: w * self.idf[t] for t, w in self.weight.items()}
        self.weights = [sum(map(worth.__getitem__, p.tokens)) for p in self.passages]
        self.whole = [w + sum(p.tokens.values()) for w, p in zip(self.weights, self.passages, strict=True)]
        self.common = {token for token, numbers in self.postings.items() if len(numbers) > COMMON * size}

    def weighted(self, bag: Mapping[str, float]) -> dict[str, float]:
        """A bag with each token by its rarity; one that no passage has is the rarest."""
        return {token: weight * (1 + self.idf.get(token, self.unseen)) for token, weight in bag.items()}

    def usage(self, token: str) -> dict[str, float]:
        """How much of a token, by its rarity, each owner's passages have: a passage's tokens are one together."""
        numbers = self.postings.get(token, ())
        worth = self.weight[token] * (1 + self.idf[token]) if numbers else 0.0
        used: dict[str, float] = defaultdict(float)
        for number in numbers:
            used[self.passages[number].owner] += worth / self.whole[number]
        return used

    def search(self, query: Mapping[str, float], limit: int = 10) -> list[Hit]:
        """The owners nearest to a bag of tokens, best first: how much of the query a passage covers and the reverse."""
        total = sum(w * self.idf.get(t, self.unseen) for t, w in query.items())
        if not total:
            return []
        shared = self._shared(query)
        best: dict[str, tuple[float, int]] = {}
        for number, common in shared.items():
            score = score_of(common, total, self.weights[number])
            owner = self.passages[number].owner
            if score > best.get(owner, (0.0, 0))[0]:
                best[owner] = (score, number)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [Hit(owner, score, self.passages[n].text) for owner, (score, n) in ranked[:limit]]

    def _shared(self, query: Mapping[str, float]) -> Mapping[int, float]:
        """What each passage shares with a query. A common token finds no passage, it only counts for those found."""
        shared: dict[int, float] = defaultdict(float)
        for token in sorted(query.keys() & self.idf.keys(), key=lambda t: -self.idf[t]):
            gain = min(query[token], self.weight[token]) * self.idf[token]
            numbers: Iterable[int] = self.postings[token]
            for number in shared.keys() & numbers if shared and token in self.common else numbers:
                shared[number] += gain
        return shared
