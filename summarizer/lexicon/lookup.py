"""Look up the words of an Indonesian sentence: the longest phrase first, clitics off, reduplication off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.lexicon.entries import Entry, Lexicon, load_lexicon
from summarizer.text.headline import is_headline_case
from summarizer.text.words import HYPHENATED

_CLITIC = re.compile(r"-?(nya|lah|kah|pun|ku|mu)$")
_SHORTEST_BASE = 3


@dataclass(frozen=True)
class Match:
    """A word or phrase of a text that the lexicon has.

    Attributes:
        start: first character in the text.
        end: the character behind the last.
        written: the text between them.
        entry: what the lexicon says of it.
        clitic: what stands behind the entry's form: "nya" in "gayungnya", else "".
        is_doubled: whether the form is there twice, "gayung-gayung", which is a plural for a noun.
        is_first: whether the text begins with it, so that a capital says nothing.
        in_headline: whether the text is in headline case, so that capitals say nothing.
    """

    start: int
    end: int
    written: str
    entry: Entry
    clitic: str = ""
    is_doubled: bool = False
    is_first: bool = False
    in_headline: bool = False

    @property
    def has_capital(self) -> bool:
        """Whether it begins with a capital though the lexicon has it small."""
        return self.written[0].isupper() and self.entry.form[0].islower()

    @property
    def may_be_name(self) -> bool:
        """Whether a capital says that this single word is a name, or part of one, though the lexicon has it small."""
        if self.is_first or self.in_headline:
            return False
        return self.has_capital and " " not in self.written


def find_entries(text: str, lexicon: Lexicon | None = None) -> list[Match]:
    """Return what the lexicon has of a text, in order; matches don't overlap.

    A phrase is found where single spaces part its words. A word in capitals is an abbreviation: it is found only as it
    stands, unless the whole text is in capitals.

    Args:
        text: a sentence, or any text on one line.
        lexicon: another one than the package's.
    """
    lexicon = load_lexicon() if lexicon is None else lexicon
    words = list(HYPHENATED.finditer(text))
    is_shouted = text.isupper()
    in_headline = is_headline_case(text)
    matches: list[Match] = []
    place = 0
    while place < len(words):
        known, count = _find_at(text, words, place, lexicon=lexicon, is_shouted=is_shouted)
        if known is not None:
            start = words[place].start()
            end = words[place + count - 1].end()
            matches.append(Match(start, end, text[start:end], *known, is_first=place == 0, in_headline=in_headline))
        place += count
    return matches


def _find_at(
    text: str, words: Sequence[re.Match[str]], place: int, *, lexicon: Lexicon, is_shouted: bool
) -> tuple[_Known | None, int]:
    """Return what the lexicon knows of the longest form that begins with a word, if any, and how many words it has."""
    start = words[place].start()
    most = min(lexicon.longest_phrase, len(words) - place)
    for count in range(most, 0, -1):
        end = words[place + count - 1].end()
        written = text[start:end]
        if written.count(" ") != count - 1 or len(written.split()) != count:
            continue
        known = _find_form(written, lexicon, is_shouted)
        if known is not None:
            return known, count
    return None, 1


class _Known(NamedTuple):
    """What the lexicon knows of a word or phrase; the fields are those of `Match`."""

    entry: Entry
    clitic: str = ""
    is_doubled: bool = False


def _find_form(written: str, lexicon: Lexicon, is_shouted: bool) -> _Known | None:
    """Return what the lexicon knows of a word or phrase, as it stands or without clitic and doubling."""
    if written in lexicon:
        return _Known(lexicon[written])
    is_abbreviation = written.isupper() and len(written) > 1 and not is_shouted
    if is_abbreviation:
        return None
    small = written.lower()
    if small in lexicon:
        return _Known(lexicon[small])
    bare = small
    clitic = ""
    ending = _CLITIC.search(small)
    if ending:
        bare = small[: ending.start()]
        clitic = ending[1]
    if len(bare) >= _SHORTEST_BASE and bare in lexicon:
        return _Known(lexicon[bare], clitic)
    half, _, other_half = bare.partition("-")
    if half == other_half and len(half) >= _SHORTEST_BASE and half in lexicon:
        return _Known(lexicon[half], clitic, is_doubled=True)
    return None
