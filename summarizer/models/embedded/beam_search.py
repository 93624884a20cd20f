"""Beam search: the likeliest texts that a model can be found to write."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np

from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache
from summarizer.models.embedded.runtime import Continuation, NextTokens, Runtime


def beam_search(
    runtime: Runtime,
    prompts: Sequence[Sequence[int]],
    prefix: KVCache | None = None,
    *,
    beams: int,
    max_new_tokens: Sequence[int],
    patience: float = 1.0,
) -> list[list[Continuation]]:
    """Write texts after prompts, until a token that ends a text or up to a number of tokens.

    A prompt is done as soon as ``patience`` times ``beams`` texts after it are (Kasai et al. 2022, arXiv:2204.05424);
    it is dropped then, so that the others get on faster. With a patience of 1 and one token that ends texts, this is
    transformers' search with ``early_stopping``; several such tokens are one here, with the sum of their
    probabilities. One beam is greedy decoding.

    Args:
        runtime: the model.
        prompts: tokens of each.
        prefix: as for `Runtime.prefill`.
        beams: how many texts of each prompt are written on side by side.
        max_new_tokens: for each prompt, tokens of a text; at least 1.
        patience: see above; more than 0. Half of it makes searches a fifth shorter, and costs translations 0.6 chrF
            (first 200 lines of FLORES-200 dev).

    Returns:
        For each prompt its hypotheses, best first: those that ended by themselves, and of these the one with the
        highest mean log-probability of a token. They don't depend on the other prompts.
    """
    # Fewer might all be tokens that end a text.
    top_k = beams + len(runtime.eos_token_ids)
    cache, following = runtime.prefill(prompts, prefix, top_k=top_k)
    cache.spread(beams)
    following = following.repeat(beams)
    enough = max(1, round(patience * beams))
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
            step = zip(parents[at].tolist(), tokens[at].tolist(), scores[at].tolist(), strict=True)
            grown = [live[prompt][parent].extended(token, total) for parent, token, total in step]
            is_last = length == max_new_tokens[prompt]
            for total, choice in zip(totals[at].tolist(), chosen[at].tolist(), strict=True):
                if choice >= beams:
                    finished[prompt].append(live[prompt][choice - beams].ended_at(total))
                elif is_last:
                    finished[prompt].append(grown[choice])
            live[prompt] = grown
            if not is_last and len(finished[prompt]) < enough:
                kept.append(at)
        if not kept:
            break
        if len(kept) < len(left):
            cache.keep(kept)
            scores, parents, tokens = scores[kept], parents[kept], tokens[kept]
            left = [left[at] for at in kept]
        cache.reorder(parents)
        following = runtime.decode_step(tokens, cache, top_k=top_k)
    return [sorted(own, key=lambda text: (text.ended, text.score), reverse=True) for own in finished]


def _extend(following: NextTokens, scores: Floats, eos_token_ids: Integers) -> tuple[Floats, Integers, Integers]:
    """Return the best ways to go on without ending, all prompts x beams: scores, beams that they extend, tokens.

    Args:
        following: of each beam.
        scores: of the beams so far.
        eos_token_ids: tokens that end a text.
    """
    prompts, beams = scores.shape
    values = following.log_probs + scores.reshape(-1, 1)
    values[np.isin(following.tokens, eos_token_ids)] = -np.inf
    values, tokens = values.reshape(prompts, -1), following.tokens.reshape(prompts, -1)
    values, best = _top(values, beams)
    return values, best // following.tokens.shape[1], np.take_along_axis(tokens, best, 1)


def _top(values: Floats, count: int) -> tuple[Floats, Integers]:
    """Return the highest values of each line, falling, and their places in it."""
    best = np.argsort(-values, 1, kind="stable")[:, :count]
    return np.take_along_axis(values, best, 1), best
