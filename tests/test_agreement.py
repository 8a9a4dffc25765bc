import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iipnlp.agreement import Agreement, AgreementError, kappa, measure_agreement
from iipnlp.cli import app

FIRST = """\
=== desk-1
published: 2025-06-10
---
In [May](p1) [mining](i1) [rose](t1) [2%](#1 + i1 p1 t1 yy), [steel](i2) [4%](+ ^1 i2).
=== desk-2
---
[Coal](g1) [fell](t1) [3%](- g1 t1 nb), about [9%](= opt & yy) or 8%.
"""
SECOND = """\
=== desk-3
---
Nothing.
=== desk-2
---
[Coal](g1) [fell](t1) [3%](- g1 t1 nb), about 9% or [8%](- & yy).
=== desk-1
published: 2025-06-10
---
In [May](p1) [mining](i1) [rose](t1) [2%](+ i1 p1 t1 yy), [steel](g2) [4%](- g2 t1 pp apx).
"""


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.chdir(tmp_path)
    first, second = Path("first.md"), Path("second.md")
    first.write_text(FIRST, "utf-8")
    second.write_text(SECOND, "utf-8")
    return first, second


def counts(agreement: Agreement, section: str) -> dict[str, tuple[int, int, int]]:
    """Return what is in both, the first, the second."""
    scores = getattr(agreement, section)
    return {name: (s.tp, s.tp + s.fn, s.tp + s.fp) for name, s in scores.items() if len(s)}


# Of 10 pairs 7 agree; chance: 0.6 * 0.5 + 0.4 * 0.5 = 0.5.
TEN = [(1, 1)] * 4 + [(0, 0)] * 3 + [(1, 0)] * 2 + [(0, 1)]


@pytest.mark.parametrize(
    "pairs, expected",
    [
        (TEN, 0.4),
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a")] * 9, None),
        ([], None),
    ],
)
def test_kappa(pairs, expected):
    assert kappa(pairs) == (expected if expected is None else pytest.approx(expected))


def test_mentions_are_compared(paths):
    agreement = measure_agreement(*paths)
    assert (agreement.releases, agreement.words) == (2, 14)
    assert counts(agreement, "mentions") == {
        "all": (5, 6, 6),
        "INDUSTRY": (1, 2, 1),
        "PRODUCT": (1, 1, 2),
        "PERIOD": (1, 1, 1),
        "TREND": (2, 2, 2),
    }
    assert [pair for pair in agreement.labels if pair[0] != pair[1]] == [("INDUSTRY", "PRODUCT")]


def test_roles_are_compared_where_no_figure_is_optional(paths):
    # "9%" is optional to the first. The second lacks no figure; "8%" and the fall of 4% are its own.
    assert counts(measure_agreement(*paths), "roles") == {
        "figures": (2, 3, 4),
        "roles": (6, 8, 9),
        "INDUSTRY": (1, 2, 1),
        "PRODUCT": (1, 1, 3),
        "PERIOD": (1, 2, 1),
        "TREND": (3, 3, 4),
    }


def test_choices_are_compared(paths):
    choices = measure_agreement(*paths).choices
    assert choices["figure"] == [
        ("change", "change"), ("change", "change"),
        ("change", "change"), ("change", "none"), ("none", "change"),
    ]  # fmt: skip
    assert choices["figure's direction"] == [(1, 1), (1, -1), (-1, -1)]
    assert choices["figure's host"] == [(None, None), (19, None), (None, None)]
    assert choices["statement's baseline"] == [("year_on_year", "year_on_year"), (None, None)]


def test_statements_are_compared(paths):
    assert counts(measure_agreement(*paths), "statements") == dict.fromkeys(
        ("value", "core", "strict"), (2, 3, 4)
    )


def test_disagreements_are_listed_with_their_place(paths):
    assert list(map(str, measure_agreement(*paths).disagreements)) == [
        "desk-1:23: mention: 'steel' at 23 INDUSTRY | 'steel' at 23 PRODUCT",
        "desk-1:29: direction of '4%': 1 | -1",
        "desk-1:29: baseline of '4%': year_on_year | period_on_period",
        "desk-1:29: approximate of '4%': False | True",
        "desk-1:29: host of '4%': 19 | None",
        "desk-1:29: INDUSTRY of '4%': 'steel' at 23 | -",
        "desk-1:29: PRODUCT of '4%': - | 'steel' at 23",
        "desk-1:29: PERIOD of '4%': 'May' at 3 | -",
        "desk-2:20: figure '9%': change | -",
        "desk-2:26: figure '8%': - | change",
    ]


def test_an_annotation_agrees_with_itself(paths):
    agreement = measure_agreement(paths[0], paths[0])
    assert agreement.disagreements == agreement.left_out == []
    assert {s.fscore for s in agreement.statements.values()} == {1.0}


def test_mentions_of_other_extent_stand_side_by_side(tmp_path):
    for name, marked in (("a", "[The mining](i) of [Hue](a)"), ("b", "The [mining of Hue](i)")):
        (tmp_path / f"{name}.md").write_text(f"=== x\n---\n{marked}\n", "utf-8")
    agreement = measure_agreement(tmp_path / "a.md", tmp_path / "b.md")
    assert [str(one).partition(": ")[2] for one in agreement.disagreements] == [
        "mention: 'The mining' at 0 INDUSTRY | 'mining of Hue' at 4 INDUSTRY",
        "mention: 'Hue' at 14 AREA | -",
    ]


def test_corpora_of_statements_are_compared_on_statements(tmp_path):
    line = {"id": "x", "text": "Mining rose 2%.", "statements": []}
    rise = {"value": 2, "industry": "Mining", "evidence": "rose 2%", "status": "actual"}
    for name, rows in (("a", [rise]), ("b", [{**rise, "status": "expected"}])):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({**line, "statements": rows}), "utf-8")
    agreement = measure_agreement(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert counts(agreement, "statements") == {
        "value": (1, 1, 1), "core": (1, 1, 1), "strict": (0, 1, 1),
    }  # fmt: skip
    assert agreement.choices["statement's status"] == [("actual", "expected")]
    assert list(map(str, agreement.disagreements)) == [
        "x:7: statement, status: +2 %; industry: Mining; ?..? | +2 %; industry: Mining; ?..?; expected"
    ]


def test_statements_without_texts_are_compared_with_annotated_releases(paths):
    rise = {"value": 2, "industry": "mining", "baseline": "year_on_year", "evidence": "rose 2%"}
    span = {"value": None, "value_low": 3, "value_high": 5, "evidence": "4%"}
    line = {"id": "desk-1", "statements": [rise, span]}
    Path("blind.jsonl").write_text(json.dumps(line), "utf-8")
    agreement = measure_agreement(paths[0], Path("blind.jsonl"))
    assert counts(agreement, "statements")["value"] == (1, 2, 2)
    assert agreement.left_out == ["desk-2 is not in blind.jsonl"]


def test_corpora_without_a_common_release_are_refused(paths, tmp_path):
    Path("other.md").write_text("=== desk-1\n---\nIn June.\n", "utf-8")
    Path("twice.md").write_text(FIRST + FIRST, "utf-8")
    with pytest.raises(AgreementError, match=r"other.md and first.md share no release; give"):
        measure_agreement(Path("other.md"), paths[0])
    with pytest.raises(AgreementError, match=r"twice.md: two releases are called desk-1"):
        measure_agreement(Path("twice.md"), paths[0])


def test_command_prints_tables_and_disagreements(paths):
    result = CliRunner().invoke(app, ["corpus", "agree", *map(str, paths)])
    assert (result.exit_code, result.stderr) == (
        0,
        "iipnlp: left out: desk-3 is not in first.md\n",
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "2 releases, 14 words"
    assert "  all        0.833     5      6       6  0.900" in lines
    assert "  figure                   0.600  -0.250     3   5" in lines
    assert lines[lines.index("10 disagreements: first.md | second.md") + 1].startswith(
        "  desk-1:23"
    )


def test_command_refuses_a_path_without_releases(paths):
    result = CliRunner().invoke(app, ["corpus", "agree", "first.md", "none.md"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "iipnlp: none.md: there is no such file or folder\n"
