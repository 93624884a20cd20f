"""Beam search: the likeliest texts that a model can be found to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache
from summarizer.models.embedded.runtime import NextTokens, Runtime


@dataclass(frozen=True)
class Continuation:
    """A text that the model writes.

    Its tokens don't include the one that ended it; its totals are the log-probabilities in nats of the text up to each
    token, up to the one that ended it last.
    """

    tokens: tuple[int, ...] = ()
    totals: tuple[float, ...] = ()
    ended: bool = False

    @property
    def score(self) -> float:
        """Mean log-probability of a token, the one that ended it included, in nats."""
        return self.totals[-1] / len(self.totals)

    @property
    def token_scores(self) -> tuple[float, ...]:
        """Log-probability of each token, the one that ended it included, in nats."""
        return tuple(after - before for before, after in pairwise((0.0, *self.totals)))


def beam_search(
    runtime: Runtime,
    prompts: Sequence[Sequence[int]],
    prefix: KVCache | None = None,
    *,
    beams: int,
    max_new_tokens: Sequence[int],
) -> list[list[Continuation]]:
    """Write texts after prompts, until a token that ends a text or up to a number of tokens.

    A prompt is done as soon as ``beams`` texts after it are; it is dropped then, so that the others get on faster. With
    one token that ends texts, this is transformers' search with ``early_stopping``; several such tokens are one here,
    with the sum of their probabilities. One beam is greedy decoding.

    Returns:
        For each prompt its hypotheses, best first: those that ended by themselves, and of these the one with the
        highest mean log-probability of a token. They don't depend on the other prompts.
    """
    # Fewer might all be tokens that end a text.
    top_k = beams + len(runtime.eos_token_ids)
    cache, following = runtime.prefill(prompts, prefix, top_k=top_k)
    cache.spread(beams)
    log_probs, tokens, eos = following
    following = NextTokens(np.repeat(log_probs, beams, 0), np.repeat(tokens, beams, 0), np.repeat(eos, beams, 0))
    left = list(range(len(prompts)))
    live = [[Continuation()] * beams for _ in left]
    finished: list[list[Continuation]] = [[] for _ in left]
    # At first, all beams of a prompt are the same, so only one of them counts.
    scores = np.full((len(left), beams), -np.inf, np.float32)
    scores[:, 0] = 0
    for length in count(1):
        ending = following.eos.reshape(-1, beams) + scores
        scores, parents, tokens = _extend(following, scores, runtime.eos_token_ids)
        # A text that ends counts if it is among the best of all that the beams could go on with.
        totals, chosen = _top(np.concatenate([scores, ending], 1), beams)
        kept: list[int] = []
        for at, prompt in enumerate(left):
            old = live[prompt]
            done = finished[prompt]
            is_last = length == max_new_tokens[prompt]
            step = zip(parents[at].tolist(), tokens[at].tolist(), scores[at].tolist(), strict=True)
            grown = [
                Continuation((*old[parent].tokens, token), (*old[parent].totals, total))
                for parent, token, total in step
            ]
            for total, choice in zip(totals[at].tolist(), chosen[at].tolist(), strict=True):
                if choice >= beams:
                    text = old[choice - beams]
                    done.append(Continuation(text.tokens, (*text.totals, total), ended=True))
                elif is_last:
                    done.append(grown[choice])
            live[prompt] = grown
            if not is_last and len(done) < beams:
                kept.append(at)
        if not kept:
            break
        if len(kept) < len(left):
            cache.keep(kept)
            scores = scores[kept]
            parents = parents[kept]
            tokens = tokens[kept]
            left = [left[at] for at in kept]
        cache.reorder(parents)
        following = runtime.decode_step(tokens, cache, top_k=top_k)
    return [sorted(texts, key=lambda text: (text.ended, text.score), reverse=True) for texts in finished]


def _extend(following: NextTokens, scores: Floats, eos_token_ids: Integers) -> tuple[Floats, Integers, Integers]:
    """Return the best ways to go on without ending, all prompts x beams: scores, beams that they extend, tokens."""
    prompts, beams = scores.shape
    values = following.log_probs + scores.reshape(-1, 1)
    values[np.isin(following.tokens, eos_token_ids)] = -np.inf
    values, best = _top(values.reshape(prompts, -1), beams)
    tokens = np.take_along_axis(following.tokens.reshape(prompts, -1), best, 1)
    return values, best // following.tokens.shape[1], tokens


def _top(values: Floats, count: int) -> tuple[Floats, Integers]:
    """Return the highest values of each line, falling, and their places in it."""
    best = np.argsort(-values, 1, kind="stable")[:, :count]
    return np.take_along_axis(values, best, 1), best
