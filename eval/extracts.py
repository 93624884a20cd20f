"""Choose the sentences of an article that make the best extract."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def choose_greedily(count: int, worth: Callable[[Sequence[int]], float], most: int | None = None) -> list[int]:
    """Choose sentences one by one, each time the one that makes the extract worth most, as long as that grows.

    This finds a good extract, not always the best (R. Nallapati, F. Zhai, B. Zhou, "SummaRuNNer", AAAI 2017,
    section 3).

    Args:
        count: number of the article's sentences.
        worth: of an extract, by the places of its sentences, in their order; nothing is worth 0.
        most: how many sentences are chosen at most; None for any number.

    Returns:
        The places of the sentences, in their order. Of sentences of the same worth, the first one is taken.
    """
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < (count if most is None else min(count, most)):
        extracts = [sorted([*chosen, place]) for place in range(count) if place not in chosen]
        values = [worth(extract) for extract in extracts]
        highest = max(values)
        if highest <= best:
            break
        best, chosen = highest, extracts[values.index(highest)]
    return chosen
