"""What counts as right while the relation component learns."""

import numpy as np
import pytest
from markup import mark

from iipnlp.annotations import get_figures, get_mentions
from iipnlp.pipeline.answers import Answers, match
from iipnlp.pipeline.candidates import ACTIONS, propose
from iipnlp.pipeline.reading import Reading


def find_right(marked, role, figure, published="2024-07-05"):
    """Return the candidates of a role of a figure that are exactly right, and that equal those."""
    doc = mark(marked, published, "VN")
    reading = Reading(doc, get_mentions(doc))
    answers = Answers(reading, doc)
    beside = answers.beside[answers.chosen] == 1
    rows = propose(reading.scene(answers.chosen, beside))
    found = []
    for right in answers.right(rows):
        names = []
        for number in np.flatnonzero(right):
            if rows.heads[rows.group[number]][:2] == (figure, role):
                action, target = ACTIONS[rows.action[number]], rows.target[number]
                names.append(reading.words[target] if action == "MENTION" else action)
        found.append(sorted(names))
    return found


SAME_DATES = (
    "In [May 2024](p1) [output](k1) [rose](t1) [2%](+ k1 t1 p1 b1 yy) [on year](b1). In [the month](p2), "
    "[mining](i1) [fell](t2) [3%](- i1 k1 t2 p1 b2 yy) [from May 2023](b2) and [1%](- i1 k1 t2 p1 pp) "
    "in [June 2023](p3)."
)


@pytest.mark.parametrize(
    ("role", "figure", "exact", "equal"),
    [
        ("PERIOD", 0, ["may 2024"], ["may 2024", "the month"]),
        ("PERIOD", 1, ["COPY", "may 2024"], ["COPY", "may 2024", "the month"]),
        ("BASELINE", 0, ["on year"], ["YEAR_ON_YEAR", "from may 2023", "on year"]),
        ("BASELINE", 1, ["from may 2023"], ["COPY", "YEAR_ON_YEAR", "from may 2023", "on year"]),
        ("BASELINE", 2, ["PERIOD_ON_PERIOD"], ["PERIOD_ON_PERIOD"]),
        ("INDICATOR", 1, ["COPY", "output"], ["COPY", "output"]),
        ("NAME", 0, ["NONE"], ["NONE"]),
    ],
)
def test_a_candidate_of_the_same_value_equals_the_annotated_one(role, figure, exact, equal):
    assert find_right(SAME_DATES, role, figure) == [exact, equal]


def test_a_comparative_equals_what_dates_to_the_same():
    marked = "[Output](k1) [rose](t1) [2%](+ k1 t1 p1 yy) in [May 2024](p1) ([1%](+ ^ ly yy) [a year earlier](p2))."
    assert find_right(marked, "PERIOD", 1) == [["YEAR_BEFORE"], ["YEAR_BEFORE", "a year earlier"]]


def test_a_country_equals_its_other_name():
    marked = "The [United States](a1) [U.S.](a2) [rose](t1) [2%](+ a1 t1 yy)."
    assert find_right(marked, "AREA", 0) == [["united states"], ["u.s.", "united states"]]


def test_unread_periods_equal_nothing():
    marked = "In [that span](p1) and [those days](p2) [output](k1) [rose](t1) [2%](+ k1 t1 p1 yy)."
    assert find_right(marked, "PERIOD", 0) == [["that span"], ["that span"]]


def test_what_an_amount_is():
    doc = mark("[2%](+ yy) of 30% and [1 point](c+ yy), perhaps [3%](+ yy opt) ([4%](+ ^ ly yy)).")
    answers = Answers(Reading(doc, []), doc)
    assert answers.kinds.tolist() == [1, 0, 2, -1, 1]
    assert answers.beside.tolist() == [0, -1, 0, 0, 1]


def test_amounts_match_the_figures_that_they_overlap():
    figures = get_figures(mark("[between 2 and 3%](+ yy) and [4%](+ yy)"))
    assert match([(0, 9), (8, 16), (21, 23)], figures) == [0, None, 1]
    assert match([], figures) == []
