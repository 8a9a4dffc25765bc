"""What the periods of figures tell of their baselines."""

import numpy as np
import pytest
from markup import mark

from iipnlp.annotations import get_figures, get_mentions
from iipnlp.periods import read_period
from iipnlp.pipeline.candidates import ACTION, SECOND_ROUND, Rows, propose
from iipnlp.pipeline.dating import DATED, Dates
from iipnlp.pipeline.reading import Reading
from iipnlp.pipeline.traits import PERIOD_SHAPE, STEPS, describe_kind, describe_step

TEXT = (
    "[Output](k1) [rose](t1) [0.4 pct](+ k1 t1 p1 pp) in [January](p1) after a [fall](t2) of "
    "[0.6 pct](- ^ p2 t2) in [December](p2) and was [2 pct](+ k1 t3 p1 b1 yy) [above](t3) "
    "[the year before](b1)."
)
JANUARY, DECEMBER = read_period("January 2024"), read_period("December 2023")


def find_dates(periods, hosts):
    doc = mark(TEXT)
    reading = Reading(doc, get_mentions(doc))
    beside = np.array([host is not None for host in hosts])
    scene = reading.scene(np.arange(len(get_figures(doc))), beside)
    return Dates(reading, periods, hosts, JANUARY), propose(scene, SECOND_ROUND), reading


@pytest.fixture
def described():
    dates, rows, reading = find_dates([JANUARY, DECEMBER, JANUARY], [None, 0, None])
    return dates.describe(rows), rows, reading


def step(period, other):
    return np.array(describe_step(period, other), dtype="f")


def test_a_figure_is_described_by_the_step_to_its_comparative(described):
    table, rows, _ = described
    assert table.shape == (len(rows.figure), DATED)
    first, second, third = (table[rows.figure.index(figure)] for figure in range(3))
    of_host, beside = slice(PERIOD_SHAPE, PERIOD_SHAPE + STEPS), slice(PERIOD_SHAPE + STEPS, None)
    assert (first[beside][:STEPS] == step(DECEMBER, JANUARY)).all()
    assert (second[of_host] == step(DECEMBER, JANUARY)).all()
    assert not third[of_host].any() and not third[beside][:STEPS].any()


def test_a_copy_is_described_by_the_step_between_the_periods(described):
    table, rows, _ = described
    copies = [i for i, action in enumerate(rows.action) if action == ACTION["COPY"]]
    for i in copies:
        own = JANUARY if rows.figure[i] != 1 else DECEMBER
        other = JANUARY if rows.target[i] != 1 else DECEMBER
        assert (table[i, -STEPS - 4 : -4] == step(own, other)).all()


def test_a_mention_is_described_by_what_it_reads_as_with_the_period_of_the_figure(described):
    table, rows, reading = described
    mentions = [i for i, action in enumerate(rows.action) if action == ACTION["MENTION"]]
    assert {reading.words[rows.target[i]] for i in mentions} == {"the year before"}
    for i in mentions:
        assert (table[i, -4:] == describe_kind("year_on_year")).all()


def test_unknown_periods_say_so():
    dates, rows, _ = find_dates([None, None, None], [None, 0, None])
    table = dates.describe(rows)
    assert (table[:, 0] == 1).all()
    assert dates.describe(Rows()).shape == (0, DATED)


@pytest.mark.parametrize(
    ("period", "other", "flags"),
    [
        ("May 2024", "May 2024", [0, 1, 0, 0, 1, 0]),
        ("May 2024", "April 2024", [0, 0, 1, 0, 1, 1]),
        ("April 2024", "May 2024", [0, 0, 1, 0, 1, 0]),
        ("May 2023", "May 2024", [0, 0, 0, 1, 1, 0]),
        ("Q1 2024", "Q4 2023", [0, 0, 1, 0, 1, 1]),
        ("Q1 2024", "May 2024", [0, 0, 0, 0, 0, 0]),
        # The year before is both a step and a year away.
        ("2023", "2024", [0, 0, 1, 1, 1, 0]),
    ],
)
def test_a_step_tells_neighbours_from_years(period, other, flags):
    assert describe_step(read_period(period), read_period(other)) == tuple(bool(f) for f in flags)


def test_a_step_from_or_to_an_unknown_period_is_unknown():
    unknown = (True,) + (False,) * (STEPS - 1)
    assert describe_step(None, JANUARY) == describe_step(JANUARY, None) == unknown
