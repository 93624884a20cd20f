"""Ways to choose what is written: the likeliest token, beam search, samples.

All take sources that `Network.read` has read, write until a token in ``stops`` or for ``most`` tokens, and forget a
source as soon as it is done, so that the others get on faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from summarizer.models.embedded.network import Memory, Network
from summarizer.models.embedded.sampling import Sampler

Written = tuple[list[int], bool]
"""Tokens, without the one that ended them, and whether one did."""


@torch.inference_mode()
def write_likeliest(
    network: Network, memory: Memory, vectors: Tensor, *, stops: Sequence[int], most: int
) -> list[Written]:
    """Write the likeliest token at each step (greedy decoding).

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        vectors: of the sources, as `Network.read` returns them.
        stops: tokens that end a text.
        most: tokens of a text.

    Returns:
        What was written of each source.
    """

    def choose(logits: Tensor, _: list[int]) -> Tensor:
        return logits.argmax(-1)

    return _write_rows(network, memory, vectors, choose, stops, most)


@torch.inference_mode()
def write_samples(
    network: Network,
    memory: Memory,
    vectors: Tensor,
    samplers: Sequence[Sequence[Sampler]],
    *,
    stops: Sequence[int],
    most: int,
) -> list[list[Written]]:
    """Write several texts of each source by sampling.

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        vectors: of the sources, as `Network.read` returns them.
        samplers: for each source as many as texts are wanted, the same number for all.
        stops: tokens that end a text.
        most: tokens of a text.

    Returns:
        What was written of each source, by sampler.
    """
    count = len(samplers[0])
    flat = [sampler for row in samplers for sampler in row]
    memory.spread(count)

    def choose(logits: Tensor, rows: list[int]) -> Tensor:
        return torch.tensor([flat[row].draw(line) for row, line in zip(rows, logits, strict=True)])

    written = _write_rows(network, memory, vectors.repeat_interleave(count, 0), choose, stops, most)
    return [written[start : start + count] for start in range(0, len(written), count)]


def _write_rows(
    network: Network,
    memory: Memory,
    vectors: Tensor,
    choose: Callable[[Tensor, list[int]], Tensor],
    stops: Sequence[int],
    most: int,
) -> list[Written]:
    """Write rows that go on by themselves; ``choose`` gets the logits and the numbers of the rows that are left."""
    rows = memory.rows
    written: list[list[int]] = [[] for _ in range(len(vectors))]
    done = [False] * len(written)
    ends = set(stops)
    # Sources that are left, by number; a source is done when all its rows are.
    left = list(range(len(written) // rows))
    for _ in range(most):
        numbers = [source * rows + row for source in left for row in range(rows)]
        tokens = choose(network.logits(vectors), numbers)
        for number, token in zip(numbers, tokens.tolist(), strict=True):
            if done[number]:
                continue
            if token in ends:
                done[number] = True
            else:
                written[number].append(token)
        kept = [place for place, source in enumerate(left) if not all(done[source * rows : (source + 1) * rows])]
        if not kept:
            break
        tokens = tokens.to(network.device).view(len(left), rows)
        if len(kept) < len(left):
            places = torch.tensor(kept, device=network.device)
            memory.keep(places)
            tokens, left = tokens[places], [left[place] for place in kept]
        vectors = network.step(tokens, memory)
    return list(zip(written, done, strict=True))


@dataclass
class _Hypotheses:
    """Finished texts of one source, and its beams.

    Attributes:
        tokens: of each beam.
        finished: score, tokens and whether they ended by themselves, of each finished text.
    """

    tokens: list[list[int]]
    finished: list[tuple[float, list[int], bool]] = field(default_factory=list)


@torch.inference_mode()
def write_by_beams(
    network: Network,
    memory: Memory,
    vectors: Tensor,
    *,
    beams: int,
    stops: Sequence[int],
    most: int,
    patience: float = 1.0,
) -> list[Written]:
    """Write the likeliest text that beam search finds.

    A source is done as soon as ``patience`` times ``beams`` texts of it are (Kasai et al. 2022, arXiv:2204.05424), and
    the one with the highest mean log probability of a token wins. With a patience of 1, this is transformers' search
    with ``early_stopping``.

    Args:
        network: that has read the sources.
        memory: of the sources, one row each; it is used up.
        vectors: of the sources, as `Network.read` returns them.
        beams: rows of each source.
        stops: tokens that end a text.
        most: tokens of a text.
        patience: see above; more than 0.

    Returns:
        What was written of each source.
    """
    device = network.device
    enough = max(1, round(patience * beams))
    ends = torch.tensor(stops, device=device)
    results: list[Written] = [([], False)] * len(vectors)
    left = list(range(len(vectors)))
    states = [_Hypotheses([[] for _ in range(beams)]) for _ in left]
    # At first, all rows of a source are the same, so only one of them counts.
    scores = torch.full((len(left), beams), -torch.inf, device=device)
    scores[:, 0] = 0
    memory.spread(beams)
    vectors = vectors.repeat_interleave(beams, 0)
    for length in range(1, most + 1):
        logits = network.logits(vectors).view(len(left), beams, -1)
        logits -= logits.logsumexp(-1, keepdim=True) - scores.unsqueeze(-1)
        ending = logits[..., ends].flatten(1)
        logits[..., ends] = -torch.inf
        going, places = _best(logits, beams)
        # A text that ends counts if it is among the best of all that the beams could go on with.
        worth = torch.cat([going, ending], 1).topk(beams)
        parents, tokens = places // logits.shape[-1], places % logits.shape[-1]
        kept: list[int] = []
        for place, (source, state) in enumerate(zip(left, states, strict=True)):
            for score, at in zip(worth.values[place].tolist(), worth.indices[place].tolist(), strict=True):
                if at >= beams:
                    text = state.tokens[(at - beams) // len(stops)]
                    state.finished.append((score / length, text, True))
                elif length == most:
                    text = [*state.tokens[int(parents[place, at])], int(tokens[place, at])]
                    state.finished.append((score / length, text, False))
            if len(state.finished) >= enough or length == most:
                _, text, ended = max(state.finished, key=lambda item: item[0])
                results[source] = text, ended
            else:
                kept.append(place)
                moves = zip(parents[place].tolist(), tokens[place].tolist(), strict=True)
                state.tokens = [[*state.tokens[parent], token] for parent, token in moves]
        if not kept:
            break
        scores = going
        if len(kept) < len(left):
            chosen = torch.tensor(kept, device=device)
            memory.keep(chosen)
            scores, parents, tokens = scores[chosen], parents[chosen], tokens[chosen]
            left, states = [left[place] for place in kept], [states[place] for place in kept]
        memory.move(parents)
        vectors = network.step(tokens, memory)
    return results


def _best(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the highest scores of each source (sources x rows x vocabulary) and their places in its flat scores."""
    # The best of each row first: choosing from one long line takes several times as long.
    values, places = scores.topk(count, sorted=False)
    places = places + torch.arange(scores.shape[1], device=scores.device)[:, None] * scores.shape[-1]
    values, chosen = values.flatten(1).topk(count)
    return values, places.flatten(1).gather(1, chosen)
