"""The FAQ's records: nothing is changed, nobody approves their own, and a person is told of a correction once."""

import sqlite3

import psycopg
import pytest
from drafting import AT, DRONE

from bot.conversation import Block, Message, Reply, Turn
from bot.store_faq import (
    Draft,
    Publication,
    add_draft,
    add_publication,
    add_review,
    last_publication,
    left_to_tell,
    list_drafts,
    list_publications,
    read_draft,
    read_published,
    tell_some,
)  # fmt: skip

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)


def do(store, act, *args):
    return store.transact(lambda db: act(db, *args))


def draft(store, author="a", entry="e", **content):
    return do(store, add_draft, Draft(entry, DRONE | content, author, {"9.3": "x"}, "工单 3"), AT)


def publish(store, number, *, corrects=False, entry="e"):
    do(store, add_review, number, "b", "approved", "", AT)
    seen = store.look(last_publication)
    return do(store, add_publication, Publication(entry, number, "b", corrects=corrects), seen, AT)


def test_a_draft_comes_back_as_it_was_written(store):
    found = do(store, read_draft, draft(store))
    assert (found.content, found.author, found.clauses, found.source) == (DRONE, "a", {"9.3": "x"}, "工单 3")
    assert do(store, read_draft, 99) is None


def test_drafts_and_publications_are_listed_latest_first(store):
    one, other = draft(store), draft(store, entry="f")
    assert [d.id for d in do(store, list_drafts)] == [other, one]
    assert [d.id for d in do(store, list_drafts, "e")] == [one]
    publish(store, one)
    publish(store, other, entry="f")
    assert [p.entry for p in do(store, list_publications)] == ["f", "e"]
    assert [d.entry for d in store.look(read_published)[1]] == ["e", "f"]


def test_the_database_itself_forbids_what_the_code_does(store):
    number = draft(store)
    file = store._engine
    forbidden = [
        "insert into faq_reviews values (1, 'a', 'A', 'approved', '', '')",
        "insert into faq_reviews values (1, 'someone else', 'a', 'approved', '', '')",
        "insert into faq_reviews values (1, 'a', 'b', 'perhaps', '', '')",
        "insert into faq_publications (entry, draft, published_by, reason, corrects, at) values ('e', 1, 'b', '', 0, '')",
        "update faq_drafts set author = 'b'",
        "delete from faq_drafts",
    ]
    for statement in forbidden:
        with pytest.raises(REFUSED), file.writing() as db:
            db.execute(statement)
    assert publish(store, number)
    for table in ("faq_reviews", "faq_publications"):
        for statement in (f"update {table} set at = 'x'", f"delete from {table}"):
            with pytest.raises(REFUSED, match="only added to"), file.writing() as db:
                db.execute(statement)


def test_what_is_not_approved_or_of_another_entry_or_overtaken_is_not_published(store):
    number = draft(store)
    assert do(store, add_publication, Publication("e", number, "b"), 0, AT) == 0
    do(store, add_review, number, "b", "rejected", "no", AT)
    assert do(store, add_publication, Publication("e", number, "b"), 0, AT) == 0
    good = draft(store)
    do(store, add_review, good, "b", "approved", "", AT)
    assert do(store, add_publication, Publication("f", good, "b"), 0, AT) == 0
    assert do(store, add_publication, Publication("e", good, "b"), 7, AT) == 0
    assert do(store, add_publication, Publication("e", good, "b"), 0, AT) == 1


def answer(store, user, version, key, entry="e"):
    reply = Reply("answered", (Block("text", "旧"),), entry=entry, version=version)
    message = Message("web", user, key, AT.date(), text="问")
    store.commit(Turn(store.load("web", user), (reply,)), message, AT, answered=True)


def told(store, user):
    return [outgoing.reply.text for outgoing in store.pushed("web", user)]


def tell_all(store, limit=2):
    def word(publication, latest):
        text = f"更正 {latest.content['question']}"
        return Reply("answered", (Block("text", text),), entry="e", version=publication.draft or 0)

    slices = 0
    seen = store.look(last_publication)
    while store.look(lambda db: left_to_tell(db, seen)):
        do(store, tell_some, word, seen, AT, limit)
        slices += 1
    return slices


def test_everybody_who_had_the_answer_last_is_told_once_whatever_they_asked_since(store):
    old = draft(store)
    publish(store, old)
    for n in range(5):
        answer(store, f"u{n}", old, f"k{n}")
    answer(store, "u1", old, "again")
    answer(store, "u2", 0, "other", entry="f")
    new = draft(store)
    answer(store, "right", new, "k-right")
    publish(store, new, corrects=True)
    answer(store, "u4", new, "asked-since")
    assert tell_all(store) > 2
    assert tell_all(store) == 0
    assert [len(told(store, f"u{n}")) for n in range(5)] == [1, 1, 1, 1, 0]
    assert told(store, "right") == []
    assert told(store, "u0") == [f"更正 {DRONE['question']}"]


def test_a_second_correction_tells_those_again_who_were_told_the_first(store):
    versions = [draft(store) for _ in range(3)]
    publish(store, versions[0])
    answer(store, "u", versions[0], "k")
    for number in versions[1:]:
        publish(store, number, corrects=True)
        tell_all(store)
    assert len(told(store, "u")) == 2


def test_what_is_no_correction_tells_nobody_and_an_erased_person_is_not_told(store):
    old, new = draft(store), draft(store)
    publish(store, old)
    answer(store, "u", old, "k")
    answer(store, "v", old, "k2")
    publish(store, new)
    assert tell_all(store) == 0
    store.erase("web", "u")
    do(
        store,
        add_publication,
        Publication("e", None, "b", "falsch", corrects=True),
        store.look(last_publication),
        AT,
    )
    tell_all(store)
    assert told(store, "u") == []
    assert len(told(store, "v")) == 1


def test_a_publication_not_seen_yet_is_not_told_of(store):
    old, new = draft(store), draft(store)
    seen = publish(store, old)
    answer(store, "u", old, "k")
    publish(store, new, corrects=True)
    assert not store.look(lambda db: left_to_tell(db, seen))
    do(store, tell_some, None, seen, AT)
    assert told(store, "u") == []
