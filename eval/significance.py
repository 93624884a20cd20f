"""How sure a score is, and whether a difference between two systems is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[Any]
"""What a metric has counted: an array of shape (..., items, counts)."""

RESAMPLES = 2_000
"""Bootstrap resamples of the items for a confidence interval."""
TRIALS = 9_999
"""Random swaps of the two systems' outputs for a test."""
SEED = 12345
"""Of all random draws; sacrebleu's default too."""

DESCRIPTION = (
    f"95 % confidence intervals by percentile bootstrap over items ({RESAMPLES:,} resamples); differences by paired "
    f"approximate randomisation, two-sided ({TRIALS:,} trials), p not corrected for the number of comparisons; "
    f"seed {SEED}"
)

# How many counts are held at a time, at most: 32 MB in float64. Figures don't depend on it.
_BATCH_COUNTS = 1 << 22


class Scorer(Protocol):
    """What is asked of a metric here; see `eval.metrics.Metric`."""

    is_tested: bool

    def aggregate(self, counts: Counts) -> NDArray[np.float64]:
        """Return the score of each choice of items, (...), of their counts, (..., items, counts)."""

    def defined(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell of each item whether it has a score, by its counts: (items,) of (items, counts)."""


@dataclass(frozen=True)
class Score:
    """A metric's value for a system, over the items that have one, with its 95 % confidence interval.

    ``p`` is of the difference from the system that is compared with: None for that system itself, and without a test.
    """

    value: float
    low: float
    high: float
    items: int
    p: float | None = None


def score(metric: Scorer, counts: Counts, other: Counts | None = None) -> Score | None:
    """Return a metric's score over all items, with its interval; None where no item has a value.

    Its counts are (items, counts), those of the system to compare with are for the same items. Items that the score is
    not defined for are left out; a single item is not tested.
    """
    from scipy.stats import bootstrap

    rows = counts[metric.defined(counts)]
    if not len(rows):
        return None
    value = low = high = float(metric.aggregate(rows))
    if (rows != rows[0]).any():
        interval = bootstrap(
            (np.arange(len(rows)),),
            lambda chosen, axis: metric.aggregate(rows[chosen]),
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=max(1, _BATCH_COUNTS // rows.size),
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
        low = float(interval.low)
        high = float(interval.high)
    p = difference(metric, counts, other) if metric.is_tested and other is not None and len(counts) > 1 else None
    return Score(value, low, high, len(rows), p)


def difference(metric: Scorer, first: Counts, second: Counts) -> float:
    """Return the p-value of the difference of two scores over the same items.

    Approximate randomisation (Noreen 1989): were the systems alike, it would make no difference which of the two an
    item's counts are from. sacrebleu has tests of its own, but they leave out the draws that give the very difference
    that was found: they call a system significantly different from itself.
    """
    from scipy.stats import permutation_test

    both = np.concatenate([first, second])
    size = len(first)
    result = permutation_test(
        (np.arange(size), np.arange(size, 2 * size)),
        lambda rows, other_rows, axis: metric.aggregate(both[rows]) - metric.aggregate(both[other_rows]),
        permutation_type="samples",
        vectorized=True,
        n_resamples=TRIALS,
        batch=max(1, _BATCH_COUNTS // both.size),
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)
