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


def forbidden_for(sources: Sequence[str], without: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return what must not be written for each source text, as `TextModel.candidates` is told it.

    Raises:
        ValueError: there are some lists of strings, but not as many as source texts.
    """
    if without and len(without) != len(sources):
        raise ValueError(f"{len(without)} lists of strings for {len(sources)} source texts")
    return without or [()] * len(sources)


def titles_for(sources: Sequence[str], titles: Sequence[str]) -> Sequence[str]:
    """Return the title of each source text, as `TextModel.generate` is told it.

    Raises:
        ValueError: there are some titles, but not as many as source texts.
    """
    if titles and len(titles) != len(sources):
        raise ValueError(f"{len(titles)} titles for {len(sources)} source texts")
    return titles or [""] * len(sources)
