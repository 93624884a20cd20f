"""Tie a sentence of an abstract to the sentences of the article that it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
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
class WordWeights:
    """How much the words of a text count: the rarer in its sentences, the more.

    Attributes:
        known: by word of the text.
        unknown: of any other word.
    """

    known: Mapping[str, float]
    unknown: float

    def weigh(self, words: Iterable[str]) -> float:
        """Return how much some words count together."""
        # Exact sums: sets have no order, and rounding by turns would let it decide which of two equals is best.
        return math.fsum(self.known.get(word, self.unknown) for word in words)


@dataclass(frozen=True)
class _Article:
    """What sentences of an abstract are looked up in.

    Attributes:
        rows: the words of all sentences, as `fold_words` has them, with a break behind each sentence.
        sentence_of: the sentence that each of these words and breaks is of.
        words: the content words of each sentence.
        places: the sentences that have a content word, by the word.
        weights: how much each content word counts.
    """

    rows: WordRows
    sentence_of: tuple[int, ...]
    words: tuple[frozenset[str], ...]
    places: dict[str, list[int]]
    weights: WordWeights

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
        best: tuple[int, float] | None = None
        for place in sorted(held):
            gain = self.weights.weigh(held[place])
            if best is None or gain > best[1]:
                best = (place, gain)
        return best


def find_support(sentence: str, article: Sequence[PlacedSentence]) -> Support:
    """Find the sentences of an article that a sentence of unknown origin rests on.

    That is the one that has it word for word, or else up to three, by the words they share: each holds most of what
    those before it don't hold. There is none if no word is shared; then the share is 0.

    Args:
        sentence: of an abstract, in Indonesian.
        article: all sentences of the article, in order.
    """
    read = _read_article(Sentences.of(article))
    copied = read.find_copy(sentence)
    if copied is not None:
        source = article[copied]
        return Support((source.position,), (source.text,), 1.0)
    missing = content_words(sentence)
    least_gain = _MIN_GAIN * read.weights.weigh(missing)
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
    total = read.weights.weigh(wanted)
    if not sources:
        share = 0.0
    elif total == 0:
        # No word that counts is missing.
        share = 1.0
    else:
        share = round(1 - read.weights.weigh(wanted - held) / total, 3)
    positions = tuple(source.position for source in sources)
    texts = tuple(source.text for source in sources)
    return Support(positions, texts, share)


@lru_cache(maxsize=64)
def _read_article(article: Sentences[PlacedSentence]) -> _Article:
    rows: list[str] = []
    sentence_of: list[int] = []
    words: list[frozenset[str]] = []
    places: dict[str, list[int]] = {}
    for place, sentence in enumerate(article):
        row = [*fold_words(sentence.text).split(), _BREAK]
        rows += row
        sentence_of += [place] * len(row)
        words.append(frozenset(content_words(sentence.text)))
        for word in words[-1]:
            places.setdefault(word, []).append(place)
    return _Article(
        rows=WordRows(rows),
        sentence_of=tuple(sentence_of),
        words=tuple(words),
        places=places,
        weights=weigh_words(words),
    )


def weigh_words(sentences: Sequence[Collection[str]]) -> WordWeights:
    """Return how much each word of a text counts, and any other word: the rarer in its sentences, the more.

    That is the logarithm of 1 + sentences of the text / sentences with the word (inverse document frequency, as in
    Spärck Jones 1972, "A statistical interpretation of term specificity", smoothed).

    Args:
        sentences: the words of each sentence, each word once.
    """
    frequency: Counter[str] = Counter()
    for words in sentences:
        frequency.update(words)
    known = {word: math.log(1 + len(sentences) / count) for word, count in frequency.items()}
    return WordWeights(known, unknown=math.log(1 + max(1, len(sentences))))


def content_words(sentence: str) -> set[str]:
    """Return the words that a sentence is compared by, in `fold` form: longer ones, rarer ones, and numbers.

    Args:
        sentence: in Indonesian.
    """
    common = common_words("id")
    content: set[str] = set()
    for word in WORD.findall(sentence):
        key = fold(word)
        is_number = word[0].isdigit()
        if len(word) >= _LONGER or is_number or key not in common:
            content.add(key)
    return content
