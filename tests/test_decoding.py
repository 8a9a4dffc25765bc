"""What the probabilities of candidates come to."""

import numpy as np
from markup import mark

from iipnlp.annotations import get_mentions
from iipnlp.pipeline.candidates import ACTIONS, FIRST_ROUND, SECOND_ROUND, propose
from iipnlp.pipeline.decoding import Decoder
from iipnlp.pipeline.reading import Reading
from iipnlp.statement import STATUSES

SURE = 20.0


def believe(reading, rows, beliefs):
    """Return the probability of each row."""
    probabilities = np.zeros(len(rows.figure))
    for number, group in enumerate(rows.group):
        figure, role, _ = rows.heads[group]
        action, target = ACTIONS[rows.action[number]], rows.target[number]
        names = {"MENTION": lambda t: reading.words[t], "COPY": lambda t: t}
        name = names[action](target) if action in names and role != "HOST" else action
        if role == "HOST":
            name = target
        asked = beliefs.get((figure, role), {})
        left = {"HOST": -1}.get(role, "NONE")
        probabilities[number] = asked.get(name, 1 - sum(asked.values()) if name == left else 0.0)
    return probabilities


def decode(marked, beliefs, beside=()):
    """Decode a text of which each amount is a change.

    beliefs: by figure and role, the probability of each choice, a mention by its words, a copy by
    the number of the figure; what is left goes to no choice.
    """
    doc = mark(marked, "2024-07-05", "VN")
    reading = Reading(doc, get_mentions(doc))
    count = len(reading.amounts.spans)
    kinds = np.tile([0.0, 1.0, 0.0], (count, 1))
    decoder = Decoder(
        reading, np.arange(count), kinds, np.array([i in beside for i in range(count)])
    )
    for roles in (FIRST_ROUND, SECOND_ROUND):
        rows = propose(decoder.scene, roles)
        decoder.decode(rows, believe(reading, rows, beliefs))
    heads = np.zeros((count, len(STATUSES) + 3))
    heads[:, 0] = heads[:, -1] = SURE
    return reading, decoder.figures(heads)


def test_the_second_round_knows_the_periods_of_the_first():
    doc = mark(TEXT, "2024-07-05", "VN")
    reading = Reading(doc, get_mentions(doc))
    decoder = Decoder(reading, np.arange(2), np.tile([0.0, 1.0, 0.0], (2, 1)), np.zeros(2, bool))
    rows = propose(decoder.scene, FIRST_ROUND)
    beliefs = {(0, "PERIOD"): {"may 2024": 1.0}, (1, "PERIOD"): {"june 2023": 1.0}}
    decoder.decode(rows, believe(reading, rows, beliefs))
    assert [str(period.end)[:7] for period in decoder.dates().periods] == ["2024-05", "2023-06"]


def named(reading, figure, label):
    return [reading.text[m.start : m.end] for m in figure.having(label)]


TEXT = "In [May 2024](p), not [June 2023](p), [output](k) rose 2%; in [the month of May](p) mining fell 3%."


def test_choices_of_the_same_dates_add_up():
    belief = {"may 2024": 0.35, "june 2023": 0.4, "the month of may": 0.25}
    reading, (first, _) = decode(TEXT, {(0, "PERIOD"): belief})
    assert named(reading, first, "PERIOD") == ["May 2024"]
    assert 0.55 < first.probability < 0.65


def test_a_copy_passes_on_all_that_was_thought_of():
    beliefs = {
        (0, "PERIOD"): {"may 2024": 0.6, "june 2023": 0.4},
        (1, "PERIOD"): {0: 0.5, "june 2023": 0.5},
    }
    reading, (first, second) = decode(TEXT, beliefs)
    assert named(reading, first, "PERIOD") == ["May 2024"]
    assert named(reading, second, "PERIOD") == ["June 2023"]


def test_no_choice_is_a_choice():
    reading, (first, _) = decode(TEXT, {(0, "PERIOD"): {"may 2024": 0.4}})
    assert not first.having("PERIOD")


KINDS = "In [May 2024](p) output rose 2% [from a year before](b) and, [on month](b), 1%."


def test_baselines_of_the_same_kind_add_up():
    period = {(0, "PERIOD"): {"may 2024": 1.0}, (1, "PERIOD"): {"may 2024": 1.0}}
    belief = {"YEAR_ON_YEAR": 0.3, "from a year before": 0.3, "on month": 0.4}
    reading, (first, second) = decode(
        KINDS, period | {(0, "BASELINE"): belief, (1, "BASELINE"): {"PERIOD_ON_PERIOD": 1.0}}
    )
    assert first.baseline == "year_on_year"
    assert (second.baseline, named(reading, second, "BASELINE")) == ("period_on_period", [])


def test_growth_of_a_year_is_year_on_year():
    reading, (first,) = decode(
        "In [2023](p) output rose 2%.",
        {(0, "PERIOD"): {"2023": 1.0}, (0, "BASELINE"): {"PERIOD_ON_PERIOD": 1.0}},
    )
    assert first.baseline == "year_on_year"


BESIDE = "In [May 2024](p) output rose 2% (3%)."


def test_a_cumulative_figure_is_fixed_only_by_a_phrase():
    marked = "In [the first ten months of 2023](p) output [rose](t) 4%, since [1980](b) 9%."
    since = {(1, "BASELINE"): {"1980": 1.0}, (0, "BASELINE"): {"FIXED_PERIOD": 1.0}}
    period = {(figure, "PERIOD"): {"the first ten months of 2023": 1.0} for figure in (0, 1)}
    _, (first, second) = decode(marked, since | period)
    assert (first.baseline, second.baseline) == ("year_on_year", "fixed_period")


def test_a_shift_leans_on_the_host():
    beliefs = {(0, "PERIOD"): {"may 2024": 1.0}, (1, "PERIOD"): {"YEAR_BEFORE": 1.0}}
    _, (_, second) = decode(BESIDE, beliefs | {(1, "HOST"): {0: 1.0}}, beside=[1])
    assert (second.host, second.shift) == (0, "year")


def test_a_shift_without_a_host_leans_on_the_figure_before():
    beliefs = {(0, "PERIOD"): {"may 2024": 1.0}, (1, "PERIOD"): {"YEAR_BEFORE": 1.0}}
    _, (_, second) = decode(BESIDE, beliefs, beside=[1])
    assert (second.host, second.shift) == (0, "year")


def test_a_written_sign_is_the_direction():
    _, (first,) = decode("Output: -2%", {})
    assert first.direction == -1
