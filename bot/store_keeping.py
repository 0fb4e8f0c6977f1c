"""What is kept of a person: a copy of it, its erasure, and the end of its retention."""

import json
from datetime import datetime
from typing import Any

from bot.desk_hours import CHINA_OFFSET
from bot.store import Erased, Feedback, Purged, Said
from bot.store_records import read_reply
from bot.store_rows import rows
from bot.store_sql import Sql, lock
from bot.store_tally import Count, add_counts
from bot.tickets import blank_tickets


def export(db: Sql, channel: str, user: str) -> dict[str, Any]:
    """Everything kept of a user, in the order in which it came."""
    who = [channel, user]
    state = rows(
        db,
        "select state, created_at, touched_at from conversations where channel = ? and user_id = ?",
        who,
    )
    waiting = rows(
        db,
        "select payload from inbox where channel = ? and user_id = ? and done_at is null order by id",
        who,
    )
    return {
        "channel": channel,
        "user": user,
        "created_at": state[0]["created_at"] if state else None,
        "touched_at": state[0]["touched_at"] if state else None,
        "conversation": json.loads(state[0]["state"]) if state else {},
        "transcript": rows(
            db, "select who, text, at from transcript where channel = ? and user_id = ? order by id", who
        ),
        "tickets": rows(
            db,
            "select id, desk, status, question, contact, details, answer, opened_at, answered_at from tickets "
            "where channel = ? and user_id = ? order by id",
            who,
        ),
        "resume_code": rows(db, "select created_at from resume_codes where channel = ? and user_id = ?", who),
        "feedback": rows(
            db,
            "select about, useful, comment, at from feedback where channel = ? and user_id = ? order by id",
            who,
        ),
        "waiting": [json.loads(row["payload"])["text"] for row in waiting],
    }


def recent(db: Sql, channel: str, user: str, limit: int) -> list[Said]:
    """The last lines of the transcript, oldest first."""
    sql = "select who, text, reply, key, at from transcript where channel = ? and user_id = ? order by id desc limit ?"
    found = rows(db, sql, [channel, user, limit])
    return [
        Said(r["who"], r["text"], read_reply(r["reply"]) if r["reply"] else None, r["key"], r["at"])
        for r in reversed(found)
    ]


def said(db: Sql, channel: str, user: str, key: str) -> str | None:
    """What a user said in the message of a key."""
    sql = "select text from transcript where channel = ? and user_id = ? and key = ? and who = 'user'"
    found = rows(db, sql, [channel, user, key])
    return str(found[0]["text"]) if found else None


def add_feedback(db: Sql, given: Feedback, now: str) -> None:
    """What somebody says of an answer or a page; said again of the same by the same person, the last word counts, in the
    statistics too."""
    counts = [_counted(given.channel, _VOTES[given.useful], now, 1)]
    if given.user:
        lock(db, given.channel, given.user)
        before = rows(
            db,
            "delete from feedback where channel = ? and user_id = ? and about = ? returning useful, at",
            [given.channel, given.user, given.about],
        )
        counts += [_counted(given.channel, _VOTES[row["useful"]], row["at"], -1) for row in before]
    add_counts(db, counts)
    db.execute(
        "insert into feedback (channel, user_id, about, useful, comment, at) values (?, ?, ?, ?, ?, ?)",
        [given.channel, given.user, given.about, int(given.useful), given.comment, now],
    )


_VOTES = ("useless", "useful")


def _counted(channel: str, vote: str, at: str, n: int) -> Count:
    day = (datetime.fromisoformat(at) + CHINA_OFFSET).date()
    return Count(day, channel, "", "rating", "", vote, n)


def list_feedback(db: Sql, limit: int) -> list[Feedback]:
    """The latest feedback first, with the question and the answer that it is about as far as they are still kept."""
    found = rows(db, "select * from feedback order by id desc limit ?", [limit])
    return [_feedback(db, row) for row in found]


def _feedback(db: Sql, row: dict[str, Any]) -> Feedback:
    said = rows(
        db,
        "select who, text from transcript where channel = ? and user_id = ? and key = ? order by id",
        [row["channel"], row["user_id"], row["about"]],
    )
    question = next((line["text"] for line in said if line["who"] == "user"), "")
    answer = next((line["text"] for line in said if line["who"] != "user"), "")
    return Feedback(
        row["channel"], row["user_id"], row["about"], bool(row["useful"]), row["comment"], row["at"], question, answer
    )  # fmt: skip


def erase(db: Sql, channel: str, user: str, now: str, *, up_to: int | None = None) -> Erased:
    """Remove everything of a user, and say how much it was. The keys of handled messages stay, without content or person: an update that is
    delivered again must not be handled again. With `up_to`, messages that came later wait on for their turn."""
    who = [channel, user]
    lock(db, *who)
    responses, reminders = _count_state(db, who)
    gone = {
        table: db.execute(f"delete from {table} where channel = ? and user_id = ?", who).rowcount  # noqa: S608 - constants
        for table in (
            "conversations",
            "transcript",
            "outbox",
            "unreachable",
            "feedback",
            "resume_codes",
            "wrong_codes",
        )
    }
    db.execute(
        "update inbox set payload = '', user_id = '', done_at = coalesce(done_at, ?) "
        "where channel = ? and user_id = ? and id <= coalesce(?, id)",
        [now, *who, up_to],
    )
    theirs = rows(db, "select id, status from tickets where channel = ? and user_id = ?", who)
    blank_tickets(db, theirs, now)
    return Erased(
        gone["transcript"], responses, len(theirs), reminders, gone["feedback"], gone["resume_codes"]
    )


def _count_state(db: Sql, who: list[str]) -> tuple[int, int]:
    """How many responses and reminders a conversation has."""
    responses = reminders = 0
    for row in rows(db, "select state from conversations where channel = ? and user_id = ?", who):
        state = json.loads(row["state"])
        interviews = [state[name] for name in ("interview", "aside") if state.get(name)]
        responses += sum(len(interview["responses"]) for interview in interviews)
        reminders += len(state.get("reminders", ()))
    return responses, reminders


def purge(db: Sql, before: str, replays_before: str, now: str, limit: int) -> Purged:
    """One slice: conversations not touched since, unused sessions, old lines of living ones, old tickets' texts, and the
    memory of handled messages."""
    old = rows(
        db,
        "select * from conversations c where touched_at < ? and not exists (select 1 from inbox i where "
        "i.channel = c.channel and i.user_id = c.user_id and i.done_at is null) limit ?",
        [before, limit],
    )
    for row in sorted(
        old, key=lambda row: (row["channel"], row["user_id"])
    ):  # two that purge wait, and never for each other
        erase(db, row["channel"], row["user_id"], now)
        if row["remind_on"]:
            _keep_reminders(db, row, now)
    removed = len(old)
    removed += db.execute(
        "delete from sessions where (channel, user_id) in (select channel, user_id from sessions s where s.created_at < ? and not exists "
        "(select 1 from conversations c where c.channel = s.channel and c.user_id = s.user_id) limit ?)",
        [before, limit],
    ).rowcount
    old_tickets = rows(
        db, "select id, status from tickets where opened_at < ? and user_id <> '' limit ?", [before, limit]
    )
    blank_tickets(db, old_tickets, now)
    removed += len(old_tickets)
    for statement in _PAST_RETENTION:
        removed += db.execute(statement, [limit, before]).rowcount
    for statement in _PAST_REPLAYS:
        removed += db.execute(statement, [limit, replays_before]).rowcount
    return Purged(len(old), removed)


def _keep_reminders(db: Sql, row: dict[str, Any], now: str) -> None:
    """Of a conversation whose retention ends, what is still to be reminded of, and nothing else, is kept until then."""
    state = json.loads(row["state"])
    kept = {name: state[name] for name in ("channel", "user", "reminders")}
    db.execute(
        "insert into conversations (channel, user_id, version, state, remind_on, created_at, touched_at) "
        "values (?, ?, ?, ?, ?, ?, ?)",
        [
            row["channel"], row["user_id"], row["version"] + 1, json.dumps(kept, ensure_ascii=False),
            row["remind_on"], row["created_at"], now,
        ],
    )  # fmt: skip


# Rows are numbered as they come, so the oldest are the first: only those are looked at, without an index on the time.
_PAST_RETENTION = (
    "delete from resume_codes where hash in (select hash from (select hash, created_at from resume_codes "
    "order by created_at limit ?) as oldest where created_at < ?)",
    "delete from wrong_codes where id in (select id from (select id, at from wrong_codes order by id limit ?) as oldest "
    "where at < ?)",
    "delete from transcript where id in (select id from (select id, at from transcript order by id limit ?) as oldest "
    "where at < ?)",
    "delete from feedback where id in (select id from (select id, at from feedback order by id limit ?) as oldest "
    "where at < ?)",
    "delete from outbox where id in (select id from (select id, failed_at from outbox where failed_at is not null "
    "order by id limit ?) as oldest where failed_at < ?)",
)
_PAST_REPLAYS = (
    "delete from inbox where id in (select id from (select id, done_at from inbox where done_at is not null "
    "order by id limit ?) as oldest where done_at < ?)",
    "delete from outbox where id in (select id from (select id, sent_at from outbox where sent_at is not null "
    "order by id limit ?) as oldest where sent_at < ?)",
)
