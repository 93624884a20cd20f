"""Find what a translation left in Indonesian, left out or added, and serious words that it made up or lost."""

from __future__ import annotations

import re

from summarizer.checks.faults import Fault
from summarizer.checks.wordlists import serious_words, word_list, words_pattern
from summarizer.text.sentences import SENTENCE_END, split_sentences
from summarizer.text.words import WORD, common_words

# Sources of fewer words may become much longer.
_MIN_WORDS = 6
# Words of the translation by those of the source: outside of these it is too short or too long; beyond the next, a
# sentence that it has more or less was added or dropped.
_MIN_RATIO = 0.4
_MAX_RATIO = 2.2
_ADDED = 1.5
_DROPPED = 0.7
_END = re.compile(rf"(?<![.!?…]){SENTENCE_END}\s+(?=[“\"‘'(\[]*[A-Z])")
# An opening mark ends the search for a closing one: a text of opening marks alone would take the square of its length.
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’")


def find_untranslated(source: str, translation: str) -> list[Fault]:
    """Find words that a translation left in Indonesian: a function word, or two others."""
    # What stands in quotation marks or in front of a capital may be a title or a name.
    text = _QUOTED.sub(" ", translation)
    kept = set(WORD.findall(source))
    words = [match for match in WORD.finditer(text) if match.group() in kept]
    left = [
        match.group()
        for match in words
        if match.group() in word_list("untranslated") and not text[match.end() : match.end() + 2].strip()[:1].isupper()
    ]
    if not left:
        left = [match.group() for match in words if len(match.group()) > 4 and _is_only_indonesian(match.group())]
        left = left if len(set(left)) > 1 else []
    return [Fault("untranslated", " ".join(dict.fromkeys(left)))] if left else []


def _is_only_indonesian(word: str) -> bool:
    return word in common_words("id") and word not in common_words("en") and word not in word_list("names.loans")


def find_length_faults(source: str, translation: str) -> list[Fault]:
    """Find whether a translation is too long or too short, or has more or fewer sentences than its source."""
    there = len(source.split())
    here = len(translation.split())
    if there < _MIN_WORDS:
        return [Fault("length", "long")] if here > there * _MAX_RATIO + _MIN_WORDS else []
    ratio = here / there
    sentences = _count_sentences(translation) - max(len(split_sentences(source)), _count_sentences(source))
    if sentences > 0 and ratio > _ADDED:
        return [Fault("sentences", "added")]
    if sentences < 0 and ratio < _DROPPED:
        return [Fault("sentences", "dropped", missing=True)]
    if ratio > _MAX_RATIO:
        return [Fault("length", "long")]
    return [Fault("length", "short")] if ratio < _MIN_RATIO else []


def _count_sentences(text: str) -> int:
    return 1 + len(_END.findall(text))


def find_lost_almost(source: str, translation: str) -> list[Fault]:
    """Find "hampir" and the like where the translation says that it came about: "hampir tewas" is not "died"."""
    almost = words_pattern("almost").search(source)
    if almost is None or words_pattern("almost_english").search(translation):
        return []
    return [Fault("serious", almost.group(), missing=True)]


def find_serious_faults(source: str, translation: str) -> list[Fault]:
    """Find words for crime, death and the like that the other text lacks: at most one of each text for each matter."""
    faults = []
    for words in serious_words().values():
        new = words.english.search(translation)
        lost = words.indonesian.search(source)
        # A title may stand in English in the source: "The Talking Dead".
        if new and not words.sources.search(source) and new.group() not in source:
            faults.append(Fault("serious", new.group()))
        if lost and not words.renderings.search(translation):
            faults.append(Fault("serious", lost.group(), missing=True))
    return faults
