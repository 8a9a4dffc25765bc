"""Turns the probabilities of candidates into figures, left to right: copies need what is chosen."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt

from iipnlp.annotations import Figure
from iipnlp.areas import find_country
from iipnlp.baselines import BaselineKind
from iipnlp.cues import is_approximate
from iipnlp.percentages import read_percentage
from iipnlp.periods import Period
from iipnlp.pipeline.candidates import (
    ACTIONS,
    IMPLIED,
    MENTIONED,
    SHIFTS,
    SUBJECTS,
    Rows,
    stands_aside,
)
from iipnlp.pipeline.dating import Dates
from iipnlp.pipeline.reading import Reading
from iipnlp.pipeline.relation_model import MEASURES, SIGNS, STATUSES, softmax
from iipnlp.timeline import Timeline, settle_kind, shift

Array = npt.NDArray[Any]
# What a figure may take for a role: mentions by number, or an action by name. For BASELINE it is
# a mention or None, and the kind.
Answer = tuple[Any, ...]

_NOTHING: dict[Answer, float] = {(): 1.0}
_NO_BASELINE: dict[Answer, float] = {(None, None): 1.0}
_LEAST = 0.001  # of a choice that is still thought of


class Decoder:
    """Decodes the figures of one text.

    Args:
        reading: the text.
        chosen: the amounts that are figures.
        kinds: (A, 3), for each amount how likely it is nothing, a change, a contribution.
        beside: (figures,), whether each is told beside another.
    """

    def __init__(self, reading: Reading, chosen: Array, kinds: Array, beside: Array) -> None:
        self.reading, self.chosen, self.kinds = reading, chosen, kinds
        self.scene = reading.scene(chosen, beside)
        self.brackets = set(self.scene.layout.bracket[self.scene.figures[:, 0]].tolist()) - {0}
        aside = stands_aside(self.scene)
        off = (m for m, is_aside in zip(reading.mentions, aside, strict=True) if is_aside)
        self.timeline = Timeline(reading.source, reading.mentions, off)
        self.periods: list[Period | None] = [None for _ in chosen]
        # By figure and role: what is chosen, how sure that is, and what else may be.
        self.choice: list[dict[str, Answer]] = [{} for _ in chosen]
        self.sure: list[dict[str, float]] = [{} for _ in chosen]
        self.mass: list[dict[str, dict[Answer, float]]] = [{} for _ in chosen]
        self.host: list[int | None] = [None for _ in chosen]
        self.also: dict[tuple[int, int], tuple[int, float]] = {}

    def dates(self) -> Dates:
        """Return what is known of the periods after the first round."""
        hosts = [self._host(n, self.choice[n]["PERIOD"]) for n in range(len(self.chosen))]
        return Dates(self.reading, self.periods, hosts, self.timeline.anchor)

    def decode(self, rows: Rows, probabilities: Array) -> None:
        """Choose for every figure and role of a round the value that has the greatest mass."""
        self.rows = rows
        groups: dict[int, list[int]] = {}
        for row, group in enumerate(self.rows.group):
            groups.setdefault(group, []).append(row)
        linked = []
        for group, members in groups.items():
            figure, role, mention = self.rows.heads[group]
            if role == "ALSO":
                self.also[figure, mention] = (
                    self.rows.target[members[1]],
                    float(probabilities[members[1]]),
                )
            elif role == "HOST":
                best = members[int(probabilities[members].argmax())]
                self.host[figure] = self.rows.target[best] if self.rows.target[best] >= 0 else None
            elif role in ("PERIOD", "BASELINE"):
                linked.append((figure, role, [row for row in members if self._is_open(row)]))
            else:
                linked.append((figure, role, members))
        for figure, role, members in linked:
            self._choose(figure, role, members, probabilities)

    def _choose(self, figure: int, role: str, members: list[int], probabilities: Array) -> None:
        mass: dict[Answer, float] = {}
        for row in members:
            for answer, share in self._answers(figure, role, row).items():
                mass[answer] = mass.get(answer, 0.0) + share * float(probabilities[row])
        values = {answer: self._value(figure, role, answer) for answer in mass}
        total: dict[Hashable, float] = {}
        for answer, value in values.items():
            total[value] = total.get(value, 0.0) + mass[answer]
        value = max(total, key=total.__getitem__)
        best = max((a for a in mass if values[a] == value), key=mass.__getitem__)
        if role == "PERIOD":
            self.periods[figure] = value if isinstance(value, Period) else None
        self.choice[figure][role], self.sure[figure][role] = best, total[value]
        if role == "BASELINE" and best[0] is None:
            self._compare_like_host(figure)
        self.mass[figure][role] = {key: share for key, share in mass.items() if share > _LEAST}

    def _compare_like_host(self, figure: int) -> None:
        """Give a comparative without a baseline of its own that of its host: it is told as one."""
        host = self._host(figure, self.choice[figure]["PERIOD"])
        if host is not None and "BASELINE" in self.choice[host]:
            self.choice[figure]["BASELINE"] = self.choice[host]["BASELINE"]
            self.sure[figure]["BASELINE"] = self.sure[host]["BASELINE"]

    def _answers(self, figure: int, role: str, row: int) -> dict[Answer, float]:
        """Return what a row comes to; a copy to all that the other figure may have chosen."""
        action, target = ACTIONS[self.rows.action[row]], self.rows.target[row]
        if action == "COPY":
            nothing = _NO_BASELINE if role == "BASELINE" else _NOTHING
            return self.mass[target].get(role, nothing)
        if role == "BASELINE":
            if action == "MENTION":
                mention = self.reading.mentions[target]
                return {(target, self.reading.read_kind(mention, self.periods[figure])): 1.0}
            return {(None, IMPLIED.get(action)): 1.0}
        if action == "MENTION":
            return {self._with_sharing(figure, role, target): 1.0}
        return _NOTHING if action == "NONE" else {(action,): 1.0}

    def _value(self, figure: int, role: str, answer: Answer) -> Hashable:
        """Return what tells answers apart: dates, the kind of baseline, country, words."""
        if role == "PERIOD":
            return self._period(figure, answer) or answer
        if role == "BASELINE":
            return self._settle(figure, answer)
        words = tuple(self.reading.words[m] if isinstance(m, int) else m for m in answer)
        if role == "AREA":
            return tuple(find_country(name) or name for name in words)
        return words if role != "TREND" else answer

    def _period(self, figure: int, answer: Answer) -> Period | None:
        if not answer:
            return None
        host = self._host(figure, answer)
        beside = None if host is None else self.periods[host]
        if answer[0] in SHIFTS:
            return shift(beside, SHIFTS[answer[0]])
        return self.timeline.read(self.reading.mentions[answer[0]], beside)

    def _is_open(self, row: int) -> bool:
        """Say whether a period or baseline can be told of a figure: not out of another's bracket.

        After "7.7% (June: 5.2%)" the text goes on with what was told before the bracket.
        """
        bracket = self.scene.layout.bracket
        starts = self.scene.figures[:, 0]
        target = self.rows.target[row]
        if target < 0 or bracket[starts[self.rows.figure[row]]]:
            return True
        if ACTIONS[self.rows.action[row]] == "COPY":
            return not bracket[starts[target]]
        place = bracket[self.scene.mentions[target, 0]]
        return not place or place not in self.brackets

    def _with_sharing(self, figure: int, role: str, target: int) -> Answer:
        """Return a mention, and before it those that share the figure with it."""
        named = [target]
        while role in SUBJECTS and (figure, named[-1]) in self.also:
            neighbour, probability = self.also[figure, named[-1]]
            if probability <= 0.5:
                break
            named.append(neighbour)
        return tuple(named[::-1])

    def _mentions(self, figure: int, role: str) -> list[int]:
        return [m for m in self.choice[figure][role] if isinstance(m, int)]

    def trends(self) -> list[tuple[int, int] | None]:
        """Return the token span of each figure's cue of direction."""
        named = [self._mentions(figure, "TREND") for figure in range(len(self.chosen))]
        return [tuple(self.reading.spans[m[-1]]) if m else None for m in named]

    def figures(self, heads: Array) -> list[Figure]:
        """Return the figures that were chosen, with status and direction."""
        split = len(STATUSES)
        statuses, signs = softmax(heads[:, :split]), softmax(heads[:, split:])
        return [
            self._figure(number, statuses[number], signs[number])
            for number in range(len(self.chosen))
        ]

    def _figure(self, number: int, statuses: Array, signs: Array) -> Figure:
        amount = int(self.chosen[number])
        start, end = self.reading.amounts.chars[amount]
        period = self.choice[number]["PERIOD"]
        sure = list(self.sure[number].values())
        sure += [self.kinds[amount].max(), statuses.max()]
        percentage = read_percentage(self.reading.amounts.words[amount])
        direction, certainty = SIGNS[int(signs.argmax())], float(signs.max())
        if percentage is not None and percentage.signed:
            direction, certainty = int(np.sign(percentage.value)), 1.0
        return Figure(
            start,
            end,
            measure=MEASURES[int(self.kinds[amount].argmax())],
            direction=direction,
            status=STATUSES[int(statuses.argmax())],
            baseline=self._baseline(number),
            host=self._host(number, period),
            shift=next((SHIFTS[a] for a in period if a in SHIFTS), None),
            adjustment=self._cue(number, "ADJUSTMENT"),
            annualized=self._cue(number, "ANNUAL") is not None,
            approximate=is_approximate(self.reading.text, start),
            probability=float(np.prod([*sure, certainty])),
            roles=tuple(
                sorted(
                    self.reading.mentions[m]
                    for role in MENTIONED
                    for m in self._mentions(number, role)
                )
            ),
        )

    def _host(self, number: int, period: Answer) -> int | None:
        """Return the host; a figure that leans on one without having it leans on the one before."""
        host = self.host[number]
        leans = bool(period) and period[0] in SHIFTS
        return number - 1 if leans and host is None and number else host

    def _baseline(self, number: int) -> BaselineKind | None:
        return self._settle(number, self.choice[number]["BASELINE"])

    def _settle(self, number: int, baseline: Answer) -> BaselineKind | None:
        mention, kind = baseline
        return settle_kind(kind, self.periods[number], said=mention is not None)

    def _cue(self, number: int, role: str) -> str | None:
        named = self._mentions(number, role)
        return self.reading.cues[named[-1]] if named else None
