"""Fit the head that tells which sentences belong to an abstract: see `EmbeddedModel.read_sentences`.

The adapter learns to translate alone, and what it changes in the states moves what the head looks at. So a head is
fitted to the states of each adapter that ships: a logistic regression that begins with the head before, and leaves it
only as far as the articles say.
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
from training.bitext import grams
from training.examples import Choice

# Articles are read so many at a time.
_READ = 32
# How dear it is to leave the head before: per sentence, for each unit of the squared distance in standardised states.
# Of .003, .01, .03, .1 and .3 the best in five folds of the articles.
_HOLD = 0.03
_ITERATIONS = 100


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
    evaluation: set[str] = set()
    for dev_set in articles.read_dev(data / "summaries", junk).values():
        for article in dev_set:
            evaluation |= grams(article.text) | grams(article.summary)
    draw = random.Random(seed)  # noqa: S311
    by_hand = _draw(articles.read_choices(data, junk), evaluation, most // 2, draw)
    paths = sorted((data / "summaries").glob("*.train.jsonl"))
    chosen = list(by_hand)
    for path in paths:
        chosen += _draw(articles.read_articles(path, junk), evaluation, (most - most // 2) // len(paths), draw)
    draw.shuffle(chosen)
    return [make_choice(article, words) for article in chosen]


def _draw(
    read: Iterator[LabelledArticle], evaluation: set[str], count: int, draw: random.Random
) -> list[LabelledArticle]:
    kept = articles.keep(read, evaluation, Counter())
    return draw.sample(kept, min(count, len(kept)))


def read_sentences(model: EmbeddedModel, choices: Sequence[Choice]) -> Iterator[RankedSentences]:
    """Yield the states of the sentences of articles, article by article."""
    for first in range(0, len(choices), _READ):
        batch = choices[first : first + _READ]
        read = model.read_sentences([(choice.title, choice.sentences) for choice in batch])
        for choice, states in zip(batch, read, strict=True):
            belongs = np.zeros(len(choice.sentences), bool)
            belongs[list(choice.best)] = True
            yield RankedSentences(states, belongs)


def fit(
    read: Sequence[RankedSentences], before: Mapping[str, NDArray[np.float32]] | None = None, hold: float = _HOLD
) -> dict[str, NDArray[np.float32]]:
    """Return the values of ``ranking.safetensors`` under which the chosen sentences are likeliest.

    Args:
        read: the articles.
        before: those of another adapter, near which the new ones stay; None to stay near 0.
        hold: how dear it is to leave them.
    """
    states = torch.from_numpy(np.concatenate([article.states for article in read])).double()
    belongs = torch.from_numpy(np.concatenate([article.belongs for article in read])).double()
    spread = states.std(0).clamp(min=1e-6)
    start = torch.zeros(states.shape[1], dtype=torch.double)
    bias = torch.zeros(1, dtype=torch.double)
    if before is not None:
        start = torch.from_numpy(before["weights"]).double()
        bias = torch.from_numpy(before["bias"]).double().clone()
    bias.requires_grad_()
    change = torch.zeros_like(start, requires_grad=True)
    optimizer = torch.optim.LBFGS([change, bias], max_iter=_ITERATIONS, line_search_fn="strong_wolfe")

    def measure() -> Tensor:
        optimizer.zero_grad()
        log_odds = states @ (start + change / spread) + bias
        loss = functional.binary_cross_entropy_with_logits(log_odds, belongs) + hold * change.square().sum() / 2
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(measure)  # type: ignore[no-untyped-call]
    weights = (start + change / spread).detach()
    return {"weights": weights.float().numpy(), "bias": bias.detach().float().numpy()}


def measure_hits(read: Sequence[RankedSentences], head: Mapping[str, NDArray[np.float32]]) -> float:
    """Return the mean share of an article's chosen sentences that are among as many that the head ranks highest."""
    shares = []
    for article in read:
        count = int(article.belongs.sum())
        if not count:
            continue
        highest = np.argsort(-(article.states @ head["weights"]))[:count]
        shares.append(article.belongs[highest].mean())
    return float(np.mean(shares))
