"""Reads the mention of a baseline ("the same period last year") into its kind and dates.

Words that only dress a baseline ("its … level") are dropped; a few settle the kind by themselves
("y/y", "peak"); the rest is a period, whose place beside the observation's own gives the kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from iipnlp.periods import Period
from iipnlp.periods.dates import FISCAL_STARTS, FISCAL_YEARS, Context, resolve
from iipnlp.periods.grammar import Phrase, parse_phrase
from iipnlp.periods.words import Token, tokenize

BaselineKind = Literal["year_on_year", "period_on_period", "fixed_period"]


# --- The words ------------------------------------------------------------------------------------

# What may stand before a baseline and belongs to the comparison.
_LEADING = frozenset("to from over and".split())
# The months of what a rate is named for: "annual", "m/m", "month-on-month".
_RATE_UNITS = {
    **dict.fromkeys("annual annually yearly yoy yy y yr year years tendential".split(), 12),
    **dict.fromkeys("monthly mom mm m mth month months".split(), 1),
    **dict.fromkeys("quarterly qoq qq q qtr quarter quarters sequential sequentially".split(), 3),
    **dict.fromkeys("half semester".split(), 6),
}
_RATE_COUNTS = {"3": 3, "three": 3, "6": 6, "six": 6, "12": 12, "twelve": 12}
_AVERAGES = frozenset("average averages avg mean norm norms".split())
# What makes a baseline one of its own, with or without a date.
_FIXED = _AVERAGES | frozenset(
    "since peak peaks high highs low lows trough troughs record bottom trend normal benchmark "
    "base pandemic prepandemic covid coronavirus virus crisis precrisis war prewar brexit "
    "recession lockdown lockdowns invasion outbreak downturn historical historic long run "
    "longrun longterm".split()
)
# What dresses the name of a period without changing it.
_DRESSING = _FIXED | frozenset(
    "its their his our own level levels figure figures value values output production volume "
    "volumes reading mark pre reached seen recorded registered hit set all ever compared "
    "comparing comparison with versus vs against than relative respect basis terms growth "
    "change changes rate number numbers result results position which was were those one "
    "seasonally adjusted revised relation it what they strong weak gdp observed variation had "
    "been".split()
)
# What else goes with those: "before the pandemic", "the monthly average of 2014".
_FIXED_DRESSING = frozenset("before prior monthly quarterly annual yearly".split())
# What only tells more of a date: "February 2020, the last month before the restrictions".
_APPOSITION = re.compile(r"(?<=\b\d{4}),\s(?:the|its|when|which|just|before)\b", re.IGNORECASE)
_VAGUE = frozenset("early late mid spring summer autumn winter".split())
_RATE_DRESSING = (_DRESSING - _FIXED) | frozenset("to over from / o a an sa nsa swda".split())


# --- The reading ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Baseline:
    """The kind of a comparison, and the dates of the period compared with where they are known."""

    kind: BaselineKind
    period: Period | None


def read_baseline(
    text: str,
    period: Period | None = None,
    *,
    published: date | None = None,
    country: str | None = None,
    year: int | None = None,
) -> Baseline | None:
    """The baseline that a mention names for an observation of `period`, None where it names none.

    Without `period` only what the words settle: the kind of "the previous month", not of "October".
    """
    read = _read(text, period, published, country, year)
    tail = _APPOSITION.search(text) if read is None else None
    return _read(text[: tail.start()], period, published, country, year) if tail else read


def _read(
    text: str, period: Period | None, published: date | None, country: str | None, year: int | None
) -> Baseline | None:
    tokens = tokenize(text)
    rate = _read_rate(tokens)
    if rate is not None:
        return implied_baseline(rate, period)
    words = [token.text for token in tokens]
    fixed = not _FIXED.isdisjoint(words)
    rest = _undress(tokens)
    if not rest:
        return Baseline("fixed_period", None) if fixed else None
    phrase = parse_phrase(rest)
    if phrase is None and fixed:
        if not _VAGUE.isdisjoint(words):
            return Baseline("fixed_period", None)
        rest = [token for token in rest if token.text not in _FIXED_DRESSING]
        phrase = parse_phrase(rest)
    if phrase is None or phrase.rest:
        return None if rest else Baseline("fixed_period", None)
    start = _find_fiscal_start(period, country)
    beside = Context(country=country, reference=period, year=year, fiscal_year_start=start)
    moved = phrase.steps_from == "told" or "exact" in (phrase.years_from, phrase.steps_from)
    if "since" in words or (fixed and not moved):
        return Baseline("fixed_period", _date_fixed(phrase, beside, words))
    if _lacks_unit(phrase):  # "the previous peak"
        return Baseline("fixed_period", None) if fixed else None
    if period is None:
        kind = _kind_of_words(phrase, beside._replace(published=published))
        return Baseline(kind, None) if kind else None
    read = _compare(phrase, period, beside, published)
    if fixed and read and read.period and read.period.months != period.months:
        return Baseline("fixed_period", read.period)  # a month against the average of three
    return read


def _find_fiscal_start(period: Period | None, country: str | None) -> int | None:
    """The first month of the fiscal year where an observation is one: "2023-24" is one as well.

    Where the country is known its year counts: the observation may be any twelve months.
    """
    if period is None or period.months != 12 or country in FISCAL_YEARS:
        return None
    return period.start.month if period.start.month in FISCAL_STARTS else None


def implied_baseline(kind: BaselineKind, period: Period | None) -> Baseline:
    """The baseline of a kind that no phrase dates: a year or a period before, undated if fixed."""
    if period is None or kind == "fixed_period":
        return Baseline(kind, None)
    return Baseline(kind, period.shift_years(-1) if kind == "year_on_year" else period.previous())


def _read_rate(tokens: list[Token]) -> BaselineKind | None:
    """The kind of a rate of change: "y/y", "month-on-month", "on year", "annual", "3m/3m"."""
    months, counts, before = 0, set(), ""
    for kind, _, word in tokens:
        if before == "letter" and word in _RATE_COUNTS:  # "Q3"
            return None
        before, unit = kind, _RATE_UNITS.get(word)
        if unit:
            if months not in (0, unit):
                return None
            months = unit
        elif word in _RATE_COUNTS:
            counts.add(_RATE_COUNTS[word])
        elif word not in _RATE_DRESSING:
            return None
    if not months or len(counts) > 1 or _is_annualized(tokens):
        return None
    return "year_on_year" if 12 in (months, *counts) else "period_on_period"


def _is_annualized(tokens: list[Token]) -> bool:
    """Whether an "annual rate" is meant, which is no comparison with a year before."""
    words = [token.text for token in tokens if token.kind != "article"]
    return words in (["annual", "rate"], ["annual", "rates"])


def _undress(tokens: list[Token]) -> list[Token]:
    rest = [token for token in tokens if token.text not in _DRESSING]
    if len(rest) == 1 and rest[0].kind in ("back", "told"):  # "the one before", "the previous one"
        return [token for token in tokens if token in rest or token.text == "one"]
    return rest[1:] if rest and rest[0].text in _LEADING else rest


def _lacks_unit(phrase: Phrase) -> bool:
    return phrase.unit == -1 and phrase.window is None and phrase.number is None


def _date_fixed(phrase: Phrase, context: Context, words: list[str]) -> Period | None:
    """The dates of a peak or an average, where the words date it."""
    if not _AVERAGES.isdisjoint(words):
        if "since" in words:  # which has no end
            return None
        if phrase.two_years and context.country not in FISCAL_YEARS:
            return _find_years(phrase)
    year = phrase.year is not None or phrase.years is not None
    dated = year or phrase.window or phrase.edge or phrase.steps_from
    return resolve(phrase, context) if dated else None


def _find_years(phrase: Phrase) -> Period | None:
    """Both years of "2018-2019" alone, which with a part of a year would be a fiscal one."""
    if phrase.year is None or phrase.fiscal or phrase.window or phrase.unit is not None:
        return None
    return Period(date(phrase.year, 1, 1), date(phrase.year + 1, 12, 31))


def _kind_of_words(phrase: Phrase, context: Context) -> BaselineKind | None:
    """The kind of a comparison for whatever period, None where that period decides."""
    if phrase.edge or phrase.to_date:
        return "fixed_period"
    if phrase.steps_from == "exact":
        return None
    if phrase.years is not None:
        return _kind_of_length(-12 * phrase.years) if phrase.years < 0 else None
    if phrase.unit is None or phrase.unit < 0 or not phrase.steps_from:
        bare = phrase.window is None and phrase.unit is None
        return "year_on_year" if phrase.year_named and bare else None
    if phrase.steps_from == "trailing" or phrase.steps == -1:
        return _kind_of_length(phrase.unit * phrase.count)
    if phrase.steps or phrase.steps_from != "told":
        return None
    return _kind_of_same(phrase, context)


def _kind_of_length(months: int) -> BaselineKind:
    if months == 12:
        return "year_on_year"
    return "period_on_period" if months < 12 else "fixed_period"


def _kind_of_same(phrase: Phrase, context: Context) -> BaselineKind | None:
    """Take "the same period" for that of the year before, unless it names another year."""
    if phrase.year is None:
        return "year_on_year"
    here = context.year
    if here is None and context.published:
        here = context.published.year
    if here is None or phrase.year > here:
        return None
    return "year_on_year" if here - phrase.year <= (1 if context.year else 2) else "fixed_period"


def _compare(
    phrase: Phrase, period: Period, beside: Context, published: date | None
) -> Baseline | None:
    kind = _kind_of_words(phrase, beside)
    if phrase.to_date:  # the year to date is counted from a day that it does not name
        return Baseline("fixed_period", None)
    counted = (phrase.unit or 0) * phrase.count
    if kind and phrase.steps_from == "trailing" and counted == period.months:
        return implied_baseline(kind, period)  # "the two latest three-month periods"
    plain = phrase.window is None and not phrase.edge
    if kind == "year_on_year" and plain and phrase.year is None:
        return implied_baseline(kind, period)
    before = _resolve_before(phrase, period, beside, published)
    if before is None:
        return Baseline(kind, None) if kind else None
    # A year against the year before is both, and is called year on year.
    if _names(before, period.shift_years(-1), phrase, period):
        return implied_baseline("year_on_year", period)
    if _names(before, period.previous(), phrase, period):
        return implied_baseline("period_on_period", period)
    if kind == "period_on_period" and phrase.steps_from != "exact":
        return Baseline(kind, before)
    earlier = before.start < period.start or (phrase.edge and before.end < period.end)
    return Baseline("fixed_period", before) if earlier else None


def _names(before: Period, implied: Period, phrase: Phrase, period: Period) -> bool:
    """Whether the words mean the implied baseline: its dates, or the month or year around it."""
    if before == implied:
        return True
    if phrase.edge or not (before.start <= implied.start and implied.end <= before.end):
        return False
    bare_year = phrase.window is None and phrase.unit is None and before.months == 12
    return bare_year or (before.months == 1 and period.start == period.end)


def _resolve_before(
    phrase: Phrase, period: Period, beside: Context, published: date | None
) -> Period | None:
    """The dates of a baseline, seen from the period that is compared with it."""
    if phrase.left is not None and phrase.from_to:
        return resolve(phrase.left, beside)
    if published and phrase.window and phrase.years_from == "now":
        told = resolve(phrase, Context(published, beside.country))
        if told is not None and told.end < period.start:
            return told
    before = resolve(phrase, beside)
    dated = phrase.year is not None or phrase.years is not None
    if before is not None and phrase.window and not dated and before.end >= period.end:
        return before.shift_years(-1)
    return before
