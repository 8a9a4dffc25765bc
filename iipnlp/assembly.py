"""Assembles statements: the one place where an annotated Doc becomes an answer.

Figures say which mentions belong together; the readers turn words into values; here both meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from spacy.tokens import Doc

from iipnlp.annotations import DIMENSIONS, DIRECTIONS, Figure, Mention, get_figures, get_mentions
from iipnlp.areas import find_country
from iipnlp.baselines import Baseline, BaselineKind, implied_baseline
from iipnlp.consistency import doubt, find_contradictions
from iipnlp.indicators import read_indicator
from iipnlp.industries import is_all_industry, read_industry
from iipnlp.percentages import Percentage, Unit, read_percentage
from iipnlp.periods import Period
from iipnlp.statement import Statement
from iipnlp.timeline import Source, Timeline, find_aside, settle_kind

# What a release on industrial production measures where no words say otherwise.
DEFAULT_INDICATOR = "industrial_production"
# What is told as a rate or an amount, with which no bare "index" goes on.
_NO_INDEX = frozenset({"capacity_utilization", "gdp"})
_INDEX = re.compile(r"\b(?:index|indices|indexes)\b", re.IGNORECASE)
# How far from a figure the clause that holds it may reach, in characters.
_CLAUSE = 400
_EDGE_LEFT = re.compile(r"[;:•\n](?=\s)|[.!?…](?=\s+[^a-z\s])|\n\s*\n|\n(?=\s*[-–•*])")
_EDGE_RIGHT = re.compile(r";|[.!?](?=\s|$)|\n\s*\n|\n(?=\s*[-–•*])")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n\s*\n")
_ARTICLE = re.compile(r"^(?:[Tt]he|THE|[Aa]n?(?= [a-z]))\s+")  # but "An Giang"


def assemble(doc: Doc) -> list[Statement]:
    """Return the statements of a Doc, in the order of their figures in the text.

    Reads `doc._.figures`, `doc.ents`, `doc._.published` (ISO date) and `doc._.country`.
    """
    return list(_Assembly(doc).statements())


class _Facts(NamedTuple):
    """What a figure comes to, apart from the names it is told of."""

    figure: Figure
    percentage: Percentage
    period: Period | None
    baseline: Baseline | None
    roles: dict[str, Mention]  # period and baseline that were taken from the figure's twin
    indicators: tuple[str, ...]


class _Assembly:
    """The figures of one Doc, resolved in order, since later ones lean on earlier ones."""

    def __init__(self, doc: Doc) -> None:
        self.source = Source.of(doc)
        self.figures = get_figures(doc)
        self.percentages = [
            read_percentage(self.source.text[f.start : f.end]) for f in self.figures
        ]
        self.owners = self._find_owners()
        self.mentions = get_mentions(doc)
        self.home = self.source.country or self._find_home()
        timeline = Timeline(self.source, self.mentions, find_aside(self.figures))
        self.periods = timeline.date(self.figures)
        self.indicators: list[tuple[str, ...]] = []
        self.baselines: list[Baseline | None] = []
        self.unit: Unit = "percent"  # of the change told last

    def _find_home(self) -> str | None:
        """Return the one country of which the text speaks from the start, or most figures."""
        named = [m for m in self.mentions if m.label == "AREA"]
        told = [m for figure in self.figures for m in figure.having("AREA")]
        opens = bool(named and self.figures) and named[0].start < self.figures[0].start
        for areas, enough in ((named, opens), (told, 2 * len(told) > len(self.figures))):
            countries = {find_country(_name(self.source, mention)) for mention in areas}
            if enough and len(countries) == 1:
                return countries.pop()
        return None

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of all figures."""
        for figure in self.figures:
            self.indicators.append(self._read_indicators(figure))
        # After all periods: a baseline may be told with a figure further on. Hosts come first.
        for place in range(len(self.figures)):
            self.baselines.append(self._baseline(place))
        facts = [self._facts(place) for place in range(len(self.figures))]
        for fact in _complete(facts, self.source) if facts else ():
            if fact is not None:
                yield from self._combine(fact)

    def _facts(self, place: int) -> _Facts | None:
        figure, percentage = self.figures[place], self.percentages[place]
        period = self.periods[place]
        if percentage is None:
            return None
        roles = {m.label: m for m in figure.roles if m.label not in DIMENSIONS}
        baseline = self.baselines[place]
        if percentage.unit is None:
            percentage = replace(percentage, unit=self._unit(place))
        elif figure.measure == "change":
            self.unit = percentage.unit
        return _Facts(figure, percentage, period, baseline, roles, self.indicators[place])

    def _unit(self, place: int) -> Unit:
        """Return the unit of a bare number: "3 and 2 per cent", "(9 percent) ... (7)"."""
        figure = self.figures[place]
        if figure.measure == "contribution":
            return "percentage_points"
        for near in range(place + 1, min(place + 4, len(self.figures))):
            other, percentage = self.figures[near], self.percentages[near]
            if _SENTENCE_END.search(self.source.text, figure.end, other.start):
                break
            if percentage is not None and percentage.unit and other.measure == figure.measure:
                return percentage.unit
        return self.unit

    def _baseline(self, place: int) -> Baseline | None:
        """Return the kind and dates of a comparison: said, taken over, or plain."""
        figure, period = self.figures[place], self.periods[place]
        named = figure.having("BASELINE")
        read = self.source.read_baseline(named[-1], period) if named else None
        owner = self.owners[named[-1]] if named else None
        if owner is not None and owner != place:
            # Of a baseline told with another figure only the kind is taken over, not its dates.
            owned = self.source.read_baseline(named[-1], self.periods[owner])
            kind = settle_kind(owned.kind if owned else None, period)
            read = read if read and read.kind == kind and figure.host is None else None
        else:
            kind = read.kind if read else None
        learned: Any = figure.baseline
        kind = learned or kind or self._kind_of_host(figure) or settle_kind(None, period)
        if read is not None and read.kind == kind:
            return read
        return implied_baseline(kind, period) if kind else None

    def _find_owners(self) -> dict[Mention, int]:
        """Return for each baseline the figure that it stands nearest to, of those told of it."""
        owners: dict[Mention, int] = {}
        for place, figure in enumerate(self.figures):
            for mention in figure.having("BASELINE"):
                best = self.figures[owners.get(mention, place)]
                if _distance(figure, mention) <= _distance(best, mention):
                    owners[mention] = place
        return owners

    def _kind_of_host(self, figure: Figure) -> BaselineKind | None:
        """Return the kind of baseline of the figure beside which a comparative is told."""
        if figure.host is None:
            return None
        baseline = self.baselines[figure.host]
        return baseline.kind if baseline else None

    def _read_indicators(self, figure: Figure) -> tuple[str, ...]:
        """Return what the words say, or for a bare "index" what the text spoke of before."""
        named = figure.having("INDICATOR")
        read = [read_indicator(self.source.words(mention)) for mention in named]
        found = tuple(dict.fromkeys(indicator for indicator in read if indicator is not None))
        if found:
            return found
        told = reversed(self.indicators if named else ())
        if any(_INDEX.search(self.source.words(mention)) for mention in named):
            told = (one for one in told if _NO_INDEX.isdisjoint(one))
        return next(iter(told), (DEFAULT_INDICATOR,))

    def _combine(self, facts: _Facts) -> Iterator[Statement]:
        """Yield a statement for every combination of names and indicators."""
        named: list[tuple[Mention | None, ...]] = [
            facts.figure.having(label) or (None,) for label in DIMENSIONS
        ]
        for indicator, names in product(facts.indicators, product(*named)):
            yield self._statement(facts, dict(zip(DIMENSIONS, names, strict=True)), indicator)

    def _statement(
        self, facts: _Facts, names: dict[str, Mention | None], indicator: str
    ) -> Statement:
        figure, source = facts.figure, self.source
        area = names["AREA"]
        if area and self.home and find_country(_name(source, area)) == self.home:
            names["AREA"] = None
        industry = names["INDUSTRY"]
        # The total has no dimension; but industry is a branch of the whole economy.
        produced = indicator == "industrial_production"
        is_all = industry and is_all_industry(_name(source, industry), produced=produced)
        if is_all and indicator != "gdp":
            names["INDUSTRY"] = None
        said = {key: _name(source, mention) if mention else None for key, mention in names.items()}
        branch = said["INDUSTRY"]
        start, end = find_clause(source.text, figure.start, figure.end)
        roles = {label: mention for label, mention in names.items() if mention} | facts.roles
        outside = [m.label.lower() for m in roles.values() if m.end <= start or m.start >= end]
        return Statement(
            indicator=_settle_sales(indicator, said["PRODUCT"], branch),
            industry=branch,
            industry_code=read_industry(branch, country=source.country) if branch else None,
            product=said["PRODUCT"],
            country=source.country,
            area=said["AREA"],
            ownership=said["OWNERSHIP"],
            **_value(facts),
            **_dates(facts),
            measure=figure.measure,
            status=figure.status,
            # "The annual rate was -3.8%" over the year before is no growth at an annual rate.
            annualized=figure.annualized and not _is_year_on_year(facts),
            adjustment=figure.adjustment,
            approximate=figure.approximate,
            text=source.text[start:end],
            start=start,
            end=end,
            spans={
                "value": (figure.start, figure.end),
                **{label.lower(): (m.start, m.end) for label, m in sorted(roles.items())},
            },
            inherited=tuple(sorted(outside)),
            confidence=round(figure.probability * self._doubt(facts), 3),
        )

    def _doubt(self, facts: _Facts) -> float:
        """Return what contradictions leave of the confidence, as a factor."""
        found = find_contradictions(
            facts.percentage,
            facts.figure.direction,
            facts.period,
            facts.baseline.period if facts.baseline else None,
            published=self.source.published,
            expected=facts.figure.status == "expected",
        )
        return doubt(found)


def _name(source: Source, mention: Mention) -> str:
    """Return the words of a name, without its article."""
    return _ARTICLE.sub("", source.words(mention))


def _settle_sales(indicator: str, good: str | None, branch: str | None) -> str:
    """Tell sales apart: those of a good are its consumption, those of shops retail sales."""
    if indicator != "turnover":
        return indicator
    if good:
        return "consumption"
    return "retail_sales" if branch and read_indicator(branch) == "retail_sales" else "turnover"


def _distance(figure: Figure, mention: Mention) -> int:
    return max(mention.start - figure.end, figure.start - mention.end)


def _value(facts: _Facts) -> dict[str, Any]:
    """Return the signed value, its range, unit and direction."""
    percentage, figure = facts.percentage, facts.figure
    sign = 1 if percentage.signed else figure.direction
    value = round(sign * percentage.value, 4) + 0.0
    low = high = None
    if percentage.low is not None and percentage.high is not None:
        ends = (sign * percentage.low, sign * percentage.high)
        low, high = sorted(round(end, 4) + 0.0 for end in ends)
    return {
        "value": value,
        "value_low": low,
        "value_high": high,
        "unit": percentage.unit or "percent",
        "direction": DIRECTIONS[(value > 0) - (value < 0)],
    }


def _is_year_on_year(facts: _Facts) -> bool:
    return facts.baseline is not None and facts.baseline.kind == "year_on_year"


def _dates(facts: _Facts) -> dict[str, Any]:
    period, baseline = facts.period, facts.baseline
    compared = baseline.period if baseline else None
    return {
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "baseline": baseline.kind if baseline else None,
        "baseline_start": compared.start if compared else None,
        "baseline_end": compared.end if compared else None,
    }


def _complete(facts: list[_Facts | None], source: Source) -> list[_Facts | None]:
    """Give a figure told twice, as in headline and body, the period and baseline of its twin."""
    twins: dict[tuple[Any, ...], list[_Facts]] = {}
    told = [_told(fact, source) if fact else () for fact in facts]
    for key, fact in zip(told, facts, strict=True):
        if fact is not None:
            twins.setdefault(key, []).append(fact)
    return [fact and _fill(fact, twins[key]) for key, fact in zip(told, facts, strict=True)]


def _told(facts: _Facts, source: Source) -> tuple[Any, ...]:
    names = [_name(source, m).lower() for m in facts.figure.roles if m.label in DIMENSIONS]
    figure = facts.figure
    return (
        facts.percentage.value,
        facts.percentage.unit,
        figure.direction,
        facts.indicators,
        figure.measure,
        figure.status,
        *names,
    )


def _fill(facts: _Facts, twins: list[_Facts]) -> _Facts:
    for twin in twins:
        agree = twin.period in (None, facts.period) or facts.period is None
        if not agree or twin is facts:
            continue
        if facts.period is None and twin.period is not None and "PERIOD" in twin.roles:
            roles = facts.roles | {"PERIOD": twin.roles["PERIOD"]}
            facts = facts._replace(period=twin.period, roles=roles)
        if facts.baseline is None and twin.baseline is not None:
            found = {"BASELINE": twin.roles["BASELINE"]} if "BASELINE" in twin.roles else {}
            facts = facts._replace(baseline=twin.baseline, roles=facts.roles | found)
    return facts


def find_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around the characters of a figure: up to semicolon, colon or full stop."""
    left = max(0, start - _CLAUSE)
    for match in _EDGE_LEFT.finditer(text, left, start):
        left = match.end()
    after = _EDGE_RIGHT.search(text, end, end + _CLAUSE)
    right = after.start() if after else min(len(text), end + _CLAUSE)
    clause = text[left:right]
    left += len(clause) - len(clause.lstrip())
    return min(left, start), max(left + len(clause.strip()), end)
