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
# At most so many sentences support one; chosen by hand, no measurement is on record.
_MAX_SOURCES = 3
# Each of them but the first adds at least this share of the weight of its words; chosen by hand too.
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
        weights = [self.known.get(word, self.unknown) for word in words]
        # Exact sums: sets have no order, and rounding by turns would let it decide which of two equals is best.
        return math.fsum(weights)


@dataclass(frozen=True)
class _WordIndex:
    """Where the words of an article stand, and how much each of them counts.

    Attributes:
        rows: the words of all sentences, as `fold_words` has them, with a break behind each sentence.
        sentence_of: the place of the sentence that each of these words and breaks is of.
        words: the content words of each sentence.
        places: the places of the sentences that have a content word, by the word.
        weights: how much each content word counts.
    """

    rows: WordRows
    sentence_of: tuple[int, ...]
    words: tuple[frozenset[str], ...]
    places: dict[str, list[int]]
    weights: WordWeights

    def find_copy(self, sentence: str) -> int | None:
        """Return the place of the first sentence that has the words of another one in a row."""
        start = self.rows.find(fold_words(sentence).split())
        if start is None:
            return None
        return self.sentence_of[start]

    def find_best(self, words: Collection[str]) -> tuple[int, float] | None:
        """Return the place of the first sentence that holds most of some words, and how much these count.

        There is none if no sentence holds any of them.
        """
        shared: dict[int, list[str]] = {}
        for word in words:
            for place in self.places.get(word, ())[:MOST_PLACES]:
                shared.setdefault(place, []).append(word)
        best: tuple[int, float] | None = None
        for place in sorted(shared):
            weight = self.weights.weigh(shared[place])
            if best is None or weight > best[1]:
                best = (place, weight)
        return best


def find_support(sentence: str, article: Sequence[PlacedSentence]) -> Support:
    """Find the sentences of an article that a sentence of unknown origin rests on.

    That is the one that has it word for word, or else up to three, by the words they share: each holds most of what
    those before it don't hold. There is none if no word is shared; then the share is 0.

    Args:
        sentence: of an abstract, in Indonesian.
        article: all sentences of the article, in order.
    """
    index = _index_words(Sentences.of(article))
    copied = index.find_copy(sentence)
    if copied is not None:
        source = article[copied]
        return Support((source.position,), (source.text,), 1.0)
    missing = content_words(sentence)
    least_gain = _MIN_GAIN * index.weights.weigh(missing)
    places: list[int] = []
    while len(places) < _MAX_SOURCES:
        best = index.find_best(missing)
        if best is None:
            break
        place, gain = best
        if places and gain < least_gain:
            break
        places.append(place)
        missing -= index.words[place]
    sources = [article[place] for place in sorted(places)]
    return measure_support(sentence, sources, article)


def measure_support(sentence: str, sources: Sequence[PlacedSentence], article: Sequence[PlacedSentence]) -> Support:
    """Return the support of a sentence whose sources are known, with the share of its words that they hold.

    Args:
        sentence: a sentence of an abstract.
        sources: the sentences of the article that it rests on; with none, the share is 0.
        article: all sentences of the article, which say how much each word counts.
    """
    positions: list[Position] = []
    texts: list[str] = []
    for source in sources:
        positions.append(source.position)
        texts.append(source.text)
    index = _index_words(Sentences.of(article))
    return Support(tuple(positions), tuple(texts), _measure_share(sentence, texts, index))


def _measure_share(sentence: str, sources: Sequence[str], index: _WordIndex) -> float:
    """Return what part of the words of a sentence its sources hold, from 0 to 1."""
    if not sources:
        return 0.0
    wanted = content_words(sentence)
    total = index.weights.weigh(wanted)
    if total == 0:
        # No word that counts is missing.
        return 1.0
    missing = set(wanted)
    for source in sources:
        missing -= content_words(source)
    return round(1 - index.weights.weigh(missing) / total, 3)


@lru_cache(maxsize=64)
def _index_words(article: Sentences[PlacedSentence]) -> _WordIndex:
    """Return where the words of an article stand, so that each sentence is looked up fast."""
    row: list[str] = []
    sentence_of: list[int] = []
    words: list[frozenset[str]] = []
    places: dict[str, list[int]] = {}
    for place, sentence in enumerate(article):
        with_break = [*fold_words(sentence.text).split(), _BREAK]
        row += with_break
        sentence_of += [place] * len(with_break)
        content = frozenset(content_words(sentence.text))
        words.append(content)
        for word in content:
            places.setdefault(word, []).append(place)
    return _WordIndex(
        rows=WordRows(row),
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
    known: dict[str, float] = {}
    for word, count in frequency.items():
        known[word] = math.log(1 + len(sentences) / count)
    return WordWeights(known, unknown=math.log(1 + max(1, len(sentences))))


def content_words(sentence: str) -> set[str]:
    """Return the words that a sentence is compared by, in `fold` form: longer ones, rarer ones, and numbers.

    Args:
        sentence: in Indonesian.
    """
    common = common_words("id")
    content: set[str] = set()
    for word in WORD.findall(sentence):
        folded = fold(word)
        is_number = word[0].isdigit()
        if len(word) >= _LONGER or is_number or folded not in common:
            content.add(folded)
    return content
