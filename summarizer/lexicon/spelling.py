"""Read misspelt and glued words of an article as what they are."""

from __future__ import annotations

import re
from collections.abc import Collection

from summarizer.lexicon.entries import Lexicon, WordClass
from summarizer.lexicon.guidance import Replacement, replace_words
from summarizer.lexicon.lookup import Match, find_entries
from summarizer.lexicon.segmentation import restore_spaces

# Words in small letters that are no part of a word with hyphens, of an address or of a name ("@hargasaham").
_SMALL_WORD = re.compile(r"(?<![\w@/.-])[a-z]+(?![\w@/-]|\.\w)")

WRONG_SPELLINGS = frozenset((WordClass.MISSPELT, WordClass.GLUED))


def correct_spelling(
    text: str, classes: Collection[WordClass] = WRONG_SPELLINGS, lexicon: Lexicon | None = None
) -> str:
    """Return a text with misspelt and glued words as they should be.

    The lexicon knows some of both; of the words that it doesn't know, those that have lost a space are taken apart (see
    `restore_spaces`). What may be a name stays as it is.

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
    corrected = replace_words(text, replacements)
    if WordClass.GLUED not in classes:
        return corrected
    return _SMALL_WORD.sub(lambda word: restore_spaces(word.group()), corrected)


def _may_be_name(match: Match) -> bool:
    """Tell whether a word should be left alone: in headline case, every capital could begin a name."""
    return match.may_be_name or (match.in_headline and match.has_capital)
