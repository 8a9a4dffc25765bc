"""Rewrites annotated releases for training: other names, numbers, percent forms, case, line breaks.

Attachment and the shape of names should be learned, not the names and numbers of the corpus.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import spacy
from spacy.language import Language
from spacy.training import Example

from iipnlp.annotations import Figure, Mention, get_figures, get_mentions
from iipnlp.industries import read_titles
from iipnlp.releases import Release, annotate, make_example

Edits = dict[tuple[int, int], str]

PERCENT_FORMS = ("%", " %", " percent", " per cent", " pct", "pc", " p.c.", "\u00a0%")
_PERCENT = re.compile(r"[ \u00a0\u202f]?(?:%|per ?cent\b|pct\b)")
_DIGIT = re.compile(r"\d")
_REPLACED = ("INDUSTRY", "PRODUCT", "AREA", "OWNERSHIP")
_WRAP = (58, 72)
_CROSSED = 0.25
_ACTIVITY = re.compile(
    r"product|manufactur|industr|mining|extract|suppl|sector|process|generat|service|construct|"
    r"repair|goods|activit|factor|exclud|divis|branch|group|quarry|utilit",
    re.IGNORECASE,
)


def rewrite(release: Release, edits: Edits) -> Release:
    """Return the release with some spans of its text replaced, and all offsets moved along.

    No edit may cut through the edge of a mention or figure, and none may overlap another.
    """
    spans = sorted(edits)
    starts = [start for start, _ in spans]
    growth = [0]
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += [release.text[last:start], edits[start, end]]
        growth.append(growth[-1] + len(edits[start, end]) - (end - start))
        last = end
    text = "".join([*parts, release.text[last:]])

    def move(start: int, end: int) -> tuple[int, int]:
        return start + growth[bisect_right(starts, start - 1)], end + growth[
            bisect_right(starts, end - 1)
        ]

    def move_mention(mention: Mention) -> Mention:
        return Mention(*move(mention.start, mention.end), mention.label)

    def move_figure(figure: Figure) -> Figure:
        start, end = move(figure.start, figure.end)
        roles = tuple(move_mention(mention) for mention in figure.roles)
        return figure._replace(start=start, end=end, roles=roles)

    return replace(
        release,
        text=text,
        mentions=tuple(move_mention(mention) for mention in release.mentions),
        figures=tuple(move_figure(figure) for figure in release.figures),
    )


class Augmenter:
    """Rewrites examples at random; the names it puts in are those of the releases it has seen.

    The luck is that of `random`, which spaCy seeds from the config.
    """

    def __init__(
        self,
        names: float,
        titles: float,
        numbers: float,
        forms: float,
        case: float,
        breaks: float,
    ) -> None:
        self.names, self.titles, self.numbers, self.forms = names, titles, numbers, forms
        self.case, self.breaks = case, breaks
        self.pool: dict[str, dict[str, None]] = {label: {} for label in _REPLACED}

    def __call__(self, nlp: Language, example: Example) -> Iterator[Example]:
        """Yield one rewritten example for each one."""
        doc = example.reference
        release = Release(
            id="",
            text=doc.text,
            mentions=tuple(get_mentions(doc)),
            figures=tuple(get_figures(doc)),
            country=doc._.country,
            published=doc._.published and date.fromisoformat(doc._.published),
        )
        self._remember(release)
        release = self._rename(release)
        release = self._renumber(release)
        release = self._recase(self._rewrap(self._reform(release)))
        yield make_example(nlp, annotate(nlp.make_doc(release.text), release))

    def _remember(self, release: Release) -> None:
        for mention in release.mentions:
            name = " ".join(release.text[mention.start : mention.end].split())
            if mention.label in self.pool and not name.isupper():
                self.pool[mention.label][name] = None

    def _rename(self, release: Release) -> Release:
        """Replace some names, everywhere they stand, by others of the same label."""
        chosen: dict[tuple[str, str], str | None] = {}
        edits: Edits = {}
        pools = {label: list(names) for label, names in self.pool.items()}
        for start, end, label in release.mentions:
            if not pools.get(label):  # none to be renamed, or all so far in capitals
                continue
            words = release.text[start:end]
            key = (label, " ".join(words.lower().split()))
            if key not in chosen:
                swap = random.random() < self.names
                chosen[key] = self._choose_name(pools, label) if swap else None
            name = chosen[key]
            if name is not None:
                first = name[0].upper() if words[0].isupper() else name[0]
                edits[start, end] = first + name[1:]
        return rewrite(release, edits)

    def _choose_name(self, pools: dict[str, list[str]], label: str) -> str:
        """Draw a name; now and then an industry's for a product, or the other way round.

        Steel and cement are either: what they are told among says which.
        """
        if label == "INDUSTRY" and random.random() < self.titles:
            return random.choice(read_titles())
        other = {"INDUSTRY": "PRODUCT", "PRODUCT": "INDUSTRY"}.get(label)
        if other and pools[other] and random.random() < _CROSSED:
            name = random.choice(pools[other])
            if label == "INDUSTRY" or not _ACTIVITY.search(name):
                return name
        return random.choice(pools[label])

    def _renumber(self, release: Release) -> Release:
        """Replace the digits of some figures by others; the text keeps its length."""
        edits: Edits = {}
        for figure in release.figures:
            if random.random() < self.numbers:
                words = release.text[figure.start : figure.end]
                edits[figure.start, figure.end] = _DIGIT.sub(self._digit, words)
        return rewrite(release, edits)

    def _digit(self, match: re.Match[str]) -> str:
        # A zero stays: it tells "0.4" from "4.0", and "10" from years and counts.
        return match[0] if match[0] == "0" else str(random.randint(1, 9))

    def _reform(self, release: Release) -> Release:
        """Write percent otherwise, all through the text."""
        if random.random() >= self.forms:
            return release
        form = random.choice(PERCENT_FORMS)
        edits = {
            m.span(): form
            for m in _PERCENT.finditer(release.text)
            if self._follows_digit(release, m)
        }
        return rewrite(release, edits)

    @staticmethod
    def _follows_digit(release: Release, match: re.Match[str]) -> bool:
        before = release.text[: match.start()][-1:]
        after = release.text[match.end() : match.end() + 6]
        return before.isdigit() and not after.lstrip(" -").startswith("point")

    def _rewrap(self, release: Release) -> Release:
        """Break long lines by hand, as agencies did."""
        if random.random() >= self.breaks:
            return release
        width = random.randint(*_WRAP)
        edits: Edits = {}
        line = 0
        blank = -1
        for place, char in enumerate(release.text):
            if char == "\n":
                line, blank = place + 1, -1
            elif char == " ":
                blank = place
            elif place - line >= width and blank > line:
                edits[blank, blank + 1] = "\n"
                line, blank = blank + 1, -1
        return rewrite(release, edits)

    def _recase(self, release: Release) -> Release:
        """Write everything small, or everything in capitals; rare."""
        luck = random.random()
        if luck >= self.case:
            return release
        changed = release.text.lower() if luck < self.case * 0.7 else release.text.upper()
        return replace(release, text=changed) if len(changed) == len(release.text) else release


@spacy.registry.augmenters("iipnlp.Augmenter.v1")
def make_augmenter(
    names: float, titles: float, numbers: float, forms: float, case: float, breaks: float
) -> Callable[[Language, Example], Iterator[Example]]:
    """Create the augmenter; each share is a probability.

    names, numbers: of each name and each figure; titles: of a new name of an industry to be an
    official title, where names of many words with commas, "and" and "except" are; forms, case,
    breaks: of each text.
    """
    return Augmenter(names, titles, numbers, forms, case, breaks)
