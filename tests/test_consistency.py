from datetime import date

import pytest

from iipnlp.consistency import doubt, find_contradictions
from iipnlp.percentages import read_percentage
from iipnlp.periods import Period

FUTURE, BASELINE, SIGN = (
    "period after publication",
    "baseline not before period",
    "sign against cue",
)


def p(sdmx):
    return None if sdmx is None else Period.from_sdmx(sdmx)


def find(amount="4%", direction=1, period=None, compared=None, published=None, expected=False):
    day = date.fromisoformat(published) if published else None
    percentage = read_percentage(amount)
    return find_contradictions(
        percentage, direction, p(period), p(compared), published=day, expected=expected
    )


@pytest.mark.parametrize(
    ("period", "published", "expected", "found"),
    [
        ("2025-11", "2025-12-06", False, ()),
        ("2025-11", "2025-11-29", False, ()),
        ("2025-11", "2025-11-15", False, ()),  # a flash estimate
        ("2025-11", "2025-11-05", False, (FUTURE,)),
        ("2025", "2025-06-20", False, (FUTURE,)),
        ("2025", "2025-06-20", True, ()),
        ("2025", None, False, ()),
        (None, "2025-06-20", False, ()),
    ],
)
def test_a_period_that_ends_after_publication_is_noticed(period, published, expected, found):
    assert find(period=period, published=published, expected=expected) == found


@pytest.mark.parametrize(
    ("period", "compared", "found"),
    [
        ("2025-11", "2024-11", ()),
        ("2025-Q4", "2025-Q3", ()),
        ("2025", "2019", ()),
        ("2025-11", None, ()),
        (None, "2025-11", ()),
        ("2025-01-01/P11M", "2025-01-01", ()),  # since the start of the year
        ("2025-11", "2025-11", (BASELINE,)),
        ("2025-11", "2025-12", (BASELINE,)),
        ("2025-Q4", "2025-11", (BASELINE,)),
        ("2025-11-01", "2025-11-01", (BASELINE,)),
    ],
)
def test_a_baseline_that_is_not_before_the_period_is_noticed(period, compared, found):
    assert find(period=period, compared=compared) == found


@pytest.mark.parametrize(
    ("amount", "direction", "found"),
    [
        ("4%", -1, ()),
        ("-4%", -1, ()),
        ("+4%", 1, ()),
        ("-4%", 1, (SIGN,)),
        ("+4%", -1, (SIGN,)),
        ("doubled", -1, (SIGN,)),
        ("-0.4%", 0, ()),
        ("unchanged", 1, ()),
    ],
)
def test_a_sign_against_its_cue_is_noticed(amount, direction, found):
    assert find(amount, direction) == found


@pytest.mark.parametrize(
    ("found", "factor"), [((), 1.0), ((SIGN,), 0.5), ((FUTURE, BASELINE, SIGN), 0.125)]
)
def test_each_contradiction_halves_the_confidence(found, factor):
    assert doubt(found) == factor
