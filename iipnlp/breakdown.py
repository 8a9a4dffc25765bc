"""What an evaluation comes to, broken down: tables of scores, groups, confidence and errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from iipnlp.phenomena import name_phenomenon
from iipnlp.tables import Table, one_line

if TYPE_CHECKING:  # these import spaCy, which takes seconds; the command does so when it runs
    from spacy.scorer import PRFScore

    from iipnlp.comparison import Comparison
    from iipnlp.confidence import Judged
    from iipnlp.evaluation import Evaluation, ReleaseResult
    from iipnlp.scoring import Outcome, Scores

# The sections of an evaluation that have precision and recall, with their titles.
SECTIONS = {
    "statements": "Statements",
    "cues": "Cues",
    "mentions": "Mentions",
    "roles_on_gold": "Figures and roles, on gold mentions",
    "roles_on_predicted": "Figures and roles, on predicted mentions",
}
_ROW_NAMES = {
    "core": "core: and subject",
    "strict": "strict: and all keys",
    "dims": "dimensions",
    "left_open": "left open as in gold",
}
_FAULTS = {"core": "subject", "dims": "dimensions"}
_SCORE_HEAD = ("F1", "95% interval", "P", "R", "right", "found", "gold")
_GROUP_HEAD = ("releases", "gold", "value", "core", "strict")


def build_tables(evaluation: Evaluation) -> Iterator[Table]:
    """Make the tables of one corpus; what was not evaluated has none."""
    for section, title in SECTIONS.items():
        scores = evaluation.add_up(section)
        if scores:
            rows = [_score_row(evaluation, section, name, scores[name]) for name in scores]
            yield Table(title, ("", *_SCORE_HEAD), rows)
        if section == "statements":
            yield _build_key_table(evaluation.add_up("keys"))
    publishers = evaluation.group_by_publisher()
    by_number = evaluation.group_by_phenomenon()
    phenomena = {name_phenomenon(number): results for number, results in by_number.items()}
    lengths = evaluation.group_by_length()
    for title, groups in (
        ("By publisher", publishers),
        ("By phenomenon", phenomena),
        ("By length", lengths),
    ):
        if len(groups) > 1:
            rows = [_group_row(name, results) for name, results in groups.items()]
            yield Table(title, ("", *_GROUP_HEAD), rows)
    judged = evaluation.judge()
    if judged:
        yield _build_confidence_table(judged)
    faults = count_faults(evaluation)
    if faults:
        rows = [(fault, str(n), str(alone)) for fault, (n, alone) in faults.items()]
        yield Table("Errors", ("", "count", "nothing else wrong"), rows)


def _build_confidence_table(judged: Judged) -> Table:
    from iipnlp.confidence import find_calibration_error, find_risk_area, sort_into_bins

    rows = [
        (f"{low:.1f}-{high:.1f}", str(size), f"{confidence:.3f}", f"{accuracy:.3f}")
        for low, high, size, confidence, accuracy in sort_into_bins(judged)
    ]
    error, area = find_calibration_error(judged), find_risk_area(judged)
    title = f"By confidence: calibration error {error:.3f}, area of risk over coverage {area:.3f}"
    return Table(title, ("", "statements", "confidence", "strictly right"), rows)


def build_comparison_tables(comparison: Comparison) -> Iterator[Table]:
    """Make the tables of what differs between two pipelines on one corpus."""
    rows = [
        (
            f"{section.partition('_')[0]}: {name}",
            f"{one:.3f}",
            f"{other:.3f}",
            f"{one - other:+.3f}",
            f"{p_value:.3f}",
        )
        for section, name, one, other, p_value in comparison.differences
    ]
    yield Table(
        f"{comparison.one} against {comparison.other}",
        ("F1", "this", "other", "difference", "p-value"),
        rows,
    )
    changed = [(change.release, *map(str, change[1:])) for change in comparison.changes]
    if changed:
        head = ("strictly right", "this", "other", "gold")
        yield Table(f"Releases that changed: {len(changed)}", head, changed)


def build_summary(evaluations: Sequence[Evaluation]) -> Table:
    """Make the table of all corpora."""
    rows = [
        (*_group_row(evaluation.corpus, evaluation.results), f"{evaluation.words_per_second:,.0f}")
        for evaluation in evaluations
    ]
    return Table("Statements, F1", ("corpus", *_GROUP_HEAD, "words/s"), rows)


def _score_row(evaluation: Evaluation, section: str, name: str, score: PRFScore) -> tuple[str, ...]:
    low, high = evaluation.find_interval(section, name)
    return (
        _ROW_NAMES.get(name, name),
        _share(score.fscore, score),
        _share(low, score) + "-" + _share(high, score) if len(score) else "",
        _share(score.precision, score),
        _share(score.recall, score),
        str(score.tp),
        str(score.tp + score.fp),
        str(score.tp + score.fn),
    )


def _build_key_table(keys: Scores) -> Table:
    rows = [
        (
            _ROW_NAMES.get(key, key),
            _share(keys[key].recall, keys[key]),
            *_accuracy_counts(keys[key]),
        )
        for key in keys
    ]
    return Table(
        "Keys, of statements whose value is right", ("", "accuracy", "right", "asked"), rows
    )


def _accuracy_counts(score: PRFScore) -> tuple[str, str]:
    return str(score.tp), str(score.tp + score.fn)


def _group_row(name: str, results: Sequence[ReleaseResult]) -> tuple[str, ...]:
    levels = add_levels(results)
    gold = levels["value"].tp + levels["value"].fn
    scores = (_share(score.fscore, score) for score in levels.values())
    return (name, str(len(results)), str(gold), *scores)


def add_levels(results: Iterable[ReleaseResult]) -> Scores:
    """Return the counts of the statements of several releases, by level."""
    from iipnlp.scoring import add_up

    return add_up(result.sections["statements"] for result in results)


def _share(number: float, score: PRFScore) -> str:
    return f"{number:.3f}" if len(score) else "-"


# --- Errors ---------------------------------------------------------------------------------------


def name_faults(mistake: Outcome) -> list[str]:
    """Return what is wrong, a wrong subject without the dimensions that follow from it."""
    if mistake.kind != "wrong":
        return [mistake.kind]
    keys = [key for key in mistake.wrong if key != "dims" or "core" not in mistake.wrong]
    return [f"wrong {_FAULTS.get(key, key)}" for key in keys]


def count_faults(evaluation: Evaluation) -> dict[str, tuple[int, int]]:
    """Return how often each fault occurs, and how often alone, the most frequent first."""
    named = [name_faults(one) for result in evaluation.results for one in result.mistakes]
    counts = Counter(fault for faults in named for fault in faults)
    alone = Counter(faults[0] for faults in named if len(faults) == 1)
    ranked = sorted(counts, key=lambda fault: (-counts[fault], fault))
    return {fault: (counts[fault], alone[fault]) for fault in ranked}


def quote(mistake: Outcome) -> str:
    """Return the words that the statement was read from."""
    row = mistake.predicted or mistake.gold or {}
    return one_line(str(row.get("text") or row.get("evidence") or ""))
