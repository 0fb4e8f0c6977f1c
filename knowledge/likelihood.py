"""Which of several owners a bag of tokens most likely belongs to, by how often each owner's texts use each token."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

SMOOTHING = 0.005
"""What every token counts for every owner before anything is counted, in texts: a text's tokens count one together."""


Counts = Mapping[str, Mapping[str, float]]


def count(bags: Iterable[tuple[str, Mapping[str, float]]]) -> "Likelihood":
    """The likelihood counted from texts as (owner, bag of tokens)."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    masses: dict[str, float] = defaultdict(float)
    for owner, bag in bags:
        whole = sum(bag.values()) or 1.0
        masses[owner] += 1.0
        for token, weight in bag.items():
            counts[token][owner] += weight / whole
    return Likelihood(counts, masses)


class Likelihood:
    """Naive Bayes without priors: for each owner the mean over a query's tokens of log P(token | owner) / P(token).

    The score does not depend on a query's length: above 0 the query is more like the owner's texts than like all texts."""

    def __init__(self, counts: Counts, masses: Mapping[str, float]) -> None:
        """`counts`: how much of each token every owner's texts have, a text's tokens being one together; `masses`: how
        many texts every owner has."""
        self.counts, self.masses = counts, masses
        floor = SMOOTHING * len(counts)
        shares = {owner: 1.0 / (mass + floor) for owner, mass in masses.items()}
        self.owners = {owner: math.log(SMOOTHING * share) for owner, share in shares.items()}
        """The log-probability of a token that an owner's texts do not have."""
        self.gains = {
            token: {owner: math.log1p(count / SMOOTHING) for owner, count in by_owner.items()}
            for token, by_owner in counts.items()
        }
        rest = SMOOTHING * sum(shares.values())
        self.common = {
            token: math.log((rest + sum([c * shares[o] for o, c in by_owner.items()])) / len(shares))
            for token, by_owner in counts.items()
        }

    def grouped(self, groups: Mapping[str, str]) -> "Likelihood":
        """The same for groups of owners: `groups` names each owner's."""
        counts: dict[str, dict[str, float]] = {}
        for token, by_owner in self.counts.items():
            by_group: dict[str, float] = {}
            counts[token] = by_group
            for owner, count in by_owner.items():
                group = groups[owner]
                by_group[group] = by_group.get(group, 0.0) + count
        masses: dict[str, float] = defaultdict(float)
        for owner, mass in self.masses.items():
            masses[groups[owner]] += mass
        return Likelihood(counts, masses)

    def scores(self, query: Mapping[str, float]) -> dict[str, float]:
        """Every owner's score. A token that nobody uses says nothing for or against anyone, and brings all nearer to 0."""
        whole = sum(query.values()) or 1.0
        known = {token: weight / whole for token, weight in query.items() if token in self.gains}
        said = sum(known.values())
        common = sum(share * self.common[token] for token, share in known.items())
        gained: dict[str, float] = defaultdict(float)
        for token, share in known.items():
            for owner, gain in self.gains[token].items():
                gained[owner] += share * gain
        return {owner: gained[owner] + said * least - common for owner, least in self.owners.items()}
