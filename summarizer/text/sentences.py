"""Split Indonesian text into sentences.

sentencex proposes the boundaries; abbreviations (``abbreviations.toml``) and a few habits of news decide which stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TypeAlias

SENTENCE_END = r"[.!?…]+[\"'”’)\]]*"
"""Pattern of the marks that end a sentence, with those that close what it opened."""

# Saved pages often lose the space between two sentences ("... kerja baru.Presiden ..."). Both neighbours must look
# like words, so that "Liputan6.Com" (followed by more lower case and no space) is rare enough to do no harm.
_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=“?[A-Z][a-z]+\s)|(?<=[.!?]”)(?=[A-Z][a-z]+\s)")
_STRAIGHT = re.compile('"([^"]*)"')
_OPENING = "\"'“‘(["
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])\.")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LOWER_START = re.compile(r"[\"'“‘(\[]*[a-z]")
# The marks that open a quotation for sentencex 1, and what closes each.
_CLOSING_MARKS = {
    '"': '"',
    "'": "'",
    "“": "”",
    "‘": "’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "„": "“",
    "‚": "‚",
    "「": "」",
    "‟": "‟",
    "‛": "‛",
}
_OPENING_MARK = re.compile(f"[{''.join(_CLOSING_MARKS)}]")
# More than any text has that somebody wrote.
_MOST_UNCLOSED = 100
# What stands for an opening mark without a closing one: a mark that means nothing to sentencex.
_HIDDEN = "^"
# White space of several bytes in UTF-8: behind a capital and in front of a full stop, sentencex 1 cuts it in two, and
# its panic would end the process.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")


Position: TypeAlias = tuple[int, int]
"""Where a sentence of an article stands: its paragraph, and its place in that, both from 0."""


@dataclass(frozen=True)
class PlacedSentence:
    """A sentence of an article, whole, and where it stands."""

    position: Position
    text: str


def split_paragraphs(paragraphs: Iterable[str]) -> list[PlacedSentence]:
    """Split paragraphs, each on one line, into their sentences, as `split_sentences` does; each knows its place."""
    placed: list[PlacedSentence] = []
    for row, paragraph in enumerate(paragraphs):
        for column, sentence in enumerate(split_sentences(paragraph)):
            placed.append(PlacedSentence((row, column), sentence))
    return placed


@cache
def _abbreviations(which: str) -> frozenset[str]:
    """Return a list of ``abbreviations.toml``."""
    table = tomllib.loads(files(__package__).joinpath("abbreviations.toml").read_text(encoding="utf-8"))
    return frozenset(table[which])


def split_sentences(text: str) -> list[str]:
    """Split a paragraph, on one line, into its sentences; a quotation stays with the words that introduce it."""
    # Each sentence in the pieces that it is joined from: adding to a long text each time would take the square of it.
    sentences: list[list[str]] = []
    for segment in _segment(_apart(text)):
        piece = segment.strip()
        if not piece:
            continue
        # A mark alone is no sentence: it belongs to the one before.
        is_mark = not _LETTER_OR_DIGIT.search(piece)
        if sentences and (is_mark or _goes_on(sentences[-1], piece)):
            sentences[-1].append(piece)
        else:
            sentences.append([piece])
    return list(map(" ".join, sentences))


def _segment(text: str) -> Iterator[str]:
    """Cut a text into the sentences that sentencex proposes, with the white space around them."""
    from sentencex import segment

    start = 0
    # As many characters as the text has, so that the places are the same.
    for piece in segment("id", _hide_unclosed(_WIDE_SPACE.sub(" ", text))):
        end = start + len(piece)
        yield text[start:end]
        start = end


def _hide_unclosed(text: str) -> str:
    """Put another mark in place of each that opens a quotation which nothing closes, but for the first hundred.

    sentencex reads a text to its end for each of them, so that a text of such marks would take it minutes.
    """
    last_places = {closing: text.rfind(closing) for closing in _CLOSING_MARKS.values()}
    unclosed: list[int] = []
    start = 0
    while opening := _OPENING_MARK.search(text, start):
        closing = _CLOSING_MARKS[opening.group()]
        start = opening.end()
        if last_places[closing] >= start:
            # What opens within a quotation is part of it.
            start = text.index(closing, start) + 1
        else:
            unclosed.append(opening.start())
    characters = list(text)
    for place in unclosed[_MOST_UNCLOSED:]:
        characters[place] = _HIDDEN
    return "".join(characters)


def find_lines(lines: Iterable[str], sentences: Sequence[str]) -> list[list[int]] | None:
    """Find out which sentences each line of a text consists of.

    Returns for each line the places of its sentences, between which single spaces stand. None if the text doesn't
    consist of these sentences, all of them in their order; none of them may be empty.
    """
    places_of_lines: list[list[int]] = []
    place = 0
    for line in lines:
        places: list[int] = []
        text = ""
        while len(text) < len(line) and place < len(sentences):
            text = f"{text} {sentences[place]}" if places else sentences[place]
            places.append(place)
            place += 1
        if text != line:
            return None
        places_of_lines.append(places)
    is_all = place == len(sentences)
    return places_of_lines if is_all else None


def _apart(text: str) -> str:
    """Put back the spaces between sentences; a straight mark there stays with the quotation that it opens or closes."""
    ends = [match.start() for match in _GLUED.finditer(_STRAIGHT.sub(r"“\1”", text))]
    return " ".join(text[start:end] for start, end in pairwise([0, *ends, len(text)]))


def _goes_on(pieces: Sequence[str], after: str) -> bool:
    """Tell whether the boundary between the pieces of a sentence and what comes after it is none."""
    before = pieces[-1]
    if not before.endswith("."):
        return False
    is_enumerator = len(pieces) == 1 and _ENUMERATOR.fullmatch(before) is not None
    if is_enumerator or _LOWER_START.match(after):
        return True
    last_word = before.rsplit(None, 1)[-1]
    # Of "dan/atau." the second word.
    _, _, last = last_word.rpartition("/")
    abbreviation = last.lstrip(_OPENING).lower()
    if abbreviation in _abbreviations("never_last"):
        return True
    return after[0].isdigit() and abbreviation in _abbreviations("before_numbers")
