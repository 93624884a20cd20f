"""Sampling in which each row of a batch has its own randomness and its own forbidden strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from transformers import LogitsProcessor, TemperatureLogitsWarper, TopPLogitsWarper

_BEGINNING = 4


class Sampling(LogitsProcessor):
    """Turns greedy decoding into nucleus sampling (Holtzman et al., 2020) that never writes forbidden strings.

    The largest of the scores that this returns is a sample (the Gumbel-max trick), so generate() must decode
    greedily. Each row draws from a generator of its own: what is written for it doesn't depend on its neighbours,
    and torch's global random state stays as it is.

    What is forbidden is looked for in the text, not in the tokens: a string has many spellings in tokens. The
    beginning of a forbidden word (half of it, and at least four letters) is forbidden too, or the model would write
    "Puspito" where it may not write "Puspita".
    """

    def __init__(
        self,
        seeds: Sequence[int],
        forbidden: Sequence[Sequence[str]],
        decode: Callable[[list[int]], str],
        *,
        temperature: float,
        top_p: float,
    ) -> None:
        """Prepare for one call of generate().

        Args:
            seeds: one for each row of the batch.
            forbidden: for each row the strings that it must not write.
            decode: turns tokens into text.
            temperature: what scores are divided by.
            top_p: the likeliest tokens whose probabilities sum up to this are drawn from.
        """
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._forbidden = [[string for string in strings if string] for strings in forbidden]
        self._decode = decode
        self._warpers = TemperatureLogitsWarper(temperature), TopPLogitsWarper(top_p)
        self._start: int | None = None

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return scores (rows x vocabulary) whose largest in each row is the token drawn for it."""
        if self._start is None:
            self._start = input_ids.shape[1]
        noise = torch.stack([torch.empty(scores.shape[1]).exponential_(generator=g) for g in self._generators])
        noise = noise.log().to(scores.device)
        raw, drawn = scores, self._warp(input_ids, scores, noise)
        for row, strings in enumerate(self._forbidden):
            if not strings:
                continue
            written = input_ids[row, self._start :].tolist()
            before = self._decode(written)
            while any(
                _writes(string, before, self._decode([*written, int(drawn[row].argmax())])) for string in strings
            ):
                # Out of the scores it goes, not out of the nucleus, which might be empty then.
                raw[row, drawn[row].argmax()] = -torch.inf
                drawn[row] = self._warp(input_ids[row : row + 1], raw[row : row + 1], noise[row : row + 1])[0]
        return drawn  # type: ignore[return-value]

    def _warp(self, input_ids: torch.Tensor, scores: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        for warper in self._warpers:
            scores = warper(input_ids, scores)
        return scores - noise


def _writes(string: str, before: str, after: str) -> bool:
    """Tell whether the string, or the beginning of its last word, comes into a text with its latest token."""
    if after.count(string) > before.count(string):
        return True
    latest = after.split(" ")[-1]
    return (
        string.isalpha() and len(latest) >= max(_BEGINNING, len(string) / 2) and string.startswith(latest)
    ) and not before.endswith(latest)
