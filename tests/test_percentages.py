"""Percentages: one value, many phrasings; look-alikes that read as nothing; properties."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iipnlp.percentages import (
    Cue,
    Percentage,
    find_adjustments,
    find_amounts,
    find_annual_rates,
    is_approximate,
    read_adjustment,
    read_percentage,
)

PERCENT, POINTS = "percent", "percentage_points"

# (value, unit, signed) and its wordings
VALUES = [
    (4.0, PERCENT, False, "4%|4 %|4.0%|4 percent|4 per cent|4 pct|4pct|4 pc|4pc|4 p.c.|4-percent|4-pct|4-per-cent"),
    (4.0, PERCENT, False, "four percent|four per cent|four pct|4 Percent|4 PCT|4\xa0%|4\n    percent|4％|four-percent"),
    (0.4, PERCENT, False, "0.4%|.4%|.4 percent|0,4 %|0.40%|0.4 of a percent|0.4 of one percent|zero point four percent"),
    (-0.4, PERCENT, True, "-0.4%|−0.4%|–0.4%|‑0.4 %|-0,4 %|- 0.4%|minus 0.4%|minus 0.4 per cent|Minus 0.4 pct"),
    (35.2, PERCENT, True, "+35.2%|plus 35.2 per cent|+35.2 pct|+35,2 %|plus 35.2%"),
    (0.5, PERCENT, False, "half a percent|half percent|half of one percent|a half percent|half-percent|one-half percent"),
    (0.5, PERCENT, False, "1/2 percent|½ percent|½%|half of a percent|0.5%|half a per cent"),
    (2.75, PERCENT, False, "2-3/4 percent|2 3/4 percent|2¾%|2 ¾ pct|two and three-quarters percent|2.75%"),
    (1.5, PERCENT, False, "1-1/2 pct|1½%|one and a half percent|one and one-half percent|one-and-a-half percent"),
    (1.5, PERCENT, False, "one point five percent|1.5 percentage|1,5%"),
    (0.3, PERCENT, False, "three-tenths of a percent|three tenths of one percent|0.3 percent"),
    (1.0, PERCENT, False, "one pct|a percent|one percent|a full percent|1 per-cent"),
    (25.0, PERCENT, False, "twenty-five percent|twenty five per cent|25%|25.0 pct"),
    (100.0, PERCENT, False, "a hundred percent|one hundred per cent|100%|one-hundred percent"),
    (105.0, PERCENT, False, "one hundred and five percent|one hundred five percent"),
    (1234.5, PERCENT, False, "1,234.5%|1.234,5%|1234.5 percent|1\xa0234.5%|1\u202f234,5 %"),
    (12300.0, PERCENT, False, "12,300%|12300%"),
    (0.0, PERCENT, False, "0%|0.0%|zero percent|zero per cent|nil percent"),
    (0.3, POINTS, False, "0.3 percentage points|0.3 percentage point|0.3 points|0.3 point|0.3 pp|0.3pp|0.3 p.p."),
    (0.3, POINTS, False, "0.3 ppts|0.3 ppt|0.3 pct pts|0.3 pct. points|0.3 percent points|0.3 per cent points|0.3%p"),
    (0.3, POINTS, False, "0.3 %-points|0.3 % points|0.3 pts|0.3-percentage-point|0.3-point|0.3 pct pt|0,3 pp"),
    (0.2, POINTS, False, "0.2 of a percentage point|two-tenths of a percentage point|two tenths of a point"),
    (0.5, POINTS, False, "half a percentage point|half a point|half-point|a half percentage point|half point"),
    (1.0, POINTS, False, "a percentage point|a full percentage point|one percentage point|one full percentage point"),
    (-2.1, POINTS, True, "-2.1 pp|−2.1 percentage points|minus 2.1 points"),
    (7.0, None, False, "7|seven|7.0"),
    (-6.9, None, True, "minus 6.9|-6.9|−6.9|–6.9"),
    (6.5, None, True, "plus 6.5|+6.5"),
    (33.3, PERCENT, False, "a third|one third|one-third|1/3"),
    (66.7, PERCENT, False, "two-thirds|two thirds|2/3"),
    (25.0, PERCENT, False, "a quarter|one quarter|one-quarter|1/4"),
    (75.0, PERCENT, False, "three-quarters|three quarters|3/4"),
    (20.0, PERCENT, False, "a fifth|one-fifth"),
    (50.0, PERCENT, False, "half|a half|one half"),
    (0.0, PERCENT, True, "unchanged|Unchanged|flat|stagnated|stagnant|stable|steady|stood still|standstill|level"),
    (0.0, PERCENT, True, "no change|did not change|didn't change|zero growth|no growth|little changed|the same"),
    (100.0, PERCENT, True, "doubled|doubling|double|Doubles|twofold|two-fold|2-fold|2 times"),
    (-50.0, PERCENT, True, "halved|halving|halves"),
    (200.0, PERCENT, True, "trebled|tripled|threefold|three-fold|tripling|3 times"),
    (300.0, PERCENT, True, "quadrupled|fourfold"),
    (130.0, PERCENT, True, "2.3 times|2,3 times"),
]  # fmt: skip
ROWS = [(w, v, unit, signed) for v, unit, signed, words in VALUES for w in words.split("|")]

RANGES = [
    ("2.6-5.4 per cent", 4.0, 2.6, 5.4, PERCENT),
    ("2.6 and 5.4 per cent", 4.0, 2.6, 5.4, PERCENT),
    ("2–3%", 2.5, 2.0, 3.0, PERCENT),
    ("2%-3%", 2.5, 2.0, 3.0, PERCENT),
    ("two to three pct", 2.5, 2.0, 3.0, PERCENT),
    ("3.5 to 4.0%", 3.75, 3.5, 4.0, PERCENT),
    ("5 percent to 6 percent", 5.5, 5.0, 6.0, PERCENT),
    ("2 or 3 percent", 2.5, 2.0, 3.0, PERCENT),
    ("0.1-0.2 percentage points", 0.15, 0.1, 0.2, POINTS),
    ("-1 to 2%", 0.5, -1.0, 2.0, PERCENT),
    ("-2.6-5.4%", -4.0, -5.4, -2.6, PERCENT),
    ("minus 2 to 3 percent", -2.5, -3.0, -2.0, PERCENT),
    ("−0.3% to −0.1%", -0.2, -0.3, -0.1, PERCENT),
    ("6-1/2 to 7 pct", 6.75, 6.5, 7.0, PERCENT),
]

NOTHING = """|percent|%|the|2023|1987|12,300|page 2.3|$12|5 million|July 5|31.12.2023|10:30|Q3|third
    quarter of 2023|2016-17|rose 5%|5% 6%|a percentage|double-digit|percentile|3.2.1|++5%
    |nearly 5%|07""".replace("\n    ", "|").split("|")


@pytest.mark.parametrize(("words", "value", "unit", "signed"), ROWS)
def test_read_percentage_value(words, value, unit, signed):
    assert read_percentage(words) == Percentage(value, None, None, unit, signed)


@pytest.mark.parametrize(("words", "value", "low", "high", "unit"), RANGES)
def test_read_percentage_range(words, value, low, high, unit):
    read = read_percentage(words)
    assert (read.value, read.low, read.high, read.unit) == (value, low, high, unit)


@pytest.mark.parametrize("words", NOTHING)
def test_read_percentage_look_alikes(words):
    assert read_percentage(words) is None


def test_read_percentage_odd_number_words():
    assert read_percentage("twelve hundred percent") == Percentage(1200, None, None, PERCENT, False)


AMOUNTS = [
    ("by 3 and 2 per cent", "3:number|2 per cent:unit"),
    ("falls in cars (9%), beer (7)", "9%:unit|7:number"),
    ("rose between 2.6 and 5.4 per cent", "2.6 and 5.4 per cent:unit"),
    ("rose 0.1% to 4.7%", "0.1%:unit|4.7%:unit"),
    ("fell from 7% to 5%", "7%:unit|5%:unit"),
    ("slowed from 3 to 5 percent", "3:number|5 percent:unit"),
    ("ranging from 3 to 5 percent", "3 to 5 percent:unit"),
    ("growth of 3% to 4%", "3% to 4%:unit"),
    ("grew a third in 2023", "a third:word"),
    ("cut by a third", "a third:word"),
    ("was cut in half", "half:word"),
    ("9.4, plus 6.5 and plus 4.4 per cent", "9.4:number|plus 6.5:number|plus 4.4 per cent:unit"),
    ("remained stable and was level with", "stable:word|level:word"),
    ("nine, eight and seven pct", "nine:number|eight:number|seven pct:unit"),
    ("(10.4% vs 9.1% in October)", "10.4%:unit|9.1%:unit"),
    ("increased7.2%(same period up6%)", "7.2%:unit|6%:unit"),
    ("0.1 back after 0.4 points", "0.1:number|0.4 points:unit"),
    ("nearly doubled, no growth, stood still", "doubled:word|no growth:word|stood still:word"),
    ("textiles (-4%), metals –0.4%", "-4%:unit|–0.4%:unit"),
    ("a 9.2-pct rise", "9.2-pct:unit"),
    ("mining -3.2 -1.1 0.8", "-3.2:number|-1.1:number|0.8:number"),
    ("fell 2 per\n  cent", "2 per\n  cent:unit"),
    ("A grew 5%, B 3 and C 1%", "5%:unit|3:number|1%:unit"),
    ("about half a percent", "half a percent:unit"),
    ("unchanged (+0.0%)", "unchanged:word|+0.0%:unit"),
    ("output halved, then trebled", "halved:word|trebled:word"),
]


@pytest.mark.parametrize(("text", "expected"), AMOUNTS)
def test_find_amounts(text, expected):
    found = [f"{text[a.start : a.end]}:{a.kind}" for a in find_amounts(text)]
    assert found == expected.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "in the third quarter of 2023",
        "in the first half",
        "the second half of the year",
        "a quarter earlier",
        "for three quarters in a row",
        "$12, US$3.4, €5 and £ 7",
        "5 million tonnes, 1.2 billion dollars, 12,300 units",
        "31 December, June 5, 2023 at 10:30",
        "2023-06-05, 05/06/2023, 31.12.2023",
        "tel. +84 24 7304 6666 or (202) 452-2955",
        "https://example.org/2.3/7%20a",
        "2015 = 100",
        "2016-17 and 1987",
        "50 basis points",
        "14 of 23 groups, 61 of 63 provinces, six more working days",
        "the first 11 months, the last 3 days",
        "page 2, Table 3, NACE 29, G.17, COVID-19",
        "a 5-year plan over a 9-month period",
        "a steady rise, flat glass, stable prices, its year-earlier level, double-digit growth",
        "one of the two countries",
    ],
)
def test_find_amounts_look_alikes(text):
    assert find_amounts(text) == []


@given(st.text(max_size=80))
def test_readers_never_raise(text):
    read_percentage(text)
    find_adjustments(text)
    find_annual_rates(text)
    is_approximate(text, len(text))


@given(
    st.lists(
        st.sampled_from(
            "2.6 5 -3 1/2 ½ third half a the by to and between from - – % percent points pct . , ( ) "
            "flat level plus minus 2023 June million hundred two twenty of one times fold".split()
        ),
        max_size=14,
    ),
    st.sampled_from([" ", ""]),
)
def test_found_amounts_read_and_do_not_overlap(words, joint):
    text = joint.join(words)
    end = 0
    for amount in find_amounts(text):
        assert end <= amount.start < amount.end <= len(text)
        assert read_percentage(text[amount.start : amount.end]) is not None
        end = amount.end


@given(
    st.decimals(-999, 999, places=1),
    st.sampled_from(["%", " %", " percent", " per cent", " pct", " percentage points", " pp", ""]),
)
def test_written_percentage_reads_back(value, unit):
    read = read_percentage(f"{value}{unit}")
    assert read.value == float(value)
    assert read.signed == str(value).startswith("-")


@pytest.mark.parametrize("unit", ["1", "1.", "1 to ", "+1 ", "half a ", "seasonal and ", "between ", "1 - "])
def test_time_is_linear(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        start = time.process_time()
        find_amounts(text), find_adjustments(text), find_annual_rates(text), read_percentage(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(160_000) < 40 * max(seconds(20_000), 0.005)


SEASONAL, CALENDAR = "seasonally_adjusted", "calendar_adjusted"
BOTH, RAW = "seasonally_and_calendar_adjusted", "unadjusted"


@pytest.mark.parametrize(
    ("value", "phrases"),
    [
        (SEASONAL, "seasonally adjusted|seasonally-adjusted|adjusted for seasonal factors|after seasonal adjustment"),
        (SEASONAL, "s.a.|SA|allowing for seasonal effects|adjusted for inflation and season|deseasonalised with season"),
        (CALENDAR, "working-day adjusted|adjusted for the number of working days|calendar adjusted|WDA"),
        (CALENDAR, "workday-adjusted|corrected for calendar effects|adjusted for working days|trading-day adjusted"),
        (BOTH, "adjusted for season and calendar|calendar and seasonally adjusted|SWDA"),
        (BOTH, "seasonally and working-day adjusted|adjusted for seasonal and calendar effects"),
        (BOTH, "once price, seasonal and calendar effects are removed|seasonally- and calendar-adjusted"),
        (RAW, "unadjusted|not seasonally adjusted|in original terms|raw data|non-seasonally adjusted|n.s.a.|NSA"),
        (RAW, "before seasonal adjustment|without seasonal adjustment|seasonally unadjusted|not adjusted for season"),
        (None, "inflation-adjusted|not adjusted for inflation|seasonal goods|the calendar year 2023|Siemens S.A."),
        (None, "excluding energy|adjusted|the working days|holiday season"),
    ],
)
def test_read_adjustment(value, phrases):
    assert {p: read_adjustment(p) for p in phrases.split("|")} == dict.fromkeys(phrases.split("|"), value)


def test_find_adjustments_spans():
    text = "Output, seasonally adjusted, rose 1%; unadjusted it fell."
    assert find_adjustments(text) == [Cue(8, 27, SEASONAL), Cue(38, 48, RAW)]


@pytest.mark.parametrize(
    "text",
    "at an annual rate of|annualized|annualised|SAAR|annual pace|at a seasonally adjusted annual rate|annual rates".split("|"),
)
def test_find_annual_rates(text):
    assert [cue.value for cue in find_annual_rates(f"grew {text} 5%")] == ["annualized"]


@pytest.mark.parametrize("text", ["annual growth", "the annual report", "manual rate"])
def test_find_annual_rates_look_alikes(text):
    assert find_annual_rates(text) == []


@pytest.mark.parametrize(
    "text",
    "nearly|almost|about|around|some|roughly|approximately|more than|less than|rose over|under|just under|just over|close to"
    "|at least|slightly above|an average of around|by as much as|~|well over|a little more than|up to".split("|"),
)
def test_hedged_amount_is_approximate(text):
    assert is_approximate(f"rose {text} 5%", len(text) + 6)


@pytest.mark.parametrize(
    "text",
    "only|a mere|an estimated|provisional|over the month by|rose|moved up to|about the same, by|by|compared with".split("|"),
)
def test_plain_amount_is_not_approximate(text):
    assert not is_approximate(f"it {text} 5%", len(text) + 4)
