"""The tokens that scores are counted in."""

from __future__ import annotations

import re
import unicodedata

NAME = "id-1"
"""What signatures call `tokenize`; it changes whenever the tokens do."""

_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")


def tokenize(text: str) -> list[str]:
    """Split Indonesian text into tokens, without case.

    A token is a run of letters of any script, or a number with its marks. So a number is right or wrong as a whole
    ("1.250", "7,5", "19.30", "12/3"), a currency or a clitic stands apart from what it is written together with
    ("Rp7,5", "SIM-nya", "ke-15"), and both halves of a reduplicated word count ("anak-anak"). rouge-score's own
    tokeniser knows the letters a to z alone, and cuts numbers at their marks.
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", text).casefold())


def ngrams(tokens: list[str], size: int) -> list[tuple[str, ...]]:
    """Return the n-grams of a text in their order."""
    return [tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]
