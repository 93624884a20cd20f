"""How target tokens are searched for, whichever engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Search:
    """Settings of a beam search, under the names of transformers' ``GenerationConfig``.

    Attributes:
        max_new_tokens: how many tokens to write at most.
        min_new_tokens: how many to write at least.
        num_beams: width of the beam; 1 is greedy search.
        count: how many of the beam's hypotheses to return.
        length_penalty: exponent of the length by which a hypothesis' score is divided.
        no_repeat_ngram_size: no n-gram of this size comes twice; 0 allows all.
        repetition_penalty: divides the score of tokens that stand there already.
        early_stopping: whether to stop as soon as there are ``num_beams`` finished hypotheses.
        first: the token that every output begins with, such as the target language's.
        forbidden: sequences of tokens that are not written.
    """

    max_new_tokens: int
    min_new_tokens: int = 0
    num_beams: int = 1
    count: int = 1
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0
    early_stopping: bool = False
    first: int | None = None
    forbidden: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """One output.

    Attributes:
        ids: its tokens, from behind the decoder's start token to before the end token.
        finished: whether the end token was written.
    """

    ids: list[int]
    finished: bool


class Decoder(Protocol):
    """An encoder-decoder's weights, ready to write."""

    def search(self, sources: Sequence[Sequence[int]], search: Search) -> list[list[Hypothesis]]:
        """Return ``search.count`` hypotheses for each source, the best first.

        Args:
            sources: tokens of each source, special tokens included.
            search: how to search.
        """

    def score(self, sources: Sequence[Sequence[int]], outputs: Sequence[Hypothesis]) -> list[tuple[float, ...]]:
        """Return how likely outputs are to be written.

        Args:
            sources: as for `search`.
            outputs: one for each source.

        Returns:
            For each output the log-probability in nats of each of its tokens, and of the end token if it was written.
        """
