"""How people speak: lay words and dialect for the regulation's terms, and the two tracks' names."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.regulation import KnowledgeError
from knowledge.speller import CHINESE, Speller

PLACE = "◇"
"""Stands for the name of a facility in a text from which the track has been read."""

_POC = r"概念验证(?:中心|平台|基地)?|验证中心|poc\s?(?:center|centre|中心)?|proof[\s-]of[\s-]concept(?:\s?cent(?:er|re))?"
_PILOT = r"中间试验|中试(?:熟化)?(?:基地|平台|中心)?(?:\(平台\)|（平台）)?|pilot[\s-]?(?:base|plant|platform|test)?(?:基地)?"
_NAMES = ("中试", "概念验证", "验证中心", "中试基地", "中试平台")
_TRACK = re.compile(rf"(?P<proof_of_concept>{_POC})|(?P<pilot_base>{_PILOT})", re.IGNORECASE)
_ENGLISH = re.compile(r"[a-z]+(?:[- ][a-z]+)?")
_BOTH = re.compile(
    r"两类|两种|两边|两个都|二者|两者|哪个要求|哪边|这两(?!个?数|项|条|年|个条件)|[这它]俩|俩(?=都|各|平台|类|的区|有啥|有什么)"
)
_EACH = re.compile(r"各自|分别")
"""What means both facilities only where none is named."""


@dataclass(frozen=True)
class Term:
    """A thing the regulation speaks of and the words people use for it. A `decisive` one must be in an answer's topic, and
    `by_word` the very word (江苏, not just some province); a `standing` one says who the user is, and holds for the questions that follow.
    An `aside` decides nothing where the question names a facility or an office: 疫苗 in 我们做疫苗的，中试基地要多大."""

    name: str
    words: tuple[str, ...]
    decisive: bool = False
    by_word: bool = False
    standing: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Terms, filler words, and a small model of which characters follow which, for mending homophones."""

    terms: tuple[Term, ...]
    filler: re.Pattern[str]
    speller: Speller
    lengths: Mapping[str, tuple[int, ...]]
    """How long the terms' words are that begin with a character, the longest first."""
    named: Mapping[str, tuple[str, ...]]
    decisive: frozenset[str]
    by_word: frozenset[str]
    standing: frozenset[str]
    aside: frozenset[str]
    english: Mapping[str, str]
    """English words that stand in Chinese sentences, and what they mean here."""
    lookalike: re.Pattern[str]
    """Words that sound or look like the measure's own and mean something else: 中式装修, 中考."""

    def translate(self, text: str) -> str:
        """The text with its English words in Chinese, two words before one; others are left."""
        return _ENGLISH.sub(lambda m: self._in_chinese(m[0]), text) if self.english else text

    def _in_chinese(self, words: str) -> str:
        if whole := self.english.get(words):
            return whole
        first, space, second = words.partition(" ")
        return f"{self.english.get(first, first)}{space}{self.english.get(second, second)}"

    def concepts(self, text: str) -> tuple[str, ...]:
        """The names of the terms whose words stand in the text, the longest word first where several overlap."""
        return tuple(dict.fromkeys(name for word in self._words(text) for name in self.named[word]))

    def deciding(self, text: str, *, anchored: bool = False) -> frozenset[str]:
        """The decisive terms in a text; those that go by the word, as the words themselves; none that is only an aside where
        the text is `anchored` in the measure."""
        return frozenset(
            word if name in self.by_word else name
            for word in self._words(text)
            for name in self.named[word]
            if name in self.decisive and not (anchored and name in self.aside)
        )

    def _words(self, text: str) -> Iterator[str]:
        """The terms' words in a text: they may overlap, but one inside another is no word of its own."""
        reached = 0
        for start, end in self._spans(text):
            if end > reached:
                reached = end
                yield text[start:end]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where the terms' words stand: at each place the longest."""
        spans = []
        for start, first in enumerate(text):
            for length in self.lengths.get(first, ()):
                if text[start : start + length] in self.named:
                    spans.append((start, start + length))
                    break
        return spans

    def foreign(self, text: str) -> float:
        """The share of a text's Chinese characters that stand in runs of two or more of which no pair is known."""
        known = [not CHINESE.match(c) for c in text]
        spans = [(i, i + 2) for i in range(len(text) - 1) if text[i : i + 2] in self.speller.pairs]
        spans += [*self._spans(text), *(m.span() for m in self.filler.finditer(text))]
        for start, end in spans:
            known[start:end] = [True] * (end - start)
        runs = re.findall("x{2,}", "".join("." if k else "x" for k in known))
        return sum(map(len, runs)) / max(1, sum(map(len, CHINESE.findall(text))))


def read_track(text: str) -> str | None:
    """`proof_of_concept`, `pilot_base`, `both`, or None where the text names no kind of facility."""
    kinds = {m.lastgroup for m in _TRACK.finditer(text)}
    if len(kinds) == 2 or _BOTH.search(text) or (not kinds and _EACH.search(text)):
        return "both"
    return kinds.pop() if kinds else None


def without_track(text: str) -> str:
    """The text with each facility's name replaced by one sign, so that both kinds are asked about in the same words."""
    return _TRACK.sub(PLACE, text)


def load_vocabulary(folder: Path, texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of a regulation's folder; `texts` are what the speller learns from."""
    path = folder / "terms.toml"
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        terms = tuple(
            Term(
                t["name"],
                (t["name"], *t["words"]),
                bool(t.get("decisive", False)),
                bool(t.get("by_word", False)),
                bool(t.get("standing", False)),
                bool(t.get("aside", False)),
            )
            for t in raw["term"]
        )
        filler = tuple(raw.get("filler", {}).get("words", ()))
        lookalike = tuple(raw.get("lookalike", {}).get("words", ()))
        english = {str(word): str(meaning) for word, meaning in raw.get("english", {}).items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    named: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for word in term.words:
            if term.name not in named[word.lower()]:
                named[word.lower()].append(term.name)
    return Vocabulary(
        terms=terms,
        filler=_any_of(filler),
        speller=Speller(texts, (*named, *filler, *_NAMES)),
        lengths=_lengths(named),
        named={word: tuple(names) for word, names in named.items()},
        decisive=frozenset(t.name for t in terms if t.decisive),
        by_word=frozenset(t.name for t in terms if t.by_word),
        standing=frozenset(t.name for t in terms if t.standing),
        aside=frozenset(t.name for t in terms if t.aside),
        english=english,
        lookalike=_any_of(lookalike),
    )


def _lengths(words: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for word in words:
        found[word[0]].add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
