"""Sampling in which each text has its own randomness and its own forbidden strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

_BEGINNING = 4
_LIKELIEST = 256


class Sampler:
    """Draws the tokens of one text by nucleus sampling (Holtzman et al. 2020, arXiv:1904.09751).

    It draws from a generator of its own: what is written doesn't depend on what else is, and torch's global random
    state stays as it is.

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
            temperature: what logits are divided by.
            top_p: the likeliest tokens whose probabilities sum up to this are drawn from; those beyond the 256
                likeliest don't count.
        """
        self._generator = torch.Generator().manual_seed(seed)
        self._forbidden = [string for string in forbidden if string]
        self._decode = decode
        self._temperature, self._top_p = temperature, top_p
        self._written: list[int] = []

    def draw(self, logits: Tensor) -> int:
        """Draw the next token, given the logits of all."""
        values, places = (logits / self._temperature).topk(min(_LIKELIEST, len(logits)))
        values, tokens = values.cpu(), places.tolist()
        before = self._decode(self._written) if self._forbidden else ""
        while True:
            shares = values.softmax(-1)
            # The likeliest one always stays.
            shares[shares.cumsum(-1) - shares >= self._top_p] = 0
            drawn = int(torch.multinomial(shares, 1, generator=self._generator))
            if len(tokens) == 1 or not self._is_forbidden(before, tokens[drawn]):
                break
            # Out of the scores it goes, not out of the nucleus, which might be empty then.
            values = torch.cat([values[:drawn], values[drawn + 1 :]])
            del tokens[drawn]
        self._written.append(tokens[drawn])
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
