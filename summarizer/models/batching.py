"""What models of every kind do with the texts of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")


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


def one_each(sources: Sequence[str], values: Sequence[Value], default: Value, what: str) -> Sequence[Value]:
    """Return what a call says of each source text: what it gives, or the default where it gives nothing.

    Args:
        sources: the source texts.
        values: as many values, or none.
        default: for each source text if there are none.
        what: what the values are, in words, for the error.

    Raises:
        ValueError: there are some values, but not as many as source texts.
    """
    if values and len(values) != len(sources):
        raise ValueError(f"{len(values)} {what} for {len(sources)} source texts")
    return values or [default] * len(sources)
