"""The words of a text, by which a headline is known to be its own, and a passage to go on with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class VocabularyThresholds:
    """How words are compared.

    Attributes:
        stem: how many of a word's first letters count: Indonesian suffixes leave them as they are.
        foreign: what each word of a headline that the text lacks speaks against it; one that it has speaks 1 for it.
    """

    stem: int = 5
    foreign: float = 0.7


THRESHOLDS = VocabularyThresholds()

_WORD = re.compile(r"[^\W\d_]{4,}|\d+")


def stems_of(lines: Sequence[str]) -> frozenset[str]:
    """Return the beginnings of the words and the numbers of a text, by which a headline is known to be its own."""
    return frozenset(word[: THRESHOLDS.stem] for line in lines for word in _WORD.findall(line.casefold()))


def shared_words(headline: str, stems: frozenset[str]) -> float:
    """Return how much speaks for a headline: its words that the text has, less some for each that it lacks."""
    told = [word[: THRESHOLDS.stem] in stems for word in _WORD.findall(headline.casefold())]
    return sum(told) - THRESHOLDS.foreign * (len(told) - sum(told))
