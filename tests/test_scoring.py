import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.scorer import PRFScore
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

from iipnlp.annotations import Figure, Mention, set_figures
from iipnlp.scoring import (
    CUES,
    Row,
    StatementScores,
    add_up,
    assign,
    compare_figures,
    compare_mentions,
    compare_names,
    find_interval,
    score_entities,
    score_relations,
    score_statements,
)

SHARED = Path(__file__).parents[2] / "shared"

MINING, STEEL = Mention(0, 6, "INDUSTRY"), Mention(10, 15, "PRODUCT")
MAY, JUNE = Mention(20, 23, "PERIOD"), Mention(30, 34, "PERIOD")


def counts(score: PRFScore) -> tuple[int, int, int]:
    """Return what is right, found, gold."""
    return score.tp, score.tp + score.fp, score.tp + score.fn


def nonzero(scores: dict[str, PRFScore]) -> dict[str, tuple[int, int, int]]:
    return {name: counts(score) for name, score in scores.items() if len(score)}


# --- Mentions, figures and roles ------------------------------------------------------------------


@pytest.mark.parametrize(
    "gold, predicted, expected",
    [
        pytest.param([MINING], [MINING, MINING], {"all": (1, 1, 1), "INDUSTRY": (1, 1, 1)}, id="duplicates"),
        pytest.param([MINING], [MINING._replace(end=5)], {"all": (0, 1, 1), "INDUSTRY": (0, 1, 1)}, id="extent"),
        pytest.param(
            [MINING], [MINING._replace(label="PRODUCT")],
            {"all": (0, 1, 1), "INDUSTRY": (0, 0, 1), "PRODUCT": (0, 1, 0)}, id="label",
        ),
        pytest.param(
            [MINING, STEEL, MAY], [STEEL, JUNE],
            {"all": (1, 2, 3), "INDUSTRY": (0, 0, 1), "PRODUCT": (1, 1, 1), "PERIOD": (0, 1, 1)}, id="missed",
        ),
        pytest.param([], [MAY], {"all": (0, 1, 0), "PERIOD": (0, 1, 0)}, id="nothing-gold"),
        pytest.param([MAY], [], {"all": (0, 0, 1), "PERIOD": (0, 0, 1)}, id="nothing-predicted"),
        pytest.param([], [], {}, id="nothing"),
    ],
)  # fmt: skip
def test_mentions_are_counted(gold, predicted, expected):
    assert nonzero(compare_mentions(gold, predicted)) == expected


RISE = Figure(40, 42, roles=(MINING, MAY))
FALL = Figure(50, 52, direction=-1, roles=(STEEL, JUNE))


@pytest.mark.parametrize(
    "gold, predicted, expected",
    [
        # Two of four roles: the gold figure that was never proposed costs its two roles.
        pytest.param(
            [RISE, FALL], [RISE],
            {"figures": (1, 1, 2), "roles": (2, 2, 4), "INDUSTRY": (1, 1, 1), "PRODUCT": (0, 0, 1), "PERIOD": (1, 1, 2)},
            id="never-proposed",
        ),
        pytest.param(
            [RISE], [RISE._replace(direction=-1, roles=(MINING, JUNE))],
            {"figures": (0, 1, 1), "roles": (1, 2, 2), "INDUSTRY": (1, 1, 1), "PERIOD": (0, 1, 1)}, id="wrong",
        ),
        pytest.param([RISE._replace(optional=True)], [RISE], {}, id="optional-found"),
        pytest.param([RISE._replace(optional=True)], [RISE._replace(start=39)], {}, id="optional-overlaps"),
        pytest.param([RISE._replace(optional=True)], [], {}, id="optional-missed"),
        pytest.param([], [Figure(1, 2)], {"figures": (0, 1, 0)}, id="nothing-gold"),
    ],
)  # fmt: skip
def test_figures_and_roles_are_counted(gold, predicted, expected):
    assert nonzero(compare_figures(gold, predicted)) == expected


def make_doc(mentions: list[tuple[int, int, str]], figures: list[Figure]) -> Doc:
    doc = Doc(spacy.blank("en").vocab, words="mining rose 2% in May".split())
    doc.ents = tuple(Span(doc, start, end, label=label) for start, end, label in mentions)
    set_figures(doc, figures)
    return doc


def test_scorers_give_spacy_precision_recall_and_f():
    gold = make_doc(
        [(0, 1, "INDUSTRY"), (1, 2, "TREND"), (2, 3, "PERCENT"), (4, 5, "PERIOD")], [RISE, FALL]
    )
    predicted = make_doc([(0, 1, "INDUSTRY"), (1, 2, "PERIOD")], [RISE])
    examples = [Example(predicted, gold)]
    # Mentions: 1 of 2 found is right, of 3 gold ones; figures: 1 of 1, of 2; roles: 2 of 2, of 4.
    assert score_entities(examples) == {
        "ents_p": pytest.approx(1 / 2),
        "ents_r": pytest.approx(1 / 3),
        "ents_f": pytest.approx(2 / 5),
        "ents_per_type": {
            "INDUSTRY": {"p": 1.0, "r": 1.0, "f": 1.0},
            "PERIOD": {"p": 0.0, "r": 0.0, "f": 0.0},
            "TREND": {"p": 0.0, "r": 0.0, "f": 0.0},
        },
    }
    scores = score_relations(examples)
    assert (scores["figures_p"], scores["figures_r"]) == (1.0, 0.5)
    assert (scores["roles_p"], scores["roles_r"]) == (1.0, 0.5)
    assert scores["roles_per_type"]["PERIOD"] == {"p": 1.0, "r": 0.5, "f": pytest.approx(2 / 3)}


def test_scorers_give_none_where_there_is_nothing_to_score():
    assert score_entities([])["ents_f"] is None
    assert score_relations([Example(make_doc([], []), make_doc([], []))])["roles_f"] is None


@pytest.mark.parametrize("name", ["entity", "relation"])
def test_scorers_are_registered(name):
    scorer = registry.scorers.get(f"iipnlp.{name}_scorer.v1")()
    assert scorer in (score_entities, score_relations)


# --- Statements -----------------------------------------------------------------------------------


def say(value: float | None, industry: str | None = None, **keys: Any) -> Row:
    return {"value": value, "unit": "percent", "indicator": "gdp", "industry": industry, **keys}


def levels(scores: StatementScores) -> tuple[int, int, int, int, int]:
    """Return value, core, strict, found, gold."""
    right = [score.tp for score in scores.levels.values()]
    return (*right, *counts(scores.levels["value"])[1:])


@pytest.mark.parametrize(
    "gold, predicted, expected",
    [
        pytest.param([say(1, "mining")], [say(1, "mining")], (1, 1, 1, 1, 1), id="right"),
        pytest.param([say(1, "mining")], [], (0, 0, 0, 0, 1), id="nothing-predicted"),
        pytest.param([], [say(1, "mining")], (0, 0, 0, 1, 0), id="nothing-gold"),
        pytest.param([], [], (0, 0, 0, 0, 0), id="nothing"),
        # Three gold, two of them right in all: equal counts of the two must not collapse.
        pytest.param([say(1), say(2), say(3)], [say(1), say(2)], (2, 2, 2, 2, 3), id="never-proposed"),
        pytest.param([say(1), say(2)], [say(1), say(2), say(4), say(5)], (2, 2, 2, 4, 2), id="equal-counts"),
        pytest.param([say(1), say(1)], [say(1), say(1), say(1)], (1, 1, 1, 1, 1), id="duplicates"),
        pytest.param([say(1, "the mines")], [say(1, "mine"), say(1, "Mines")], (1, 1, 1, 1, 1), id="duplicate-names"),
        pytest.param([say(1)], [say(-1)], (0, 0, 0, 1, 1), id="sign"),
        pytest.param([say(1.0)], [say(1.004)], (1, 1, 1, 1, 1), id="rounding"),
        pytest.param([say(1)], [say(1, unit="percentage_points")], (0, 0, 0, 1, 1), id="unit"),
        pytest.param([say(1, optional=True)], [say(1)], (0, 0, 0, 0, 0), id="optional-found"),
        pytest.param([say(1, optional=True)], [], (0, 0, 0, 0, 0), id="optional-missed"),
        pytest.param([say(1, optional=True)], [say(2)], (0, 0, 0, 1, 0), id="optional-beside"),
        pytest.param([say(1, optional=True), say(1, "coal")], [say(1, "coal")], (1, 1, 1, 1, 1), id="optional-yields"),
        pytest.param([say(4, value_low=3, value_high=5)], [say(4, value_low=3, value_high=5)], (1, 1, 1, 1, 1), id="range"),
        pytest.param([say(4, value_low=3, value_high=5)], [say(4)], (0, 0, 0, 1, 1), id="range-missed"),
        pytest.param([say(1, "mining")], [say(1)], (1, 0, 0, 1, 1), id="no-subject"),
        pytest.param([say(1, "mining")], [say(1, "textiles")], (1, 0, 0, 1, 1), id="other-subject"),
        pytest.param([say(1, "mining")], [say(1, product="mining")], (1, 1, 0, 1, 1), id="other-dimension"),
        pytest.param([say(1, area="U.S.")], [say(1)], (1, 1, 1, 1, 1), id="own-country"),
        pytest.param([say(1, area="Japan")], [say(1)], (1, 0, 0, 1, 1), id="other-country"),
        pytest.param(
            # "coal mining" is half of "mining of ore and coal", but another gold name fits better.
            [say(1, "mining of ore, coal"), say(2, "coal mining")], [say(1, "coal mining")], (1, 0, 0, 1, 2), id="better-rival",
        ),
        pytest.param(
            # By value alone either pairing would do; the subjects settle it.
            [say(1, "mining"), say(1, "textiles")], [say(1, "textiles"), say(1, "mining")], (2, 2, 2, 2, 2), id="equal-values",
        ),
    ],
)  # fmt: skip
def test_statements_are_counted(gold, predicted, expected):
    assert levels(score_statements(gold, predicted, "US")) == expected


Q1 = {"period_start": "2025-01-01", "period_end": "2025-03-31"}


@pytest.mark.parametrize(
    "gold, predicted, wrong",
    [
        ({}, Q1, []),
        (Q1, {}, ["period"]),
        (Q1, {**Q1, "period_end": "2025-06-30"}, ["period"]),
        ({"baseline": "year_on_year"}, {"baseline": None}, ["baseline"]),
        ({"baseline": None}, {"baseline": "year_on_year"}, []),
        ({"status": "expected"}, {}, ["status"]),
        ({}, {"status": "actual", "measure": "change"}, []),
        ({}, {"measure": "contribution"}, ["measure"]),
        ({}, {"indicator": "prices"}, ["indicator"]),
        ({"product": "steel"}, {"area": "steel"}, ["dims"]),
        ({"area": "Bac Giang"}, {"area": "Bắc Giang"}, []),
    ],
)  # fmt: skip
def test_keys_are_asked_where_the_gold_gives_them(gold, predicted, wrong):
    scores = score_statements([say(1, **gold)], [say(1, **predicted)])
    assert [key for key, score in scores.keys.items() if score.fp and key != "left_open"] == wrong
    assert scores.levels["strict"].tp == (0 if wrong else 1)


@pytest.mark.parametrize(
    "gold, predicted, right",
    [
        ({"baseline": None, "period_start": None}, {}, 1),
        ({"baseline": None}, {"baseline": "year_on_year"}, 0),
        ({"period_start": None}, Q1, 0),
        ({}, Q1, 1),
    ],
)
def test_what_the_gold_leaves_open_should_stay_open(gold, predicted, right):
    scores = score_statements([say(1, **gold)], [say(1, **predicted)])
    assert counts(scores.keys["left_open"]) == (right, 1, 1)


def test_cues_are_counted_over_statements_of_right_value():
    gold = [
        say(1, annualized=True, adjustment="unadjusted"),
        say(2, annualized=False, adjustment="seasonally_adjusted"),
        say(3, annualized=True),
        say(4),
    ]
    predicted = [
        say(1, annualized=True, adjustment="calendar_adjusted"),
        say(2, annualized=True, adjustment=None),
        say(4, annualized=True, adjustment="unadjusted"),
    ]
    assert nonzero(score_statements(gold, predicted).cues) == {
        "adjustment": (0, 1, 2),
        "annualized": (1, 2, 1),
    }


def test_mistakes_are_listed_with_both_sides():
    gold = [say(1, "mining"), say(2), say(3, optional=True)]
    predicted = [say(1, "textiles", indicator="prices"), say(5)]
    mistakes = score_statements(gold, predicted).mistakes
    assert [(one.kind, one.gold, one.predicted, one.wrong) for one in mistakes] == [
        ("wrong", gold[0], predicted[0], ("dims", "indicator", "core")),
        ("missed", gold[1], None, ()),
        ("spurious", None, predicted[1], ()),
    ]


def test_add_up_gives_the_aggregate():
    parts = [score_statements([say(1)], [say(1)]), score_statements([say(1), say(2)], [])]
    assert counts(add_up(part.levels for part in parts)["strict"]) == (1, 1, 3)
    assert add_up([]) == {}


@pytest.mark.parametrize(
    "one, other, score",
    [
        ("the mining industry", "Mining", 1.0),
        ("textiles", "textile", 1.0),
        ("batteries", "battery", 1.0),
        ("U.S.", "United States", 1.0),
        ("FDI sector", "foreign direct investment (FDI) sector", 1.0),
        ("leather (except shoes)", "leather", 1.0),
        ("Đà Nẵng", "Da Nang", 1.0),
        ("motor vehicle production", "motor vehicles", 0.8),
        ("coal", "ore", 0.0),
        ("industry", "the sector", 1.0),
        ("industry", "coal", 0.0),
        ("", "", 1.0),
    ],
)
def test_names_are_compared_by_words(one, other, score):
    assert compare_names(one, other) == compare_names(other, one) == pytest.approx(score)


# --- Pairing and intervals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weights, expected",
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({(0, 0): 3, (0, 1): 2, (1, 0): 2}, {0: 1, 1: 0}, id="optimum-is-not-greedy"),
        pytest.param({(0, 0): 5, (0, 1): 2, (1, 0): 2}, {0: 0}, id="one-heavy-pair"),
        pytest.param({(3, 7): 1, (5, 2): 1}, {3: 7, 5: 2}, id="apart"),
    ],
)
def test_assign_finds_the_optimum(weights, expected):
    assert assign(weights) == expected


def test_assign_copes_with_large_groups():
    weights = {(i, j): 6.0 if i == j else 1.0 for i in range(120) for j in range(120)}
    assert assign(weights) == {i: i for i in range(120)}


def test_interval_is_fixed_and_holds_the_score():
    draw = random.Random(1)
    parts = [
        PRFScore(tp=draw.randint(0, 9), fp=draw.randint(0, 3), fn=draw.randint(0, 3))
        for _ in range(30)
    ]
    low, high = find_interval(parts)
    assert low < sum(parts, PRFScore()).fscore < high
    assert find_interval(parts) == (low, high)


@pytest.mark.parametrize("part, end", [(PRFScore(tp=2, fn=2), 2 / 3), (PRFScore(), 0.0)])
def test_interval_of_equal_texts_is_a_point(part, end):
    assert find_interval([part, part, part]) == (pytest.approx(end), pytest.approx(end))


# --- The project's definition ---------------------------------------------------------------------


def perturb(row: Row, draw: random.Random) -> list[Row]:
    """Return what a poor system might make of a gold statement: nothing, one or two statements."""
    changed = {key: value for key, value in row.items() if key not in ("evidence", "optional")}
    changes: list[dict[str, Any]] = [
        {},
        {"value": -row["value"]},
        {"unit": "percentage_points"},
        {"industry": row["product"], "product": row["industry"]},
        {"industry": None},
        {"area": "the U.S."},
        {"indicator": "other"},
        {"status": "expected", "measure": "contribution"},
        {"period_start": "2020-01-01", "period_end": "2020-12-31"},
        {"baseline": "fixed_period", "annualized": True, "approximate": True},
        {"adjustment": "unadjusted", "value_low": 1.0, "value_high": 2.0},
    ]
    return [{**changed, **draw.choice(changes)} for _ in range(draw.choice([0, 1, 1, 1, 2]))]


@pytest.mark.skipif(not (SHARED / "score.py").exists(), reason="no ../shared/score.py")
@pytest.mark.parametrize("corpus", ["seeds", "modern-dev", "newswire-dev"])
def test_statement_scores_are_those_of_the_definition(corpus, tmp_path):
    path, draw = SHARED / "real" / f"{corpus}.jsonl", random.Random(0)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    answers = [
        {
            "id": line["id"],
            "statements": [new for row in line["statements"] for new in perturb(row, draw)],
        }
        for line in lines
    ]
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    command = [sys.executable, str(SHARED / "score.py"), str(path), str(predicted)]
    expected = json.loads(subprocess.check_output([*command, "--json"]))
    printed = subprocess.check_output(command, text=True)

    parts = [
        score_statements(line["statements"], answer["statements"], line["country"])
        for line, answer in zip(lines, answers, strict=True)
    ]
    total = add_up(part.levels for part in parts)
    keys = add_up(part.keys for part in parts)
    cues = add_up(part.cues for part in parts)
    assert {level: score.to_dict() for level, score in total.items()} == {
        level: expected[level] for level in ("value", "core", "strict")
    }
    assert counts(total["value"])[1:] == (expected["pred"], expected["gold"])
    assert {
        key: score.recall for key, score in keys.items() if len(score) and key != "left_open"
    } == expected["fields"]
    assert f"where the gold has none: {keys['left_open'].fn} of {total['value'].tp}\n" in printed
    assert (
        "  ".join(f"{cue} {cues[cue].fscore:.3f} (gold {counts(cues[cue])[2]})" for cue in CUES)
        in printed
    )
    intervals = [find_interval([part.levels[level] for part in parts]) for level in total]
    assert re.findall(r"\[(.*), (.*)\]", printed) == [
        (f"{low:.3f}", f"{high:.3f}") for low, high in intervals
    ]
