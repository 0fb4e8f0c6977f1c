"""The FAQ edited under control: a draft, its check, approval by somebody else, publication, rollback, withdrawal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.faq_conflicts import Answered, Conflict, answers, find_conflicts
from bot.masking import mask
from bot.published import clause_hashes, entry_of, extend
from bot.store_faq import (
    Draft,
    Publication,
    Verdict,
    add_publication,
    add_review,
    last_publication,
    list_publications,
    read_draft,
)
from bot.store_sql import Sql
from bot.tickets import answered_lately
from bot.world import World
from knowledge.check import entry_problems
from knowledge.regulation import squeeze

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_LEAST_WORDINGS = 2


@dataclass(frozen=True)
class Checked:
    """What was found of a draft: `problems` must be mended first, `conflicts` must be seen by whoever publishes."""

    draft: Draft
    problems: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()


def make_draft(world: World, content: Mapping[str, Any], author: str, day: date, source: str = "") -> Draft:
    """A new version of an entry, to be kept by `store_faq.add_draft`; ValueError with every reason why it is none."""
    draft = Draft(str(content.get("id", "")), _plain(content), author, source=source)
    if problems := problems_of_draft(world, draft, day):
        raise ValueError("；".join(problems))
    return replace(draft, clauses=clause_hashes(entry_of(draft), world.knowledge.regulation))


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: a date of TOML as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in content.items()}


def problems_of_draft(world: World, draft: Draft, day: date) -> list[str]:
    """What makes a draft unusable, a sentence each: the checks of the files, and what only staff's entries must have."""
    if not _ID.fullmatch(draft.entry):
        return [f"条目名（id）：{draft.entry!r} 不能用；请用 2 到 40 个小写字母、数字和连字符"]
    try:
        entry = entry_of(draft)
    except ValueError as error:
        return [str(error)]
    knowledge = world.knowledge
    topics = {e.topic: None for e in knowledge.entries.values() if e.kind == "faq"}
    replaced = knowledge.entries.get(entry.id)
    problems = [*entry_problems(entry, knowledge.entries.values(), knowledge.regulation)]
    if replaced and replaced.kind != "faq":
        problems.append(f"条目名（id）：{entry.id} 已用于办法没有规定的事项")
    if entry.topic not in topics:
        problems.append(f"主题（topic）：{entry.topic or '没有写'}；请从 {'、'.join(topics)} 中选")
    if len(set(entry.wordings)) < _LEAST_WORDINGS:
        problems.append(f"问法（wordings）：至少写{_LEAST_WORDINGS}种问法")
    if entry.expires is None or entry.expires <= day:
        problems.append("核对期限（expires）：请写核对的期限，今天以后的一天，如 2027-06-30")
    own = {squeeze(w) for w in (entry.question, *entry.wordings)}
    if not entry.regression.strip() or squeeze(entry.regression) in own:
        problems.append("回归问题（regression）：请写一句回归问题，不能与问法相同")
    return problems


def check(world: World, draft: Draft, day: date, answered: Sequence[Answered] = ()) -> Checked:
    """Everything that can be found before publishing, in a world that has what is published now."""
    if problems := problems_of_draft(world, draft, day):
        return Checked(draft, tuple(problems))
    entry, after = entry_of(draft), extend(world, [draft])
    if not answers(after, entry, entry.regression):
        return Checked(draft, (f"回归问题（regression）：“{entry.regression}”不会由这一条回答；请补充问法",))
    return Checked(draft, (), tuple(find_conflicts(world, after, entry, answered)))


def approve(db: Sql, number: int, reviewer: str, at: datetime) -> None:
    """Approve a draft; ValueError if it has a review, or the reviewer wrote it."""
    _review(db, number, reviewer, "approved", "", at)


def reject(db: Sql, number: int, reviewer: str, reason: str, at: datetime) -> None:
    """Reject a draft with a reason; ValueError as for approval."""
    if not reason.strip():
        raise ValueError("请写明退回的原因")
    _review(db, number, reviewer, "rejected", reason.strip(), at)


def _review(db: Sql, number: int, reviewer: str, verdict: Verdict, reason: str, at: datetime) -> None:
    draft = find_draft(db, number)
    if draft.verdict:
        raise ValueError(f"草稿 {number} 已由{draft.reviewer}审过")
    if draft.author.casefold() == reviewer.casefold():
        raise ValueError(f"草稿 {number} 是{reviewer}自己写的，须由另一位编辑审批")
    add_review(db, number, reviewer, verdict, reason, at)


def find_draft(db: Sql, number: int) -> Draft:
    """A draft by its number; ValueError if there is none."""
    draft = read_draft(db, number)
    if draft is None:
        raise ValueError(f"没有编号 {number} 的草稿")
    return draft


def publish(db: Sql, draft: Draft, by: str, at: datetime, seen: int, *, corrects: bool = False) -> None:
    """Publish a draft that was checked in the world of the publication `seen`, for everybody at once; ValueError if it is not
    approved or something was published meanwhile."""
    if find_draft(db, draft.id).verdict != "approved":
        raise ValueError(f"草稿 {draft.id} 还没有批准")
    _publish(db, Publication(draft.entry, draft.id, by, corrects=corrects), seen, at)


def roll_back(
    db: Sql, entry: str, by: str, reason: str, at: datetime, *, corrects: bool = False
) -> Publication:
    """An entry says again what it said before its last publication: an earlier draft, or what the files have."""
    former = list_publications(db, entry, 2)
    return _restore(
        db, former, Publication(entry, former[1].draft if len(former) > 1 else None, by, reason, corrects), at
    )


def withdraw(
    db: Sql, entry: str, by: str, reason: str, at: datetime, *, corrects: bool = False
) -> Publication:
    """No draft of an entry is said any more; what the files have of it is."""
    return _restore(db, list_publications(db, entry, 1), Publication(entry, None, by, reason, corrects), at)


def _restore(db: Sql, former: Sequence[Publication], publication: Publication, at: datetime) -> Publication:
    if not former or former[0].draft is None:
        raise ValueError(f"{publication.entry} 没有已发布的版本")
    if not publication.reason.strip():
        raise ValueError("请写明原因")
    _publish(db, publication, last_publication(db), at)
    return publication


def _publish(db: Sql, publication: Publication, seen: int, at: datetime) -> None:
    if not add_publication(db, publication, seen, at):
        raise ValueError("刚刚有别的条目发布，请重新核对后再发布")


def answered_by_desks(db: Sql, limit: int = 500) -> list[Answered]:
    """What desks answered lately, as far as it is kept, masked."""
    return [
        Answered(desk, mask(question), mask(answer)) for desk, question, answer in answered_lately(db, limit)
    ]
