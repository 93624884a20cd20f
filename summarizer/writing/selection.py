"""Choose the sentences of an article that a model reads, where it can't read all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.faithfulness import content_words, find_opening_faults, word_weights

# What part of the room the beginning of an article takes: news puts there what matters most.
_LEAD = 0.5


@dataclass(frozen=True)
class Unread:
    """What of an article the model didn't read, as it is too long.

    Attributes:
        positions: where the sentences stand: (paragraph, sentence in the paragraph), both from 0; of a first sentence
            that is too long by itself, some words were read.
        words: how many words that is.
        total: how many sentences the article has.
    """

    positions: tuple[tuple[int, int], ...]
    words: int
    total: int

    def __str__(self) -> str:
        """Say it in plain words."""
        return (
            f"the article is longer than the model can read: {len(self.positions)} of its {self.total} sentences "
            f"({self.words} words) were left out"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"positions": [list(position) for position in self.positions], "words": self.words, "total": self.total}


def select_sentences(sentences: Sequence[str], sizes: Sequence[int], room: int, title: str = "") -> list[int]:
    """Choose the sentences of an article that fit into a model.

    If not all of them fit, its beginning takes half of the room. The other half goes to the sentences of the rest that
    rank highest: by the cosine of their words with the whole article's, the share of the headline's words that they
    hold, and how near they are to the beginning (features of MEAD: D. Radev, H. Jing, M. Styś, D. Tam, "Centroid-based
    summarization of multiple documents", 2004; equal weights did best of 18 on 100 articles of detik train). A sentence
    that points back ("Ia ...") is taken with the one in front of it, or not at all.

    Args:
        sentences: all sentences of the article.
        sizes: what room each of them takes.
        room: the most that they may take together.
        title: the headline.

    Returns:
        The places of the chosen ones, in the article's order; none if not even the first one fits.
    """
    if sum(sizes) <= room:
        return list(range(len(sentences)))
    if not sentences or sizes[0] > room:
        return []
    units = _join(sentences)
    chosen, left = [0], room - sizes[0]
    for place in range(1, len(sentences)):
        if left - sizes[place] < (1 - _LEAD) * room:
            break
        chosen.append(place)
        left -= sizes[place]
    scores = rank_sentences(sentences, title)
    rest = [[place for place in unit if place > chosen[-1]] for unit in units]
    for unit in sorted((unit for unit in rest if unit), key=lambda unit: -max(scores[place] for place in unit)):
        size = sum(sizes[place] for place in unit)
        if size <= left:
            chosen += unit
            left -= size
    return sorted(chosen)


def _join(sentences: Sequence[str]) -> list[list[int]]:
    """Put sentences that point back together with those in front of them."""
    units: list[list[int]] = []
    for place, sentence in enumerate(sentences):
        if units and find_opening_faults(sentence):
            units[-1].append(place)
        else:
            units.append([place])
    return units


def rank_sentences(sentences: Sequence[str], title: str = "") -> list[float]:
    """Return how much each sentence of an article matters: the sum that `select_sentences` tells of.

    Args:
        sentences: all sentences of the article.
        title: the headline.
    """
    words = [content_words(sentence) for sentence in sentences]
    frequency = Counter(word for said in words for word in said)
    weights, _ = word_weights(words)
    # The sum of all vectors; its length makes no difference to the order.
    centroid = {word: count * weights[word] for word, count in frequency.items()}
    norm = math.sqrt(math.fsum(value * value for value in centroid.values())) or 1.0
    headline = content_words(title)
    scores = []
    for place, said in enumerate(words):
        length = math.sqrt(math.fsum(weights[word] ** 2 for word in said)) or 1.0
        cosine = math.fsum(weights[word] * centroid[word] for word in said) / (length * norm)
        shared = len(said & headline) / len(headline) if headline else 0.0
        scores.append(cosine + shared + 1 - place / len(sentences))
    return scores
