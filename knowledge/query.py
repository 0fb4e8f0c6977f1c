"""What a user typed, read: mended text, the facility meant, the clauses named, and weighted tokens for the search."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from knowledge.label import Label, find_labels
from knowledge.search import CONCEPT_WEIGHT, DECISIVE_WEIGHT, tokens_of
from knowledge.text import normalise, read_quantities
from knowledge.vocabulary import PLACE, Vocabulary, read_track, without_track

LONGEST = 2000
"""Characters of a message that are read; no question needs more."""

_ANCHOR = re.compile(r"备案|科技厅|科技局|科技管理部门|依托单位|授牌|挂牌|摘牌|牌子|就高不重复")
"""Words that tie a question to the measure whatever else it says."""

_SKELETON = re.compile(
    rf"有?(?:什么|啥|何|哪些)?(?:区别|不同|差别|差异|两样)|差在哪|差多少|对比一?下?|比较一?下?|一样[吗不]|是否相同|各自?是?|分别|两[类种边个]平?台?|{PLACE}|和|跟|与|上面|方面|对于|在(?=.)|[吗呢?？。,]"
)
SHORTEST_TOPIC = 3

SHORTEST_PART = 5
"""Characters that a clause of a sentence must have to be a question of its own."""

_OPENER = re.compile(r"^(?:那么?|还有|然后|换成?)")
"""How a follow-up begins; nothing in it is a typing error, but 那运营 is close to 拿运营."""

_COMPARES = re.compile(r"一个.{1,12}一个|区别|不同|差别|差异|差多少|差在|对比|比较|比一比|一样吗|vs")
_EACH = re.compile(r"哪个[更要高]|各[要是多几]|分别")
"""What compares both facilities only where the question does not name one of them."""


@dataclass(frozen=True)
class Query:
    """A question as it is searched. `plain` has the facility's name taken out; `content` the filler words as well."""

    text: str
    plain: str
    content: str
    without_mentions: str
    track: str | None
    mentions: tuple[Label, ...]
    tokens: Mapping[str, float]
    parts: tuple[tuple[str, Mapping[str, float]], ...]
    """Each clause with its tokens of a long sentence by itself: what is told around a question must not drown it."""
    decisive: frozenset[str]
    """The decisive terms it names, or their very words."""
    foreign: float
    """The share of its characters in words that nothing here knows; 0 where it names a facility or an office."""
    compares: bool


def read_query(text: str, vocabulary: Vocabulary) -> Query:
    """Normalise, mend, and read a question. Never fails, whatever the text."""
    mended = _mend(vocabulary.translate(normalise(text)[:LONGEST]), vocabulary)
    mentions = find_labels(mended)
    rest = mended
    for mention in reversed(mentions):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    plain = without_track(rest)
    track = read_track(mended)
    topic = plain
    if track == "both" and len(bare := _SKELETON.sub("", plain)) >= SHORTEST_TOPIC:
        topic = bare  # of a comparison of both facilities the topic is what is compared, not that it is
    anchored = PLACE in plain or bool(_ANCHOR.search(plain))
    content = re.sub(r"[\s,，。?？!！、~…“”\"'（）()]|" + PLACE, "", vocabulary.filler.sub("", plain))
    return Query(
        text=mended,
        plain=topic,
        content=re.sub(r"^那么?|呢$|的话$", "", content),
        without_mentions=rest,
        track=track,
        mentions=tuple(m.label for m in mentions),
        tokens=weigh(topic, vocabulary),
        parts=_parts(plain, vocabulary),
        decisive=vocabulary.deciding(plain, anchored=anchored),
        foreign=0.0 if anchored else vocabulary.foreign(plain),
        compares=bool(_COMPARES.search(mended) or (track in {None, "both"} and _EACH.search(mended))),
    )


def _mend(text: str, vocabulary: Vocabulary) -> str:
    """The text with its typing errors mended; quantities and citations are left exactly as they were typed."""
    pieces, reached = [], 0
    exact = [(q.start, q.end) for q in read_quantities(text)] + [(m.start, m.end) for m in find_labels(text)]
    exact += [m.span() for m in [_OPENER.match(text), *vocabulary.lookalike.finditer(text)] if m]
    for start, end in sorted(exact):
        if start >= reached:
            pieces += [vocabulary.speller.mend(text[reached:start]), text[start:end]]
            reached = end
    return "".join([*pieces, vocabulary.speller.mend(text[reached:])])


def _parts(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, Mapping[str, float]], ...]:
    parts = [part for part in re.split(r"[,，。;；?？!！\s]+", text) if len(part) >= SHORTEST_PART]
    return tuple((part, weigh(part, vocabulary)) for part in parts) if len(parts) > 1 else ()


def weigh(text: str, vocabulary: Vocabulary) -> Mapping[str, float]:
    """The tokens of a text with their weights: characters and pairs, and the terms that its words stand for."""
    text = without_track(text.lower())
    said = vocabulary.filler.sub("", text) or text  # 你好 is filler, but it may be all that is said
    tokens: dict[str, float] = dict.fromkeys(tokens_of(said), 1.0)
    return tokens | _term_tokens(vocabulary.concepts(text), vocabulary)


def about(query: Query, part: str, vocabulary: Vocabulary) -> Query:
    """The question as if only this part of it had been asked."""
    return replace(
        query,
        plain=part,
        tokens=weigh(part, vocabulary),
        parts=(),
        decisive=query.decisive & vocabulary.deciding(part),
    )


def add_terms(query: Query, names: Iterable[str], vocabulary: Vocabulary) -> Query:
    """The question as if it named these terms too."""
    names = frozenset(names)
    tokens = {**query.tokens, **_term_tokens(names, vocabulary)}
    return replace(query, tokens=tokens, decisive=query.decisive | (names & vocabulary.decisive))


def _term_tokens(names: Iterable[str], vocabulary: Vocabulary) -> dict[str, float]:
    return {"#" + n: DECISIVE_WEIGHT if n in vocabulary.decisive else CONCEPT_WEIGHT for n in names}
