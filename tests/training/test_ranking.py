"""The fit of the head that tells which sentences belong to an abstract."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from training.articles import Junk
from training.ranking import Head, RankedSentences, find_threshold, fit, fit_and_measure, measure_hits, read_choices

STATES = 6


def articles_of(draw: np.random.Generator, count: int) -> list[RankedSentences]:
    """Articles of eight sentences; the two whose first state is highest belong to the abstract."""
    articles = []
    for _ in range(count):
        states = draw.normal(size=(8, STATES)).astype(np.float32)
        belongs = np.zeros(8, bool)
        belongs[np.argsort(-states[:, 0])[:2]] = True
        articles.append(RankedSentences(states, belongs))
    return articles


def head_of(*weights: float) -> Head:
    return {"weights": np.array(weights, np.float32), "bias": np.zeros(1, np.float32)}


FORWARDS = head_of(1, 0, 0, 0, 0, 0)
BACKWARDS = head_of(-1, 0, 0, 0, 0, 0)


def test_the_fitted_head_finds_what_was_chosen_in_other_articles() -> None:
    draw = np.random.default_rng(1)
    head = fit(articles_of(draw, 60), None, hold=0.03)
    assert measure_hits(articles_of(draw, 60), head) > 0.9


def test_a_head_that_may_not_leave_the_one_before_ranks_as_that_does() -> None:
    before = head_of(0, 1, 0, 0, 0, 0)
    held = fit(articles_of(np.random.default_rng(2), 20), before, hold=1e6)
    np.testing.assert_allclose(held["weights"], before["weights"], atol=1e-3)


def test_the_less_it_costs_the_further_a_head_leaves_the_one_before() -> None:
    articles = articles_of(np.random.default_rng(2), 20)
    distances = [np.abs(fit(articles, BACKWARDS, hold)["weights"] - BACKWARDS["weights"]).max() for hold in (1, 0.01)]
    assert distances[0] < distances[1]


def test_a_head_that_ranks_backwards_hits_nothing() -> None:
    assert measure_hits(articles_of(np.random.default_rng(3), 20), BACKWARDS) == 0


def test_an_article_without_a_chosen_sentence_is_not_measured() -> None:
    articles = articles_of(np.random.default_rng(3), 20)
    nothing_chosen = RankedSentences(articles[0].states, np.zeros(8, bool))
    assert measure_hits([*articles, nothing_chosen], FORWARDS) == 1


def test_a_head_that_is_better_than_the_one_before_is_known() -> None:
    fitted = fit_and_measure(articles_of(np.random.default_rng(4), 60), BACKWARDS, hold=0.03)
    assert fitted.hits_before == 0
    assert fitted.is_better


def test_a_head_that_is_no_better_than_the_one_before_is_known() -> None:
    fitted = fit_and_measure(articles_of(np.random.default_rng(5), 60), FORWARDS, hold=0.03)
    assert fitted.hits_before == 1
    assert not fitted.is_better


def test_a_first_head_is_better_than_none() -> None:
    fitted = fit_and_measure(articles_of(np.random.default_rng(6), 20), None, hold=0.03)
    assert fitted.hits_before is None
    assert fitted.is_better


def test_a_head_is_measured_on_articles_that_it_was_not_fitted_on() -> None:
    articles = articles_of(np.random.default_rng(7), 40)
    # What is chosen in the four that are kept apart is the contrary of what is chosen in the others.
    apart = [RankedSentences(-article.states, article.belongs) for article in articles[:4]]
    assert fit_and_measure([*apart, *articles[4:]], None, hold=0.03).hits == 0


def test_the_threshold_lets_as_many_sentences_pass_as_were_chosen() -> None:
    articles = articles_of(np.random.default_rng(8), 10)
    threshold = find_threshold(articles, FORWARDS)
    passing = [int((article.states[:, 0] >= threshold).sum()) for article in articles]
    assert sum(passing) == 2 * len(articles)


def test_an_article_that_is_in_a_dev_set_is_not_read(tmp_path: Path) -> None:
    def article(number: int) -> dict[str, str]:
        words = [f"kata{number}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
        sentences = [f"{word.capitalize()} {' '.join(words[:place])} {word}." for place, word in enumerate(words)]
        return {"title": "Taman", "text": " ".join(sentences), "summary": " ".join(sentences[8:10])}

    summaries = tmp_path / "summaries"
    summaries.mkdir()
    (tmp_path / "news").mkdir()
    with gzip.open(tmp_path / "news" / "none.jsonl.gz", "wt") as stream:
        stream.write("")
    train = [json.dumps(article(number)) for number in range(4)]
    (summaries / "made.train.jsonl").write_text("\n".join(train) + "\n", encoding="utf-8")
    (summaries / "made.dev.jsonl").write_text(train[0] + "\n", encoding="utf-8")
    choices = read_choices(tmp_path, Junk({}), words=400, most=40)
    firsts = {choice.sentences[0].split()[0] for choice in choices}
    assert firsts == {"Kata1a", "Kata2a", "Kata3a"}


@pytest.mark.parametrize("most", [2, 3])
def test_no_more_articles_are_read_than_asked_for(most: int, tmp_path: Path) -> None:
    summaries = tmp_path / "summaries"
    summaries.mkdir()
    (tmp_path / "news").mkdir()
    words = [f"kata{number}" for number in range(300)]
    rows = []
    for first in range(0, 240, 60):
        sentences = [" ".join(words[first : first + 40]).capitalize() + f" kota {n}." for n in range(3)]
        rows.append(json.dumps({"title": "", "text": " ".join(sentences), "summary": sentences[0]}))
    (summaries / "made.train.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert len(read_choices(tmp_path, Junk({}), words=400, most=most)) <= most
