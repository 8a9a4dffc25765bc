from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import read_rows

from iipnlp.periods import Period, read_period


def rows(table):
    """One row for each phrasing of each value, named by the phrasing."""
    return [
        pytest.param(text, value, id=" ".join(text.split()))
        for value, texts in table.items()
        for text in texts
    ]


def read_sdmx(text, **context):
    period = read_period(text, **context)
    return None if period is None else period.to_sdmx()


# --- The value ------------------------------------------------------------------------------------


def p(sdmx):
    return Period.from_sdmx(sdmx)


@pytest.mark.parametrize(
    ("start", "end", "sdmx"),
    [
        (date(2025, 11, 1), date(2025, 11, 30), "2025-11"),
        (date(2025, 7, 1), date(2025, 9, 30), "2025-Q3"),
        (date(2025, 1, 1), date(2025, 6, 30), "2025-S1"),
        (date(2025, 7, 1), date(2025, 12, 31), "2025-S2"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2025, 1, 1), date(2025, 11, 30), "2025-01-01/P11M"),
        (date(2025, 2, 1), date(2025, 4, 30), "2025-02-01/P3M"),
        (date(2016, 4, 1), date(2017, 3, 31), "2016-04-01/P12M"),
        (date(2012, 1, 1), date(2015, 12, 31), "2012-01-01/P48M"),
        (date(2026, 1, 1), date(2026, 1, 1), "2026-01-01"),
        (date(2025, 12, 1), date(2025, 12, 15), "2025-12-01/P15D"),
    ],
)
def test_period_is_written_as_sdmx_and_read_back(start, end, sdmx):
    assert Period(start, end).to_sdmx() == sdmx
    assert Period.from_sdmx(sdmx) == Period(start, end)


@pytest.mark.parametrize(
    "text", ["", "2025-Q3 ", "Q3 2025", "25-01", "2025-01-01/P0X", "2025-13-01"]
)
def test_period_refuses_what_is_no_sdmx_period(text):
    with pytest.raises(ValueError):
        Period.from_sdmx(text)


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        ("2025-11", -1, "2024-11"),
        ("2024-02", -1, "2023-02"),
        ("2023-02", 1, "2024-02"),
        ("2025-Q1", -5, "2020-Q1"),
        ("2024-01-01/P2M", -1, "2023-01-01/P2M"),
        ("2024-02-29", -1, "2023-02-28"),
        ("2025-11-01", -1, "2024-11-01"),
        ("2025", -1, "2024"),
    ],
)
def test_shift_years_keeps_the_months(before, years, after):
    assert p(before).shift_years(years).to_sdmx() == after


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2025-11", "2025-10"),
        ("2025-01", "2024-12"),
        ("2024-03", "2024-02"),
        ("2025-Q1", "2024-Q4"),
        ("2025-S2", "2025-S1"),
        ("2025", "2024"),
        ("2016-04-01/P12M", "2015-04-01/P12M"),
        ("2025-05-01/P3M", "2025-02-01/P3M"),
        ("2026-01-01/P2M", "2025-11-01/P2M"),
        ("2026-01-01", "2025-12-01"),
        ("2025-03-31", "2025-02-28"),
        ("2025-12-01/P15D", "2025-11-16/P15D"),
    ],
)
def test_previous_is_as_long_and_just_before(period, before):
    assert p(period).previous().to_sdmx() == before


def test_following_undoes_previous():
    assert p("2025-Q1").previous().following() == p("2025-Q1")


@pytest.mark.parametrize(
    ("period", "year", "moved"),
    [
        ("2025-01-01/P11M", 2024, "2024-01-01/P11M"),
        ("2025-11", 2019, "2019-11"),
        ("2025-12-01/P3M", 2025, "2024-12-01/P3M"),
        ("2024-02", 2023, "2023-02"),
    ],
)
def test_in_year_keeps_the_months(period, year, moved):
    assert p(period).in_year(year).to_sdmx() == moved


@pytest.mark.parametrize(
    ("period", "months"),
    [("2025-11", 1), ("2025-Q2", 3), ("2025", 12), ("2025-11-01", None), ("2025-12-01/P15D", None)],
)
def test_months_are_whole(period, months):
    assert p(period).months == months


# --- Mentions that say all themselves -------------------------------------------------------------

DATED = {
    "2025-11": [
        "November 2025",
        "in November 2025",
        "In NOVEMBER 2025",
        "november, 2025",
        "Nov 2025",
        "Nov. 2025",
        "Nov-2025",
        "Nov-25",
        "Nov'25",
        "Nov ’25",
        "November of 2025",
        "the month of November 2025",
        "November\n2025",
        "2025 November",
        "2025-11",
        "11/2025",
        "month 11 of 2025",
        "the eleventh month of 2025",
        "the 11th month of 2025",
        "during November 2025",
        "for November 2025",
        "at November 2025",
        "November (2025)",
        "November 2025 alone",
        "XI 2025",
        "XI.2025",
        "month XI of 2025",
        "2025M11",
        "2025-M11",
    ],
    "2021-Q1": ["Jan-Mar 2021"],
    "2018-09": ["September 2018", "Sept 2018", "Sept. 2018", "Sep 2018", "sep-18"],
    "2025-Q3": [
        "Q3 2025",
        "Q3/2025",
        "Q3-2025",
        "Q3'25",
        "3Q25",
        "3Q 2025",
        "3Q2025",
        "QIII 2025",
        "QIII/2025",
        "Q.3/2025",
        "Q3 2025 (p)",
        "quarter 3 2025",
        "quarter III of 2025",
        "III quarter 2025",
        "IIIQ 2025",
        "2025-Q3",
        "2025Q3",
        "July, August and September 2025",
        "the three months of July, August and September 2025",
        "the three-month moving average to September 2025",
        "the rolling quarter to September 2025",
        "the third quarter of 2025",
        "third quarter 2025",
        "third-quarter 2025",
        "the 3rd quarter of 2025",
        "2025 third quarter",
        "2025's third quarter",
        "July-September 2025",
        "July to September 2025",
        "July–September 2025",
        "July through September 2025",
        "between July and September 2025",
        "from July to September 2025",
        "the three months from July to September 2025",
        "the July-September quarter of 2025",
        "the July-September period of 2025",
        "the September quarter of 2025",
        "the September 2025 quarter",
        "the three months to September 2025",
        "three months ended September 30, 2025",
        "the quarter ended September 2025",
        "the quarter ending 30 September 2025",
        "Jul-Sep 2025",
        "Jul.-Sept. 2025",
        "3-month period to September 2025",
        "the three-month period ended September 2025",
    ],
    "2024-Q4": [
        "the fourth quarter of 2024",
        "the final quarter of 2024",
        "the last quarter of 2024",
        "the last three months of 2024",
        "the final three months of 2024",
        "4Q24",
        "Q4 2024",
    ],
    "2025-S1": [
        "the first half of 2025",
        "first-half 2025",
        "H1 2025",
        "1H25",
        "1H 2025",
        "H1/2025",
        "the first six months of 2025",
        "the first 6 months of 2025",
        "6 months of 2025",
        "6M 2025",
        "6M/2025",
        "6M25",
        "January-June 2025",
        "the first half-year of 2025",
        "the first two quarters of 2025",
        "the six months to June 2025",
        "the half-year to June 2025",
        "first semester of 2025",
        "Q1-Q2 2025",
        "the first half of the year 2025",
    ],
    "2025-S2": ["the second half of 2025", "H2 2025", "2H25", "the last six months of 2025"],
    "2025-01-01/P11M": [
        "the first 11 months of 2025",
        "the first 11\nmonths of 2025",
        "In the first eleven months of 2025",
        "first 11 months 2025",
        "11 months of 2025",
        "11 months 2025",
        "11M 2025",
        "11M/2025",
        "11M2025",
        "11M25",
        "January-November 2025",
        "January to November 2025",
        "January through November 2025",
        "from January to November 2025",
        "between January and November 2025",
        "Jan-Nov 2025",
        "Jan.-Nov. 2025",
        "January - November 2025",
        "January—November 2025",
        "the period January-November 2025",
        "the period from January to November 2025",
        "the January-November 2025 period",
        "the 11 months to November 2025",
        "the 11 months ended November 2025",
        "the first 11 months of the year 2025",
        "2025's first 11 months",
        "January 2025 to November 2025",
        "January 2025-November 2025",
        "the first 11 months of 2025 combined",
        "1.I-30.XI 2025",
        "1.I – 30.XI.2025",
    ],
    "2025-01-01/P9M": [
        "the first three quarters of 2025",
        "the first nine months of 2025",
        "9M 2025",
        "Q1-Q3 2025",
        "the first to the third quarter of 2025",
        "three quarters of 2025",
    ],
    "2023-04-01/P8M": [
        "April-November 2023",
        "Apr-Nov 2023",
        "April to November 2023",
        "April-November 2023-24",
    ],
    "2025-01-01/P2M": [
        "January/February 2025",
        "January and February 2025",
        "January & February 2025",
        "January-February 2025",
        "the first two months of 2025",
        "the first 2 months of 2025",
    ],
    "2023-12-01/P3M": [
        "December 2023-February 2024",
        "December-February 2024",
        "December 2023 to February 2024",
        "December to February 2024",
        "the three months to February 2024",
        "the three months to end-February 2024",
        "the three months to the end of February 2024",
        "three months through February 2024",
        "three months to 29 February 2024",
        "December 2023 to February",
    ],
    "2024": [
        "2024",
        "in 2024",
        "the year 2024",
        "the whole of 2024",
        "the full year 2024",
        "full-year 2024",
        "2024 as a whole",
        "calendar 2024",
        "calendar year 2024",
        "all of 2024",
        "January-December 2024",
        "the 12 months of 2024",
        "12 months 2024",
        "the 12 months to December 2024",
        "the year to December 2024",
        "the year ended December 31, 2024",
    ],
    "2016-04-01/P12M": [
        "April-March 2016-17",
        "April 2016-March 2017",
        "April 2016 to March 2017",
        "the 12 months to March 2017",
        "twelve months ending March 2017",
        "the year to March 2017",
        "the fiscal year ended March 2017",
        "the financial year ended 31 March 2017",
        "the fiscal year that ended in March 2017",
        "the year ending March 31, 2017",
    ],
    "2014-Q1": ["January-March 2013-14", "January-March 2014"],
    "2011": [
        "fourth quarter over fourth quarter in 2011",
        "Q4/Q4 2011",
        "the fourth quarter of 2011 over the fourth quarter",
        "from the fourth quarter of 2010 to the fourth quarter of 2011",
    ],
    "2017-12": ["between January 2015 and December 2017", "from January 2015 to December 2017"],
    "1985": ["1985", "between 1980 and 1985"],
    "2012-01-01/P48M": ["2012-15", "2012-2015", "2012–2015"],
    "2025-11-01": [
        "as of 1 November 2025",
        "as of November 1, 2025",
        "as of November 1st, 2025",
        "as at 1 November 2025",
        "on 1st November 2025",
        "at the 1st of November 2025",
        "1 Nov 2025",
        "2025-11-01",
        "the beginning of November 2025",
        "the start of November 2025",
    ],
    "2025-11-15": ["15 November 2025", "as of 15/11/2025", "11/15/2025", "15.11.2025"],
    "2019-12-31": [
        "the end of 2019",
        "end-2019",
        "end of 2019",
        "at the end of December 2019",
        "year-end 2019",
    ],
    "2024-02-29": ["the end of February 2024", "end-February 2024", "29 February 2024"],
    "2025-01-01/P349D": ["from 1 January to 15 December 2025", "January 1 to December 15, 2025"],
}


@pytest.mark.parametrize(("text", "sdmx"), rows(DATED))
def test_read_period_reads_a_dated_mention(text, sdmx):
    assert read_sdmx(text) == sdmx


@pytest.mark.parametrize(("text", "sdmx"), rows(DATED))
def test_read_period_prefers_the_mention_to_its_context(text, sdmx):
    context = {"published": date(1987, 3, 27), "reference": p("1987-02"), "year": 1986}
    assert read_sdmx(text, **context) == sdmx


@pytest.mark.parametrize(
    ("text", "sdmx"),
    [
        ("Mar 21", "2021-03"),
        ("Mar. 21", "2021-03"),
        ("Mar'21", "2021-03"),
        ("Mar-21", "2021-03"),
        ("in Mar 21", "2021-03"),
        ("Jan-Mar 21", "2021-Q1"),
        ("March 21", None),
        ("on Mar 21", None),
    ],
)
def test_two_figures_after_a_short_month_are_a_year(text, sdmx):
    assert read_sdmx(text) == sdmx


# --- Mentions that the day of publication dates ---------------------------------------------------

PUBLISHED_JANUARY_2026 = {
    "2025-11": [
        "November",
        "in November",
        "Nov",
        "last November",
        "November last year",
        "the eleventh month",
    ],
    "2025-12": [
        "December",
        "last December",
        "December last year",
        "last month",
        "December of last year",
    ],
    "2025-01": ["January of last year", "January last year"],
    "2025-Q4": [
        "the fourth quarter",
        "Q4",
        "4Q",
        "QIV",
        "last quarter",
        "October-December",
        "the last quarter of last year",
    ],
    "2025-Q3": [
        "the third quarter",
        "the three months to September",
        "the three months between July and September",
    ],
    "2025-01-01/P11M": [
        "the first 11 months",
        "11 months",
        "11M",
        "January-November",
        "the first 11 months of the year",
        "the first 11 months of this year",
        "the first 11 months of last year",
    ],
    "2025-S1": ["the first half", "H1", "the first six months", "first half of the year"],
    "2024-12-01/P3M": ["December to February"],
    "2025": ["last year", "the first four quarters", "the whole of last year"],
    "2026": ["this year", "the current year"],
    "2024": ["the year before last"],
    "2027": ["next year"],
    "2026-01": ["this month", "the current month"],
    "2026-02": ["next month"],
    "2026-Q1": ["this quarter"],
    "2025-11-01": ["as of 1 November", "November 1"],
    "2026-01-01": ["as of 1 January", "as of January 1st", "the beginning of this year"],
    "2025-12-31": ["the end of last year", "end-December", "31 December"],
    "2024-02-01/P12M": ["the 12 months to January", "the 12 months to end-January"],
    "2024-12-01/P12M": [
        "the 12 months to November",
        "the year to November",
        "12 months through November",
    ],
}


@pytest.mark.parametrize(("text", "sdmx"), rows(PUBLISHED_JANUARY_2026))
def test_read_period_counts_back_from_publication(text, sdmx):
    assert read_sdmx(text, published=date(2026, 1, 6)) == sdmx


@pytest.mark.parametrize(
    ("text", "published", "sdmx"),
    [
        ("In December", date(1987, 3, 27), "1986-12"),
        ("February", date(1987, 3, 27), "1987-02"),
        ("last year", date(1987, 2, 13), "1986"),
        ("last month", date(1987, 1, 15), "1986-12"),
        ("last quarter", date(1987, 1, 15), "1986-Q4"),
        ("in August", date(2023, 9, 2), "2023-08"),
        # The flash estimate of a month is out before its end; early in a month nobody can tell of it.
        ("August", date(2023, 8, 29), "2023-08"),
        ("the first eight months", date(2023, 8, 29), "2023-01-01/P8M"),
        ("August", date(2023, 8, 2), "2022-08"),
        ("as of 1 August", date(2023, 8, 2), "2023-08-01"),
        # A day may be told of shortly before it has come.
        ("as of 3 August", date(2023, 8, 2), "2023-08-03"),
        ("as of 1 August", date(2023, 7, 29), "2023-08-01"),
        ("as of 6 August", date(2023, 8, 2), "2022-08-06"),
        ("29 February", date(2024, 3, 10), "2024-02-29"),
        ("the first half", date(2025, 6, 2), "2024-S1"),
        # Two figures are a year, unless the text makes them a day or was published before it.
        ("Mar 21", date(2021, 4, 26), "2021-03"),
        ("Mar 20", date(2021, 4, 26), "2020-03"),
        ("on Mar 21", date(2021, 4, 26), "2021-03-21"),
        ("as of Mar 21", date(2021, 4, 26), "2021-03-21"),
        ("March 21", date(2021, 4, 26), "2021-03-21"),
        ("Mar 21st", date(2021, 4, 26), "2021-03-21"),
        ("Dec. 31", date(1988, 1, 12), "1987-12-31"),
        ("the fiscal year that ended in March", date(2016, 5, 12), "2015-04-01/P12M"),
    ],
)
def test_read_period_takes_the_latest_that_publication_allows(text, published, sdmx):
    assert read_sdmx(text, published=published) == sdmx


@pytest.mark.parametrize(
    ("text", "sdmx"),
    [
        ("July", "2025-07"),
        ("June", "2025-06"),
        ("May", "2025-05"),  # not out yet, and nearer than that of the next year
        ("April", "2025-04"),
        ("March", "2026-03"),
        ("the third quarter", "2025-Q3"),
        ("the second half", "2025-S2"),
        ("this year", "2025"),
        ("next year", "2026"),
        ("next month", "2025-07"),
        ("next quarter", "2025-Q3"),
        ("the year", "2025"),
        ("2025-26", None),
        ("next December", "2025-12"),
        ("the coming month", "2025-07"),
    ],
)
def test_read_period_looks_ahead_in_a_forecast(text, sdmx):
    assert read_sdmx(text, published=date(2025, 6, 20), ahead=True) == sdmx


@pytest.mark.parametrize(
    ("text", "reference", "sdmx"),
    [
        ("November", "2019-10", "2019-11"),
        ("December", "2019-10", "2019-12"),
        ("October", "2019-10", "2019-10"),
        ("the fourth quarter", "2019-Q3", "2019-Q4"),
        ("November", "2018-12", "2019-11"),
        ("October", "2018-12", "2019-10"),
        ("September", "2018-12", "2020-09"),
        ("September", "2019", "2020-09"),
    ],
)
def test_a_forecast_goes_on_from_the_last_period_told(text, reference, sdmx):
    context = {"published": date(2019, 12, 13), "reference": p(reference), "ahead": True}
    assert read_sdmx(text, **context) == sdmx


# --- Mentions that lean on another period ---------------------------------------------------------

BESIDE_NOVEMBER_2025 = {
    "2025-11": [
        "the month",
        "in the month",
        "the reference month",
        "the reporting month",
        "the month under review",
        "the same month",
        "that month",
        "the period",
        "the reviewed period",
        "the reference period",
        "the reporting period",
        "the same period",
        "the latest month",
        "November",
    ],
    "2025-10": [
        "the month before",
        "the previous month",
        "the preceding month",
        "the prior month",
        "a month earlier",
        "a month ago",
        "one month earlier",
        "the month earlier",
        "October",
        "the previous October",
        "the previous period",
    ],
    "2025-12": ["the following month", "a month later", "the month after"],
    "2024-11": [
        "a year earlier",
        "a year ago",
        "a year before",
        "one year earlier",
        "the year before",
        "the year-earlier period",
        "the year-ago month",
        "12 months earlier",
        "twelve months ago",
        "the same month a year earlier",
        "the same month last year",
        "the same month of last year",
        "the same month of the previous year",
        "the same period last year",
        "the same period of last year",
        "the same period of the previous year",
        "the corresponding period of the previous year",
        "the corresponding month of the preceding year",
        "the like period of the previous financial year",
        "the comparable period a year ago",
        "the same period in 2024",
        "the same month of 2024",
        "the same time last year",
        "this time last year",
        "last year's same period",
        "November last year",
        "November of the previous year",
        "November a year earlier",
        "the previous November",
        "last November",
    ],
    "2023-11": [
        "two years earlier",
        "two years ago",
        "24 months earlier",
        "the same period in 2023",
    ],
    "2019-11": ["the same period of 2019", "the corresponding month in 2019"],
    "2025-08": ["three months earlier", "three months ago"],
    "2025-09-01/P3M": [
        "the latest three months",
        "the past three months",
        "the last three months",
        "the past 3 months",
    ],
    "2025-08-01/P3M": ["the previous three months", "the preceding three months"],
    "2024-12-01/P12M": [
        "the past year",
        "the past 12 months",
        "the last 12 months",
        "the latest twelve months",
    ],
    "2025-Q4": ["the quarter", "the current quarter"],
    "2025-Q3": [
        "the previous quarter",
        "the quarter before",
        "a quarter earlier",
        "the preceding quarter",
    ],
    "2025": ["the year", "the full year", "the whole year", "the year as a whole"],
    "2024": ["the previous year", "the preceding year", "the prior year", "last year"],
    "2025-01-01/P11M": [
        "year to date",
        "the year to date",
        "year-to-date",
        "YTD",
        "so far this year",
        "this year so far",
        "the first 11 months of the year",
        "the first 11 months of that year",
    ],
    "2024-01-01/P11M": [
        "the first 11 months of the previous year",
        "the first 11 months of last year",
    ],
    "2024-12": ["December"],
    "2025-11-30": ["the end of the month", "the end of the period", "month-end"],
    "2025-01-01": ["the beginning of the year", "the start of the year"],
    "2025-12-31": ["the end of the year", "year-end"],
}


@pytest.mark.parametrize(("text", "sdmx"), rows(BESIDE_NOVEMBER_2025))
def test_read_period_leans_on_the_reference(text, sdmx):
    assert read_sdmx(text, reference=p("2025-11")) == sdmx


@pytest.mark.parametrize(
    ("text", "reference", "sdmx"),
    [
        ("the same period in 2024", "2025-01-01/P11M", "2024-01-01/P11M"),
        ("a year earlier", "2025-01-01/P11M", "2024-01-01/P11M"),
        ("the month before", "2025-01-01/P11M", "2025-10"),
        ("the month", "2025-01-01/P11M", "2025-11"),
        ("November", "2025-01-01/P11M", "2025-11"),
        ("December", "2025-01", "2024-12"),
        ("the previous month", "2025-01", "2024-12"),
        ("the previous quarter", "2025-05-01/P3M", "2025-02-01/P3M"),
        ("the previous three months", "2025-05-01/P3M", "2025-02-01/P3M"),
        ("three months earlier", "2025-Q3", "2025-Q2"),
        ("the quarter", "2025-Q3", "2025-Q3"),
        ("three months", "2025-Q3", "2025-Q3"),
        ("last two quarters", "2025-Q3", "2025-04-01/P6M"),
        ("the same period of the previous year", "2024-02", "2023-02"),
        ("the previous year", "1986", "1985"),
        ("the previous year", "2016-04-01/P12M", "2015-04-01/P12M"),
        ("the same quarter of 2024", "2025-Q3", "2024-Q3"),
        ("the previous half", "2025-S2", "2025-S1"),
        ("a month earlier", "2025-11-01", "2025-10-01"),
        ("the same time of the previous month", "2025-11-01", "2025-10-01"),
        ("the same time last month", "2025-11-01", "2025-10-01"),
        ("the same point of time last year", "2025-11-01", "2024-11-01"),
        ("the same date a year earlier", "2025-11-01", "2024-11-01"),
        ("the same day last year", "2025-11-01", "2024-11-01"),
        ("the same eight months of the previous year", "2025-01-01/P8M", "2024-01-01/P8M"),
        ("the same point in 2023", "2025-11-01", "2023-11-01"),
        ("the corresponding 1986 period", "1987-02", "1986-02"),
        ("the same months of 1986", "1987-01-01/P2M", "1986-01-01/P2M"),
        ("the like year-ago period", "1987-Q1", "1986-Q1"),
        # Since the year began is the year to date.
        ("since the beginning of the year", "2025-01-01/P11M", "2025-01-01/P11M"),
        ("accumulated from the beginning of the year", "2025-11", "2025-01-01/P11M"),
        ("from the start of this year", "2025-11", "2025-01-01/P11M"),
        ("since the beginning of 2024", "2025-11", "2024-01-01/P11M"),
        ("from the start of the year to the end of July", "2025-11", "2025-01-01/P7M"),
        ("the beginning of the year", "2025-11", "2025-01-01"),
        ("the first full month of 2025", "2025-11", "2025-01"),
        ("a full year earlier", "2025-11", "2024-11"),
        ("the last full year", "2025-11", "2024"),
        # Scraped pages glue words together.
        ("theprevious month", "2025-11", "2025-10"),
        ("the firstseven months of thisyear", "2025-11", "2025-01-01/P7M"),
        ("lastmonths", "2025-11", None),
        ("today", "2025-11", None),
        ("alike", "2025", None),
        ("parttime", "2025", None),
        ("athird", "2025-Q3", None),
        # What is left out is understood from the reference.
        ("the second", "2025-Q3", "2025-Q2"),
        ("the fourth", "2026-Q1", "2025-Q4"),
        ("the first", "2025-S2", "2025-S1"),
        ("the first of 1993", "1992-Q4", "1993-Q1"),
        ("the first of 1993", "1992-12", None),
        ("the previous three", "2025-05-01/P3M", "2025-02-01/P3M"),
        ("the three before", "2025-05-01/P3M", "2025-02-01/P3M"),
        ("the twelve before", "2016-04-01/P12M", "2015-04-01/P12M"),
        ("the one before", "2016-04-01/P12M", "2015-04-01/P12M"),
        ("the one before", "2025-11", "2025-10"),
        ("the previous one", "2025-Q3", "2025-Q2"),
        ("the April before", "2022-04", "2021-04"),
        ("those three months", "2025-Q3", "2025-Q3"),
        ("the corresponding interval of 2011", "2012-01-01/P10M", "2011-01-01/P10M"),
        ("twelve months", "2025-11", "2024-12-01/P12M"),
        ("the same time last year", "2025-11-01", "2024-11-01"),
        ("the previous month", "2025-11-01", "2025-10-01"),
        ("the month", "2025-11-01", "2025-11-01"),
    ],
)
def test_read_period_leans_on_references_of_any_length(text, reference, sdmx):
    assert read_sdmx(text, reference=p(reference)) == sdmx


@pytest.mark.parametrize(
    ("text", "context", "sdmx"),
    [
        ("November", {"year": 2025}, "2025-11"),
        ("the first half", {"year": 2019}, "2019-S1"),
        ("the year", {"year": 2019}, "2019"),
        ("last year", {"year": 2025}, "2024"),
        ("November", {"year": 2024, "published": date(2026, 1, 6)}, "2025-11"),
        ("November", {"reference": p("2008-12"), "year": 2025}, "2008-11"),
        ("last year", {"reference": p("2008-12"), "published": date(2026, 1, 6)}, "2025"),
        ("the previous year", {"reference": p("2008-12"), "published": date(2026, 1, 6)}, "2007"),
        ("last month", {"reference": p("2025-10"), "published": date(2026, 1, 6)}, "2025-12"),
        ("the month", {"reference": p("2025-10"), "published": date(2026, 1, 6)}, "2025-10"),
        ("October", {"reference": p("2025-11"), "ahead": True}, "2026-10"),
        # A year that is still running is told of as far as the text goes.
        (
            "the year",
            {"reference": p("2025-10"), "published": date(2025, 12, 6)},
            "2025-01-01/P10M",
        ),
        ("the full year", {"reference": p("2025-10"), "published": date(2025, 12, 6)}, "2025"),
        (
            "over the whole year",
            {"reference": p("2025-10"), "published": date(2025, 12, 6)},
            "2025",
        ),
        (
            "the year as a whole",
            {"reference": p("2025-10"), "published": date(2025, 12, 6)},
            "2025",
        ),
        ("the year", {"reference": p("2025-12"), "published": date(2025, 12, 27)}, "2025"),
        ("the year to date", {"reference": p("2025"), "published": date(2025, 12, 6)}, None),
        # Beside November 2025 itself, "November last year" of a January text cannot be the same month.
        (
            "November last year",
            {"reference": p("2025-11"), "published": date(2026, 1, 6)},
            "2024-11",
        ),
    ],
)
def test_read_period_weighs_mention_document_and_publication(text, context, sdmx):
    assert read_sdmx(text, **context) == sdmx


# --- Fiscal years ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "country", "sdmx"),
    [
        ("2016-17", "IN", "2016-04-01/P12M"),
        ("2016/17", "IN", "2016-04-01/P12M"),
        ("2016-2017", "IN", "2016-04-01/P12M"),
        ("2011-12", "IN", "2011-04-01/P12M"),
        ("fiscal 2016-17", "IN", "2016-04-01/P12M"),
        ("the financial year 2016-17", "IN", "2016-04-01/P12M"),
        ("FY 2016-17", "IN", "2016-04-01/P12M"),
        ("FY2016-17", "IN", "2016-04-01/P12M"),
        ("FY17", "IN", "2016-04-01/P12M"),
        ("9MFY26", "IN", "2025-04-01/P9M"),
        ("the first nine months of FY26", "IN", "2025-04-01/P9M"),
        ("fiscal 2017", "IN", "2016-04-01/P12M"),
        ("FY2016", "JP", "2016-04-01/P12M"),
        ("fiscal year 2016", "JP", "2016-04-01/P12M"),
        ("fiscal 2013", "US", "2012-10-01/P12M"),
        ("FY2013", "AU", "2012-07-01/P12M"),
        ("Q1 FY24", "IN", "2023-Q2"),
        ("the third quarter of fiscal 2024", "IN", "2023-Q4"),
        ("the first half of FY24", "IN", "2023-04-01/P6M"),
        ("the first quarter of 2023-24", "IN", "2023-Q2"),
        ("April-November 2016-17", "IN", "2016-04-01/P8M"),
        ("April-December 2016-17", "IN", "2016-04-01/P9M"),
        ("February 2016-17", "IN", "2017-02"),
        ("January of fiscal 2017", "IN", "2017-01"),
        ("May 2016-17", "IN", "2016-05"),
        # What the months settle needs no country.
        ("April-March 2016-17", None, "2016-04-01/P12M"),
        ("April-November 2016-17", None, "2016-04-01/P8M"),
        ("December 2016-17", None, "2016-12"),
        ("May 2016-17", None, None),
        ("fiscal 2016-17", None, None),
        ("2016-17", None, None),
        ("2011-12", None, None),
        ("FY2016", "VN", None),
        ("the previous financial year", "VN", None),
    ],
)
def test_read_period_knows_fiscal_years(text, country, sdmx):
    assert read_sdmx(text, country=country) == sdmx


@pytest.mark.parametrize(
    ("text", "sdmx"),
    [
        ("last fiscal year", "2024-04-01/P12M"),
        ("the previous financial year", "2024-04-01/P12M"),
        ("the current fiscal year", "2025-04-01/P12M"),
        ("this fiscal", "2025-04-01/P12M"),
        ("last fiscal", "2024-04-01/P12M"),
        ("the fiscal year", "2025-04-01/P12M"),
        ("the fiscal year to date", "2025-04-01/P8M"),
        ("so far this fiscal year", "2025-04-01/P8M"),
        ("the first quarter of the current fiscal year", "2025-Q2"),
        ("April-November of the current financial year", "2025-04-01/P8M"),
        ("November of the last financial year", "2024-11"),
        ("the same period of the previous financial year", "2024-11"),
    ],
)
def test_read_period_places_fiscal_years(text, sdmx):
    context = {"published": date(2026, 1, 12), "reference": p("2025-11"), "country": "IN"}
    assert read_sdmx(text, **context) == sdmx


def test_read_period_takes_a_fiscal_start_from_its_caller():
    assert read_sdmx("fiscal 2017", fiscal_year_start=7) == "2016-07-01/P12M"
    assert read_sdmx("2016-17", fiscal_year_start=4, country="VN") == "2016-04-01/P12M"


@pytest.mark.parametrize(
    ("country", "sdmx"), [("US", "2025-01-11"), ("VN", "2025-11-01"), (None, None)]
)
def test_read_period_needs_a_country_for_days_in_figures(country, sdmx):
    assert read_sdmx("01/11/2025", country=country) == sdmx
    assert read_sdmx("1/11", country=country, published=date(2025, 12, 6)) == sdmx


# --- What is no period, or not a settled one ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "the",
        "page 2",
        "page 2.3",
        "Comment (0)",
        "14 of 23 groups",
        "14 of 23",
        "61 of 63 provinces",
        "1.2 million",
        "1.2",
        "1,234.5",
        "2",
        "11",
        "100",
        "3.5%",
        "2025%",
        "$2025",
        "two",
        "first",
        "last",
        "previous",
        "same",
        "six more working days",
        "three weeks",
        "the first 20 days of December",
        "last week",
        "the week to November",
        "early October",
        "mid-2024",
        "late 2019",
        "mid-November",
        "quarter 5",
        "Q5 2025",
        "the fifth quarter of 2025",
        "the third half",
        "the first 13 months of 2025",
        "the first 0 months",
        "13/2025",
        "31 November 2025",
        "30 February 2024",
        "32 December 2024",
        "2025-02-30",
        "45/45/2025",
        "1/4",
        "2-3/4",
        "month on month",
        "year-on-year",
        "y/y",
        "November over October",
        "to November",
        "since 1980",
        "November November",
        "November 2024 2025",
        "2024 2025",
        "the manufacturing sector",
        "motor vehicles",
        "may not",
        "24 hours",
        "0123456789",
        "99999 months earlier",
        "100 years ago",
        "١١ months of 2025",
        "²⁰²⁵",
        "three-month",
        "12-month",
        "the second",
        "the same eight months",
        "the decade",
        "the last decade",
        "half a decade ago",
        "the last day of the year",
        "the previous three",
        "a month",
        "recent months",
        "the coming months",
        "the first months of the year",
        "1990s",
        "2024 and 2025",
        "November and the first 11 months of 2025",
        "November 2025 and beyond",
        "the second estimate",
        "November 2025 estimate",
        "1500",
        "3000",
    ],
)
def test_read_period_reads_nothing_into_look_alikes(text):
    context = {"published": date(2026, 1, 6), "reference": p("2025-11"), "year": 2025}
    assert read_period(text, **context) is None


@pytest.mark.parametrize(
    "text",
    [
        "November",
        "the first half",
        "last year",
        "this month",
        "the month",
        "the previous month",
        "the same period",
        "the same period in 2024",
        "a year earlier",
        "year to date",
        "the past three months",
        "the latest quarter",
        "the year",
        "three months to June",
        "as of 1 November",
        "the end of last year",
        "last December",
        "December to February",
        "9M",
    ],
)
def test_read_period_never_guesses_without_context(text):
    assert read_period(text) is None


@pytest.mark.parametrize(
    "text", ["the month", "the same period", "a year earlier", "the past year"]
)
def test_read_period_does_not_lean_on_publication_for_what_the_text_speaks_of(text):
    assert read_period(text, published=date(2026, 1, 6)) is None


# --- Properties -----------------------------------------------------------------------------------

MONTHS = "January February March April May June July August September October November December"
months = st.integers(0, 12 * 200 - 1).map(lambda i: (1900 + i // 12, i % 12))
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def whole_months(first, length):
    year, month = first
    start = date(year, month + 1, 1)
    return Period.from_sdmx(f"{start.isoformat()}/P{length}M")


@st.composite
def periods(draw):
    if draw(st.booleans()):
        return whole_months(draw(months), draw(st.integers(1, 40)))
    start, end = sorted((draw(days), draw(days)))
    return Period(start, end) if draw(st.booleans()) else Period(start, start)


@st.composite
def written_periods(draw):
    """A period and how a release writes it out."""
    (year, month), length = draw(months), draw(st.integers(1, 12))
    if month + length > 12:
        month = 12 - length
    first, last = MONTHS.split()[month], MONTHS.split()[month + length - 1]
    forms = [
        f"{first} to {last} {year}",
        f"{first}-{last} {year}",
        f"{length} months to {last} {year}",
    ]
    if length == 1:
        forms = [f"{first} {year}", f"in {first.upper()} {year}", f"{month + 1}/{year}"]
    elif length == 12:
        forms += [str(year), f"the year to December {year}"]
    elif month == 0:
        forms += [
            f"the first {length} months of {year}",
            f"{length}M {year}",
            f"{length} months of {year}",
        ]
    elif length == 3 and month % 3 == 0:
        forms += [f"Q{month // 3 + 1} {year}", f"{month // 3 + 1}Q{year}"]
    return whole_months((year, month), length), draw(st.sampled_from(forms))


@given(periods())
def test_any_period_reads_back_from_its_sdmx_form(period):
    assert Period.from_sdmx(period.to_sdmx()) == period


@given(written_periods(), st.none() | days)
def test_a_period_written_out_reads_back(written, published):
    period, text = written
    assert read_period(text, published=published) == period


@given(periods().filter(lambda period: period.months), st.integers(-40, 40))
def test_shifting_by_years_is_undone_by_shifting_back(period, years):
    assert period.shift_years(years).shift_years(-years) == period
    assert period.previous().following() == period


WORDS = """November 2025 11 first last months quarter Q3 H1 9M the of in to and same period year earlier ago before - /
between from ended end fiscal FY24 2016-17 as 1 month this previous past three second half so far 01/11/2025 % over
date 99 0 th a""".split()


@given(st.text(max_size=300), periods(), st.booleans())
def test_no_text_raises(text, reference, ahead):
    read_period(text, reference=reference, published=date(2026, 1, 6), ahead=ahead, country="IN")


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.none() | periods(), st.booleans())
def test_no_heap_of_period_words_raises(words, reference, ahead):
    text = " ".join(words)
    read_period(text)
    period = read_period(
        text, reference=reference, published=date(2026, 1, 6), ahead=ahead, country="JP"
    )
    assert period is None or period.start <= period.end


@given(st.sampled_from(MONTHS.split()), days)
def test_a_bare_month_is_never_after_publication(month, published):
    period = read_period(f"in {month}", published=published)
    assert period.start <= published
    assert (published - period.start).days < 366 + 31


@pytest.mark.parametrize("piece", ["first ", "1", "November ", "-", "2016-17 ", "to ", "9M", "'25"])
def test_long_input_is_refused(piece):
    assert read_period(piece * 100_000) is None


@pytest.mark.parametrize(
    ("text", "sdmx"),
    [
        ("the remaining months of the year", "2025-11-01/P2M"),
        ("the remaining two months of 2025", "2025-11-01/P2M"),
        ("the remaining six months", None),  # four of them are told
        ("the remaining month of the year", None),
        ("the rest of the month", None),
        ("the rest of this month", None),
        ("the rest of next quarter", None),
        ("the remaining months to March 2026", None),
        ("the rest of the year to March 2026", None),
        ("the rest", None),
        ("the remainder", None),
        ("the rest of the year", "2025-11-01/P2M"),
        ("the rest of the quarter", "2025-11-01/P2M"),
        ("the remainder of 2024", None),
        ("the remainder of 2026", None),
        ("the remaining 14 months", None),
    ],
)
def test_what_remains_of_a_year_begins_after_what_was_told(text, sdmx):
    assert read_sdmx(text, reference=p("2025-01-01/P10M")) == sdmx


@pytest.mark.parametrize(
    ("text", "sdmx"),
    [
        ("the current month", "2025-10"),
        ("this month", "2025-10"),
        ("YTD October 2025", "2025-01-01/P10M"),
        ("October YTD", "2025-01-01/P10M"),
        ("3m to Apr 2025", "2025-02-01/P3M"),
        ("12M to April 2025", "2024-05-01/P12M"),
        ("Q1 to Q3 2025", "2025-01-01/P9M"),
        ("the first nine months of the fiscal year to March", None),
        ("the latter half of 1990", "1990-S2"),
        ("the latter", None),
        ("the latter month", None),
        ("the latter two months", None),
        ("the first quarter and April 2025", None),
        ("the first nine months and October 2025", None),
        ("Q1/April 2025", None),
        ("between the first quarter and June 2025", None),
        ("3M and April 2025", None),
        ("so far in October", None),
        ("date 1 October 2025", None),
        ("CY2023", "2023"),
        ("the September-November average of 2025", "2025-09-01/P3M"),
        ("the previous corresponding period", "2024-10"),
    ],
)
def test_shorthand_of_desks(text, sdmx):
    assert read_sdmx(text, reference=p("2025-10"), published=date(2025, 11, 20)) == sdmx


@pytest.mark.parametrize("told", ["2025-11-01", "2024"])
def test_this_month_is_no_day_and_no_part_of_a_year_told_before(told):
    assert read_sdmx("this month", reference=p(told), published=date(2025, 11, 20)) == "2025-11"


def test_this_month_of_a_forecast_is_that_of_its_day():
    published = date(2025, 11, 20)
    assert read_sdmx("this month", reference=p("2025-10"), published=published, ahead=True) == (
        "2025-11"
    )


def test_mentions_set_aside_read_as_their_dates():
    def read(value):
        return None if value == "-" else value

    missed = []
    for row in read_rows("periods.tsv"):
        mention, published, country, told, *expected = map(read, row)
        period = read_period(
            mention,
            published=published and date.fromisoformat(published),
            country=country,
            reference=told and Period(*map(date.fromisoformat, told.split("/"))),
        )
        found = [period.start.isoformat(), period.end.isoformat()] if period else ["null", "null"]
        if found != expected:
            missed.append((mention, found))
    assert missed == [("Q1 and Q3 of 2025", ["2025-01-01", "2025-09-30"])]  # two periods
