"""Compare the names of a translation with those of its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.checks.faults import Fault
from summarizer.checks.names import (
    SMALL_WORDS,
    LikeWords,
    Name,
    SpelledWords,
    find_names,
    forms,
    holds,
    initials,
    words_of,
)
from summarizer.checks.wordlists import english_names, word_list
from summarizer.lexicon import EnglishText, WordClass, find_entries
from summarizer.lexicon.glossary import Glossary
from summarizer.text.words import WORD, Language, common_words, fold

# Shares of letters (see `SpelledWords.find_alike`): two words that nothing else explains may be one name from the first
# on, a word and any other one from the second on.
_ALIKE = 0.6
_VERY_ALIKE = 0.72
# Each name is compared letter by letter with so many words of the other text. No paragraph has more; a long text of
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
        """Its words as they stand, and the parts of those with a hyphen, each once."""
        words = dict.fromkeys(WORD.findall(self.text))
        for word in list(words):
            if "-" in word:
                words |= dict.fromkeys(filter(None, word.split("-")))
        return list(words)

    @cached_property
    def like_words(self) -> LikeWords:
        return LikeWords(self.words)

    @cached_property
    def spelled_words(self) -> SpelledWords:
        """Its first words, so many as can be compared."""
        return SpelledWords(self.words[:_MOST_COMPARED])

    @cached_property
    def initials(self) -> set[str]:
        return initials(self.text)

    @cached_property
    def forms(self) -> set[str]:
        return words_of(self.text)

    def hold(self, word: str) -> bool:
        """Tell whether a word, or one that is made of it or sounds like it, stands in the text."""
        return holds(self.forms, word) or self.like_words.has_like(word)


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
        """Words that the English forms of these terms are made of, in `fold` form."""
        known: set[str] = set()
        for term in self.terms:
            for form in self.glossary.terms[term]:
                known.update(map(fold, WORD.findall(form)))
        return known

    @cached_property
    def rendered_headline_words(self) -> set[str]:
        """Words of a headline that the lexicon has, and whose English stands in the translation."""
        english = EnglishText(self.english.text)
        rendered: set[str] = set()
        for match in find_entries(self.source.text):
            is_word = match.in_headline and match.entry.word_class is WordClass.WORD
            if is_word and any(english.has(rendering, family=True) for rendering in match.entry.renderings):
                rendered.add(match.written)
        return rendered

    @cached_property
    def like_known(self) -> LikeWords:
        return LikeWords(self.known)


_Exception = Callable[[_Pair, Name], bool]
"""Tells whether a name of one of the texts needs no counterpart in the other."""


def find_name_faults(source: str, translation: str, glossary: Glossary) -> list[Fault]:
    """Find names that one of the texts has alone, and terms that aren't translated as the user's glossary says."""
    pair = _Pair(_Text(source), _Text(translation), glossary)
    faults = [Fault("term", term, missing=True) for term in _find_untranslated_terms(pair)]
    added = _find_unexplained(pair, find_names(translation, "en"), ADDED_NAME_EXCEPTIONS)
    lost = _find_unexplained(pair, find_names(source, "id"), LOST_NAME_EXCEPTIONS)
    # What is left on both sides may be two spellings of a name that is neither's: Bukares, Bucharest.
    spelled = SpelledWords(added[:_MOST_COMPARED])
    explained_lost: set[str] = set()
    explained_added: set[str] = set()
    for name in lost[:_MOST_COMPARED]:
        respelt = [other for other in spelled.find_alike(name, _ALIKE) if _may_respell(name, other)]
        explained_added.update(respelt)
        if respelt:
            explained_lost.add(name)
    faults += [Fault("name", name) for name in added if name not in explained_added]
    faults += [Fault("name", name, missing=True) for name in lost if name not in explained_lost]
    return faults


def _find_untranslated_terms(pair: _Pair) -> Iterator[str]:
    """Yield the terms of the source that the user wants translated in a way that they aren't."""
    translation = pair.english.text.casefold()
    for term in pair.terms:
        is_translated = any(form.casefold() in translation for form in pair.glossary.terms[term])
        if term in pair.glossary.demanded and not is_translated:
            yield term


def _find_unexplained(pair: _Pair, names: list[Name], exceptions: tuple[_Exception, ...]) -> list[str]:
    """Return the names that no exception explains, each once."""
    # A name that stands in a text many times is looked up once for each way that it stands there.
    ways = dict.fromkeys(replace(name, start=0, end=0) for name in names)
    unexplained: dict[str, None] = {}
    for name in ways:
        if not any(explains(pair, name) for explains in exceptions):
            unexplained[name.text] = None
    return list(unexplained)


# Why a name may stand in the translation, though the source hasn't got it.


def _may_be_no_name(_: _Pair, name: Name) -> bool:
    """A rare word at the beginning of a sentence looks like a name; one with a surname after it is one."""
    return name.first and name.alone and not name.text.isupper()


def _is_in_the_source(pair: _Pair, name: Name) -> bool:
    return all(_is_part_in_the_source(pair, part) for part in _name_parts(name.text))


def _is_part_in_the_source(pair: _Pair, part: str) -> bool:
    if fold(part) in common_words("en") or holds(pair.known, part) or pair.source.hold(part):
        return True
    return any(_may_respell(word, part) for word in pair.source.spelled_words.find_alike(part, _VERY_ALIKE))


# Why a name of the source may be missing in the translation.


def _is_affixed(pair: _Pair, name: Name) -> bool:
    """A rare word with affixes rather than a name."""
    is_known = _AFFIXED.match(name.text) or name.text.lower() in word_list("names.openers")
    return bool(is_known) and _may_be_no_name(pair, name)


def _is_translated(pair: _Pair, name: Name) -> bool:
    """The translation holds an English form of a term that the name is part of; small words may differ."""
    spellings = {name.text, *_name_parts(name.text)}
    for term in pair.terms:
        if spellings.isdisjoint(WORD.findall(term)):
            continue
        if any(_holds_all_words(pair.english, form) for form in pair.glossary.terms[term]):
            return True
    return False


def _holds_all_words(text: _Text, form: str) -> bool:
    return all(word in SMALL_WORDS or text.hold(word) for word in WORD.findall(form))


def _is_in_the_translation(pair: _Pair, name: Name) -> bool:
    if pair.english.hold(name.text):
        return True
    return all(_is_part_in_the_translation(pair, part) for part in _name_parts(name.text))


def _is_part_in_the_translation(pair: _Pair, part: str) -> bool:
    if pair.english.hold(part):
        return True
    return any(_may_respell(part, word) for word in pair.english.spelled_words.find_alike(part, _VERY_ALIKE))


def _is_short_for_the_translation(pair: _Pair, name: Name) -> bool:
    is_short = name.text.isupper() and len(name.text) <= 2
    return is_short or fold(name.text) in pair.english.initials


# False alarms that each one avoids, in 3,881 undamaged translations: FLORES-200 dev, UD-PUD, news-valid and 500 more.
ADDED_NAME_EXCEPTIONS: tuple[_Exception, ...] = (
    _may_be_no_name,  # 11
    lambda _, name: _is_free(name.text, "en"),  # 33
    lambda pair, name: holds(pair.known, name.text) or pair.like_known.has_like(name.text),  # 22
    _is_in_the_source,  # 93
)


def _is_rendered_headline_word(pair: _Pair, name: Name) -> bool:
    """In a headline, a capital says nothing: "Purbaya Sambangi Kementerian", "Purbaya visits the ministry"."""
    return name.text in pair.rendered_headline_words


LOST_NAME_EXCEPTIONS: tuple[_Exception, ...] = (
    lambda _, name: _is_free(name.text, "id"),  # 411
    _is_affixed,  # 15
    _is_translated,  # 336
    _is_in_the_translation,  # 78
    _is_short_for_the_translation,  # 14
    _is_rendered_headline_word,  # 43 of 450 headlines and their references
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
        for key in list(keys):
            keys.add(re.sub("(?:es|s)$", "", key))
            keys.add(re.sub("ies$", "y", key))
    parts = filter(None, re.split("[-.]", fold(text)))
    return common.issuperset(parts) or not common.isdisjoint(keys)


def _name_parts(name: str) -> list[str]:
    """Return those parts of a word that make it a name: SARS of "mirip-SARS"."""
    parts = [part for part in re.split("[-.]", name) if len(part) > 1]
    with_capitals = [part for part in parts if any(map(str.isupper, part))]
    return with_capitals or parts or [name]


def _may_respell(word: str, english: str) -> bool:
    """Tell whether English, which must know it, may have a word for a like Indonesian one: "Bucharest", "Bukares"."""
    if fold(word) in common_words("id"):
        return True
    spellings = forms(english)
    return not spellings.isdisjoint(english_names()) or not spellings.isdisjoint(common_words("en"))
