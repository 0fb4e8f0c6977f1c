"""The tables of the store, made by named steps, each applied once to every database."""

import json

from bot.store_sql import Sql, fetch
from bot.store_steps import Step, make, only_add
from bot.ticket_search import index


def m001_conversations(db: Sql) -> None:
    """Conversations with their version, sessions, the transcript, inbox and outbox, and tickets."""
    make(db, _TABLES)


# Numbers are never given twice (autoincrement): a reply that is on its way while its person has everything erased must not
# mark another one as sent, and a ticket's number stays its own.
_TABLES = """
create table conversations (
    channel text not null, user_id text not null, version integer not null, state text not null,
    created_at text not null, touched_at text not null, primary key (channel, user_id));
create index conversations_touched on conversations (touched_at);

create table sessions (
    channel text not null, user_id text not null, created_at text not null, primary key (channel, user_id));
create index sessions_created on sessions (created_at);

create table transcript (
    id integer primary key autoincrement, channel text not null, user_id text not null, who text not null,
    text text not null, outcome text not null, labels text not null, reply text not null, at text not null);
create index transcript_user on transcript (channel, user_id, id);

create table inbox (
    id integer primary key autoincrement, channel text not null, key text not null, user_id text not null,
    payload text not null, received_at text not null, done_at text, unique (channel, key));
create index inbox_user on inbox (channel, user_id);
create index inbox_waiting on inbox (channel, user_id, id) where done_at is null;

create table outbox (
    id integer primary key autoincrement, channel text not null, user_id text not null, key text not null,
    reply text not null, pushed integer not null, attempts integer not null default 0,
    reason text not null default '', created_at text not null, sent_at text, failed_at text);
create index outbox_key on outbox (channel, key);
create index outbox_user on outbox (channel, user_id);
create index outbox_waiting on outbox (channel, user_id, id) where sent_at is null and failed_at is null;
create index outbox_failed on outbox (channel, id) where failed_at is not null;

create table tickets (
    id integer primary key autoincrement, channel text not null, user_id text not null, place text not null,
    desk text not null, question text not null, transcript text not null, status text not null,
    opened_at text not null, answer text not null default '', answered_at text not null default '');
create index tickets_status on tickets (status, id);
create index tickets_user on tickets (channel, user_id);
create index tickets_opened on tickets (opened_at);

create table ticket_events (
    id integer primary key autoincrement, ticket integer not null references tickets (id), event text not null,
    at text not null);
create index ticket_events_ticket on ticket_events (ticket)
"""


def m002_feedback(db: Sql) -> None:
    """Which message a line of the transcript belongs to, and what people say of answers and pages."""
    make(db, _FEEDBACK)


_FEEDBACK = """
alter table transcript add column key text not null default '';

create table feedback (
    id integer primary key autoincrement, channel text not null, user_id text not null, about text not null,
    useful integer not null, comment text not null, at text not null);
create index feedback_user on feedback (channel, user_id, about)
"""


def m003_reminders(db: Sql) -> None:
    """On which day a conversation has its next reminder: the reminders themselves are part of its state."""
    make(db, _REMINDERS)


_REMINDERS = """
alter table conversations add column remind_on text;

create index conversations_remind on conversations (remind_on) where remind_on is not null
"""


def m004_resume_codes(db: Sql) -> None:
    """Resume codes by their hash, wrong ones that were tried, and what is left of a reply that showed one."""
    make(db, _CODES)


_CODES = """
create table resume_codes (
    hash text not null primary key, channel text not null, user_id text not null, created_at text not null,
    unique (channel, user_id));

create table wrong_codes (
    id integer primary key autoincrement, channel text not null, user_id text not null, at text not null);
create index wrong_codes_user on wrong_codes (channel, user_id, at);

alter table outbox add column masked text not null default ''
"""


def m005_delivery(db: Sql) -> None:
    """Where a reply belongs, what it was sent as, and who cannot be reached."""
    make(db, _DELIVERY)


_DELIVERY = """
alter table outbox add column address text not null default '';

alter table outbox add column sent_as text not null default '';

create table unreachable (
    channel text not null, user_id text not null, reason text not null, since text not null,
    primary key (channel, user_id))
"""


def m006_staff(db: Sql) -> None:
    """Accounts of the staff, their sessions and invitations, and what they did: a log that cannot be changed."""
    make(db, _STAFF)
    for table in ("audit", "ticket_events"):
        only_add(db, table)


_STAFF = """
create table staff (
    id integer primary key autoincrement, name text not null, name_key text not null unique, title text not null,
    role text not null, desk text not null, password_hash text not null, active integer not null default 1,
    failures integer not null default 0, locked_until text not null default '', created_at text not null);

create table staff_sessions (
    hash text not null primary key, staff integer not null references staff (id), csrf text not null,
    until text not null, seen_at text not null);
create index staff_sessions_staff on staff_sessions (staff);

create table staff_invitations (
    hash text not null primary key, role text not null, desk text not null, invited_by integer not null,
    until text not null);

create table audit (
    id integer primary key autoincrement, at text not null, staff integer not null, action text not null,
    subject text not null);
create index audit_subject on audit (subject, id)
"""


def m007_faq(db: Sql) -> None:
    """The FAQ that staff write: nothing in it is ever changed, and nobody approves what they wrote themselves."""
    make(db, _FAQ)
    for table in ("faq_drafts", "faq_reviews", "faq_publications"):
        only_add(db, table)


_FAQ = """
create table faq_drafts (
    id integer primary key autoincrement, entry text not null, content text not null, clauses text not null,
    author text not null, source text not null, at text not null, unique (id, author), unique (id, entry));
create index faq_drafts_entry on faq_drafts (entry, id);

create table faq_reviews (
    draft integer not null primary key, author text not null, reviewer text not null, verdict text not null,
    reason text not null, at text not null, unique (draft, verdict),
    check (lower(reviewer) <> lower(author)), check (verdict in ('approved', 'rejected')),
    foreign key (draft, author) references faq_drafts (id, author));

create table faq_publications (
    id integer primary key autoincrement, entry text not null, draft integer,
    verdict text not null default 'approved' check (verdict = 'approved'), published_by text not null,
    reason text not null, corrects integer not null, at text not null,
    foreign key (draft, entry) references faq_drafts (id, entry),
    foreign key (draft, verdict) references faq_reviews (draft, verdict));
create index faq_publications_entry on faq_publications (entry, id);

create table faq_telling (
    publication integer not null primary key references faq_publications (id), reached integer not null, done_at text);

alter table transcript add column entry text not null default '';

alter table transcript add column version integer not null default 0;

create index transcript_entry on transcript (entry, id) where entry <> ''
"""


def m008_portable(db: Sql) -> None:
    """What SQLite finds by the hidden number of a row, by an index of its own."""
    make(db, "create index resume_codes_created on resume_codes (created_at)")


def m009_tally(db: Sql) -> None:
    """How often what happened, by day: no person is in it."""
    make(
        db,
        "create table tally (day text not null, channel text not null, place text not null, measure text not null, "
        "topic text not null, item text not null, n integer not null, "
        "primary key (day, channel, place, measure, topic, item))",
    )


def m010_tickets(db: Sql) -> None:
    """What the staff work with: state, times, contact and details of tickets, notes, canned answers, and the search."""
    make(db, _TICKETS)
    for statement in db.dialect.words.made:
        db.execute(statement)
    for row in fetch(db, "select id, place, question, transcript from tickets where user_id <> ''"):
        said = [text for _, text in json.loads(row["transcript"])]
        index(db, row["id"], row["place"], [row["question"], *said])


# `ticket_words` holds no text of its own (content=''): what is taken out of it is worked out again from `ticket_texts`.
_TICKETS = """
alter table tickets add column details text not null default '{}';
alter table tickets add column waiting_since text not null default '';
alter table tickets add column due_at text not null default '';
alter table tickets add column assignee integer not null default 0;
alter table tickets add column revision integer not null default 0;
alter table tickets add column reopened integer not null default 0;
alter table tickets add column outcome text not null default '';
alter table tickets add column contact text not null default '';
alter table tickets add column said_from integer not null default 0;
alter table tickets add column said_to integer not null default 0;
update tickets set waiting_since = opened_at, said_from = coalesce((select max(id) from transcript t where
    t.channel = tickets.channel and t.user_id = tickets.user_id and t.at <= tickets.opened_at), 0);
drop index tickets_status;
create index tickets_waiting on tickets (status, waiting_since, id, due_at, assignee);
create index tickets_place on tickets (place, status, waiting_since, id, due_at, assignee);

alter table ticket_events add column staff integer;
alter table ticket_events add column detail text not null default '';

create table ticket_notes (
    id integer primary key autoincrement, ticket integer not null references tickets (id), staff integer not null,
    text text not null, at text not null);
create index ticket_notes_ticket on ticket_notes (ticket);

create table canned (
    id integer primary key autoincrement, place text not null, title text not null, text text not null);
create index canned_place on canned (place);

create table ticket_texts (ticket integer primary key references tickets (id), place text not null, text text not null)
"""


def m011_topics(db: Sql) -> None:
    """Which topic of the staff's Telegram group is a ticket's, and what it shows."""
    make(db, _TOPICS)


_TOPICS = """
create table topics (
    ticket integer primary key references tickets (id), chat text not null, thread integer not null, shown text not null);
create index topics_thread on topics (chat, thread);
create index topics_shown on topics (shown)
"""


def m012_weekly(db: Sql) -> None:
    """What each desk was told of a week, and which accounts have seen it: figures of the statistics, no person."""
    make(db, _WEEKLY)


_WEEKLY = """
create table weekly (
    place text not null, week text not null, text text not null, at text not null, primary key (place, week));

create table weekly_seen (
    staff integer not null references staff (id), place text not null, week text not null,
    primary key (staff, place, week))
"""

STEPS: tuple[Step, ...] = (
    m001_conversations, m002_feedback, m003_reminders, m004_resume_codes, m005_delivery, m006_staff, m007_faq,
    m008_portable, m009_tally,
    m010_tickets, m011_topics, m012_weekly,
)  # fmt: skip
