"""Ways to choose what is written: beam search, and samples.

Both take sources that `Network.read` has read, write until a token in ``stops`` or up to a number of tokens, and forget
a source as soon as it is done, so that the others get on faster. What is written of a source doesn't depend on the
others, but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from summarizer.models.embedded.network import Memory, Network
from summarizer.models.embedded.sampling import Sampler

Written = tuple[list[int], bool]
"""Tokens, without the one that ended them, and whether one did."""


@torch.inference_mode()
def write_samples(
    network: Network,
    memory: Memory,
    vectors: Tensor,
    samplers: Sequence[Sequence[Sampler]],
    *,
    stops: Sequence[int],
    most: Sequence[int],
) -> list[list[Written]]:
    """Write several texts of each source by sampling.

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        vectors: of the sources, as `Network.read` returns them.
        samplers: for each source as many as texts are wanted, the same number for all.
        stops: tokens that end a text.
        most: for each source, tokens of a text; at least 1.

    Returns:
        What was written of each source, by sampler.
    """
    rows = len(samplers[0])
    memory.spread(rows)
    vectors = vectors.repeat_interleave(rows, 0)
    written: list[list[list[int]]] = [[[] for _ in own] for own in samplers]
    ended = [[False] * rows for _ in samplers]
    ends = set(stops)
    left = list(range(len(samplers)))

    def is_done(source: int, row: int) -> bool:
        return ended[source][row] or len(written[source][row]) >= most[source]

    while True:
        logits = network.logits(vectors).view(len(left), rows, -1)
        # A row that is done goes on with any token as long as its source has others.
        tokens = torch.zeros(len(left), rows, dtype=torch.int64)
        for place, source in enumerate(left):
            for row in range(rows):
                if is_done(source, row):
                    continue
                token = samplers[source][row].draw(logits[place, row])
                tokens[place, row] = token
                if token in ends:
                    ended[source][row] = True
                else:
                    written[source][row].append(token)
        kept = [place for place, source in enumerate(left) if not all(is_done(source, row) for row in range(rows))]
        if not kept:
            return [list(zip(*pair, strict=True)) for pair in zip(written, ended, strict=True)]
        if len(kept) < len(left):
            memory.keep(torch.tensor(kept, device=network.device))
            tokens, left = tokens[kept], [left[place] for place in kept]
        vectors = network.step(tokens.to(network.device), memory)


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


@torch.inference_mode()
def write_by_beams(
    network: Network,
    memory: Memory,
    vectors: Tensor,
    *,
    beams: int,
    stops: Sequence[int],
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
        vectors: of the sources, as `Network.read` returns them.
        beams: rows of each source.
        stops: tokens that end a text.
        most: for each source, tokens of a text; at least 1.
        patience: see above; more than 0. Half of it makes searches a fifth shorter, and costs translations 0.6 chrF
            (first 200 lines of FLORES-200 dev).

    Returns:
        What was written of each source.
    """
    device = network.device
    enough = max(1, round(patience * beams))
    ends = torch.tensor(stops, device=device)
    results: list[Written] = [([], False)] * len(vectors)
    left = list(range(len(vectors)))
    searches = [_Search([[] for _ in range(beams)]) for _ in left]
    # At first, all rows of a source are the same, so only one of them counts.
    scores = torch.full((len(left), beams), -torch.inf, device=device)
    scores[:, 0] = 0
    memory.spread(beams)
    vectors = vectors.repeat_interleave(beams, 0)
    length = 0
    while True:
        length += 1
        logits = network.logits(vectors).view(len(left), beams, -1)
        logits -= logits.logsumexp(-1, keepdim=True) - scores.unsqueeze(-1)
        ending = logits[..., ends].logsumexp(-1)
        logits[..., ends] = -torch.inf
        scores, places = _best(logits, beams)
        parents, tokens = places // logits.shape[-1], places % logits.shape[-1]
        # A text that ends counts if it is among the best of all that the beams could go on with.
        worth, chosen = torch.cat([scores, ending], 1).topk(beams)
        kept: list[int] = []
        steps = zip(left, searches, worth.tolist(), chosen.tolist(), parents.tolist(), tokens.tolist(), strict=True)
        for place, (source, search, values, choices, befores, nexts) in enumerate(steps):
            going = [[*search.tokens[before], token] for before, token in zip(befores, nexts, strict=True)]
            last = length == most[source]
            for value, choice in zip(values, choices, strict=True):
                if choice >= beams:
                    search.finished.append((True, value / length, search.tokens[choice - beams]))
                elif last:
                    search.finished.append((False, value / length, going[choice]))
            if last or len(search.finished) >= enough:
                results[source] = search.result
            else:
                search.tokens = going
                kept.append(place)
        if not kept:
            return results
        if len(kept) < len(left):
            rest = torch.tensor(kept, device=device)
            memory.keep(rest)
            scores, parents, tokens = scores[rest], parents[rest], tokens[rest]
            left, searches = [left[place] for place in kept], [searches[place] for place in kept]
        memory.move(parents)
        vectors = network.step(tokens, memory)


def _best(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the highest scores of each source (sources x rows x vocabulary) and their places in its flat scores."""
    # The best of each row first: choosing from one long line takes several times as long.
    values, places = scores.topk(count, sorted=False)
    places = places + torch.arange(scores.shape[1], device=scores.device)[:, None] * scores.shape[-1]
    values, chosen = values.flatten(1).topk(count)
    return values, places.flatten(1).gather(1, chosen)
