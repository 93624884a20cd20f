"""Look up the words of an Indonesian sentence: the longest phrase first, clitics off, reduplication off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        match, count = _find_at(text, words, place, lexicon, is_shouted)
        if match:
            matches.append(replace(match, in_headline=in_headline))
        place += count
    return matches


def _find_at(
    text: str, words: Sequence[re.Match[str]], place: int, lexicon: Lexicon, is_shouted: bool
) -> tuple[Match | None, int]:
    """Return the longest match that begins with a word, if any, and how many words it takes."""
    start = words[place].start()
    most = min(lexicon.longest_phrase, len(words) - place)
    for count in range(most, 0, -1):
        end = words[place + count - 1].end()
        written = text[start:end]
        if written.count(" ") != count - 1 or len(written.split()) != count:
            continue
        found = _find_form(written, lexicon, is_shouted)
        if found:
            entry, clitic, is_doubled = found
            return Match(start, end, written, entry, clitic, is_doubled, is_first=place == 0), count
    return None, 1


def _find_form(written: str, lexicon: Lexicon, is_shouted: bool) -> tuple[Entry, str, bool] | None:
    """Return the entry of a word or phrase, the clitic behind it, and whether it is doubled."""
    if written in lexicon:
        return lexicon[written], "", False
    if written.isupper() and len(written) > 1 and not is_shouted:
        return None
    small = written.lower()
    if small in lexicon:
        return lexicon[small], "", False
    clitic = _CLITIC.search(small)
    bare = small[: clitic.start()] if clitic else small
    half, _, other = bare.partition("-")
    for base, is_doubled in ((bare, False), (half, half == other)):
        if (base == bare or is_doubled) and len(base) >= _SHORTEST_BASE and base in lexicon:
            return lexicon[base], clitic[1] if clitic else "", is_doubled
    return None
