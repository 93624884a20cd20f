"""Tie a sentence of an abstract to the sentences of the article that it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.text.sentences import PlacedSentence, Position
from summarizer.text.words import WORD, common_words, fold, holds_words

# At most so many sentences support one.
_MAX_SOURCES = 3
# Each of them but the first adds at least this share of its weight.
_MIN_GAIN = 0.15
# Words of as many letters count, even if they are common.
_LONGER = 4


@dataclass(frozen=True)
class Support:
    """The sentences of an article that one of its abstract rests on, in the article's order.

    Attributes:
        positions: where each of them stands: (paragraph, sentence in the paragraph), both from 0.
        sources: these sentences, whole.
        share: what part of the words of the abstract's sentence they hold, from 0 to 1; rarer words of the article
            count more.
    """

    positions: tuple[Position, ...]
    sources: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class _Weights:
    """How much words count in an article: those of each of its sentences, the weight of each, and of any other."""

    words: tuple[frozenset[str], ...]
    known: dict[str, float]
    unknown: float

    def weigh(self, words: Collection[str]) -> float:
        # Exact sums: sets have no order, and rounding by turns would let it decide which of two equals is best.
        return math.fsum(self.known.get(word, self.unknown) for word in words)


def find_support(sentence: str, article: Sequence[PlacedSentence]) -> Support:
    """Find the sentences of an article that a sentence of unknown origin rests on.

    That is the one that has it word for word, or else up to three, by the words they share: each holds most of what
    those before it don't hold. There is none if no word is shared; then the share is 0.
    """
    for source in article:
        if holds_words(source.text, sentence):
            return Support((source.position,), (source.text,), 1.0)
    weights = _weigh_article(tuple(article))
    wanted = content_words(sentence)
    total = weights.weigh(wanted)
    places: list[int] = []
    missing = set(wanted)
    while len(places) < _MAX_SOURCES:
        gains = [weights.weigh(missing & words) for words in weights.words]
        best = max(range(len(gains)), key=lambda place: gains[place], default=None)
        if best is None or gains[best] <= 0:
            break
        if places and gains[best] < _MIN_GAIN * total:
            break
        places.append(best)
        missing -= weights.words[best]
    return measure_support(sentence, [article[place] for place in sorted(places)], article)


def measure_support(sentence: str, sources: Sequence[PlacedSentence], article: Sequence[PlacedSentence]) -> Support:
    """Return the support of a sentence whose sources are known, with the share of its words that they hold."""
    weights = _weigh_article(tuple(article))
    wanted = content_words(sentence)
    held: set[str] = set()
    for source in sources:
        held |= content_words(source.text)
    total = weights.weigh(wanted)
    if not sources:
        share = 0.0
    elif total == 0:
        # No word that counts is missing.
        share = 1.0
    else:
        share = round(1 - weights.weigh(wanted - held) / total, 3)
    positions = tuple(source.position for source in sources)
    return Support(positions, tuple(source.text for source in sources), share)


@lru_cache(maxsize=64)
def _weigh_article(article: tuple[PlacedSentence, ...]) -> _Weights:
    words = tuple(frozenset(content_words(sentence.text)) for sentence in article)
    known, unknown = word_weights(words)
    return _Weights(words, known, unknown)


def word_weights(sentences: Sequence[Collection[str]]) -> tuple[dict[str, float], float]:
    """Return how much each word of a text counts, and any other word: the rarer in its sentences, the more."""
    frequency = Counter(word for words in sentences for word in words)
    weights = {word: math.log(1 + len(sentences) / count) for word, count in frequency.items()}
    return weights, math.log(1 + max(1, len(sentences)))


def content_words(sentence: str) -> set[str]:
    """Return the words that a sentence is compared by, in `fold` form: longer ones, rarer ones, and numbers."""
    common = common_words("id")
    words = (match.group() for match in WORD.finditer(sentence))
    return {fold(word) for word in words if len(word) >= _LONGER or word[0].isdigit() or fold(word) not in common}
