import copy
import json
import math
import pickle
import sys
from datetime import date, datetime

import jsonschema
import pytest
from conftest import make_statement
from hypothesis import given
from hypothesis import strategies as st

from iipnlp import IipnlpError, Statement, StatementError, Statements
from iipnlp.statement import (
    ADJUSTMENTS,
    BASELINES,
    DIRECTIONS,
    FOUND_ROLES,
    INDICATORS,
    KEYS,
    MEASURES,
    ROLES,
    STATUSES,
    UNITS,
    describe,
    describe_period,
)

CONTRACT = (
    "indicator industry industry_code product country area ownership value value_low value_high unit "
    "measure direction period_start period_end baseline baseline_start baseline_end status annualized "
    "adjustment approximate text start end spans inherited confidence"
).split()

NAMES = st.none() | st.text(min_size=1)


@st.composite
def statements(draw):
    low, value, high = sorted(draw(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3)))
    is_range = draw(st.booleans())
    start, text = draw(st.integers(0, 10**6)), draw(st.text(min_size=1))
    days = [draw(st.none() | st.lists(st.dates(), min_size=2, max_size=2)) for _ in range(2)]
    period, baseline = [sorted(pair) if pair else (None, None) for pair in days]
    spans = st.tuples(st.integers(0, 10**6), st.integers(1, 99)).map(lambda p: (p[0], p[0] + p[1]))
    return make_statement(
        indicator=draw(st.sampled_from(INDICATORS)),
        industry=draw(NAMES),
        industry_code=draw(st.sampled_from([None, "B", "C29", "C13-C15", "C16,C31", "B-E"])),
        product=draw(NAMES),
        country=draw(st.sampled_from([None, "VN"])),
        value=value,
        value_low=low if is_range else None,
        value_high=high if is_range else None,
        unit=draw(st.sampled_from(UNITS)),
        measure=draw(st.sampled_from(MEASURES)),
        direction=DIRECTIONS[0 if value > 0 else 1 if value < 0 else 2],
        period_start=period[0],
        period_end=period[1],
        baseline=draw(st.none() | st.sampled_from(BASELINES)),
        baseline_start=baseline[0],
        baseline_end=baseline[1],
        status=draw(st.sampled_from(STATUSES)),
        annualized=draw(st.booleans()),
        adjustment=draw(st.none() | st.sampled_from(ADJUSTMENTS)),
        text=text,
        start=start,
        end=start + len(text),
        spans={"value": draw(spans), **draw(st.dictionaries(st.sampled_from(ROLES), spans))},
        inherited=tuple(draw(st.lists(st.sampled_from(FOUND_ROLES), unique=True))),
        confidence=draw(st.integers(0, 1000)) / 1000,
    )


def test_statement_to_dict_is_the_contract():
    assert make_statement().to_dict() == {
        "indicator": "industrial_production",
        "industry": "mining industry",
        "industry_code": "B",
        "product": None,
        "country": "VN",
        "area": None,
        "ownership": None,
        "value": 0.9,
        "value_low": None,
        "value_high": None,
        "unit": "percent",
        "measure": "change",
        "direction": "increase",
        "period_start": "2025-01-01",
        "period_end": "2025-11-30",
        "baseline": "year_on_year",
        "baseline_start": "2024-01-01",
        "baseline_end": "2024-11-30",
        "status": "actual",
        "annualized": False,
        "adjustment": None,
        "approximate": False,
        "text": "In the first 11 months of 2025 the mining industry increased by 0.9%",
        "start": 0,
        "end": 68,
        "spans": {"value": [64, 68], "industry": [35, 50], "period": [7, 30], "trend": [51, 60]},
        "inherited": ["indicator"],
        "confidence": 0.95,
    }


def test_statement_keys_are_in_the_order_of_the_contract():
    assert list(make_statement().to_dict()) == CONTRACT == list(KEYS)


def test_statement_to_dict_gives_fresh_objects():
    statement = make_statement()
    statement.to_dict()["spans"]["value"].append(1)
    assert statement.to_dict()["spans"]["value"] == [64, 68]


@given(statements())
def test_statement_survives_json(statement):
    assert Statement.from_dict(json.loads(json.dumps(statement.to_dict()))) == statement


@given(statements())
def test_statement_fits_its_schema(statement):
    jsonschema.Draft202012Validator(
        Statement.schema(), format_checker=jsonschema.FormatChecker()
    ).validate(statement.to_dict())


@given(statements())
def test_statement_is_described_on_one_line(statement):
    assert all(len(words.splitlines()) <= 1 for words in describe(statement).values())


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(Statement.schema())
    assert list(Statement.schema()["properties"]) == CONTRACT


@pytest.mark.parametrize(
    "copied", [pickle.loads(pickle.dumps(make_statement())), copy.deepcopy(make_statement())]
)
def test_statement_copies_are_equal_and_hash_alike(copied):
    assert copied == make_statement()
    assert hash(copied) == hash(make_statement())


def test_statement_can_not_be_changed():
    statement = make_statement()
    with pytest.raises(AttributeError):
        statement.value = 1.0
    with pytest.raises(TypeError):
        statement.spans["value"] = (0, 1)


def test_statement_value_is_a_plain_float():
    value = make_statement(value=-0.0, direction="unchanged").value
    assert (type(value), math.copysign(1, value)) == (float, 1.0)


def test_statement_spans_do_not_follow_the_dict_they_came_from():
    spans = {"value": (64, 68)}
    statement = make_statement(spans=spans)
    spans["trend"] = (51, 60)
    assert dict(statement.spans) == {"value": (64, 68)}
    with pytest.raises(KeyError):
        statement.spans["trend"]


def test_statement_shift_moves_every_offset():
    moved = make_statement(spans={"value": (64, 68)}).shift(10)
    assert (moved.start, moved.end, dict(moved.spans)) == (10, 78, {"value": (74, 78)})


BROKEN = [
    ("indicator", "production", "must be one of industrial_production"),
    ("indicator", None, "must be of type str"),
    ("industry", "", "must not be empty"),
    ("industry", 5, "must be of type str, or None"),
    ("industry_code", "29", "must match"),
    ("industry_code", "C29\n", "must match"),
    ("industry_code", "C२९", "must match"),
    ("country", "vn", "must match"),
    ("value", "0.9", "must be of type float"),
    ("value", True, "must be of type float"),
    ("value", float("nan"), "finite"),
    ("value", 10**400, "finite"),
    ("value", -0.9, "must be decrease"),
    ("value", 0, "must be unchanged"),
    ("value_low", 0.5, "together with value_high"),
    ("unit", "%", "must be one of percent, percentage_points"),
    ("measure", "level", "must be one of"),
    ("direction", "decrease", "must be increase where the value is 0.9"),
    ("period_start", None, "together with period_end"),
    ("period_start", "2025-12-01", "must not come after period_end"),
    ("period_start", "20250101", "must be an ISO date"),
    ("period_start", "2025-13-01", "is no date"),
    ("period_end", 2025, "must be of type date, or None"),
    ("baseline", "yoy", "must be one of"),
    ("baseline_end", "2023-12-31", "must not come after"),
    ("status", "final", "must be one of"),
    ("annualized", 1, "must be of type bool"),
    ("adjustment", "adjusted", "must be one of"),
    ("text", "", "must not be empty"),
    ("text", "increased by 0.9%", "as long as end - start"),
    ("start", True, "must be of type int"),
    ("start", -1, "at least 0"),
    ("end", 68.0, "must be of type int"),
    ("spans", [], "must be of type Mapping"),
    ("spans", {}, "needs the role value"),
    ("spans", {"value": [64, 68], "verb": [0, 1]}, "no role 'verb'"),
    ("spans", {"value": [68, 64]}, "value needs two offsets"),
    ("spans", {"value": [64]}, "value needs two offsets"),
    ("spans", {"value": "64"}, "value needs two offsets"),
    ("inherited", "indicator", "must be of type tuple"),
    ("inherited", ["value"], "'value' is no role"),
    ("inherited", ["area", "area"], "there twice"),
    ("inherited", [["area"]], "is no role"),
    ("confidence", 1.5, "at most 1"),
    ("confidence", 0.12345, "three decimals"),
]


@pytest.mark.parametrize(
    ("key", "value", "remedy"), BROKEN, ids=[f"{k}-{i}" for i, (k, _, _) in enumerate(BROKEN)]
)
def test_from_dict_names_the_key_and_the_remedy(key, value, remedy):
    with pytest.raises(StatementError) as caught:
        Statement.from_dict({**make_statement().to_dict(), key: value})
    assert key in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "statement is None: must be a mapping"),
        ({**make_statement().to_dict(), "source": "a.txt"}, "source is 'a.txt': no such key"),
        ({"indicator": "gdp"}, "industry is 'missing': give it"),
    ],
)
def test_from_dict_refuses_other_keys(data, message):
    with pytest.raises(StatementError, match=message):
        Statement.from_dict(data)


def test_statement_error_is_ours_and_survives_pickle():
    error = pickle.loads(pickle.dumps(StatementError("value", 1, "must be 2")))
    assert isinstance(error, IipnlpError)
    assert isinstance(error, ValueError)
    assert str(error) == "value is 1: must be 2"


def test_statement_refuses_a_datetime_as_a_day():
    with pytest.raises(StatementError, match="must be of type date"):
        make_statement(period_start=datetime(2025, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2025-11-01", "2025-11-30", "Nov 2025"),
        ("2025-01-01", "2025-11-30", "Jan-Nov 2025"),
        ("2025-07-01", "2025-09-30", "Q3 2025"),
        ("2025-06-01", "2025-08-31", "Jun-Aug 2025"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2024-04-01", "2025-03-31", "Apr 2024-Mar 2025"),
        ("2025-01-01", "2025-01-01", "2025-01-01"),
        ("2025-01-06", "2025-01-12", "2025-01-06..2025-01-12"),
        ("9999-12-01", "9999-12-31", "Dec 9999"),
    ],
)
def test_describe_period_writes_what_people_write(start, end, words):
    assert describe_period(date.fromisoformat(start), date.fromisoformat(end)) == words


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({}, "value", "+0.9%"),
        ({"value": -6.7, "direction": "decrease"}, "value", "-6.7%"),
        ({"value": 0.0, "direction": "unchanged"}, "value", "0%"),
        ({"unit": "percentage_points"}, "value", "+0.9 pp"),
        ({"approximate": True}, "value", "~+0.9%"),
        ({"value_low": -0.2, "value_high": 2.0}, "value", "-0.2 to +2%"),
        (
            {"product": "coal", "area": "Bac\r\nGiang"},
            "subject",
            "mining industry, coal, Bac Giang",
        ),
        ({"industry": "\x1b[31mred\u202e"}, "subject", "[31mred"),
        ({"industry": None}, "subject", "total"),
        ({}, "baseline", "y/y"),
        ({"baseline": None}, "baseline", ""),
        ({"baseline": "fixed_period"}, "baseline", "vs Jan-Nov 2024"),
        (
            {"baseline": "fixed_period", "baseline_start": None, "baseline_end": None},
            "baseline",
            "vs fixed",
        ),
        ({"baseline": "period_on_period"}, "baseline", "p/p"),
        ({"baseline": "period_on_period", "period_start": date(2025, 11, 1)}, "baseline", "m/m"),
        ({"baseline": "period_on_period", "period_start": date(2025, 9, 1)}, "baseline", "q/q"),
        ({"status": "expected", "annualized": True}, "notes", "expected, annualized"),
        (
            {"measure": "contribution", "adjustment": "seasonally_adjusted"},
            "notes",
            "contribution, seasonally adjusted",
        ),
    ],
)
def test_describe_says_it_in_few_words(changes, column, words):
    assert describe(make_statement(**changes))[column] == words


# --- The sequence ---------------------------------------------------------------------------------


def test_statements_are_a_sequence():
    one, two = make_statement(), make_statement(value=2.0)
    found = Statements([one, two])
    assert (len(found), found[1], found[:1], list(found)) == (2, two, Statements([one]), [one, two])
    assert found != [one, two]
    assert hash(found) == hash(Statements((one, two)))
    assert pickle.loads(pickle.dumps(found)) == found


def test_statements_to_dicts():
    assert Statements([make_statement()]).to_dicts() == [make_statement().to_dict()]


def test_statements_repr_shows_each():
    assert repr(Statements([make_statement()])) == (
        "<1 statement>\n  +0.9%  mining industry  industrial production  Jan-Nov 2025  y/y"
    )
    assert repr(Statements()) == "<0 statements>"


def test_statements_repr_is_cut():
    assert repr(Statements([make_statement()] * 103)).endswith("\n  … and 3 more")
    assert Statements([make_statement()] * 103)._repr_html_().endswith("<p>… and 3 more</p>")


def test_statements_html_is_escaped():
    table = Statements([make_statement(industry="<script>&")])._repr_html_()
    assert "<td>&lt;script&gt;&amp;</td>" in table
    assert "<script>" not in table


def test_statements_to_frame_has_the_keys_and_dates():
    frame = Statements(
        [make_statement(), make_statement(period_start=None, period_end=None)]
    ).to_frame()
    assert list(frame.columns) == CONTRACT
    assert frame["period_start"].dt.year.tolist()[0] == 2025
    assert frame["period_start"].isna().tolist() == [False, True]


def test_statements_to_frame_takes_far_days_and_no_rows():
    frame = Statements([make_statement(period_start=date(1, 1, 1))]).to_frame()
    assert frame["period_start"].dt.year.tolist() == [1]
    assert list(Statements().to_frame().columns) == CONTRACT


def test_statements_to_frame_without_pandas_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"iipnlp\[frames\]"):
        Statements().to_frame()


def test_directions_are_those_of_the_annotations():
    from iipnlp import annotations

    assert set(annotations.DIRECTIONS.values()) == set(DIRECTIONS)
