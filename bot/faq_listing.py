"""Drafts, what was found of them, and the history of the FAQ, in words for the command line."""

from collections.abc import Iterator
from datetime import date, datetime

from bot.faq_conflicts import Conflict
from bot.faq_editing import Checked
from bot.published import entry_of, outdated
from bot.store_faq import Draft, list_publications, read_published
from bot.store_faq import list_drafts as find_drafts
from bot.store_sql import Sql
from bot.world import World

VERDICTS = {"": "待审批", "approved": "已批准", "rejected": "已退回"}

CONFLICTS = {
    "contradicts": "与已有条目“{question}”（{where}）说法不同",
    "alike": "已有相近的条目“{question}”（{where}），请对照",
    "unsettled": "“{question}”（{where}）：办法没有规定",
    "desk": "与{where}对“{question}”的答复不同",
    "changes": "“{question}”原来由 {where} 回答，发布后会改由这一条回答",
    "lost": "“{question}”现在由这一条回答，发布后不再由它回答",
    "missed": "问法“{question}”仍由 {where} 回答，不会用到这一条",
}
"""What each kind of conflict is, in one line."""


def explain(conflict: Conflict) -> str:
    """A conflict in one line."""
    return CONFLICTS[conflict.kind].format(question=conflict.question, where=conflict.where)


def ours_is(conflict: Conflict) -> str:
    """What the other side's words are set against: the draft's, or what would be answered."""
    return "发布后" if conflict.kind in {"changes", "lost"} else "草稿"


def list_found(checked: Checked) -> str:
    """Problems and conflicts, each conflict with the words of both sides."""
    lines = [f"要改：{problem}" for problem in checked.problems]
    for conflict in checked.conflicts:
        lines += [
            f"冲突：{explain(conflict)}",
            f"    现有：{conflict.theirs}",
            f"    {ours_is(conflict)}：{conflict.ours}",
        ]
    if checked.conflicts:
        lines.append("看过以上冲突仍要发布，请加 --accept。")
    return "".join(f"{line}\n" for line in lines)


def show_draft(draft: Draft) -> str:
    """A draft as it will be said, with its wordings and its review."""
    entry = entry_of(draft)
    lines = [
        f"草稿 {draft.id}　{draft.entry}　{_state(draft)}　{draft.author}　{_time(draft.at)}",
        entry.question,
    ]
    for variant in entry.variants():
        lines.append(f"  {variant.says}（{'、'.join(variant.clauses)}）")
    lines.append(f"  问法：{'；'.join(entry.wordings)}")
    lines.append(f"  回归问题：{entry.regression}　核对期限：{entry.expires}")
    return "\n".join(lines + ([f"  来源：{draft.source}"] if draft.source else []))


def _state(draft: Draft) -> str:
    state = VERDICTS[draft.verdict]
    return (
        f"{state}（{draft.reviewer}" + (f"：{draft.reason}）" if draft.reason else "）")
        if draft.verdict
        else state
    )


def list_drafts(db: Sql, *, everything: bool) -> str:
    """One line a draft, the latest first."""
    seen = {p.draft for p in list_publications(db)}
    shown = [d for d in find_drafts(db) if everything or (d.id not in seen and d.verdict != "rejected")]
    lines = [
        f"{d.id}\t{_time(d.at)}\t{d.entry}\t{_state(d)}\t{d.author}\t{d.content.get('question', '')}"
        for d in shown
    ]
    return "\n".join(lines) or "没有待办的草稿。"


def list_outdated(db: Sql, world: World, day: date) -> str:
    """What is published and must be looked at again."""
    lines = []
    for draft in read_published(db)[1]:
        for reason in outdated(draft, world.knowledge.regulation, day):
            lines.append(f"需要复核：{draft.entry}，{reason}\n")
    return "".join(lines)


def list_history(db: Sql, entry: str) -> str:
    """Who wrote, reviewed, published and withdrew what, in order."""
    lines = sorted([*_written(db, entry), *_published(db, entry)])
    return "\n".join(f"{_time(at)}\t{name}\t{what}" for at, name, what in lines) or "还没有记录。"


def _written(db: Sql, entry: str) -> Iterator[tuple[str, str, str]]:
    for draft in find_drafts(db, entry):
        yield draft.at, draft.entry, f"草稿 {draft.id} 由{draft.author}写成"
        if draft.verdict:
            yield draft.reviewed_at, draft.entry, f"草稿 {draft.id} {_state(draft)}"


def _published(db: Sql, entry: str) -> Iterator[tuple[str, str, str]]:
    for done in list_publications(db, entry):
        what = f"草稿 {done.draft} 由{done.by}发布" if done.draft else f"由{done.by}撤下"
        told = "，告知得到过原答复的人" if done.corrects else ""
        yield done.at, done.entry, what + (f"（{done.reason}）" if done.reason else "") + told


def _time(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M:%S")
