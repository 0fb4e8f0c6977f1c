"""What `beian knowledge check` verifies: the text's shape, every entry's clauses, quotations and numbers, full cover."""

import hashlib
import re
from collections.abc import Iterable, Iterator

from knowledge.entries import Entry, Variant, load_entries, problems_of
from knowledge.label import read_label, to_number
from knowledge.regulation import REGULATIONS, Regulation, load, squeeze

_CHINESE_NUMBER = re.compile(r"[〇一二三四五六七八九十百两]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CITATION = re.compile(
    r"第[〇零一二三四五六七八九十百]+[章条款]|第（[一二三四五六七八九十]+）项|第\d+目|〔\d+〕\d+号|[（(]\d[）)]"
)


def check(regulation_id: str) -> tuple[list[str], list[str]]:
    """What was found in order and what is wrong, a sentence each."""
    regulation = load(regulation_id)
    entries = load_entries(regulation)
    problems = [
        *_shape_problems(regulation),
        *problems_of(entries, regulation),
        *number_problems(entries, regulation),
    ]
    problems += [f"{label} is in no FAQ entry" for label in uncovered(entries, regulation)]
    kinds = [c.kind for c in regulation.clauses.values()]
    counts = "，".join(f"{kinds.count(k)} {k}" for k in dict.fromkeys(kinds))
    faq = [e for e in entries if e.kind == "faq"]
    found = [
        f"{regulation.id}: {len(regulation.chapters)} chapters, {counts}",
        f"{len(faq)} FAQ entries with {sum(len(e.wordings) for e in faq)} wordings",
        *(f"{sum(e.kind == kind for e in entries)} {kind} entries" for kind in ("silence", "outside")),
    ]
    return found, problems


def is_verbatim(regulation_id: str) -> bool:
    """Whether the text of a regulation is, byte by byte, the one that was taken over: `regulation.sha256` beside it says which,
    as sha256sum writes it. One that brings no such file is taken as it is."""
    folder = REGULATIONS / regulation_id
    if not (folder / "regulation.sha256").exists():
        return True
    told = (folder / "regulation.sha256").read_text("ascii").split()[0]
    return hashlib.sha256((folder / "regulation.txt").read_bytes()).hexdigest() == told


def _shape_problems(regulation: Regulation) -> Iterator[str]:
    articles = regulation.articles()
    for number, article in enumerate(articles, 1):
        if article.label != str(number):
            yield f"article {number} is missing: {article.name} stands in its place"
            break
    for clause in regulation.clauses.values():
        if str(read_label(clause.name)) != clause.label or str(read_label(clause.label)) != clause.label:
            yield f"{clause.label}: its name {clause.name} does not read back"
        if squeeze(clause.text) not in squeeze(regulation.text):
            yield f"{clause.label}: its text is not a slice of the official one"


def uncovered(entries: Iterable[Entry], regulation: Regulation) -> list[str]:
    """The clauses that no FAQ entry cites, neither themselves nor (of an article) any part of them."""
    cited = {label for e in entries if e.kind == "faq" for v in e.variants() for label in v.clauses}
    return [
        c.label for c in regulation.clauses.values() if c.label not in cited and not cited & {*c.children}
    ]


def entry_problems(entry: Entry, others: Iterable[Entry], regulation: Regulation) -> list[str]:
    """What is wrong with one entry that is to stand beside others, one of which it may replace."""
    beside = [other for other in others if other.id != entry.id]
    problems = list(problems_of([*beside, entry], regulation))
    return problems or list(number_problems([entry], regulation))


def number_problems(entries: Iterable[Entry], regulation: Regulation) -> Iterator[str]:
    """Every number in an entry's answer that does not stand in the clauses that it cites."""
    for entry in entries:
        for variant in entry.variants():
            known = _numbers_of(variant, regulation)
            for number in _NUMBER.findall(_CITATION.sub("", variant.says)):
                if number not in known:
                    yield f"{entry.kind} {entry.id}：{number} 不在所引的条款 {' '.join(variant.clauses)} 里"


def _numbers_of(variant: Variant, regulation: Regulation) -> set[str]:
    """The numbers in the cited clauses (两年 as 2, 三 as 3) and the counts of their parts."""
    known: set[str] = set()
    for label in variant.clauses:
        clause = regulation.clauses[label]
        known |= {*_NUMBER.findall(clause.text), str(len(clause.children))}
        known |= {str(to_number(n)) for n in _CHINESE_NUMBER.findall(clause.text)}
        known |= {str(to_number(c)) for c in re.findall(r"[一二三四五六七八九十两]", clause.text)}
    return known
