"""Ways to choose what is written: beam search, and samples.

Both take sources that `Network.read` has read, write until a token that ends a text or up to a number of tokens, and
forget a source as soon as it is done, so that the others get on faster. What is written of a source doesn't depend on
the others, but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from summarizer.models.embedded.network import Choice, Floats, Integers, Memory, Network
from summarizer.models.embedded.sampling import LIKELIEST, Sampler

Written = tuple[list[int], bool]
"""Tokens, without the one that ended them, and whether one did."""


def write_samples(
    network: Network,
    memory: Memory,
    choice: Choice,
    samplers: Sequence[Sequence[Sampler]],
    *,
    most: Sequence[int],
) -> list[list[Written]]:
    """Write several texts of each source by sampling.

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        choice: what may come next, as `Network.read` says; of `sampling.LIKELIEST` tokens.
        samplers: for each source as many as texts are wanted, the same number for all.
        most: for each source, tokens of a text; at least 1.

    Returns:
        What was written of each source, by sampler.
    """
    rows = len(samplers[0])
    memory.spread(rows)
    choice = choice.repeat(rows)
    written: list[list[list[int]]] = [[[] for _ in own] for own in samplers]
    ended = [[False] * rows for _ in samplers]
    left = list(range(len(samplers)))

    def is_done(source: int, row: int) -> bool:
        return ended[source][row] or len(written[source][row]) >= most[source]

    while True:
        # A row that is done goes on with any token as long as its source has others.
        tokens = np.zeros((len(left), rows), np.int64)
        for place, source in enumerate(left):
            for row in range(rows):
                if is_done(source, row):
                    continue
                at = place * rows + row
                token = samplers[source][row].draw(choice.scores[at], choice.tokens[at])
                tokens[place, row] = token
                if token in network.ends:
                    ended[source][row] = True
                else:
                    written[source][row].append(token)
        kept = [place for place, source in enumerate(left) if not all(is_done(source, row) for row in range(rows))]
        if not kept:
            return [list(zip(*pair, strict=True)) for pair in zip(written, ended, strict=True)]
        if len(kept) < len(left):
            memory.keep(kept)
            tokens, left = tokens[kept], [left[place] for place in kept]
        choice = network.step(tokens, memory, most=LIKELIEST)


@dataclass
class _Search:
    """The search for the text of one source.

    Attributes:
        tokens: of each beam.
        finished: of each text that is: whether it ended by itself, its score, and its tokens.
    """

    tokens: list[list[int]]
    finished: list[tuple[bool, float, list[int]]] = field(default_factory=list)

    @property
    def result(self) -> Written:
        """The best of those that ended by themselves, or else of the others."""
        ended, _, tokens = max(self.finished, key=lambda item: item[:2])
        return tokens, ended


def write_by_beams(
    network: Network,
    memory: Memory,
    choice: Choice,
    *,
    beams: int,
    most: Sequence[int],
    patience: float = 1.0,
) -> list[Written]:
    """Write the likeliest text that beam search finds.

    A source is done as soon as ``patience`` times ``beams`` texts of it are (Kasai et al. 2022, arXiv:2204.05424), and
    the one with the highest mean log probability of a token wins. With a patience of 1 and one token that ends texts,
    this is transformers' search with ``early_stopping``; several such tokens are one here, with the sum of their
    probabilities. One beam is greedy decoding.

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        choice: what may come next, as `Network.read` says; of `likeliest` tokens.
        beams: rows of each source.
        most: for each source, tokens of a text; at least 1.
        patience: see above; more than 0. Half of it makes searches a fifth shorter, and costs translations 0.6 chrF
            (first 200 lines of FLORES-200 dev).

    Returns:
        What was written of each source.
    """
    enough = max(1, round(patience * beams))
    left = list(range(len(most)))
    results: list[Written] = [([], False)] * len(left)
    searches = [_Search([[] for _ in range(beams)]) for _ in left]
    # At first, all rows of a source are the same, so only one of them counts.
    scores = np.full((len(left), beams), -np.inf, np.float32)
    scores[:, 0] = 0
    memory.spread(beams)
    choice = choice.repeat(beams)
    length = 0
    while True:
        length += 1
        ending = choice.ending.reshape(-1, beams) + scores
        scores, parents, tokens = _best(choice, scores, network.ends)
        # A text that ends counts if it is among the best of all that the beams could go on with.
        worth, chosen = _top(np.concatenate([scores, ending], 1), beams)
        kept: list[int] = []
        steps = zip(left, searches, worth.tolist(), chosen.tolist(), parents.tolist(), tokens.tolist(), strict=True)
        for place, (source, search, values, choices, befores, nexts) in enumerate(steps):
            going = [[*search.tokens[before], token] for before, token in zip(befores, nexts, strict=True)]
            last = length == most[source]
            for value, at in zip(values, choices, strict=True):
                if at >= beams:
                    search.finished.append((True, value / length, search.tokens[at - beams]))
                elif last:
                    search.finished.append((False, value / length, going[at]))
            if last or len(search.finished) >= enough:
                results[source] = search.result
            else:
                search.tokens = going
                kept.append(place)
        if not kept:
            return results
        if len(kept) < len(left):
            memory.keep(kept)
            scores, parents, tokens = scores[kept], parents[kept], tokens[kept]
            left, searches = [left[place] for place in kept], [searches[place] for place in kept]
        memory.move(parents)
        choice = network.step(tokens, memory, most=likeliest(beams, network))


def likeliest(beams: int, network: Network) -> int:
    """Return of how many tokens beam search must know the scores: with fewer, those that end a text might be all."""
    return beams + len(network.ends)


def _best(choice: Choice, scores: Floats, ends: Integers) -> tuple[Floats, Integers, Integers]:
    """Return the best ways to go on without ending, all sources x rows: scores, the rows they start from, tokens.

    Args:
        choice: of each row.
        scores: of the rows so far.
        ends: tokens that end a text.
    """
    sources, rows = scores.shape
    values = choice.scores + scores.reshape(-1, 1)
    values[np.isin(choice.tokens, ends)] = -np.inf
    values, tokens = values.reshape(sources, -1), choice.tokens.reshape(sources, -1)
    values, best = _top(values, rows)
    return values, best // choice.tokens.shape[1], np.take_along_axis(tokens, best, 1)


def _top(values: Floats, count: int) -> tuple[Floats, Integers]:
    """Return the highest values of each line, falling, and their places in it."""
    best = np.argsort(-values, 1, kind="stable")[:, :count]
    return np.take_along_axis(values, best, 1), best
