"""Compare the negatives of a translation with those of its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache

from summarizer.checks.faults import Fault
from summarizer.checks.wordlists import word_list, word_table
from summarizer.text.words import LETTERS, common_words

# "No. 3", "at least", "whether or not", "last but not least": none is a negative.
_NO_NEGATIVE = re.compile(
    r"\b[Nn]o\.?\s?(?=\d)|\b(?:(?:at|the)(?: very)? least|but not least|or not)\b|non[- ]performing"
)
# How far apart, in parts of the text, a negative and a word for it may be ("un" in front of one is a surer sign), and
# a word that means one and its translation.
_NEAR = 0.3
_UN_NEAR = 0.5
_BESIDE = 0.1
# Beginnings of Indonesian words that English may give by a negative.
_NEGATIVE_BEGINNINGS = ("ketidak", "tak", "non", "anti", "tuna")
_LETTERS = re.compile(LETTERS)

_Places = list[tuple[float, str]]
"""Words in their order, and where each stands in its text, from 0 to 1."""


def find_negation_faults(source: str, translation: str) -> list[Fault]:
    """Compare the negatives of a sentence and its translation.

    Each of Indonesian needs a plain one of English ("not"), or a word that may stand for it ("unable") at about the
    same place. Such words are used up by those of the source that mean them ("gagal").
    """
    # "Has yet to come" is "still has to come".
    counted = _NO_NEGATIVE.sub(" ", translation).replace("yet to", "still to")
    english = [word.lower().replace("’", "'") for word in _LETTERS.findall(counted)]
    text = source
    excused = False
    for idiom, literal in _idioms():
        if literal.isdisjoint(english):
            text, count = idiom.subn(" ", text)
            excused |= count > 0
    keys = [word.lower() for word in _LETTERS.findall(text)]
    negatives = _placed(keys, word_list("negation.indonesian").__contains__)
    plain = _placed(english, _is_plain_english)
    lacking = _placed(english, _is_lexical_english)
    not_yet = _placed(english, word_list("negation.not_yet").__contains__)
    for place, _ in _placed(keys, lambda key: key in word_list("negation.implied") or key.startswith("ketidak")):
        _take_nearest(lacking, place, _BESIDE)
    uncovered = [
        word
        for place, word in negatives
        if not _take_nearest(lacking, place, _NEAR)
        and not (word.startswith("belum") and _take_nearest(not_yet, place, _NEAR))
    ]
    if len(uncovered) > len(plain):
        return [Fault("negation", uncovered[0], missing=True)]
    if plain and not negatives and not excused and not any(map(_is_lexical, keys)):
        return [Fault("negation", plain[0][1])]
    return []


def _placed(words: Sequence[str], chosen: Callable[[str], bool]) -> _Places:
    return [(at / len(words), word) for at, word in enumerate(words) if chosen(word)]


def _take_nearest(words: _Places, place: float, within: float) -> bool:
    """Take the word that stands nearest to a place off a list; return False if none stands near enough."""
    if not words:
        return False
    following = bisect_left(words, place, key=_place_of)
    # The last word in front of the place and the first one behind it; of two as near, the one in front.
    beside = range(max(0, following - 1), min(len(words), following + 1))
    nearest = min(beside, key=lambda number: abs(_place_of(words[number]) - place))
    found_at, word = words[nearest]
    reach = _UN_NEAR if word.startswith("un") and within == _NEAR else within
    if abs(found_at - place) > reach:
        return False
    del words[nearest]
    return True


def _place_of(word: tuple[float, str]) -> float:
    return word[0]


def _is_plain_english(key: str) -> bool:
    return key in word_list("negation.english") or key.endswith("n't")


def _is_lexical_english(key: str) -> bool:
    """Tell whether an English word may stand for a negative: "unable", "incompetent", "hopeless", "lacks"."""
    if _is_plain_english(key) or key in word_list("negation.unlike"):
        return False
    prefixes = word_list("negation.prefixes")
    if key.endswith(tuple(word_list("negation.adjective_endings"))):
        prefixes |= word_list("negation.adjective_prefixes")
    stems = [key.removeprefix(prefix) for prefix in prefixes if key.startswith(prefix)]
    # "Unstoppable" is of "stop".
    stems += [re.sub(r"(.)\1$", r"\1", stem.removesuffix("able")) for stem in stems if stem.endswith("able")]
    if key.endswith("less"):
        stems.append(key.removesuffix("less"))
    return key in word_list("negation.english_lexical") or any(
        len(stem) > 2 and stem in common_words("en") for stem in stems
    )


def _is_lexical(key: str) -> bool:
    lexical = word_list("negation.lexical")
    stem = key.removesuffix("nya")
    begins_like_one = key.startswith(_NEGATIVE_BEGINNINGS) and stem not in word_list("negation.not_negative")
    return begins_like_one or key in lexical or stem in lexical


@cache
def _idioms() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Return what finds idioms with a negative, and the English words that need one too."""
    idioms = word_table("negation.idioms")
    return [
        (re.compile(rf"\b{idiom}\b", re.IGNORECASE), frozenset(english.split())) for idiom, english in idioms.items()
    ]
