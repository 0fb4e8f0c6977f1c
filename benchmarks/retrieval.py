"""The search beside its peers on the development questions: what share has a right clause first, and at what time."""

import json
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import bm25s
import tantivy
from rapidfuzz import fuzz, process

from knowledge.answer import look_up
from knowledge.ranking import load_knowledge
from knowledge.regulation import load
from knowledge.search import tokens_of

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "dev_questions.jsonl"

Search = Callable[[str], str]


def words(text: str) -> str:
    """Characters and pairs as words apart by blanks, for engines that split at blanks."""
    return " ".join(tokens_of(text.lower()))


def passages() -> list[tuple[str, str]]:
    """Each item or article of the measure with its article's opening words, by label."""
    clauses = load().clauses
    leaves = [c for c in clauses.values() if not c.children and c.kind != "notice"]
    return [(c.label, (clauses[c.parent].own if c.parent else "") + c.text) for c in leaves]


def with_bm25s(found: list[tuple[str, str]]) -> Search:
    """BM25 over characters and pairs, as bm25s does it."""
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([words(text).split() for _, text in found], show_progress=False)

    def search(query: str) -> str:
        hits, _ = index.retrieve([words(query).split()], k=1, show_progress=False)
        return found[int(hits[0][0])][0]

    return search


def with_tantivy(found: list[tuple[str, str]]) -> Search:
    """The same tokens in tantivy."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("label", stored=True, tokenizer_name="raw")
    builder.add_text_field("body", tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for label, text in found:
        writer.add_document(tantivy.Document(label=label, body=words(text)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> str:
        asked = index.parse_query(" ".join(f'"{w}"' for w in words(query).split()) or '"〇"', ["body"])
        hits = searcher.search(asked, 1).hits
        return searcher.doc(hits[0][1])["label"][0] if hits else ""

    return search


def with_fts5(found: list[tuple[str, str]]) -> Search:
    """The same tokens in SQLite FTS5."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table p using fts5(label unindexed, body)")
    db.executemany("insert into p values (?, ?)", [(label, words(text)) for label, text in found])

    def search(query: str) -> str:
        asked = " OR ".join(f'"{w}"' for w in words(query).split())
        row = db.execute(
            "select label from p where p match ? order by rank limit 1", [asked or '"〇"']
        ).fetchone()
        return row[0] if row else ""

    return search


def with_rapidfuzz(found: list[tuple[str, str]]) -> Search:
    """The nearest passage by rapidfuzz alone."""
    texts = dict(found)

    def search(query: str) -> str:
        return process.extractOne(query, texts, scorer=fuzz.partial_token_set_ratio)[2]

    return search


def with_beian(_: list[tuple[str, str]]) -> Search:
    """The project's own path: entries, terms, facilities and citations."""
    knowledge = load_knowledge()

    def search(query: str) -> str:
        citations = look_up(knowledge, query).citations
        return citations[0].label if citations else ""

    return search


def main() -> None:
    """Print a row for each engine: right item first, right article first, median milliseconds."""
    asked = [
        r
        for r in map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
        if r["scope"] == "in" and not r.get("turns")
    ]
    found = passages()
    print(f"retrieval: {len(asked)} questions, {len(found)} passages (item first, article first, ms)")
    for make in (with_rapidfuzz, with_fts5, with_bm25s, with_tantivy, with_beian):
        search, item, article, times = make(found), 0, 0, []
        for record in asked:
            begun = time.perf_counter()
            label = search(record["q"])
            times.append(1000 * (time.perf_counter() - begun))
            item += label in record["gold"]
            article += label.split(".")[0].split("p")[0] in {
                g.split(".")[0].split("p")[0] for g in record["gold"]
            }
        print(
            f"  {make.__name__[5:]:10} {item / len(asked):.3f} {article / len(asked):.3f} {statistics.median(times):6.2f}"
        )
