import pytest
from markup import mark, read

from iipnlp import extract
from iipnlp.annotations import get_figures
from iipnlp.rules import BaselineError, link_nearest, load_model


def test_quantulum3_gives_numbers_alone():
    text = "In May mining rose 2.5% and coal fell by 3 per cent; 20 million tonnes."
    statements = extract(text, model=load_model("baseline:quantulum3"))
    assert [(s.value, s.industry, s.product) for s in statements] == [
        (2.5, None, None),
        (3.0, None, None),
    ]


NEAR = """\
[Paper](i1) [fell](t1).
In [May](p1) [mining](i2) [rose](t2) [2%](+ i2 p1 t2 yy), [coal](g1) was [down](t3) [-3%](- g1 p1 t3 nb), 7 mines.
"""


def test_nearest_links_the_nearest_mentions_of_the_line():
    doc = mark(NEAR)
    expected = [figure._replace(baseline=None) for figure in read(NEAR).figures]
    assert get_figures(link_nearest(doc)) == expected


def test_nearest_takes_the_mentions_from_the_shipped_tagger():
    nlp = load_model("baseline:nearest")
    assert nlp.pipe_names == ["encoder", "iip_entities", "iip_relations", "iip_statements"]
    (statement,) = extract("Output of the mining industry rose by 2.5% in May 2025.", model=nlp)
    assert (statement.value, statement.indicator) == (2.5, "industrial_production")


def test_an_unknown_baseline_is_named():
    with pytest.raises(BaselineError, match="baseline:x: there is no such baseline; give one of"):
        load_model("baseline:x")
