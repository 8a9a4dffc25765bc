"""The dates of a period, and what they come to moved by months, by years, by their own length."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta


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
        return month_index(self.end) - month_index(self.start) + 1

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
        first = month_index(start) + (int(number or 1) - 1) * length
        return cls(first_day(first), last_day(first + length - 1))

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


def month_index(day: date) -> int:
    """The number of a day's month: year * 12 + 0..11."""
    return day.year * 12 + day.month - 1


def first_day(index: int) -> date:
    """The first day of a month, given by its number."""
    return date(index // 12, index % 12 + 1, 1)


def month_length(year: int, month: int) -> int:
    """The days of a month, which counts from 1."""
    # Three times as fast as calendar.monthrange, which also finds the weekday.
    return 29 if month == 2 and calendar.isleap(year) else _MONTH_LENGTHS[month - 1]


def last_day(index: int) -> date:
    """The last day of a month, given by its number."""
    year, month = divmod(index, 12)
    return date(year, month + 1, month_length(year, month + 1))


def _is_month_end(day: date) -> bool:
    return day.day == month_length(day.year, day.month)


def _shift_day(day: date, months: int) -> date:
    year, month = divmod(month_index(day) + months, 12)
    length = month_length(year, month + 1)
    return date(year, month + 1, length if _is_month_end(day) else min(day.day, length))


def span_months(first: int, last: int) -> Period:
    """The period from one month to another, given by their numbers."""
    return Period(first_day(first), last_day(last))
