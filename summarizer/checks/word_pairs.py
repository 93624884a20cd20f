"""How much of an Indonesian sentence its English translation covers, word by word, and the other way round.

``word_pairs.txt.gz`` holds how often words translate each other, counted in parallel text (IBM model 1: Brown et al.
1993, "The mathematics of statistical machine translation"; see ``CONTRIBUTING.md``). Its first line lists English words
that are too common to need a source. Each other line is an Indonesian word with stems of English, behind each stem two
probabilities in per cent: of the stem given the word, and of the word given the stem. The stems are words without their
endings alone (`strip_english_ending`): unlike those of the lexicon, they know no irregular forms and no spellings.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from summarizer.checks.wordlists import function_words
from summarizer.lexicon.english import strip_english_ending
from summarizer.text.words import HYPHENATED, strip_clitic

_SHORTEST = 3
# Beginnings that are alike say that two English words are of one family: "economic", "economy".
_FAMILY = 5


_Table = Mapping[str, Mapping[str, float]]


class Coverage(NamedTuple):
    """Known words of a sentence and of its translation, each with how far the other text accounts for it."""

    source: tuple[tuple[str, float], ...]
    target: tuple[tuple[str, float], ...]


def indonesian_words(text: str) -> list[str]:
    """Return the words of an Indonesian text in the form that the pairs have: lower case, no clitics, not doubled."""
    found = []
    for word in HYPHENATED.findall(text.lower()):
        if len(word) < _SHORTEST:
            continue
        half, _, other = word.partition("-")
        single = half if half == other else word
        bare = strip_clitic(single)
        found.append(bare if len(bare) >= _SHORTEST else single)
    return found


def english_words(text: str) -> list[str]:
    """Return the words of an English text in lower case, but for the shortest ones."""
    return [word for word in HYPHENATED.findall(text.lower()) if len(word) >= _SHORTEST]


def have_other_contents(first: str, second: str) -> bool:
    """Tell whether one of two English texts has a word that the other lacks, those aside that need no source."""
    stems = [{strip_english_ending(word) for word in english_words(text)} for text in (first, second)]
    *_, common = load_word_pairs()
    return not stems[0] ^ stems[1] <= common


@cache
def load_word_pairs() -> tuple[_Table, _Table, frozenset[str]]:
    """Return how likely words translate each other, by Indonesian word and by English stem; stems without a source."""
    content = gzip.decompress(files(__package__).joinpath("word_pairs.txt.gz").read_bytes()).decode("utf-8")
    common, *lines = content.splitlines()
    english: dict[str, dict[str, float]] = {}
    indonesian: dict[str, dict[str, float]] = {}
    for line in lines:
        word, *rest = line.split(" ")
        row = english.setdefault(word, {})
        for item in rest:
            stem, there, back = item.split(":")
            row[stem] = int(there) / 100
            indonesian.setdefault(stem, {})[word] = int(back) / 100
    return english, indonesian, frozenset(common.split(" "))


def cover_words(source: str, translation: str) -> Coverage:
    """Look for the words of a sentence in its translation, and the other way round; function words are passed over."""
    by_word, by_stem, common = load_word_pairs()
    own = indonesian_words(source)
    english = english_words(translation)
    stems = {strip_english_ending(word) for word in english}
    families = {stem[:_FAMILY] for stem in stems if len(stem) >= _FAMILY}
    kept = set(own) | {strip_english_ending(word) for word in own}

    def source_coverage(word: str) -> float:
        if word in stems or strip_english_ending(word) in stems:
            return 1.0
        held = (share for stem, share in by_word[word].items() if stem in stems or stem[:_FAMILY] in families)
        return min(1.0, sum(held))

    def target_coverage(stem: str) -> float:
        return min(1.0, sum(share for word, share in by_stem[stem].items() if word in kept))

    needing = [
        (word, stem)
        for word, stem in zip(english, map(strip_english_ending, english), strict=True)
        if stem in by_stem and stem not in common and kept.isdisjoint((word, stem))
    ]
    return Coverage(
        tuple((word, source_coverage(word)) for word in own if word in by_word and word not in function_words()),
        tuple((word, target_coverage(stem)) for word, stem in needing),
    )
