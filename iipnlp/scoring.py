"""Scores: entities per label, figures and their roles. Every score is computed on sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import spacy
from spacy.scorer import PRFScore
from spacy.training import Example

from iipnlp.annotations import LABELS, Mention, get_figures, get_mentions
from iipnlp.annotations import Figure


def score_entities(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Score mentions, amounts left out, by exact characters and label: `ents_p`, `ents_r`, `ents_f`."""
    total, by_label = PRFScore(), {label: PRFScore() for label in LABELS}
    for example in examples:
        gold, predicted = set(get_mentions(example.reference)), set(get_mentions(example.predicted))
        total.score_set(predicted, gold)
        for label, score in by_label.items():
            score.score_set(_labelled(predicted, label), _labelled(gold, label))
    return _report("ents", total, by_label)


def _labelled(mentions: set[Mention], label: str) -> set[Mention]:
    return {mention for mention in mentions if mention.label == label}


def score_relations(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Score figures (`figures_f`) and the roles of figures (`roles_f`).

    A role is (amount, label, characters of the mention); one whose amount or mention was never
    found is a miss like any other.
    """
    figures, total = PRFScore(), PRFScore()
    by_label = {label: PRFScore() for label in LABELS}
    for example in examples:
        gold, predicted = get_figures(example.reference), get_figures(example.predicted)
        figures.score_set(_judged(predicted), _judged(gold))
        total.score_set(_links(predicted), _links(gold))
        for label, score in by_label.items():
            score.score_set(_links(predicted, label), _links(gold, label))
    return _report("figures", figures, {}) | _report("roles", total, by_label)


def _judged(figures: list[Figure]) -> set[tuple[Any, ...]]:
    return {(f.start, f.end, f.measure, f.status, f.direction) for f in figures if not f.optional}


def _links(figures: list[Figure], label: str | None = None) -> set[tuple[int, Mention]]:
    return {
        (figure.start, mention)
        for figure in figures
        if not figure.optional
        for mention in figure.roles
        if label in (None, mention.label)
    }


def _report(name: str, total: PRFScore, parts: dict[str, PRFScore]) -> dict[str, Any]:
    found = len(total)
    scores: dict[str, Any] = {
        f"{name}_p": total.precision if found else None,
        f"{name}_r": total.recall if found else None,
        f"{name}_f": total.fscore if found else None,
    }
    if parts:
        scores[f"{name}_per_type"] = {
            label: score.to_dict() for label, score in parts.items() if len(score)
        }
    return scores


@spacy.registry.scorers("iipnlp.entity_scorer.v1")
def make_entity_scorer() -> Callable[..., dict[str, Any]]:
    """Return `score_entities`, for configs."""
    return score_entities


@spacy.registry.scorers("iipnlp.relation_scorer.v1")
def make_relation_scorer() -> Callable[..., dict[str, Any]]:
    """Return `score_relations`, for configs."""
    return score_relations
