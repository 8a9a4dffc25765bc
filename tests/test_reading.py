"""What the relation component sees of a text."""

import numpy as np
import pytest
from markup import make_nlp, mark

from iipnlp.annotations import get_mentions
from iipnlp.pipeline.candidates import ROLES
from iipnlp.pipeline.reading import AMOUNT_FEATURES, ITEM_FEATURES, Reading
from iipnlp.pipeline.traits import PERIOD_SHAPE, TRAITS, read_kind, read_traits
from iipnlp.timeline import Source

TEXT = (
    "In [May 2024](p1) the seasonally adjusted [output](k1) of [mining](i1) [rose](t1) [2%](+ k1 i1 t1 p1 b1 yy) "
    "[on year](b1) (77% of plan), at an annual rate of [5 pct](+ k1 i1 t1 p1 pp)."
)


def read(marked, **source):
    doc = mark(marked, **source)
    return Reading(doc, get_mentions(doc))


# --- Mentions, cues, amounts ----------------------------------------------------------------------


def test_mentions_and_cues_stand_in_order_of_the_text():
    reading = read(TEXT)
    named = [
        (words, ROLES[label]) for words, label in zip(reading.words, reading.labels, strict=True)
    ]
    assert named == [
        ("may 2024", "PERIOD"),
        ("seasonally adjusted", "ADJUSTMENT"),
        ("output", "INDICATOR"),
        ("mining", "NAME"),
        ("rose", "TREND"),
        ("on year", "BASELINE"),
        ("at an annual rate", "ANNUAL"),
    ]
    assert [cue for cue in reading.cues if cue][0] == "seasonally_adjusted"
    assert (np.diff(reading.spans[:, 0]) > 0).all()


def test_all_amounts_are_seen_whether_statements_or_not():
    reading = read(TEXT)
    assert reading.amounts.words == ["2%", "77%", "5 pct"]
    assert reading.amounts.features.shape == (3, AMOUNT_FEATURES)


def test_a_number_within_a_mention_is_no_amount():
    assert read("[the first 5 months](p1)").amounts.words == []


@pytest.mark.parametrize("marked", [TEXT, "[mining](i)", "77%", "Nothing here."])
def test_items_are_mentions_and_amounts_in_order_of_the_text(marked):
    reading = read(marked)
    order, spans, features = reading.describe_items()
    count = len(reading.mentions) + len(reading.amounts.spans)
    assert sorted(order) == list(range(count))
    assert (np.diff(spans[:, 0]) >= 0).all()
    assert features.shape == (count, ITEM_FEATURES)
    together = np.concatenate([reading.spans, reading.amounts.spans])
    assert np.array_equal(together[order], spans)


def test_an_empty_text_has_no_items():
    doc = make_nlp().make_doc("")
    order, spans, features = Reading(doc, []).describe_items()
    assert len(order) == len(spans) == len(features) == 0


# --- Traits ---------------------------------------------------------------------------------------


def describe(marked, **source):
    doc = mark(marked, **source)
    return read_traits(Source(doc.text, None, None), get_mentions(doc))


def test_periods_of_the_same_dates_have_the_same_traits_but_for_the_year():
    traits = describe("[May 2024](p), [May of 2024](p), [June 2024](p)")
    assert traits.shape == (3, TRAITS)
    own = slice(PERIOD_SHAPE + 5)  # what follows tells the steps to the mentions beside it
    assert np.array_equal(traits[0, own], traits[1, own])
    assert not np.array_equal(traits[0, own], traits[2, own])


@pytest.mark.parametrize(
    "other", ["May 2023", "April 2024", "the first five months of 2024", "2024"]
)
def test_another_length_or_age_shows(other):
    traits = describe(f"[May 2024](p), [{other}](p)")
    assert not np.array_equal(traits[0], traits[1])


def test_the_size_of_an_amount_shows():
    forms = read("0.3%, 0.2 pct, 4% and unchanged").amounts.forms
    assert np.array_equal(forms[0, 6:], forms[1, 6:])
    assert len({row.tobytes() for row in forms[1:, 6:]}) == 3


def test_all_items_tell_what_comparisons_the_text_makes():
    texts = ["[on year](b) 2%", "[on month](b) 2%", "seasonally adjusted 2%"]
    told = [read(text).describe_items()[2][:, -7:] for text in texts]
    assert all((rows == rows[0]).all() for rows in told)
    assert len({rows[0].tobytes() for rows in told}) == 3


def test_baselines_show_their_kind():
    traits = describe(
        "[May 2024](p), [on year](b), [from a year earlier](b), [from April](b), [mining](i)"
    )
    assert np.array_equal(traits[1], traits[2])
    assert not np.array_equal(traits[1], traits[3])
    assert not traits[4].any()


def test_unread_mentions_have_traits_of_their_own():
    traits = describe("[those days](p), [those days](b)")
    assert traits.any(axis=1).all()


@pytest.mark.parametrize(
    ("words", "kind"),
    [("on year", "year_on_year"), ("on month", "period_on_period"), ("those days", None)],
)
def test_the_kind_of_a_mention(words, kind):
    doc = mark(f"[{words}](b)")
    assert read_kind(Source(doc.text, None, None), get_mentions(doc)[0], None) == kind
