"""How much of an Indonesian sentence its English translation covers, word by word, and the other way round.

``word_pairs.txt.gz`` holds how often words translate each other, counted in parallel text (IBM model 1: Brown et al.
1993, "The mathematics of statistical machine translation"; see ``CONTRIBUTING.md``). Its first line lists English words
that are too common to need a source. Each other line is an Indonesian word with stems of English, behind each stem two
probabilities in per cent: of the stem given the word, and of the word given the stem. The stems are words without their
endings alone (`strip_english_ending`): unlike those of the lexicon, they know no irregular forms and no spellings.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from summarizer.checks.wordlists import function_words
from summarizer.lexicon.english import strip_english_ending
from summarizer.text.words import HYPHENATED, strip_clitic

FILE = "word_pairs.txt.gz"

# The file was counted without words of fewer letters, which are small words in both languages.
_SHORTEST = 3
# Stems that begin with as many letters in common are of one family: "economic", "economy". The lexicon takes as many.
_FAMILY = 5


class WordPairs(NamedTuple):
    """How likely words translate each other, from 0 to 1, and which stems need no source.

    Attributes:
        english: by Indonesian word, how likely each English stem is given the word.
        indonesian: by English stem, how likely each Indonesian word is given the stem.
        common: English stems that are too common to need a source.
    """

    english: Mapping[str, Mapping[str, float]]
    indonesian: Mapping[str, Mapping[str, float]]
    common: frozenset[str]


class CoveredWord(NamedTuple):
    """A word of a text, in lower case, and how far the other text accounts for it.

    Attributes:
        word: an Indonesian one as `indonesian_words` has it, or an English one as `english_words` has it.
        share: from 0, for a word that nothing stands for, to 1.
    """

    word: str
    share: float


class Coverage(NamedTuple):
    """The known words of a sentence and of its translation, in order, each as often as it stands there.

    Attributes:
        source: Indonesian words that the pairs have, function words aside.
        target: English words that the pairs have, without common ones and those that the source has too.
    """

    source: tuple[CoveredWord, ...]
    target: tuple[CoveredWord, ...]


def indonesian_words(text: str) -> list[str]:
    """Return the words of an Indonesian text in the form that the pairs have: lower case, no clitics, not doubled.

    Words of one or two letters are left out.
    """
    words: list[str] = []
    for written in HYPHENATED.findall(text.lower()):
        if len(written) < _SHORTEST:
            continue
        half, _, other_half = written.partition("-")
        word = half if half == other_half else written
        bare = strip_clitic(word)
        # "Kalah" is no "ka" with a clitic.
        words.append(bare if len(bare) >= _SHORTEST else word)
    return words


def english_words(text: str) -> list[str]:
    """Return the words of an English text in lower case, but for those of one or two letters."""
    return [word for word in HYPHENATED.findall(text.lower()) if len(word) >= _SHORTEST]


def have_other_contents(first: str, second: str) -> bool:
    """Tell whether one of two English texts has a word that the other lacks, those aside that need no source."""
    differing = _stems(english_words(first)) ^ _stems(english_words(second))
    return not differing <= load_word_pairs().common


def _stems(words: Iterable[str]) -> set[str]:
    return set(map(strip_english_ending, words))


@cache
def load_word_pairs() -> WordPairs:
    """Return the pairs of words of the package."""
    content = gzip.decompress(files(__package__).joinpath(FILE).read_bytes()).decode("utf-8")
    common, *lines = content.splitlines()
    english: dict[str, dict[str, float]] = {}
    indonesian: dict[str, dict[str, float]] = {}
    for line in lines:
        word, *columns = line.split(" ")
        stems = english.setdefault(word, {})
        for column in columns:
            stem, stem_given_word, word_given_stem = column.split(":")
            stems[stem] = int(stem_given_word) / 100
            indonesian.setdefault(stem, {})[word] = int(word_given_stem) / 100
    return WordPairs(english, indonesian, frozenset(common.split(" ")))


# A sentence is asked about twice: by `find_missing_words`, and for its confidence.
@lru_cache(maxsize=64)
def cover_words(source: str, translation: str) -> Coverage:
    """Look for the words of a sentence in its translation, and the other way round; function words are passed over.

    A word is accounted for as far as its translations in the other text are likely, all together.

    Args:
        source: an Indonesian sentence.
        translation: its English.
    """
    indonesian = indonesian_words(source)
    english = english_words(translation)
    return Coverage(_cover_source(indonesian, english), _cover_target(english, indonesian))


def _cover_source(words: Sequence[str], english: Sequence[str]) -> tuple[CoveredWord, ...]:
    """Say how far English words account for those of a source."""
    english_of = load_word_pairs().english
    stems = _stems(english)
    families = {stem[:_FAMILY] for stem in stems if len(stem) >= _FAMILY}
    covered: list[CoveredWord] = []
    for word in words:
        if word not in english_of or word in function_words():
            continue
        # "Film" is English too.
        is_kept = word in stems or strip_english_ending(word) in stems
        share = 1.0 if is_kept else _likelihood_of_stems(english_of[word], stems, families)
        covered.append(CoveredWord(word, share))
    return tuple(covered)


def _likelihood_of_stems(likelihoods: Mapping[str, float], stems: Set[str], families: Set[str]) -> float:
    """Return how likely those stems are that a translation has, or of whose family it has another word."""
    present: list[float] = []
    for stem, likelihood in likelihoods.items():
        if stem in stems or stem[:_FAMILY] in families:
            present.append(likelihood)
    return _add_up(present)


def _add_up(likelihoods: Sequence[float]) -> float:
    # The per cent of the file are rounded, so that all of a word may be 101.
    return min(1.0, sum(likelihoods))


def _cover_target(words: Sequence[str], indonesian: Sequence[str]) -> tuple[CoveredWord, ...]:
    """Say how far Indonesian words account for those of a translation."""
    pairs = load_word_pairs()
    # Without endings of English too: "sales" is the source of "sale".
    kept = {*indonesian, *_stems(indonesian)}
    covered: list[CoveredWord] = []
    for word in words:
        stem = strip_english_ending(word)
        needs_source = stem in pairs.indonesian and stem not in pairs.common
        if not needs_source or word in kept or stem in kept:
            continue
        present: list[float] = []
        for source_word, likelihood in pairs.indonesian[stem].items():
            if source_word in kept:
                present.append(likelihood)
        covered.append(CoveredWord(word, _add_up(present)))
    return tuple(covered)
