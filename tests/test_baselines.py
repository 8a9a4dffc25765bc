from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import read_rows

from iipnlp.baselines import Baseline, implied_baseline, read_baseline
from iipnlp.periods import Period

YEAR_ON_YEAR, PERIOD_ON_PERIOD, FIXED = "year_on_year", "period_on_period", "fixed_period"


def p(sdmx):
    return None if sdmx is None else Period.from_sdmx(sdmx)


def rows(table):
    """One row for each phrasing of each value, named by the phrasing."""
    return [pytest.param(text, value, id=text) for value, texts in table.items() for text in texts]


# --- What the words settle, for whatever period ---------------------------------------------------

KINDS = {
    YEAR_ON_YEAR: [
        "year-on-year",
        "year on year",
        "Year-on-Year",
        "year-over-year",
        "year over year",
        "y/y",
        "Y/Y",
        "y-o-y",
        "yoy",
        "YoY",
        "on-year",
        "on year",
        "on the year",
        "over the year",
        "annual",
        "annually",
        "yearly",
        "on an annual basis",
        "on a yearly basis",
        "in annual terms",
        "annual growth rate",
        "annual change",
        "over 12 months",
        "12-month",
        "over the past year",
        "over the past 12 months",
        "the same period last year",
        "the same period of last year",
        "the same period",
        "over the same period last year",
        "compared to the same period last year",
        "compared with the same period of the previous year",
        "the same month last year",
        "the same month of the previous year",
        "the same month a year ago",
        "the same quarter a year earlier",
        "the same time last year",
        "the same term last year",
        "this time last year",
        "the corresponding period of the previous year",
        "the corresponding month of last year",
        "the corresponding period a year ago",
        "the like period of the previous financial year",
        "the comparable period of the preceding year",
        "a year earlier",
        "a year ago",
        "a year before",
        "from a year earlier",
        "than a year earlier",
        "than a year ago",
        "against a year earlier",
        "one year earlier",
        "the year before",
        "12 months earlier",
        "twelve months earlier",
        "its year-earlier level",
        "the year-ago level",
        "the year-earlier period",
        "last year",
        "last year's level",
        "the level of last year",
        "the previous year",
        "the prior year",
        "the preceding year",
        "last year's same period",
        "fourth quarter over fourth quarter",
        "Q4/Q4",
        "the same point of time last year",
        "the like year-ago period",
        "a year previously",
        "one year back",
        "what it was a year earlier",
        "what they were twelve months earlier",
        "a strong year-ago level",
        "prev. year",
        "tendential",
    ],
    PERIOD_ON_PERIOD: [
        "month-on-month",
        "month on month",
        "month-over-month",
        "m/m",
        "M/M",
        "m-o-m",
        "MoM",
        "on-month",
        "on month",
        "on the month",
        "over the month",
        "monthly",
        "on a monthly basis",
        "quarter-on-quarter",
        "q/q",
        "q-o-q",
        "QoQ",
        "on-quarter",
        "quarterly",
        "on a quarterly basis",
        "quarter-to-quarter",
        "sequentially",
        "on a sequential basis",
        "three months on three months",
        "3m/3m",
        "three-month on three-month",
        "the previous month",
        "from the previous month",
        "over the previous month",
        "compared to the previous month",
        "compared with the preceding month",
        "the month before",
        "a month earlier",
        "a month ago",
        "last month",
        "last month's level",
        "the prior month",
        "the previous quarter",
        "the quarter before",
        "a quarter earlier",
        "the preceding quarter",
        "the previous period",
        "the previous three months",
        "the level of the previous three months",
        "the preceding three-month period",
        "the immediately previous month",
        "quarter on immediately previous quarter",
        "prev. month",
        "the same time last month",
        "the same time of the previous month",
    ],
    FIXED: [
        "the pre-pandemic level",
        "its pre-pandemic level",
        "pre-pandemic levels",
        "the pre-crisis peak",
        "its pre-crisis level",
        "the pre-war level",
        "pre-COVID levels",
        "the pre-Covid-19 level",
        "its peak",
        "its previous peak",
        "the all-time high",
        "its record high",
        "its long-run average",
        "the long-term average",
        "its historical average",
        "its trend",
        "before the pandemic",
        "its peak of early 2001",
        "YTD",
        "year to date",
        "the level before the crisis",
        "two years earlier",
        "two years ago",
        "the same period two years ago",
        "the beginning of the year",
        "the start of the year",
        "the end of last year",
        "since the beginning of the year",
    ],
}


@pytest.mark.parametrize(("text", "kind"), rows(KINDS))
def test_read_baseline_takes_the_kind_from_the_words(text, kind):
    assert read_baseline(text).kind == kind


@pytest.mark.parametrize("text", KINDS[YEAR_ON_YEAR])
@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2025-11", "2024-11"),
        ("2024-02", "2023-02"),
        ("2025-01-01/P11M", "2024-01-01/P11M"),
        ("2025-05-01/P3M", "2024-05-01/P3M"),
        ("2016-04-01/P12M", "2015-04-01/P12M"),
        ("2025-11-01", "2024-11-01"),
    ],
)
def test_year_on_year_is_the_same_months_a_year_before(text, period, before):
    assert read_baseline(text, p(period)) == Baseline(YEAR_ON_YEAR, p(before))


@pytest.mark.parametrize(
    "text",
    [
        "month-on-month",
        "m/m",
        "on-month",
        "the previous month",
        "the month before",
        "last month",
        "a month earlier",
    ],
)
@pytest.mark.parametrize(
    ("period", "before"),
    [("2025-11", "2025-10"), ("2025-01", "2024-12"), ("2025-11-01", "2025-10-01")],
)
def test_month_on_month_is_the_month_before(text, period, before):
    assert read_baseline(text, p(period)) == Baseline(PERIOD_ON_PERIOD, p(before))


@pytest.mark.parametrize(
    "text",
    [
        "q/q",
        "the previous quarter",
        "the quarter before",
        "last quarter",
        "the previous three months",
        "three months earlier",
    ],
)
def test_quarter_on_quarter_is_the_quarter_before(text):
    assert read_baseline(text, p("2025-Q1")) == Baseline(PERIOD_ON_PERIOD, p("2024-Q4"))


# --- What the period beside it settles ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "period", "kind", "before"),
    [
        ("October", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("against October", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("from October", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("October 2025", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("the October level", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("that of October", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("December", "2026-01", PERIOD_ON_PERIOD, "2025-12"),
        ("December last year", "2026-01", PERIOD_ON_PERIOD, "2025-12"),
        ("last December", "2026-01", PERIOD_ON_PERIOD, "2025-12"),
        ("November 2024", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("November last year", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("November of the previous year", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("last November", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("the previous November", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("November a year earlier", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("November", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("October", "2025-Q3", FIXED, "2024-10"),
        ("February 2020", "2025-11", FIXED, "2020-02"),
        ("its February 2020 level", "2025-11", FIXED, "2020-02"),
        ("the level of February 2020", "2025-11", FIXED, "2020-02"),
        ("the pre-pandemic level of February 2020", "2025-11", FIXED, "2020-02"),
        ("the peak of August 2018", "2025-11", FIXED, "2018-08"),
        ("the monthly average of 2014", "2025-11", FIXED, "2014"),
        ("the February 2020 level observed before the pandemic", "2025-11", FIXED, "2020-02"),
        ("the pre-downturn GDP peak in Quarter 1 (Jan to Mar) 2008", "2013-Q2", FIXED, "2008-Q1"),
        ("the same date of 2011", "2013-01-01", FIXED, "2011-01-01"),
        ("the same eight months of 2024", "2025-01-01/P8M", YEAR_ON_YEAR, "2024-01-01/P8M"),
        ("the second", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("the previous three", "2025-05-01/P3M", PERIOD_ON_PERIOD, "2025-02-01/P3M"),
        ("since February", "2025-03", FIXED, "2025-02"),
        ("December 2019", "2025-11", FIXED, "2019-12"),
        ("August 2025", "2025-11", FIXED, "2025-08"),
        ("three months earlier", "2025-11", FIXED, "2025-08"),
        ("two years earlier", "2025-11", FIXED, "2023-11"),
        ("2024", "2025", YEAR_ON_YEAR, "2024"),
        ("1985", "1986", YEAR_ON_YEAR, "1985"),
        ("2024", "2025-01-01/P11M", YEAR_ON_YEAR, "2024-01-01/P11M"),
        ("2024", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("2019", "2025", FIXED, "2019"),
        ("its 2019 average", "2025-11", FIXED, "2019"),
        ("the 2019 average", "2020-11", FIXED, "2019"),
        ("the 1972-2012 average", "2025-11", FIXED, "1972-01-01/P492M"),
        ("the average of the last five years", "2025", FIXED, "2021-01-01/P60M"),
        ("the same period in 2024", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("the same period of 2024", "2025-01-01/P11M", YEAR_ON_YEAR, "2024-01-01/P11M"),
        ("the corresponding period of 2013", "2014-04-01/P8M", YEAR_ON_YEAR, "2013-04-01/P8M"),
        ("the same period in 2019", "2025-11", FIXED, "2019-11"),
        ("the first 11 months of 2024", "2025-01-01/P11M", YEAR_ON_YEAR, "2024-01-01/P11M"),
        ("January-November 2024", "2025-01-01/P11M", YEAR_ON_YEAR, "2024-01-01/P11M"),
        ("the first 11 months of last year", "2025-01-01/P11M", YEAR_ON_YEAR, "2024-01-01/P11M"),
        ("the second quarter", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("Q3", "2025-11", FIXED, "2025-Q3"),
        ("Q3", "2025-Q4", PERIOD_ON_PERIOD, "2025-Q3"),
        ("the half-year before", "2025-S2", PERIOD_ON_PERIOD, "2025-S1"),
        ("the period before", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("qoq sa", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("Nov 24", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("the April before", "2022-04", YEAR_ON_YEAR, "2021-04"),
        ("the one before", "1987-Q1", PERIOD_ON_PERIOD, "1986-Q4"),
        ("the previous one", "2016-04-01/P12M", YEAR_ON_YEAR, "2015-04-01/P12M"),
        ("1.I-30.XI 2015", "2016-01-01/P11M", YEAR_ON_YEAR, "2015-01-01/P11M"),
        ("the fourth quarter", "2026-Q1", PERIOD_ON_PERIOD, "2025-Q4"),
        ("Q2 2025", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("the third quarter of 2024", "2025-Q3", YEAR_ON_YEAR, "2024-Q3"),
        ("the first half", "2025-S2", PERIOD_ON_PERIOD, "2025-S1"),
        ("the three months to March", "2025-Q2", PERIOD_ON_PERIOD, "2025-Q1"),
        ("the three months to February", "2025-03-01/P3M", PERIOD_ON_PERIOD, "2024-12-01/P3M"),
        ("the three months to May 2024", "2025-03-01/P3M", YEAR_ON_YEAR, "2024-03-01/P3M"),
        ("November and December", "2026-01-01/P2M", PERIOD_ON_PERIOD, "2025-11-01/P2M"),
        ("November-December", "2026-01-01/P2M", PERIOD_ON_PERIOD, "2025-11-01/P2M"),
        ("1 October", "2025-11-01", PERIOD_ON_PERIOD, "2025-10-01"),
        ("October", "2025-11-01", PERIOD_ON_PERIOD, "2025-10-01"),
        ("November 2024", "2025-11-01", YEAR_ON_YEAR, "2024-11-01"),
        ("1 November 2024", "2025-11-01", YEAR_ON_YEAR, "2024-11-01"),
        ("amonth-on-month", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("thesame period lastyear", "2025-11", YEAR_ON_YEAR, "2024-11"),
        ("the beginning of the year", "2025-11", FIXED, "2025-01-01"),
        ("the beginning of the year", "2025-01-01/P11M", FIXED, "2025-01-01"),
        ("the end of last year", "2025-11", FIXED, "2024-12-31"),
        ("the end of 2019", "2025-11", FIXED, "2019-12-31"),
        ("since 1980", "1986", FIXED, "1980"),
        ("between January 2015 and December 2017", "2017-12", FIXED, "2015-01"),
        ("between October 2025 and November 2025", "2025-11", PERIOD_ON_PERIOD, "2025-10"),
        ("the pre-pandemic level", "2025-11", FIXED, None),
        ("its previous peak", "2025-11", FIXED, None),
        ("the long-term average", "2025-11", FIXED, None),
        ("its average since 1972", "2012-02", FIXED, None),
        ("the 2018-2019 average", "2025-11", FIXED, "2018-01-01/P24M"),
        ("its July, 2008, peak", "2010-12", FIXED, "2008-07"),
        ("February 2020, when the virus came", "2022-05", FIXED, "2020-02"),
        ("2018, its best year", "2022-05", FIXED, "2018"),
        ("a decade earlier", "2025-11", FIXED, "2015-11"),
        ("its level of a decade ago", "2025-Q3", FIXED, "2015-Q3"),
        ("the two latest three-month periods", "1988-Q1", PERIOD_ON_PERIOD, "1987-Q4"),
        ("the latest three-month periods", "1988-02-01/P3M", PERIOD_ON_PERIOD, "1987-11-01/P3M"),
    ],
)
def test_read_baseline_compares_with_the_period(text, period, kind, before):
    assert read_baseline(text, p(period)) == Baseline(kind, p(before))


@pytest.mark.parametrize(
    ("text", "period", "kind", "before"),
    [
        ("2015-16", "2016-04-01/P12M", YEAR_ON_YEAR, "2015-04-01/P12M"),
        ("2015-16", "2016-04-01/P8M", YEAR_ON_YEAR, "2015-04-01/P8M"),
        ("fiscal 2016", "2016-04-01/P12M", YEAR_ON_YEAR, "2015-04-01/P12M"),
        ("the previous fiscal year", "2016-04-01/P12M", YEAR_ON_YEAR, "2015-04-01/P12M"),
        ("April-November 2015-16", "2016-04-01/P8M", YEAR_ON_YEAR, "2015-04-01/P8M"),
    ],
)
def test_read_baseline_knows_fiscal_years(text, period, kind, before):
    assert read_baseline(text, p(period), country="IN") == Baseline(kind, p(before))


@pytest.mark.parametrize(
    ("text", "period", "published", "kind", "before"),
    [
        # "Last year" of a text from January is the year of the period, where that makes sense.
        ("October last year", "2025-11", date(2026, 1, 6), PERIOD_ON_PERIOD, "2025-10"),
        ("November last year", "2025-11", date(2026, 1, 6), YEAR_ON_YEAR, "2024-11"),
        ("December last year", "1987-01", date(1987, 2, 13), PERIOD_ON_PERIOD, "1986-12"),
        ("last year", "2025-11", date(2026, 1, 6), YEAR_ON_YEAR, "2024-11"),
        ("last month", "2025-11", date(2026, 1, 6), PERIOD_ON_PERIOD, "2025-10"),
        ("October", "2025-11", date(2026, 1, 6), PERIOD_ON_PERIOD, "2025-10"),
    ],
)
def test_read_baseline_weighs_period_and_publication(text, period, published, kind, before):
    assert read_baseline(text, p(period), published=published) == Baseline(kind, p(before))


@pytest.mark.parametrize(
    ("text", "context", "kind"),
    [
        ("the same period in 2024", {"year": 2025}, YEAR_ON_YEAR),
        ("the same period in 2019", {"year": 2025}, FIXED),
        ("the same period in 2024", {"published": date(2026, 1, 6)}, YEAR_ON_YEAR),
        ("the same period in 2019", {"published": date(2026, 1, 6)}, FIXED),
        ("October last year", {}, YEAR_ON_YEAR),
    ],
)
def test_read_baseline_without_a_period_leans_on_the_document(text, context, kind):
    assert read_baseline(text, **context) == Baseline(kind, None)


# --- What is no baseline, or not a settled one ----------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the",
        "the first estimate",
        "the previous estimate",
        "the preliminary estimate",
        "previously reported",
        "the revised figure",
        "expectations",
        "analysts' forecasts",
        "the plan",
        "the target",
        "the national average of 4%",
        "annual rate",
        "an annual rate",
        "at an annual rate",
        "annualized",
        "week on week",
        "w/w",
        "page 2",
        "Comment (0)",
        "14 of 23 groups",
        "1.2 million",
        "4%",
        "the euro area",
        "manufacturing",
        "the level",
        "its",
        "the previous",
        "the period",
        "year-on-month",
    ],
)
def test_read_baseline_reads_nothing_into_look_alikes(text):
    assert read_baseline(text, p("2025-11"), published=date(2026, 1, 6), year=2025) is None


@pytest.mark.parametrize(
    "text",
    [
        "October",
        "November 2024",
        "2024",
        "the second quarter",
        "three months earlier",
        "the same period in 2024",
    ],
)
def test_read_baseline_never_guesses_a_kind(text):
    assert read_baseline(text) is None


@pytest.mark.parametrize(
    "text", ["November 2025", "December 2025", "2026", "the fourth quarter of 2025"]
)
def test_a_baseline_is_before_its_period(text):
    assert read_baseline(text, p("2025-10") if "fourth" in text else p("2025-11")) is None


@pytest.mark.parametrize(
    ("kind", "period", "before"),
    [
        (YEAR_ON_YEAR, "2024-02", "2023-02"),
        (PERIOD_ON_PERIOD, "2024-01", "2023-12"),
        (PERIOD_ON_PERIOD, "2025-Q1", "2024-Q4"),
        (FIXED, "2024-02", None),
        (YEAR_ON_YEAR, None, None),
        (PERIOD_ON_PERIOD, None, None),
    ],
)
def test_implied_baseline_dates_the_usual_kinds(kind, period, before):
    assert implied_baseline(kind, p(period)) == Baseline(kind, p(before))


# --- Properties -----------------------------------------------------------------------------------

days = st.dates(date(1950, 1, 1), date(2050, 12, 31))
months = st.integers(0, 12 * 100 - 1).map(lambda i: date(1950 + i // 12, i % 12 + 1, 1))


@st.composite
def periods(draw):
    if draw(st.booleans()):
        return p(f"{draw(months).isoformat()}/P{draw(st.integers(1, 12))}M")
    day = draw(days)
    return Period(day, day)


@given(st.sampled_from(KINDS[YEAR_ON_YEAR]), periods(), st.integers(-40, 40))
def test_shifting_a_period_by_years_shifts_its_year_on_year_baseline(text, period, years):
    shifted = read_baseline(text, period.shift_years(years))
    assert shifted.period == read_baseline(text, period).period.shift_years(years)


@given(st.sampled_from(KINDS[PERIOD_ON_PERIOD] + KINDS[FIXED][:-4]), periods())
def test_the_period_never_changes_the_kind_that_words_settle(text, period):
    baseline = read_baseline(text, period)
    usual = {YEAR_ON_YEAR} if period.months == 12 else set()
    assert baseline.kind in {read_baseline(text).kind} | usual


WORDS = """the same previous last month quarter year on over earlier ago October November 2024 2019 average level peak
pre pandemic of three months to y/y since between and end beginning its compared with FY24 2015-16 - / 12""".split()


@given(st.text(max_size=300), st.none() | periods())
def test_no_text_raises(text, period):
    read_baseline(text, period, published=date(2026, 1, 6), country="IN")


@given(st.lists(st.sampled_from(WORDS), max_size=10), periods())
def test_no_heap_of_baseline_words_raises(words, period):
    text = " ".join(words)
    read_baseline(text, year=2025)
    baseline = read_baseline(text, period, published=date(2026, 1, 6), country="JP")
    assert (
        baseline is None or baseline.period is None or baseline.period.start <= baseline.period.end
    )


@pytest.mark.parametrize("piece", ["the previous ", "y/", "average ", "- "])
def test_long_input_is_refused(piece):
    assert read_baseline(piece * 100_000) is None


@pytest.mark.parametrize(
    ("text", "own", "kind", "sdmx"),
    [
        ("yy", "2025-10", YEAR_ON_YEAR, "2024-10"),
        ("mm sa", "2025-10", PERIOD_ON_PERIOD, "2025-09"),
        ("qq", "2025-Q3", PERIOD_ON_PERIOD, "2025-Q2"),
        ("on the mth", "2025-10", PERIOD_ON_PERIOD, "2025-09"),
        ("2019 avg", "2025-10", FIXED, "2019"),
        ("the previous corresponding period", "2024-S2", YEAR_ON_YEAR, "2023-S2"),
        ("in relation to the same month of 2024", "2025-09", YEAR_ON_YEAR, "2024-09"),
        ("2023-24", "2024-04-01/P12M", YEAR_ON_YEAR, "2023-04-01/P12M"),
        ("2023-24", "2024", None, None),
        ("2023-24", "2024-11-01/P12M", None, None),
        ("the rest of the year", "2025-11", None, None),
        # A list is no date with what is told of it, nor is a part of several years both of them.
        ("the first, second and third quarters of 2024", "2024-Q4", None, None),
        ("April, May and the second quarter of 2024", "2024-Q3", None, None),
        ("the average of the first quarter of 2018-2019", "2025-Q1", FIXED, None),
        ("half a decade ago", "2025-11", None, None),
        ("the average of the previous three months", "2025-11", FIXED, "2025-08-01/P3M"),
        ("the average of the previous three months", "2025-Q4", PERIOD_ON_PERIOD, "2025-Q3"),
    ],
)
def test_shorthand_and_averages(text, own, kind, sdmx):
    expected = None if kind is None else Baseline(kind, p(sdmx))
    assert read_baseline(text, p(own)) == expected


def test_mentions_set_aside_read_as_their_baselines():
    missed = []
    for mention, own, published, *expected in read_rows("baselines.tsv"):
        day = None if published == "-" else date.fromisoformat(published)
        read = read_baseline(
            mention, Period(*map(date.fromisoformat, own.split("/"))), published=day
        )
        dates = (read.period.start, read.period.end) if read and read.period else ("null", "null")
        if [read.kind if read else "null", *map(str, dates)] != expected:
            missed.append(mention)
    assert missed == []
