"""The grammar of periods: from the tokens of a mention to what they say, undated.

A month is 0 to 11 here, its year apart.
"""

from __future__ import annotations

from collections.abc import Callable

from iipnlp.periods.words import DECADE, END, FULL_MONTHS, ROMANS, START, Token, full_year

YEARS = range(1800, 2201)  # that releases may speak of


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
    two_years: bool = False  # both of them in full, as in "2018-2019"
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
    full: bool = False  # "the full year", also while it is running
    rest: bool = False  # what is left of the year ("the remaining two months of 2025")
    ytd: bool = False  # "YTD October", which may name its last month
    number: int | None = None  # a number that only the other end of a range can explain
    trailing: int = 0  # the months that end with what the rest says ("three months to June")
    left: Phrase | None = None  # the first end of a range, of which this is the last
    from_to: bool = False  # "between ... and ..."
    on_day: bool = False  # "as of Mar 21", which is no month

    @property
    def trails(self) -> bool:
        """Whether it ends where the text's report does: "the last three months", "year to date"."""
        counts = self.unit == 1 and self.count > 1 and self.steps_from in ("now", "trailing")
        counts_back = counts and self.steps <= 0 and self._is_bare
        return counts_back or (self.to_date and self.year is None and not self.years)

    @property
    def recalls(self) -> bool:
        """Whether it names again what was told before: "the ten months", "the half-year"."""
        is_half = self.unit == 6 and self.count == 1 and not self.steps_from
        return self._is_bare and (is_half or self.plural)

    @property
    def lacks_unit(self) -> bool:
        """Whether it is a quarter or a half that leaves out the word: "the third"."""
        return self.ordinal and self.number is not None

    @property
    def is_whole(self) -> bool:
        """Whether it is a month, a quarter, a half or a year, and no day: "the month"."""
        return bool(self.unit) or self.year_named or self.years is not None or self.ordinal

    @property
    def _is_bare(self) -> bool:
        """Whether it says neither which months nor which year."""
        return not (self.window or self.trailing or self.left or self.edge or self.names_year)

    @property
    def names_year(self) -> bool:
        """Whether a year is named, be it only "the year"."""
        return self.year is not None or self.years is not None or self.year_named


_Handler = Callable[[list[Token], int, Phrase], int]
_FAILED = -1
_FOURTH_QUARTER = (9, 3)
_UNITS = ("unit", "units")
_LINKS = ("range", "over", "ended")
_UNTIL = ("to", "through", "thru", "till", "until")


def parse_phrase(tokens: list[Token]) -> Phrase | None:
    """What the tokens say, None where they are not, or not only, a mention of a period."""
    if _has_lead(tokens):
        tokens = tokens[1:]
    if len(tokens) > 2 and tokens[0].kind in ("between", "since") and tokens[1][:2] == START:
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
    if phrase is None or not phrase.names_year:
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
    if left.rest or right.rest:
        return None
    length = _length_before(left, link, right)
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


def _length_before(left: Phrase, link: Token, right: Phrase) -> int:
    """The months of "the three months" and the like, which the end that follows puts in place."""
    if left.window:
        is_month = right.window and right.window[1] == 1 and not right.day and not right.from_to
        is_count = left.ordinal and left.plural and link.text in _UNTIL
        ends = link.kind == "ended" or (is_count and is_month)
        return left.window[1] if ends else 0  # "3M to April", but not "Q1 to April"
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
        return left if left.window and _set_year(left, full_year(right.number)) else None
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
        set_part(left, right.window[1], left.number)
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
    tokens = [*tokens, END, END, END]
    phrase, i = Phrase(), 0
    while tokens[i] is not END:
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


def set_part(phrase: Phrase, unit: int, number: int) -> bool:
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
    if has_suffix or is_dated or token.text in FULL_MONTHS or not _has_two_figures(following):
        phrase.day = day
        return i + 2 + has_suffix
    phrase.figures = day
    return i + 2 if _set_year(phrase, full_year(day)) else _FAILED


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
    is_roman = tokens[i].text in ROMANS
    if following.kind == "unit" and (is_roman or (following.value == 3 and number > 1)):
        return i + 2 if set_part(phrase, following.value, number) else _FAILED  # "II quarter"
    if is_roman and (phrase.day or _is_year(following)):
        return i + 1 if _set_window(phrase, number - 1, 1, False) else _FAILED  # "XI 2025"
    if following.text in ROMANS and 0 < number <= 31 and not is_roman:
        phrase.day = number  # "30.XI 2025"
        return i + 1
    if following.kind == "back":
        return i + 2 if _set_before(phrase, number, following) else _FAILED
    if following.kind in _UNITS:
        return _parse_count(tokens, i + 1, phrase, number)
    if following.kind == "letter":
        unit = following.value  # "9M" is nine months, "3Q" the third quarter
        phrase.plural = unit == 1
        done = _set_window(phrase, 0, number, True) if unit == 1 else set_part(phrase, unit, number)
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
        return _set_year(phrase, full_year(number))
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
    if tokens[i].value == DECADE and (following.kind != "back" or phrase.unit):
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
    return i + 1 if phrase.amount or phrase.window else _FAILED


def _parse_ordinal(tokens: list[Token], i: int, phrase: Phrase) -> int:
    if tokens[i].text == "latter" and tokens[i + 1].value != 6:
        return _FAILED  # "the latter month" is the second of two that were named
    return _parse_nth(tokens, i + 1, phrase, tokens[i].value)


def _parse_nth(tokens: list[Token], i: int, phrase: Phrase, number: int) -> int:
    """Read what follows an ordinal, at `i`: "first quarter", "first 11 months", "first to"."""
    token, following = tokens[i], tokens[i + 1]
    if token.kind == "month" and number > 0:
        phrase.day = number
        return i
    if token.kind in _UNITS and token.text != "months":
        return i + 1 if set_part(phrase, token.value, number) else _FAILED
    counts_months = following.kind in _UNITS or (following.kind, following.value) == ("letter", 1)
    if token.kind == "number" and counts_months and number in (1, -1):
        months = token.value * following.value
        return (
            i + 2
            if _set_window(phrase, 0 if number > 0 else 12 - months, months, True)
            else _FAILED
        )
    is_last = token is END or (following is END and _is_year(token))
    if is_last and phrase.number is None and number > 0:
        phrase.number, phrase.ordinal = number, True  # "the second", "the first of 1993"
        return i
    return _FAILED


def _parse_relation(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "last year", "the previous three months", "the same period", "last December"."""
    relation, count, i = tokens[i], 1, i + 1
    if relation.value < 0 and _is_same(tokens[i]) and tokens[i + 1].kind == "unit":
        # "The previous corresponding period" is the one of the year before.
        return i + 2 if _set_years(phrase, -1, "exact") else _FAILED
    if tokens[i].kind == "fiscal":
        phrase.fiscal, i = True, i + 1
    if tokens[i].value < 100 and tokens[i].kind == "number" and tokens[i + 1].kind in _UNITS:
        count, i = tokens[i].value, i + 1
    elif tokens[i].kind not in _UNITS or tokens[i + 1].kind == "back":
        return i if _set_relation(phrase, relation) else _FAILED
    unit = tokens[i].value
    if unit == DECADE and relation.kind != "trailing":
        return _FAILED
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
        halved = unit == DECADE and phrase.unit  # "half a decade ago" is five years
        done = not halved and _set_shift(phrase, unit, 1, following.value)
        return i + 2 if done else _FAILED
    if following.kind == "year_month" and unit in (3, 6):
        return _parse_part_of_year(tokens, i, phrase)
    if following.kind == "number" and 0 < following.value <= 12 and unit in (1, 3, 6):
        return i + 2 if set_part(phrase, unit, following.value) else _FAILED
    again = unit and (phrase.unit == unit or (unit == 12 and phrase.year_named))
    if again or unit == DECADE:  # "month on month", "the decade"
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
    done = following.kind == "number" and set_part(phrase, tokens[i].value, following.value)
    return i + 2 if done else _FAILED


def _parse_part_of_year(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "quarter 4/2025", "Q.4/2025", at whose unit `i` stands."""
    year, part = divmod(tokens[i + 1].value, 12)
    done = _set_year(phrase, year) and set_part(phrase, tokens[i].value, part + 1)
    return i + 2 if done else _FAILED


def _parse_quarter(tokens: list[Token], i: int, phrase: Phrase) -> int:
    return i + 1 if set_part(phrase, tokens[i].value, int(tokens[i].text)) else _FAILED


def _parse_year_month(tokens: list[Token], i: int, phrase: Phrase) -> int:
    year, month = divmod(tokens[i].value, 12)
    return i + 1 if _set_year(phrase, year) and _set_window(phrase, month, 1, False) else _FAILED


def _parse_years(tokens: list[Token], i: int, phrase: Phrase) -> int:
    first, last = divmod(tokens[i].value, 10000)
    phrase.last_year = last
    return i + 1 if _set_year(phrase, first) else _FAILED


def _parse_double_year(tokens: list[Token], i: int, phrase: Phrase) -> int:
    phrase.double_year, phrase.two_years = True, len(tokens[i].text) == len("2018-2019")
    return i + 1 if _set_year(phrase, tokens[i].value) else _FAILED


def _parse_numeric_day(tokens: list[Token], i: int, phrase: Phrase) -> int:
    phrase.numeric_day = tokens[i].text
    return i + 1 if i == 0 and tokens[1] is END else _FAILED


def _parse_mark(tokens: list[Token], i: int, phrase: Phrase) -> int:
    kind, value, text = tokens[i]
    if text in ("date", "day") and i > 0:  # "the same date"
        done, phrase.unit = phrase.unit is None, 0
        return i + 1 if done else _FAILED
    phrase.edge = value if kind == "edge" else phrase.edge
    phrase.fiscal |= kind == "fiscal"
    phrase.to_date |= kind == "to_date"
    phrase.ytd |= text == "ytd"
    return i + 1


def _parse_rest(tokens: list[Token], i: int, phrase: Phrase) -> int:
    """Read "the rest of the year", "the remaining months", "the remaining two months of 2025"."""
    phrase.rest, following = True, tokens[i + 1]
    if following is END:
        return _FAILED  # "the remainder" may be anything's
    return i + 2 if following[:2] == ("units", 1) else i + 1


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
    "rest": _parse_rest,
    "between": _parse_mark,
    "back": _parse_back,
    "average": _parse_average,
}
