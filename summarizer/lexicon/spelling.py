"""Read misspelt and glued words of an article as what they are."""

from __future__ import annotations

from collections.abc import Collection

from summarizer.lexicon.entries import Lexicon, WordClass
from summarizer.lexicon.guidance import Replacement, replace_words
from summarizer.lexicon.lookup import Match, find_entries

WRONG_SPELLINGS = frozenset((WordClass.MISSPELT, WordClass.GLUED))


def correct_spelling(
    text: str, classes: Collection[WordClass] = WRONG_SPELLINGS, lexicon: Lexicon | None = None
) -> str:
    """Return a text with the words that the lexicon knows as misspelt or glued as they should be.

    What may be a name stays as it is.

    Args:
        text: Indonesian, on one line.
        classes: of `WRONG_SPELLINGS`, those that are corrected.
        lexicon: another one than the package's.
    """
    replacements: list[Replacement] = []
    for match in find_entries(text, lexicon):
        is_wrong = match.entry.word_class in classes
        if is_wrong and not _may_be_name(match):
            replacements.append(Replacement(match, (match.entry.correction,)))
    return replace_words(text, replacements)


def _may_be_name(match: Match) -> bool:
    """Tell whether a word should be left alone: in headline case, every capital could begin a name."""
    return match.may_be_name or (match.in_headline and match.has_capital)
