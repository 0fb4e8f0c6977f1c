"""How people speak: lay words and dialect for the regulation's terms, the two tracks' names, homophone typing errors."""

import math
import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Only single characters are looked up: without its 47,000 phrases the library is there a sixth of a second sooner.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin

from knowledge.regulation import KnowledgeError

PLACE = "◇"
"""Stands for the name of a facility in a text from which the track has been read."""

_POC = r"概念验证(?:中心|平台|基地)?|验证中心|poc\s?(?:center|centre|中心)?|proof[\s-]of[\s-]concept(?:\s?cent(?:er|re))?"
_PILOT = r"中间试验|中试(?:熟化)?(?:基地|平台|中心)?(?:\(平台\)|（平台）)?|pilot[\s-]?(?:base|plant|platform|test)?(?:基地)?"
_TRACK = re.compile(rf"(?P<proof_of_concept>{_POC})|(?P<pilot_base>{_PILOT})", re.IGNORECASE)
_BOTH = re.compile(r"两类|两种|两边|两个都|二者|两者|各自|分别|哪个要求|哪边|这两|俩")


@dataclass(frozen=True)
class Term:
    """A thing the regulation speaks of and the words people use for it. A `decisive` one must be in an answer's topic; a
    `standing` one says who the user is, and holds for the questions that follow."""

    name: str
    words: tuple[str, ...]
    decisive: bool = False
    stray: bool = False
    standing: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Terms, filler words, and a small model of which characters follow which, for mending homophones."""

    terms: tuple[Term, ...]
    filler: re.Pattern[str]
    speller: "Speller"
    by_first: Mapping[str, tuple[str, ...]]
    """The terms' words by their first character, the longest first."""
    named: Mapping[str, tuple[str, ...]]
    decisive: frozenset[str]
    stray: frozenset[str]
    standing: frozenset[str]
    english: Mapping[str, str]
    """English words that stand in Chinese sentences, and what they mean here."""

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
        names: dict[str, None] = {}
        reached = 0
        for start, end in self._spans(text):
            if end > reached:  # words may overlap, but one inside another is no word of its own
                reached = end
                names.update(dict.fromkeys(self.named[text[start:end]]))
        return tuple(names)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the terms' words stand: at each place the longest."""
        for start, first in enumerate(text):
            word = next((w for w in self.by_first.get(first, ()) if text.startswith(w, start)), None)
            if word is not None:
                yield start, start + len(word)

    def foreign(self, text: str) -> float:
        """The share of a text's Chinese characters that stand in runs of two or more of which no pair is known."""
        known = [not _CHINESE.match(c) for c in text]
        spans = [(i, i + 2) for i in range(len(text) - 1) if text[i : i + 2] in self.speller.pairs]
        spans += [*self._spans(text), *(m.span() for m in self.filler.finditer(text))]
        for start, end in spans:
            known[start:end] = [True] * (end - start)
        runs = re.findall("x{2,}", "".join("." if k else "x" for k in known))
        return sum(map(len, runs)) / max(1, sum(map(len, _CHINESE.findall(text))))


def read_track(text: str) -> str | None:
    """`proof_of_concept`, `pilot_base`, `both`, or None where the text names no kind of facility."""
    kinds = {m.lastgroup for m in _TRACK.finditer(text)}
    if len(kinds) == 2 or _BOTH.search(text):
        return "both"
    return kinds.pop() if kinds else None


def without_track(text: str) -> str:
    """The text with each facility's name replaced by one sign, so that both kinds are asked about in the same words."""
    return _TRACK.sub(PLACE, text)


@lru_cache(maxsize=8192)
def _pinyin(character: str) -> str:
    """The sound of one character without tone, with sounds merged that speakers in Yunnan and typists confuse."""
    sound = lazy_pinyin(character)[0] if "一" <= character <= "鿿" else character
    return fold_sound(sound)


def fold_sound(sound: str) -> str:
    """zh=z, ch=c, sh=s, n=l, -ng=-n: the confusions of southern Mandarin and of hasty typing."""
    sound = re.sub(r"^([zcs])h", r"\1", sound)
    sound = re.sub(r"^n(?=[aeiouv])", "l", sound)
    return re.sub(r"(?<=[aeiou])ng$", "n", sound)


FIRM_FROM = 4
"""How often two characters must stand together in the project's texts to be taken for a word."""

CHANGE_COSTS = 4.5
"""What replacing a character costs against the log-likelihood that it gains."""

_CHINESE = re.compile(r"[一-鿿]+")
_ENGLISH = re.compile(r"[a-z]+(?:[- ][a-z]+)?")
_LATIN = {
    "a",
    "an",
    "the",
    "of",
    "in",
    "is",
    "to",
    "me",
    "he",
    "she",
    "we",
    "no",
    "on",
    "do",
    "can",
    "need",
    "ok",
    "hi",
    "page",
    "line",
    "ban",
    "go",
    "java",
    "hello",
}


class Speller:
    """Mends homophones and reads pinyin by the most likely sequence of characters, seen in the project's own texts."""

    def __init__(self, texts: Iterable[str], words: Iterable[str] = ()) -> None:
        words = tuple(words)
        self.latin = {word for word in words if word.isascii()} | _LATIN
        self.pairs: Counter[str] = Counter()
        self.singles: Counter[str] = Counter()
        exact: dict[str, set[str]] = defaultdict(set)
        for text in (*texts, *words):
            for run in _CHINESE.findall(text):
                self.singles.update(run)
                self.pairs.update(run[i : i + 2] for i in range(len(run) - 1))
        for character in self.singles:
            exact[_pinyin(character)].add(character)
        self.by_sound = {
            sound: sorted(chars, key=lambda c: -self.singles[c])[:12] for sound, chars in exact.items()
        }
        self.syllables = {lazy_pinyin(c)[0] for c in self.singles}
        firm = {word[i : i + 2] for word in words for i in range(len(word) - 1)}
        self.firm = firm | {pair for pair, count in self.pairs.items() if count >= FIRM_FROM}
        self.total = sum(self.singles.values()) or 1

    def _first(self, character: str) -> float:
        """Log-likelihood of a character by itself."""
        return math.log((self.singles.get(character, 0) + 0.5) / self.total)

    def _step(self, before: str, after: str) -> float:
        """Log-likelihood of one character after another, backing off to the single one."""
        pair = self.pairs.get(before + after, 0)
        if pair:
            return math.log((pair + 0.1) / (self.singles[before] + 1))
        return self._first(after) - 3.0

    def mend(self, text: str) -> str:
        """The text with homophones replaced where that makes it much more like the texts known; Latin pinyin is read."""
        text = re.sub(r"[a-z][a-z']*(?: [a-z']+)*", self._read_pinyin, text)
        return re.sub(r"[一-鿿]{2,60}", self._mend_run, text)

    def _mend_run(self, match: re.Match[str]) -> str:
        run = match.group(0)
        if all(self.pairs.get(run[i : i + 2], 0) for i in range(len(run) - 1)):
            return run
        options = [[c, *(o for o in self.by_sound.get(_pinyin(c), ()) if o != c)] for c in run]
        mended = self._best(options, change=CHANGE_COSTS)
        kept = [
            new if new == old or self._firmer(run, mended, i) else old
            for i, (old, new) in enumerate(zip(run, mended, strict=True))
        ]
        return "".join(kept)

    def _firmer(self, old: str, new: str, i: int) -> bool:
        """Whether the character at a place stands in a well-known pair only after the change: the project's texts are
        few, and a word that is merely missing in them is no error."""
        around = (slice(max(i - 1, 0), i + 1), slice(i, i + 2))
        return any(new[s] in self.firm for s in around) and not any(old[s] in self.firm for s in around)

    def _best(self, options: list[list[str]], change: float) -> str:
        """Viterbi over the options at each place; the first option is what was typed, any other costs `change`."""
        paths = {c: (self._first(c) - (0.0 if i == 0 else change), c) for i, c in enumerate(options[0])}
        for place in options[1:]:
            step: dict[str, tuple[float, str]] = {}
            for i, c in enumerate(place):
                cost = 0.0 if i == 0 else change
                score, path = max((s + self._step(last, c), p) for last, (s, p) in paths.items())
                step[c] = (score - cost, path + c)
            paths = step
        return max(paths.values())[1]

    def _read_pinyin(self, match: re.Match[str]) -> str:
        """Latin words that are pinyin throughout, as characters; other Latin is left as it is."""
        words = match.group(0).replace("'", " ").split()
        parts = [self._syllables(word) for word in words]
        if all(word in self.latin for word in words):
            return match.group(0)
        syllables = [syllable for part in parts if part for syllable in part]
        if None in parts:
            return match.group(0)
        options = [list(self.by_sound.get(fold_sound(s), ())) for s in syllables]
        if not all(options) or (len(syllables) < 2 and len(match.group(0)) < 3):
            return match.group(0)
        return self._best(options, change=0.0)

    def _syllables(self, word: str) -> list[str] | None:
        """The word cut into syllables, the fewest and longest; None if it is not pinyin throughout."""
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 6), end):
                head = best[start]
                if head is not None and word[start:end] in self.syllables:
                    old = best[end]
                    if old is None or len(head) + 1 < len(old):
                        best[end] = [*head, word[start:end]]
        return best[-1]


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
                bool(t.get("stray", False)),
                bool(t.get("standing", False)),
            )
            for t in raw["term"]
        )
        filler = tuple(raw.get("filler", {}).get("words", ()))
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
        speller=Speller(texts, (*named, *filler)),
        by_first=_by_first(named),
        named={word: tuple(names) for word, names in named.items()},
        decisive=frozenset(t.name for t in terms if t.decisive),
        stray=frozenset(t.name for t in terms if t.stray),
        standing=frozenset(t.name for t in terms if t.standing),
        english=english,
    )


def _by_first(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        found[word[0]].append(word)
    return {first: tuple(longest_first) for first, longest_first in found.items()}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
