"""What a word is, its form without case and accents, and what its affixes leave of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["id", "en"]

WORD = re.compile(r"(?:[^\W_]|(?<=[A-Z])&(?=[A-Z]))+(?:['’‘.-][^\W_]+)*")
"""A word with what it holds inside: "Nur'aini", "anak-anak", "Liputan6.com", "R&D"."""

LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
"""Pattern of a word of letters alone, or of a part of one with hyphens: "Jum'at", "isn't"."""

HYPHENATED = re.compile(rf"{LETTERS}(?:-{LETTERS})*")
"""A word of letters alone, with its hyphens: "anak-anak", "right-back"."""

_PREFIX = re.compile(r"^(?:me[mn]?(?:g|y)?|pe[mn]?(?:g|y)?|ber|ter|di|ke|se)(?=\w{4})")
_SUFFIX = re.compile(r"(?:nya|kan|an|i)$")
_CLITIC = re.compile(r"(?:nya|lah|kah|pun)$")
_SHORTEST_STEM = 4
_LONGEST_STEM = 5


def fold(word: str) -> str:
    """Return a word without case and accents, its apostrophes straight."""
    straight = word.casefold().replace("’", "'").replace("‘", "'")
    decomposed = unicodedata.normalize("NFKD", straight)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Return the first letters that affixes leave of an Indonesian word in lower case, as far as they tell."""
    bare = _SUFFIX.sub("", _PREFIX.sub("", word))
    if len(bare) < _SHORTEST_STEM:
        return word
    return bare[:_LONGEST_STEM]


def strip_clitic(word: str) -> str:
    """Return an Indonesian word in lower case without "-nya", "-lah", "-kah" or "-pun"."""
    return _CLITIC.sub("", word)


def count_words(text: str) -> int:
    """Return how many words a text has, as `WORD` finds them."""
    return len(WORD.findall(text))


def holds_words(text: str, part: str) -> bool:
    """Tell whether a text has the words of another one, at least one, in a row: case, accents, punctuation aside."""
    row = fold_words(part)
    return bool(row.strip()) and row in fold_words(text)


def fold_words(text: str) -> str:
    """Return the words of a text in `fold` form, each with a space in front of it, and a space at the end.

    So a text has the words of another one in a row if the one holds the other: see `holds_words`.
    """
    words = " ".join(map(fold, WORD.findall(text)))
    return f" {words} "


@cache
def common_words(language: Language) -> frozenset[str]:
    """Return words that are hardly ever names; ``NOTICE`` and ``CONTRIBUTING.md`` say where they are from."""
    return frozenset(files(__package__).joinpath(f"common_{language}.txt").read_text(encoding="utf-8").split())
