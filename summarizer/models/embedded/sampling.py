"""Sampling in which each text has its own randomness and its own forbidden strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache
from summarizer.models.embedded.runtime import Continuation, Runtime

TOP_K = 256
"""How many of the likeliest tokens are drawn from."""

_BEGINNING = 4


def sample(
    runtime: Runtime,
    prompts: Sequence[Sequence[int]],
    prefix: KVCache | None,
    samplers: Sequence[Sequence[Sampler]],
) -> list[list[Continuation]]:
    """Write several texts after each prompt by sampling.

    Args:
        runtime: the model.
        prompts: tokens of each.
        prefix: as for `Runtime.prefill`.
        samplers: for each prompt as many as texts are wanted, the same number for all.

    Returns:
        What was written after each prompt, by sampler.
    """
    cache, following = runtime.prefill(prompts, prefix, top_k=TOP_K)
    count = len(samplers[0])
    cache.spread(count)
    following = following.repeat(count)
    left = list(samplers)
    while True:
        waiting = [sampler for own in left for sampler in own]
        # A text that is done goes on with any token as long as its prompt has others.
        drawn = np.array(
            [0 if sampler.done else sampler.draw(*row) for sampler, *row in zip(waiting, *following, strict=True)]
        ).reshape(len(left), count)
        kept = [at for at, own in enumerate(left) if not all(sampler.done for sampler in own)]
        if not kept:
            return [[sampler.text for sampler in own] for own in samplers]
        if len(kept) < len(left):
            cache.keep(kept)
            drawn, left = drawn[kept], [left[at] for at in kept]
        following = runtime.decode_step(drawn, cache, top_k=TOP_K)


@dataclass
class Sampler:
    """Draws the tokens of one text by nucleus sampling (Holtzman et al. 2020, arXiv:1904.09751).

    It draws from a generator of its own: what is written doesn't depend on what else is.

    What is forbidden is looked for in the text, not in the tokens: a string has many spellings in tokens. The
    beginning of a forbidden single word (half of it, and at least four letters) is forbidden too, or the model would
    write "Puspito" where it may not write "Puspita".

    Attributes:
        seed: of the generator.
        forbidden_strings: what must not be written.
        decode: turns tokens into text.
        eos_token_ids: tokens that end a text.
        max_new_tokens: tokens of a text; at least 1.
        temperature: what log-probabilities are divided by.
        top_p: the likeliest tokens whose probabilities sum up to this are drawn from; those beyond the `TOP_K` ones
            don't count.
        text: what was written so far.
    """

    seed: int
    forbidden_strings: Sequence[str]
    decode: Callable[[Sequence[int]], str]
    eos_token_ids: Sequence[int] | Integers
    max_new_tokens: int
    temperature: float
    top_p: float
    text: Continuation = field(default_factory=Continuation)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)
        self._forbidden = [string for string in self.forbidden_strings if string]

    @property
    def done(self) -> bool:
        """Whether the text has ended, or is as long as it may be."""
        return self.text.ended or len(self.text.tokens) >= self.max_new_tokens

    def draw(self, log_probs: Floats, tokens: Integers, eos: float) -> int:
        """Draw the next token.

        Args:
            log_probs: of the likeliest tokens, falling.
            tokens: these tokens.
            eos: log-probability that one of those that end a text comes next.
        """
        values = log_probs.astype(np.float64) / self.temperature
        left = np.arange(len(tokens))
        before = self.decode(self.text.tokens) if self._forbidden else ""
        while True:
            shares = np.exp(values - values[0])
            shares /= shares.sum()
            # The likeliest one always stays.
            shares[shares.cumsum() - shares >= self.top_p] = 0
            drawn = int(self._rng.choice(len(left), p=shares / shares.sum()))
            token = int(tokens[left[drawn]])
            if len(left) == 1 or not self._is_forbidden(before, token):
                break
            # Out of the candidates it goes, not out of the nucleus, which might be empty then.
            values, left = np.delete(values, drawn), np.delete(left, drawn)
        total = self.text.totals[-1] if self.text.totals else 0.0
        if token in self.eos_token_ids:
            self.text = self.text.ended_at(total + float(eos))
        else:
            self.text = self.text.extended(token, total + float(log_probs[left[drawn]]))
        return token

    def _is_forbidden(self, before: str, token: int) -> bool:
        if not self._forbidden:
            return False
        after = self.decode([*self.text.tokens, token])
        return any(_writes(string, before, after) for string in self._forbidden)


def _writes(string: str, before: str, after: str) -> bool:
    """Tell whether the string, or the beginning of it if it is one word, comes into a text with its latest token."""
    if after.count(string) > before.count(string):
        return True
    latest = after.split(" ")[-1]
    return (
        string.isalpha() and len(latest) >= max(_BEGINNING, len(string) / 2) and string.startswith(latest)
    ) and not before.endswith(latest)
