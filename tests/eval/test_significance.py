from __future__ import annotations

import numpy as np
import pytest

from eval.data import Sample
from eval.metrics import METRICS, Case, Column, Counts, Metric, Output, Ratio
from eval.significance import Score, difference, score

RNG = np.random.default_rng(1)
LOW = RNG.normal(0.4, 0.1, 200)
MEAN = Ratio(Column("mean", "Mean", "", "quality"), lambda case: False)
SHARE = Ratio(Column("share", "Share", "", "support"), lambda case: False)


def mean(values: object) -> Counts:
    row = np.asarray(values, dtype=float)
    return np.array([row, np.ones(len(row))]).T


def test_differences() -> None:
    by_chance, clearly = LOW + RNG.normal(0, 0.1, 200), LOW + RNG.normal(0.05, 0.1, 200)
    assert difference(MEAN, mean(LOW), mean(LOW)) == 1.0
    assert difference(MEAN, mean(LOW), mean(by_chance)) > 0.05
    assert difference(MEAN, mean(LOW), mean(clearly)) == difference(MEAN, mean(clearly), mean(LOW)) < 0.001
    # Of three pairs, two of the eight ways to swap them give this difference or more.
    assert difference(MEAN, mean([0.1, 0.2, 0.3]), mean([0.4, 0.5, 0.6])) == pytest.approx(0.25)


def test_the_interval_is_that_of_a_mean() -> None:
    found = score(MEAN, mean(LOW))
    assert found is not None
    error = 1.96 * np.std(LOW) / np.sqrt(200)
    assert (found.value, found.items, found.p) == (pytest.approx(np.mean(LOW)), 200, None)
    assert (found.low, found.high) == pytest.approx((found.value - error, found.value + error), abs=0.003)
    assert score(MEAN, mean(LOW)) == found


@pytest.mark.parametrize(
    ("counts", "other", "expected"),
    [
        (mean([0.5, 0.5, 0.5]), None, Score(0.5, 0.5, 0.5, 3)),
        # One item is not tested.
        (mean([0.5]), mean([0.7]), Score(0.5, 0.5, 0.5, 1)),
        (np.zeros((2, 2)), None, None),
    ],
)
def test_corner_cases(counts: Counts, other: Counts | None, expected: Score | None) -> None:
    assert score(MEAN, counts, other) == expected


def test_shares_weigh_each_thing_alike_and_are_not_tested() -> None:
    found = score(SHARE, np.array([[1, 1], [0, 0], [3, 9]]), np.array([[1, 1], [1, 1], [1, 1]]))
    assert found is not None
    assert (found.value, found.items, found.p) == (pytest.approx(0.4), 2, None)


@pytest.mark.parametrize("metric", METRICS["translations"][:3])
def test_whole_corpora(metric: Metric) -> None:
    references = [f"The mayor of town {number} opened a park of {number} hectares on Sunday." for number in range(40)]
    items = [Sample(str(at), None, ("x",), (row,)) for at, row in enumerate(references)]
    good = [text.replace("opened", "has opened") for text in references]
    near = [*good[:-1], "On Sunday, a park was opened."]
    bad = [f"Mayor {number} park." for number in range(40)]
    first, *others = (
        metric.counts([Case("translations", item, Output(text)) for item, text in zip(items, texts, strict=True)])
        for texts in (good, good, near, bad)
    )
    best, (same, close, worse) = score(metric, first), [score(metric, other, first) for other in others]
    assert best
    assert same
    assert close
    assert worse
    assert best.low <= best.value <= best.high
    # One item of forty proves nothing, however much worse it is.
    assert close.value < best.value
    assert (best.p, same.p, close.p) == (None, 1.0, 1.0)
    assert difference(metric, first, others[2]) == worse.p < 0.001
    assert score(metric, others[2][:1], first[:1]).p is None
