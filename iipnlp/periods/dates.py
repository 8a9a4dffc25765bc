"""The dates of a parsed mention, in the light of the text around it.

Within, a month is year * 12 + 0..11.
"""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from typing import NamedTuple

from iipnlp.periods.grammar import Phrase, set_part
from iipnlp.periods.period import (
    Period,
    month_index,
    month_length,
    span_months,
)

# The first month of the fiscal year, and whether "fiscal 2024" is named for the year it starts in.
FISCAL_YEARS = {
    "IN": (4, False),
    "JP": (4, True),
    "GB": (4, False),
    "US": (10, False),
    "AU": (7, False),
    "PK": (7, False),
    "BD": (7, False),
    "EG": (7, False),
    "KE": (7, False),
    "UG": (7, False),
    "TZ": (7, False),
    "TH": (10, False),
}
FISCAL_STARTS = (4, 7, 10)  # the first months that fiscal years have where no country is known
_BEFOREHAND = timedelta(days=3)  # a day may be told of before it has come
PARTS_OF_YEAR = (3, 6)  # months of those that are numbered: "the second"
# From this day on, a release may already tell of the month that is still running (flash estimates).
FLASH_DAY = 15
# How many months after the last one told a forecast may still be out.
_OPEN_FORECAST = 3


class Context(NamedTuple):
    """What a mention may lean on."""

    published: date | None = None
    country: str | None = None
    reference: Period | None = None
    year: int | None = None
    ahead: bool = False
    fiscal_year_start: int | None = None


def resolve(phrase: Phrase, context: Context) -> Period | None:
    """The dates of a parsed mention in its context, None where they are not settled."""
    if phrase.left is not None:
        return _resolve_ends(phrase.left, phrase, context)
    period = _resolve_side(phrase, context)
    if period is None or not phrase.trailing:
        return period
    last = month_index(period.end)
    return span_months(last - phrase.trailing + 1, last)


def _resolve_ends(left: Phrase, right: Phrase, context: Context) -> Period | None:
    """A range of which an end is dated for itself; the other leans on that."""
    if left.year is None and left.years is None:
        last = _resolve_side(right, context)
        first = last and _resolve_side(left, Context(reference=last, country=context.country))
    else:
        first = _resolve_side(left, context)
        dated = right.year is not None or right.years is not None
        near = context if dated else Context(reference=first, ahead=True, country=context.country)
        last = first and _resolve_side(right, near)
    if first is None or last is None or last.end <= first.start:
        return None
    whole = Period(first.start, last.end)
    # "Between January 2015 and December 2017 it climbed 7%" tells of its end.
    return last if right.from_to and (whole.months or 0) > 12 else whole


def _resolve_side(phrase: Phrase, context: Context) -> Period | None:
    if phrase.figures:
        phrase = _settle_figures(phrase, context)
    if phrase.number is not None:
        return _resolve_ellipsis(phrase, context)
    if phrase.numeric_day:
        return _resolve_numeric_day(phrase.numeric_day, context)
    if phrase.to_date:
        return _resolve_to_date(phrase, context)
    if phrase.rest:
        return _resolve_rest(phrase, context)
    period = _resolve_whole(phrase, context)
    if period is None or not phrase.edge:
        return period
    day = period.start if phrase.edge < 0 else period.end
    return Period(day, day)


def _settle_figures(phrase: Phrase, context: Context) -> Phrase:
    """Take the figures of "Mar 21" for a day where the text says so, or was published before."""
    published = context.published
    is_past = published is None or phrase.figures + 2000 <= published.year + context.ahead
    if is_past and not phrase.on_day:
        return phrase
    dated = copy(phrase)
    dated.year, dated.day = None, phrase.figures
    return dated


def _resolve_ellipsis(phrase: Phrase, context: Context) -> Period | None:
    """Date "the second" beside the third quarter, "the previous three" beside three months."""
    reference, number = context.reference, phrase.number
    length = reference.months if reference else None
    if reference is None or phrase.window or phrase.amount:
        return None
    if phrase.lacks_unit and not phrase.unit and length in PARTS_OF_YEAR:
        part = Phrase()
        part.year = phrase.year
        return _resolve_whole(part, context) if set_part(part, length, number or 0) else None
    is_moved = phrase.steps and phrase.steps_from == "told" and phrase.unit == -1
    if not is_moved or number not in (1, length):
        return None
    return reference.previous() if phrase.steps < 0 else reference.following()


def _resolve_numeric_day(text: str, context: Context) -> Period | None:
    """A day in figures; "01/11/2025" and "1/11" need a country to tell day from month."""
    first, second, *year = (int(part) for part in text.split("-"))
    if not year:
        return _resolve_day_and_month(first, second, context)
    third = year[0]
    if first > 31:
        return _point(first, second, third)
    us = context.country == "US"
    if first > 12 or first == second or (second <= 12 and context.country and not us):
        return _point(third, second, first)
    return _point(third, first, second) if second > 12 or us else None


def _resolve_day_and_month(first: int, second: int, context: Context) -> Period | None:
    day, month = (second, first) if context.country == "US" else (first, second)
    if context.country is None or not (0 < day <= 31 and 0 < month <= 12):
        return None
    index = _nearest_month(month - 1, day, context)
    return None if index is None else _point(index // 12, month, day)


def _point(year: int, month: int, day: int) -> Period | None:
    if not (1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        return None
    return Period(date(year, month, day), date(year, month, day))


def _resolve_to_date(phrase: Phrase, context: Context) -> Period | None:
    reference = _resolve_whole(phrase, context) if phrase.window else context.reference
    names_other = phrase.unit is not None or phrase.day or (phrase.window and not phrase.ytd)
    if reference is None or names_other:
        return None
    if phrase.year is not None and not phrase.window:
        reference = reference.in_year(phrase.year)
    last, limit = month_index(reference.end), _limit(0, context)
    start = _fiscal_start(context) if phrase.fiscal else 1
    if limit is not None and last > limit and phrase.year is None:
        return None
    return None if start is None else span_months(last - (last - start + 1) % 12, last)


def _resolve_rest(phrase: Phrase, context: Context) -> Period | None:
    """The months from the last one told to the end of a year, quarter or half.

    Where their number is named, they are the last ones, and none of them has been told.
    """
    reference, length = context.reference, phrase.unit or 12
    is_part = phrase.unit is not None and (phrase.names_year or phrase.unit == 1 or phrase.amount)
    if phrase.window or phrase.steps_from or phrase.amount > 11 or is_part:
        return None
    start = _year_start(phrase, context) if phrase.names_year else None
    if start is None and reference is not None:
        start = month_index(_block(reference, length).start)
    if start is None:
        return None
    last = start + length - 1
    told = month_index(reference.end) if reference else last
    if phrase.amount:
        first = last - phrase.amount + 1
        return span_months(first, last) if reference is None or told < first else None
    return span_months(told + 1, last) if start <= told < last else None


def _resolve_whole(phrase: Phrase, context: Context) -> Period | None:
    window, reference = _window_of(phrase), context.reference
    if not phrase.window and not phrase.names_year and phrase.amount:
        if reference and reference.months == phrase.amount > 1:  # "in the three months"
            return reference
        if reference and phrase.amount == 12 and phrase.plural:  # "in twelve months"
            last = month_index(reference.end)
            return span_months(last - 11, last)
    if window is not None:
        return _resolve_window(phrase, window, context)
    if phrase.amount:
        return None
    if phrase.unit is not None:
        return _resolve_unit(phrase, context)
    return _resolve_year(phrase, context)


def _window_of(phrase: Phrase) -> tuple[int, int] | None:
    """The months within a year that a mention names, also where only the year makes them such."""
    if phrase.window:
        return phrase.window if phrase.amount in (0, phrase.window[1]) else None
    in_year = phrase.names_year
    if phrase.cumulative or (phrase.amount and in_year and phrase.amount <= 12):
        return 0, phrase.amount
    length = (phrase.unit or 0) * phrase.count
    if in_year and phrase.steps == -1 and phrase.steps_from == "now" and 0 < length < 12:
        return 12 - length, length  # "the last quarter of 2024"
    return None


def _resolve_window(phrase: Phrase, window: tuple[int, int], context: Context) -> Period | None:
    first, length = window
    ordinal = phrase.ordinal or phrase.window is None
    if ordinal and (phrase.fiscal or phrase.double_year):
        start = _fiscal_start(context)
        if start is None:
            return None
        first = (first + start - 1) % 12
    last = _last_month(phrase, first, length, context)
    if last is None:
        return None
    if phrase.day:
        return _point(last // 12, last % 12 + 1, phrase.day) if length == 1 else None
    return span_months(last - length + 1, last)


def _last_month(phrase: Phrase, first: int, length: int, context: Context) -> int | None:
    """The month with which the window ends, placed by its year or else by the context."""
    month = (first + length - 1) % 12
    if phrase.unit == -1:
        return _last_month_beside(phrase, month, context)
    if phrase.year is None and phrase.years is None:
        return _nearest_month(month, phrase.day, context)
    start = _year_start(phrase, context)
    if start is None:
        return (
            _agreed_month(phrase.year, first, length)
            if phrase.double_year and phrase.year
            else None
        )
    last = start + (month - start) % 12
    if phrase.years_from != "now" or context.ahead:
        return last
    # "The first 11 months of this year" of a text published in January lie in the year before.
    limit = _limit(phrase.day, context)
    if limit is not None and last > limit:
        last -= 12
    reference = context.reference
    repeats = (
        reference is not None and month_index(reference.end) == last and reference.months == length
    )
    return last - 12 if repeats and phrase.years else last


def _last_month_beside(phrase: Phrase, month: int, context: Context) -> int | None:
    """Place "last December", "the previous December" on one side of where the text stands."""
    here = _standpoint(phrase.steps_from, context)
    if here is None:
        return None
    if phrase.steps < 0:
        return here - 1 - (here - 1 - month) % 12
    return (
        _nearest_month(month, 0, context)
        if phrase.steps == 0
        else here + 1 + (month - here - 1) % 12
    )


def _standpoint(base: str, context: Context) -> int | None:
    """The month from which "last" (published) or "previous" (what the text speaks of) counts."""
    told = context.reference.end if context.reference else None
    days = (context.published, told) if base == "now" else (told, context.published)
    for day in days:
        if day is not None:
            return month_index(day)
    return None if context.year is None else context.year * 12


def _limit(day: int, context: Context) -> int | None:
    """The last month of which a text published then may tell."""
    published = context.published
    if published is None:
        return None
    if not day:
        return month_index(published) - (published.day < FLASH_DAY)
    latest = min(published, date.max - _BEFOREHAND) + _BEFOREHAND  # "as of 30 June" on 29 June
    return month_index(latest) - (latest.day < day)


def _nearest_month(month: int, day: int, context: Context) -> int | None:
    """The month of that name that a text without its year must mean."""
    limit, reference = _limit(day, context), context.reference
    if context.published is not None and context.ahead:
        here = _first_open(month_index(context.published), reference)
        return here + (month - here) % 12
    if limit is None and reference is not None:
        limit = month_index(reference.end)
        if context.ahead:
            return limit + 1 + (month - limit - 1) % 12
    if limit is None:
        return None if context.year is None else context.year * 12 + month
    return limit - (limit - month) % 12


def _first_open(here: int, reference: Period | None) -> int:
    """The first month that a forecast made `here` may mean: the one told of may be forecast too."""
    told = here if reference is None else month_index(reference.end)
    # Nothing is out yet of the month just past, and of the one before only in the first offices.
    return told if here - _OPEN_FORECAST <= told < here else here - 2


def _fiscal_start(context: Context) -> int | None:
    if context.fiscal_year_start is not None:
        return context.fiscal_year_start
    start, _ = FISCAL_YEARS.get(context.country or "", (None, False))
    return start


def _year_start(phrase: Phrase, context: Context) -> int | None:
    """The first month of the year that a mention names, calendar or fiscal."""
    fiscal = phrase.fiscal or phrase.double_year
    start = _fiscal_start(context) if fiscal else 1
    if start is None:
        return None
    if phrase.year is not None:
        named_for_start = (
            phrase.double_year or FISCAL_YEARS.get(context.country or "", (1, start == 1))[1]
        )
        return (phrase.year - (fiscal and start != 1 and not named_for_start)) * 12 + start - 1
    here = _standpoint(phrase.years_from, context)
    if here is None:
        return None
    return here - (here - start + 1) % 12 + 12 * (phrase.years or 0)


def _agreed_month(year: int, first: int, length: int) -> int | None:
    """The last month of a window in "2016-17", where all fiscal years that can hold it agree."""
    held = set()
    for start in FISCAL_STARTS:
        offset = (first - start + 1) % 12
        if offset + length <= 12:
            held.add(year * 12 + start - 1 + offset + length - 1)
    return held.pop() if len(held) == 1 else None


def _resolve_unit(phrase: Phrase, context: Context) -> Period | None:
    """Date "the month", "the previous quarter", "the past three months", "the same period"."""
    length = (phrase.unit or 0) * phrase.count
    if length < 0:
        return None
    # "This month" is the one that the text speaks of; in a forecast, the one of its day.
    is_told = phrase.steps == 0 and not context.ahead and _is_current(context.reference)
    counts = phrase.steps_from == "now" and length and phrase.count == 1
    if counts and context.published and not is_told:
        block = _block(span_months(*[month_index(context.published)] * 2), length)
        return block.shift_months(phrase.steps * length)
    if context.reference is None:
        return None
    moved = _move(phrase, length, context.reference)
    if moved is None or phrase.steps:
        return moved
    return _in_year_of(phrase, moved, context)


def _is_current(reference: Period | None) -> bool:
    """Whether a text that spoke of a period may mean its last month: it is no day and no year."""
    return reference is not None and reference.months is not None and reference.months < 12


def _move(phrase: Phrase, length: int, reference: Period) -> Period | None:
    """The reference, or the block of that many months at its end, moved as the mention says."""
    trailing = phrase.steps_from == "trailing" or (phrase.steps_from == "now" and phrase.count > 1)
    if trailing and length:
        last = month_index(reference.end)
        return span_months(last - length + 1, last) if phrase.steps <= 0 else None
    if phrase.steps_from == "exact" and reference.months == 1:
        return reference.shift_months(phrase.steps * length)
    if phrase.count > 1 and phrase.steps == 0 and reference.months != length:
        return None  # "the same eight months", which the reference is not
    if not length and phrase.steps:
        return reference.previous() if phrase.steps < 0 else reference.following()
    if phrase.count > 1 and phrase.steps == -1 and reference.months != length:
        first = month_index(reference.start)
        return span_months(first - length, first - 1)
    return _block(reference, length).shift_months(phrase.steps * length)


def _block(reference: Period, length: int) -> Period:
    """The month, quarter, half or year with the reference's end; itself if a point or as long."""
    if reference.start == reference.end or reference.months == length:
        return reference
    if not length:
        return reference
    last = month_index(reference.end)
    first = last - last % length if length in (1, 3, 6, 12) else last - length + 1
    return span_months(first, first + length - 1)


def _in_year_of(phrase: Phrase, period: Period, context: Context) -> Period | None:
    if phrase.years is not None:
        return period.shift_years(phrase.years)
    if phrase.year is None:
        return period
    if not (phrase.fiscal or phrase.double_year):
        return period.in_year(phrase.year)
    start, last = _year_start(phrase, context), month_index(period.end)
    return None if start is None else period.shift_months(start + (last - start) % 12 - last)


def _resolve_year(phrase: Phrase, context: Context) -> Period | None:
    reference = context.reference
    if phrase.last_year is not None and phrase.year is not None:
        return span_months(phrase.year * 12, phrase.last_year * 12 + 11)
    if phrase.years_from == "exact":
        return reference and reference.shift_years(phrase.years or 0)
    if phrase.year is None and phrase.years_from != "now" and reference and reference.months == 12:
        return reference.shift_years(phrase.years or 0)
    if phrase.year is None and phrase.years is None and not _is_settled_year(phrase, context):
        return None
    start = _year_start(phrase, context)
    if start is None:
        return None
    settled = phrase.fiscal or phrase.full or context.ahead
    last = None if settled else _last_told(phrase, start, context)
    return span_months(start, start + 11 if last is None else last)


def _last_told(phrase: Phrase, start: int, context: Context) -> int | None:
    """The last month of "the year" of which a text tells while that year is still running."""
    limit, reference = _limit(0, context), context.reference
    if not phrase.year_named or limit is None or reference is None:
        return None
    told = month_index(reference.end)
    return told if start <= told <= limit < start + 11 else None


def _is_settled_year(phrase: Phrase, context: Context) -> bool:
    """Whether "the year" is known: from what the text speaks of, in a forecast from its day."""
    known = context.reference or context.year is not None or (context.ahead and context.published)
    return phrase.year_named and bool(known)
