"""The timeline of a text: what its period mentions date to, each in the light of those before it.

Used twice: to learn which mention dates a figure, since it is the dates that count and not the
words, and to assemble statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spacy.tokens import Doc

from iipnlp.annotations import Figure, Mention
from iipnlp.baselines import Baseline, BaselineKind, read_baseline
from iipnlp.periods import Context, Period, parse_period, read_period, resolve
from iipnlp.periods.dates import PARTS_OF_YEAR
from iipnlp.periods.grammar import Phrase

_REMEMBERED = 4  # periods
_EARLY = timedelta(days=6)
_LONG_PAST = timedelta(days=210)
# Words before a mention that belong to it: "as of Mar 21", "since the start of the year".
_LEAD = re.compile(r"\b((?P<day>on|as (?:of|at))|since|from)\s+\Z", re.IGNORECASE)
_START = re.compile(r"the (?:start|beginning) of .*", re.IGNORECASE)
_SAME = re.compile(
    r"(?:in |for |over )?(?:the )?(?:same|corresponding|like|comparable) \w+$", re.IGNORECASE
)
_CUMULATIVE = (4, 5, 7, 8, 9, 10, 11)  # months since January with none of their length before


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and what its caller said of it."""

    text: str
    published: date | None
    country: str | None

    @classmethod
    def of(cls, doc: Doc) -> Source:
        """Return the source that a Doc was made from."""
        published = doc._.published
        return cls(doc.text, date.fromisoformat(published) if published else None, doc._.country)

    def words(self, mention: Mention) -> str:
        """Return the words of a mention, without line breaks."""
        return " ".join(self.text[mention.start : mention.end].split())

    def read_baseline(self, mention: Mention, period: Period | None) -> Baseline | None:
        """Return the comparison that a mention makes with a period."""
        words = self.words(mention)
        return read_baseline(words, period, published=self.published, country=self.country)


class Timeline:
    """Dates the period mentions of one text.

    Args:
        source: the text.
        mentions: its mentions, in order of the text.
        aside: the mentions that only date comparatives, on which no later mention leans.
    """

    def __init__(
        self, source: Source, mentions: Iterable[Mention], aside: Iterable[Mention]
    ) -> None:
        self.source = source
        off = set(aside)
        main = [m for m in mentions if m.label == "PERIOD" and m not in off]
        self.anchor = self._find_anchor(main)
        # What each mention may lean on: the periods told before it, the last one first.
        self.told: dict[Mention, list[Period]] = {}
        self._dates: dict[tuple[Mention, Period | None, bool], Period | None] = {}
        before = [self.anchor] if self.anchor else []
        for mention in main:
            self.told[mention] = before
            period = self._read_after(mention, before)
            if period is not None:
                before = [period, *(other for other in before if other != period)][:_REMEMBERED]

    def _find_anchor(self, mentions: list[Mention]) -> Period | None:
        """Return the latest period that the text dates by itself: where its report ends.

        A text that gives a year only to what is long past is dated by its day of publication.
        """
        words, limit = [self.source.words(mention) for mention in mentions], self.source.published
        dated = [read_period(one, country=self.source.country) for one in words]
        begun = [p for p in dated if p is not None and (limit is None or p.start <= limit)]
        # The year of a target is still running.
        known = [period for period in begun if self._is_past(period)]
        if limit and all(limit - period.end > _LONG_PAST for period in known):
            read = (read_period(w, published=limit, country=self.source.country) for w in words)
            known = [p for p in read if p is not None and self._is_past(p)] or known or begun
        return max(known, key=lambda period: (period.end, period.start), default=None)

    def _parse(self, mention: Mention) -> Phrase | None:
        words = self.source.words(mention)
        lead = self._find_lead(mention)
        return (parse_period(lead + words) if lead else None) or parse_period(words)

    def _resolve(self, phrase: Phrase, reference: Period | None, ahead: bool) -> Period | None:
        year = self.anchor.end.year if self.anchor else None
        published, country = self.source.published, self.source.country
        return resolve(phrase, Context(published, country, reference, year, ahead))

    def _find_lead(self, mention: Mention) -> str:
        lead = _LEAD.search(self.source.text, max(0, mention.start - 8), mention.start)
        if lead and lead["day"]:
            return "on "
        return f"{lead[1]} " if lead and _START.fullmatch(self.source.words(mention)) else ""

    def _read_after(
        self, mention: Mention, before: list[Period], ahead: bool = False
    ) -> Period | None:
        """Read a mention in the light of the last period that does not put it into the future."""
        phrase = self._parse(mention)
        if phrase is None:
            return None
        if phrase.lacks_unit:
            before = [period for period in before if period.months in PARTS_OF_YEAR] or before
        if before and (ahead or phrase.trails):
            # A month still to come may have been taken for a past one before; the report is not,
            # nor does it end with the year of a target.
            past = before if ahead else [period for period in before if self._is_past(period)]
            before = [max(past or before, key=lambda period: period.end)]
        if phrase.is_whole:  # a day is told beside it: "as of 1 August", then "the month"
            before = [period for period in before if period.start != period.end] or before
        references: list[Period | None] = [*before] or [None]
        read = [self._resolve(phrase, reference, ahead) for reference in references]
        known = [period for period in read if period is not None]
        past = [period for period in known if ahead or self._is_past(period)]
        found = next(iter(past or known), None)
        if found is None or not self._repeats(phrase, found, before):
            return found
        told = [period for period, again in zip(before, read, strict=True) if period == again]
        return max(told, key=lambda period: period.end, default=found)

    def _repeats(self, phrase: Phrase, found: Period, before: list[Period]) -> bool:
        """Say whether words rather name again what was told before than a part of the last told.

        "The quarter" after a year is the quarter of which the text spoke, not that year's last.
        """
        if not before or (self.anchor and found.end == self.anchor.end):
            return False
        is_part = (found.months or 0) > 1 and _is_within(found, before[0])
        return is_part or phrase.recalls

    def _is_past(self, period: Period) -> bool:
        """Say whether a period is told of after its end; many offices publish as it closes."""
        published = self.source.published
        return published is None or period.end - published <= _EARLY

    def read(
        self, mention: Mention, host: Period | None = None, *, ahead: bool = False
    ) -> Period | None:
        """Return the dates of a mention.

        Args:
            mention: a period mention of the text.
            host: the period of the figure beside which a comparative is told.
            ahead: whether it dates a forecast, and is still to come.
        """
        key = mention, host, ahead
        if key not in self._dates:  # many figures ask for the same one
            self._dates[key] = self._find_dates(mention, host, ahead)
        return self._dates[key]

    def _find_dates(self, mention: Mention, host: Period | None, ahead: bool) -> Period | None:
        if host is None:
            before = self.told.get(mention, [self.anchor] if self.anchor else [])
            return self._read_after(mention, before, ahead)
        phrase = self._parse(mention)
        if phrase is None:
            return None
        period = self._resolve(phrase, host, ahead)
        if period is None or phrase.full:
            return period
        return _match_host(period, host, self.source.words(mention))

    def date(self, figures: Sequence[Figure]) -> list[Period | None]:
        """Return the periods of the figures of the text, given in order."""
        past = find_past(figures)
        periods: list[Period | None] = []
        for figure in figures:
            host = None if figure.host is None else periods[figure.host]
            named = figure.having("PERIOD")
            if figure.shift:
                periods.append(shift(host, figure.shift))
            elif named:
                ahead = figure.status == "expected" and named[-1] not in past
                periods.append(self.read(named[-1], host, ahead=ahead))
            else:
                periods.append(None)
        return periods


def find_past(figures: Iterable[Figure]) -> set[Mention]:
    """Return the period mentions of which not only forecasts are told."""
    return {m for f in figures if f.status != "expected" for m in f.having("PERIOD")}


def find_aside(figures: Iterable[Figure]) -> set[Mention]:
    """Return the period mentions of which only comparatives are told."""
    beside: set[Mention] = set()
    main: set[Mention] = set()
    for figure in figures:
        (main if figure.host is None else beside).update(figure.having("PERIOD"))
    return beside - main


def shift(host: Period | None, by: str) -> Period | None:
    """Return the period a year ("year") or its own length ("period") before the host's."""
    if host is None:
        return None
    return host.shift_years(-1) if by == "year" else host.previous()


def settle_kind(
    kind: BaselineKind | None, period: Period | None, *, said: bool = True
) -> BaselineKind | None:
    """Return the kind of comparison that a period makes plain, else the given one.

    A year's growth is that over the year before; so is that of the months since January, before
    which there is no period of their length, unless it is `said` by a phrase that it is compared
    with a fixed period.
    """
    months = period.months if period else None
    is_fixed = said and kind == "fixed_period"
    if period is None or months is None or period.start.month != 1 or is_fixed:
        return kind
    return "year_on_year" if months == 12 or months in _CUMULATIVE else kind


def _match_host(period: Period, host: Period, words: str) -> Period:
    """Return the period of a comparative that stands beside its host's.

    "(9.6% in 2024)" beside eleven months of 2025 is eleven months of 2024, "(same period: 5.3%)"
    is a year before, and "(September: -1.4%)" beside twelve months to October is twelve months.
    """
    if _is_year(period) and not _is_year(host):
        return host.in_year(period.start.year)
    if period == host and _SAME.match(words):
        return host.shift_years(-1)
    if period.months == 1 and host.months == 12 and not _is_year(host):
        return Period(period.shift_years(-1).following().start, period.end)
    return period


def _is_within(period: Period, longer: Period) -> bool:
    return period != longer and longer.start <= period.start and period.end <= longer.end


def _is_year(period: Period) -> bool:
    return period.months == 12 and period.start.month == 1
