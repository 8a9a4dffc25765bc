"""Reports of an evaluation: for the terminal, in Markdown, JSON and HTML; the command that asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from iipnlp import __version__
from iipnlp.breakdown import (
    SECTIONS,
    add_levels,
    build_comparison_tables,
    build_summary,
    build_tables,
    count_faults,
    name_faults,
    quote,
)
from iipnlp.extraction import DEFAULT, SHIPPED
from iipnlp.statement import IipnlpError
from iipnlp.tables import Table, describe_row, escape, lay_out, mark_up

if TYPE_CHECKING:  # these import spaCy, which takes seconds; the command does so when it runs
    from spacy.scorer import PRFScore

    from iipnlp.comparison import Comparison
    from iipnlp.evaluation import Evaluation, ReleaseResult
    from iipnlp.page import Error, Plot
    from iipnlp.scoring import Outcome


class OptionError(IipnlpError, ValueError):
    """Arguments of the command that don't fit together."""


class Format(str, Enum):
    """The forms in which an evaluation is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


class Report(NamedTuple):
    """What is reported: evaluations, their comparisons if asked for, so many errors of each."""

    evaluations: Sequence[Evaluation]
    comparisons: Sequence[Comparison]
    errors: int | None

    def list_errors(self, evaluation: Evaluation) -> list[tuple[ReleaseResult, Outcome]]:
        """Return the first mistakes in order of the corpus, each with its release."""
        pairs = [(result, one) for result in evaluation.results for one in result.mistakes]
        return pairs[: self.errors]


# --- Formats --------------------------------------------------------------------------------------


def format_table(report: Report) -> str:
    """Return the report as text for a terminal."""
    evaluations = report.evaluations
    blocks = [lay_out(build_summary(evaluations))] if len(evaluations) > 1 else []
    for evaluation in evaluations:
        blocks.append(_headline(evaluation))
        blocks += [lay_out(table) for table in build_tables(evaluation)]
        for result, mistake in report.list_errors(evaluation):
            lines = (
                f"{result.id}: {', '.join(name_faults(mistake))}",
                f"  gold   {describe_row(mistake.gold)}",
                f"  found  {describe_row(mistake.predicted)}",
                f"  text   {quote(mistake)}",
            )
            blocks.append("\n".join(lines))
    for comparison in report.comparisons:
        blocks.append(comparison.corpus)
        blocks += [lay_out(table) for table in build_comparison_tables(comparison)]
    return "\n\n".join(blocks) + "\n"


def _headline(evaluation: Evaluation) -> str:
    return (
        f"{evaluation.corpus}: {len(evaluation.results)} releases, {evaluation.words:,} words, "
        f"{evaluation.words_per_second:,.0f} words/s, {evaluation.model}"
    )


def format_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    blocks = ["# Evaluation", f"iipnlp {__version__}"]
    if len(report.evaluations) > 1:
        blocks.append(mark_up(build_summary(report.evaluations)))
    for evaluation in report.evaluations:
        blocks += [f"## {escape(evaluation.corpus)}", escape(_headline(evaluation))]
        blocks += [f"### {table.title}\n\n{mark_up(table)}" for table in build_tables(evaluation)]
        rows = [
            (
                result.id,
                ", ".join(name_faults(mistake)),
                describe_row(mistake.gold),
                describe_row(mistake.predicted),
                quote(mistake),
            )
            for result, mistake in report.list_errors(evaluation)
        ]
        if rows:
            head = ("release", "error", "gold", "found", "text")
            blocks.append(mark_up(Table("", head, rows), numbers=False))
    for comparison in report.comparisons:
        blocks.append(f"## {escape(comparison.corpus)}")
        tables = build_comparison_tables(comparison)
        blocks += [f"### {escape(table.title)}\n\n{mark_up(table)}" for table in tables]
    return "\n\n".join(blocks) + "\n"


def format_json(report: Report) -> str:
    """Return the report as JSON; all but the speed is the same every time."""
    rows = {
        "iipnlp": __version__,
        "corpora": [_to_dict(evaluation, report) for evaluation in report.evaluations],
        "comparisons": [
            {
                **asdict(comparison),
                "differences": [one._asdict() for one in comparison.differences],
                "changes": [one._asdict() for one in comparison.changes],
            }
            for comparison in report.comparisons
        ],
    }
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _to_dict(evaluation: Evaluation, report: Report) -> dict[str, Any]:
    from iipnlp.confidence import find_calibration_error, find_risk_area, sort_into_bins

    judged = evaluation.judge()
    found: dict[str, Any] = {
        "corpus": evaluation.corpus,
        "model": evaluation.model,
        "releases": len(evaluation.results),
        "words": evaluation.words,
        "words_per_second": round(evaluation.words_per_second),
    }
    for section in SECTIONS:
        scores = evaluation.add_up(section)
        if scores:
            found[section] = {
                name: {**_score_dict(score), "interval": evaluation.find_interval(section, name)}
                for name, score in scores.items()
            }
    found["keys"] = {
        key: {"accuracy": score.recall, "right": score.tp, "asked": score.tp + score.fn}
        for key, score in evaluation.add_up("keys").items()
    }
    found["by_publisher"] = _group_dicts(evaluation.group_by_publisher())
    found["by_phenomenon"] = _group_dicts(evaluation.group_by_phenomenon())
    found["by_length"] = _group_dicts(evaluation.group_by_length())
    found["by_confidence"] = {
        "calibration_error": find_calibration_error(judged),
        "risk_area": find_risk_area(judged),
        "bins": [one._asdict() for one in sort_into_bins(judged)],
    }
    found["error_counts"] = {
        fault: {"count": count, "alone": alone}
        for fault, (count, alone) in count_faults(evaluation).items()
    }
    found["errors"] = [
        {"release": result.id, "kind": mistake.kind, **mistake._asdict()}
        for result, mistake in report.list_errors(evaluation)
    ]
    return found


def _score_dict(score: PRFScore) -> dict[str, float]:
    counts = {"right": score.tp, "found": score.tp + score.fp, "gold": score.tp + score.fn}
    return {**score.to_dict(), **counts}


def _group_dicts(groups: Mapping[Any, Sequence[ReleaseResult]]) -> dict[str, Any]:
    return {
        str(name): {
            "releases": len(results),
            **{level: _score_dict(score) for level, score in add_levels(results).items()},
        }
        for name, results in groups.items()
    }


def format_html(report: Report) -> str:
    """Return the report as one page that needs nothing else."""
    from iipnlp.page import Section, build_page

    sections = []
    if len(report.evaluations) > 1:
        sections.append(Section("All corpora", "", [], [build_summary(report.evaluations)], []))
    for evaluation in report.evaluations:
        plots, tables = list(_draw_plots(evaluation)), list(build_tables(evaluation))
        errors = [_show_error(*pair) for pair in report.list_errors(evaluation)]
        note = _headline(evaluation)
        sections.append(Section(evaluation.corpus, note, plots, tables, errors))
    for comparison in report.comparisons:
        tables = list(build_comparison_tables(comparison))
        sections.append(Section(f"{comparison.corpus}: compared", "", [], tables, []))
    return build_page(f"iipnlp {__version__}: evaluation", sections)


def _draw_plots(evaluation: Evaluation) -> Iterator[Plot]:
    from iipnlp.confidence import sort_into_bins, trace_risk
    from iipnlp.page import plot_reliability, plot_risk, plot_scores
    from iipnlp.plots import Bar

    for section in ("statements", "mentions", "roles_on_predicted"):
        bars = [
            Bar(name, score.fscore, _describe_score(score), evaluation.find_interval(section, name))
            for name, score in evaluation.add_up(section).items()
        ]
        if bars:
            yield plot_scores(f"{SECTIONS[section]}: F1", bars)
    publishers = evaluation.group_by_publisher()
    if len(publishers) > 1:
        strict = {name: add_levels(group)["strict"] for name, group in publishers.items()}
        bars = [Bar(name, score.fscore, _describe_score(score)) for name, score in strict.items()]
        yield plot_scores("By publisher: strict F1", bars)
    judged = evaluation.judge()
    if judged:
        bins = sort_into_bins(judged)
        points = [(one.confidence, one.accuracy) for one in bins]
        yield plot_reliability(points, [one.size for one in bins])
        yield plot_risk(trace_risk(judged))


def _describe_score(score: PRFScore) -> str:
    return f"{score.fscore:.3f} of {score.tp + score.fn}"


def _show_error(result: ReleaseResult, mistake: Outcome) -> Error:
    from iipnlp.page import Error

    row = mistake.predicted or mistake.gold or {}
    spans = row.get("spans") or {}
    evidence = str(row.get("evidence") or "")
    start = max(0, result.text.find(evidence))
    return Error(
        result.id,
        ", ".join(name_faults(mistake)),
        result.text,
        tuple(spans.get("value") or (start, start + len(evidence))),
        describe_row(mistake.gold),
        describe_row(mistake.predicted),
    )


_FORMATTERS: dict[Format, Callable[[Report], str]] = {
    Format.TABLE: format_table,
    Format.MARKDOWN: format_markdown,
    Format.JSON: format_json,
    Format.HTML: format_html,
}


# --- The command ----------------------------------------------------------------------------------


def evaluate_cli(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="[MODEL] CORPUS...",
            show_default=False,
            help="A pipeline's folder or package, 'default' (as is nothing) or 'fast'; then "
            "markup or JSONL files, or folders of them.",
        ),
    ],
    format: Annotated[Format, typer.Option(help="Form of the report.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.")
    ] = None,
    errors: Annotated[
        int | None,
        typer.Option(
            min=0, help="How many errors to list by corpus.", show_default="0; all in html"
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            show_default=False,
            help="Another pipeline to compare with, 'default', 'fast', or "
            "'baseline:nearest', 'baseline:quantulum3'.",
        ),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CORPUS=]F1",
            show_default=False,
            help="Exit with 1 where the strict F1 of a corpus, to three decimals, is lower: "
            "of any, or of the one named. May be repeated.",
        ),
    ] = None,
) -> None:
    """Compare what a pipeline finds in annotated releases with the gold.

    The exit code is 0 when the report is made, 1 when a corpus is under its floor, 2 when the
    command is wrong or a corpus can't be read.
    """
    from iipnlp.comparison import compare
    from iipnlp.evaluation import evaluate, read_corpus
    from iipnlp.rules import load_model

    model, corpora = split_paths(paths)
    floors = read_floors(fail_under or (), corpora)
    _keep_inputs(corpora, output)
    for corpus in corpora:
        read_corpus(Path(corpus))  # a fault in the last one should not show after minutes
    nlp = load_model(model)
    other = load_model(against) if against else None
    evaluations = [evaluate(nlp, corpus) for corpus in corpora]
    others = [evaluate(other, corpus) for corpus in corpora] if other else []
    comparisons = [compare(*pair) for pair in zip(evaluations, others, strict=False)]
    if errors is None and format is not Format.HTML:
        errors = 0
    report = _FORMATTERS[format](Report(evaluations, comparisons, errors))
    if output is None:
        typer.echo(report, nl=False)
    else:
        output.write_text(report, encoding="utf-8")
    failures = list(find_failures(evaluations, floors))
    for failure in failures:
        typer.echo(f"iipnlp: {failure}", err=True)
    if failures:
        raise typer.Exit(1)


def split_paths(paths: Sequence[str]) -> tuple[str, list[str]]:
    """Tell the model from the corpora.

    The first path is a model if it names a shipped one, is the folder of a pipeline, or no path at
    all, which leaves the name of a package; a file with the suffix of a corpus never is.
    """
    first, *rest = paths
    path = Path(first)
    if first in SHIPPED:
        is_model = True
    elif path.exists():
        is_model = path.joinpath("config.cfg").is_file()
    else:
        is_model = bool(rest and not path.suffix)
    if not is_model:
        return DEFAULT, list(paths)
    if not rest:
        raise OptionError(f"{first}: this is a model; name the corpora to evaluate it on as well")
    return first, rest


def read_floors(options: Iterable[str], corpora: Sequence[str]) -> dict[str, float]:
    """Return the least F1 by corpus; "CORPUS=F1" goes before "F1", which holds for all.

    A corpus may be named by its path as given, or by its file's name without suffix.
    """
    floors: dict[str, float] = {}
    for option in sorted(options, key=lambda option: "=" in option):
        name, _, number = option.rpartition("=")
        named = [corpus for corpus in corpora if name in ("", corpus, Path(corpus).stem)]
        if not named:
            raise OptionError(f"--fail-under {option}: {name} is none of {', '.join(corpora)}")
        floors |= dict.fromkeys(named, _read_floor(option, number))
    return floors


def _read_floor(option: str, number: str) -> float:
    try:
        floor = float(number)
    except ValueError:
        floor = -1
    if not 0 <= floor <= 1:
        raise OptionError(f"--fail-under {option}: give a number from 0 to 1, such as 0.85")
    return floor


def find_failures(evaluations: Iterable[Evaluation], floors: Mapping[str, float]) -> Iterator[str]:
    """Say of each corpus that is under its floor by how much, in the decimals of the report."""
    for evaluation in evaluations:
        floor, reached = floors.get(evaluation.corpus), round(evaluation.strict_f1, 3)
        if floor is not None and reached < floor:
            yield f"{evaluation.corpus}: strict F1 {reached:.3f} is under the floor {floor:g}"


def _keep_inputs(corpora: Iterable[str], output: Path | None) -> None:
    """Refuse an output that can't be written, or is one of the inputs."""
    if output is None:
        return
    if output.is_dir() or not output.parent.is_dir():
        raise OptionError(f"{output}: can't be written; name a file in an existing folder")
    for corpus in corpora:
        if output.exists() and Path(corpus).exists() and output.samefile(corpus):
            raise OptionError(f"{corpus} is to be read; write the output to another file")
