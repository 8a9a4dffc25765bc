"""Cues: one adjustment, many phrasings; annual rates; hedges and what only looks like one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iipnlp.cues import Cue, find_adjustments, find_annual_rates, is_approximate, read_adjustment

SEASONAL, CALENDAR = "seasonally_adjusted", "calendar_adjusted"
BOTH, RAW = "seasonally_and_calendar_adjusted", "unadjusted"


@pytest.mark.parametrize(
    ("value", "phrases"),
    [
        (
            SEASONAL,
            "seasonally adjusted|seasonally-adjusted|adjusted for seasonal factors|after seasonal adjustment",
        ),
        (
            SEASONAL,
            "s.a.|SA|rose 1.2% m/m, sa|saar|free of seasonal influences|allowing for seasonal effects|adjusted for inflation and season|deseasonalised with season",
        ),
        (
            CALENDAR,
            "working-day adjusted|adjusted for the number of working days|calendar adjusted|WDA",
        ),
        (
            CALENDAR,
            "workday-adjusted|corrected for calendar effects|adjusted for working days|trading-day adjusted",
        ),
        (BOTH, "adjusted for season and calendar|calendar and seasonally adjusted|SWDA"),
        (BOTH, "seasonally and working-day adjusted|adjusted for seasonal and calendar effects"),
        (
            BOTH,
            "once price, seasonal and calendar effects are removed|seasonally- and calendar-adjusted",
        ),
        (
            RAW,
            "unadjusted|not seasonally adjusted|in original terms|raw data|non-seasonally adjusted|n.s.a.|NSA",
        ),
        (
            RAW,
            "before seasonal adjustment|without seasonal adjustment|seasonally unadjusted|not adjusted for season",
        ),
        (
            None,
            "inflation-adjusted|not adjusted for inflation|seasonal goods|the calendar year 2023|Siemens S.A.",
        ),
        (
            None,
            "free of charge|the company, sa, said|steel output in the Saar|excluding energy|adjusted|the working days|holiday season",
        ),
    ],
)
def test_read_adjustment(value, phrases):
    assert {p: read_adjustment(p) for p in phrases.split("|")} == dict.fromkeys(
        phrases.split("|"), value
    )


def test_find_adjustments_spans():
    text = "Output, seasonally adjusted, rose 1%; unadjusted it fell."
    assert find_adjustments(text) == [Cue(8, 27, SEASONAL), Cue(38, 48, RAW)]


@pytest.mark.parametrize(
    "text",
    "at an annual rate of|annualized|annualised|SAAR|annual pace|at a seasonally adjusted annual rate|annual rates".split(
        "|"
    ),
)
def test_find_annual_rates(text):
    assert [cue.value for cue in find_annual_rates(f"grew {text} 5%")] == ["annualized"]


@pytest.mark.parametrize("text", ["annual growth", "the annual report", "manual rate"])
def test_find_annual_rates_look_alikes(text):
    assert find_annual_rates(text) == []


@pytest.mark.parametrize(
    "text",
    "nearly|almost|about|around|some|roughly|approximately|more than|less than|rose over|under|just under|just over|close to"
    "|at least|slightly above|an average of around|by as much as|~|well over|a little more than|up to|no more than|c.|>|by up to".split(
        "|"
    ),
)
def test_hedged_amount_is_approximate(text):
    assert is_approximate(f"rose {text} 5%", len(text) + 6)


@pytest.mark.parametrize(
    "text",
    "only|a mere|an estimated|provisional|over the month by|rose|moved up to|about the same, by|by|compared with|was revised up to|speeds up to|machinery n.e.c.|from 2% ->|=>".split(
        "|"
    ),
)
def test_plain_amount_is_not_approximate(text):
    assert not is_approximate(f"it {text} 5%", len(text) + 4)


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("a third or so", True),
        ("3 percent or more", True),
        ("5 per\ncent or so.", True),
        ("8.3% and a quarter or so", False),
        ("8.3%, a third or so", False),
        ("3% or 4%", False),
    ],
)
def test_hedge_behind_amount(text, hedged):
    assert is_approximate(f"fell by {text}", 8) is hedged


@given(st.text(max_size=80))
def test_finders_never_raise(text):
    find_adjustments(text)
    find_annual_rates(text)
    for start in range(len(text)):
        is_approximate(text, start)


@pytest.mark.parametrize(
    "unit", ["1 ", "seasonal and ", "not ", "adjusted for ", "annual ", "prices and "]
)
def test_time_is_linear(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        start = time.process_time()
        find_adjustments(text), find_annual_rates(text), is_approximate(text, size // 2)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(160_000) < 40 * max(seconds(20_000), 0.005)
