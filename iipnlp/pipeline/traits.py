"""What the values of mentions tell: how long a period is and how old, what a baseline reads as.

Which of several periods a figure is told of shows in their dates more than in their words: the
text goes on with its own month after the month or the year before was told in passing.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from iipnlp.annotations import Mention
from iipnlp.baselines import BaselineKind
from iipnlp.periods import Period
from iipnlp.statement import BASELINES
from iipnlp.timeline import Source, Timeline

Array = npt.NDArray[Any]

_LENGTHS = (1, 2, 3, 5, 6, 11, 12)  # months, the last of each class
_AGES = (0, 1, 3, 11, 12)  # months before the end of the report, the last of each class
PERIOD_SHAPE = len(_LENGTHS) + 2 + len(_AGES) + 3
STEPS = 6  # how a period stands to another
KINDS = len(BASELINES) + 1
_PERIOD_TRAITS = PERIOD_SHAPE + 5 + 2 * STEPS
_BASELINE_TRAITS = 2 * KINDS + 1
TRAITS = _PERIOD_TRAITS + _BASELINE_TRAITS
# Of the traits, the kind of comparison that a baseline makes by its words alone.
OWN_KIND = slice(_PERIOD_TRAITS, _PERIOD_TRAITS + KINDS)


def read_kind(source: Source, mention: Mention, period: Period | None) -> BaselineKind | None:
    """Return the kind of comparison that a mention makes with a period."""
    read = source.read_baseline(mention, period)
    return read.kind if read else None


def read_traits(source: Source, mentions: list[Mention]) -> Array:
    """Describe the values of periods and baselines: (mentions, TRAITS), 0 for other mentions."""
    timeline = Timeline(source, mentions, ())
    periods = {i: timeline.read(m) for i, m in enumerate(mentions) if m.label == "PERIOD"}
    counts = Counter(periods.values())
    told = list(periods.values())
    before = dict(zip(periods, [None, *told], strict=False))
    after = dict(zip(periods, [*told[1:], None], strict=False))
    traits = np.zeros((len(mentions), TRAITS), dtype="f")
    for i, mention in enumerate(mentions):
        words = source.words(mention).lower()
        if mention.label == "PERIOD":
            period = periods[i]
            traits[i, :_PERIOD_TRAITS] = [
                *describe_period(period, timeline.anchor),
                period == told[0],
                counts[period] == 2,
                counts[period] > 2,
                _has_year(words),
                "same" in words,
                *describe_step(period, before[i]),
                *describe_step(period, after[i]),
            ]
        elif mention.label == "BASELINE":
            traits[i, _PERIOD_TRAITS:] = [
                *describe_kind(read_kind(source, mention, None)),
                *describe_kind(read_kind(source, mention, timeline.anchor)),
                _has_year(words),
            ]
    return traits


def describe_period(period: Period | None, anchor: Period | None) -> list[bool]:
    """Say how long a period is, and how long before the end of the report it ends: PERIOD_SHAPE."""
    lengths, ages = [False] * (len(_LENGTHS) + 2), [False] * (len(_AGES) + 3)
    if period is None:
        lengths[0] = True
    elif period.start == period.end or period.months is None:
        lengths[1] = True
    else:
        months = min(period.months, _LENGTHS[-1])
        lengths[2 + int(np.searchsorted(_LENGTHS, months))] = True
    if period is None or anchor is None:
        ages[0] = True
    else:
        age = 12 * (anchor.end.year - period.end.year) + anchor.end.month - period.end.month
        ages[1 if age < 0 else 2 + int(np.searchsorted(_AGES, age))] = True
    return lengths + ages


@lru_cache(maxsize=1024)
def describe_step(period: Period | None, other: Period | None) -> tuple[bool, ...]:
    """Say how a period stands to another; the month and the month before it are a step: STEPS."""
    if period is None or other is None:
        return (True,) + (False,) * (STEPS - 1)
    return (
        False,
        period == other,
        period in (other.previous(), other.following()),
        period in (other.shift_years(-1), other.shift_years(1)),
        period.months == other.months,
        period.end > other.end,
    )


def describe_kind(kind: BaselineKind | None) -> list[bool]:
    """Say which kind of comparison this is, if any: KINDS."""
    return [kind == other for other in (None, *BASELINES)]


def _has_year(words: str) -> bool:
    return any(word.isdigit() and len(word) == 4 for word in words.replace("-", " ").split())
