"""Compare the negatives of a translation with those of its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarizer.checks.faults import Fault
from summarizer.checks.lexicon import common_words, load_lexicon
from summarizer.text.words import LETTERS

# "No. 3", "at least", "whether or not", "last but not least": none is a negative.
_NO_NEGATIVE = re.compile(
    r"\b[Nn]o\.?\s?(?=\d)|\b(?:(?:at|the)(?: very)? least|but not least|or not)\b|non[- ]performing"
)
# How far apart, in parts of the text, a negative and a word for it may be; "un" in front of one is a surer sign.
_APART, _NEAR, _BESIDE = 0.5, 0.3, 0.1
_HYPHENED = re.compile(r"\b([Uu]n|[Nn]on)-(?=\w)")
# Beginnings of Indonesian words that English may give by a negative.
_NEGATIVE_BEGINNINGS = ("ketidak", "tak", "non", "anti", "tuna")
_LETTERS = re.compile(LETTERS)


@dataclass(frozen=True)
class _Negative:
    """A word of negation, and where it stands in its text, from 0 to 1."""

    word: str
    place: float


def _placed(words: Sequence[str], chosen: Callable[[str], bool]) -> list[_Negative]:
    return [_Negative(word, at / len(words)) for at, word in enumerate(words) if chosen(word)]


def _is_plain_english(key: str) -> bool:
    return key in load_lexicon().negation.english or key.endswith("n't")


def _is_lexical_english(key: str) -> bool:
    """Tell whether an English word may stand for a negative: "unable", "incompetent", "hopeless", "lacks"."""
    words = load_lexicon().negation
    if _is_plain_english(key) or key in words.unlike:
        return False
    stems = [key.removeprefix(prefix) for prefix in words.prefixes if key.startswith(prefix)]
    # "Unstoppable" is of "stop".
    stems += [re.sub(r"(.)\1$", r"\1", stem.removesuffix("able")) for stem in stems if stem.endswith("able")]
    if key.endswith(words.adjective_endings):
        stems += [key.removeprefix(prefix) for prefix in words.adjective_prefixes if key.startswith(prefix)]
    if key.endswith("less"):
        stems.append(key.removesuffix("less"))
    return key in words.english_lexical or any(len(stem) > 2 and stem in common_words("en") for stem in stems)


def find_negation_faults(source: str, translation: str) -> list[Fault]:
    """Compare the negatives of a sentence and its translation.

    Each negative of Indonesian needs a plain one of English ("not"), or a word that may stand for it ("unable") at
    about the same place of the sentence. Such words are used up by those of the source that mean them ("gagal").
    """
    words = load_lexicon().negation
    counted = _HYPHENED.sub(r"\1", _NO_NEGATIVE.sub(" ", translation))
    english = [word.lower().replace("’", "'") for word in _LETTERS.findall(counted)]
    text, excused = source, False
    for idiom, literal in words.idiom_patterns:
        if literal.isdisjoint(english):
            text, count = idiom.subn(" ", text)
            excused |= count > 0
    keys = [word.lower() for word in _LETTERS.findall(text)]
    negatives = _placed(keys, words.indonesian.__contains__)
    plain = _placed(english, _is_plain_english)
    lacking = _placed(english, _is_lexical_english)
    prefixed = [word for word in lacking if word.word.startswith("un")]
    others = [word for word in lacking if word not in prefixed]
    for implied in _placed(keys, lambda key: key in words.implied or key.startswith("ketidak")):
        if not _take_nearest(others, implied, _BESIDE):
            _take_nearest(prefixed, implied, _BESIDE)
    not_yet = _placed(english, words.not_yet.__contains__)
    if "yet to" in translation:
        not_yet += _placed(english, {"yet"}.__contains__)
    uncovered = [
        negative
        for negative in negatives
        if not _take_nearest(others, negative, _NEAR)
        and not _take_nearest(prefixed, negative, _APART)
        and not (negative.word.startswith("belum") and _take_nearest(not_yet, negative, _NEAR))
    ]
    if len(uncovered) > len(plain):
        return [Fault("negation", uncovered[0].word, missing=True)]
    if plain and not negatives and not excused and not any(map(_is_lexical, keys)):
        return [Fault("negation", plain[0].word)]
    return []


def _take_nearest(words: list[_Negative], word: _Negative, within: float) -> bool:
    """Take the word that stands nearest to another one off a list; return False if none stands near enough."""
    best = min(words, key=lambda other: abs(other.place - word.place), default=None)
    if best is None or abs(best.place - word.place) > within:
        return False
    words.remove(best)
    return True


def _is_lexical(key: str) -> bool:
    lexical = load_lexicon().negation.lexical
    return key.startswith(_NEGATIVE_BEGINNINGS) or key in lexical or key.removesuffix("nya") in lexical
