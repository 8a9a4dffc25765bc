"""The shipped pipelines: there, small, deterministic, and right on the README's example."""

import json
from pathlib import Path

import pytest
import spacy

import iipnlp
from iipnlp.extraction import SHIPPED

EXAMPLE = (Path(__file__).parent.parent / "corpus" / "example.txt").read_text(encoding="utf-8")
CONTEXT = {"published": "2025-12-06", "country": "VN"}


@pytest.fixture(scope="module")
def statements():
    return iipnlp.extract(EXAMPLE, **CONTEXT)


@pytest.mark.parametrize("name", SHIPPED)
def test_model_is_small_and_holds_no_pickle(name):
    files = [file for file in SHIPPED[name].rglob("*") if file.is_file()]
    assert 0 < sum(file.stat().st_size for file in files) <= 20_000_000
    assert not [file for file in files if file.suffix in (".pkl", ".pickle", ".pt", ".joblib")]


@pytest.mark.parametrize("name", SHIPPED)
def test_model_loads_by_spacy_alone(name):
    nlp = spacy.load(SHIPPED[name])
    doc = nlp.make_doc("In May 2024 mining output fell by 3.1% year on year.")
    (statement,) = nlp(doc)._.statements
    assert (statement.industry, statement.value, statement.baseline) == (
        "mining",
        -3.1,
        "year_on_year",
    )


@pytest.mark.parametrize(
    ("value", "subject", "period_end", "baseline"),
    [
        (1.9, None, "2025-11-30", "period_on_period"),
        (9.6, None, "2025-11-30", "year_on_year"),
        (10.8, "Manufacturing", "2025-11-30", "year_on_year"),
        (-0.4, "mining", "2025-11-30", "year_on_year"),
        (9.1, None, "2025-11-30", "year_on_year"),
        (8.2, None, "2024-11-30", "year_on_year"),
        (21.4, "motor vehicles", "2025-11-30", "year_on_year"),
        (18.5, "rolled steel", "2025-11-30", "year_on_year"),
        (-5.2, "natural gas", "2025-11-30", "year_on_year"),
    ],
)
def test_model_reads_the_example(statements, value, subject, period_end, baseline):
    found = [
        (s.value, s.industry or s.product, s.period_end.isoformat(), s.baseline)
        for s in statements
        if s.measure == "change" and s.status == "actual" and s.period_end
    ]
    assert (value, subject, period_end, baseline) in found


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    "text",
    [
        "Manufacturing accounts for 78% of the index.",
        "Call 024 3734 4920 between 8.30 and 17.00 on 12/05/2024.",
        "Comment (0)",
        "",
        "1234567890",
    ],
)
def test_model_finds_nothing_in_look_alikes(text, name):
    assert len(iipnlp.extract(text, model=name)) == 0


@pytest.mark.parametrize("name", SHIPPED)
def test_model_gives_the_same_bytes_again_and_with_two_processes(name):
    texts = [EXAMPLE, "", "Output rose 2% in May from April.", EXAMPLE[:600]]

    def read(**options):
        found = iipnlp.extract_many(texts, model=name, **CONTEXT, **options)
        return json.dumps([statements.to_dicts() for statements in found])

    once = read(batch_size=1)
    assert read(batch_size=4) == once
    assert read(batch_size=2, n_process=2) == once
