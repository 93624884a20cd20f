"""What a word is, and its form without case and accents."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"(?:[^\W_]|(?<=[A-Z])&(?=[A-Z]))+(?:['’‘.-][^\W_]+)*")
"""A word with what it holds inside: "Nur'aini", "anak-anak", "Liputan6.com", "R&D"."""


def fold(word: str) -> str:
    """Return a word without case and accents, its apostrophes straight."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'").replace("‘", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_STEM = re.compile(r"[^\W\d_]{4,}|\d+")
# How many of a word's first letters count: Indonesian suffixes leave them as they are.
_STEM_LETTERS = 5
# What each word that the other text lacks speaks against two texts being one; one that it has speaks 1 for it.
_FOREIGN = 0.7


def stems_of(*texts: str) -> frozenset[str]:
    """Return the beginnings of the words, and the numbers, by which texts are known to be of the same story."""
    return frozenset(word[:_STEM_LETTERS] for text in texts for word in _STEM.findall(text.casefold()))


def shared_stems(headline: str, stems: frozenset[str]) -> float:
    """Return how much speaks for a headline: its words that a text has, less some for each that it lacks."""
    shared = [word[:_STEM_LETTERS] in stems for word in _STEM.findall(headline.casefold())]
    return sum(shared) - _FOREIGN * (len(shared) - sum(shared))


def alphanumeric_key(text: str) -> str:
    """Return the letters and digits of a text in a row, case folded, by which copies of it are known."""
    return "".join(re.findall(r"\w+", text.casefold()))
