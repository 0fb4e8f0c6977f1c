"""The FAQ that staff write, in the store: drafts, reviews and publications, none of which ever changes; who is told of them.

Portable SQL; each function runs in one transaction."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.conversation import Reply
from bot.store_rows import queue, write_down
from bot.store_sql import Sql, fetch, lock, stamp

Verdict = Literal["", "approved", "rejected"]

TOLD_AT_ONCE = 50
"""Answers given that one transaction looks at while people are told of a correction: others wait for the database."""

_DRAFTS = (
    "select d.*, coalesce(r.verdict, '') as verdict, coalesce(r.reviewer, '') as reviewer, "
    "coalesce(r.reason, '') as reason, coalesce(r.at, '') as reviewed_at "
    "from faq_drafts d left join faq_reviews r on r.draft = d.id"
)
_LAST = "select max(id) from faq_publications group by entry"


@dataclass(frozen=True)
class Draft:
    """One version of an entry. `content` is the entry as a table of the FAQ's files; `clauses` has the hash of each cited
    clause's words at the time of writing; `source` says where it comes from (a ticket, a question), without personal text."""

    entry: str
    content: Mapping[str, Any]
    author: str
    clauses: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    id: int = 0
    at: str = ""
    verdict: Verdict = ""
    reviewer: str = ""
    reason: str = ""
    reviewed_at: str = ""


@dataclass(frozen=True)
class Publication:
    """From `at` on an entry says what a draft says; None: no draft any more. `corrects`: whoever had the former answer is told."""

    entry: str
    draft: int | None
    by: str
    reason: str = ""
    corrects: bool = False
    id: int = 0
    at: str = ""


Word = Callable[[Publication, Draft], Reply]
"""What people are told of a publication; the draft is the latest of its entry, which has its question."""


def add_draft(db: Sql, draft: Draft, at: datetime) -> int:
    """Keep a new version; its number."""
    made = fetch(
        db,
        "insert into faq_drafts (entry, content, clauses, author, source, at) values (?, ?, ?, ?, ?, ?) returning id",
        draft.entry, json.dumps(draft.content, ensure_ascii=False), json.dumps(draft.clauses), draft.author, draft.source,
        stamp(at),
    )  # fmt: skip
    return int(made[0]["id"])


def read_draft(db: Sql, number: int) -> Draft | None:
    """One version with its review."""
    found = fetch(db, f"{_DRAFTS} where d.id = ?", number)
    return _draft(found[0]) if found else None


def list_drafts(db: Sql, entry: str = "", limit: int = 200) -> list[Draft]:
    """Versions, of one entry or of all, the latest first."""
    found = fetch(
        db, f"{_DRAFTS} where ? = '' or d.entry = ? order by d.id desc limit ?", entry, entry, limit
    )
    return [_draft(row) for row in found]


def add_review(db: Sql, number: int, reviewer: str, verdict: Verdict, reason: str, at: datetime) -> bool:
    """Approve or reject a version. False, and nothing written, if there is none, it has a review, or the reviewer wrote it."""
    lock(db, "faq")
    draft = read_draft(db, number)
    if draft is None or draft.verdict or draft.author.lower() == reviewer.lower():
        return False
    fetch(
        db,
        "insert into faq_reviews (draft, author, reviewer, verdict, reason, at) values (?, ?, ?, ?, ?, ?)",
        number, draft.author, reviewer, verdict, reason, stamp(at),
    )  # fmt: skip
    return True


def add_publication(db: Sql, publication: Publication, seen: int, at: datetime) -> int:
    """Publish an approved version, or none, as the next publication: its number. 0, and nothing written, if anything was
    published after the publication `seen`, or the version is not approved."""
    lock(db, "faq")
    draft = read_draft(db, publication.draft) if publication.draft is not None else None
    if publication.draft is not None and (
        draft is None or draft.verdict != "approved" or draft.entry != publication.entry
    ):
        return 0
    if last_publication(db) != seen:
        return 0
    made = fetch(
        db,
        "insert into faq_publications (entry, draft, published_by, reason, corrects, at) values (?, ?, ?, ?, ?, ?) "
        "returning id",
        publication.entry, publication.draft, publication.by, publication.reason, int(publication.corrects), stamp(at),
    )  # fmt: skip
    number = int(made[0]["id"])
    db.wake("faq")
    if publication.corrects:
        fetch(db, "insert into faq_telling (publication, reached) values (?, 0)", number)
    return number


def list_publications(db: Sql, entry: str = "", limit: int = 200) -> list[Publication]:
    """Of one entry or of all, the latest first."""
    found = fetch(
        db,
        "select * from faq_publications where ? = '' or entry = ? order by id desc limit ?",
        entry, entry, limit,
    )  # fmt: skip
    return [_publication(row) for row in found]


def last_publication(db: Sql) -> int:
    """The number of the last publication; 0 if there is none. Cheap: every worker asks ten times a second."""
    return int(fetch(db, "select coalesce(max(id), 0) as last from faq_publications")[0]["last"])


def read_published(db: Sql) -> tuple[int, list[Draft]]:
    """The last publication, and what every entry says by its own last."""
    found = fetch(
        db, f"{_DRAFTS} join faq_publications p on p.draft = d.id where p.id in ({_LAST}) order by d.entry"
    )
    return last_publication(db), [_draft(row) for row in found]


def left_to_tell(db: Sql, seen: int) -> bool:
    """Whether people are still to be told of a correction, of the publications up to the one `seen`."""
    return bool(
        fetch(db, "select 1 from faq_telling where done_at is null and publication <= ? limit 1", seen)
    )


def tell_some(db: Sql, word: Word, seen: int, at: datetime, limit: int = TOLD_AT_ONCE) -> None:
    """Go on with the first correction that is left to tell, of the publications up to the one `seen`: look at the next so
    many answers given, and queue `word`'s reply once for each person who had another version last. What is told is an answer
    of the entry itself, so nobody is told twice."""
    lock(db, "faq")
    found = fetch(
        db,
        "select t.reached, p.* from faq_telling t join faq_publications p on p.id = t.publication "
        "where t.done_at is null and p.id <= ? order by p.id limit 1",
        seen,
    )
    if not found:
        return
    publication, now = _publication(found[0]), stamp(at)
    given = fetch(
        db,
        "select id, channel, user_id, version from transcript where entry = ? and id > ? order by id limit ?",
        publication.entry, found[0]["reached"], limit,
    )  # fmt: skip
    if not given:
        fetch(db, "update faq_telling set done_at = ? where publication = ?", now, publication.id)
        return
    reply = word(publication, list_drafts(db, publication.entry, 1)[0])
    for row in given:
        if row["version"] != (publication.draft or 0) and not _answered_since(db, publication.entry, row):
            write_down(db, row["channel"], row["user_id"], "bot", reply.text, reply, now)
            queue(db, row["channel"], row["user_id"], "", reply, now, pushed=True)
    fetch(
        db,
        "update faq_telling set reached = ? where publication = ?",
        given[-1]["id"], publication.id,
    )  # fmt: skip


def _answered_since(db: Sql, entry: str, row: Mapping[str, Any]) -> bool:
    """Whether the person of an answer had another of the same entry later: then that one counts."""
    return bool(
        fetch(
            db,
            "select 1 from transcript where channel = ? and user_id = ? and entry = ? and id > ? limit 1",
            row["channel"], row["user_id"], entry, row["id"],
        )
    )  # fmt: skip


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(
        row["entry"], json.loads(row["content"]), row["author"], json.loads(row["clauses"]), row["source"], row["id"],
        row["at"], row["verdict"], row["reviewer"], row["reason"], row["reviewed_at"],
    )  # fmt: skip


def _publication(row: dict[str, Any]) -> Publication:
    return Publication(
        row["entry"], row["draft"], row["published_by"], row["reason"], bool(row["corrects"]), row["id"], row["at"]
    )  # fmt: skip
