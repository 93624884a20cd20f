"""Tell how much each sentence of an article matters, by what shows without understanding it: `rank_sentences`.

The numbers in ``salience.json`` are those of boosted decision trees (J. Friedman, "Greedy function approximation: a
gradient boosting machine", Annals of Statistics 29, 2001). ``python -m eval salience --fit`` makes them out of articles
with reference abstracts.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, TypeAlias

from summarizer.checks import any_of, content_words, find_dangling_opening, lexicon, word_weights

FEATURES = (
    "place",
    "sentences",
    "words",
    "centroid",
    "next",
    "quotation",
    "opening",
    "capitals",
    "speech",
    "words_before",
    "words_of_all",
    "headline",
)
"""What the trees look at, in the order of `features_of`."""

_LAST_PLACE = 12
_QUOTES = frozenset('"“”')
_NO_HEADLINE = -1.0

Tree: TypeAlias = "float | tuple[int, float, Tree, Tree]"
"""A leaf's value, or a feature, a threshold, and what follows if the feature is no higher, or higher."""


def features_of(sentences: Sequence[str], title: str = "") -> list[list[float]]:
    """Return what is seen of each sentence of an article, by `FEATURES`.

    Words are compared by how rare they are in the article: those of a sentence with the whole article's and with the
    next sentence's (their cosine), and with the headline's (the share that it holds, -1 without a headline).
    """
    held = [content_words(sentence) for sentence in sentences]
    weights, unknown = word_weights(held)
    vectors = [{word: weights[word] for word in words} for words in held]
    frequency = Counter(word for words in held for word in words)
    centroid = {word: count * weights[word] for word, count in frequency.items()}
    headline = content_words(title)
    whole = _weight(headline, weights, unknown) or 1.0
    split = [sentence.split() for sentence in sentences]
    ends = list(accumulate(map(len, split)))
    rows: list[list[float]] = []
    for place, (sentence, words) in enumerate(zip(sentences, split, strict=True)):
        following = vectors[place + 1] if place + 1 < len(sentences) else {}
        rows.append(
            [
                min(place, _LAST_PLACE),
                len(sentences),
                len(words),
                _cosine(vectors[place], centroid),
                _cosine(vectors[place], following),
                not _QUOTES.isdisjoint(sentence),
                bool(find_dangling_opening(sentence)),
                sum(word[0].isupper() for word in words[1:]) / max(1, len(words)),
                bool(_speech().search(sentence)),
                ends[place] - len(words),
                ends[-1],
                _weight(held[place] & headline, weights, unknown) / whole if headline else _NO_HEADLINE,
            ]
        )
    return rows


def rank_sentences(sentences: Sequence[str], title: str = "") -> list[float]:
    """Return how likely each sentence of an article belongs to its abstract, in log-odds."""
    start, trees = _load()
    return [start + math.fsum(_follow(tree, row) for tree in trees) for row in features_of(sentences, title)]


def _weight(words: Collection[str], weights: Mapping[str, float], unknown: float) -> float:
    # Exact sums: sets have no order.
    return math.fsum(weights.get(word, unknown) for word in words)


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of words; 0 if either is empty."""
    lengths = (math.sqrt(math.fsum(value**2 for value in vector.values())) for vector in (one, other))
    product = math.fsum(value * other[word] for word, value in one.items() if word in other)
    return product / (math.prod(lengths) or 1.0)


@cache
def _speech() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(lexicon('said_by'))}(?:nya)?\b")


def _follow(tree: Tree, row: Sequence[float]) -> float:
    while isinstance(tree, tuple):
        feature, threshold, lower, higher = tree
        tree = lower if row[feature] <= threshold else higher
    return tree


@cache
def _load() -> tuple[float, tuple[Tree, ...]]:
    table = json.loads(files(__package__).joinpath("salience.json").read_text(encoding="utf-8"))
    if tuple(table["features"]) != FEATURES:
        raise ValueError("salience.json was made for other features: make it anew by `python -m eval salience --fit`")
    return float(table["start"]), tuple(map(_tree, table["trees"]))


def _tree(node: Any) -> Tree:
    if not isinstance(node, list):
        return float(node)
    feature, threshold, lower, higher = node
    return int(feature), float(threshold), _tree(lower), _tree(higher)
