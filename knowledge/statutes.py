"""A search on disk over the articles of many statutes, up to 100,000, with scores on the scale of the one in memory."""

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from math import log1p
from pathlib import Path

import tantivy

from knowledge.particulars import short_title
from knowledge.search import rarity, score_of, tokens_in, tokens_of

# The only figures chosen by looking at questions (500 lay ones; `python -m benchmarks.statutes`): MRR@10 moves by less
# than 0.015 when either weight is doubled or halved.
CANDIDATES = 300
"""How many articles BM25 finds, for the rest to order."""
SAME_STATUTE = 0.4
"""The weight of what a statute's best articles score together: an article seldom answers alone."""
STANDING = 0.08
"""The weight of how often other statutes cite an article's statute: the general law before its by-laws."""
BEST_OF_STATUTE = 5

HIGHEST_BM25 = 2.2
"""What a token's rarity is multiplied by at most (k1 + 1), so that a BM25 sum is a share of what it could be."""

LONGEST = 300

_APART = "\x1f"

_CITED = re.compile(r"《([^《》]{2,60})》")


@dataclass(frozen=True)
class StatuteArticle:
    """An article to be found: its id, its statute's title, its name in the statute and its words."""

    id: str
    statute: str
    name: str
    text: str


@dataclass(frozen=True)
class Found:
    """An article with its score on the fixed scale of `search.Index`; the order weighs the statute, too."""

    article: StatuteArticle
    score: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("article", stored=True, indexed=False)
    builder.add_integer_field("place", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_float_field("standing", fast=True)
    return builder.build()


def build(articles: Sequence[StatuteArticle], folder: Path) -> None:
    """Write the index of some articles to a folder, in place of what was there, whole or not at all."""
    size = len(articles) or 1
    having = Counter(chain.from_iterable(set(_tokens(article)) for article in articles))
    worth = {token: rarity(number, size) for token, number in having.items()}
    standing = _standing(articles)
    places = {statute: place for place, statute in enumerate(standing)}
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    writer = tantivy.Index(_schema(), path=str(part)).writer(heap_size=50_000_000, num_threads=1)
    for article in articles:
        tokens = _tokens(article)
        document = tantivy.Document()
        document.add_text("words", " ".join(tokens))
        document.add_integer("place", places[article.statute])
        document.add_float("weight", sum(map(worth.__getitem__, set(tokens))))
        document.add_float("standing", standing[article.statute])
        document.add_bytes("article", _APART.join(astuple(article)).encode())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _words(article: StatuteArticle) -> str:
    return f"{article.statute} {article.text}".lower()


def _tokens(article: StatuteArticle) -> list[str]:
    return tokens_in(_words(article))


def _standing(articles: Iterable[StatuteArticle]) -> dict[str, float]:
    """How often the others cite each statute by its title, between 0 (never) and 1 (the one cited most)."""
    titles = {short_title(article.statute): article.statute for article in articles}
    cited = Counter(
        titles[title]
        for article in articles
        for title in map(short_title, _CITED.findall(article.text))
        if title in titles and titles[title] != article.statute
    )
    most = log1p(max(cited.values(), default=1))
    return {statute: log1p(cited[statute]) / most for statute in dict.fromkeys(titles.values())}


class Statutes:
    """The index of a folder, opened; only read."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        """How many articles there are."""
        return self._searcher.num_docs

    def search(self, text: str, limit: int = 10) -> list[Found]:
        """The articles nearest to a question, best first."""
        tokens = tokens_of(text[:LONGEST].lower())
        size = len(self) or 1
        rarities = {token: rarity(self._searcher.doc_freq("words", token), size) for token in tokens}
        asked = sum(rarities.values())
        if not asked:
            return []
        hits = self._searcher.search(self._query(tokens), CANDIDATES, count=False).hits
        best = self._ordered(hits, asked)[:limit]
        return [
            self._found(address, rarities, asked, weight)
            for address, weight in zip(best, self._values("weight", best), strict=True)
        ]

    def _query(self, tokens: Iterable[str]) -> tantivy.Query:
        term = tantivy.Query.term_query
        schema = self._index.schema
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, term(schema, "words", token, "freq")) for token in tokens]
        )

    def _values(self, field: str, addresses: list[tantivy.DocAddress]) -> list[float]:
        return [value or 0.0 for value in self._searcher.fast_field_values(field, addresses)]

    def _ordered(
        self, hits: Sequence[tuple[float, tantivy.DocAddress]], asked: float
    ) -> list[tantivy.DocAddress]:
        """The candidates, those first whose statute has other good ones and is cited by others."""
        addresses = [address for _, address in hits]
        places = self._values("place", addresses)
        shares = [score / (HIGHEST_BM25 * asked) for score, _ in hits]
        of_statute: dict[float, list[float]] = defaultdict(list)
        for place, share in zip(places, shares, strict=True):
            of_statute[place].append(share)  # best first, as the hits are
        together = {
            place: sum(best[:BEST_OF_STATUTE]) / BEST_OF_STATUTE for place, best in of_statute.items()
        }
        worth = [
            share + SAME_STATUTE * together[place] + STANDING * standing
            for share, place, standing in zip(
                shares, places, self._values("standing", addresses), strict=True
            )
        ]
        return [addresses[n] for n in sorted(range(len(worth)), key=lambda n: -worth[n])]

    def _found(
        self, address: tantivy.DocAddress, rarities: dict[str, float], asked: float, weight: float
    ) -> Found:
        stored = bytes(self._searcher.doc(address)["article"][0])
        article = StatuteArticle(*stored.decode().split(_APART))
        words = _words(article)  # a token of Chinese stands in the words just as it stands among their tokens
        shared = sum(worth for token, worth in rarities.items() if token in words)
        return Found(article, score_of(shared, asked, weight))
