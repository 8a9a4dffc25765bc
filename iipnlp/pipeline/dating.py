"""What the periods of figures tell of their baselines, once they are known.

"Rose 0.4 pct in January after a 0.6 pct decline in December" is growth over the month before, "rose
6.5% in January after 4.1% in January 2024" over the year before: no phrase says so, the dates do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from iipnlp.periods import Period
from iipnlp.pipeline.candidates import ACTION, Rows
from iipnlp.pipeline.reading import Reading
from iipnlp.pipeline.traits import (
    KINDS,
    PERIOD_SHAPE,
    STEPS,
    describe_kind,
    describe_period,
    describe_step,
)

Array = npt.NDArray[Any]

OWN = PERIOD_SHAPE + 2 * STEPS
DATED = OWN + STEPS + KINDS
_COPY, _MENTION = ACTION["COPY"], ACTION["MENTION"]


class Dates:
    """The periods of the figures of one text, and which of them stand beside which.

    own: (figures, OWN), of each figure its period, the step from its host's and that of its
    comparatives from it.

    Args:
        reading: the text.
        periods: of each figure, None where it is not known.
        hosts: for each comparative the figure beside which it is told, None for other figures.
        anchor: the period where the report ends.
    """

    def __init__(
        self,
        reading: Reading,
        periods: Sequence[Period | None],
        hosts: Sequence[int | None],
        anchor: Period | None,
    ) -> None:
        self.reading, self.periods = reading, periods
        shapes = np.array([describe_period(period, anchor) for period in periods], dtype="f")
        of_host, beside = np.zeros((2, len(periods), STEPS), dtype="f")
        for figure, host in enumerate(hosts):
            if host is not None:
                of_host[figure] = describe_step(periods[figure], periods[host])
                beside[host] = np.maximum(beside[host], of_host[figure])
        self.own: Array = np.concatenate([shapes, of_host, beside], axis=1)

    def describe(self, rows: Rows) -> Array:
        """Describe candidates of baselines: (rows, DATED).

        Besides what `own` says by the step from the period of the figure that is copied, and by the
        kind that a mention makes with the figure's period.
        """
        dated = np.zeros((len(rows.figure), DATED), dtype="f")
        dated[:, :OWN] = self.own[rows.figure]
        for row, (figure, action, target) in enumerate(
            zip(rows.figure, rows.action, rows.target, strict=True)
        ):
            period = self.periods[figure]
            if action == _COPY:
                step = describe_step(period, self.periods[target])
                dated[row, OWN : OWN + STEPS] = step
            elif action == _MENTION:
                kind = self.reading.read_kind(self.reading.mentions[target], period)
                dated[row, OWN + STEPS :] = describe_kind(kind)
        return dated
