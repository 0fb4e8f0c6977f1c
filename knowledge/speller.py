"""Mends homophone typing errors and reads pinyin, towards the words of the project's own texts."""

import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain
from operator import add

# Only single characters are looked up: without its 47,000 phrases the library is there a sixth of a second sooner.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    """How one character is pronounced, without tone."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - with rjieba a fifth of a second, needed for typing errors only

    return str(lazy_pinyin(character)[0])


def _folded(character: str) -> str:
    """The same with sounds merged that speakers in Yunnan and typists confuse."""
    return fold_sound(_sound(character)) if "一" <= character <= "鿿" else character


def fold_sound(sound: str) -> str:
    """zh=z, ch=c, sh=s, n=l, -ng=-n: the confusions of southern Mandarin and of hasty typing."""
    sound = re.sub(r"^([zcs])h", r"\1", sound)
    sound = re.sub(r"^n(?=[aeiouv])", "l", sound)
    return re.sub(r"(?<=[aeiou])ng$", "n", sound)


FIRM_FROM = 4
"""How often two characters must stand together in the project's texts to be taken for a word."""

CHANGE_COSTS = 4.5
"""What replacing a character costs against the log-likelihood that it gains."""

STRANGER = 4
"""How many times as often a term must stand in the project's texts as the word typed that sounds like it."""

LONGEST_WORD = 4

CHINESE = re.compile(r"[一-鿿]+")
_LATIN = frozenset(("a", "an", "the", "of", "in", "is", "to", "me", "he", "she", "we", "no", "on", "do", "can", "need", "ok", "hi", "page", "line", "ban", "go", "java", "hello"))  # fmt: skip
"""English words that could be read as pinyin."""


def _words(run: str) -> Iterator[tuple[int, int]]:
    """The spans of a run's words by a dictionary of Chinese; what is in none stands as single characters."""
    import rjieba  # noqa: PLC0415

    start = 0
    for word in rjieba.cut(run, False):
        yield start, start + len(word)
        start += len(word)


class Speller:
    """Mends homophones and reads pinyin by the most likely sequence of characters, seen in the project's own texts."""

    def __init__(self, texts: Iterable[str], words: Iterable[str] = ()) -> None:
        words = tuple(words)
        self.latin = {word for word in words if word.isascii()} | _LATIN
        runs = [run for text in (*texts, *words) for run in CHINESE.findall(text)]
        self.singles: Counter[str] = Counter(chain.from_iterable(runs))
        self.pairs: Counter[str] = Counter(chain.from_iterable(map(add, run, run[1:]) for run in runs))
        firm = {word[i : i + 2] for word in words for i in range(len(word) - 1)}
        self.firm = firm | {pair for pair, count in self.pairs.items() if count >= FIRM_FROM}
        self.words = frozenset(words)
        self.total = sum(self.singles.values()) or 1
        self.mend = lru_cache(maxsize=4096)(self._mend)  # a message is read by several steps

    def prepare(self) -> None:
        """Read the dictionaries now, a quarter of a second, and not when the first typing error comes."""
        self.mend("中式基地")

    @cached_property
    def by_sound(self) -> Mapping[str, list[str]]:
        """The characters of the project's texts that sound alike, the most frequent first."""
        exact: dict[str, list[str]] = defaultdict(list)
        for character, _ in self.singles.most_common():
            exact[_folded(character)].append(character)
        return {sound: characters[:12] for sound, characters in exact.items()}

    @cached_property
    def syllables(self) -> frozenset[str]:
        """How the characters of the project's texts are written in pinyin."""
        return frozenset(map(_sound, self.singles))

    def _first(self, character: str) -> float:
        """Log-likelihood of a character by itself."""
        return math.log((self.singles.get(character, 0) + 0.5) / self.total)

    def _step(self, before: str, after: str) -> float:
        """Log-likelihood of one character after another, backing off to the single one."""
        pair = self.pairs.get(before + after, 0)
        if pair:
            return math.log((pair + 0.1) / (self.singles[before] + 1))
        return self._first(after) - 3.0

    def _mend(self, text: str) -> str:
        """The text with homophones replaced where that makes it much more like the texts known; Latin pinyin is read."""
        text = re.sub(r"[a-z][a-z']*(?: [a-z']+)*", self._read_pinyin, text)
        return re.sub(r"[一-鿿]{2,60}", self._mend_run, text)

    def _mend_run(self, match: re.Match[str]) -> str:
        run = match.group(0)
        if all(self.pairs.get(run[i : i + 2], 0) for i in range(len(run) - 1)):
            return run
        options = [[c, *(o for o in self.by_sound.get(_folded(c), ()) if o != c)] for c in run]
        mended = self._best(options, change=CHANGE_COSTS)
        return "".join(self._mend_word(run, mended, start, end) for start, end in _words(run))

    def _mend_word(self, run: str, mended: str, start: int, end: int) -> str:
        """A word between two places: what is a word as typed is no error, unless it is strange here and sounds like one of
        the terms (中式, 上线)."""
        old, new = run[start:end], mended[start:end]
        if end - start > 1:
            strange = self.pairs[old[:2]] * STRANGER <= self.pairs[new[:2]]
            return new if new in self.words and strange else old
        return new if new != old and self._firmer(run, mended, start) else old

    def _firmer(self, old: str, new: str, i: int) -> bool:
        """Whether the character at a place makes a word only after the change, and a well-known pair of the project's
        texts: these are few, and a word that is merely missing in them is no error."""
        around = (slice(max(i - 1, 0), i + 1), slice(i, i + 2))
        known = any(new[s] in self.firm for s in around) and not any(old[s] in self.firm for s in around)
        return known and any(
            self._is_word(new[start : start + length])
            for length in range(2, LONGEST_WORD + 1)
            for start in range(max(0, i - length + 1), i + 1)
        )

    def _is_word(self, text: str) -> bool:
        import rjieba  # noqa: PLC0415

        return len(text) > 1 and (text in self.words or bool(rjieba.has_word(text)))

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
        reading = self._best(options, change=0.0)
        return reading if self._is_language(reading) else match.group(0)

    def _is_language(self, reading: str) -> bool:
        """Whether a reading says something: a character, a word, or a longer text of which at least half of the pairs are
        known; `site` can be read as 是特, which nobody says."""
        pairs = [reading[i : i + 2] for i in range(len(reading) - 1)]
        if len(pairs) == 1:
            return self._is_word(reading)
        return 2 * sum(pair in self.pairs for pair in pairs) >= len(pairs)

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
