"""Beam search: the likeliest texts that a model can be found to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from summarizer.models.embedded.kv_cache import Floats, Integers, KVCache
from summarizer.models.embedded.runtime import NextTokens, Runtime


@dataclass(frozen=True)
class Continuation:
    """A text that the model writes.

    Attributes:
        tokens: without the one that ended it.
        totals: log-probabilities in nats of the text up to each token, and last up to the one that ended it.
        ended: whether a token ended it.
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


@dataclass(frozen=True)
class _Step:
    """What the beams of several prompts make of one token more. Each array is prompts x beams, the best first.

    Attributes:
        totals: log-probabilities in nats of the texts that go on.
        parents: the beams whose texts these are, but for their last tokens.
        tokens: these.
        choices: the best of the texts that go on and of those that end here. From 0 on, numbers are places among the
            texts that go on; from the number of beams on, those of the beams whose texts end.
        choice_totals: log-probabilities of these, in nats.
    """

    totals: Floats
    parents: Integers
    tokens: Integers
    choices: Integers
    choice_totals: Floats


@dataclass
class _Search:
    """The search for what is written after one prompt.

    Attributes:
        longest: the number of tokens of a text at most, the one that ends it included.
        live: the texts that the beams have written so far, one each, and all of the same length.
        done: the texts that have ended, or that are as long as they may be.
    """

    longest: int
    live: list[Continuation]
    done: list[Continuation] = field(default_factory=list)

    def take(self, step: _Step, row: int) -> None:
        """Take the step of a row: end texts, write a token to the others, and cut those off that are as long as may be.

        A text counts if it is among the best of all that the beams could go on with.
        """
        beams = len(self.live)
        going_on: list[int] = []
        for choice, total in zip(step.choices[row].tolist(), step.choice_totals[row].tolist(), strict=True):
            if choice < beams:
                going_on.append(choice)
            else:
                self._end(choice - beams, total)
        self._write(step.parents[row].tolist(), step.tokens[row].tolist(), step.totals[row].tolist())
        if self._is_cut_off:
            self.done += [self.live[choice] for choice in going_on]

    @property
    def is_over(self) -> bool:
        """Whether as many texts are done as there are beams, or the others are as long as they may be."""
        return self._is_cut_off or len(self.done) >= len(self.live)

    @property
    def _is_cut_off(self) -> bool:
        return len(self.live[0].tokens) == self.longest

    def _write(self, parents: Sequence[int], tokens: Sequence[int], totals: Sequence[float]) -> None:
        """Let each beam go on from the text of a beam with a token; ``totals`` are those of the new texts."""
        live = []
        for parent, token, total in zip(parents, tokens, totals, strict=True):
            text = self.live[parent]
            live.append(Continuation((*text.tokens, token), (*text.totals, total)))
        self.live = live

    def _end(self, beam: int, total: float) -> None:
        """Let the text of a beam end here, with this total."""
        text = self.live[beam]
        self.done.append(Continuation(text.tokens, (*text.totals, total), ended=True))

    def ranked(self) -> list[Continuation]:
        """Return the texts that are done, the best first; those that ended go before those that were cut off."""
        return sorted(self.done, key=lambda text: (text.ended, text.score), reverse=True)


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
    cache, first = runtime.prefill(prompts, prefix, top_k=top_k)
    cache.spread(beams)
    following = _for_each_beam(first, beams)
    # At first, all beams of a prompt are the same, so only one of them counts.
    totals = np.full((len(prompts), beams), -np.inf, np.float32)
    totals[:, 0] = 0
    searches = [_Search(longest, live=[Continuation()] * beams) for longest in max_new_tokens]
    running = searches
    while running:
        step = _choose(following, totals, runtime.eos_token_ids)
        for row, search in enumerate(running):
            search.take(step, row)
        kept = [row for row, search in enumerate(running) if not search.is_over]
        if not kept:
            break
        if len(kept) < len(running):
            running = [running[row] for row in kept]
            cache.keep(kept)
        totals = step.totals[kept]
        cache.reorder(step.parents[kept])
        following = runtime.decode_step(step.tokens[kept], cache, top_k=top_k)
    return [search.ranked() for search in searches]


def _for_each_beam(first: NextTokens, beams: int) -> NextTokens:
    """Return what may follow each prompt as often as it has beams."""
    return NextTokens(
        np.repeat(first.log_probs, beams, 0),
        np.repeat(first.tokens, beams, 0),
        np.repeat(first.eos, beams, 0),
    )


def _choose(following: NextTokens, totals: Floats, eos_token_ids: Integers) -> _Step:
    """Return the best that the beams can make of what may follow their texts; ``totals`` are those of the texts."""
    beams = totals.shape[1]
    totals_of_ended = following.eos.reshape(-1, beams) + totals
    new_totals, parents, tokens = _extend(following, totals, eos_token_ids)
    choice_totals, choices = _top(np.concatenate([new_totals, totals_of_ended], 1), beams)
    return _Step(new_totals, parents, tokens, choices, choice_totals)


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
