"""What each figure may be told of: candidates, and the geometry between figure and candidate.

For every figure and role there is one group of rows, of which exactly one is right: no mention
(NONE), one of the mentions nearby or at the head of the paragraph, the text or a lead-in
(MENTION), the choice of a figure before (COPY), or, where no phrase says it, a period or baseline
of its own (the other actions). Copies turn far links into near choices, so that the number of
rows is linear in the length of the text.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from iipnlp.annotations import LABELS
from iipnlp.baselines import BaselineKind
from iipnlp.pipeline.layout import EDGE, MARKERS, WORD_CLASSES, Layout
from iipnlp.pipeline.traits import TRAITS

Array = npt.NDArray[Any]

CUES = ("ADJUSTMENT", "ANNUAL")
# Whether a name is an industry or a product is the tagger's business; a figure is told of a name.
NAMES = {"INDUSTRY": "NAME", "PRODUCT": "NAME"}
SUBJECTS = ("NAME", "AREA", "OWNERSHIP")
MENTIONED = tuple(dict.fromkeys(NAMES.get(label, label) for label in LABELS))
LINKED = (*MENTIONED, *CUES)
# HOST: the figure beside which this one is told. ALSO: a candidate's neighbour shares the figure.
ROLES = (*LINKED, "HOST", "ALSO")
PROPOSED = ROLES[:-1]
# Baselines are chosen in a second round, when the periods of the figures are known.
FIRST_ROUND = tuple(role for role in PROPOSED if role != "BASELINE")
SECOND_ROUND = ("BASELINE",)
ACTIONS = (
    "NONE",
    "MENTION",
    "COPY",
    "YEAR_BEFORE",
    "PERIOD_BEFORE",
    "YEAR_ON_YEAR",
    "PERIOD_ON_PERIOD",
    "FIXED_PERIOD",
)
ROLE = {name: number for number, name in enumerate(ROLES)}
ACTION = {name: number for number, name in enumerate(ACTIONS)}
# What the actions come to: the kind of an implied baseline, the distance to the host's period.
IMPLIED: dict[str, BaselineKind] = {
    "YEAR_ON_YEAR": "year_on_year",
    "PERIOD_ON_PERIOD": "period_on_period",
    "FIXED_PERIOD": "fixed_period",
}
SHIFTS = {"YEAR_BEFORE": "year", "PERIOD_BEFORE": "period"}
VIRTUAL = {"PERIOD": tuple(SHIFTS), "BASELINE": tuple(IMPLIED)}
UNSAID = (*SHIFTS, *IMPLIED)
LEFT, RIGHT, COPIES, HOSTS = 4, 2, 3, 4
_LOOK_BACK = 12  # figures
_REACH = 8  # tokens between two names that may share a figure


@dataclass
class Scene:
    """The spans of a Doc that take part, in tokens.

    figures: (F, 2). beside: (F,), whether a figure is told beside another, as its comparative.
    mentions: (M, 2). labels: (M,), the number of the role each mention can fill. traits: (M,
    TRAITS), what periods and baselines read as.
    """

    layout: Layout
    figures: Array
    beside: Array
    mentions: Array
    labels: Array
    traits: Array

    @cached_property
    def figure_runs(self) -> tuple[Array, Array]:
        """Each figure's place in its run, and the run's length; a name between ends a run."""
        stops = self.mentions[self.labels < len(SUBJECTS), 0]
        return _runs(self.figures[:, 0], self.figures[:, 1], stops, self.layout)

    @cached_property
    def parallels(self) -> Array:
        """For each figure the one that may stand at its place in the list before, -1 for none.

        It is as many figures back as its run is long: in "coal +1%, steel -2% and cement +3%; in
        the year they came to +4%, +5% and +6%" the last three are told of the names of the first.
        """
        _, length = self.figure_runs
        parallels: Array = np.where(length > 1, np.arange(len(length)) - length, -1)
        return np.maximum(parallels, -1)


@dataclass(slots=True)
class Rows:
    """Candidates as parallel lists; rows of one group stand together and one of them is right.

    `target` is a mention (for MENTION) or a figure (for COPY), else -1; `rank` says how many are
    nearer. `group` counts from 0; `heads` gives for each group its figure, role and, for ALSO, the
    mention.
    """

    figure: list[int] = field(default_factory=list)
    role: list[int] = field(default_factory=list)
    action: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    heads: list[tuple[int, str, int]] = field(default_factory=list)

    def open(self, figure: int, role: str, mention: int = -1) -> None:
        """Start a group with its NONE row."""
        self.heads.append((figure, role, mention))
        self.add("NONE", -1, 0)

    def add(self, action: str, target: int, rank: int) -> None:
        """Add a row to the group that was opened last."""
        figure, role, _ = self.heads[-1]
        self.figure.append(figure)
        self.role.append(ROLE[role])
        self.action.append(ACTION[action])
        self.target.append(target)
        self.rank.append(rank)
        self.group.append(len(self.heads) - 1)


def propose(scene: Scene, roles: tuple[str, ...] = PROPOSED) -> Rows:
    """List the candidates of every figure of a scene for some roles."""
    rows = Rows()
    near = {role: _Nearby(scene, ROLE[role]) for role in roles if role in LINKED}
    for figure, parallel in enumerate(scene.parallels.tolist()):
        sources = _find_sources(scene, figure)
        if parallel >= 0 and parallel not in sources:
            sources.append(parallel)
        for role in roles:
            rows.open(figure, role)
            if role == "HOST":
                _propose_hosts(rows, scene, figure)
                continue
            nearby = near[role](figure)
            for rank, mention in nearby:
                rows.add("MENTION", mention, rank)
            for rank, source in enumerate(sources):
                rows.add("COPY", source, rank)
            for action in VIRTUAL.get(role, ()):
                rows.add(action, -1, 0)
            if role in SUBJECTS:
                _propose_sharing(rows, near[role], figure, [m for _, m in nearby])
    return rows


def _propose_hosts(rows: Rows, scene: Scene, figure: int) -> None:
    if scene.beside[figure]:
        for back in range(1, min(HOSTS, figure) + 1):
            rows.add("COPY", figure - back, back - 1)


def _find_sources(scene: Scene, figure: int) -> list[int]:
    """Return the figures that may be copied: the one before, the last that are no comparatives.

    A comparative stands aside: after "10.6% (9.6% in 2024)" the text goes on with the 10.6%. The
    first figure of the text is one too: what it tells holds where nothing else is said.
    """
    found = [figure - 1] if figure else []
    back = figure - 1
    while back >= 0 and len(found) <= COPIES and figure - back <= _LOOK_BACK:
        if not scene.beside[back] and back not in found:
            found.append(back)
        back -= 1
    return found if 0 in found or not figure else [*found, 0]


def _propose_sharing(rows: Rows, near: _Nearby, figure: int, mentions: list[int]) -> None:
    for mention in mentions:
        neighbour = near.sharing(mention)
        if neighbour is not None:
            rows.open(figure, "ALSO", mention)
            rows.add("MENTION", neighbour, 0)


class _Nearby:
    """The mentions of one role, and which of them are candidates of a figure."""

    def __init__(self, scene: Scene, role: int) -> None:
        self.scene = scene
        self.ids = [int(i) for i in np.flatnonzero(scene.labels == role)]
        self.starts = [int(scene.mentions[i, 0]) for i in self.ids]
        self.figure_starts = [int(start) for start in scene.figures[:, 0]]
        aside = stands_aside(scene)
        self.main = [
            (start, mention)
            for start, mention in zip(self.starts, self.ids, strict=True)
            if not aside[mention]
        ]
        layout = scene.layout
        paragraphs = [int(layout.paragraph[start]) for start in self.starts]
        self.first_in: dict[int, int] = {}
        for mention, paragraph in zip(self.ids, paragraphs, strict=True):
            self.first_in.setdefault(paragraph, mention)
        self.leads = [
            (start, mention)
            for start, mention, paragraph in zip(self.starts, self.ids, paragraphs, strict=True)
            if layout.heading[paragraph] or layout.lead_in[paragraph]
        ]

    def __call__(self, figure: int) -> list[tuple[int, int]]:
        """Return (rank, mention): left ones count from 0, right ones from LEFT, then far ones."""
        start = self.figure_starts[figure]
        place = bisect_left(self.starts, start)
        found = [(rank, self.ids[place - 1 - rank]) for rank in range(min(LEFT, place))]
        right = self.ids[place : place + RIGHT]
        found += [(LEFT + rank, mention) for rank, mention in enumerate(right)]
        seen = {mention for _, mention in found}
        for rank, mention in enumerate(self._far(start), LEFT + RIGHT):
            if mention is not None and mention not in seen:
                found.append((rank, mention))
                seen.add(mention)
        return found

    def _far(self, start: int) -> list[int | None]:
        """Return the last on the main thread, the paragraph's first, the last lead, the first."""
        paragraph = int(self.scene.layout.paragraph[start])
        main = bisect_left(self.main, (start, -1))
        lead = bisect_left(self.leads, (start, -1))
        return [
            self.main[main - 1][1] if main else None,
            self.first_in.get(paragraph),
            self.leads[lead - 1][1] if lead else None,
            self.ids[0] if self.ids else None,
        ]

    def sharing(self, mention: int) -> int | None:
        """Return the mention before this one if it may share its figure: near, nothing between."""
        place = bisect_left(self.starts, int(self.scene.mentions[mention, 0]))
        if place == 0 or self.ids[place] != mention:
            return None
        before = self.ids[place - 1]
        gap = self.starts[place] - int(self.scene.mentions[before, 1])
        between = bisect_left(self.figure_starts, self.starts[place]) - bisect_left(
            self.figure_starts, self.starts[place - 1]
        )
        return before if gap <= _REACH and between == 0 else None


def stands_aside(scene: Scene) -> Array:
    """Say of each mention whether the figure nearest to it is a comparative: (mentions,)."""
    if not len(scene.figures) or not len(scene.mentions):
        return np.zeros(len(scene.mentions), dtype=bool)
    starts, middle = scene.figures[:, 0], scene.mentions[:, 0]
    place = np.searchsorted(starts, middle)
    left, right = np.maximum(place - 1, 0), np.minimum(place, len(starts) - 1)
    nearest = np.where(np.abs(middle - starts[left]) < np.abs(starts[right] - middle), left, right)
    aside: Array = scene.beside[nearest]
    return aside


_DISTANCES = np.array([0, 1, 2, 3, 4, 6, 9, 14, 24, 49, 99])


def one_hot(values: Array, width: int) -> Array:
    """Return numbers as rows with a single one; what is beyond the width counts as its last."""
    hot: Array = np.eye(width, dtype="f")[np.clip(values, 0, width - 1)]
    return hot


def _bucket(distances: Array) -> Array:
    return one_hot(np.searchsorted(_DISTANCES, distances), len(_DISTANCES) + 1)


def neighbours(layout: Layout, spans: Array, reach: int) -> Array:
    """Return the classes of the words around spans, one-hot: (spans, 2 * reach * WORD_CLASSES)."""
    padded = np.concatenate([np.full(reach, EDGE), layout.word_class, np.full(reach, EDGE)])
    columns = [padded[spans[:, 0] + reach - back] for back in range(1, reach + 1)]
    columns += [padded[spans[:, 1] + reach + ahead] for ahead in range(reach)]
    classes = np.stack(columns, axis=1)
    return one_hot(classes, WORD_CLASSES).reshape(len(spans), 2 * reach * WORD_CLASSES)


def _runs(starts: Array, ends: Array, stops: Array, layout: Layout) -> tuple[Array, Array]:
    """Return for each span its place in its run and the run's length.

    A run is a series of spans in one sentence with few tokens between and none of `stops`.
    """
    place = np.zeros(len(starts), dtype="i")
    length = np.ones(len(starts), dtype="i")
    first = 0
    for i in range(1, len(starts) + 1):
        if i < len(starts) and _in_run(i, starts, ends, stops, layout):
            place[i] = place[i - 1] + 1
            continue
        length[first:i] = i - first
        first = i
    return place, length


def _in_run(i: int, starts: Array, ends: Array, stops: Array, layout: Layout) -> bool:
    near = 0 <= starts[i] - ends[i - 1] <= 4
    same = layout.sentence[starts[i]] == layout.sentence[starts[i - 1]]
    return bool(near and same and not np.any((stops >= ends[i - 1]) & (stops < starts[i])))


def measure(scene: Scene, rows: Rows) -> Array:
    """Describe every row by geometry alone: (rows, FEATURES)."""
    if not rows.figure:
        return np.zeros((0, FEATURES), dtype="f")
    table = _Table(scene, rows)
    blocks = [
        table.kinds(),
        table.distances(),
        table.markers(),
        table.counts_between(),
        table.places(),
        table.ordinals(),
        table.around(),
        table.surroundings(),
        table.threads(),
        table.values(),
    ]
    return np.concatenate(blocks, axis=1, dtype="f")


class _Table:
    """Computes the blocks of features for all rows of a scene at once."""

    def __init__(self, scene: Scene, rows: Rows) -> None:
        self.scene, self.layout = scene, scene.layout
        self.figure = np.array(rows.figure)
        self.role = np.array(rows.role)
        self.action = np.array(rows.action)
        self.rank = np.array(rows.rank)
        target = np.array(rows.target)
        self.is_mention = self.action == ACTION["MENTION"]
        self.is_copy = self.action == ACTION["COPY"]
        self.has_target = self.is_mention | self.is_copy
        self.span = scene.figures[self.figure]
        # Rows without a target point at the figure itself and are masked.
        self.goal = self.span.copy()
        self.goal[self.is_mention] = scene.mentions[target[self.is_mention]]
        self.goal[self.is_copy] = scene.figures[target[self.is_copy]]
        self.target = np.where(self.has_target, target, 0)
        self.low = np.minimum(self.span[:, 1], self.goal[:, 1])
        self.high = np.maximum(np.maximum(self.span[:, 0], self.goal[:, 0]), self.low)
        self.also = self.role == ROLE["ALSO"]
        self.label = self.role.copy()
        self.label[self.also] = scene.labels[target[self.also & self.is_mention]].repeat(2)
        self.mask = self.has_target[:, None].astype("f")

    def kinds(self) -> Array:
        """Role and action together, and the rank of the candidate."""
        both = self.role * len(ACTIONS) + self.action
        ranks = np.where(self.is_mention, self.rank, np.where(self.is_copy, 10 + self.rank, 15))
        label = one_hot(self.label, len(ROLES)) * self.also[:, None]
        return np.concatenate(
            [one_hot(both, len(ROLES) * len(ACTIONS)), one_hot(ranks, 16), label], axis=1
        )

    def distances(self) -> Array:
        """How far in tokens, and on which side."""
        left = (self.goal[:, 0] < self.span[:, 0])[:, None]
        near = _bucket(self.high - self.low) * self.mask
        return np.concatenate([near * left, near * ~left], axis=1)

    def _between(self, cumulative: Array) -> Array:
        return cumulative[self.high] - cumulative[self.low]

    def markers(self) -> Array:
        """What punctuation and small words stand between: none, one, more."""
        columns = [one_hot(self._between(row), 3) for row in self.layout.counts]
        return np.concatenate(columns, axis=1) * self.mask

    def counts_between(self) -> Array:
        """How many figures and how many mentions of the same role stand between."""
        figures = self._cumulative(self.scene.figures[:, 0])
        same = np.zeros(len(self.role), dtype="i")
        for role in range(len(LINKED)):
            starts = self.scene.mentions[self.scene.labels == role, 0]
            chosen = self.label == role
            same[chosen] = self._between(self._cumulative(starts))[chosen]
        columns = [one_hot(self._between(figures), 5), one_hot(same, 4)]
        return np.concatenate(columns, axis=1) * self.mask

    def _cumulative(self, starts: Array) -> Array:
        counts = np.zeros(len(self.layout.sentence) + 1, dtype="i")
        np.add.at(counts, starts + 1, 1)
        total: Array = counts.cumsum()
        return total

    def places(self) -> Array:
        """Sentence, paragraph and bracket of both."""
        layout = self.layout
        a, c = self.span[:, 0], self.goal[:, 0]
        sentences = np.abs(layout.sentence[a] - layout.sentence[c])
        paragraphs = np.abs(layout.paragraph[a] - layout.paragraph[c])
        in_a, in_c = layout.bracket[a] > 0, layout.bracket[c] > 0
        flags = np.stack(
            [
                in_a,
                in_c,
                in_a & (layout.bracket[a] == layout.bracket[c]),
                layout.heading[layout.paragraph[a]],
                layout.heading[layout.paragraph[c]],
                layout.lead_in[layout.paragraph[c]],
                layout.each[layout.sentence[a]],
                layout.respectively[layout.sentence[a]],
            ],
            axis=1,
        )
        return np.concatenate(
            [one_hot(sentences, 4) * self.mask, one_hot(paragraphs, 4) * self.mask, flags], axis=1
        )

    def ordinals(self) -> Array:
        """Which of a run of figures this is, which of a run of names the candidate."""
        place, length = self.scene.figure_runs
        c_place, c_length = place[self.target * self.is_copy], length[self.target * self.is_copy]
        if len(self.scene.mentions):
            m_place, m_length = self._mention_runs()
            index = self.target * self.is_mention
            c_place = np.where(self.is_mention, m_place[index], c_place)
            c_length = np.where(self.is_mention, m_length[index], c_length)
        a_place, a_length = place[self.figure], length[self.figure]
        flags = np.stack(
            [
                a_place == c_place,
                a_length == c_length,
                (a_place == c_place) & (a_length == c_length) & (a_length > 1),
                a_length - a_place == c_length - c_place,
                self.is_copy & (self.scene.parallels[self.figure] == self.target),
            ],
            axis=1,
        )
        counts = [one_hot(v, 4) for v in (a_place, a_length - a_place)]
        targets = [one_hot(v, 4) * self.mask for v in (c_place, c_length - c_place)]
        return np.concatenate([flags * self.mask, *counts, *targets], axis=1)

    def _mention_runs(self) -> tuple[Array, Array]:
        scene = self.scene
        place = np.zeros(len(scene.mentions), dtype="i")
        length = np.ones(len(scene.mentions), dtype="i")
        for role in range(len(SUBJECTS)):
            chosen = np.flatnonzero(scene.labels == role)
            spans = scene.mentions[chosen]
            stops = scene.figures[:, 0]
            place[chosen], length[chosen] = _runs(spans[:, 0], spans[:, 1], stops, self.layout)
        return place, length

    def around(self) -> Array:
        """The small words right beside the figure and beside the candidate."""
        own = neighbours(self.layout, self.scene.figures, 2)[self.figure]
        theirs = neighbours(self.layout, self.goal, 1) * self.mask
        return np.concatenate([own, theirs], axis=1)

    def surroundings(self) -> Array:
        """Whether names of this role stand in the sentence or paragraph, and whose they may be."""
        own = np.zeros((len(self.scene.figures), len(LINKED), 6), dtype="f")
        for role in range(len(LINKED)):
            own[:, role] = self._presence(self.scene.mentions[self.scene.labels == role, 0])
        columns: Array = own[self.figure, np.minimum(self.label, len(LINKED) - 1)]
        claimed = self._claimed()[:, None] & self.is_mention[:, None]
        return np.concatenate([columns, claimed], axis=1)

    def _presence(self, starts: Array) -> Array:
        layout, begin = self.layout, self.scene.figures[:, 0]
        sentence, paragraph = layout.sentence[begin], layout.paragraph[begin]
        place = np.searchsorted(starts, begin)
        edges = np.searchsorted(layout.sentence, [sentence, sentence + 1])
        in_sentence = np.searchsorted(starts, edges)
        in_paragraph = np.searchsorted(starts, np.searchsorted(layout.paragraph, paragraph))
        before = np.concatenate([[0], begin[:-1]])
        after = np.concatenate([begin[1:], [len(layout.sentence)]])
        since_previous = np.searchsorted(starts, before)
        until_next = np.searchsorted(starts, after)
        return np.stack(
            [
                place > in_sentence[0],
                place < in_sentence[1],
                place > in_paragraph,
                place > 0,
                place > since_previous,
                until_next > place,
            ],
            axis=1,
        )

    def threads(self) -> Array:
        """Whether figure and candidate are on the main thread of the text, and where it starts."""
        scene, layout = self.scene, self.layout
        aside = np.zeros(len(self.role), dtype=bool)
        if len(scene.mentions):
            aside = np.where(
                self.is_mention, stands_aside(scene)[self.target * self.is_mention], aside
            )
        aside = np.where(self.is_copy, scene.beside[self.target * self.is_copy], aside)
        goal = self.goal[:, 0]
        since_sentence = goal - np.searchsorted(layout.sentence, layout.sentence[goal])
        since_paragraph = goal - np.searchsorted(layout.paragraph, layout.paragraph[goal])
        own = scene.beside[self.figure]
        flags = np.stack(
            [
                own,
                aside,
                own & aside,
                since_sentence <= 3,
                since_paragraph <= 3,
                layout.paragraph[goal] == 0,
            ],
            axis=1,
        )
        return flags * np.concatenate(
            [np.ones_like(self.mask), np.repeat(self.mask, 5, axis=1)], axis=1
        )

    def values(self) -> Array:
        """What the candidate reads as."""
        if not len(self.scene.mentions):
            return np.zeros((len(self.role), TRAITS), dtype="f")
        traits: Array = self.scene.traits[self.target * self.is_mention]
        return traits * self.is_mention[:, None]

    def _claimed(self) -> Array:
        """Say of each candidate whether another figure stands nearer to it than this one."""
        starts = self.scene.figures[:, 0]
        middle = self.goal[:, 0]
        place = np.searchsorted(starts, middle)
        left = np.abs(middle - starts[np.clip(place - 1, 0, len(starts) - 1)])
        right = np.abs(middle - starts[np.clip(place, 0, len(starts) - 1)])
        nearest: Array = np.minimum(left, right) < np.abs(middle - self.span[:, 0])
        return nearest


FEATURES = (
    len(ROLES) * len(ACTIONS) + 16 + len(ROLES)  # kinds
    + 2 * (len(_DISTANCES) + 1)  # distances
    + 3 * len(MARKERS)  # markers
    + 9  # counts between
    + 16  # places
    + 21  # ordinals
    + 6 * WORD_CLASSES  # around
    + 7  # surroundings
    + 6  # threads
    + TRAITS  # values
)  # fmt: skip
