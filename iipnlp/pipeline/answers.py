"""The right answers for a text: what each amount is, and which candidates each figure takes.

Two measures of right stand side by side. A candidate is *exact* where it is the annotated mention,
and *equal* where it comes to the same value: the same dates, the same kind of baseline, the same
country. Values are what statements are made of, and where a text says a thing three times, the
choice of the annotator among the three is no knowledge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from iipnlp.annotations import Figure, Mention, get_figures, get_mentions
from iipnlp.areas import find_country
from iipnlp.periods import Period
from iipnlp.pipeline.candidates import ACTIONS, IMPLIED, MENTIONED, NAMES, SHIFTS, Rows
from iipnlp.pipeline.dating import Dates
from iipnlp.pipeline.reading import Reading
from iipnlp.pipeline.relation_model import MEASURES, SIGNS, STATUSES
from iipnlp.timeline import Timeline, find_aside, find_past, shift

Array = npt.NDArray[Any]

_VALUED = ("PERIOD", "BASELINE", "AREA")


class Answers:
    """The right answers for a reading of a text, from its annotated Doc.

    kinds, beside: (A,), by amount, -1 where the answer is open. chosen: the amounts that are
    figures, and `figures` their annotation.
    """

    def __init__(self, reading: Reading, gold: Doc) -> None:
        self.reading = reading
        figures = get_figures(gold)
        timeline = Timeline(reading.source, get_mentions(gold), find_aside(figures))
        dates = timeline.date(figures)
        by_amount = match(reading.amounts.chars, figures)
        marked = [figures[i] if i is not None else None for i in by_amount]
        self.kinds = np.array([_kind(figure) for figure in marked], dtype="i")
        self.beside = np.array([_beside(figure) for figure in marked], dtype="i")
        self.chosen = np.flatnonzero([figure is not None for figure in marked])
        places = [i for i in by_amount if i is not None]
        self.figures = [figures[i] for i in places]
        self.places = {i: place for place, i in enumerate(places)}
        self.values = _Values(reading, timeline, self.figures, [dates[i] for i in places], dates)
        self.found = [self._find(figure) for figure in self.figures]
        self.keys = [
            {role: self._key(number, role) for role in MENTIONED}
            for number in range(len(self.figures))
        ]

    def _find(self, figure: Figure) -> dict[str, list[int] | None]:
        """Return for each role the mentions that the gold ones became; None where one was lost."""
        found: dict[str, list[int] | None] = {}
        for role in MENTIONED:
            named = [m for m in figure.roles if NAMES.get(m.label, m.label) == role]
            matches = [self._mention(mention) for mention in named]
            found[role] = None if None in matches else [m for m in matches if m is not None]
        return found

    def _mention(self, gold: Mention) -> int | None:
        role = NAMES.get(gold.label, gold.label)
        for number, mention in enumerate(self.reading.mentions):
            overlap = mention.start < gold.end and gold.start < mention.end
            if overlap and NAMES.get(mention.label, mention.label) == role:
                return number
        return None

    def dates(self, known: Array) -> Dates:
        """Return the dates of the figures; known: (figures,), of which the period is known."""
        shown = zip(self.values.periods, known, strict=True)
        periods = [period if is_known else None for period, is_known in shown]
        hosts = [None if f.host is None else self.places.get(f.host) for f in self.figures]
        return Dates(self.reading, periods, hosts, self.values.timeline.anchor)

    def statuses(self) -> Array:
        """Return the status of each figure by number."""
        return np.array([STATUSES.index(figure.status) for figure in self.figures])

    def signs(self) -> Array:
        """Return the direction of each figure by number."""
        return np.array([SIGNS.index(figure.direction) for figure in self.figures])

    def trends(self) -> list[tuple[int, int] | None]:
        """Return the token span of each figure's cue of direction."""
        named = [found["TREND"] for found in self.found]
        return [tuple(self.reading.spans[m[-1]]) if m else None for m in named]

    def right(self, rows: Rows) -> tuple[Array, Array]:
        """Say of each candidate row whether it is exactly right, and whether it equals that."""
        exact, equal = np.zeros((2, len(rows.figure)), dtype=bool)
        for number, (group, action, target) in enumerate(
            zip(rows.group, rows.action, rows.target, strict=True)
        ):
            figure, role, mention = rows.heads[group]
            name = ACTIONS[action]
            exact[number] = self._is_right(figure, role, mention, name, target)
            equal[number] = exact[number] or (
                role in _VALUED and self.values.agree(figure, role, name, target)
            )
        return exact, equal

    def _is_right(self, figure: int, role: str, mention: int, action: str, target: int) -> bool:
        if role == "HOST":
            return self._is_host(figure, target)
        if role == "ALSO":
            return self._is_shared(figure, mention, action, target)
        if role in ("ADJUSTMENT", "ANNUAL"):
            return self._is_cue(figure, role, action, target)
        if self.found[figure][role] is None:
            return False
        if action == "COPY":
            return self.keys[figure][role] == self.keys[target][role]
        if action == "MENTION":
            return self._is_named(figure, role, target)
        return self.keys[figure][role] == (action,)

    def _is_host(self, figure: int, target: int) -> bool:
        host = self.figures[figure].host
        return target == (-1 if host is None else self.places.get(host, -2))

    def _is_shared(self, figure: int, mention: int, action: str, target: int) -> bool:
        named = self.found[figure][MENTIONED[self.reading.labels[mention]]] or []
        return mention in named and (action == "MENTION") == (
            (target if action == "MENTION" else self._before(mention)) in named
        )

    def _before(self, mention: int) -> int:
        label = self.reading.labels[mention]
        earlier = np.flatnonzero(self.reading.labels[:mention] == label)
        return int(earlier[-1]) if len(earlier) else -1

    def _is_cue(self, figure: int, role: str, action: str, target: int) -> bool:
        value = self._cue(figure, role)
        if action == "COPY":
            return self._cue(target, role) == value
        if action == "MENTION":
            cue = self.reading.cues[target]
            return bool(value) and (role == "ANNUAL" or cue == value)
        return not value

    def _cue(self, figure: int, role: str) -> str | bool | None:
        gold = self.figures[figure]
        return gold.adjustment if role == "ADJUSTMENT" else gold.annualized

    def _is_named(self, figure: int, role: str, target: int) -> bool:
        named = self.found[figure][role]
        if not named:
            return False
        words = self.reading.words
        equal = role != "TREND" and words[target] == words[named[-1]]
        return target == named[-1] or (equal and len(named) == 1)

    def _key(self, figure: int, role: str) -> tuple[str, ...]:
        """Return what tells a figure's choice from another's: the words, or the action."""
        gold = self.figures[figure]
        if role == "PERIOD" and gold.shift:
            return ("YEAR_BEFORE" if gold.shift == "year" else "PERIOD_BEFORE",)
        named = self.found[figure][role]
        if named:
            words = tuple(self.reading.words[m] for m in named)
            return (gold.baseline or "", *words) if role == "BASELINE" else words
        if role == "BASELINE" and gold.baseline:
            return (gold.baseline.upper(),)
        return ("NONE",)


class _Values:
    """What candidates come to for each figure, and whether that is what the annotation says."""

    def __init__(
        self,
        reading: Reading,
        timeline: Timeline,
        figures: list[Figure],
        periods: list[Period | None],
        dates: list[Period | None],
    ) -> None:
        self.reading, self.timeline, self.figures = reading, timeline, figures
        self.periods = periods
        self.hosts = [None if figure.host is None else dates[figure.host] for figure in figures]
        self.past = find_past(figures)
        self.areas = [_find_area(reading, figure) for figure in figures]

    def agree(self, figure: int, role: str, action: str, target: int) -> bool:
        """Say whether a candidate has the value of the figure; unknown values agree with none."""
        if role == "PERIOD":
            period = self.periods[figure]
            return period is not None and self._period(figure, action, target) == period
        if role == "AREA":
            area = self.areas[figure]
            return area is not None and self._area(action, target) == area
        kind = self.figures[figure].baseline
        if action == "MENTION":
            mention = self.reading.mentions[target]
            read = self.reading.read_kind(mention, self.periods[figure])
            return kind is not None and read == kind
        if action == "COPY":
            return self.figures[target].baseline == kind
        return IMPLIED.get(action) == kind

    def _period(self, figure: int, action: str, target: int) -> Period | None:
        host = self.hosts[figure]
        if action == "COPY":
            return self.periods[target]
        if action == "MENTION":
            mention = self.reading.mentions[target]
            ahead = self.figures[figure].status == "expected" and mention not in self.past
            return self.timeline.read(mention, host, ahead=ahead)
        return shift(host, SHIFTS[action]) if action in SHIFTS else None

    def _area(self, action: str, target: int) -> str | None:
        if action == "COPY":
            return self.areas[target]
        return find_country(self.reading.words[target]) if action == "MENTION" else None


def _find_area(reading: Reading, figure: Figure) -> str | None:
    named = figure.having("AREA")
    return find_country(reading.source.words(named[0])) if len(named) == 1 else None


def match(amounts: list[tuple[int, int]], figures: list[Figure]) -> list[int | None]:
    """Return for each amount the position of the figure that it overlaps."""
    matched: list[int | None] = [None] * len(amounts)
    for number, figure in enumerate(figures):
        for place, (start, end) in enumerate(amounts):
            if start < figure.end and figure.start < end and matched[place] is None:
                matched[place] = number
                break
    return matched


def _kind(figure: Figure | None) -> int:
    if figure is None:
        return 0
    return -1 if figure.optional else MEASURES.index(figure.measure)


def _beside(figure: Figure | None) -> int:
    return -1 if figure is None else int(figure.host is not None)
