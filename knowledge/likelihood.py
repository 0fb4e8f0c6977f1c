"""Which of several owners a bag of tokens most likely belongs to, by how often each owner's texts use each token."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping

SMOOTHING = 0.005
"""What every token counts for every owner before anything is counted, in texts: a text's tokens count one together."""

Usage = Callable[[str], Mapping[str, float]]
"""How much of a token each owner's texts have, a text's tokens being one together; empty where nobody uses it."""


class Likelihood:
    """Naive Bayes without priors: for each owner the mean over a query's tokens of log P(token | owner) / P(token).

    The score does not depend on a query's length: above 0 the query is more like the owner's texts than like all texts.
    A token is counted when the first query has it: most tokens never are, and the program is ready sooner."""

    def __init__(self, usage: Usage, texts: Mapping[str, int], tokens: int) -> None:
        """`texts`: how many every owner has; `tokens`: how many different ones there are."""
        self.usage, self.texts, self.tokens = usage, texts, tokens
        self.shares = {owner: 1.0 / (count + SMOOTHING * tokens) for owner, count in texts.items()}
        self.rest = SMOOTHING * sum(self.shares.values())
        self.least = {owner: math.log(SMOOTHING * share) for owner, share in self.shares.items()}
        """The log-probability of a token that an owner's texts do not have."""
        self.counted: dict[str, tuple[Mapping[str, float], float]] = {}

    def grouped(self, groups: Mapping[str, str]) -> "Likelihood":
        """The same for groups of owners: `groups` names each owner's."""

        def usage(token: str) -> Mapping[str, float]:
            return _summed(self.usage(token), groups)

        texts = {group: int(count) for group, count in _summed(self.texts, groups).items()}
        return Likelihood(usage, texts, self.tokens)

    def scores(self, query: Mapping[str, float]) -> dict[str, float]:
        """Every owner's score. A token that nobody uses says nothing for or against anyone, and brings all nearer to 0."""
        whole = sum(query.values()) or 1.0
        said = common = 0.0
        gained: dict[str, float] = defaultdict(float)
        for token, weight in query.items():
            gains, log_share = self._count(token)
            if gains:
                share = weight / whole
                said += share
                common += share * log_share
                for owner, gain in gains.items():
                    gained[owner] += share * gain
        return {owner: gained[owner] + said * least - common for owner, least in self.least.items()}

    def _count(self, token: str) -> tuple[Mapping[str, float], float]:
        """What a token gains each owner that uses it over one that does not, and its log-probability among all owners."""
        if found := self.counted.get(token):
            return found
        used = self.usage(token)
        if not used:
            return {}, 0.0  # not kept: what people type has no end
        among_all = (self.rest + sum(amount * self.shares[owner] for owner, amount in used.items())) / len(
            self.shares
        )
        gains = {owner: math.log1p(amount / SMOOTHING) for owner, amount in used.items()}
        self.counted[token] = gains, math.log(among_all)
        return self.counted[token]


def _summed(amounts: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, float]:
    by_group: dict[str, float] = defaultdict(float)
    for owner, amount in amounts.items():
        by_group[groups[owner]] += amount
    return by_group
