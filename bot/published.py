"""The world with what staff published: entries of the database beside those of the files, or in their place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import structlog

from bot.conversation import Reply
from bot.store_faq import Draft, Publication
from bot.wording import say, text_reply, word_answer
from bot.world import World
from knowledge.answer import show_entry
from knowledge.check import entry_problems
from knowledge.citing import NOTHING_SAID
from knowledge.entries import Entry, read_entry
from knowledge.ranking import index_entries
from knowledge.regulation import Regulation, squeeze

log = structlog.get_logger("beian")


def entry_of(draft: Draft) -> Entry:
    """The entry that a draft writes; ValueError where this version of the program cannot read it."""
    try:
        return read_entry(draft.content, "faq", draft.id)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{draft.entry}: {error}") from error


def extend(world: World, drafts: Sequence[Draft]) -> World:
    """The world of the files with published drafts. One that no longer fits the regulation is left out: better the files'
    answer, or none, than a clause that is not there."""
    if not drafts:
        return world
    entries = dict(world.knowledge.entries)
    for draft in drafts:
        if problem := next(iter(_problems(draft, entries, world.knowledge.regulation)), ""):
            log.warning("published entry left out", entry=draft.entry, draft=draft.id, problem=problem)
        else:
            entries[draft.entry] = entry_of(draft)
    knowledge = index_entries(world.knowledge.regulation, tuple(entries.values()), world.knowledge)
    knowledge.vocabulary.speller.prepare()  # here, and not in the turn that has the first typing error
    return replace(world, knowledge=knowledge)


def _problems(draft: Draft, entries: Mapping[str, Entry], regulation: Regulation) -> list[str]:
    try:
        return entry_problems(entry_of(draft), entries.values(), regulation)
    except ValueError as error:
        return [str(error)]


def clause_hashes(entry: Entry, regulation: Regulation) -> dict[str, str]:
    """The hash of each cited clause's words as they are now."""
    labels = {label for variant in entry.variants() for label in (*variant.clauses, *variant.quotes)}
    return {label: _hash(regulation.clauses[label].text) for label in sorted(labels)}


def _hash(text: str) -> str:
    return hashlib.sha256(squeeze(text).encode()).hexdigest()[:16]


def outdated(draft: Draft, regulation: Regulation, day: date) -> Iterator[str]:
    """Why a published draft must be looked at again: past its expiry, or a clause of it was amended or is gone."""
    expires = entry_of(draft).expires
    if expires and expires < day:
        yield say("faq.expired", day=expires)
    for label, former in draft.clauses.items():
        clause = regulation.clauses.get(label)
        if clause is None:
            yield say("faq.clause_gone", label=label)
        elif _hash(clause.text) != former:
            yield say("faq.clause_changed", clause=clause.name)


def word_correction(world: World, publication: Publication, draft: Draft) -> Reply:
    """What people are told who had an answer that is now another one, or none."""
    question = str(draft.content.get("question") or draft.entry)
    entry = world.knowledge.entries.get(publication.entry)
    if entry is None:
        gone = text_reply("abstained", say("faq.withdrawn", question=question))
        return replace(gone, entry=publication.entry)
    reply = word_answer(world.knowledge, show_entry(world.knowledge, entry, NOTHING_SAID))
    first = text_reply("control", say("faq.corrected", question=question))
    return replace(reply, blocks=(*first.blocks, *reply.blocks))
