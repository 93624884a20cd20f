"""How target tokens are searched for, whichever engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Search:
    """Settings of a beam search, under the names of transformers' ``GenerationConfig`` and with their meanings."""

    max_new_tokens: int
    min_new_tokens: int = 0
    num_beams: int = 1
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0
    early_stopping: bool = False
    forced_bos_token_id: int | None = None


class Engine(Protocol):
    """An encoder-decoder's weights, ready to write.

    An output is a list of tokens, from behind the decoder's start token to the token that ends it; without the latter
    if the limit of tokens was reached before.
    """

    def search(self, sources: Sequence[Sequence[int]], search: Search) -> list[list[list[int]]]:
        """Return as many outputs for each source as the beam is wide, the best first.

        Args:
            sources: tokens of each source, special tokens included.
            search: how to search.
        """

    def score(self, sources: Sequence[Sequence[int]], outputs: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:
        """Return for each output, one for each source, the log-probabilities in nats of its tokens."""
