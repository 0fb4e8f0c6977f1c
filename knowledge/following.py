"""The entry nearest to a question; one that follows another takes from it what it leaves unsaid."""

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.citing import Answer, Context, answer_entry
from knowledge.entries import Entry
from knowledge.query import Query, add_terms, read_query
from knowledge.ranking import Knowledge, rank
from knowledge.search import Hit

SAME_ARTICLE = 0.6
"""What an entry of the article last spoken of counts more in a follow-up."""

_ELLIPTIC = re.compile(r"^(?:那|那么|换成|换|如果是|要是|改成|再|还有|其中)|[呢嘞]\s*[?？]?$")
NOTHING_NEW = re.compile(
    r"^(?:换成?|要求?|需要|得|是|又|也|的|那边|这边|那头|这头|这个数|这么多|同样|标准|多少|多大|几|个|数|人|家|项|名|钱|怎么样?|怎样|如何|什么|是不是|够|凑|位|◇|呢|吗|么|嘛|吧|不|一样)*$"
)
"""What says nothing but that something is asked, of what was spoken of before."""


def nearest(knowledge: Knowledge, query: Query, context: Context) -> tuple[Hit, Answer]:
    """The nearest entry and what it says; a follow-up takes from the last question what it leaves unsaid."""
    if not follows(query, context):
        hit = rank(knowledge, query)[0]
    else:
        query = add_terms(query, context.who, knowledge.vocabulary)
        hit = _with_context(knowledge, query, context, rank(knowledge, query))[0]
    return hit, answer_entry(knowledge, knowledge.entries[hit.owner], query, context)


def follows(query: Query, context: Context) -> bool:
    """Whether it is too short to be asked by itself, or begins or ends as a follow-up does."""
    return bool(context.question and (_ELLIPTIC.search(query.text) or len(query.content) <= 6))


def _with_context(knowledge: Knowledge, query: Query, context: Context, hits: list[Hit]) -> list[Hit]:
    """Blend in the last question at a third of its weight: enough to choose between siblings, not to repeat the answer."""
    earlier = read_query(context.question, knowledge.vocabulary)
    blended = dict(query.tokens)
    for token, weight in earlier.tokens.items():
        blended.setdefault(token, 0.33 * weight)
    alone = {hit.owner: hit.score for hit in hits}
    near = articles_of(context.labels)

    def score(hit: Hit) -> float:
        bonus = SAME_ARTICLE if articles(knowledge.entries[hit.owner]) & near else 0.0
        return max(hit.score, alone[hit.owner]) + bonus

    together = rank(knowledge, replace(query, tokens=blended, parts=()))
    return sorted((replace(hit, score=score(hit)) for hit in together), key=lambda hit: -hit.score)


def articles(entry: Entry) -> set[str]:
    """The numbers of the articles that an entry rests on."""
    return articles_of(label for v in entry.variants() for label in v.clauses)


def articles_of(labels: Iterable[str]) -> set[str]:
    """The numbers of the articles that clauses are in: 2 for 2p1, 8 for 8.5.1."""
    return {label.split(".")[0].split("p")[0] for label in labels}
