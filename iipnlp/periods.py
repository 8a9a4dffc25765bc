"""Reads the mention of a period ("the first 11 months of 2025") into its dates.

A mention is tokenised with one lexicon, parsed into a `Phrase` (what the words say, undated) and
resolved against a `Context` (what the text around it says). Within, a month is year * 12 + 0..11.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

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
}
_BEFOREHAND = timedelta(days=3)  # a day may be told of before it has come
# From this day on, a release may already tell of the month that is still running (flash estimates).
FLASH_DAY = 15
LONGEST_MENTION = 160
YEARS = range(1800, 2201)  # that releases may speak of
# How many months after the last one told a forecast may still be out.
_OPEN_FORECAST = 3
_ON_DAY = ("on ", "as ")  # "as of Mar 21" is a day, "Mar 21" a year


# --- The value ------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The days from `start` to `end`, both included; a point in time has both the same."""

    start: date
    end: date

    @property
    def months(self) -> int | None:
        """The number of whole calendar months, None where it is not whole."""
        if self.start.day != 1 or not _is_month_end(self.end):
            return None
        return _month_index(self.end) - _month_index(self.start) + 1

    def shift_months(self, months: int) -> Period:
        """The period so many months later; what ends with a month still does."""
        start = _shift_day(self.start, months)
        return Period(start, start if self.start == self.end else _shift_day(self.end, months))

    def shift_years(self, years: int) -> Period:
        """The same months, or the same day, so many years later."""
        return self.shift_months(12 * years)

    def previous(self) -> Period:
        """The period of the same length just before; for a point, the same day a month before."""
        return self._step(-1)

    def following(self) -> Period:
        """The period of the same length just after; for a point, the same day a month later."""
        return self._step(1)

    def in_year(self, year: int) -> Period:
        """The same months, ending in that year."""
        return self.shift_years(year - self.end.year)

    def to_sdmx(self) -> str:
        """The SDMX time period: "2025-11", "2025-Q3", "2025-S1", "2025", "2025-01-01/P11M"."""
        months, year = self.months, f"{self.start.year:04d}"
        if self.start == self.end:
            return self.start.isoformat()
        if months is None:
            return f"{self.start.isoformat()}/P{(self.end - self.start).days + 1}D"
        number, rest = divmod(self.start.month - 1, months)
        if months not in _SDMX_FORMS or rest:
            return f"{self.start.isoformat()}/P{months}M"
        return year + _SDMX_FORMS[months].format(number + 1)

    @classmethod
    def from_sdmx(cls, text: str) -> Period:
        """The period that `to_sdmx` wrote so; ValueError for anything else."""
        found = _SDMX.fullmatch(text)
        if found is None:
            raise ValueError(f"not an SDMX time period: {text!r}; write '2025-11' or '2025-Q3'")
        year, letter, number, month, day, count, unit = found.groups()
        start = date(int(year), int(month or 1), int(day or 1))
        if unit == "D":
            return cls(start, start + timedelta(days=int(count) - 1))
        if day and not unit:
            return cls(start, start)
        length = int(count) if unit else {"Q": 3, "S": 6, None: 1 if month else 12}[letter]
        first = _month_index(start) + (int(number or 1) - 1) * length
        return cls(_first_day(first), _last_day(first + length - 1))

    def _step(self, steps: int) -> Period:
        """The period so many of its own lengths later."""
        if self.start == self.end:
            return self.shift_months(steps)
        months = self.months
        if months is not None:
            return self.shift_months(steps * months)
        days = timedelta(days=steps * ((self.end - self.start).days + 1))
        return Period(self.start + days, self.end + days)


_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SDMX_FORMS = {1: "-{:02d}", 3: "-Q{}", 6: "-S{}", 12: ""}
_SDMX = re.compile(
    r"(\d{4})(?:-([QS])([1-4])|-(\d\d)(?:-(\d\d)(?:/P(\d{1,5})([MD]))?)?)?", re.ASCII
)


def _month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _month_length(year: int, month: int) -> int:
    # Three times as fast as calendar.monthrange, which also finds the weekday.
    return 29 if month == 2 and calendar.isleap(year) else _MONTH_LENGTHS[month - 1]


def _last_day(index: int) -> date:
    year, month = divmod(index, 12)
    return date(year, month + 1, _month_length(year, month + 1))


def _is_month_end(day: date) -> bool:
    return day.day == _month_length(day.year, day.month)


def _shift_day(day: date, months: int) -> date:
    year, month = divmod(_month_index(day) + months, 12)
    length = _month_length(year, month + 1)
    return date(year, month + 1, length if _is_month_end(day) else min(day.day, length))


def _span(first: int, last: int) -> Period:
    return Period(_first_day(first), _last_day(last))


class Context(NamedTuple):
    """What a mention may lean on."""

    published: date | None = None
    country: str | None = None
    reference: Period | None = None
    year: int | None = None
    ahead: bool = False
    fiscal_year_start: int | None = None
    on_day: bool = False


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
    phrase = parse_phrase(tokenize(text))
    if phrase is None:
        return None
    on_day = text.lstrip()[:3].lower() in _ON_DAY
    return resolve(
        phrase, Context(published, country, reference, year, ahead, fiscal_year_start, on_day)
    )


# --- The words ------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A word by its kind and value in the grammar; one of the kind "unknown" stops the reading."""

    kind: str
    value: int
    text: str


_MONTHS = "january february march april may june july august september october november december"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii"

# Kind, value and the words. A unit's value is its months, a relation's value the units to move by:
# "now" counts from the day of publication, "told" from the period of which the text speaks.
_LEXICON: tuple[tuple[str, int, str], ...] = (
    ("month", 8, "sept"),
    ("ordinal", 1, "opening initial"),
    ("ordinal", -1, "final closing"),
    ("suffix", 0, "st nd rd th"),
    ("article", 1, "a an"),
    ("unit", 0, "period periods term time point stretch span moment interval stage spell part"),
    ("unit", 1, "month mth"),
    ("units", 1, "months mths mos"),
    ("unit", 3, "quarter qtr trimester"),
    ("units", 3, "quarters qtrs trimesters"),
    ("unit", 6, "half semester"),
    ("units", 6, "halves semesters"),
    ("unit", 12, "year yr"),
    ("units", 12, "years yrs"),
    ("letter", 1, "m"),
    ("letter", 3, "q"),
    ("letter", 6, "h"),
    ("now", -1, "last"),
    ("now", 0, "this current ongoing present"),
    ("now", 1, "next coming upcoming"),
    ("told", -1, "previous prev preceding prior foregoing"),
    ("told", 0, "same that those these corresponding like comparable equivalent identical similar"),
    ("told", 1, "following subsequent"),
    ("trailing", 0, "past latest recent"),
    ("back", -1, "before earlier ago previously back"),
    ("back", 1, "later after"),
    ("range", 0, "to through thru till until / and &"),
    ("dash", 0, "- – — − ‑ ‐"),
    ("over", 0, "over"),
    ("between", 0, "between from"),
    ("since", 0, "since"),
    ("ended", 0, "ended ending ends finished"),
    ("average", 0, "average"),
    ("edge", -1, "beginning start"),
    ("edge", 1, "end close"),
    ("fiscal", 0, "fiscal financial fy"),
    ("to_date", 0, "date day far ytd"),
    ("whole", 0, "whole entire full"),
    ("noise", 0, "immediately directly : ;"),
    ("noise", 0, "the of in during for on at as by within throughout just so up s its most each"),
    ("noise", 0, "preliminary provisional estimated p cumulative accumulated accumulative"),
    ("noise", 0, "all calendar combined alone itself mark moving rolling which"),
    ("noise", 0, "review reviewed reporting reference under"),
)


def _lexicon() -> Iterator[Token]:
    for kind, value, words in _LEXICON:
        yield from (Token(kind, value, word) for word in words.split())
    for index, name in enumerate(_MONTHS.split()):
        yield from (Token("month", index, word) for word in (name, name[:3]))
    for kind, first, words in (
        ("number", 1, _NUMBERS),
        ("number", 1, _ROMAN),
        ("ordinal", 1, _ORDINALS),
    ):
        yield from (Token(kind, number, word) for number, word in enumerate(words.split(), first))


_WORDS = {token.text: token for token in _lexicon()}
# "QIII" and "IIIQ" are the letter of the quarter and its number in one word.
_WORDS |= {
    word: Token("part", 3, str(number))
    for number, roman in enumerate(_ROMAN.split()[:4], 1)
    for word in (f"q{roman}", f"{roman}q")
}
_ROMANS = frozenset(_ROMAN.split())
_FULL_MONTHS = frozenset(_MONTHS.split())
_NOISE = frozenset(token.text for token in _WORDS.values() if token.kind == "noise")
_DASHES = frozenset(token.text for token in _WORDS.values() if token.kind == "dash")
_END = Token("end_of_text", 0, "")
_DASH = Token("range", 0, "-")
_START = ("edge", -1)
_DATED = ("month", "number", "letter", "ordinal", "part", "year_month", "double_year")
_PIECE = re.compile(
    r"\d+s\b|[hqm](?=fy)|(?<![hqm])\d+(?:[-–/.]\d+)+|['’]\d\d\b|\d+|[^\W\d_]+|[^\w\s,.'’‘()\[\]]"
)
_SEPARATOR = re.compile(r"[-–/.]")


def tokenize(text: str) -> list[Token]:
    """The words and numbers of a phrase, without those that mean nothing to the grammar."""
    if len(text) > LONGEST_MENTION:
        return [Token("unknown", 0, "")]
    pieces = [piece for piece in _PIECE.findall(text.lower()) if piece not in _NOISE]
    tokens = [_WORDS.get(piece) or _make_token(piece) for piece in pieces]
    if len(tokens) > 2:  # "the first full month", "a full year earlier"
        tokens[1:-1] = [token for token in tokens[1:-1] if token.kind != "whole"]
    return tokens if _DASHES.isdisjoint(pieces) else _weigh_dashes(tokens)


def _weigh_dashes(tokens: list[Token]) -> list[Token]:
    """A dash between two dates is a range, any other ("three-month") nothing."""
    weighed = []
    for i, token in enumerate(tokens):
        if token.kind != "dash":
            weighed.append(token)
        elif all(
            near.kind in _DATED for near in (*tokens[max(i - 1, 0) : i], *tokens[i + 1 : i + 2])
        ):
            weighed.append(_DASH)
    return weighed


def _make_token(piece: str) -> Token:
    if piece.isascii() and piece.isdigit():
        return Token("number", int(piece), piece) if len(piece) <= 4 else Token("unknown", 0, piece)
    if piece[0] in "'’":
        return (
            Token("number", _full_year(int(piece[1:])), piece)
            if piece.isascii()
            else _make_token("'" + piece[1:])
        )
    if piece[0].isdigit() and piece.replace("–", "-").isascii():
        return _numeric_token(piece)
    return Token("unknown", 0, piece)


def _full_year(number: int) -> int:
    return number + (2000 if number < 50 else 1900)


def _numeric_token(text: str) -> Token:
    """Figures joined by dashes, slashes or points: a fiscal year, years, a month, a day."""
    parts, separators = _SEPARATOR.split(text), set(_SEPARATOR.findall(text))
    lengths, text = [len(part) for part in parts], "-".join(parts)
    if len(separators) > 1:
        return Token("unknown", 0, text)
    if len(parts) == 3 and sorted(lengths)[-1] == 4 and sorted(lengths)[-2] <= 2:
        return Token("day", 0, text)
    if separators == {"/"} and len(parts) == 2 and max(lengths) <= 2:
        return Token("day", 0, text)
    if len(parts) != 2 or max(lengths) != 4:
        return Token("unknown", 0, text)
    first, second = int(parts[0]), int(parts[1])
    if lengths[0] < 4:
        return (
            Token("year_month", second * 12 + first - 1, text)
            if 0 < first <= 12
            else Token("unknown", 0, text)
        )
    return _years_token(first, second, lengths[1], text)


def _years_token(first: int, second: int, digits: int, text: str) -> Token:
    last = second if digits == 4 else first - first % 100 + second
    if last % 100 == (first + 1) % 100:
        return Token("double_year", first, text)
    if digits == 2 and 0 < second <= 12:
        return Token("year_month", first * 12 + second - 1, text)
    return Token("years", first * 10000 + last, text) if last > first else Token("unknown", 0, text)


# --- The grammar ----------------------------------------------------------------------------------


class Phrase:
    """What the words of a mention say, before any date is put to it."""

    # Defaults of the class, not of a dataclass: setting all of them anew takes as long as parsing.
    window: tuple[int, int] | None = None  # its first month and length within a year of twelve
    ordinal: bool = False  # the window is counted from the start of the year ("first quarter")
    amount: int = 0  # months counted without a place ("three months")
    plural: bool = False  # the amount is in the plural ("11 months")
    cumulative: bool = False  # and may count from January
    day: int = 0
    figures: int = 0  # the two of "Mar 21", taken for a year, that may yet be a day
    numeric_day: str = ""  # a day in figures, whose order depends on the country
    edge: int = 0  # the beginning (-1) or the end (1) of what the rest says
    year: int | None = None
    last_year: int | None = None  # the last of several years
    double_year: bool = False
    year_named: bool = False  # "the year", whichever
    years: int | None = None  # moved by so many years ("last year")
    years_from: str = (
        ""  # "now", "told", "trailing" as in the lexicon, "exact" for "a year earlier"
    )
    unit: int | None = None  # in months, 0 for "the period", -1 for the window ("last December")
    count: int = 1
    steps: int = 0
    steps_from: str = ""  # like years_from; empty for a bare "the month"
    fiscal: bool = False
    to_date: bool = False
    whole: bool = False  # "the full year", also while it is running
    number: int | None = None  # a number that only the other end of a range can explain
    trailing: int = 0  # the months that end with what the rest says ("three months to June")
    left: Phrase | None = None  # the first end of a range, of which this is the last
    from_to: bool = False  # "between ... and ..."


_Handler = Callable[[list[Token], int, Phrase], int]
_FAILED = -1
_FOURTH_QUARTER = (9, 3)
_UNITS = ("unit", "units")
_LINKS = ("range", "over", "ended")


def parse_phrase(tokens: list[Token]) -> Phrase | None:
    """What the tokens say, None where they are not, or not only, a mention of a period."""
    if _has_lead(tokens):
        tokens = tokens[1:]
    if len(tokens) > 2 and tokens[0].kind in ("between", "since") and tokens[1][:2] == _START:
        since = _since_start(tokens[2:])
        if since is not None:
            return since
    for i, token in enumerate(tokens):
        if token.kind in _LINKS:
            if _ties_year(tokens, i):
                return parse_phrase(tokens[:i] + tokens[i + 1 :])
            left, right = _parse_side(_without_pronoun(tokens[:i])), _parse_side(tokens[i + 1 :])
            if left is None or right is None:
                return None
            right.from_to = tokens[0].kind == "between"
            return _join(left, right, token)
    return _parse_side(tokens)


def _without_pronoun(tokens: list[Token]) -> list[Token]:
    """The tokens without the "that" of "the year that ended in March"."""
    return tokens[:-1] if len(tokens) > 1 and tokens[-1].text == "that" else tokens


def _since_start(year: list[Token]) -> Phrase | None:
    """Take "since the beginning of the year" for the year to date."""
    phrase = _parse_side(year)
    if phrase is None or not _names_year(phrase):
        return None
    phrase.to_date = True
    return phrase


def _has_lead(tokens: list[Token]) -> bool:
    """Whether a first word only leads: "over the past year", "until the end of November"."""
    if len(tokens) < 2:
        return False
    return tokens[0].kind == "over" or (tokens[0].kind == "range" and tokens[1].kind == "edge")


def _ties_year(tokens: list[Token], i: int) -> bool:
    """Whether the slash or dash at `i` only ties a year: "11 months/2025", "2025-Q4"."""
    if tokens[i].text not in "-/" or not 0 < i < len(tokens) - 1:
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    if i == 1 and _is_year(before):
        return after.kind in ("letter", "part")
    return i == len(tokens) - 2 and _is_year(after) and not _is_year(before)


def _is_year(token: Token) -> bool:
    return token.kind == "number" and token.value >= 1000


def _join(left: Phrase, right: Phrase, link: Token) -> Phrase | None:
    """One mention for two that a word like "to" links."""
    if link.kind == "over" or left.window == right.window == _FOURTH_QUARTER:
        return _join_over(left, right)
    if right.to_date:
        return _join_to_date(left, right)
    if left.edge < 0 and left.year_named and right.window:  # "from the start of the year to July"
        left.window, left.edge, left.year_named, right.edge = (0, 1), 0, False, 0
    length = _length_before(left, link.kind)
    if length > 0:
        right.trailing = length
        return right
    joined = _join_year(left, right) or _join_windows(left, right)
    if joined is None and (right.window or right.from_to or link.text != "and"):
        return _join_dated(left, right)
    return joined


def _join_over(left: Phrase, right: Phrase) -> Phrase | None:
    """Take "fourth quarter over fourth quarter" for the year."""
    if not left.window == right.window == _FOURTH_QUARTER:
        return None
    dated = right if right.year is not None or right.years is not None else left
    dated.window, dated.year_named = None, True
    return dated


def _join_to_date(left: Phrase, right: Phrase) -> Phrase | None:
    if left.window or left.unit is not None or left.amount:
        return None
    left.to_date = True
    return left


def _length_before(left: Phrase, link: str) -> int:
    """The months of "the three months" and the like, which the end that follows puts in place."""
    if left.window:
        return left.window[1] if link == "ended" else 0
    if left.year is not None or left.years is not None:
        return 0
    return left.amount or (left.unit or 0) * left.count or (12 if left.year_named else 0)


def _join_year(left: Phrase, right: Phrase) -> Phrase | None:
    """What a dash or slash ties to its year: "Q3/2025", "Nov-23", "FY2023-24"."""
    if right.window or right.unit is not None or right.amount or right.edge:
        return None
    if right.number is None:
        if left.window is None or left.year is not None or right.year is None:
            return None
        left.year, left.double_year, left.fiscal = (
            right.year,
            right.double_year,
            left.fiscal or right.fiscal,
        )
        return left
    if left.year is None:
        return left if left.window and _set_year(left, _full_year(right.number)) else None
    left.double_year = not left.window and right.number == (left.year + 1) % 100
    return left if left.double_year else None


def _join_windows(left: Phrase, right: Phrase) -> Phrase | None:
    """Join "January to November 2025", "the first to the third quarter": one year for both ends."""
    if (
        right.window is None
        or left.year is not None
        or left.years is not None
        or left.day
        or right.day
    ):
        return None
    if left.number is not None and right.ordinal and left.window is None:
        _parse_part(left, right.window[1], left.number)
    if left.window is None:
        return None
    if left.ordinal != right.ordinal:
        return _join_restated(left, right)
    first, last = left.window[0], sum(right.window) - 1
    length = (last - first) % 12 + 1
    if left.amount not in (0, length) or (right.ordinal and length < left.window[1]):
        return None
    right.window = first, length
    return right


def _join_restated(left: Phrase, right: Phrase) -> Phrase | None:
    """Join "quarter 2 (April-June) 2013", whose months only restate the quarter."""
    if not left.window or not right.window or not left.ordinal or right.window[1] > 1:
        return None
    if sum(left.window) != sum(right.window):
        return None
    right.window, right.ordinal = left.window, True
    return right


def _join_dated(left: Phrase, right: Phrase) -> Phrase | None:
    # Without a year of its own, a first end is a day: "from 1 January to 15 December 2025".
    if left.year is None and left.years is None and not left.day:
        return None
    left.amount = 0  # "the three months February 2012 to April 2012"
    right.left = left
    return right


def _parse_side(tokens: list[Token]) -> Phrase | None:
    if not tokens:
        return None
    tokens = [*tokens, _END, _END, _END]
    phrase, i = Phrase(), 0
    while tokens[i] is not _END:
        handler = _HANDLERS.get(tokens[i].kind)
        i = handler(tokens, i, phrase) if handler else _FAILED
        if i == _FAILED:
            return None
    return phrase


def _set_window(phrase: Phrase, first: int, length: int, ordinal: bool) -> bool:
    if not 1 <= length <= 12 or (ordinal and not 0 <= first <= 12 - length):
        return False
    if phrase.window:
        return phrase.ordinal and phrase.window == (first, length)  # "the third quarter (Q3)"
    phrase.window, phrase.ordinal = (first % 12, length), ordinal
    return True


def _parse_part(phrase: Phrase, unit: int, number: int) -> bool:
    """The so-many-th quarter, half or month of a year, -1 for its last."""
    if unit not in (1, 3, 6):
        return False
    return _set_window(phrase, 12 - unit if number < 0 else (number - 1) * unit, unit, True)


def _parse_month(tokens: list[Token], i: int, phrase: Phrase) -> int:
    token, following = tokens[i], tokens[i + 1]
    if phrase.ordinal and phrase.window and token.value == phrase.window[0]:
        return i + 1  # "quarter 2 (April-June)"
    if phrase.ordinal and phrase.window and not phrase.amount and phrase.window[1] > 1:
        # "The first five months (July-November)" of a year that starts in July.
        phrase.amount, phrase.window, phrase.ordinal = phrase.window[1], None, False
    if not (_set_window(phrase, token.value, 1, False) or _add_month(phrase, token.value)):
        return _FAILED
    day = following.value
    if following.kind != "number" or len(following.text) > 2 or not 0 < day <= 31 or phrase.day:
        return i + 1
    has_suffix, is_dated = tokens[i + 2].kind == "suffix", _is_year(tokens[i + 2])
    if has_suffix or is_dated or token.text in _FULL_MONTHS or not _has_two_figures(following):
        phrase.day = day
        return i + 2 + has_suffix
    phrase.figures = day
    return i + 2 if _set_year(phrase, _full_year(day)) else _FAILED


def _add_month(phrase: Phrase, month: int) -> bool:
    """Take the next month of a list, "August" of "July, August and September"."""
    if phrase.window is None or phrase.ordinal or phrase.day or phrase.unit is not None:
        return False
    first, length = phrase.window
    phrase.window = first, length + 1
    return length < 12 and month == (first + length) % 12


def _has_two_figures(token: Token) -> bool:
    return len(token.text) == 2 and token.text.isdigit()


def _parse_number(tokens: list[Token], i: int, phrase: Phrase) -> int:
    number, following = tokens[i].value, tokens[i + 1]
    if number >= 1000:
        return i + 1 if _take_year(phrase, number) else _FAILED
    if following.kind == "suffix":
        return _parse_nth(tokens, i + 2, phrase, number)
    is_roman = tokens[i].text in _ROMANS
    if following.kind == "unit" and (is_roman or (following.value == 3 and number > 1)):
        return i + 2 if _parse_part(phrase, following.value, number) else _FAILED  # "II quarter"
    if is_roman and (phrase.day or _is_year(following)):
        return i + 1 if _set_window(phrase, number - 1, 1, False) else _FAILED  # "XI 2025"
    if following.text in _ROMANS and 0 < number <= 31 and not is_roman:
        phrase.day = number  # "30.XI 2025"
        return i + 1
    if following.kind == "back":
        return i + 2 if _set_before(phrase, number, following) else _FAILED
    if following.kind in _UNITS:
        return _parse_count(tokens, i + 1, phrase, number)
    if following.kind == "letter":
        unit = following.value  # "9M" is nine months, "3Q" the third quarter
        done = (
            _set_window(phrase, 0, number, True) if unit == 1 else _parse_part(phrase, unit, number)
        )
        return i + 2 if done else _FAILED
    if following.kind == "month" and 0 < number <= 31:
        phrase.day = number
        return i + 1
    return i + 1 if _take_number(tokens[i], phrase) else _FAILED


def _take_year(phrase: Phrase, year: int) -> bool:
    return year in YEARS and _set_year(phrase, year)


def _take_number(token: Token, phrase: Phrase) -> bool:
    """A number that nothing counts: a year in two figures or an end of a range."""
    number = token.value
    if len(token.text) == 2 and (phrase.window or phrase.fiscal):
        return _set_year(phrase, _full_year(number))
    elif phrase.number is None and number < 100:
        phrase.number = number
    else:
        return False
    return True


def _set_year(phrase: Phrase, year: int) -> bool:
    if phrase.year is not None or phrase.years is not None:
        return False
    phrase.year = year
    return True


def _parse_article(tokens: list[Token], i: int, phrase: Phrase) -> int:
    return _parse_count(tokens, i + 1, phrase, 1) if tokens[i + 1].kind in _UNITS else i + 1


def _parse_count(tokens: list[Token], i: int, phrase: Phrase, number: int) -> int:
    """Read "three months", at whose unit `i` stands, with what may follow: "earlier"."""
    months, following = tokens[i].value * number, tokens[i + 1]
    if not 0 < number < 100 or not months or phrase.amount:
        return _FAILED
    if following.kind == "back" or following.text == "prior":
        return i + 2 if _set_shift(phrase, months, number, following.value) else _FAILED
    phrase.amount, phrase.plural = months, tokens[i].kind == "units"
    # "11 months", "11-month output" count from January; "three-month" may be a moving average.
    phrase.cumulative = 1 < months < 12 and (phrase.plural or months not in (3, 6))
    return i + 1


def _set_shift(phrase: Phrase, months: int, number: int, sign: int) -> bool:
    """Take "a year earlier", "three months ago": what the text speaks of, moved by so much."""
    if months and months % 12 == 0:
        return _set_years(phrase, sign * months // 12, "exact")
    # "A quarter earlier" is the previous quarter, "three months earlier" need not be.
    return _set_unit(phrase, months, 1, sign, "exact" if number > 1 else "told")


def _set_years(phrase: Phrase, years: int, years_from: str) -> bool:
    if phrase.years is not None or phrase.year is not None:
        return False
    phrase.years, phrase.years_from = years, years_from
    return True


def _set_unit(phrase: Phrase, unit: int, count: int, steps: int, steps_from: str) -> bool:
    if phrase.steps or phrase.steps_from not in ("", "told"):  # but "the same time last month"
        return False
    phrase.unit, phrase.count, phrase.steps, phrase.steps_from = unit, count, steps, steps_from
    return True


def _set_before(phrase: Phrase, number: int, back: Token) -> bool:
    """Take "the one before", "the three before": what the text speaks of, moved by its length."""
    phrase.number = number
    return _set_unit(phrase, -1, 1, back.value, "told")


def _parse_back(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "the April before", which is the previous April."""
    if tokens[i].text != "before" or tokens[i - 1].kind != "month":
        return _FAILED
    return i + 1 if _set_unit(phrase, -1, 1, -1, "told") else _FAILED


def _parse_average(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Skip that of "the three-month moving average", which is told of the same months."""
    return i + 1 if phrase.amount else _FAILED


def _parse_ordinal(tokens: list[Token], i: int, phrase: Phrase) -> int:
    return _parse_nth(tokens, i + 1, phrase, tokens[i].value)


def _parse_nth(tokens: list[Token], i: int, phrase: Phrase, number: int) -> int:
    """Read what follows an ordinal, at `i`: "first quarter", "first 11 months", "first to"."""
    token, following = tokens[i], tokens[i + 1]
    if token.kind == "month" and number > 0:
        phrase.day = number
        return i
    if token.kind in _UNITS and token.text != "months":
        return i + 1 if _parse_part(phrase, token.value, number) else _FAILED
    counts_months = following.kind in _UNITS or (following.kind, following.value) == ("letter", 1)
    if token.kind == "number" and counts_months and number in (1, -1):
        months = token.value * following.value
        return (
            i + 2
            if _set_window(phrase, 0 if number > 0 else 12 - months, months, True)
            else _FAILED
        )
    if token is _END and phrase.number is None:
        phrase.number, phrase.ordinal = number, True
        return i
    return _FAILED


def _parse_relation(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "last year", "the previous three months", "the same period", "last December"."""
    relation, count, i = tokens[i], 1, i + 1
    if tokens[i].kind == "fiscal":
        phrase.fiscal, i = True, i + 1
    if tokens[i].value < 100 and tokens[i].kind == "number" and tokens[i + 1].kind in _UNITS:
        count, i = tokens[i].value, i + 1
    elif tokens[i].kind not in _UNITS or tokens[i + 1].kind == "back":
        return i if _set_relation(phrase, relation) else _FAILED
    unit = tokens[i].value
    if tokens[i].kind == "units" and tokens[i - 1].kind != "number":  # "the same months"
        unit = 0 if _is_same(relation) else -1
    return i + 1 if unit >= 0 and _set_related_unit(phrase, relation, unit, count) else _FAILED


def _is_same(relation: Token) -> bool:
    return relation.kind == "told" and relation.value == 0


def _set_relation(phrase: Phrase, relation: Token) -> bool:
    """Take a relation whose unit, if any, comes later: "last fiscal", "last December"."""
    if phrase.fiscal:
        return _set_years(phrase, relation.value, relation.kind)
    # "The corresponding 1986 period" is told by its other words.
    return _is_same(relation) or _set_unit(phrase, -1, 1, relation.value, relation.kind)


def _set_related_unit(phrase: Phrase, relation: Token, unit: int, count: int) -> bool:
    if unit == 12 and count == 1 and relation.kind != "trailing":
        return _set_years(phrase, relation.value, relation.kind)
    return 0 < count < 100 and _set_unit(phrase, unit, count, relation.value, relation.kind)


def _parse_unit(tokens: list[Token], i: int, phrase: Phrase) -> int:
    unit, following = tokens[i].value, tokens[i + 1]
    if unit == 6 and following.text == "year":
        i, following = i + 1, tokens[i + 2]  # "half-year"
    if following.text == "before" and tokens[i + 2].text == "last":  # "the year before last"
        twice = Token("now", -2, "last")
        return i + 3 if _set_related_unit(phrase, twice, unit, 1) else _FAILED
    if following.kind == "back":
        done = _set_shift(phrase, unit, 1, following.value)
        return i + 2 if done else _FAILED
    if following.kind == "year_month" and unit in (3, 6):
        return _parse_part_of_year(tokens, i, phrase)
    if following.kind == "number" and 0 < following.value <= 12 and unit in (1, 3, 6):
        return i + 2 if _parse_part(phrase, unit, following.value) else _FAILED
    if unit and (phrase.unit == unit or (unit == 12 and phrase.year_named)):  # "month on month"
        return _FAILED
    if unit == 12:
        phrase.year_named = True
    elif phrase.window and phrase.window[1] == 1 and unit > 1 and not phrase.ordinal:
        phrase.window = (
            (phrase.window[0] - unit + 1) % 12,
            unit,
        )  # "the June quarter" ends in June
    elif not phrase.unit and not phrase.steps_from:
        phrase.unit = unit
    return i + 1


def _parse_letter(tokens: list[Token], i: int, phrase: Phrase) -> int:
    following = tokens[i + 1]
    if following.kind == "year_month":
        return _parse_part_of_year(tokens, i, phrase)
    done = following.kind == "number" and _parse_part(phrase, tokens[i].value, following.value)
    return i + 2 if done else _FAILED


def _parse_part_of_year(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "quarter 4/2025", "Q.4/2025", at whose unit `i` stands."""
    year, part = divmod(tokens[i + 1].value, 12)
    done = _set_year(phrase, year) and _parse_part(phrase, tokens[i].value, part + 1)
    return i + 2 if done else _FAILED


def _parse_quarter(tokens: list[Token], i: int, phrase: Phrase) -> int:
    return i + 1 if _parse_part(phrase, tokens[i].value, int(tokens[i].text)) else _FAILED


def _parse_year_month(tokens: list[Token], i: int, phrase: Phrase) -> int:
    year, month = divmod(tokens[i].value, 12)
    return i + 1 if _set_year(phrase, year) and _set_window(phrase, month, 1, False) else _FAILED


def _parse_years(tokens: list[Token], i: int, phrase: Phrase) -> int:
    first, last = divmod(tokens[i].value, 10000)
    phrase.last_year = last
    return i + 1 if _set_year(phrase, first) else _FAILED


def _parse_double_year(tokens: list[Token], i: int, phrase: Phrase) -> int:
    phrase.double_year = True
    return i + 1 if _set_year(phrase, tokens[i].value) else _FAILED


def _parse_numeric_day(tokens: list[Token], i: int, phrase: Phrase) -> int:
    phrase.numeric_day = tokens[i].text
    return i + 1 if i == 0 and tokens[1] is _END else _FAILED


def _parse_mark(tokens: list[Token], i: int, phrase: Phrase) -> int:
    kind, value, text = tokens[i]
    if text in ("date", "day") and i > 0:  # "the same date"
        done, phrase.unit = phrase.unit is None, 0
        return i + 1 if done else _FAILED
    phrase.edge = value if kind == "edge" else phrase.edge
    phrase.fiscal |= kind == "fiscal"
    phrase.to_date |= kind == "to_date"
    phrase.whole |= kind == "whole"
    return i + 1


_HANDLERS: dict[str, _Handler] = {
    "month": _parse_month,
    "number": _parse_number,
    "article": _parse_article,
    "ordinal": _parse_ordinal,
    "now": _parse_relation,
    "told": _parse_relation,
    "trailing": _parse_relation,
    "unit": _parse_unit,
    "units": _parse_unit,
    "letter": _parse_letter,
    "part": _parse_quarter,
    "year_month": _parse_year_month,
    "years": _parse_years,
    "double_year": _parse_double_year,
    "day": _parse_numeric_day,
    "edge": _parse_mark,
    "fiscal": _parse_mark,
    "to_date": _parse_mark,
    "whole": _parse_mark,
    "between": _parse_mark,
    "back": _parse_back,
    "average": _parse_average,
}


# --- The dates ------------------------------------------------------------------------------------


def resolve(phrase: Phrase, context: Context) -> Period | None:
    """The dates of a parsed mention in its context, None where they are not settled."""
    if phrase.left is not None:
        return _resolve_ends(phrase.left, phrase, context)
    period = _resolve_side(phrase, context)
    if period is None or not phrase.trailing:
        return period
    last = _month_index(period.end)
    return _span(last - phrase.trailing + 1, last)


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
    period = _resolve_whole(phrase, context)
    if period is None or not phrase.edge:
        return period
    day = period.start if phrase.edge < 0 else period.end
    return Period(day, day)


def _settle_figures(phrase: Phrase, context: Context) -> Phrase:
    """Take the figures of "Mar 21" for a day where the text says so, or was published before."""
    published = context.published
    is_past = published is None or phrase.figures + 2000 <= published.year + context.ahead
    if is_past and not context.on_day:
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
    if phrase.ordinal and not phrase.unit and length in (3, 6):
        part = Phrase()
        return _resolve_whole(part, context) if _parse_part(part, length, number or 0) else None
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
    if not (1 <= month <= 12 and 1 <= day <= _month_length(year, month)):
        return None
    return Period(date(year, month, day), date(year, month, day))


def _resolve_to_date(phrase: Phrase, context: Context) -> Period | None:
    reference = context.reference
    if reference is None or phrase.window or phrase.unit is not None:
        return None
    if phrase.year is not None:
        reference = reference.in_year(phrase.year)
    last, limit = _month_index(reference.end), _limit(0, context)
    start = _fiscal_start(context) if phrase.fiscal else 1
    if limit is not None and last > limit and phrase.year is None:
        return None
    return None if start is None else _span(last - (last - start + 1) % 12, last)


def _resolve_whole(phrase: Phrase, context: Context) -> Period | None:
    window, reference = _window_of(phrase), context.reference
    if not phrase.window and not _names_year(phrase) and phrase.amount:
        if reference and reference.months == phrase.amount > 1:  # "in the three months"
            return reference
        if reference and phrase.amount == 12 and phrase.plural:  # "in twelve months"
            last = _month_index(reference.end)
            return _span(last - 11, last)
    if window is not None:
        return _resolve_window(phrase, window, context)
    if phrase.amount:
        return None
    if phrase.unit is not None:
        return _resolve_unit(phrase, context)
    return _resolve_year(phrase, context)


def _names_year(phrase: Phrase) -> bool:
    return phrase.year is not None or phrase.years is not None or phrase.year_named


def _window_of(phrase: Phrase) -> tuple[int, int] | None:
    """The months within a year that a mention names, also where only the year makes them such."""
    if phrase.window:
        return phrase.window if phrase.amount in (0, phrase.window[1]) else None
    in_year = _names_year(phrase)
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
    return _span(last - length + 1, last)


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
        reference is not None and _month_index(reference.end) == last and reference.months == length
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
            return _month_index(day)
    return None if context.year is None else context.year * 12


def _limit(day: int, context: Context) -> int | None:
    """The last month of which a text published then may tell."""
    published = context.published
    if published is None:
        return None
    if not day:
        return _month_index(published) - (published.day < FLASH_DAY)
    latest = min(published, date.max - _BEFOREHAND) + _BEFOREHAND  # "as of 30 June" on 29 June
    return _month_index(latest) - (latest.day < day)


def _nearest_month(month: int, day: int, context: Context) -> int | None:
    """The month of that name that a text without its year must mean."""
    limit, reference = _limit(day, context), context.reference
    if context.published is not None and context.ahead:
        here = _first_open(_month_index(context.published), reference)
        return here + (month - here) % 12
    if limit is None and reference is not None:
        limit = _month_index(reference.end)
        if context.ahead:
            return limit + 1 + (month - limit - 1) % 12
    if limit is None:
        return None if context.year is None else context.year * 12 + month
    return limit - (limit - month) % 12


def _first_open(here: int, reference: Period | None) -> int:
    """The first month that a forecast made `here` may mean: the one told of may be forecast too."""
    told = here if reference is None else _month_index(reference.end)
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
    for start in (4, 7, 10):
        offset = (first - start + 1) % 12
        if offset + length <= 12:
            held.add(year * 12 + start - 1 + offset + length - 1)
    return held.pop() if len(held) == 1 else None


def _resolve_unit(phrase: Phrase, context: Context) -> Period | None:
    """Date "the month", "the previous quarter", "the past three months", "the same period"."""
    length = (phrase.unit or 0) * phrase.count
    if length < 0:
        return None
    if phrase.steps_from == "now" and context.published and length and phrase.count == 1:
        block = _block(_span(*[_month_index(context.published)] * 2), length)
        return block.shift_months(phrase.steps * length)
    if context.reference is None:
        return None
    moved = _move(phrase, length, context.reference)
    if moved is None or phrase.steps:
        return moved
    return _in_year_of(phrase, moved, context)


def _move(phrase: Phrase, length: int, reference: Period) -> Period | None:
    """The reference, or the block of that many months at its end, moved as the mention says."""
    trailing = phrase.steps_from == "trailing" or (phrase.steps_from == "now" and phrase.count > 1)
    if trailing and length:
        last = _month_index(reference.end)
        return _span(last - length + 1, last) if phrase.steps <= 0 else None
    if phrase.steps_from == "exact" and reference.months == 1:
        return reference.shift_months(phrase.steps * length)
    if phrase.count > 1 and phrase.steps == 0 and reference.months != length:
        return None  # "the same eight months", which the reference is not
    if not length and phrase.steps:
        return reference.previous() if phrase.steps < 0 else reference.following()
    if phrase.count > 1 and phrase.steps == -1 and reference.months != length:
        first = _month_index(reference.start)
        return _span(first - length, first - 1)
    return _block(reference, length).shift_months(phrase.steps * length)


def _block(reference: Period, length: int) -> Period:
    """The month, quarter, half or year with the reference's end; itself if a point or as long."""
    if reference.start == reference.end or reference.months == length:
        return reference
    if not length:
        return reference
    last = _month_index(reference.end)
    first = last - last % length if length in (1, 3, 6, 12) else last - length + 1
    return _span(first, first + length - 1)


def _in_year_of(phrase: Phrase, period: Period, context: Context) -> Period | None:
    if phrase.years is not None:
        return period.shift_years(phrase.years)
    if phrase.year is None:
        return period
    if not (phrase.fiscal or phrase.double_year):
        return period.in_year(phrase.year)
    start, last = _year_start(phrase, context), _month_index(period.end)
    return None if start is None else period.shift_months(start + (last - start) % 12 - last)


def _resolve_year(phrase: Phrase, context: Context) -> Period | None:
    reference = context.reference
    if phrase.last_year is not None and phrase.year is not None:
        return _span(phrase.year * 12, phrase.last_year * 12 + 11)
    if phrase.years_from == "exact":
        return reference and reference.shift_years(phrase.years or 0)
    if phrase.year is None and phrase.years_from != "now" and reference and reference.months == 12:
        return reference.shift_years(phrase.years or 0)
    if phrase.year is None and phrase.years is None and not _is_settled_year(phrase, context):
        return None
    start = _year_start(phrase, context)
    if start is None:
        return None
    settled = phrase.fiscal or phrase.whole or context.ahead
    last = None if settled else _last_told(phrase, start, context)
    return _span(start, start + 11 if last is None else last)


def _last_told(phrase: Phrase, start: int, context: Context) -> int | None:
    """The last month of "the year" of which a text tells while that year is still running."""
    limit, reference = _limit(0, context), context.reference
    if not phrase.year_named or limit is None or reference is None:
        return None
    told = _month_index(reference.end)
    return told if start <= told <= limit < start + 11 else None


def _is_settled_year(phrase: Phrase, context: Context) -> bool:
    """Whether "the year" is known: from what the text speaks of, in a forecast from its day."""
    known = context.reference or context.year is not None or (context.ahead and context.published)
    return phrase.year_named and bool(known)
