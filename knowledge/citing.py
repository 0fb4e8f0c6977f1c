"""An answer with its citations: made from clauses, from an entry for one facility or both, or from nothing there is."""

from dataclasses import dataclass, replace
from typing import Literal

from knowledge.entries import TRACKS, Entry, Variant
from knowledge.label import Label
from knowledge.query import Query
from knowledge.ranking import Knowledge
from knowledge.regulation import Clause, squeeze

Status = Literal["answered", "clarify", "abstained"]


@dataclass(frozen=True)
class Citation:
    """A clause that an answer rests on. `quote` is a verbatim slice of that clause (white space aside)."""

    regulation: str
    label: str
    name: str
    quote: str


@dataclass(frozen=True)
class Context:
    """What a follow-up may take from earlier turns: nothing here is ever shown."""

    track: str | None = None
    entry: str | None = None
    labels: tuple[str, ...] = ()
    question: str = ""
    facts: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    """What the user said of themselves that holds for what follows (加挂, 省属 …): names of standing terms."""


@dataclass(frozen=True)
class Answer:
    """An answer before it is worded: what is said, on which clauses, and what to offer next.

    `answered` has at least one citation; under `abstained` the citations are the nearest clauses and settle nothing.
    `says` pairs the name of a facility (or nothing) with its sentence.
    """

    status: Status
    says: tuple[tuple[str, str], ...]
    citations: tuple[Citation, ...] = ()
    entry: Entry | None = None
    decides: str = ""
    see: tuple[str, ...] = ()
    compared: bool = False
    context: Context = Context()

    def __post_init__(self) -> None:
        """Cite or abstain, in code."""
        if self.status == "answered" and not self.citations:
            raise ValueError("an answer without a clause")


NOTHING_SAID = Context()


def no_such_clause(knowledge: Knowledge, label: Label, context: Context) -> Answer:
    """That a clause does not exist, and what there is instead."""
    articles = knowledge.regulation.articles()
    article = knowledge.regulation.clauses.get(str(label.article))
    if article is None:
        last = articles[-1]
        says = f"本办法共{len(articles)}条，到{last.name}为止，没有{Label(label.article).name}。"
        return Answer("abstained", (("", says),), context=context)
    parts = [knowledge.regulation.clauses[c].name for c in article.children]
    says = f"本办法没有{label.name}。" + (
        f"{article.name}下有：{'、'.join(parts)}。" if parts else f"{article.name}不分款、项。"
    )
    return Answer("abstained", (("", says),), (cite(knowledge, article.label),), context=context)


def quote_clauses(knowledge: Knowledge, clauses: list[Clause], query: Query, context: Context) -> Answer:
    """The words of clauses, for a question that names them."""
    labels = tuple(dict.fromkeys(c.label for c in clauses))
    names = "、".join(knowledge.regulation.clauses[label].name for label in labels)
    chapter = clauses[0].chapter
    says = f"{names}的原文如下" + (f"（{chapter}）。" if chapter else "。")
    return Answer(
        "answered", (("", says),), tuple(cite(knowledge, label) for label in labels),
        context=replace(context, track=_track_after(query, context), labels=labels, entry=None, question=query.text),
    )  # fmt: skip


def _track_after(query: Query, context: Context) -> str | None:
    """The facility that the next question is about if it names none."""
    if query.track in TRACKS:
        return query.track
    return None if query.track == "both" else context.track


def answer_entry(knowledge: Knowledge, entry: Entry, query: Query, context: Context) -> Answer:
    """What an entry says, for the track asked about or last spoken of, or for both."""
    track = "both" if query.compares else query.track or context.track
    says, variants = _variants_for(entry, track)
    labels = tuple(dict.fromkeys(label for v in variants for label in v.clauses))
    quotes = {label: quote for v in variants for label, quote in v.quotes.items()}
    citations = tuple(cite(knowledge, label, quotes.get(label)) for label in labels)
    return Answer(
        status="answered" if entry.kind == "faq" else "abstained",
        says=says,
        citations=citations,
        entry=entry,
        decides=entry.decides,
        see=entry.see,
        compared=len(says) > 1 and query.compares,
        context=replace(
            context,
            track=_track_after(query, context),
            entry=entry.id,
            labels=labels,
            question=query.text,
        ),
    )


def _variants_for(entry: Entry, track: str | None) -> tuple[tuple[tuple[str, str], ...], tuple[Variant, ...]]:
    """What an entry says of a track: its own variant; both side by side, or once where they agree, if none is said."""
    if track is not None and track in entry.by_track:
        variant = entry.by_track[track]
        return (("", variant.says),), (variant,)
    if entry.common and (entry.alike or not entry.by_track):
        return (("", entry.common.says),), (entry.common,)
    variants = entry.by_track or {"": entry.common or Variant("")}
    return tuple((TRACKS.get(t, ""), v.says) for t, v in variants.items()), tuple(variants.values())


def cite(knowledge: Knowledge, label: str, quote: str | None = None) -> Citation:
    """The citation of a clause, whole or with a slice of it. The slice must be verbatim (ValueError)."""
    clause = knowledge.regulation.clauses[label]
    if quote is not None and squeeze(quote) not in squeeze(clause.text):
        raise ValueError(f"the quotation of {label} is not verbatim")
    return Citation(knowledge.regulation.id, label, clause.name, quote or clause.text)
