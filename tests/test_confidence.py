import math

import pytest

from iipnlp.confidence import (
    Bin,
    find_calibration_error,
    find_risk_area,
    fit_logistic,
    judge,
    sort_into_bins,
    trace_risk,
)
from iipnlp.scoring import score_statements

# Two at 0.9, one of them right; three at 1.0, all right; one at 0.05, wrong.
JUDGED = [(0.9, True), (1.0, True), (1.0, True), (0.05, False), (0.9, False), (1.0, True)]


def test_bins_hold_statements_of_like_confidence():
    assert sort_into_bins(JUDGED) == [
        Bin(0.0, 0.1, 1, 0.05, 0.0),
        Bin(0.9, 1.0, 5, pytest.approx(0.96), 0.8),
    ]


def test_calibration_error_is_the_mean_gap():
    # (1 * |0.05 - 0| + 5 * |0.96 - 0.8|) / 6
    assert find_calibration_error(JUDGED) == pytest.approx((0.05 + 5 * 0.16) / 6)


def test_the_fitted_confidence_is_as_often_right_as_it_says():
    # Of what is called 0.9 six in ten are right, of what is called 0.6 four in ten.
    judged = [(0.9, n < 600) for n in range(1000)] + [(0.6, n < 400) for n in range(1000)]
    slope, intercept = fit_logistic(judged)
    for confidence, share in ((0.9, 0.6), (0.6, 0.4)):
        odds = math.log(confidence / (1 - confidence))
        assert 1 / (1 + math.exp(-slope * odds - intercept)) == pytest.approx(share, abs=0.005)


def test_the_confidence_of_what_is_sure_and_mostly_wrong_falls():
    judged = [(1 - 0.001 * (n % 7), n % 5 == 0) for n in range(80)]
    slope, intercept = fit_logistic(judged)
    fitted = []
    for confidence, right in judged:
        odds = math.log(min(confidence, 0.9995) / (1 - min(confidence, 0.9995)))
        fitted.append((1 / (1 + math.exp(-slope * odds - intercept)), right))
    assert find_calibration_error(fitted) < 0.05


@pytest.mark.parametrize("judged", [[], [(1.0, True)] * 3, [(0.0, False)] * 3, [(0.5, True)] * 99])
def test_few_or_equal_statements_move_the_confidence_little(judged):
    slope, intercept = fit_logistic(judged)
    assert 0.5 < slope < 3 and -1 < intercept < 5
    assert judged or (slope, intercept) == (1.0, 0.0)


def test_risk_is_traced_from_the_most_confident_on():
    assert trace_risk(JUDGED) == [(3 / 6, 0.0), (5 / 6, 1 / 5), (1.0, 2 / 6)]
    assert find_risk_area(JUDGED) == pytest.approx(2 / 6 * 1 / 5 + 1 / 6 * 2 / 6)
    assert trace_risk(JUDGED[::-1]) == trace_risk(JUDGED)


@pytest.mark.parametrize(
    "judged, error, area", [([], 0, 0), ([(1.0, True)], 0, 0), ([(1.0, False)] * 2, 1, 1)]
)
def test_edges(judged, error, area):
    assert (find_calibration_error(judged), find_risk_area(judged)) == (error, area)


def test_predicted_statements_are_judged_missed_and_optional_ones_are_not():
    gold = [{"value": 1}, {"value": 2}, {"value": 3, "optional": True}]
    found = [{"value": value, "confidence": value / 10} for value in (1, 3, 4)]
    assert judge(score_statements(gold, found).outcomes) == [(0.1, True), (0.4, False)]
