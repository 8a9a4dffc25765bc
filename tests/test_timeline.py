from datetime import date

import pytest
from markup import mark

from iipnlp.annotations import Mention, get_figures, get_mentions
from iipnlp.periods import Period, read_period
from iipnlp.timeline import Source, Timeline, find_aside, settle_kind, shift


def make_timeline(marked, published=None, country=None):
    doc = mark(marked, published, country)
    source = Source(doc.text, date.fromisoformat(published) if published else None, country)
    mentions = [mention for mention in get_mentions(doc) if mention.label == "PERIOD"]
    figures = get_figures(doc)
    return Timeline(source, mentions, find_aside(figures)), mentions, figures


def months(*periods):
    return [
        period and (period.start.isoformat()[:7], period.end.isoformat()[:7]) for period in periods
    ]


@pytest.mark.parametrize(
    ("marked", "published", "wanted"),
    [
        # The year comes from the mention, the text, the day of publication.
        ("[October 2024](p) and [September](p)", None, ["2024-10", "2024-09"]),
        ("[October](p) and [September](p)", "2024-11-30", ["2024-10", "2024-09"]),
        ("[October](p)", None, [None]),
        # A mention leans on the one before it.
        ("[May 2024](p); [the month](p); [a year earlier](p)", None, ["2024-05", "2024-05", "2023-05"]),
        # It rather repeats what was told than names a part of what was told last.
        ("[Q1 2025](p); [2024](p); [the quarter](p)", None, ["2025-03", "2024-12", "2025-03"]),
        ("[April-July 2024](p); [May 2024](p); [the four months](p)", None, ["2024-07", "2024-05", "2024-07"]),
        ("[April-July 2024](p); [May 2024](p); over [4 months](p)", None, ["2024-07", "2024-05", "2024-07"]),
        ("[2008](p); [2006](p); [the last three months of the year](p)", None, ["2008-12", "2006-12", "2006-12"]),
        ("[May 2024](p); [Q1 2023](p); [the month](p)", None, ["2024-05", "2023-03", "2023-03"]),
        # What trails ends where the report ends.
        ("[May 2024](p); [March](p); [the last three months](p)", None, ["2024-05", "2024-03", "2024-05"]),
        ("[May 2024](p); [March](p); [the year to date](p)", None, ["2024-05", "2024-03", "2024-05"]),
        # A day is no month.
        ("[August 2022](p); [1 August](p); [the month](p)", None, ["2022-08", "2022-08", "2022-08"]),
        ("[Q1 2025](p); [the end of March](p); [the quarter](p)", None, ["2025-03", "2025-03", "2025-03"]),
        ("[H1 2019](p); [the second half of 2018](p); [the half-year](p)", None, ["2019-06", "2018-12", "2019-06"]),
        # A year given only to what is long past is not the year of the report.
        ("[the ten months](p) against [the first ten months of 2018](p)", "2019-10-30", ["2019-10", "2018-10"]),
        ("[the ten months](p) against [the first ten months of 2018](p)", None, ["2018-10", "2018-10"]),
        # What stands before a mention may be a part of it.
        ("[August 2024](p); since [the start of the year](p)", None, ["2024-08", "2024-08"]),
        ("[Q2 2024](p); [July](p); [the third](p)", "2024-10-20", ["2024-06", "2024-07", "2024-09"]),
        ("[the first quarter of 2024](p); [May](p); [the second](p)", "2024-07-20", ["2024-03", "2024-05", "2024-06"]),
        ("[August 2024](p); from [the beginning of the year](p)", None, ["2024-08", "2024-08"]),
        ("[August 2024](p); by [the start of the year](p)", None, ["2024-08", "2024-01"]),
        ("[October 1997](p); for [1997](p); [the year to date](p)", "1997-11-05", ["1997-10", "1997-12", "1997-10"]),
        ("[January-June](p); for [1998](p); [the half-year](p)", "1998-07-03", ["1998-06", "1998-12", "1998-06"]),
        ("[August 2024](p); from [the beginning of the year to July](p)", None, ["2024-08", "2024-07"]),
        ("[August 2024](p); from [the beginning of the second quarter](p)", None, ["2024-08", "2024-04"]),
        ("[August 2024](p); [1 January 2025](p); [this year](p)", None, ["2024-08", "2025-01", "2024-12"]),
        # What is still to come by one reading is read by another.
        ("[January 2025](p) after [December](p)", "2025-03-02", ["2025-01", "2024-12"]),
    ],
)  # fmt: skip
def test_mentions_are_dated_in_the_light_of_those_before(marked, published, wanted):
    timeline, mentions, _ = make_timeline(marked, published)
    found = [timeline.read(mention) for mention in mentions]
    assert [period and period.end.isoformat()[:7] for period in found] == wanted


def test_a_month_after_a_day_is_whole():
    timeline, mentions, _ = make_timeline("[August 2022](p) and [1 August](p) in [the month](p)")
    assert months(timeline.read(mentions[-1])) == [("2022-08", "2022-08")]
    assert timeline.read(mentions[-1]).end.day == 31


def test_nothing_leans_on_an_aside():
    timeline, mentions, _ = make_timeline(
        "[May 2024](p1) [2%](+ p1 yy) ([April 2023](p2): [3%](+ ^ p2)); in [the month](p3) [4%](+ p3 yy)"
    )
    assert months(timeline.read(mentions[-1])) == [("2024-05", "2024-05")]


@pytest.mark.parametrize(
    ("year", "last"),
    [
        ("2024", "2024-11"),
        ("the whole of 2024", "2024-12"),
        ("all of 2024", "2024-12"),
        ("2024 as a whole", "2024-12"),
        ("the full year 2024", "2024-12"),
    ],
)
def test_a_year_beside_months_is_the_same_months_of_that_year_unless_it_is_whole(year, last):
    timeline, _, figures = make_timeline(
        f"[The first 11 months of 2025](p1) [0.9%](+ p1 yy) (in [{year}](p2) [6.7%](- ^ p2 yy))"
    )
    assert months(*timeline.date(figures)) == [("2025-01", "2025-11"), ("2024-01", last)]


@pytest.mark.parametrize(("token", "wanted"), [("ly", "2023-05"), ("lp", "2024-04")])
def test_a_shifted_comparative_is_dated_from_its_host(token, wanted):
    timeline, _, figures = make_timeline(f"[May 2024](p1) [2%](+ p1 yy) after [3%](+ ^ {token} yy)")
    assert timeline.date(figures)[1].end.isoformat()[:7] == wanted


def test_a_comparative_without_a_dated_host_has_no_date():
    timeline, _, figures = make_timeline("[2%](+ yy) after [3%](+ ^ ly yy)")
    assert timeline.date(figures) == [None, None]


def test_the_anchor_is_the_latest_period_dated_by_itself():
    timeline, _, _ = make_timeline("[2023](p), [March 2024](p), [2030](p)", "2024-04-20")
    assert months(timeline.anchor) == [("2024-03", "2024-03")]


def test_words_of_a_mention_have_no_line_breaks():
    source = Source("the first\n   two months", None, None)
    assert source.words(Mention(0, len(source.text), "PERIOD")) == "the first two months"


@pytest.mark.parametrize(
    ("kind", "words", "wanted"),
    [
        ("period_on_period", "2024", "year_on_year"),
        (None, "2024", "year_on_year"),
        (None, "the first 11 months of 2024", "year_on_year"),
        ("period_on_period", "the first quarter of 2024", "period_on_period"),
        ("period_on_period", "May 2024", "period_on_period"),
        ("fixed_period", "2024", "fixed_period"),
        (None, "May 2024", None),
    ],
)
def test_a_period_may_make_the_kind_plain(kind, words, wanted):
    assert settle_kind(kind, read_period(words)) == wanted


def test_no_period_leaves_the_kind():
    assert settle_kind("period_on_period", None) == "period_on_period"


def test_fixed_baseline_of_the_months_since_january_has_its_phrase():
    period = read_period("the first ten months of 2024")
    assert settle_kind("fixed_period", period) == "fixed_period"
    assert settle_kind("fixed_period", period, said=False) == "year_on_year"
    assert settle_kind("fixed_period", read_period("May 2024"), said=False) == "fixed_period"


def test_shifts():
    quarter = Period(date(2024, 1, 1), date(2024, 3, 31))
    assert months(shift(quarter, "year"), shift(quarter, "period"), shift(None, "year")) == [
        ("2023-01", "2023-03"),
        ("2023-10", "2023-12"),
        None,
    ]


@pytest.mark.parametrize(
    ("marked", "published", "wanted"),
    [
        # "The same period" beside its host is the year before; named again, it is the same one.
        ("[Ten months of 2023](p1) [0.5%](+ p1 yy) ([same period](p2): [5.3%](+ ^ p2))", None, ("2022-01", "2022-10")),
        ("[May 2023](p1) [0.5%](+ p1 yy) (first estimate for [May](p2): [0.3%](+ ^ old p2))", None, ("2023-05", "2023-05")),
        # Beside twelve months to October a month stands for the twelve months to it.
        ("[The last 12 months to October 2019](p1) [1.3%](- p1 yy) ([September](p2): [1.4%](- ^ p2))", None, ("2018-10", "2019-09")),
        ("[2019](p1) [1.3%](- p1 yy) ([December 2019](p2): [1.4%](- ^ p2))", None, ("2019-12", "2019-12")),
    ],
)  # fmt: skip
def test_a_comparative_is_as_long_as_its_host(marked, published, wanted):
    timeline, _, figures = make_timeline(marked, published)
    assert months(*timeline.date(figures))[1] == wanted


def test_a_forecast_is_dated_after_the_report_not_after_another_forecast():
    timeline, _, figures = make_timeline(
        "[June 2013](p1) [3.3%](- p1 pp); [6.2%](+ exp p2 pp) in [July](p2), [0.7%](- exp p3 pp) in [August](p3)"
    )
    assert [period.end.isoformat()[:7] for period in timeline.date(figures)] == [
        "2013-06",
        "2013-07",
        "2013-08",
    ]
