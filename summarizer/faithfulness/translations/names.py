"""Compare the names of a translation with those of its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.lexicon import Language, common_words, english_names, load_lexicon
from summarizer.faithfulness.names import (
    SMALL_WORDS,
    Name,
    explains,
    find_names,
    forms,
    holds,
    initials,
    like_any,
    looks_alike,
    words_of,
)
from summarizer.faithfulness.numbers.model import ROMAN
from summarizer.text.glossary import Glossary
from summarizer.text.words import WORD, fold

# Shares of letters (see `looks_alike`): two words that nothing else explains may be one name from the first on, a word
# and any other one from the second on.
_ALIKE, _VERY_ALIKE = 0.6, 0.72
# Share of longer words with a capital from which on a text is a headline in title case, so that capitals say nothing.
_TITLE_CASE = 0.8
# Longer words in capitals are shouted rather than abbreviated, if they are common ones.
_LONGEST_ABBREVIATION = 3
# What begins a sentence and has affixes of Indonesian is a rare word rather than a name.
_AFFIXED = re.compile(
    r"(?:pe[mnr]|peng|me[mnlr]|ber|di|ke|se|ter)\w{4,}|\w+(?:nya|an|kan|lah|if|al|is|si|isme|tor)$", re.IGNORECASE
)
_AFFIX = re.compile(r"(?<=[a-z])-(?=[A-Z])|(?<=\w)-(?=(?:nya|lah|kah|pun)\b)")


@dataclass(frozen=True)
class _Pair:
    """A text and its translation, with what looking up names needs of them."""

    source: str
    translation: str
    glossary: Glossary

    @cached_property
    def terms(self) -> list[str]:
        """Terms of the glossary that the source holds."""
        # "anti-Tiongkok", "Amerika-nya": the glossary knows the name alone.
        found = (*self.glossary.find(self.source), *self.glossary.find(_AFFIX.sub(" ", self.source)))
        return list(dict.fromkeys(found))

    @cached_property
    def known(self) -> set[str]:
        """Words that the English forms of these terms are made of."""
        return {fold(word) for term in self.terms for form in self.glossary.terms[term] for word in WORD.findall(form)}

    @cached_property
    def source_words(self) -> set[str]:
        return words_of(self.source)

    @cached_property
    def english_words(self) -> set[str]:
        return words_of(self.translation)

    @cached_property
    def source_list(self) -> list[str]:
        return _with_parts(self.source)

    @cached_property
    def english_list(self) -> list[str]:
        return _with_parts(self.translation)

    @cached_property
    def squeezed(self) -> str:
        """The source without spaces and hyphens: "A1 GP" is "A1GP"."""
        return re.sub(r"[\s-]", "", fold(self.source))


def find_name_faults(source: str, translation: str, glossary: Glossary) -> list[Fault]:
    """Find names that one of the texts has alone, and terms that aren't translated as the user's glossary says."""
    pair = _Pair(source, translation, glossary)
    faults = [
        Fault("term", term, missing=True)
        for term in pair.terms
        if term in glossary.own and not any(form.casefold() in translation.casefold() for form in glossary.terms[term])
    ]
    # "Supreme Court" is made of common words, and another body than the source's.
    known_names = " ".join(form for term in pair.terms for form in glossary.terms[term])
    faults += [
        Fault("name", form)
        for form in glossary.foreign(source, translation)
        if form not in known_names and not all(holds(pair.source_words, word) for word in WORD.findall(form))
    ]
    new = [] if _in_title_case(translation) else list(_unexplained(pair, translation, "en", _EXCUSES_OF_NEW))
    lost = list(_unexplained(pair, source, "id", _EXCUSES_OF_LOST))
    # What is left on both sides may be two spellings of a name that is neither's: Bukares, Bucharest.
    pairs = [(one, other) for one in lost for other in new if _respells(one.text, other.text)]
    paired = {name for both in pairs for name in both}
    faults += [Fault("name", name.text) for name in new if name not in paired]
    faults += [Fault("name", name.text, missing=True) for name in lost if name not in paired]
    return faults


_Excuse = Callable[[_Pair, Name], bool]


def _unexplained(pair: _Pair, text: str, language: Language, excuses: tuple[_Excuse, ...]) -> Iterator[Name]:
    """Yield the names of a text that none of the excuses explains."""
    for name in find_names(text, language):
        if not any(excuse(pair, name) for excuse in excuses):
            yield name


# Why a name may stand in the translation, though the source hasn't got it.


def _may_be_no_name(_: _Pair, new: Name) -> bool:
    """A rare word at the beginning of a sentence looks like a name; one with a surname after it is one."""
    return new.first and new.alone and not new.text.isupper()


def _is_free_english(_: _Pair, new: Name) -> bool:
    return _is_free(new.text, "en")


def _is_in_the_source(pair: _Pair, new: Name) -> bool:
    return holds(pair.source_words, new.text)


def _is_known(pair: _Pair, new: Name) -> bool:
    return holds(pair.known, new.text) or like_any(new.text, pair.known)


def _has_known_parts(pair: _Pair, new: Name) -> bool:
    return all(
        fold(part) in common_words("en")
        or holds(pair.source_words, part)
        or holds(pair.known, part)
        or like_any(part, pair.source_list)
        or any(_respells(word, part, _VERY_ALIKE) for word in pair.source_list)
        for part in _name_parts(new.text)
    )


def _abbreviates_the_source(pair: _Pair, new: Name) -> bool:
    key = fold(new.text)
    return new.text.isupper() and (key in pair.squeezed or key in initials(pair.source))


def _is_explained_in_english(pair: _Pair, new: Name) -> bool:
    return new.text.isupper() and explains(pair.translation[: new.start], new.text)


_EXCUSES_OF_NEW: tuple[_Excuse, ...] = (
    _may_be_no_name,
    _is_free_english,
    _is_in_the_source,
    _is_known,
    _has_known_parts,
    _abbreviates_the_source,
    _is_explained_in_english,
)

# Why a name of the source may be missing in the translation.


def _is_free_indonesian(_: _Pair, lost: Name) -> bool:
    return _is_free(lost.text, "id")


def _is_in_the_translation(pair: _Pair, lost: Name) -> bool:
    return holds(pair.english_words, lost.text) or f"{fold(lost.text)}s" in pair.english_words


def _opens_a_sentence(_: _Pair, lost: Name) -> bool:
    """A rare word with affixes rather than a name."""
    if not lost.first or not lost.alone or lost.text.isupper():
        return False
    return bool(_AFFIXED.match(lost.text)) or lost.text.lower() in load_lexicon().names.openers


def _is_translated(pair: _Pair, lost: Name) -> bool:
    """The translation holds an English form of a term that the name is part of."""
    own = [term for term in pair.terms if {lost.text, *_name_parts(lost.text)} & set(WORD.findall(term))]
    return any(
        all(_stands(word, pair.english_words, pair.english_list) for word in WORD.findall(form))
        for term in own
        for form in pair.glossary.terms[term]
    )


def _has_its_parts_kept(pair: _Pair, lost: Name) -> bool:
    return all(
        holds(pair.english_words, part)
        or like_any(part, pair.english_list)
        or any(_respells(part, word, _VERY_ALIKE) for word in pair.english_list)
        for part in _name_parts(lost.text)
    )


def _is_explained_in_the_source(pair: _Pair, lost: Name) -> bool:
    return lost.text.isupper() and explains(pair.source[: lost.start], lost.text)


def _is_short_for_the_translation(pair: _Pair, lost: Name) -> bool:
    short = lost.text.isupper() and len(lost.text) <= 2
    return short or fold(lost.text) in initials(pair.translation)


def _is_an_ordinal(_: _Pair, lost: Name) -> bool:
    """It is a number, such as "ke-XV"."""
    return lost.text[:3].lower() == "ke-" and bool(ROMAN.fullmatch(lost.text[3:]))


_EXCUSES_OF_LOST: tuple[_Excuse, ...] = (
    _is_an_ordinal,
    _is_free_indonesian,
    _is_in_the_translation,
    _opens_a_sentence,
    _is_translated,
    _has_its_parts_kept,
    _is_explained_in_the_source,
    _is_short_for_the_translation,
)


def _is_free(text: str, language: Language) -> bool:
    """Tell whether a word with a capital needs no counterpart: titles and the like."""
    common = common_words(language)
    keys = forms(text)
    if not keys.isdisjoint(load_lexicon().names.free[language]):
        return True
    if text.isupper() and 1 < len(text) <= _LONGEST_ABBREVIATION:
        return False
    if language == "en":
        keys |= {re.sub("(?:es|s)$", "", key) for key in keys} | {re.sub("ies$", "y", key) for key in keys}
    return all(part in common for part in re.split("[-.]", fold(text)) if part) or not keys.isdisjoint(common)


def _stands(word: str, english_words: set[str], english: list[str]) -> bool:
    """Tell whether a word of a glossary form stands in a translation; those between names may differ."""
    return word in SMALL_WORDS or holds(english_words, word) or like_any(word, english)


def _with_parts(text: str) -> list[str]:
    """Return the words of a text, and the parts of those with a hyphen: "Indian-owned", "Indian", "owned"."""
    words = WORD.findall(text)
    return words + [part for word in words if "-" in word for part in word.split("-") if part]


def _name_parts(name: str) -> list[str]:
    """Return those parts of a word that make it a name: SARS of "mirip-SARS"."""
    parts = [part for part in re.split("[-.]", name) if len(part) > 1]
    return [part for part in parts if any(letter.isupper() for letter in part)] or parts or [name]


def _respells(word: str, english: str, least: float = _ALIKE) -> bool:
    """Tell whether English may write an Indonesian word so: "Bukares" as "Bucharest".

    Unless the word is a common one ("meteorologi"), English must know its spelling: "Kementan" isn't "Kementerin".
    """
    if not looks_alike(word, english, least):
        return False
    spelled = forms(english)
    return fold(word) in common_words("id") or any(
        form in english_names() or form in common_words("en") for form in spelled
    )


def _in_title_case(text: str) -> bool:
    words = [word for word in WORD.findall(text) if word[0].isalpha() and len(word) > 3]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)
