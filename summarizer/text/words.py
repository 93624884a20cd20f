"""What a word is, its form without case and accents, and what its affixes leave of it."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"(?:[^\W_]|(?<=[A-Z])&(?=[A-Z]))+(?:['’‘.-][^\W_]+)*")
"""A word with what it holds inside: "Nur'aini", "anak-anak", "Liputan6.com", "R&D"."""

LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
"""Pattern of a word of letters alone, or of a part of one with hyphens: "Jum'at", "isn't"."""

_PREFIX = re.compile(r"^(?:me[mn]?(?:g|y)?|pe[mn]?(?:g|y)?|ber|ter|di|ke|se)(?=\w{4})")
_SUFFIX = re.compile(r"(?:nya|kan|an|i)$")
_CLITIC = re.compile(r"(?:nya|lah|kah|pun)$")
_SHORTEST_STEM, _LONGEST_STEM = 4, 5


def fold(word: str) -> str:
    """Return a word without case and accents, its apostrophes straight."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'").replace("‘", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Return the first letters that affixes leave of an Indonesian word in lower case, as far as its letters tell.

    "Membangun" and "pembangunan" have one stem; "menutup" is "utup", since the first sound of the root can be lost.
    """
    bare = _SUFFIX.sub("", _PREFIX.sub("", word))
    return bare[:_LONGEST_STEM] if len(bare) >= _SHORTEST_STEM else word


def strip_clitic(word: str) -> str:
    """Return an Indonesian word in lower case without "-nya", "-lah", "-kah" or "-pun"."""
    return _CLITIC.sub("", word)


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
