import pytest
from spacy.scorer import PRFScore

from iipnlp.comparison import Change, compare
from iipnlp.evaluation import Evaluation, ReleaseResult
from iipnlp.scoring import find_p_value


def make_evaluation(model: str, rights: list[int]) -> Evaluation:
    """Return an evaluation of releases with four gold and four found statements each."""
    results = []
    for place, right in enumerate(rights):
        score = PRFScore(tp=right, fp=4 - right, fn=4 - right)
        levels = dict.fromkeys(("value", "core", "strict"), score)
        results.append(ReleaseResult(f"r{place}", "", (), "text", {"statements": levels}, []))
    return Evaluation("corpus", model, tuple(results), 10, 1.0)


def test_equal_pipelines_do_not_differ():
    one = make_evaluation("a", [3, 2, 4])
    comparison = compare(one, one)
    assert comparison.changes == []
    assert {(d.one - d.other, d.p_value) for d in comparison.differences} == {(0.0, 1.0)}


def test_differences_and_changed_releases_are_found():
    comparison = compare(make_evaluation("a", [4] * 9 + [1]), make_evaluation("b", [2] * 9 + [2]))
    assert (comparison.one, comparison.other) == ("a", "b")
    assert [(d.name, d.one, d.other) for d in comparison.differences] == [
        (name, pytest.approx(37 / 40), pytest.approx(20 / 40))
        for name in ("value", "core", "strict")
    ]
    assert all(d.p_value < 0.05 for d in comparison.differences)
    assert comparison.changes[0] == Change("r9", 1, 2, 4)
    assert len(comparison.changes) == 10


def test_p_value_depends_on_how_steady_the_gain_is():
    def parts(rights):
        return [PRFScore(tp=right, fp=0, fn=9 - right) for right in rights]

    steady = find_p_value(parts([6] * 12), parts([5] * 12))
    unsteady = find_p_value(parts([9, 2] * 6), parts([5] * 12))
    assert steady == pytest.approx(2 / 1001)
    assert unsteady > 0.3
    assert find_p_value(parts([5] * 12), parts([6] * 12)) == steady
