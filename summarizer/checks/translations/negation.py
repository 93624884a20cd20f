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
# How far apart, in parts of the text, a negative and a word for it may be; chosen by hand, no measurement of this one
# and of the next two is on record.
_NEAR = 0.3
# "Un" in front of a word is a surer sign.
_UN_NEAR = 0.5
# How far apart a word that means a negative and its translation may be.
_BESIDE = 0.1
# Beginnings of Indonesian words that English may give by a negative.
_NEGATIVE_BEGINNINGS = ("ketidak", "tak", "non", "anti", "tuna")
_LETTERS = re.compile(LETTERS)
# In letters: what is left of an English word without "un" and the like.
_SHORTEST_STEM = 3

_Places = list[tuple[float, str]]
"""Words in their order, and where each stands in its text, from 0 to 1."""


def find_negation_faults(source: str, translation: str) -> list[Fault]:
    """Compare the negatives of a sentence and its translation.

    Each of Indonesian needs a plain one of English ("not"), or a word that may stand for it ("unable") at about the
    same place. Such words are used up by those of the source that mean them ("gagal").

    Args:
        source: Indonesian, on one line.
        translation: its English.

    Returns:
        one fault at most: the first negative that is missing, or the first that was added.
    """
    # "Has yet to come" is "still has to come".
    without_phrases = _NO_NEGATIVE.sub(" ", translation).replace("yet to", "still to")
    english = [word.lower().replace("’", "'") for word in _LETTERS.findall(without_phrases)]
    without_idioms = _drop_idioms(source, english)
    has_idiom = without_idioms != source
    indonesian = [word.lower() for word in _LETTERS.findall(without_idioms)]
    negatives = _find_places(indonesian, word_list("negation.indonesian").__contains__)
    plain_negatives = _find_places(english, _is_plain_english)
    uncovered = _find_uncovered(negatives, indonesian, english)
    if len(uncovered) > len(plain_negatives):
        return [Fault("negation", uncovered[0], missing=True)]
    may_need_negative = negatives or has_idiom or any(map(_is_lexical, indonesian))
    if plain_negatives and not may_need_negative:
        _, added = plain_negatives[0]
        return [Fault("negation", added)]
    return []


def _drop_idioms(source: str, english: Sequence[str]) -> str:
    """Return a source without its idioms with a negative, such as English gives in words of its own."""
    text = source
    for idiom, literal in _idioms():
        if literal.isdisjoint(english):
            text = idiom.sub(" ", text)
    return text


def _find_uncovered(negatives: _Places, indonesian: Sequence[str], english: Sequence[str]) -> list[str]:
    """Return the negatives of a source that no word of the translation but a plain negative can stand for."""
    lexical = _find_places(english, _is_lexical_english)
    not_yet = _find_places(english, word_list("negation.not_yet").__contains__)
    for place, _ in _find_places(indonesian, _implies_negative):
        _take_nearest(lexical, place, _BESIDE, _BESIDE)
    uncovered: list[str] = []
    for place, word in negatives:
        if _take_nearest(lexical, place, _NEAR, _UN_NEAR):
            continue
        # "Belum" may be "yet".
        is_not_yet = word.startswith("belum") and _take_nearest(not_yet, place, _NEAR, _UN_NEAR)
        if not is_not_yet:
            uncovered.append(word)
    return uncovered


def _find_places(words: Sequence[str], is_wanted: Callable[[str], bool]) -> _Places:
    """Return some of the words of a text, and where they stand in it."""
    places: _Places = []
    for number, word in enumerate(words):
        if is_wanted(word):
            places.append((number / len(words), word))
    return places


def _take_nearest(words: _Places, place: float, within: float, within_of_un: float) -> bool:
    """Take the word that stands nearest to a place off a list.

    Args:
        words: those left to take, in their order, with their places, from 0 to 1; the one that is taken goes.
        place: in the other text, from 0 to 1.
        within: how far from there the word may stand.
        within_of_un: the same of one that begins with "un".

    Returns:
        whether one was near enough.
    """
    if not words:
        return False
    following = bisect_left(words, place, key=_place_of)
    # The last word in front of the place and the first one behind it; of two as near, the one in front.
    beside = range(max(0, following - 1), min(len(words), following + 1))
    nearest = min(beside, key=lambda number: abs(_place_of(words[number]) - place))
    place_of_nearest, word = words[nearest]
    farthest = within_of_un if word.startswith("un") else within
    if abs(place_of_nearest - place) > farthest:
        return False
    del words[nearest]
    return True


def _place_of(word: tuple[float, str]) -> float:
    return word[0]


def _implies_negative(key: str) -> bool:
    """Tell whether a word of Indonesian means what English may say with a negative: "gagal", "ketidakadilan"."""
    return key in word_list("negation.implied") or key.startswith("ketidak")


def _is_plain_english(key: str) -> bool:
    return key in word_list("negation.english") or key.endswith("n't")


def _is_lexical_english(key: str) -> bool:
    """Tell whether an English word may stand for a negative: "unable", "incompetent", "hopeless", "lacks"."""
    if _is_plain_english(key) or key in word_list("negation.unlike"):
        return False
    if key in word_list("negation.english_lexical"):
        return True
    return any(_is_english_word(stem) for stem in _stems_of_negative(key))


def _is_english_word(stem: str) -> bool:
    return len(stem) >= _SHORTEST_STEM and stem in common_words("en")


def _stems_of_negative(key: str) -> list[str]:
    """Return what may be left of an English word without what makes it a negative: "able" of "unable"."""
    prefixes = word_list("negation.prefixes")
    if key.endswith(tuple(word_list("negation.adjective_endings"))):
        prefixes |= word_list("negation.adjective_prefixes")
    stems: list[str] = []
    for prefix in prefixes:
        if not key.startswith(prefix):
            continue
        stem = key.removeprefix(prefix)
        stems.append(stem)
        if stem.endswith("able"):
            # "Unstoppable" is of "stop".
            stems.append(re.sub(r"(.)\1$", r"\1", stem.removesuffix("able")))
    if key.endswith("less"):
        stems.append(key.removesuffix("less"))
    return stems


def _is_lexical(key: str) -> bool:
    """Tell whether a word of Indonesian may be given by a negative of English, though it isn't one."""
    lexical = word_list("negation.lexical")
    stem = key.removesuffix("nya")
    begins_like_one = key.startswith(_NEGATIVE_BEGINNINGS) and stem not in word_list("negation.not_negative")
    return begins_like_one or key in lexical or stem in lexical


@cache
def _idioms() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Return what finds idioms with a negative, and the English words that need one too."""
    idioms = word_table("negation.idioms")
    patterns: list[tuple[re.Pattern[str], frozenset[str]]] = []
    for idiom, english in idioms.items():
        pattern = re.compile(rf"\b{idiom}\b", re.IGNORECASE)
        patterns.append((pattern, frozenset(english.split())))
    return patterns
