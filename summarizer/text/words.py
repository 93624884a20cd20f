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
