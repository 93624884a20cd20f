"""What a run depends on besides its data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from training import TrainingError


def _setting(default: float | None, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class TrainingSettings:
    """The settings of a run; the command line has an option for each.

    The rate rises over ``warmup``, stays, and falls to 0 in a straight line over the last part, ``decay``, of the run
    (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395).

    Raises:
        TrainingError: a setting is outside of its limits.
    """

    tokens: int = _setting(4_000_000, "Tokens of the whole run.")
    rate: float = _setting(1.5e-4, "Highest learning rate.")
    warmup: int = _setting(100_000, "Tokens in which the rate rises from 0.")
    decay: float = _setting(0.85, "Part of the run, its last, in which the rate falls to 0; above 0, at most 1.")
    max_loss: float | None = _setting(
        None, "Nats a token, and 8 for the whole, beyond which a translation isn't learnt from; none for a fresh model."
    )
    rank: int = _setting(64, "Rank of the adapter.")
    seed: int = _setting(1, "Seed of the draw and the order of examples, and of a fresh adapter.")
    step: int = _setting(3072, "Tokens of an optimizer step.")
    longest: int = _setting(1280, "Tokens of an example; longer ones are left out.")
    clip: float = _setting(1.0, "Highest norm of the gradient.")
    frequent: int = _setting(6000, "Rows of the output matrix that are always used, of the commonest tokens.")
    sampled: int = _setting(4000, "Further rows, drawn for each step; 0 to use the whole matrix.")

    def __post_init__(self) -> None:
        if not 0 < self.decay <= 1 or min(self.rank, self.tokens, self.step) < 1:
            raise TrainingError("decay must be above 0 and at most 1, and rank, tokens and step at least 1")
        if min(self.warmup, self.frequent, self.sampled) < 0:
            raise TrainingError("warmup, frequent and sampled must be at least 0")


MAY_CHANGE = ("tokens", "decay")
"""Settings that a run may be continued with others of: they make it longer or shorter."""


def rate_at(settings: TrainingSettings, tokens: int) -> float:
    """Return the learning rate after this many tokens."""
    rising = max(tokens, 1) / settings.warmup if tokens < settings.warmup else 1.0
    falling = (settings.tokens - tokens) / (settings.decay * settings.tokens)
    return settings.rate * max(0.0, min(1.0, rising, falling))


HOLD = 0.3
"""What it costs a new head of sentences to leave the one before: see `training.ranking`.

It is per sentence, for each unit of the squared distance in standardised states. The best value depends on how far the
adapter has moved from the one that the head before was made for. On the states of that adapter itself (499 training
articles, five folds), the head before ranks .645 of the chosen sentences highest, and fits rank fewer: .531 with .001,
up to .635 with .3. No larger value and no other adapter has been tried.
"""
