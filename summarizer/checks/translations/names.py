"""Compare the names of a translation with those of its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.checks.faults import Fault
from summarizer.checks.names import (
    SMALL_WORDS,
    Name,
    find_names,
    forms,
    holds,
    initials,
    like_any,
    looks_alike,
    words_of,
)
from summarizer.checks.wordlists import english_names, word_list
from summarizer.lexicon.glossary import Glossary
from summarizer.text.words import WORD, Language, common_words, fold

# Shares of letters (see `looks_alike`): two words that nothing else explains may be one name from the first on, a word
# and any other one from the second on.
_ALIKE = 0.6
_VERY_ALIKE = 0.72
# Each name is compared with so many words of the other text, for their spelling. No paragraph has more; a long text of
# names would take the square of its length.
_MOST_COMPARED = 500
# Longer words in capitals are shouted rather than abbreviated, if they are common ones.
_LONGEST_ABBREVIATION = 3
# What begins a sentence and has affixes of Indonesian is a rare word rather than a name.
_AFFIXED = re.compile(
    r"(?:pe[mnr]|peng|me[mnlr]|ber|di|ke|se|ter)\w{4,}|\w+(?:nya|an|kan|lah|if|al|is|si|isme|tor)$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Text:
    text: str

    @cached_property
    def words(self) -> list[str]:
        """Its words as they stand, and the parts of those with a hyphen, each once; so many as can be compared."""
        words = WORD.findall(self.text)
        parts = [part for word in words if "-" in word for part in word.split("-") if part]
        return list(dict.fromkeys([*words, *parts]))[:_MOST_COMPARED]

    @cached_property
    def initials(self) -> set[str]:
        return initials(self.text)

    @cached_property
    def forms(self) -> set[str]:
        return words_of(self.text)

    def hold(self, word: str) -> bool:
        """Tell whether a word, or one that is made of it or sounds like it, stands in the text."""
        return holds(self.forms, word) or like_any(word, self.words)


@dataclass(frozen=True)
class _Pair:
    """A text and its translation, with the terms of the glossary that the source holds."""

    source: _Text
    english: _Text
    glossary: Glossary

    @cached_property
    def terms(self) -> list[str]:
        return self.glossary.find(self.source.text)

    @cached_property
    def known(self) -> set[str]:
        """Words that the English forms of these terms are made of."""
        return {fold(word) for term in self.terms for form in self.glossary.terms[term] for word in WORD.findall(form)}


_Exception = Callable[[_Pair, Name], bool]
"""Tells whether a name of one of the texts needs no counterpart in the other."""


def find_name_faults(source: str, translation: str, glossary: Glossary) -> list[Fault]:
    """Find names that one of the texts has alone, and terms that aren't translated as the user's glossary says."""
    pair = _Pair(_Text(source), _Text(translation), glossary)
    faults = [
        Fault("term", term, missing=True)
        for term in pair.terms
        if term in glossary.demanded
        and not any(form.casefold() in translation.casefold() for form in glossary.terms[term])
    ]
    added = _find_unexplained(pair, find_names(translation, "en"), ADDED_NAME_EXCEPTIONS)
    lost = _find_unexplained(pair, find_names(source, "id"), LOST_NAME_EXCEPTIONS)
    # What is left on both sides may be two spellings of a name that is neither's: Bukares, Bucharest.
    added_compared = added[:_MOST_COMPARED]
    lost_compared = lost[:_MOST_COMPARED]
    respelt = [(name, other) for name in lost_compared for other in added_compared if _respells(name, other, _ALIKE)]
    explained_lost = {name for name, _ in respelt}
    explained_added = {other for _, other in respelt}
    faults += [Fault("name", name) for name in added if name not in explained_added]
    faults += [Fault("name", name, missing=True) for name in lost if name not in explained_lost]
    return faults


def _find_unexplained(pair: _Pair, names: list[Name], exceptions: tuple[_Exception, ...]) -> list[str]:
    """Return the names that no exception explains, each once."""
    # A name that stands in a text many times is looked up once for each way that it stands there.
    ways = dict.fromkeys(replace(name, start=0, end=0) for name in names)
    unexplained = [name.text for name in ways if not any(explains(pair, name) for explains in exceptions)]
    return list(dict.fromkeys(unexplained))


# Why a name may stand in the translation, though the source hasn't got it.


def _may_be_no_name(_: _Pair, name: Name) -> bool:
    """A rare word at the beginning of a sentence looks like a name; one with a surname after it is one."""
    return name.first and name.alone and not name.text.isupper()


def _is_in_the_source(pair: _Pair, name: Name) -> bool:
    return all(
        fold(part) in common_words("en")
        or holds(pair.known, part)
        or pair.source.hold(part)
        or any(_respells(word, part, _VERY_ALIKE) for word in pair.source.words)
        for part in _name_parts(name.text)
    )


# Why a name of the source may be missing in the translation.


def _is_affixed(pair: _Pair, name: Name) -> bool:
    """A rare word with affixes rather than a name."""
    is_known = _AFFIXED.match(name.text) or name.text.lower() in word_list("names.openers")
    return bool(is_known) and _may_be_no_name(pair, name)


def _is_translated(pair: _Pair, name: Name) -> bool:
    """The translation holds an English form of a term that the name is part of; small words may differ."""
    own = [term for term in pair.terms if {name.text, *_name_parts(name.text)} & set(WORD.findall(term))]
    return any(
        all(word in SMALL_WORDS or pair.english.hold(word) for word in WORD.findall(form))
        for term in own
        for form in pair.glossary.terms[term]
    )


def _is_in_the_translation(pair: _Pair, name: Name) -> bool:
    return pair.english.hold(name.text) or all(
        pair.english.hold(part) or any(_respells(part, word, _VERY_ALIKE) for word in pair.english.words)
        for part in _name_parts(name.text)
    )


def _is_short_for_the_translation(pair: _Pair, name: Name) -> bool:
    is_short = name.text.isupper() and len(name.text) <= 2
    return is_short or fold(name.text) in pair.english.initials


# False alarms that each one avoids, in 3,881 undamaged translations: FLORES-200 dev, UD-PUD, news-valid and 500 more.
ADDED_NAME_EXCEPTIONS: tuple[_Exception, ...] = (
    _may_be_no_name,  # 11
    lambda _, name: _is_free(name.text, "en"),  # 33
    lambda pair, name: holds(pair.known, name.text) or like_any(name.text, pair.known),  # 22
    _is_in_the_source,  # 93
)
LOST_NAME_EXCEPTIONS: tuple[_Exception, ...] = (
    lambda _, name: _is_free(name.text, "id"),  # 411
    _is_affixed,  # 15
    _is_translated,  # 336
    _is_in_the_translation,  # 78
    _is_short_for_the_translation,  # 14
)


def _is_free(text: str, language: Language) -> bool:
    """Tell whether a word with a capital needs no counterpart: titles and the like."""
    common = common_words(language)
    keys = forms(text)
    if not keys.isdisjoint(word_list(f"names.free.{language}")):
        return True
    if text.isupper() and 1 < len(text) <= _LONGEST_ABBREVIATION:
        return False
    if language == "en":
        keys |= {re.sub("(?:es|s)$", "", key) for key in keys} | {re.sub("ies$", "y", key) for key in keys}
    return all(part in common for part in re.split("[-.]", fold(text)) if part) or not keys.isdisjoint(common)


def _name_parts(name: str) -> list[str]:
    """Return those parts of a word that make it a name: SARS of "mirip-SARS"."""
    parts = [part for part in re.split("[-.]", name) if len(part) > 1]
    return [part for part in parts if any(letter.isupper() for letter in part)] or parts or [name]


def _respells(word: str, english: str, least: float) -> bool:
    """Tell whether English, which must know the word, may write an Indonesian one so: "Bukares" as "Bucharest"."""
    if not looks_alike(word, english, least):
        return False
    return fold(word) in common_words("id") or any(
        form in english_names() or form in common_words("en") for form in forms(english)
    )
