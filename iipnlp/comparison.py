"""Two pipelines on the same releases: how their scores differ, and on which releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spacy.scorer import PRFScore

from iipnlp.evaluation import Evaluation, ReleaseResult
from iipnlp.scoring import find_p_value

SECTIONS = ("statements", "mentions", "roles_on_predicted")


class Difference(NamedTuple):
    """The F1 of two pipelines, and how likely such a difference is by the choice of releases."""

    section: str
    name: str
    one: float
    other: float
    p_value: float


class Change(NamedTuple):
    """A release that is read differently: its strictly right statements, of so many asked."""

    release: str
    one: int
    other: int
    gold: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one pipeline does better or worse than the other."""

    corpus: str
    one: str
    other: str
    differences: list[Difference]
    changes: list[Change]


def compare(one: Evaluation, other: Evaluation) -> Comparison:
    """Compare two evaluations of the same corpus."""
    differences = []
    for section in SECTIONS:
        for name in one.add_up(section):
            parts = [_get_parts(evaluation, section, name) for evaluation in (one, other)]
            first, second = (float(sum(part, PRFScore()).fscore) for part in parts)
            differences.append(Difference(section, name, first, second, find_p_value(*parts)))
    pairs = zip(one.results, other.results, strict=True)
    changes = [change for pair in pairs if (change := _find_change(*pair)) is not None]
    changes.sort(key=lambda change: (change.one - change.other, change.release))
    return Comparison(one.corpus, one.model, other.model, differences, changes)


def _get_parts(evaluation: Evaluation, section: str, name: str) -> list[PRFScore]:
    return [result.sections.get(section, {}).get(name, PRFScore()) for result in evaluation.results]


def _find_change(one: ReleaseResult, other: ReleaseResult) -> Change | None:
    scores = [result.sections["statements"]["strict"] for result in (one, other)]
    if (scores[0].tp, scores[0].fp) == (scores[1].tp, scores[1].fp):
        return None
    return Change(one.id, scores[0].tp, scores[1].tp, scores[0].tp + scores[0].fn)
