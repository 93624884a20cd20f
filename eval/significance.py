"""How sure a score is, and whether a difference between two systems is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.record import Metric, Score
from eval.scoring import Values

RESAMPLES = 2_000
"""Bootstrap resamples of the items for a confidence interval."""
TRIALS = 9_999
"""Random swaps of the two systems' outputs for a test."""
SEED = 12345
"""Of all random draws; sacrebleu's default too."""
CONFIDENCE = 0.95

DESCRIPTION = (
    f"95 % confidence intervals by percentile bootstrap over items ({RESAMPLES:,} resamples); differences by paired "
    f"approximate randomisation, two-sided ({TRIALS:,} trials), p not corrected for the number of comparisons; "
    f"seed {SEED}"
)

_BATCH = 500


def score(values: Values, other: Values | None = None) -> Score | None:
    """Return a metric's score over all items, with its interval.

    Args:
        values: of the system.
        other: of the system to compare it with; only means (denominators of 1) over two items or more are tested.

    Returns:
        None where no item has a value.
    """
    import numpy as np
    from scipy.stats import bootstrap

    pairs = [(top, bottom) for top, bottom in zip(values.numerators, values.denominators, strict=True) if bottom]
    if not pairs:
        return None
    tops, bottoms = np.array(pairs, dtype=float).T
    value = float(tops.sum() / bottoms.sum())
    low = high = value
    if len(set(pairs)) > 1:
        found = bootstrap(
            (tops, bottoms),
            lambda top, bottom, axis: top.sum(axis=axis) / bottom.sum(axis=axis),
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=_BATCH,
            confidence_level=CONFIDENCE,
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
        low, high = float(found.low), float(found.high)
    p = None
    if other is not None and set(values.denominators) == set(other.denominators) == {1} and len(pairs) > 1:
        p = difference(values.numerators, other.numerators)
    return Score(value, low, high, len(pairs), p)


def difference(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the p-value of the difference of two means over the same items.

    Approximate randomisation (Noreen 1989): were the systems alike, it would make no difference which of the two an
    item's value is from.
    """
    import numpy as np
    from scipy.stats import permutation_test

    result = permutation_test(
        (np.array(first, dtype=float), np.array(second, dtype=float)),
        lambda one, two, axis: one.mean(axis=axis) - two.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=TRIALS,
        batch=_BATCH,
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)


def corpus_scores(
    outputs: dict[str, list[str]], references: Sequence[Sequence[str]]
) -> tuple[list[Metric], dict[str, dict[str, Score]]]:
    """Score translations as whole corpora with sacrebleu: BLEU, chrF and chrF++.

    The tests resample sacrebleu's counts of the items. sacrebleu has tests of its own, but they leave out the draws
    that give the very difference that was found: they call a system significantly different from itself.

    Args:
        outputs: of each system; the first is the one that the others are compared with.
        references: of each item.

    Returns:
        The metrics with their signatures, and for each system its scores by the metric's key.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    most = max(map(len, references))
    # sacrebleu wants a list for each reference; None where an item has fewer.
    columns: list[list[Any]] = [[row[at] if at < len(row) else None for row in references] for at in range(most)]
    kinds: list[tuple[str, str, str, Any]] = [
        ("bleu", "BLEU", "n-grams of words that the reference has, in the whole set", BLEU()),
        ("chrf", "chrF", "n-grams of letters that the reference has, in the whole set (sacrebleu's chrF2)", CHRF()),
        ("chrfpp", "chrF++", "the same with n-grams of words (sacrebleu's chrF2++)", CHRF(word_order=2)),
    ]
    metrics = []
    scores: dict[str, dict[str, Score]] = {name: {} for name in outputs}
    for key, label, about, kind in kinds:
        counts = {name: _Counts(kind, texts, columns) for name, texts in outputs.items()}
        first = next(iter(counts.values()))
        for name, own in counts.items():
            scores[name][key] = own.score(None if own is first else first)
        signature = f"{kind.get_signature()}|bs:{RESAMPLES}|ar:{TRIALS}|seed:{SEED}"
        metrics.append(Metric(key, label, about, "quality", "higher", 2, False, signature, True))
    return metrics, scores


class _Counts:
    """What a metric of sacrebleu has counted in each item of a system: enough to score any choice of items."""

    def __init__(self, kind: Any, texts: list[str], columns: list[list[Any]]) -> None:
        import numpy as np

        self._kind = kind
        # The methods behind kind.corpus_score(), which its own significance tests use too.
        self._rows = np.array(kind._extract_corpus_statistics(texts, columns))

    def score(self, other: _Counts | None) -> Score:
        """Return the score with its interval, and the significance of the difference from another system."""
        import numpy as np
        from scipy.stats import bootstrap, permutation_test

        size = len(self._rows)
        value = self._of(self._rows)
        low = high = value
        if size > 1:
            found = bootstrap(
                (np.arange(size),),
                lambda chosen: self._of(self._rows[chosen]),
                vectorized=False,
                n_resamples=RESAMPLES,
                confidence_level=CONFIDENCE,
                method="percentile",
                rng=np.random.default_rng(SEED),
            ).confidence_interval
            low, high = float(found.low), float(found.high)
        p = None
        if other is not None and size > 1:
            both = np.concatenate([self._rows, other._rows])
            result = permutation_test(
                (np.arange(size), np.arange(size, 2 * size)),
                lambda one, two: self._of(both[one]) - self._of(both[two]),
                permutation_type="samples",
                vectorized=False,
                n_resamples=TRIALS,
                rng=np.random.default_rng(SEED),
            )
            p = float(result.pvalue)
        return Score(value, low, high, size, p)

    def _of(self, rows: Any) -> float:
        return float(self._kind._compute_score_from_stats(rows.sum(axis=0).tolist()).score)
