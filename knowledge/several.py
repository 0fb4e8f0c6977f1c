"""A message that asks several things at once, answered whole."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from knowledge.citing import Answer, Context, answer_entry, cite
from knowledge.following import NOTHING_NEW, articles_of, follows, nearest
from knowledge.query import SHORTEST_TOPIC, Query, about, read_query
from knowledge.ranking import Knowledge, rank
from knowledge.vocabulary import PLACE, without_track


def answer_each(knowledge: Knowledge, query: Query, context: Context, best: Answer) -> Answer | None:
    """The answers to each thing asked, where there is more in them than in the `best` answer to the whole message."""
    return _each_asked(knowledge, query, context) or _each_named(knowledge, query, context, best)


_JOINED = re.compile(r"[,，、;；:?？。]|(?<=.)(?=一[个头边][管是叫在])|和|跟|与|以及|还有")
_TOGETHER = re.compile(
    r"各|分别|一个.{1,8}一个|区别|不同|不一样|一样|差别|对比|比较|对照|摆|一并|一起说|一块|顺便|反了|记反|搞混|哪[类种边]"
)

SURE_FROM = 2.0
"""The score from which a part of a question is taken for a question of its own."""


def _each_named(knowledge: Knowledge, query: Query, context: Context, best: Answer) -> Answer | None:
    """A question about several things at once (初审和评审各由谁做): what each of its parts is about, if that is more than
    the answer to the whole says."""
    parts = [
        part
        for part in _JOINED.split(without_track(query.without_mentions))
        if len(part.replace(PLACE, "")) >= SHORTEST_TOPIC - 1
    ]
    if len(parts) < 2 or not _TOGETHER.search(query.text):
        return None
    found: list[Answer] = []
    for part in parts:
        hit = rank(knowledge, about(query, part, knowledge.vocabulary))[0]
        entry = knowledge.entries[hit.owner]
        if entry.kind != "faq" or hit.score < SURE_FROM:
            continue
        answer = answer_entry(knowledge, entry, query, context)
        said = {c.label for a in found for c in a.citations}
        new = {c.label for c in answer.citations}
        if not any(old == label or old.startswith(f"{label}.") for old in said for label in new):
            found.append(answer)
    cited = {c.label for a in found for c in a.citations}
    if len(found) < 2 or cited <= {c.label for c in best.citations}:
        return None
    return _together(knowledge, found, best.context)


_PAUSE = re.compile(r"[,，、;；:：?？!！。\s]+")
_QUESTION = re.compile(
    r"[要得需少有是给补报评过等满交占]\S{0,2}几|几.{0,5}$|多少|多久|多长|多大|多高|谁|哪|吗|么$|(?<!没)什么|(?<!没)啥|怎|如何|咋|还是"
    r"|([要能算可行是])不\1|有没|[要能算可行是有没得成]不$"
)
_EACH = re.compile(r"(?:^|[,，:：;；。])(?P<names>[^,，:：;；?？!！。\s]+?)(?:各自|各|分别)(?P<asks>.+)$")
_NAMES = re.compile(r"[、和跟与]|以及|还有")

TURN_FROM = 2.5
"""The score from which a clause of a sentence is taken for a question of its own,"""
SHORT_FROM = 3.5
"""and a short one, which takes its topic from the one before,"""
SHORT_ELSEWHERE_FROM = 4.5
"""and one that leaves it."""

SAME_WORDS = 60
"""The likeness, of 100, from which a sentence says no more than what was said before it."""


def _each_asked(knowledge: Knowledge, query: Query, context: Context) -> Answer | None:
    """Several questions in one message (场地要多大，人要几个): each is answered as if it had come after the one before."""
    asked = _shared(query.without_mentions)
    if not asked and not query.compares and not _TOGETHER.search(query.text):
        asked = _questions(query.without_mentions)
    if len(asked) < 2 or query.mentions:
        return None
    found: list[Answer] = []
    for part in asked:
        read = _read(knowledge, query, part)
        if found and found[-1].status == "abstained" and follows(read, context):
            continue  # what is left open is left open with its 向哪里提
        answer = _sure(knowledge, read, context)
        *told, alone = _PAUSE.split(part)
        if answer is None and told:  # 老师你好，我们想搞一个，要多大的地
            answer = _sure(knowledge, _read(knowledge, query, alone), context)
        if answer is None or _is_foreign(answer, found):
            return None
        context = answer.context
        if not _is_said(answer, found):
            found.append(answer)
    return _together(knowledge, found, found[-1].context) if len(found) > 1 else None


def _read(knowledge: Knowledge, query: Query, part: str) -> Query:
    """A part of a message, about the facility that the whole is about if it names none itself."""
    read = read_query(part, knowledge.vocabulary)
    return replace(read, track=read.track or query.track)


def _sure(knowledge: Knowledge, read: Query, context: Context) -> Answer | None:
    """The answer to a part, if that is sure."""
    hit, answer = nearest(knowledge, read, context)
    return answer if hit.score >= _least(read, answer, context) else None


def _least(read: Query, answer: Answer, context: Context) -> float:
    """The score that the answer to a part must have: a short one that leaves the article spoken of is seldom meant so."""
    if not follows(read, context):
        return TURN_FROM
    stays = articles_of(answer.context.labels) & articles_of(context.labels)
    return SHORT_FROM if stays else SHORT_ELSEWHERE_FROM


def _is_foreign(answer: Answer, found: Sequence[Answer]) -> bool:
    """Whether a part is not this measure's business. What the measure does not say of a call or a form may come second."""
    outside = answer.entry is not None and answer.entry.kind == "outside"
    return outside and not (found and answer.decides)


def _is_said(answer: Answer, found: Iterable[Answer]) -> bool:
    """Whether the answers before say it already, in nearly the same words and on the same clauses."""
    cited = {label for earlier in found for label in earlier.context.labels}
    said = "".join(sentence for earlier in found for _, sentence in earlier.says)
    again = (fuzz.partial_ratio(sentence, said) >= SAME_WORDS for _, sentence in answer.says)
    return set(answer.context.labels) <= cited and all(again)


def _shared(text: str) -> list[str]:
    """What is asked of each of several things (主任和顾问分别要几个), put to each of them."""
    match = _EACH.search(text)
    if match is None or PLACE in without_track(match["names"]) or not _QUESTION.search(match["asks"]):
        return []
    return [name + match["asks"] for name in _NAMES.split(match["names"]) if name]


def _questions(text: str) -> list[str]:
    """The clauses of a sentence that ask, each with what is told before it; what adds nothing to the one before is part of it."""
    asked: list[str] = []
    told = ""
    for piece in filter(None, _PAUSE.split(text)):
        told = f"{told}，{piece}" if told else piece
        if _QUESTION.search(piece):
            same = told.startswith("还是") or ("人" not in told and NOTHING_NEW.match(without_track(told)))
            if asked and same:
                asked[-1] += "，" + told
            else:
                asked.append(told)
            told = ""
    return asked


def _together(knowledge: Knowledge, found: Sequence[Answer], context: Context) -> Answer | None:
    """Several answers as one, which leaves off at `context`. What is left open is said beside what is not, and only what
    settles something is cited."""
    settled = [a for a in found if a.status == "answered"]
    if not settled:
        return None
    quotes: dict[str, set[str]] = {}
    for citation in (c for a in settled for c in a.citations):
        quotes.setdefault(citation.label, set()).add(citation.quote)
    citations = tuple(
        cite(knowledge, label, *said if len(said) == 1 else ()) for label, said in quotes.items()
    )
    return replace(
        settled[0], says=tuple(s for a in found for s in a.says), citations=citations, compared=False,
        decides=next((a.decides for a in found if a.decides), ""),
        context=replace(context, labels=tuple(c.label for c in citations)),
    )  # fmt: skip
