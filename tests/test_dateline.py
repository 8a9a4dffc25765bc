from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iipnlp import extract
from iipnlp.dateline import read_dateline


@pytest.mark.parametrize(
    "line",
    [
        "5 July 2018",
        "July 5, 2018",
        "2018-07-05",
        "Thursday, July 5, 2018 - 12:18 pm",
        "Thursday 5 July 2018, 09:00",
        "Published: 5 July 2018",
        "Posted on 5th July 2018 by the business desk",
        "Updated: Jul 05, 2018 10:12 IST",
        "Ha Noi, 5 July 2018",
        "For immediate release: 5 July 2018",
        "Date of publication: 5 July 2018",
        "Press release No. 381 of 5 July 2018",
        "Release date: 5 July 2018 Next release: 9 August 2018",
        "5 July 2018 | By Thandi Mokoena | 4 min read",
        "BERLIN, 5 July 2018 (Agency) - German industrial orders rose by 2.6 percent on the month in May, "
        "the statistics office said, after three months of declines.",
    ],
)
def test_dateline_is_read(line):
    for text in (
        line,
        f"Orders rise\n\n{line}\nOrders rose 2.6% in May.",
        f"Orders rose 2.6%.\n{line}",
    ):
        assert read_dateline(text) == date(2018, 7, 5)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "5 July",
        "July 2018",
        "31 February 2018",
        "04/07/2018",  # of July or of April
        "Next release: 9 August 2018",
        "Release for June 2018: Thursday, 9 August 2018.",
        "As of 1 July 2018",
        "from 1 July 2018",
        "Labour index, 1 July 2018: up 0.5% on a month before",
        "The number of workers on 1 July 2018 was up 0.5% on the month before.",
        "01.01-30.06.2018",
        "Order No. 22/5/2018-19",
        "0001-01-01",
        "9999-12-31",
        "1 June 2018 – 30 June 2018",
        "Reference period: 1 June 2018 - 30 June 2018",
        "Plants were closed until 3 July 2018 - a week more than planned - which cost the makers of cars and of "
        "their parts much output.",
        "It opened on 5 July 2018.",
        "Base: 1 January 2015 = 100",
        "Comments due by 31 December 2018",
        "Upcoming: 9 August 2018",
        "The law that the assembly passed on 5 July 2018 comes into force next year.",
    ],
)
def test_other_days_are_none(line):
    assert read_dateline(line) is None
    assert read_dateline(f"Output rose 5% in May.\n{line}\n") is None


def test_head_goes_before_the_end_and_the_middle_is_not_read():
    middle = "Output rose 5%.\n" * 200
    assert read_dateline(f"5 July 2018\n{middle}9 July 2018") == date(2018, 7, 5)
    assert read_dateline(f"{middle}9 July 2018") == date(2018, 7, 9)
    assert read_dateline(f"{middle}9 July 2018\n{middle}") is None


@given(
    st.text()
    | st.lists(st.sampled_from("5 July 2018 , . / - ( \n on Ha Noi".split(" "))).map(" ".join)
)
def test_dateline_never_raises(text):
    assert read_dateline(text) is None or read_dateline(text).year


@given(st.integers(1400, 1600))
def test_dateline_at_the_end_is_read_whatever_the_length(length):
    assert read_dateline("x" * length + "\n5 July 2018") == date(2018, 7, 5)


def test_dateline_dates_what_the_caller_does_not():
    text = "Ha Noi, 6 December 2025\n\nIndustrial production rose by 2.3% in November from October."
    (told,) = extract(text)
    (given,) = extract(text, published="2024-12-06")
    assert (told.period_start, given.period_start) == (date(2025, 11, 1), date(2024, 11, 1))
