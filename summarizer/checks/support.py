"""Tie a sentence of an abstract to the sentences of the article that it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.checks.rows import MOST_PLACES, Sentences, WordRows
from summarizer.text.sentences import PlacedSentence, Position
from summarizer.text.words import WORD, common_words, fold, fold_words

# What stands between the words of two sentences; it is no word.
_BREAK = " "
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
class _Article:
    """What sentences of an abstract are looked up in.

    Attributes:
        rows: the words of all sentences, as `fold_words` has them, with a break behind each sentence.
        sentence_of: the sentence that each of these words and breaks is of.
        words: the content words of each sentence.
        places: the sentences that have a content word, by the word.
        known: how much each content word of the article counts.
        unknown: how much any other word counts.
    """

    rows: WordRows
    sentence_of: tuple[int, ...]
    words: tuple[frozenset[str], ...]
    places: dict[str, list[int]]
    known: dict[str, float]
    unknown: float

    def weigh(self, words: Collection[str]) -> float:
        """Return how much some words count together."""
        # Exact sums: sets have no order, and rounding by turns would let it decide which of two equals is best.
        return math.fsum(self.known.get(word, self.unknown) for word in words)

    def find_copy(self, sentence: str) -> int | None:
        """Return the place of the first sentence that has the words of another one in a row."""
        place = self.rows.find(fold_words(sentence).split())
        return None if place is None else self.sentence_of[place]

    def find_best(self, words: Collection[str]) -> tuple[int, float] | None:
        """Return the place of the first sentence that holds most of some words, and how much these count."""
        held: dict[int, list[str]] = {}
        for word in words:
            for place in self.places.get(word, ())[:MOST_PLACES]:
                held.setdefault(place, []).append(word)
        if not held:
            return None
        gains = {place: self.weigh(held[place]) for place in sorted(held)}
        best = max(gains, key=gains.__getitem__)
        return best, gains[best]


def find_support(sentence: str, article: Sequence[PlacedSentence]) -> Support:
    """Find the sentences of an article that a sentence of unknown origin rests on.

    That is the one that has it word for word, or else up to three, by the words they share: each holds most of what
    those before it don't hold. There is none if no word is shared; then the share is 0.
    """
    read = _read_article(Sentences.of(article))
    copied = read.find_copy(sentence)
    if copied is not None:
        source = article[copied]
        return Support((source.position,), (source.text,), 1.0)
    missing = content_words(sentence)
    least_gain = _MIN_GAIN * read.weigh(missing)
    places: list[int] = []
    while len(places) < _MAX_SOURCES:
        best = read.find_best(missing)
        if best is None:
            break
        place, gain = best
        if places and gain < least_gain:
            break
        places.append(place)
        missing -= read.words[place]
    return measure_support(sentence, [article[place] for place in sorted(places)], article)


def measure_support(sentence: str, sources: Sequence[PlacedSentence], article: Sequence[PlacedSentence]) -> Support:
    """Return the support of a sentence whose sources are known, with the share of its words that they hold.

    Args:
        sentence: a sentence of an abstract.
        sources: the sentences of the article that it rests on; with none, the share is 0.
        article: all sentences of the article, which say how much each word counts.
    """
    read = _read_article(Sentences.of(article))
    wanted = content_words(sentence)
    held: set[str] = set()
    for source in sources:
        held |= content_words(source.text)
    total = read.weigh(wanted)
    if not sources:
        share = 0.0
    elif total == 0:
        # No word that counts is missing.
        share = 1.0
    else:
        share = round(1 - read.weigh(wanted - held) / total, 3)
    positions = tuple(source.position for source in sources)
    return Support(positions, tuple(source.text for source in sources), share)


@lru_cache(maxsize=64)
def _read_article(article: Sentences[PlacedSentence]) -> _Article:
    rows: list[str] = []
    sentence_of: list[int] = []
    for place, sentence in enumerate(article):
        row = [*fold_words(sentence.text).split(), _BREAK]
        rows += row
        sentence_of += [place] * len(row)
    words = tuple(frozenset(content_words(sentence.text)) for sentence in article)
    places: dict[str, list[int]] = {}
    for place, of_sentence in enumerate(words):
        for word in of_sentence:
            places.setdefault(word, []).append(place)
    known, unknown = word_weights(words)
    return _Article(WordRows(rows), tuple(sentence_of), words, places, known, unknown)


def word_weights(sentences: Sequence[Collection[str]]) -> tuple[dict[str, float], float]:
    """Return how much each word of a text counts, and any other word: the rarer in its sentences, the more.

    That is the logarithm of 1 + sentences of the text / sentences with the word (inverse document frequency, as in
    Spärck Jones 1972, "A statistical interpretation of term specificity", smoothed).

    Args:
        sentences: the words of each sentence, each word once.
    """
    frequency = Counter(word for words in sentences for word in words)
    weights = {word: math.log(1 + len(sentences) / count) for word, count in frequency.items()}
    return weights, math.log(1 + max(1, len(sentences)))


def content_words(sentence: str) -> set[str]:
    """Return the words that a sentence is compared by, in `fold` form: longer ones, rarer ones, and numbers."""
    common = common_words("id")
    words = (match.group() for match in WORD.finditer(sentence))
    return {fold(word) for word in words if len(word) >= _LONGER or word[0].isdigit() or fold(word) not in common}
