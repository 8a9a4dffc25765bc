import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import spacy
import typer
from spacy.language import Language
from spacy.tokens import Doc, Span
from typer.testing import CliRunner

import iipnlp.pipeline.statements  # noqa: F401
from iipnlp import cli, extraction
from iipnlp.annotations import DIMENSIONS, Figure, get_mentions, set_figures
from iipnlp.evaluation import CorpusError, Evaluation, evaluate, read_corpus
from iipnlp.report import OptionError, evaluate_cli, read_floors, split_paths

# The pipeline takes coal for an industry, and does not know textiles.
KNOWN = {
    "Mining": "INDUSTRY",
    "Coal": "INDUSTRY",
    "May": "PERIOD",
    "rose": "TREND",
    "fell": "TREND",
}

MARKUP = """\
=== first-1
country: VN
published: 2025-06-10
phenomena: 1 2
---
In [May](p1) [mining](i) was watched.
[Mining](i1) [rose](t1) [2%](+ i1 p1 t1 yy). [Coal](g1) [fell](t2) [3%](- g1 p1 t2 yy).
[Textiles](i2) [4%](+ opt i2 p1 yy).
=== first-2
phenomena: 2
---
Nothing was counted.
"""
STATEMENTS = {
    "id": "wire-1",
    "country": "VN",
    "published": "2025-06-10",
    "agency": "wire | desk",
    "text": "In May Mining rose 2%.\nCoal fell 3%.",
    "statements": [
        {"value": 2, "unit": "percent", "indicator": "industrial_production", "industry": "mining", "evidence": "rose"},
        {"value": 7, "unit": "percent", "indicator": "gdp", "evidence": "words\x1b[31m |\n of it"},
    ],
}  # fmt: skip


@Language.component("known_entities")
def tag(doc: Doc) -> Doc:
    doc.ents = tuple(Span(doc, t.i, t.i + 1, label=KNOWN[t.text]) for t in doc if t.text in KNOWN)
    return doc


@Language.component("near_relations")
def link(doc: Doc) -> Doc:
    """Tell each percentage of the mentions before it in its line, and of the last period."""
    mentions = get_mentions(doc)
    periods = [mention for mention in mentions if mention.label == "PERIOD"][-1:]
    figures = []
    for match in re.finditer(r"\d%", doc.text):
        line = doc.text.rfind("\n", 0, match.start())
        before = [m for m in mentions if line < m.start < match.start()]
        subjects = [mention for mention in before if mention.label in DIMENSIONS][-1:]
        trends = [mention for mention in before if mention.label == "TREND"][-1:]
        falls = any(doc.text[trend.start : trend.end] == "fell" for trend in trends)
        roles = tuple(sorted([*subjects, *trends, *periods]))
        figures.append(
            Figure(
                *match.span(), direction=-1 if falls else 1, baseline="year_on_year", roles=roles
            )
        )
    set_figures(doc, figures)
    return doc


@pytest.fixture(scope="module")
def pipeline() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("known_entities", name="iip_entities")
    nlp.add_pipe("near_relations", name="iip_relations")
    nlp.add_pipe("iip_statements")
    return nlp


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    path = tmp_path / "first.md"
    path.write_text(MARKUP, "utf-8")
    return path


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps(STATEMENTS) + "\n", "utf-8")
    return path


def counts(evaluation: Evaluation, section: str) -> dict[str, tuple[int, int, int]]:
    """Return what is right, found, gold."""
    scores = evaluation.add_up(section)
    return {name: (s.tp, s.tp + s.fp, s.tp + s.fn) for name, s in scores.items()}


# --- Levels ---------------------------------------------------------------------------------------


def test_mentions_are_compared(pipeline: Language, annotated: Path):
    # "mining" and "Textiles" are missed, "Coal" has the wrong label.
    assert counts(evaluate(pipeline, annotated), "mentions") == {
        "all": (4, 5, 7),
        "INDUSTRY": (1, 2, 3),
        "PRODUCT": (0, 0, 1),
        "PERIOD": (1, 1, 1),
        "TREND": (2, 2, 2),
    }


def test_roles_are_compared_on_gold_and_on_predicted_mentions(pipeline: Language, annotated: Path):
    evaluation = evaluate(pipeline, annotated)
    # The figure of textiles is optional: neither it nor its roles count.
    assert counts(evaluation, "roles_on_gold") == {
        "figures": (2, 2, 2),
        "roles": (6, 6, 6),
        "INDUSTRY": (1, 1, 1),
        "PRODUCT": (1, 1, 1),
        "PERIOD": (2, 2, 2),
        "TREND": (2, 2, 2),
    }
    assert counts(evaluation, "roles_on_predicted") == {
        "figures": (2, 2, 2),
        "roles": (5, 6, 6),
        "INDUSTRY": (1, 2, 1),
        "PRODUCT": (0, 0, 1),
        "PERIOD": (2, 2, 2),
        "TREND": (2, 2, 2),
    }


def test_statements_of_an_annotated_corpus_follow_from_it(pipeline: Language, annotated: Path):
    evaluation = evaluate(pipeline, annotated)
    # Coal is a product: right in value and name, not strictly. The optional figure is free.
    assert counts(evaluation, "statements") == {
        "value": (2, 2, 2),
        "core": (2, 2, 2),
        "strict": (1, 2, 2),
    }
    assert evaluation.add_up("keys")["dims"].recall == 0.5
    assert evaluation.add_up("keys")["period"].recall == 1.0
    assert [one.wrong for result in evaluation.results for one in result.mistakes] == [("dims",)]


def test_a_corpus_of_statements_is_scored_on_statements_alone(pipeline: Language, told: Path):
    evaluation = evaluate(pipeline, told)
    assert counts(evaluation, "statements") == {
        "value": (1, 2, 2),
        "core": (1, 2, 2),
        "strict": (1, 2, 2),
    }
    assert evaluation.add_up("mentions") == evaluation.add_up("roles_on_gold") == {}
    assert [one.kind for one in evaluation.results[0].mistakes] == ["missed", "spurious"]


def test_results_are_grouped(pipeline: Language, annotated: Path, told: Path):
    evaluation = evaluate(pipeline, annotated.parent)
    ids = {
        key: [result.id for result in group]
        for groups in (evaluation.group_by_publisher(), evaluation.group_by_phenomenon())
        for key, group in groups.items()
    }
    assert ids == {
        "first": ["first-1", "first-2"],
        "wire | desk": ["wire-1"],
        1: ["first-1"],
        2: ["first-1", "first-2"],
    }


def test_evaluation_says_what_was_evaluated(pipeline: Language, told: Path):
    evaluation = evaluate(pipeline, told)
    assert (evaluation.corpus, evaluation.words) == (str(told), 8)
    assert evaluation.words_per_second > 0
    assert evaluation.model == "en_pipeline 0.0.0"


def test_evaluation_is_deterministic(pipeline: Language, annotated: Path):
    first, second = evaluate(pipeline, annotated), evaluate(pipeline, annotated)
    assert first.find_interval("mentions", "all") == second.find_interval("mentions", "all")
    assert counts(first, "roles_on_gold") == counts(second, "roles_on_gold")


# --- Corpora that can't be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("a.jsonl", "", "no releases in it"),
        ("a.md", "# a heading\n", "no releases in it"),
        ("a.jsonl", "\n{'id': 1}\n", r"a.jsonl:2: not a line of a corpus: Expecting property name"),
        ("a.jsonl", "[]\n", r"a.jsonl:1: not a line"),
        ("a.jsonl", '{"statements": []}\n', r"a.jsonl:1: .* no 'text' in it"),
        ("a.jsonl", '{"text": "x"}\n', r"a.jsonl:1: .* no 'spans' in it"),
        ("a.jsonl", '{"text": "x", "statements": [3]}\n', "3 is no statement"),
        ("a.jsonl", '{"text": "x", "statements": [{}]}\n', "value is None; give a number"),
        ("a.jsonl", '{"text": "x", "statements": [{"value": NaN}]}\n', "value is nan; give a number"),
        ("a.jsonl", '{"text": "x", "statements": [], "published": "May"}\n', "Invalid isoformat"),
        ("a.jsonl", '{"text": "\\ud800", "statements": []}\n', "surrogates not allowed"),
        ("a.md", "=== a\n---\n[2%](+)\n", r"a.md:3:1: a: a figure needs one of yy"),
        ("a.md", b"=== a\n---\n\xff\n", r"a.md:1: a: not UTF-8 \(byte 10\)"),
    ],
)  # fmt: skip
def test_a_corpus_that_cant_be_read_says_why(name, content, message, tmp_path: Path):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CorpusError, match=message):
        read_corpus(path)


def test_a_missing_corpus_says_so(tmp_path: Path):
    with pytest.raises(CorpusError, match="no such file or folder"):
        read_corpus(tmp_path / "none")
    with pytest.raises(CorpusError, match="no releases in it"):
        read_corpus(tmp_path)


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def run(pipeline: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model = tmp_path / "shipped"
    pipeline.to_disk(model)
    monkeypatch.setitem(extraction.SHIPPED, "default", model)
    app = typer.Typer(cls=cli.app.info.cls)
    app.command("evaluate")(evaluate_cli)
    app.callback()(lambda: None)
    return lambda *args: CliRunner().invoke(app, ["evaluate", *map(str, args)])


def test_table(run, annotated: Path, told: Path):
    lines = run(annotated, told, "--errors", 3).stdout.splitlines()
    assert lines[0] == "Statements, F1"
    assert lines[lines.index("Statements") + 1 :][:4] == [
        "                           F1  95% interval      P      R  right  found  gold",
        "  value                 1.000   0.000-1.000  1.000  1.000      2      2     2",
        "  core: and subject     1.000   0.000-1.000  1.000  1.000      2      2     2",
        "  strict: and all keys  0.500   0.000-0.500  0.500  0.500      1      2     2",
    ]
    assert lines[lines.index("first-1: wrong dimensions") + 1 :][:3] == [
        "  gold   -3 %; product: Coal; 2025-05-01..2025-05-31; industrial_production; year_on_year",
        "  found  -3 %; industry: Coal; 2025-05-01..2025-05-31; industrial_production; year_on_year",
        "  text   Coal fell 3%",
    ]
    assert lines[lines.index("wire-1: missed") + 1 :][:3] == [
        "  gold   +7 %; ?..?; gdp",
        "  found  -",
        "  text   words [31m | of it",
    ]


def test_markdown_escapes_what_comes_from_the_text(run, told: Path):
    report = run(told, "--format", "markdown", "--errors", 9).stdout
    assert r"| wire-1 | missed | +7 %; ?..?; gdp | - | words \[31m \| of it |" in report
    assert "| strict: and all keys | 0.500 | 0.500-0.500 | 0.500 | 0.500 | 1 | 2 | 2 |" in report


def test_json(run, annotated: Path, tmp_path: Path):
    output = tmp_path / "report.json"
    result = run("default", annotated, "--format", "json", "--errors", 1, "--output", output)
    assert (result.exit_code, result.stdout) == (0, "")
    (report,) = json.loads(output.read_text("utf-8"))["corpora"]
    assert report["statements"]["strict"] == {
        "p": 0.5, "r": 0.5, "f": 0.5, "right": 1, "found": 2, "gold": 2, "interval": [0.0, 0.5],
    }  # fmt: skip
    assert report["keys"]["dims"] == {"accuracy": 0.5, "right": 1, "asked": 2}
    assert report["by_phenomenon"]["2"]["releases"] == 2
    assert report["error_counts"] == {"wrong dimensions": {"count": 1, "alone": 1}}
    assert report["errors"][0]["wrong"] == ["dims"]


@pytest.mark.parametrize(
    "floors, code, message",
    [
        ([], 0, ""),
        (["0.5"], 0, ""),
        (["0.501"], 1, "first.md: strict F1 0.500 is under the floor 0.501"),
        (["0.9", "first=0.5", "wire=0.5"], 0, ""),
        (["first=0.4", "wire=0.6"], 1, "wire.jsonl: strict F1 0.500 is under the floor 0.6"),
        (["other=0.4"], 2, "--fail-under other=0.4: other is none of"),
        (["50"], 2, "--fail-under 50: give a number from 0 to 1"),
        (["nan"], 2, "--fail-under nan: give a number from 0 to 1"),
    ],
)  # fmt: skip
def test_floors_set_the_exit_code(floors, code, message, run, annotated: Path, told: Path):
    result = run(annotated, told, *(part for floor in floors for part in ("--fail-under", floor)))
    assert result.exit_code == code
    assert message in result.stderr
    assert ("Statements, F1" in result.stdout) == (code < 2)


def test_a_wrong_command_gives_one_line(run, told: Path, tmp_path: Path):
    wrong = [
        run("none.jsonl"),
        run("none.jsonl", told),
        run("no_such_package", told),
        run(tmp_path / "shipped"),
        run(told, "--output", told),
        run(told, "--output", tmp_path / "none" / "report"),
        run(told, "--output", tmp_path),
    ]
    assert [result.exit_code for result in wrong] == [2] * len(wrong)
    assert [len(result.stderr.splitlines()) for result in wrong] == [1] * len(wrong)
    assert [result.stdout for result in wrong] == [""] * len(wrong)


@pytest.mark.parametrize(
    "paths, expected",
    [
        (["wire.jsonl"], ("default", ["wire.jsonl"])),
        (["default", "wire.jsonl"], ("default", ["wire.jsonl"])),
        (["package", "wire.jsonl"], ("package", ["wire.jsonl"])),
        (["model", "wire.jsonl"], ("model", ["wire.jsonl"])),
        (["corpus", "wire.jsonl"], ("default", ["corpus", "wire.jsonl"])),
        (["typo.jsonl", "wire.jsonl"], ("default", ["typo.jsonl", "wire.jsonl"])),
    ],
)
def test_model_and_corpora_are_told_apart(paths, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("wire.jsonl").touch()
    Path("corpus").mkdir()
    Path("model").mkdir()
    Path("model", "config.cfg").touch()
    assert split_paths(paths) == expected


def test_a_model_without_corpora_is_refused():
    with pytest.raises(OptionError, match="name the corpora"):
        split_paths(["default"])


def test_floors_are_read():
    corpora = ["a/dev.jsonl", "b/dev.jsonl", "test"]
    assert read_floors(["dev=0.5", "a/dev.jsonl=0.6", "0.9"], corpora) == {
        "a/dev.jsonl": 0.6,
        "b/dev.jsonl": 0.5,
        "test": 0.9,
    }


# --- By confidence and length, against another, as a page -----------------------------------------


def test_results_are_grouped_by_length(pipeline: Language, annotated: Path):
    groups = evaluate(pipeline, annotated).group_by_length()
    assert {name: len(group) for name, group in groups.items()} == {"under 100 words": 2}


def test_confidence_is_judged(pipeline: Language, annotated: Path):
    judged = evaluate(pipeline, annotated).judge()
    assert sorted(right for _, right in judged) == [False, True]


def test_html_stands_alone_and_escapes_what_comes_from_the_text(run, tmp_path: Path):
    hostile = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'
    line = {
        **STATEMENTS,
        "id": hostile,
        "agency": hostile,
        "text": f"{hostile} fell 3%.\n& rose 2%",
    }
    line["statements"] = [{"value": 9, "industry": hostile, "evidence": hostile}]
    path = tmp_path / "hostile.jsonl"
    path.write_text(json.dumps(line) + "\n" + json.dumps(STATEMENTS), "utf-8")
    result = run(path, "--format", "html", "--against", "baseline:quantulum3")
    assert result.exit_code == 0
    page = result.stdout
    assert page.startswith("<!doctype html>")
    assert re.findall(r"<(script|img|link|iframe)|https?:|url\(", page) == []
    assert page.count("&lt;script&gt;") > 3
    assert "hostile.jsonl: compared" in page
    assert "<svg" in page and "spurious" in page
    HTMLTree().feed(page)


class HTMLTree(HTMLParser):
    """Checks that every element is closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_against_lists_differences_and_changed_releases(run, annotated: Path):
    lines = run(annotated, "--against", "baseline:quantulum3").stdout.splitlines()
    start = lines.index(
        "en_pipeline 0.0.0 against en_baseline_quantulum3 " + spacy.about.__version__
    )
    assert lines[start + 1].split() == ["F1", "this", "other", "difference", "p-value"]
    assert lines[start + 2].split()[:3] == ["statements:", "value", "1.000"]
    assert "Releases that changed: 1" in lines


def test_json_holds_the_comparison(run, annotated: Path):
    report = json.loads(run(annotated, "--against", "default", "--format", "json").stdout)
    (comparison,) = report["comparisons"]
    assert comparison["changes"] == []
    assert comparison["differences"][0]["p_value"] == 1.0
    assert report["corpora"][0]["by_confidence"]["bins"]


def test_an_unknown_baseline_gives_one_line(run, annotated: Path):
    result = run(annotated, "--against", "baseline:x")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
