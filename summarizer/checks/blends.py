"""Blends: words made of the beginnings of others, such as Kemenkeu of Kementerian Keuangan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarizer.checks.rows import MOST_PLACES

# In letters. Polda has five; what is longer than the second is no word, and would take long to take apart.
_SHORTEST_BLEND = 5
_LONGEST_BLEND = 24
# So many words in a row may make a blend.
_BLENDED_WORDS = 5

Blends = Mapping[str, Sequence[tuple[str, ...]]]
"""Words that a blend may be made of, some in a row, by the two letters that the first of them begins with."""


def index_blends(capitals: Sequence[str]) -> Blends:
    """Return what blends of the words with capitals of a text may be made of.

    Args:
        capitals: these words, in their order and in `fold` form.
    """
    rows: dict[str, dict[tuple[str, ...], None]] = {}
    # The last word has none behind it that it could make a blend with.
    for place in range(len(capitals) - 1):
        row = tuple(capitals[place : place + _BLENDED_WORDS])
        same_beginning = rows.setdefault(row[0][:2], {})
        if len(same_beginning) < MOST_PLACES:
            same_beginning[row] = None
    return {beginning: list(known) for beginning, known in rows.items()}


def is_blend(word: str, blends: Blends) -> bool:
    """Tell whether a word is a blend of words of a text.

    Args:
        word: in `fold` form.
        blends: what `index_blends` returned of the text.
    """
    if not _SHORTEST_BLEND <= len(word) <= _LONGEST_BLEND:
        return False
    return any(_consists_of(word, row, first=True) for row in blends.get(word[:2], []))


def _consists_of(rest: str, words: Sequence[str], *, first: bool) -> bool:
    """Tell whether the rest of a word is made of pieces of some words, in their order.

    Args:
        rest: what is not accounted for yet.
        words: those that haven't given a piece yet; but for the first word of all, each may be left out.
        first: whether nothing is accounted for yet. Then the next word must give a piece, but not the whole of it: one
            word makes no blend.
    """
    if not rest:
        return not first
    if not words:
        return False
    word = words[0]
    longest = len(rest) - 1 if first else len(rest)
    for length in range(longest, 1, -1):
        piece = rest[:length]
        if _gives(word, piece, first=first) and _consists_of(rest[length:], words[1:], first=False):
            return True
    return not first and _consists_of(rest, words[1:], first=False)


def _gives(word: str, piece: str, *, first: bool) -> bool:
    """Tell whether a piece of a blend may be of a word: "Polda" has beginnings, "Mendikdasmen" a root, pen-didik-an."""
    if word.startswith(piece):
        return True
    if first:
        return False
    return word.endswith(piece) or (len(piece) > 2 and piece in word)
