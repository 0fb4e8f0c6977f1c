"""A question and what was said before -> an answer with citations, or an honest no."""

from dataclasses import dataclass


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
