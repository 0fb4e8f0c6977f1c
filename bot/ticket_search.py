"""Search over tickets: every pair of neighbouring characters is a word of a full-text index, as a number that tells nobody
what it was; what the index finds is compared with the text itself. Two characters are enough, which is what words have."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from bot.store_sql import Sql, fetch

LONGEST = 60_000
"""Characters of a ticket that can be found."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE = re.compile(r"\s+")


_SELECT = "select t.ticket, t.text from ticket_words w join ticket_texts t on t.ticket = w.rowid"


@dataclass(frozen=True)
class Found:
    """A ticket that has the words, with the text around the first of them."""

    id: int
    excerpt: str


def plain(text: str) -> str:
    """The text as it is compared: without what cannot be seen, widths and cases alike, white space as one space."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold())


def pairs(text: str) -> set[str]:
    """The words of the index for a plain text: its pairs of characters without those that hold a space."""
    return {_number(text[i : i + 2]) for i in range(len(text) - 1) if " " not in text[i : i + 2]}


def _number(pair: str) -> str:
    return f"x{crc32(pair.encode('utf-8', 'replace')):08x}"


def index(db: Sql, ticket_id: int, place: str, texts: Iterable[str]) -> None:
    """Let a ticket be found by these texts, and by those alone, among those of its place."""
    text = plain("\n".join(texts))[:LONGEST]
    forget_words(db, ticket_id)
    fetch(db, "insert into ticket_texts (ticket, place, text) values (?, ?, ?)", ticket_id, place, text)
    fetch(db, "insert into ticket_words (rowid, words) values (?, ?)", ticket_id, _words(place, text))


def index_again(db: Sql) -> None:
    """The index of words of a database that has the texts but no words yet."""
    for row in fetch(db, "select ticket, place, text from ticket_texts order by ticket"):
        words = _words(row["place"], row["text"])
        fetch(db, "insert into ticket_words (rowid, words) values (?, ?)", row["ticket"], words)


def _words(place: str, text: str) -> str:
    return " ".join(sorted({_number(f"place {place}"), *pairs(text)}))


def forget_words(db: Sql, ticket_id: int) -> None:
    """Let a ticket be found no more."""
    for row in fetch(db, "select place, text from ticket_texts where ticket = ?", ticket_id):
        fetch(
            db,
            db.dialect.words.removed, ticket_id, _words(row["place"], row["text"]),
        )  # fmt: skip
    fetch(db, "delete from ticket_texts where ticket = ?", ticket_id)


def search(db: Sql, words: str, place: str = "", before: int = 0, limit: int = 30) -> list[Found]:
    """Tickets that have all the words, the latest first: of a place, or (empty) of all; those before a number. Words of one
    character are left out; none are found for nothing else."""
    wanted = [word for word in plain(words)[:200].split(" ") if len(word) > 1]
    if not wanted:
        return []
    terms = set().union(*(pairs(word) for word in wanted)) | ({_number(f"place {place}")} if place else set())
    query = db.dialect.words.joined.join(sorted(terms))
    found: list[Found] = []
    select = (
        f"{_SELECT} where {db.dialect.words.matched} and (? = 0 or w.rowid < ?) order by w.rowid desc limit ?"
    )
    while len(found) < limit:
        rows = fetch(db, select, query, before, before, limit)
        for row in rows:
            if all(word in row["text"] for word in wanted):
                found.append(Found(row["ticket"], _around(row["text"], wanted[0])))
        if len(rows) < limit:
            break
        before = rows[-1]["ticket"]
    return found[:limit]


def _around(text: str, word: str) -> str:
    at = text.index(word)
    begin, end = max(0, at - 30), at + len(word) + 60
    return ("…" if begin else "") + text[begin:end].strip() + ("…" if end < len(text) else "")


def tidy(db: Sql) -> None:
    """Rewrite the index without what was taken out of it: until then the numbers of what was erased stand in the file."""
    if db.dialect.words.tidied:
        db.execute(db.dialect.words.tidied)
