"""The words that the checks know: ``lexicon.toml``, and lists of common words and of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# What the first sound of a word of Indonesian becomes behind some prefixes: siksa, penyiksaan.
_NASAL = {"p": "m", "t": "n", "s": "ny", "k": "ng"}


@cache
def lexicon(name: str) -> frozenset[str]:
    """Return a list of ``lexicon.toml``, such as ``dangling`` or ``negation.english``; all words in lower case."""
    value = lexicon_table(name)
    return frozenset(value.split() if isinstance(value, str) else value)


@cache
def lexicon_table(name: str = "") -> Any:
    """Return a table of ``lexicon.toml``, or a list in one, as it stands there; the whole one without a name."""
    found = read_toml("lexicon.toml") if not name else lexicon_table()
    for key in filter(None, name.split(".")):
        found = found[key]
    return found


@cache
def function_words() -> frozenset[str]:
    """Return words of Indonesian that say nothing by themselves."""
    return lexicon("untranslated") | lexicon("function")


@cache
def english_names() -> frozenset[str]:
    """Return names that English has a spelling of its own for, in `fold` form: those of SCOWL (see NOTICE)."""
    return frozenset(_read("names_en.txt").split())


@dataclass(frozen=True)
class SeriousWords:
    """Patterns of one serious matter: ``renderings`` account for ``indonesian`` words, ``sources`` for ``english``."""

    indonesian: re.Pattern[str]
    english: re.Pattern[str]
    sources: re.Pattern[str]
    renderings: re.Pattern[str]


@cache
def serious_words() -> dict[str, SeriousWords]:
    """Return the words of each serious matter."""
    found = {}
    for matter, fields in lexicon_table("serious").items():
        own = {field: lexicon(f"serious.{matter}.{field}") for field in fields}
        own["sources"] |= own["indonesian"]
        own["renderings"] |= own["english"]
        found[matter] = SeriousWords(**{field: _pattern_of(of_field) for field, of_field in own.items()})
    return found


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest that is there; it has no boundaries of its own."""
    return f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"


def _pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Compile words; a star stands for any letters, and behind one the first sound may be a nasal."""
    alternatives = []
    for word in words:
        bare = word.strip("*")
        pattern = re.escape(bare)
        if word.startswith("*"):
            pattern = rf"[\w-]*(?:{bare[0]}|{_NASAL.get(bare[0], bare[0])}){re.escape(bare[1:])}"
        alternatives.append(pattern + (r"[\w-]*" if word.endswith("*") else ""))
    return re.compile(rf"(?<![\w-]){any_of(alternatives or ['(?!)'])}(?!\w)", re.IGNORECASE)


def read_toml(name: str) -> dict[str, Any]:
    """Read a TOML file of this package."""
    return tomllib.loads(_read(name))


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
