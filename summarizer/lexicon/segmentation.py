"""Find the spaces that a word has lost: "hargasaham", "kondisicuacayang" (word segmentation)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from math import log
from statistics import fmean

from summarizer.lexicon.entries import WordClass, load_lexicon
from summarizer.text.words import common_words

_FILE = "segmentation.toml"
# The limits below were chosen on training text. They take apart 2,576 different words of 14,786 news articles from the
# web; all of 150, drawn at random, had lost a space. In 2,658 articles of IndoSum, which has lost hardly any, they take
# apart 46, some ten of these wrongly.
_SHORTEST = 7
_LONGEST = 40
_SHORTEST_PIECE = 3
_MOST_PIECES = 3
# In how many sentence pairs a piece must stand at least, by its letters: short words are found anywhere by accident.
_FEWEST_PAIRS = {3: 100, 4: 100, 5: 10, 6: 10}
_FEWEST_OF_LONG = 3
# What the lexicon leaves out as too common to be looked up counts as a word of so many pairs.
_PAIRS_OF_COMMON = 300
# Words of five letters and more are likelier than their frequency says: there are more of them.
_LONG = 5
_GAIN_OF_LONG = 1.5

_PREFIX = re.compile(r"^(?:me(?:mper|mp|m|ng|ny|n)?|pe(?:r|m|ng|n)?|di(?:per)?|ber|ter|ke(?:ter)?|se|ku|kau)")
_CLITIC = re.compile(r"(?:nya|lah|kah|pun|ku|mu)$")
_SUFFIX = re.compile(r"(?:kan|an|i)$")
_SHORTEST_BASE = 4
# Two words that an affix on both sides joins are rightly one word: "memindahbukukan", "diambilalihkan".
_CIRCUMFIX = re.compile(r"(?:me|di|ke)\w+kan")


@lru_cache(maxsize=16384)
def restore_spaces(word: str) -> str:
    """Return a word with the spaces that it has lost, or as it is if it seems to have lost none.

    Only a word in small letters that neither the lexicon nor a list of common words has, nor one that affixes make of
    such a word, is taken apart, and only into words that are known. Of several ways, the one with the fewest pieces is
    taken, and of these the one with the most frequent pieces (as Norvig 2009, "Natural language corpus data").

    Args:
        word: letters alone.
    """
    is_candidate = word.islower() and word.isalpha() and _SHORTEST <= len(word) <= _LONGEST
    if not is_candidate or _CIRCUMFIX.fullmatch(word) or _is_word(word):
        return word
    ways = [way for way in _ways(word, _MOST_PIECES) if not _repeats(way) and not _is_foreign(way)]
    best = max(ways, key=_rate, default=[word])
    return " ".join(best)


def _ways(rest: str, most: int) -> Iterator[list[str]]:
    """Yield the ways of cutting letters into known words, at most so many."""
    if _pairs(rest):
        yield [rest]
    if most == 1:
        return
    for end in range(_SHORTEST_PIECE, len(rest) - _SHORTEST_PIECE + 1):
        if _pairs(rest[:end]):
            for way in _ways(rest[end:], most - 1):
                yield [rest[:end], *way]


def _repeats(way: list[str]) -> bool:
    """Tell whether a word stands there twice: it is doubled, and has lost a hyphen ("berbedabeda")."""
    return any(first in second or second in first for first, second in pairwise(way))


def _is_foreign(way: list[str]) -> bool:
    """Tell whether all words are foreign ones: English writes many in one ("scorecard")."""
    for piece in way:
        entry = load_lexicon().get(piece)
        if entry is None or entry.word_class is not WordClass.FOREIGN:
            return False
    return True


def _rate(way: list[str]) -> tuple[int, float]:
    """Return how good a way is, to compare it with others: few pieces, then frequent ones."""
    values: list[float] = []
    for piece in way:
        gain = _GAIN_OF_LONG if len(piece) >= _LONG else 0.0
        values.append(log(_pairs(piece)) + gain)
    return -len(way), fmean(values)


@lru_cache(maxsize=65536)
def _pairs(piece: str) -> int:
    """Return in how many sentence pairs a word stands that may be a piece, or 0 for what may not."""
    length = len(piece)
    lists = _word_lists()
    if piece in lists["prefixes"] or piece in lists["never"]:
        return 0
    if length < _SHORTEST_PIECE or (length == _SHORTEST_PIECE and piece not in lists["short_words"]):
        return 0
    entry = load_lexicon().get(piece)
    if entry is not None and entry.word_class is WordClass.WORD:
        pairs = entry.pairs
    elif piece in common_words("id") and (entry is None or entry.word_class is WordClass.FOREIGN):
        pairs = _PAIRS_OF_COMMON
    else:
        pairs = 0
    return pairs if pairs >= _FEWEST_PAIRS.get(length, _FEWEST_OF_LONG) else 0


def _is_word(word: str) -> bool:
    """Tell whether a word is known, or affixes make it of a known one."""
    if word in common_words("en"):
        return True
    stems = {word, _PREFIX.sub("", word)}
    stems |= {_CLITIC.sub("", stem) for stem in stems}
    bases = stems | {_SUFFIX.sub("", stem) for stem in stems}
    return any(len(base) >= _SHORTEST_BASE and _is_listed(base) for base in bases)


def _is_listed(word: str) -> bool:
    """Tell whether a word is common or the lexicon's, and not one that the lexicon has as two."""
    entry = load_lexicon().get(word)
    if entry is None:
        return word in common_words("id")
    return entry.word_class is not WordClass.GLUED


@cache
def _word_lists() -> dict[str, frozenset[str]]:
    table = tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items()}
