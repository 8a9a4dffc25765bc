"""What is annotated on a text: mentions and figures, and where they sit on a Doc."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

DIMENSIONS = ("INDUSTRY", "PRODUCT", "AREA", "OWNERSHIP")
LABELS = (*DIMENSIONS, "INDICATOR", "PERIOD", "BASELINE", "TREND")
AMOUNT = "PERCENT"

DIRECTIONS = {1: "increase", -1: "decrease", 0: "unchanged"}


class Mention(NamedTuple):
    """Words that name something: character offsets, half-open, and one of `LABELS`."""

    start: int
    end: int
    label: str


class Figure(NamedTuple):
    """An amount that states a change or a contribution, with the mentions it is told of.

    `host` is the position, in the list of figures, of the one beside which this one is told;
    `shift` ("year" or "period") says that its period is the host's, a year or a period before.
    `optional` marks gold on which annotators may disagree. `probability` is that of all choices.
    """

    start: int
    end: int
    measure: str = "change"
    direction: int = 1
    status: str = "actual"
    baseline: str | None = None
    host: int | None = None
    shift: str | None = None
    adjustment: str | None = None
    annualized: bool = False
    approximate: bool = False
    optional: bool = False
    probability: float = 1.0
    roles: tuple[Mention, ...] = ()

    def having(self, label: str) -> tuple[Mention, ...]:
        """Return the mentions of one label that the figure is told of, in order of the text."""
        return tuple(mention for mention in self.roles if mention.label == label)


def _figure(row: Iterable[Any]) -> Figure:
    figure = Figure(*row)
    return figure._replace(roles=tuple(Mention(*role) for role in figure.roles))


def get_figures(doc: Doc) -> list[Figure]:
    """Read the figures of a Doc, stored as plain tuples that survive DocBin and processes."""
    return [_figure(row) for row in doc._.figures or ()]


def set_figures(doc: Doc, figures: Iterable[Figure]) -> None:
    """Store figures on a Doc as plain tuples."""
    doc._.figures = tuple(
        (*figure[:-1], tuple(tuple(role) for role in figure.roles)) for figure in figures
    )


def get_mentions(doc: Doc) -> list[Mention]:
    """Read the mentions of a Doc, amounts left out, in order of the text."""
    return [
        Mention(ent.start_char, ent.end_char, ent.label_)
        for ent in doc.ents
        if ent.label_ != AMOUNT
    ]


def align(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """Return the tokens that cover the characters, or None where a token crosses their edge."""
    return doc.char_span(start, end, label=label, alignment_mode="strict")


for _name in ("figures", "published", "country"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
