"""Whether an English text says a rendering, in whatever form: inflected, spelt the American way, or of its family."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from summarizer.text.words import HYPHENATED

_SHORTEST_STEM = 3
# Endings, and what stands in their place in the base form.
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("ly", ""),
    ("e", ""),
)
# British spellings, and what America writes in their place; both end in one stem.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{2})is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})yse(?=[sdr]?$)"), "yze"),
    (re.compile(r"(?<=[a-z]{2}[bcdlmnprtv])our(?=(?:s|ed|ing|ful|less|able|ite|ites|hood|er|ers)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=(?:s|d)?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=def)ence|(?<=off)ence|(?<=lic)ence"), "ense"),
)
# Beginnings that are alike say that two English words are of one family: "economic", "economy".
_FAMILY = 5


def english_words(text: str) -> list[str]:
    """Return the words of an English text in lower case, those with a hyphen whole."""
    straight = text.lower().replace("’", "'")
    return HYPHENATED.findall(straight)


@cache
def english_stem(word: str) -> str:
    """Return what an English word in lower case shares with its other forms; not a word itself, but always alike."""
    word = _strip_possessive(word)
    word = _irregular_forms().get(word, word)
    for pattern, american in _SPELLINGS:
        word = pattern.sub(american, word)
    return _strip_ending(word)


def strip_english_ending(word: str) -> str:
    """Return an English word in lower case without its ending; roughly, but always alike."""
    return _strip_ending(_strip_possessive(word))


def _strip_possessive(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _strip_ending(word: str) -> str:
    """Return a word without the first ending of the list that it has, and with one letter of two alike at its end."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word.removesuffix(ending) + instead
            break
    # "running" has become "runn".
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    if len(word) > _SHORTEST_STEM:
        word = word.removesuffix("e")
    return word


class EnglishText:
    """The words of an English text, to ask whether it has a rendering."""

    def __init__(self, text: str) -> None:
        """Read a text."""
        self._stems: set[str] = set()
        for word in english_words(text):
            self._stems.add(english_stem(word))
            self._stems.update(map(english_stem, word.split("-")))
        self._families = {stem[:_FAMILY] for stem in self._stems if len(stem) >= _FAMILY}

    def has(self, rendering: str, *, family: bool = False) -> bool:
        """Tell whether the text has all words of a rendering, in any form, prepositions and the like aside.

        Args:
            rendering: one to five English words.
            family: whether a word that begins alike will do, such as "economy" for "economic".
        """
        stems = content_stems(rendering)
        return bool(stems) and all(self._has_stem(stem, family) for stem in stems)

    def _has_stem(self, stem: str, family: bool) -> bool:
        if stem in self._stems:
            return True
        return family and len(stem) >= _FAMILY and stem[:_FAMILY] in self._families


def content_stems(rendering: str) -> Sequence[str]:
    """Return the stems of the words of a rendering that an English text must have; of "up to", all of them."""
    words: list[str] = []
    for word in english_words(rendering):
        words += word.split("-")
    content = [word for word in words if word not in _small_words()]
    return list(map(english_stem, content or words))


@cache
def _small_words() -> frozenset[str]:
    """Return words of a rendering that an English sentence may leave out or put otherwise."""
    return frozenset(files(__package__).joinpath("small_words_en.txt").read_text(encoding="utf-8").split())


@cache
def _irregular_forms() -> dict[str, str]:
    """Return the base form of each irregular form."""
    text = files(__package__).joinpath("irregular_en.txt").read_text(encoding="utf-8")
    forms: dict[str, str] = {}
    for line in text.splitlines():
        base, *others = line.split()
        for other in others:
            forms.setdefault(other, base)
    return forms
