"""Quotations in what the staff write: each is found again word for word in its clause, and shown as a quotation."""

import re
from dataclasses import dataclass

from bot.conversation import Block
from knowledge.citing import Citation
from knowledge.label import read_label
from knowledge.regulation import Regulation, squeeze

_QUOTED = re.compile(r"依据\s*(第[^：:“”\n]{1,40}?)\s*[：:]\s*“([^”]{1,2000})”")


@dataclass(frozen=True)
class Written:
    """An answer read: its parts, the clauses that it quotes, and (a sentence) what is wrong with a quotation, or nothing."""

    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    wrong: str = ""


def read_quotations(law: Regulation, text: str) -> Written:
    """Split a text at its quotations (依据 第…条：“…”), which must be in their clauses word for word."""
    blocks: list[Block] = []
    citations: list[Citation] = []
    end = 0
    for found in _QUOTED.finditer(text):
        label = read_label(found[1])
        clause = law.find(label) if label else None
        if clause is None:
            return Written((), (), f"本办法没有“{found[1]}”，请改用条款选择器插入引文")
        if squeeze(found[2]) not in squeeze(clause.text):
            return Written((), (), f"{clause.name}的引文与原文不一致，请改用条款选择器插入引文")
        blocks += _said(text[end : found.start()])
        blocks.append(Block("quote", found[2], clause.label, clause.name))
        citations.append(Citation(law.id, clause.label, clause.name, found[2]))
        end = found.end()
    return Written((*blocks, *_said(text[end:])), tuple(citations))


def _said(text: str) -> list[Block]:
    return [Block("text", text.strip())] if text.strip() else []
