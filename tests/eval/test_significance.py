from __future__ import annotations

import numpy as np
import pytest

from eval.scoring import Values
from eval.significance import corpus_scores, difference, score

RNG = np.random.default_rng(1)
LOW = RNG.normal(0.4, 0.1, 200).tolist()


def mean(values: list[float]) -> Values:
    return Values(values, [1.0] * len(values))


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
    _, scores = corpus_scores({"a": ["A river."], "b": ["The river."]}, [("The river.",)])
    assert scores["b"]["bleu"].p is scores["b"]["chrf"].p is None
    assert scores["b"]["chrf"].value == pytest.approx(100)


def test_counts_weigh_alike_and_items_without_any_do_not_count() -> None:
    found = score(Values([1, 0, 3], [1, 0, 9]))
    assert found is not None
    assert (found.value, found.items) == (pytest.approx(0.4), 2)
    assert score(Values([0, 0], [0, 0])) is None


def test_shares_of_counts_are_not_tested() -> None:
    found = score(Values([1, 2], [2, 2]), Values([1, 1], [2, 2]))
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
    _, scores = corpus_scores({"good": good, "same": list(good), "near": near, "bad": bad}, references)
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
