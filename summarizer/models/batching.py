"""What models of every kind do with the texts of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(rows: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """Group rows of tokens so that those of like length share a batch, and little of it is padding.

    Args:
        rows: tokens of each text.
        size: rows of a batch; the last may have fewer.

    Yields:
        Places in ``rows``, the shortest rows first.
    """
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    for start in range(0, len(order), size):
        yield order[start : start + size]
