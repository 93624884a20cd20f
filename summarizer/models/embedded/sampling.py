"""Sampling in which each text has its own randomness and its own forbidden strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from summarizer.models.embedded.network import Floats, Integers

LIKELIEST = 256
"""Of how many tokens a sampler is told the scores."""

_BEGINNING = 4


class Sampler:
    """Draws the tokens of one text by nucleus sampling (Holtzman et al. 2020, arXiv:1904.09751).

    It draws from a generator of its own: what is written doesn't depend on what else is.

    What is forbidden is looked for in the text, not in the tokens: a string has many spellings in tokens. The
    beginning of a forbidden single word (half of it, and at least four letters) is forbidden too, or the model would
    write "Puspito" where it may not write "Puspita".
    """

    def __init__(
        self,
        seed: int,
        forbidden: Sequence[str],
        decode: Callable[[list[int]], str],
        *,
        temperature: float,
        top_p: float,
    ) -> None:
        """Prepare for one text.

        Args:
            seed: of the generator.
            forbidden: strings that must not be written.
            decode: turns tokens into text.
            temperature: what log probabilities are divided by.
            top_p: the likeliest tokens whose probabilities sum up to this are drawn from; those beyond the `LIKELIEST`
                ones don't count.
        """
        self._generator = np.random.default_rng(seed)
        self._forbidden = [string for string in forbidden if string]
        self._decode = decode
        self._temperature, self._top_p = temperature, top_p
        self._written: list[int] = []

    def draw(self, scores: Floats, tokens: Integers) -> int:
        """Draw the next token, given the log probabilities of the likeliest ones, falling, and these tokens."""
        values = scores.astype(np.float64) / self._temperature
        left = tokens.tolist()
        before = self._decode(self._written) if self._forbidden else ""
        while True:
            shares = np.exp(values - values[0])
            shares /= shares.sum()
            # The likeliest one always stays.
            shares[shares.cumsum() - shares >= self._top_p] = 0
            drawn = int(self._generator.choice(len(left), p=shares / shares.sum()))
            if len(left) == 1 or not self._is_forbidden(before, left[drawn]):
                break
            # Out of the scores it goes, not out of the nucleus, which might be empty then.
            values = np.delete(values, drawn)
            del left[drawn]
        self._written.append(left[drawn])
        return self._written[-1]

    def _is_forbidden(self, before: str, token: int) -> bool:
        if not self._forbidden:
            return False
        after = self._decode([*self._written, token])
        return any(_writes(string, before, after) for string in self._forbidden)


def _writes(string: str, before: str, after: str) -> bool:
    """Tell whether the string, or the beginning of it if it is one word, comes into a text with its latest token."""
    if after.count(string) > before.count(string):
        return True
    latest = after.split(" ")[-1]
    return (
        string.isalpha() and len(latest) >= max(_BEGINNING, len(string) / 2) and string.startswith(latest)
    ) and not before.endswith(latest)
