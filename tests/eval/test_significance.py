from __future__ import annotations

import numpy as np
import pytest

from eval.data import Output, Sample
from eval.metrics import METRICS, Case, Counts, Metric, Ratio, RougeF1
from eval.significance import Score
from eval.significance import difference as metric_difference
from eval.significance import score as metric_score

RNG = np.random.default_rng(1)
LOW = RNG.normal(0.4, 0.1, 200).tolist()


MEAN = RougeF1("rouge1")


def mean(values: list[float]) -> Counts:
    return np.array([values, [1.0] * len(values)]).T


def difference(first: list[float], second: list[float]) -> float:
    return metric_difference(MEAN, mean(first), mean(second))


def score(counts: Counts, other: Counts | None = None) -> Score | None:
    return metric_score(MEAN, counts, other)


def corpora(texts: dict[str, list[str]], references: list[tuple[str]]) -> dict[str, dict[str, Score]]:
    """Score systems as whole corpora; the first is the one that the others are compared with."""
    scores: dict[str, dict[str, Score]] = {name: {} for name in texts}
    items = [Sample(str(at), None, ("x",), row) for at, row in enumerate(references)]
    for metric in filter(lambda metric: metric.corpus, METRICS["translations"]):
        counts = {name: count(metric, items, own) for name, own in texts.items()}
        first = next(iter(counts.values()))
        for name, own in counts.items():
            found = metric_score(metric, own, None if own is first else first)
            assert found is not None
            scores[name][metric.key] = found
    return scores


def count(metric: Metric, items: list[Sample], texts: list[str]) -> Counts:
    return metric.counts([Case("translations", item, Output(text)) for item, text in zip(items, texts, strict=True)])


def test_a_system_does_not_differ_from_itself() -> None:
    assert difference(LOW, LOW) == 1.0


def test_systems_that_differ_by_chance_alone() -> None:
    other = [value + step for value, step in zip(LOW, RNG.normal(0, 0.1, 200), strict=True)]
    assert difference(LOW, other) > 0.05


def test_systems_that_differ_clearly() -> None:
    other = [value + step for value, step in zip(LOW, RNG.normal(0.05, 0.1, 200), strict=True)]
    assert difference(LOW, other) < 0.001
    assert difference(other, LOW) == difference(LOW, other)


def test_few_items_prove_nothing() -> None:
    # Of three pairs, two of the eight ways to swap them give this difference or more.
    assert difference([0.1, 0.2, 0.3], [0.4, 0.5, 0.6]) == pytest.approx(0.25)


def test_the_interval_is_that_of_a_mean() -> None:
    found = score(mean(LOW))
    assert found is not None
    assert (found.value, found.items, found.p) == (pytest.approx(np.mean(LOW)), 200, None)
    error = 1.96 * np.std(LOW) / np.sqrt(200)
    assert found.low == pytest.approx(found.value - error, abs=0.003)
    assert found.high == pytest.approx(found.value + error, abs=0.003)


def test_an_interval_over_items_that_are_all_the_same() -> None:
    found = score(mean([0.5, 0.5, 0.5]))
    assert found is not None
    assert (found.low, found.value, found.high) == (0.5, 0.5, 0.5)


def test_one_item_is_not_tested() -> None:
    found = score(mean([0.5]), mean([0.7]))
    assert found is not None
    assert (found.low, found.value, found.high, found.p) == (0.5, 0.5, 0.5, None)
    scores = corpora({"a": ["A river."], "b": ["The river."]}, [("The river.",)])
    assert scores["b"]["bleu"].p is scores["b"]["chrf"].p is None
    assert scores["b"]["chrf"].value == pytest.approx(100)


def test_counts_weigh_alike_and_items_without_any_do_not_count() -> None:
    found = score(np.array([[1, 1], [0, 0], [3, 9]]))
    assert found is not None
    assert (found.value, found.items) == (pytest.approx(0.4), 2)
    assert score(np.zeros((2, 2))) is None


def test_shares_of_counts_are_not_tested() -> None:
    share = Ratio("a", "A", "", lambda case: (1, 2), "")
    found = metric_score(share, np.array([[1, 2], [2, 2]]), np.array([[1, 2], [1, 2]]))
    assert found is not None
    assert found.p is None


def test_the_same_values_give_the_same_figures() -> None:
    other = mean([value + 0.01 for value in LOW])
    assert score(other, mean(LOW)) == score(other, mean(LOW))


def test_corpora() -> None:
    references = [
        (f"The mayor of town {number} opened a park of {number} hectares on Sunday.",) for number in range(40)
    ]
    good = [text.replace("opened", "has opened") for (text,) in references]
    near = [*good[:-1], "On Sunday, a park was opened."]
    bad = [f"Mayor {number} park." for number in range(40)]
    scores = corpora({"good": good, "same": list(good), "near": near, "bad": bad}, references)
    assert scores["good"]["bleu"].p is None
    for key in ("bleu", "chrf", "chrfpp"):
        same, worse = scores["same"][key].p, scores["bad"][key].p
        assert same is not None
        assert worse is not None
        assert same == 1.0
        # One item of forty proves nothing, however much worse it is.
        assert scores["near"][key].value < scores["good"][key].value
        assert scores["near"][key].p == 1.0
        assert worse < 0.001
        assert scores["good"][key].low <= scores["good"][key].value <= scores["good"][key].high
