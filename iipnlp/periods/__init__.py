"""Reads the mention of a period ("the first 11 months of 2025") into its dates.

A mention is cut into tokens of one lexicon (`words`), parsed into a `Phrase` (`grammar`), which is
what the words say, undated, and resolved against a `Context` (`dates`), which is what the text
around it says.
"""

from __future__ import annotations

import re
from datetime import date

from iipnlp.periods.dates import FISCAL_YEARS, FLASH_DAY, Context, resolve
from iipnlp.periods.grammar import YEARS, Phrase, parse_phrase
from iipnlp.periods.period import Period
from iipnlp.periods.words import tokenize

__all__ = [
    "FISCAL_YEARS",
    "FLASH_DAY",
    "YEARS",
    "Context",
    "Period",
    "parse_period",
    "read_period",
    "resolve",
]

_ON_DAY = ("on ", "as ")  # "as of Mar 21" is a day, "Mar 21" a year
_FULL_YEAR = re.compile(
    r"\b(?:full|whole|entire)[ -](?:year|of)\b|\ball of\b|\bas a whole\b", re.IGNORECASE
)


def read_period(
    text: str,
    *,
    published: date | None = None,
    country: str | None = None,
    reference: Period | None = None,
    year: int | None = None,
    ahead: bool = False,
    fiscal_year_start: int | None = None,
) -> Period | None:
    """The dates of a mention, None where it is no period or its words and context do not settle it.

    `reference` is the period that the mention leans on ("the month before"), `year` the year of
    which the text speaks; `ahead` says that the mention belongs to a forecast. A bare month is the
    latest not after `published`, or if that is missing not after `reference`; in a forecast it is
    the next one from a recent `reference` on, else from the month before `published`.
    "Mar 21" is a month of 2021, unless it begins with "on" or "as of", or was published before.
    """
    phrase = parse_period(text)
    if phrase is None:
        return None
    return resolve(phrase, Context(published, country, reference, year, ahead, fiscal_year_start))


def parse_period(text: str) -> Phrase | None:
    """What the words of a mention say, for `resolve` to date; None where it is no period."""
    phrase = parse_phrase(tokenize(text))
    if phrase is None:
        return None
    phrase.full = bool(_FULL_YEAR.search(text))
    if text.lstrip()[:3].lower() in _ON_DAY:
        for side in filter(None, (phrase, phrase.left)):
            side.on_day = True
    return phrase
