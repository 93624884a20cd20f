"""Split Indonesian text into sentences.

sentencex proposes the boundaries; abbreviations (``abbreviations.toml``) and a few habits of news decide which stay.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise

SENTENCE_END = r"[.!?…]+[\"'”’)\]]*"
"""Pattern of the marks that end a sentence, with those that close what it opened."""

# Saved pages often lose the space between two sentences ("... kerja baru.Presiden ..."). Both neighbours must look
# like words, so that "Liputan6.Com" (followed by more lower case and no space) is rare enough to do no harm.
_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=“?[A-Z][a-z]+\s)|(?<=[.!?]”)(?=[A-Z][a-z]+\s)")
_STRAIGHT = re.compile('"([^"]*)"')
_OPENING = "\"'“‘(["
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])\.")
_LOWER_START = re.compile(r"[\"'“‘(\[]*[a-z]")


@cache
def _abbreviations(which: str) -> frozenset[str]:
    table = tomllib.loads(files(__package__).joinpath("abbreviations.toml").read_text(encoding="utf-8"))
    return frozenset(table[which])


def split_sentences(text: str) -> list[str]:
    """Split a paragraph, on one line, into its sentences; a quotation stays with the words that introduce it."""
    from sentencex import segment

    sentences: list[str] = []
    for piece in filter(None, map(str.strip, segment("id", _apart(text)))):
        if sentences and _goes_on(sentences[-1], piece):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _apart(text: str) -> str:
    """Put back the spaces between sentences; a straight mark there stays with the quotation that it opens or closes."""
    ends = [match.start() for match in _GLUED.finditer(_STRAIGHT.sub(r"“\1”", text))]
    return " ".join(text[start:end] for start, end in pairwise([0, *ends, len(text)]))


def _goes_on(before: str, after: str) -> bool:
    """Tell whether a proposed boundary is none."""
    if not before.endswith("."):
        return False
    if _LOWER_START.match(after) or _ENUMERATOR.fullmatch(before):
        return True
    last = before.rsplit(None, 1)[-1].rpartition("/")[2].lstrip(_OPENING).lower()
    return last in _abbreviations("never_last") or (after[0].isdigit() and last in _abbreviations("before_numbers"))
