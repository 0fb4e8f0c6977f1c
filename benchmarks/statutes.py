"""The search on disk beside its peers on statutes and lay questions, its growth, and the parser's count of every text.

`python -m benchmarks.statutes DIRECTORY`, or BEIAN_STATUTES for `make bench`. The directory holds corpus.jsonl.gz
({"id", "title", "text"}: articles), queries_dev.jsonl ({"q", "gold"}), laws_sample.tar.gz (a text a law) and
laws_sample.jsonl ({"file", "law", "articles"})."""

import gzip
import json
import os
import re
import resource
import sqlite3
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import bm25s
import rjieba
import tantivy

from knowledge.importer import read_text
from knowledge.regulation import KnowledgeError, parse, squeeze
from knowledge.search import tokens_in
from knowledge.statutes import StatuteArticle, Statutes, build

Search = Callable[[str, int], list[str]]

TIMED = 100

_NUMBER = re.compile(r"第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?$")


def corpus(directory: Path) -> list[StatuteArticle]:
    """The articles, the title parted from 第N条."""
    with gzip.open(directory / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    titles = [_NUMBER.sub("", r["title"]) for r in records]
    return [
        StatuteArticle(r["id"], title, r["title"][len(title) :], r["text"])
        for r, title in zip(records, titles, strict=True)
    ]


def words_of(article: StatuteArticle) -> str:
    return f"{article.statute} {article.text}".lower()


def with_beian(articles: list[StatuteArticle], folder: Path) -> Search:
    build(articles, folder / "index")
    statutes = Statutes(folder / "index")
    return lambda query, limit: [found.article.id for found in statutes.search(query, limit)]


def with_tantivy(articles: list[StatuteArticle], folder: Path) -> Search:
    """tantivy's BM25 alone over the same tokens."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(50_000_000, num_threads=1)
    for article in articles:
        writer.add_document(tantivy.Document(id=article.id, body=" ".join(tokens_in(words_of(article)))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, schema = index.searcher(), index.schema

    def search(query: str, limit: int) -> list[str]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", token, "freq"))
            for token in dict.fromkeys(tokens_in(query.lower()))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(terms), limit).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return search


def with_bm25s(articles: list[StatuteArticle], _: Path) -> Search:
    """BM25 over words, as bm25s does it."""
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([rjieba.cut(words_of(article)) for article in articles], show_progress=False)

    def search(query: str, limit: int) -> list[str]:
        hits, _ = index.retrieve([rjieba.cut(query.lower())], k=limit, show_progress=False)
        return [articles[int(n)].id for n in hits[0]]

    return search


def with_fts5(articles: list[StatuteArticle], folder: Path) -> Search:
    """The same tokens in SQLite FTS5."""
    db = sqlite3.connect(folder / "fts.sqlite3")
    db.execute("create virtual table p using fts5(id unindexed, body)")
    rows = ((article.id, " ".join(tokens_in(words_of(article)))) for article in articles)
    db.executemany("insert into p values (?, ?)", rows)
    db.commit()

    def search(query: str, limit: int) -> list[str]:
        asked = " OR ".join(f'"{token}"' for token in dict.fromkeys(tokens_in(query.lower())))
        return [
            row[0]
            for row in db.execute(f"select id from p where p match ? order by rank limit {limit}", [asked])
        ]

    return search


def measured(name: str, directory: Path) -> str:
    """One engine in a process of its own: a row of figures."""
    articles = corpus(directory)
    questions = [json.loads(line) for line in (directory / "queries_dev.jsonl").open(encoding="utf-8")]
    before = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        begun, busy = time.perf_counter(), time.process_time()
        search = ENGINES[name](articles, Path(folder))
        built, worked = time.perf_counter() - begun, time.process_time() - busy
        used = peak_mb() - before
        disk = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 1e6
        times, ranks, shares = [], [], []
        for question in questions:
            gold = set(question["gold"])
            found = search(question["q"], 100)
            ranks.append(next((1 / n for n, article in enumerate(found[:10], 1) if article in gold), 0.0))
            shares.append(len(gold & set(found)) / len(gold))
        busy = time.process_time()
        for question in questions[:TIMED]:
            begun = time.perf_counter()
            search(question["q"], 10)
            times.append(time.perf_counter() - begun)
        each = 1000 * (time.process_time() - busy) / TIMED
    return (
        f"  {name:8} MRR@10 {statistics.mean(ranks):.4f}  Recall@100 {statistics.mean(shares):.4f}  "
        f"{1000 * statistics.median(times):7.2f} ms ({each:.2f} of the processor)  "
        f"built in {built:5.1f} s ({worked:.1f} of the processor)  {disk:5.1f} MB on disk  {used:5.0f} MB more memory at the most"
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth(size: int, directory: Path) -> str:
    """The index at a size: beyond the corpus its articles again, under other titles."""
    articles = corpus(directory)
    copies = [
        StatuteArticle(f"{a.id}+{n}", f"{a.statute}（{n}）", a.name, a.text)
        for n in range(1, 1 + size // len(articles))
        for a in articles
    ]
    articles = [*articles, *copies][:size]
    questions = [json.loads(line)["q"] for line in (directory / "queries_dev.jsonl").open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        search = with_beian(articles, Path(folder))
        built = time.perf_counter() - begun
        times = []
        for question in questions:
            begun = time.perf_counter()
            search(question, 10)
            times.append(time.perf_counter() - begun)
        disk = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 1e6
    return f"  {size:7,} articles: {1000 * statistics.median(times):5.2f} ms  built in {built:5.1f} s  {disk:5.1f} MB on disk"


ENGINES: dict[str, Callable[[list[StatuteArticle], Path], Search]] = {
    "beian": with_beian, "tantivy": with_tantivy, "bm25s": with_bm25s, "fts5": with_fts5,
}  # fmt: skip


def parsed(directory: Path) -> list[str]:
    """The texts in which the parser's count, the order of the numbers or the words kept are not what they should be."""
    expected = [json.loads(line) for line in (directory / "laws_sample.jsonl").open(encoding="utf-8")]
    rows, found = [], 0
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(directory / "laws_sample.tar.gz") as texts:
            texts.extractall(folder, filter="data")
        for record in expected:
            try:
                text = read_text(Path(folder) / record["file"])
                read = parse(text, record["file"])
            except KnowledgeError as error:
                rows.append(f"  {record['law']}: {record['articles']} by their count; {error}")
                continue
            articles = read.articles()
            found += len(articles)
            if len(articles) != record["articles"]:
                rows.append(
                    f"  {record['law']}: {record['articles']} by their count, {len(articles)} by ours"
                )
            clauses = [c for c in read.clauses.values() if c.parent is None]
            kept = sum(len(squeeze(c.text)) for c in clauses)
            marks = sum(len(c.name) for c in articles) + len(squeeze("".join(read.chapters)))
            if kept < len(squeeze(text)) - marks - 200:
                rows.append(
                    f"  {record['law']}: {len(squeeze(text)) - kept - marks} characters are in no clause"
                )
    return [f"parser: {len(expected)} texts, {found} articles; {len(rows)} to look at", *rows]


def main(directory: str = "") -> None:
    """Print a row for each engine, the growth and what the parser counts."""
    directory = directory or os.environ.get("BEIAN_STATUTES", "")
    if not directory:
        print("statutes: left out; BEIAN_STATUTES names the directory of texts and questions")
        return
    sys.stdout.flush()
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
        print("statutes: 500 lay questions (three figures of the search were chosen on them)")
        for name in ENGINES:
            print(alone.submit(measured, name, Path(directory)).result(), flush=True)
        for size in (1_000, 10_000, 100_000):
            print(alone.submit(growth, size, Path(directory)).result(), flush=True)
    print("\n".join(parsed(Path(directory))))


if __name__ == "__main__":
    main(*sys.argv[1:])
