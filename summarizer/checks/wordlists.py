"""The words that the checks know: ``wordlists.toml``, and lists of common words and of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# What the first sound of a word of Indonesian becomes behind "me" and "pe": siksa, penyiksaan.
_NASALS = {"p": "m", "t": "n", "s": "ny", "k": "ng"}


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of ``wordlists.toml`` as a set; all words are in lower case.

    Args:
        name: the list, behind the names of the tables that it is in: ``dangling``, ``negation.english``.

    Raises:
        KeyError: there is no such list.
    """
    words = word_table(name)
    if isinstance(words, str):
        # Where none is a phrase, a list may be one string.
        words = words.split()
    return frozenset(words)


@cache
def word_table(name: str) -> Any:
    """Return a table of ``wordlists.toml``, or a list in one, as it stands there.

    Args:
        name: as for `word_list`.

    Raises:
        KeyError: there is no such table.
    """
    table = _all_tables()
    for key in name.split("."):
        table = table[key]
    return table


@cache
def _all_tables() -> dict[str, Any]:
    return read_toml("wordlists.toml")


@cache
def function_words() -> frozenset[str]:
    """Return words of Indonesian that say nothing by themselves."""
    return word_list("untranslated") | word_list("function")


@cache
def english_names() -> frozenset[str]:
    """Return names that English has a spelling of its own for, in `fold` form: those of SCOWL (see NOTICE)."""
    return frozenset(_read("names_en.txt").split())


@dataclass(frozen=True)
class SeriousWords:
    """Patterns of one serious matter, such as death.

    Attributes:
        indonesian: words of Indonesian that a translation must account for.
        english: words of English that a source must account for.
        sources: what accounts for the English words, in Indonesian.
        renderings: what accounts for the Indonesian words, in English.
    """

    indonesian: re.Pattern[str]
    english: re.Pattern[str]
    sources: re.Pattern[str]
    renderings: re.Pattern[str]


@cache
def serious_words() -> dict[str, SeriousWords]:
    """Return the words of each serious matter, by its name in ``wordlists.toml``."""
    matters: dict[str, SeriousWords] = {}
    for matter in word_table("serious"):
        indonesian = word_list(f"serious.{matter}.indonesian")
        english = word_list(f"serious.{matter}.english")
        sources = word_list(f"serious.{matter}.sources") | indonesian
        renderings = word_list(f"serious.{matter}.renderings") | english
        matters[matter] = SeriousWords(
            indonesian=starred_pattern(indonesian),
            english=starred_pattern(english),
            sources=starred_pattern(sources),
            renderings=starred_pattern(renderings),
        )
    return matters


@cache
def words_pattern(name: str) -> re.Pattern[str]:
    """Return what finds the words of a list by its name, as `starred_pattern` makes it.

    Raises:
        KeyError: there is no such list.
    """
    return starred_pattern(word_list(name))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest that is there; it has no boundaries of its own.

    Args:
        words: patterns themselves; words with signs in them must be escaped.
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(longest_first)})"


def starred_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Compile a pattern of whole words, without regard to case.

    Args:
        words: words or phrases. A star at the beginning or the end stands for any letters; behind one at the beginning,
            the first sound may be the nasal that prefixes of Indonesian make of it: ``*siksa`` is in "penyiksa".
    """
    alternatives = [_starred_alternative(word) for word in words]
    # A list without words matches nothing.
    alternatives = alternatives or ["(?!)"]
    return re.compile(rf"(?<![\w-]){any_of(alternatives)}(?!\w)", re.IGNORECASE)


def _starred_alternative(word: str) -> str:
    """Return the pattern of one word of `starred_pattern`."""
    bare = word.strip("*")
    pattern = re.escape(bare)
    if word.startswith("*"):
        first = bare[0]
        rest = bare[1:]
        nasal = _NASALS.get(first, first)
        pattern = rf"[\w-]*(?:{first}|{nasal}){re.escape(rest)}"
    if word.endswith("*"):
        pattern += r"[\w-]*"
    return pattern


def read_toml(name: str) -> dict[str, Any]:
    """Read a TOML file of this package.

    Args:
        name: its path in the package, such as ``numbers/english.toml``.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return tomllib.loads(_read(name))


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
