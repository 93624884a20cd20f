"""Names and terms whose English is known: countries and languages from CLDR, the rest from ``glossary.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from summarizer.errors import InputError, refuse_pipe, telling
from summarizer.lexicon.entries import Entry, Lexicon, Sense, WordClass, load_lexicon
from summarizer.text.normalise import one_line

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# The longest file of terms that is read: far more than anybody writes.
_MAX_CHARACTERS = 20_000_000


@dataclass(frozen=True)
class Glossary:
    """Indonesian terms whose English is known.

    Attributes:
        terms: for each term its English forms, the preferred one first.
        demanded: the terms of the user's file, which a translation must have.
    """

    terms: Mapping[str, tuple[str, ...]]
    demanded: frozenset[str] = frozenset()

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], str]:
        """The terms, by their words in lower case."""
        return {_words(term): term for term in self.terms}

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """For each word that begins a term, how many words such terms have, the fewest first.

        Without it, one long term would have all beginnings of a text looked up to its length.
        """
        lengths: dict[str, set[int]] = defaultdict(set)
        for words in self._by_words:
            # A term of signs alone has no words, and is in no text.
            if words:
                lengths[words[0]].add(len(words))
        return {word: sorted(numbers) for word, numbers in lengths.items()}

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon of the package with the terms on top; a phrase is found in lower case too."""
        entries: dict[str, Entry] = {}
        for term, forms in self.terms.items():
            if term in forms:
                continue
            entry = Entry(term, WordClass.WORD, (Sense(forms),), is_demanded=term in self.demanded)
            entries[term] = entry
            if " " in term:
                entries[term.lower()] = entry
        return load_lexicon().with_entries(entries)

    def find(self, text: str) -> list[str]:
        """Return the terms that a text holds, in order, each once.

        A term of one word is found with its capitals only, so that "as" isn't "AS". Other than the matches of
        `find_entries`, each of which is to be put into other words, terms may overlap: a translation of "Bank
        Indonesia" is looked at for both "Bank Indonesia" and "Indonesia". They have no clitics, and aren't doubled.
        """
        written = _WORD.findall(text)
        words = _words(text)
        terms = []
        for start, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                # Where the text ends before the term could, there are fewer words than it has.
                term = self._by_words.get(words[start : start + length])
                if term is not None and _has_case(written[start], term, length):
                    terms.append(term)
        return list(dict.fromkeys(terms))


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, in lower case."""
    return tuple(map(str.casefold, _WORD.findall(text)))


def _has_case(word: str, term: str, length: int) -> bool:
    """Tell whether a word has the capitals of the term that it begins, of ``length`` words."""
    if term.isupper():
        return word.isupper()
    # Of a phrase, the other words say enough.
    is_phrase = length > 1
    return is_phrase or not term[0].isupper() or word[0].isupper()


def load_glossary(path: str | os.PathLike[str] | None = None) -> Glossary:
    """Load the built-in glossary, and on top of it a user's TOML file.

    Its lines are like ``"Mahkamah Konstitusi" = "Constitutional Court"``, in any tables; a list gives several forms.

    Raises:
        InputError: the file can't be read, or isn't such a file.
    """
    built_in = _built_in()
    if path is None:
        return built_in
    name = os.fspath(path)
    try:
        with telling(f"cannot read the glossary {name}", InputError):
            refuse_pipe(name, f"the glossary {name}", "write its terms into a file")
            with open(path, encoding="utf-8-sig") as file:
                # Some files never end.
                text = file.read(_MAX_CHARACTERS + 1)
        if len(text) > _MAX_CHARACTERS:
            raise ValueError(f"it is longer than {_MAX_CHARACTERS:,} characters")
        demanded = _flatten(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        reason: object = error
        if isinstance(error, RecursionError):
            reason = "it is nested too deeply"
        elif isinstance(error, UnicodeDecodeError):
            reason = "it is not UTF-8: save it as that"
        raise InputError(f"the glossary {name} can't be used: {reason}") from error
    return Glossary({**built_in.terms, **demanded}, frozenset(demanded))


def _flatten(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the terms of a table and of the tables in it, with their English forms.

    Raises:
        ValueError: a term is empty, or has something else than one form or several.
    """
    terms: dict[str, tuple[str, ...]] = {}
    for term, value in table.items():
        if not one_line(term):
            raise ValueError("a term is empty")
        if isinstance(value, dict):
            terms |= _flatten(value)
            continue
        forms = [value] if isinstance(value, str) else value
        is_list = isinstance(forms, list) and len(forms) > 0
        if not is_list or not all(map(_is_form, forms)):
            raise ValueError(f"{term!r} needs an English form, or a list of them")
        # A line break in a term would put one into the translation.
        terms[one_line(term)] = tuple(map(one_line, forms))
    return terms


def _is_form(value: object) -> bool:
    """Tell whether a value of the file is text that isn't empty."""
    return isinstance(value, str) and one_line(value) != ""


@cache
def _built_in() -> Glossary:
    """Return the terms of CLDR, and those of ``glossary.toml``, which go before them."""
    from babel import Locale

    terms: dict[str, tuple[str, ...]] = {}
    for table in ("territories", "languages", "currencies"):
        indonesian = getattr(Locale("id"), table)
        english = getattr(Locale("en"), table)
        for code, name in english.items():
            term = indonesian.get(code, "")
            if not term[:1].isupper():
                continue
            if term not in terms:
                # The name of a language is that of its speakers and of their country too: Bali, Balinese.
                terms[term] = () if table == "territories" else (term,)
            terms[term] = (*terms[term], name)
    data = files(__package__).joinpath("glossary.toml").read_text(encoding="utf-8")
    for term, forms in _flatten(tomllib.loads(data)).items():
        # In this file, a term is a form of its own only where it says so.
        others = [form for form in terms.get(term, ()) if form != term]
        terms[term] = tuple(dict.fromkeys([*forms, *others]))
    return Glossary(terms)
