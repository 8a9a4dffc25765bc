"""Notices where what was read for one statement contradicts itself, and how far to doubt it.

Nothing is repaired: the text may be wrong, and a reading that is only likelier would hide it. Each
contradiction halves the confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from iipnlp.percentages import Percentage
from iipnlp.periods import FLASH_DAY, Period

Contradiction = Literal[
    "period after publication", "baseline not before period", "sign against cue"
]

# What each contradiction leaves of the confidence.
DOUBT = 0.5
# So long before the end of a month its first estimates are out.
EARLY = timedelta(days=31 - FLASH_DAY)


def find_contradictions(
    percentage: Percentage,
    direction: int,
    period: Period | None,
    compared: Period | None,
    *,
    published: date | None,
    expected: bool,
) -> tuple[Contradiction, ...]:
    """Name what is contradictory in a statement.

    Args:
        percentage: its amount, as read from the words.
        direction: 1, -1 or 0, as its cue ("rose") has it.
        period: its reference period.
        compared: the dates of its baseline.
        published: the day of publication, where known.
        expected: whether it is a forecast, which may be told before its period ends.
    """
    return tuple(_find(percentage, direction, period, compared, None if expected else published))


def doubt(contradictions: tuple[Contradiction, ...]) -> float:
    """Return the factor, 0..1, that is left of the confidence."""
    return DOUBT ** len(contradictions)


def _find(
    percentage: Percentage,
    direction: int,
    period: Period | None,
    compared: Period | None,
    limit: date | None,
) -> Iterator[Contradiction]:
    if period is not None and limit is not None and period.end > limit + EARLY:
        yield "period after publication"
    if period is not None and compared is not None and not _is_before(compared, period):
        yield "baseline not before period"
    if percentage.signed and percentage.value * direction < 0:
        yield "sign against cue"


def _is_before(compared: Period, period: Period) -> bool:
    """Whether the baseline starts first; "the start of the year" is the first day of its months."""
    is_start = compared.start == compared.end == period.start < period.end
    return compared.start < period.start or is_start
