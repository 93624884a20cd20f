"""Fit the head that tells which sentences belong to an abstract: see `EmbeddedModel.read_sentences`.

An adapter that goes on learning to translate changes the states that the head of the one before was made for. So a head
is fitted to the states of a new adapter: a logistic regression that begins with the head before, and leaves it only as
far as the articles say. It is kept only if it does better on articles that it wasn't fitted on.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from summarizer.models.embedded.model import EmbeddedModel
from training import articles
from training.articles import Junk, LabelledArticle, make_choice
from training.examples import Choice

# Articles are read so many at a time.
_ARTICLES_AT_A_TIME = 32
# Steps of L-BFGS at most; a fit ends before.
_MOST_ITERATIONS = 100
# One in so many articles is kept apart, to measure on.
_ONE_APART_IN = 10
FEWEST_ARTICLES = 2 * _ONE_APART_IN
"""With fewer, a head can't be fitted and measured."""
# The least spread of a channel: one that hardly varies must not be divided by 0.
_LEAST_SPREAD = 1e-6


Head = Mapping[str, NDArray[np.float32]]
"""The values of ``ranking.safetensors``: ``weights`` (2 hidden sizes) and ``bias`` (1)."""


@dataclass(frozen=True)
class RankedSentences:
    """The sentences of an article.

    Attributes:
        states: sentences x 2 hidden sizes, as `EmbeddedModel.read_sentences` returns them.
        belongs: whether each belongs to the abstract.
    """

    states: NDArray[np.float32]
    belongs: NDArray[np.bool_]


def read_choices(data: Path, junk: Junk, words: int, most: int, seed: int = 0) -> list[Choice]:
    """Return articles of a data folder whose best sentences are known, in random order.

    Half of them were chosen by hand; of the others, with written abstracts, each set has as many as the rest. None is
    like an article of a dev set of the folder.

    Args:
        data: the folder.
        junk: takes away what a site puts into an article.
        words: of each article are read at most.
        most: articles in all.
        seed: of the draw.

    Raises:
        TrainingError: a file can't be read.
    """
    evaluation = articles.collect_grams(articles.read_dev(data / "summaries", junk))
    rng = random.Random(seed)  # noqa: S311
    by_hand = most // 2
    drawn = _draw(articles.read_choices(data, junk), evaluation, by_hand, rng)
    paths = sorted((data / "summaries").glob("*.train.jsonl"))
    for path in paths:
        share = (most - by_hand) // len(paths)
        drawn += _draw(articles.read_articles(path, junk), evaluation, share, rng)
    rng.shuffle(drawn)
    return [make_choice(article, words) for article in drawn]


def _draw(
    labelled: Iterator[LabelledArticle], evaluation: set[str], count: int, rng: random.Random
) -> list[LabelledArticle]:
    """Return so many of the good articles (see `articles.keep`), or all if there are fewer."""
    kept = articles.keep(labelled, evaluation, Counter())
    return rng.sample(kept, min(count, len(kept)))


def read_sentences(model: EmbeddedModel, choices: Sequence[Choice]) -> Iterator[RankedSentences]:
    """Yield the states of the sentences of articles, article by article."""
    for first in range(0, len(choices), _ARTICLES_AT_A_TIME):
        batch = choices[first : first + _ARTICLES_AT_A_TIME]
        texts = [(choice.title, choice.sentences) for choice in batch]
        states_of_articles = model.read_sentences(texts)
        for choice, states in zip(batch, states_of_articles, strict=True):
            belongs = np.zeros(len(choice.sentences), bool)
            belongs[list(choice.best)] = True
            yield RankedSentences(states, belongs)


@dataclass(frozen=True)
class Fit:
    """A fitted head, with what it does on articles that it wasn't fitted on.

    Attributes:
        head: the values of ``ranking.safetensors``.
        hits: of that head (see `measure_hits`).
        hits_before: of the head before; None if there was none.
        threshold: of that head (see `find_threshold`).
    """

    head: Head
    hits: float
    hits_before: float | None
    threshold: float

    @property
    def is_better(self) -> bool:
        """Whether the head is better than none, or than the one before."""
        return self.hits_before is None or self.hits > self.hits_before


def fit_and_measure(read: Sequence[RankedSentences], before: Head | None, hold: float) -> Fit:
    """Fit a head on nine articles of ten, and measure it, and the one before, on the others.

    Args:
        read: the articles, at least `FEWEST_ARTICLES`, in random order.
        before: as for `fit`.
        hold: as for `fit`.
    """
    count = len(read) // _ONE_APART_IN
    apart = read[:count]
    head = fit(read[count:], before, hold)
    return Fit(
        head,
        hits=measure_hits(apart, head),
        hits_before=None if before is None else measure_hits(apart, before),
        threshold=find_threshold(apart, head),
    )


def fit(read: Sequence[RankedSentences], before: Head | None, hold: float) -> Head:
    """Return the values of ``ranking.safetensors`` under which the chosen sentences are likeliest.

    Args:
        read: the articles.
        before: the values of another adapter, near which the new weights stay; None to stay near 0.
        hold: what it costs to leave them: see `training.settings.HOLD`.
    """
    all_states = np.concatenate([article.states for article in read])
    all_belongs = np.concatenate([article.belongs for article in read])
    states = torch.from_numpy(all_states).double()
    belongs = torch.from_numpy(all_belongs).double()
    if before is None:
        start = torch.zeros(states.shape[1], dtype=torch.double)
        bias = torch.zeros(1, dtype=torch.double)
    else:
        start = torch.from_numpy(before["weights"]).double()
        bias = torch.from_numpy(before["bias"]).double().clone()
    bias.requires_grad_()
    # How far the weights leave their start is fitted in standardised states, so that each channel costs alike.
    spread = states.std(0).clamp(min=_LEAST_SPREAD)
    change = torch.zeros_like(start, requires_grad=True)
    optimizer = torch.optim.LBFGS([change, bias], max_iter=_MOST_ITERATIONS, line_search_fn="strong_wolfe")

    def measure() -> Tensor:
        optimizer.zero_grad()
        log_odds = states @ (start + change / spread) + bias
        penalty = hold * change.square().sum() / 2
        loss = functional.binary_cross_entropy_with_logits(log_odds, belongs) + penalty
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(measure)  # type: ignore[no-untyped-call]
    weights = (start + change / spread).detach()
    return {"weights": weights.float().numpy(), "bias": bias.detach().float().numpy()}


def measure_hits(read: Sequence[RankedSentences], head: Head) -> float:
    """Return which share of an article's chosen sentences a head ranks highest, 0 to 1, in the mean.

    Of an article with three chosen sentences, the three that the head ranks highest are looked at. Articles of which
    none was chosen don't count.
    """
    shares: list[float] = []
    for article in read:
        count = int(article.belongs.sum())
        if count == 0:
            continue
        scores = article.states @ head["weights"]
        highest = np.argsort(-scores)[:count]
        shares.append(article.belongs[highest].mean())
    return float(np.mean(shares))


def find_threshold(read: Sequence[RankedSentences], head: Head) -> float:
    """Return the log-odds that as many sentences of all articles reach as belong to abstracts.

    Args:
        read: articles of which one or more sentences were chosen in all.
        head: tells the log-odds.
    """
    log_odds: list[NDArray[np.float32]] = []
    count = 0
    for article in read:
        log_odds.append(article.states @ head["weights"] + head["bias"])
        count += int(article.belongs.sum())
    highest_last = np.sort(np.concatenate(log_odds))
    return float(highest_last[-count])
