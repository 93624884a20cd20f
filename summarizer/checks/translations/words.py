"""Find what a translation left in Indonesian, left out or added, and serious words that it made up or lost."""

from __future__ import annotations

import re

from summarizer.checks.faults import Fault
from summarizer.checks.wordlists import serious_words, word_list, words_pattern
from summarizer.text.sentences import SENTENCE_END, split_sentences
from summarizer.text.words import WORD, common_words

# Sources of fewer words may become much longer: by so many words more than others.
_MIN_WORDS = 6
# Words of the translation by those of the source: outside of these it is too short or too long.
_MIN_RATIO = 0.4
_MAX_RATIO = 2.2
# Beyond these, a sentence that it has more or less was added or dropped.
_ADDED = 1.5
_DROPPED = 0.7
# In letters: shorter words are often abbreviations, or words of other languages too.
_LONGER = 5
_END = re.compile(rf"(?<![.!?…]){SENTENCE_END}\s+(?=[“\"‘'(\[]*[A-Z])")
# An opening mark ends the search for a closing one: a text of opening marks alone would take the square of its length.
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’")


def find_untranslated(source: str, translation: str) -> list[Fault]:
    """Find words that a translation left in Indonesian: a function word, or two others."""
    # What stands in quotation marks may be a title.
    text = _QUOTED.sub(" ", translation)
    of_source = set(WORD.findall(source))
    function_words: dict[str, None] = {}
    others: dict[str, None] = {}
    for match in WORD.finditer(text):
        word = match.group()
        if word not in of_source:
            continue
        # In front of a capital, it may be part of a name: "Partai untuk Rakyat".
        if word in word_list("untranslated") and not _stands_before_capital(text, match.end()):
            function_words[word] = None
        if _is_only_indonesian(word):
            others[word] = None
    if function_words:
        return [Fault("untranslated", " ".join(function_words))]
    # One word alone may be a name or a loan.
    if len(others) > 1:
        return [Fault("untranslated", " ".join(others))]
    return []


def _stands_before_capital(text: str, end: int) -> bool:
    """Tell whether the next word of a text, a space behind a place, begins with a capital."""
    behind = text[end : end + 2].strip()
    return behind[:1].isupper()


def _is_only_indonesian(word: str) -> bool:
    """Tell whether a longer word is a common one of Indonesian and none of English."""
    if len(word) < _LONGER or word in word_list("names.loans"):
        return False
    return word in common_words("id") and word not in common_words("en")


def find_length_faults(source: str, translation: str) -> list[Fault]:
    """Find whether a translation is too long or too short, or has more or fewer sentences than its source."""
    source_words = len(source.split())
    words = len(translation.split())
    if source_words < _MIN_WORDS:
        is_long = words > source_words * _MAX_RATIO + _MIN_WORDS
        return [Fault("length", "long")] if is_long else []
    ratio = words / source_words
    # Counted both ways, as only the simpler one is for English too.
    source_sentences = max(len(split_sentences(source)), _count_sentences(source))
    sentences = _count_sentences(translation)
    if sentences > source_sentences and ratio > _ADDED:
        return [Fault("sentences", "added")]
    if sentences < source_sentences and ratio < _DROPPED:
        return [Fault("sentences", "dropped", missing=True)]
    if ratio > _MAX_RATIO:
        return [Fault("length", "long")]
    if ratio < _MIN_RATIO:
        return [Fault("length", "short")]
    return []


def _count_sentences(text: str) -> int:
    """Return how many sentences a text has, by the marks that end one in front of a capital."""
    return 1 + len(_END.findall(text))


def find_lost_almost(source: str, translation: str) -> list[Fault]:
    """Find "hampir" and the like where the translation says that it came about: "hampir tewas" is not "died"."""
    almost = words_pattern("almost").search(source)
    if almost is None or words_pattern("almost_english").search(translation):
        return []
    return [Fault("serious", almost.group(), missing=True)]


def find_serious_faults(source: str, translation: str) -> list[Fault]:
    """Find words for crime, death and the like that the other text lacks: at most one of each text for each matter."""
    faults: list[Fault] = []
    for words in serious_words().values():
        new = words.english.search(translation)
        lost = words.indonesian.search(source)
        # A title may stand in English in the source: "The Talking Dead".
        if new and not words.sources.search(source) and new.group() not in source:
            faults.append(Fault("serious", new.group()))
        if lost and not words.renderings.search(translation):
            faults.append(Fault("serious", lost.group(), missing=True))
    return faults
