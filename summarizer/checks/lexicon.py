"""The words that the checks know, read once: ``lexicon.toml``, and lists of common words and of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal, Self

Language = Literal["id", "en"]


@dataclass(frozen=True)
class NegationWords:
    """The table ``negation`` of ``lexicon.toml``, which says what each list is."""

    indonesian: frozenset[str]
    implied: frozenset[str]
    lexical: frozenset[str]
    english: frozenset[str]
    english_lexical: frozenset[str]
    prefixes: tuple[str, ...]
    adjective_prefixes: tuple[str, ...]
    adjective_endings: tuple[str, ...]
    not_yet: frozenset[str]
    unlike: frozenset[str]
    idioms: Mapping[str, frozenset[str]]

    @cached_property
    def idiom_patterns(self) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        """The idioms, compiled."""
        return tuple((re.compile(rf"\b{idiom}\b", re.IGNORECASE), words) for idiom, words in self.idioms.items())


@dataclass(frozen=True)
class NameWords:
    """The table ``names`` of ``lexicon.toml``, which says what each list is."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    derived: frozenset[str]
    sounds: tuple[str, ...]
    endings: tuple[str, ...]
    openers: frozenset[str]
    bodies: frozenset[str]
    given: frozenset[str]
    never: frozenset[str]
    loans: frozenset[str]
    free: Mapping[Language, frozenset[str]]


@dataclass(frozen=True)
class SeriousWords:
    """Words of one serious matter, such as death, and what may stand for them in the other language.

    Attributes:
        indonesian: finds the words of Indonesian that the English text must account for.
        english: finds the words of English that the Indonesian text must account for.
        sources: finds what accounts for the English ones.
        renderings: finds what accounts for the Indonesian ones.
    """

    indonesian: re.Pattern[str]
    english: re.Pattern[str]
    sources: re.Pattern[str]
    renderings: re.Pattern[str]

    @classmethod
    def of(
        cls, indonesian: Iterable[str], english: Iterable[str], sources: Iterable[str], renderings: Iterable[str]
    ) -> Self:
        """Compile lists of words, in which a star stands for any letters."""
        accounts = (*indonesian, *sources), (*english, *renderings)
        return cls(*(_pattern_of(words) for words in (indonesian, english, *accounts)))


# What the first sound of a word of Indonesian becomes behind some prefixes: siksa, penyiksaan.
_NASAL = {"p": "m", "t": "n", "s": "ny", "k": "ng"}


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words; it has no boundaries of its own."""
    return f"(?:{'|'.join(sorted(words))})"


def _pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(_expand(word) for word in sorted(words))
    return re.compile(rf"(?<![\w-])(?:{alternatives or '(?!)'})(?!\w)", re.IGNORECASE)


def _expand(word: str) -> str:
    """Return the pattern of a word with stars at its ends; behind a star, the first sound may be a nasal."""
    bare = word.strip("*")
    first = bare[0]
    pattern = re.escape(bare)
    if word.startswith("*"):
        pattern = rf"[\w-]*(?:{first}|{_NASAL.get(first, first)}){re.escape(bare[1:])}"
    return pattern + (r"[\w-]*" if word.endswith("*") else "")


@dataclass(frozen=True)
class Lexicon:
    """What ``lexicon.toml`` holds, which says what each list and table is; all words in lower case."""

    uncounted: frozenset[str]
    untranslated: frozenset[str]
    units: Mapping[Literal["before", "after"], Mapping[str, tuple[str, ...]]]
    divisions: Mapping[str, tuple[str, str]]
    dangling: tuple[str, ...]
    linking: tuple[str, ...]
    adverbs: frozenset[str]
    prepositions: frozenset[str]
    this: frozenset[str]
    that: frozenset[str]
    pointing: frozenset[str]
    others: frozenset[str]
    afterwards: frozenset[str]
    pronouns: frozenset[str]
    said_by: frozenset[str]
    qualifiers: frozenset[str]
    times: frozenset[str]
    percent: frozenset[str]
    offices: tuple[str, ...]
    clock: tuple[str, ...]
    measures: Mapping[Literal["counted", "units"], Mapping[str, frozenset[str]]]
    negation: NegationWords
    names: NameWords
    serious: Mapping[str, SeriousWords]

    @cached_property
    def speech(self) -> str:
        """A pattern of any word of ``said_by``."""
        return any_of(self.said_by)

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words of Indonesian that no number counts."""
        return self.untranslated | self.uncounted

    @cached_property
    def marks_before(self) -> frozenset[str]:
        """What stands for a unit before a number."""
        return frozenset(sum(self.units["before"].values(), ()))

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """The code that each mark or name of a unit stands for."""
        return {mark: code for group in self.units.values() for code, marks in group.items() for mark in marks}

    @cached_property
    def unit_patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """What finds a unit (group 1) at the end of what comes before a number, and where that ends."""
        before, after = (
            "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
            for marks in (self.marks_before, sum(self.units["after"].values(), ()))
        )
        letter = r"[^\W\d_]"
        return (
            re.compile(rf"(?<!{letter})({before})\s*\Z", re.IGNORECASE),
            re.compile(rf"[ -]*({after})(?!{letter})", re.IGNORECASE),
        )

    @cached_property
    def measure_of(self) -> dict[str, str]:
        """The class that each counted or measuring word belongs to."""
        return {word: kind for group in self.measures.values() for kind, words in group.items() for word in words}


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon; it is read at the first call."""
    table = read_table("lexicon.toml")
    negation = NegationWords(**table.pop("negation"))
    names = NameWords(**table.pop("names"))
    serious = {matter: SeriousWords.of(**words) for matter, words in table.pop("serious").items()}
    return Lexicon(**table, negation=negation, names=names, serious=serious)


def read_table(name: str) -> dict[str, Any]:
    """Read a TOML file of this package in which a string is a set of words, and a list keeps its order."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, str):
            return frozenset(value.split())
        return tuple(value) if isinstance(value, list) else value

    return {key: plain(value) for key, value in tomllib.loads(_read(name)).items()}


@cache
def common_words(language: Language) -> frozenset[str]:
    """Return words that are hardly ever names.

    The Indonesian list holds the words that stand in lower case five times or more in some 13,000 news articles and in
    the Indonesian side of the adapter's training sets; the English one holds words of SCOWL, among others (see NOTICE).
    """
    return frozenset(_read(f"common_{language}.txt").split())


@cache
def english_names() -> frozenset[str]:
    """Return names that English has a spelling of its own for, in `fold` form: those of SCOWL (see NOTICE)."""
    return frozenset(_read("names_en.txt").split())


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
