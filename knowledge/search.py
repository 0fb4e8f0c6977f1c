"""One index over the wordings of all entries and the clauses; nearest to a query, with scores on a fixed scale."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

K1, B = 1.2, 0.5

COMMON = 0.03
"""The share of passages from which a token is common: 的 or 吗 need not be looked up in all of them."""

CONCEPT_WEIGHT = 1.5
DECISIVE_WEIGHT = 3.0


@dataclass(frozen=True)
class Passage:
    """A text that can be found, and what it stands for (an entry's id or a clause's label)."""

    owner: str
    text: str


@dataclass(frozen=True)
class Hit:
    """An owner with its best passage. `score` is between 0 and about 1 whatever the size of the index."""

    owner: str
    score: float
    passage: str


Tokenise = Callable[[str], Mapping[str, float]]


def tokens_of(text: str) -> Counter[str]:
    """Characters, pairs of neighbouring characters, and Latin words; numbers are left out: they are facts, not topics."""
    tokens: Counter[str] = Counter()
    for run in re.findall(r"[一-鿿◇]+|[a-z]+", text):
        if run[0] < "一" and run[0] != "◇":
            tokens[run] += 1
            continue
        tokens.update(run)
        tokens.update(run[i : i + 2] for i in range(len(run) - 1))
    return tokens


class Index:
    """Passages under their tokens, in memory. Tokens may carry a weight (concepts count for more than characters)."""

    def __init__(self, passages: Iterable[Passage], tokenise: Tokenise) -> None:
        self.passages = tuple(passages)
        self.tokenise = tokenise
        self.bags = [tokenise(p.text) for p in self.passages]
        frequency: Counter[str] = Counter(token for bag in self.bags for token in bag)
        size = len(self.bags) or 1
        self.idf = {t: math.log(1 + (size - n + 0.5) / (n + 0.5)) for t, n in frequency.items()}
        self.unseen = math.log(1 + (size + 0.5) / 0.5)
        self.weights = [sum(w * self.idf[t] for t, w in bag.items()) for bag in self.bags]
        self.postings: dict[str, dict[float, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, bag in enumerate(self.bags):
            for token, weight in bag.items():
                self.postings[token][weight].append(number)
        self.common = {token for token, n in frequency.items() if n > COMMON * size}

    def weighted(self, bag: Mapping[str, float]) -> dict[str, float]:
        """A bag with each token by its rarity; one that no passage has is the rarest."""
        return {token: weight * (1 + self.idf.get(token, self.unseen)) for token, weight in bag.items()}

    def search(self, query: Mapping[str, float], limit: int = 10) -> list[Hit]:
        """The owners nearest to a bag of tokens, best first: how much of the query a passage covers and the reverse."""
        total = sum(w * self.idf.get(t, self.unseen) for t, w in query.items())
        if not total:
            return []
        shared = self._shared(query)
        best: dict[str, tuple[float, int]] = {}
        for number, common in shared.items():
            score = 0.6 * common / total + 0.4 * common / self.weights[number]
            owner = self.passages[number].owner
            if score > best.get(owner, (0.0, 0))[0]:
                best[owner] = (score, number)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [Hit(owner, score, self.passages[n].text) for owner, (score, n) in ranked[:limit]]

    def _shared(self, query: Mapping[str, float]) -> Mapping[int, float]:
        """What each passage shares with a query. A common token finds no passage, it only counts for those found."""
        shared: dict[int, float] = defaultdict(float)
        for token in sorted(query.keys() & self.idf.keys(), key=lambda t: -self.idf[t]):
            for other, numbers in self.postings[token].items():
                gain = min(query[token], other) * self.idf[token]
                for number in shared.keys() & numbers if shared and token in self.common else numbers:
                    shared[number] += gain
        return shared
