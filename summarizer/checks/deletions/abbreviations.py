"""Abbreviations in brackets, and the words that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.checks.deletions.word_forms import LETTERS, WordForm
from summarizer.lexicon.glossary import load_glossary

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z]+)\)[.,;:]?")


def is_known_expansion(words: Sequence[str], abbreviation: str) -> bool:
    """Tell whether words are what a well-known abbreviation stands for: those of the glossary are.

    Args:
        words: as a sentence has them.
        abbreviation: in brackets, perhaps with a mark behind them: "(KPK),".
    """
    match = _IN_BRACKETS.fullmatch(abbreviation)
    if match is None:
        return False
    bare = match[1]
    if bare not in load_glossary().terms:
        return False
    letters = bare.lower()
    spelled_out = "".join(LETTERS.findall(" ".join(words))).lower()
    return spelled_out.startswith(letters[0]) and _has_in_order(spelled_out, letters)


def spells_out(words: Sequence[WordForm], abbreviation: WordForm) -> bool:
    """Tell whether words are what a well-known abbreviation stands for, as `is_known_expansion` does."""
    return is_known_expansion([word.text for word in words], abbreviation.text)


def _has_in_order(text: str, letters: str) -> bool:
    """Tell whether a text has some letters in their order, whatever stands between them."""
    start = 0
    for letter in letters:
        place = text.find(letter, start)
        if place < 0:
            return False
        start = place + 1
    return True


def find_lost_abbreviation(words: Sequence[WordForm], kept: Sequence[bool], after: str) -> Iterator[int]:
    """Yield the place of each abbreviation in brackets that goes, when it is used further on.

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
        after: what is read behind the sentence.
    """
    for place, word in enumerate(words):
        if kept[place] or not word.opens_bracket or not word.core.isalpha():
            continue
        abbreviation = LETTERS.search(word.text)
        if abbreviation is None or not abbreviation[0].isupper():
            continue
        further_on = [*_texts_that_stay(words[place + 1 :], kept[place + 1 :]), after]
        if re.search(rf"\b{re.escape(abbreviation[0])}\b", " ".join(further_on)):
            yield place


def _texts_that_stay(words: Sequence[WordForm], kept: Sequence[bool]) -> list[str]:
    """Return the words that stay, as the sentence has them."""
    texts: list[str] = []
    for word, stays in zip(words, kept, strict=True):
        if stays:
            texts.append(word.text)
    return texts
