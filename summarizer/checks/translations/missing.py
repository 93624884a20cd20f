"""Find the words of a source that a translation says nothing of, as far as the lexicon knows their English."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.checks.word_pairs import cover_words
from summarizer.checks.wordlists import function_words
from summarizer.lexicon import EnglishText, Lexicon, Match, WordClass, find_entries

# How much a missing word tells, by the number of training pairs that it stands in: what the model has seen often it
# rather puts in words that the lexicon doesn't have.
_WEIGHTS = ((100, 1.0), (500, 0.5), (1000, 0.2))
_LEAST_WEIGHT = 0.05

KNOWN_PAIRS = 300
"""A word with more training pairs is known to the model: another rendering than the lexicon's is no sign of a fault."""


def find_missing_words(source: str, translation: str, lexicon: Lexicon | None = None) -> list[Match]:
    """Return the words and phrases of a source whose English a translation lacks, in order.

    Names and function words are left out, and words for which parallel text has what stands in the translation, but for
    those that the translation leaves in Indonesian.

    Args:
        source: an Indonesian sentence.
        translation: its English translation.
        lexicon: another one than the package's, such as a glossary's.
    """
    english = EnglishText(translation)
    shares = dict(cover_words(source, translation).source)
    missing: list[Match] = []
    for match in find_entries(source, lexicon):
        is_content = match.entry.word_class is WordClass.WORD and match.entry.form not in function_words()
        if not is_content or match.may_be_name:
            continue
        is_usual = shares.get(match.entry.form, 0.0) > 0
        says_nothing = not is_usual and not is_rendered(match, english)
        if says_nothing or _is_copied(match, source, english):
            missing.append(match)
    return missing


def _is_copied(match: Match, source: str, english: EnglishText) -> bool:
    """Tell whether a translation leaves a word in Indonesian that has an English one, and that is no name.

    A capital that opens a sentence says nothing if the next word is small: "Anggar adalah olahraga". In a headline it
    may be a name.
    """
    if match.has_capital:
        opens_sentence = match.is_first and not match.in_headline
        if not (opens_sentence and source[match.end :].lstrip()[:1].islower()):
            return False
    stands_there = " " not in match.written and english.has(match.written)
    return stands_there and not any(english.has(rendering) for rendering in match.entry.renderings)


def is_rendered(match: Match, english: EnglishText) -> bool:
    """Tell whether an English text has a rendering of a word, in any form or of its family.

    A word with a capital may be a name after all, and stay as it is.
    """
    if match.has_capital and english.has(match.written):
        return True
    return any(english.has(rendering, family=True) for rendering in match.entry.renderings)


def weigh_missing_words(missing: Iterable[Match]) -> float:
    """Return how much missing words tell together: 1 for each rare one, less for frequent ones."""
    return sum(_weigh(match.entry.pairs) for match in missing)


def _weigh(pairs: int) -> float:
    return next((weight for most, weight in _WEIGHTS if pairs < most), _LEAST_WEIGHT)


def describe_missing_word(match: Match) -> str:
    """Say in plain words that a word is missing, and what it means."""
    meanings = "; ".join(", ".join(sense.renderings[:2]) for sense in match.entry.senses[:2])
    return f"“{match.written}” ({meanings}) is not in the translation"
