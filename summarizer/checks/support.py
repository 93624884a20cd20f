"""Tie the sentences of an abstract to the sentences of the article that they rest on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from summarizer.text.sentences import split_sentences
from summarizer.text.words import WORD, common_words, fold

# At most so many sentences support one; each but the first adds at least this share of its weight.
_MAX_SOURCES, _MIN_GAIN = 3, 0.15
# Words of as many letters count, even if they are common.
_LONGER = 4


@dataclass(frozen=True)
class Support:
    """A sentence of an abstract and the sentences of the article that it rests on, in their order.

    Their positions are (paragraph, sentence in the paragraph), both from 0; ``share`` says what part of its words they
    hold, rarer words of the article counting more.
    """

    sentence: str
    positions: tuple[tuple[int, int], ...]
    sources: tuple[str, ...]
    share: float


def find_support(abstract: str, paragraphs: Sequence[str]) -> list[Support]:
    """Find up to three sentences of an article that support each of its abstract; none if no word is shared."""
    places = [
        ((row, column), sentence, content_words(sentence))
        for row, paragraph in enumerate(paragraphs)
        for column, sentence in enumerate(split_sentences(paragraph))
    ]
    weights, unknown = word_weights([words for _, _, words in places])
    supports = []
    for sentence in split_sentences(abstract):
        wanted = content_words(sentence)
        # Exact sums: sets have no order, and rounding by turns would let it decide which of two equals is best.
        total = math.fsum(weights.get(word, unknown) for word in wanted)
        chosen: list[int] = []
        left = set(wanted)
        while total and len(chosen) < _MAX_SOURCES:
            gains = [math.fsum(weights[word] for word in left & words) for _, _, words in places]
            best = max(range(len(places)), key=lambda at: gains[at], default=-1)
            if best < 0 or gains[best] <= 0 or (chosen and gains[best] < _MIN_GAIN * total):
                break
            chosen.append(best)
            left -= places[best][2]
        positions, sources = [places[at][0] for at in sorted(chosen)], [places[at][1] for at in sorted(chosen)]
        share = 1 - math.fsum(weights.get(word, unknown) for word in left) / total if chosen else 0.0
        supports.append(Support(sentence, tuple(positions), tuple(sources), round(share, 3)))
    return supports


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
