"""How releases put things: the numbers that a release's header names, and what each stands for.

The guideline of the corpus has an example of each.
"""

from __future__ import annotations

PHENOMENA = {
    1: "verb and amount",
    2: "noun and amount",
    3: "level as change",
    4: "sign alone",
    5: "no change",
    6: "hedges and words",
    7: "range over names",
    8: "bare bracket",
    9: "bracket turns round",
    10: "verb left out",
    11: "respectively",
    12: "shared value",
    13: "pronoun as head",
    14: "unit left out",
    15: "forms of percent",
    16: "year on year",
    17: "period on period",
    18: "fixed baseline",
    19: "two comparisons",
    20: "baseline leads",
    21: "cumulative",
    22: "rolling",
    23: "quarter, half, year",
    24: "point in time",
    25: "year left out",
    26: "the period before",
    27: "the year before",
    28: "change of a rate",
    29: "contribution",
    30: "revision",
    31: "forecast",
    32: "long name",
    33: "industry or good",
    34: "place, ownership",
    35: "aggregate",
    36: "other indicators",
    37: "odd translation",
    38: "weights and shares",
    39: "levels",
    40: "counts",
    41: "other amounts",
    42: "layout and case",
}


def name_phenomenon(number: int) -> str:
    """Return a number with what it stands for: "16 year on year"."""
    return f"{number} {PHENOMENA[number]}" if number in PHENOMENA else str(number)
