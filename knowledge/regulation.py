"""Official text -> clauses (章 条 款 项 目) with labels; look one up, its parent, children and neighbours."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from knowledge.label import Label, find_labels, read_label, to_number

REGULATIONS = Path(__file__).parent / "regulations"
DEFAULT = "yunnan-2025-11"

Kind = Literal["notice", "article", "paragraph", "item", "subitem"]


class KnowledgeError(Exception):
    """Something in a regulation's folder cannot be used; the message says where and what would be right."""


@dataclass(frozen=True)
class Clause:
    """One clause. `text` is the whole of it, children included, line by line; `own` only what precedes its children."""

    label: str
    name: str
    kind: Kind
    text: str
    own: str
    chapter: str = ""
    parent: str | None = None
    children: tuple[str, ...] = ()
    previous: str | None = None
    next: str | None = None
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What is known of a regulation beside its text."""

    id: str
    title: str
    number: str
    issuer: str
    issued: date
    in_force: date
    expires: date
    in_force_label: str
    interprets: str
    interprets_label: str


@dataclass(frozen=True)
class Regulation:
    """A regulation read: its clauses by canonical label in reading order, its chapters in order."""

    id: str
    text: str
    clauses: Mapping[str, Clause]
    chapters: tuple[str, ...]
    about: About | None = None

    def articles(self) -> tuple[Clause, ...]:
        """The articles in order."""
        return tuple(c for c in self.clauses.values() if c.kind == "article")

    def find(self, label: Label | str) -> Clause | None:
        """The clause that a citation means: 款 said for 项 (or the reverse) is understood where only one is there."""
        wanted = label if isinstance(label, Label) else read_label(label)
        if wanted is None:
            return None
        swapped = replace(wanted, paragraph=wanted.item, item=wanted.paragraph)
        # 第六条第二款 of an article that has items only; 第二条第（一）项 of one that has paragraphs only; 第九条第一款第三项.
        tries = [wanted, swapped, replace(wanted, paragraph=0)]
        if wanted.paragraph and wanted.item:
            tries.append(replace(wanted, paragraph=0, item=wanted.paragraph, subitem=wanted.item))
            tries[1:2] = []
        elif not wanted.item:
            tries.pop()
        return next((self.clauses[str(t)] for t in tries if str(t) in self.clauses), None)


_CHAPTER = re.compile(
    r"^第([〇零一二三四五六七八九十百]+)[编章节][\s　]+(\S.*)$|^第([〇零一二三四五六七八九十百]+)[编章节]([^\s的]\S{0,30})$"
)
_ARTICLE = re.compile(
    r"^(?:\*\*)?第([〇零一二三四五六七八九十百千]+)条(?:之([一二三四五六七八九十]+))?(?:\*\*)?"
    r"(?![的第规之和、，款项至])[\s　]*(.*)$"
)
_POINT = re.compile(r"^([一二三四五六七八九十]+)、\s*(.*)$")
"""How decisions, replies and amendments number their articles."""
_DECREES = re.compile(r"施行|适用于|追究|以.{1,10}论处")
"""What a text without any number says if it is a regulation at all."""
# （一）至（三）项所列人员 speaks of items.
_ITEM = re.compile(r"^[（(]([一二三四五六七八九十百]+)[）)](?![至、和及或项])\s*(.*)$")
_SUBITEM = re.compile(r"^(\d{1,2})\s*[.．、]\s*(.*)$")


@dataclass
class _Node:
    label: Label
    kind: Kind
    lines: list[str]
    chapter: str = ""
    children: list["_Node"] = field(default_factory=list)


def parse(text: str, regulation_id: str = "", about: About | None = None) -> Regulation:
    """Read a regulation in the official form: chapters, articles, items in brackets, numbered subitems, paragraphs.
    Where no line begins with 第…条, the points 一、 二、 … are the articles; where there are none, the whole is one, if it decrees."""
    lines = [line.strip().strip("　").strip() for line in text.splitlines()]
    begun = _articles_begun(lines)
    if not begun:
        raise KnowledgeError(
            f"{regulation_id or 'the text'}: no line begins with 第…条; give the text of a regulation"
        )
    top, chapters, articles = _notice_end(lines, min(begun)), [], []
    chapter = ""
    for number, line in enumerate(lines[top:], top):
        if number in begun:
            label, words = begun[number]
            articles.append(_Node(label, "article", [words], chapter))
        elif line and _is_chapter(line):
            chapter = re.sub(r"[\s　]+", " ", re.sub(r"(?<=[总附分])[\s　]+(?=则)", "", line))
            chapters.append(chapter)
        elif line and articles:
            articles[-1].lines.append(line)
    for article in articles:
        _divide(article)
    notice = _Node(Label(0), "notice", [line for line in lines[:top] if line])
    roots = [notice, *articles] if notice.lines else articles
    used = {a.chapter for a in articles}
    return Regulation(
        regulation_id,
        text,
        MappingProxyType(_link(roots)),
        tuple(dict.fromkeys(c for c in chapters if c in used)),
        about,
    )


def _articles_begun(lines: list[str]) -> dict[int, tuple[Label, str]]:
    """The lines, by number, with which articles begin: the label and the words after it."""
    begun = {
        number: (Label(to_number(match[1]), inserted=to_number(match[2]) if match[2] else 0), match[3])
        for number, line in enumerate(lines)
        if (match := _ARTICLE.match(line))
    }
    if begun:
        return begun
    for number, line in enumerate(lines):  # in their order: another list of 一、 is part of a point
        if (match := _POINT.match(line)) and to_number(match[1]) == len(begun) + 1:
            begun[number] = (Label(len(begun) + 1), match[2])
    if begun:
        return begun
    first = next((number for number, line in enumerate(lines) if line.endswith(("。", "："))), None)
    if first is None or not _DECREES.search("".join(lines[first:])):
        return {}
    return {first: (Label(1), lines[first])}


def _is_chapter(line: str) -> bool:
    return bool(_CHAPTER.match(line)) and not line.endswith(("。", "；"))


def _notice_end(lines: list[str], first_article: int) -> int:
    """The index of the chapter line(s) directly above the first article, or of that article."""
    top = first_article
    while top and (not lines[top - 1] or _is_chapter(lines[top - 1])):
        top -= 1
    return top


def _divide(article: _Node) -> None:
    """Turn an article's lines into its paragraphs, items and subitems. Items of a later paragraph whose numbers
    begin anew are labelled under that paragraph, so that no two clauses share a label."""
    paragraphs: list[_Node] = []
    for line in article.lines:
        item, subitem = _ITEM.match(line), _SUBITEM.match(line)
        if item and paragraphs:
            paragraphs[-1].children.append(_Node(Label(0, 0, to_number(item[1])), "item", [item[2]]))
        elif subitem and paragraphs and paragraphs[-1].children:
            last = paragraphs[-1].children[-1]
            last.children.append(_Node(Label(0, 0, last.label.item, int(subitem[1])), "subitem", [line]))
        elif line or not paragraphs:
            paragraphs.append(_Node(Label(0, len(paragraphs) + 1), "paragraph", [line]))
    items = [item.label.item for p in paragraphs for item in p.children]
    qualified = len(items) != len(set(items))
    several = len(paragraphs) > 1
    article.lines = paragraphs[0].lines if not several else []
    article.children = []
    for p in paragraphs:
        under = p.label.paragraph if qualified else 0
        for node in p.children:
            for child in node.children:
                child.label = replace(
                    article.label, paragraph=under, item=child.label.item, subitem=child.label.subitem
                )
            node.label = replace(article.label, paragraph=under, item=node.label.item)
        p.label = replace(article.label, paragraph=p.label.paragraph)
        if not several:
            article.children = p.children
        else:
            article.children.append(p)


def _walk(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _lines(node: _Node, marked: bool = False) -> list[str]:
    """The lines of a clause; items carry their number in brackets when they are shown inside their parent."""
    own = [*node.lines]
    if marked and node.kind == "item":
        mark = node.label.name.rsplit("第", 1)[1].removesuffix("项")
        own[0] = mark + own[0]
    return own + [line for child in node.children for line in _lines(child, marked=True)]


def _link(roots: list[_Node]) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}

    def add(node: _Node, siblings: list[_Node], parent: str | None, chapter: str) -> None:
        place = siblings.index(node)
        label = str(node.label)
        if label in clauses:
            raise KnowledgeError(f"{label} stands twice in the text; each article number must be unique")
        text = "\n".join(_lines(node))
        clauses[label] = Clause(
            label=label, name=node.label.name, kind=node.kind, text=text, own="\n".join(node.lines),
            chapter=chapter, parent=parent, children=tuple(str(c.label) for c in node.children),
            previous=str(siblings[place - 1].label) if place else None,
            next=str(siblings[place + 1].label) if place + 1 < len(siblings) else None,
        )  # fmt: skip
        for child in node.children:
            add(child, node.children, label, chapter)

    for root in roots:
        add(root, roots, None, root.chapter)
    for clause in [*clauses.values()]:
        clauses[clause.label] = replace(clause, mentions=_mentions(clause, clauses))
    return clauses


def _mentions(clause: Clause, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    """The clauses of this regulation that a clause mentions; citations that follow 《another text》 are not."""
    ours = re.sub(
        r"《[^》]*》(?:[（(][^）)]*[）)])?(?:第[〇零一二三四五六七八九十百\d]+条[^，。；]*)?", "", clause.text
    )
    labels = (str(mention.label) for mention in find_labels(ours))
    return tuple(dict.fromkeys(label for label in labels if label in clauses and label != clause.label))


def squeeze(text: str) -> str:
    """A text without white space: two quotations are the same if they are the same squeezed."""
    return re.sub(r"[\s　]+", "", text)


@cache
def load(regulation_id: str = DEFAULT, root: Path = REGULATIONS) -> Regulation:
    """The regulation of a folder under `knowledge/regulations`, parsed; KnowledgeError if it cannot be read."""
    folder = root / regulation_id
    try:
        raw = tomllib.loads((folder / "about.toml").read_text("utf-8"))
        text = (folder / "regulation.txt").read_text("utf-8")
        about = About(id=regulation_id, **raw)
    except (OSError, ValueError, TypeError) as error:
        raise KnowledgeError(f"{folder.name}: {error}") from error
    return parse(text, regulation_id, about)
