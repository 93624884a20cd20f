"""Find the words of a source that a translation says nothing of, as far as the lexicon knows their English."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.checks.word_pairs import cover_words
from summarizer.checks.wordlists import function_words
from summarizer.lexicon import EnglishText, Entry, Lexicon, Match, WordClass, find_entries

# How much a missing word tells, where it stands in fewer training pairs than so many: what the model has seen often it
# rather puts in words that the lexicon doesn't have. The steps were set by hand; fitting a weight for each makes the
# area under the curve for major faults .004 larger (training/NOTES.md).
_WEIGHTS = ((100, 1.0), (500, 0.5), (1000, 0.2))
_LEAST_WEIGHT = 0.05

KNOWN_PAIRS = 300
"""A word with more training pairs is known to the model: another rendering than the lexicon's is no sign of a fault."""

# Of a missing word, a reader sees so many senses, and so many renderings of each.
_MOST_SENSES = 2
_MOST_RENDERINGS = 2


def find_missing_words(source: str, translation: str, lexicon: Lexicon | None = None) -> list[Match]:
    """Return the words and phrases of a source whose English a translation lacks, in order.

    Names and function words are left out, and words for which parallel text has what stands in the translation, but for
    those that the translation leaves in Indonesian.

    Args:
        source: an Indonesian sentence.
        translation: its English translation.
        lexicon: another one than the package's, such as a glossary's.

    Returns:
        what the lexicon knows of each; their places are those of the source.
    """
    english = EnglishText(translation)
    coverage = dict(cover_words(source, translation).source)
    missing: list[Match] = []
    for match in find_entries(source, lexicon):
        if not _needs_rendering(match):
            continue
        has_usual_rendering = coverage.get(match.entry.form, 0.0) > 0
        has_rendering = has_usual_rendering or is_rendered(match, source, english)
        if not has_rendering or _is_copied(match, source, english):
            missing.append(match)
    return missing


def _needs_rendering(match: Match) -> bool:
    """Tell whether a translation must say a word: names stay as they are, function words come and go."""
    has_senses = match.entry.word_class is WordClass.WORD
    is_content = has_senses and match.entry.form not in function_words()
    return is_content and not match.may_be_name


def _is_copied(match: Match, source: str, english: EnglishText) -> bool:
    """Tell whether a translation leaves a word in Indonesian that has an English one, and that is no name."""
    if match.has_capital and not _has_capital_from_place(match, source):
        return False
    is_phrase = " " in match.written
    if is_phrase or not english.has(match.written):
        return False
    # English has the word too: "film".
    return not any(english.has(rendering) for rendering in match.entry.renderings)


def _has_capital_from_place(match: Match, source: str) -> bool:
    """Tell whether a word has its capital from opening a sentence whose next word is small: "Anggar adalah olahraga".

    In a headline, or in front of another capital ("Anggar Dewi pulang"), it may be a name.
    """
    if not match.is_first or match.in_headline:
        return False
    behind = source[match.end :].lstrip()
    return behind[:1].islower()


def is_rendered(match: Match, source: str, english: EnglishText) -> bool:
    """Tell whether an English text has a rendering of a word, in any form or of its family.

    A word with a capital may be a name after all, and stay as it is. An abbreviation says nothing of the name beside
    which the source has it too: "Partai Solidaritas Indonesia (PSI)", "Indonesian Coalition Party (PSI)".

    Args:
        match: the word, found in the source.
        source: the Indonesian sentence.
        english: its translation.
    """
    if match.has_capital and english.has(match.written):
        return True
    for rendering in match.entry.renderings:
        is_beside = rendering.isupper() and rendering != match.written and rendering in source
        if not is_beside and english.has(rendering, family=True):
            return True
    return False


def weigh_missing_words(missing: Iterable[Match]) -> float:
    """Return how much missing words tell together: 1 for each rare one, less for frequent ones."""
    return sum(map(_weigh, missing))


def _weigh(match: Match) -> float:
    for bound, weight in _WEIGHTS:
        if match.entry.pairs < bound:
            return weight
    return _LEAST_WEIGHT


def describe_missing_word(match: Match) -> str:
    """Say in plain words that a word is missing, and what it means."""
    return f"“{match.written}” ({describe_meaning(match.entry)}) is not in the translation"


def describe_meaning(entry: Entry) -> str:
    """Return the commonest senses of a word, each with its best renderings; "" if it has none."""
    meanings: list[str] = []
    for sense in entry.senses[:_MOST_SENSES]:
        meanings.append(", ".join(sense.renderings[:_MOST_RENDERINGS]))
    return "; ".join(meanings)
