"""What the confidence of statements is worth: calibration, and the risk at each coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from iipnlp.pipeline.relations import LEAST_SURE
from iipnlp.scoring import Outcome

BINS = 10
_STEPS, _LEAST_STEP = 50, 1e-6

Judged = Sequence[tuple[float, bool]]  # of each statement: its confidence, and whether it is right


class Bin(NamedTuple):
    """Statements of like confidence: its limits, its mean, and the share that is right."""

    low: float
    high: float
    size: int
    confidence: float
    accuracy: float


def judge(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """Return of each predicted statement its confidence and whether it is strictly right."""
    return [
        (float(outcome.predicted["confidence"]), outcome.kind == "right")
        for outcome in outcomes
        if outcome.predicted is not None and "confidence" in outcome.predicted
    ]


def fit_logistic(judged: Judged) -> tuple[float, float]:
    """Return slope and intercept of a logistic regression of being right on the log-odds.

    With a prior of weight 1 that confidence is right as it is, for what few statements settle.
    """
    odds = np.clip([confidence for confidence, _ in judged], LEAST_SURE, 1 - LEAST_SURE)
    right = np.array([is_right for _, is_right in judged], dtype=float)
    rows = np.stack([np.log(odds / (1 - odds)), np.ones(len(odds))], axis=1)
    weights = prior = np.array([1.0, 0.0])

    def find_loss(tried: Any) -> float:
        scores = rows @ tried
        return float(
            (np.logaddexp(0, scores) - right * scores).sum() + ((tried - prior) ** 2).sum() / 2
        )

    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        spread = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.eye(2)
        step = np.linalg.solve(spread, rows.T @ (right - chance) + prior - weights)
        # Newton's step is too long where all are sure and most are wrong.
        while np.abs(step).max() > _LEAST_STEP and find_loss(weights + step) > find_loss(weights):
            step = step / 2
        weights = weights + step
    slope, intercept = (round(float(weight), 4) for weight in weights)
    return slope, intercept


def sort_into_bins(judged: Judged) -> list[Bin]:
    """Return the bins of equal width that hold statements."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        groups.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(place / BINS, (place + 1) / BINS, len(some), *map(_mean, zip(*some, strict=True)))
        for place, some in sorted(groups.items())
    ]


def find_calibration_error(judged: Judged) -> float:
    """Return the expected calibration error: how far confidence is from accuracy, on average."""
    gaps = (one.size * abs(one.confidence - one.accuracy) for one in sort_into_bins(judged))
    return sum(gaps) / len(judged) if judged else 0.0


def trace_risk(judged: Judged) -> list[tuple[float, float]]:
    """Return coverage and risk (the share that is wrong), the most confident statements first.

    Statements of equal confidence come together, so that their order does not matter.
    """
    groups: dict[float, list[bool]] = {}
    for confidence, right in judged:
        groups.setdefault(confidence, []).append(right)
    curve, taken, wrong = [], 0, 0
    for confidence in sorted(groups, reverse=True):
        taken += len(groups[confidence])
        wrong += len(groups[confidence]) - sum(groups[confidence])
        curve.append((taken / len(judged), wrong / taken))
    return curve


def find_risk_area(judged: Judged) -> float:
    """Return the area under the risk at each coverage, 0 at best."""
    area, last = 0.0, 0.0
    for coverage, risk in trace_risk(judged):
        area, last = area + (coverage - last) * risk, coverage
    return area


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
