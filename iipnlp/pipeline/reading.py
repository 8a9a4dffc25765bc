"""A Doc made ready for the relation model: its layout, mentions with their values, and amounts.

Mentions and amounts together are its items, in order of the text; the model reads them as a
sequence, to know what each part of the text is about.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from iipnlp.annotations import Mention
from iipnlp.baselines import BaselineKind
from iipnlp.cues import find_adjustments, find_annual_rates
from iipnlp.percentages import Amount, find_amounts, read_percentage
from iipnlp.periods import Period
from iipnlp.pipeline.candidates import LINKED, MENTIONED, NAMES, ROLE, Scene, neighbours, one_hot
from iipnlp.pipeline.layout import BREAK, MARKERS, WORD_CLASSES, Layout, read_layout
from iipnlp.pipeline.traits import OWN_KIND, TRAITS, describe_kind, read_kind, read_traits
from iipnlp.timeline import Source

Array = npt.NDArray[Any]

_SIZES = (0.0, 0.35, 0.75, 1.5, 3.0, 6.0, 12.0, 25.0)  # per cent, the last of each class
FORMS = 6 + len(_SIZES) + 2  # unit, number or word; sign; in brackets; starts a line; size
AROUND = 3  # words on each side of an amount that it is judged by
AMOUNT_FEATURES = 2 * AROUND * WORD_CLASSES + FORMS

_ITEM_AROUND = 2  # words on each side
ITEM_FEATURES = (
    len(LINKED) + 1  # label
    + 3 * len(MARKERS) + 8  # gaps
    + 2 * _ITEM_AROUND * WORD_CLASSES  # neighbours
    + TRAITS + FORMS
    + 7  # text
)  # fmt: skip


class Amounts:
    """The amounts of a Doc, in tokens and characters, with what their form tells."""

    def __init__(self, doc: Doc, text: str, layout: Layout, mentions: Array) -> None:
        covered = np.zeros(len(doc) + 1, dtype=bool)
        for start, end in mentions:
            covered[start:end] = True
        spans, found = [], []
        for amount in find_amounts(text):
            span = doc.char_span(amount.start, amount.end, alignment_mode="expand")
            if span is not None and (
                amount.kind == "unit" or not covered[span.start : span.end].any()
            ):
                spans.append((span.start, span.end))
                found.append(amount)
        self.spans = pair(spans)
        self.chars = [(amount.start, amount.end) for amount in found]
        self.words = [text[start:end] for start, end in self.chars]
        self.forms = self._describe(layout, found)
        around = neighbours(layout, self.spans, AROUND)
        self.features: Array = np.concatenate([around, self.forms], axis=1, dtype="f")

    def _describe(self, layout: Layout, found: list[Amount]) -> Array:
        forms = [
            (
                amount.kind == "unit",
                amount.kind == "number",
                amount.kind == "word",
                words[0] in "+＋-−–‑",
                layout.bracket[start] > 0,
                start == 0 or layout.word_class[start - 1] == BREAK,
                *_describe_size(words),
            )
            for amount, words, (start, _) in zip(found, self.words, self.spans, strict=True)
        ]
        return np.array(forms, dtype="f").reshape(len(forms), FORMS)


class Reading:
    """What the relation model sees of a Doc.

    mentions: those given, and the cues of adjustment and annual rates, in order of the text.
    cues: the value of each cue, "" for other mentions. spans: (M, 2) in tokens. labels: (M,), the
    number of the role that each can fill. traits: (M, TRAITS), what periods and baselines read as.
    """

    def __init__(self, doc: Doc, mentions: list[Mention]) -> None:
        self.source = Source.of(doc)
        self.text = text = self.source.text  # that of the Doc is put together at every access
        self.layout = read_layout(doc)
        self.mentions: list[Mention] = []
        self.cues: list[str] = []
        spans: list[tuple[int, int]] = []
        for mention, value in sorted([*((m, "") for m in mentions), *_find_cues(text)]):
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                spans.append((span.start, span.end))
                self.mentions.append(mention)
                self.cues.append(value)
        self.spans = pair(spans)
        self.words = [self.source.words(mention).lower() for mention in self.mentions]
        roles = [NAMES.get(mention.label, mention.label) for mention in self.mentions]
        self.labels = np.array([ROLE[role] for role in roles], dtype="i")
        named = self.spans[self.labels < len(MENTIONED)] if spans else self.spans
        self.amounts = Amounts(doc, text, self.layout, named)
        self.traits = read_traits(self.source, self.mentions)
        self.kinds: dict[tuple[Mention, Period | None], BaselineKind | None] = {}

    def scene(self, chosen: Array, beside: Array) -> Scene:
        """Return the scene in which the chosen amounts are figures, some beside others."""
        return Scene(
            self.layout, self.amounts.spans[chosen], beside, self.spans, self.labels, self.traits
        )

    def read_kind(self, mention: Mention, period: Period | None) -> BaselineKind | None:
        """Return the kind of comparison that a mention makes with a period."""
        if (mention, period) not in self.kinds:
            self.kinds[mention, period] = read_kind(self.source, mention, period)
        return self.kinds[mention, period]

    def describe_items(self) -> tuple[Array, Array, Array]:
        """Return what the item network sees: order (I,), spans (I, 2) and features (I, F).

        Items are mentions, then amounts; `order` puts them in order of the text, and spans and
        features stand in that order.
        """
        layout, amounts = self.layout, self.amounts
        spans = np.concatenate([self.spans, amounts.spans])
        order = np.argsort(spans[:, 0], kind="stable")
        spans = spans[order]
        labels = np.concatenate([self.labels, np.full(len(amounts.spans), len(LINKED), dtype="i")])
        own = np.zeros((len(spans), TRAITS + FORMS), dtype="f")
        own[: len(self.spans), :TRAITS] = self.traits
        own[len(self.spans) :, TRAITS:] = amounts.forms
        starts, before = spans[:, 0], np.concatenate([[0], spans[:, 1]])[: len(spans)]
        blocks = [
            one_hot(labels[order], len(LINKED) + 1),
            self._describe_gaps(starts, np.minimum(before, starts)),
            neighbours(layout, spans, _ITEM_AROUND),
            own[order],
            np.tile(self._describe_text(), (len(spans), 1)),
        ]
        return order, spans, np.concatenate(blocks, axis=1, dtype="f")

    def _describe_text(self) -> Array:
        """Say what comparisons the text makes in words, and whether it speaks of adjustment."""
        told = self.traits[:, OWN_KIND].sum(axis=0)
        yearly = told @ describe_kind("year_on_year")
        stepwise = told @ describe_kind("period_on_period")
        flags = [yearly > 0, yearly > 1, stepwise > 0, stepwise > 1]
        flags += [yearly > stepwise, stepwise > yearly, any(self.cues)]
        return np.array(flags, dtype="f")

    def _describe_gaps(self, starts: Array, before: Array) -> Array:
        """Describe what stands between items, and where they stand."""
        layout = self.layout
        between = layout.counts[:, starts] - layout.counts[:, before]
        paragraph = layout.paragraph[starts]
        previous = np.concatenate([[-1], starts[:-1]])[: len(starts)]
        flags = np.stack(
            [
                layout.sentence[starts] != np.where(previous < 0, -1, layout.sentence[previous]),
                paragraph != np.where(previous < 0, -1, layout.paragraph[previous]),
                layout.bracket[starts] > 0,
                layout.heading[paragraph],
                layout.lead_in[paragraph],
                layout.item[paragraph],
                layout.each[layout.sentence[starts]],
                layout.respectively[layout.sentence[starts]],
            ],
            axis=1,
        )
        return np.concatenate([*(one_hot(row, 3) for row in between), flags], axis=1)


def _describe_size(words: str) -> list[bool]:
    """Say how large an amount is: a month's own growth is mostly small."""
    read, sizes = read_percentage(words), [False] * (len(_SIZES) + 2)
    sizes[-1 if read is None else int(np.searchsorted(_SIZES, abs(read.value)))] = True
    return sizes


def pair(spans: list[tuple[int, int]]) -> Array:
    """Return spans as an array: (spans, 2)."""
    return np.array(spans, dtype="i").reshape(len(spans), 2)


def _find_cues(text: str) -> list[tuple[Mention, str]]:
    cues = [(cue, "ADJUSTMENT") for cue in find_adjustments(text)]
    cues += [(cue, "ANNUAL") for cue in find_annual_rates(text)]
    return [(Mention(cue.start, cue.end, role), cue.value) for cue, role in cues]
