"""Weigh which words of a sentence may go, and whether it stands without them, from the model's states of its words.

A cut of a sentence is a path through the words that are kept, from its beginning to its end; what a path is worth is
the sum of its steps. A step from a word to the next one is worth nothing. One that passes over words is worth what they
bring if they go, and how well the words on both sides of the gap meet (as McDonald 2006, "Discriminative sentence
compression with soft syntactic evidence", scores pairs of words that become neighbours). ``python -m training cutting``
fits the weights so that cuts by hand are likely among all paths: a conditional random field over the paths.

What an editor would leave out is one thing; whether a sentence still stands is another. A second head of the same form,
which begins as a copy of the first, foretells that for each gap by itself: it was fitted to cuts that were judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from summarizer.text.words import WORD, fold

Floats = NDArray[np.float32]

STANDING = "standing."
"""What the names of the second head's weights begin with."""
BIAS = "bias"
"""The name of what the second head adds to each step, in nats."""
LONGEST_GAP = 11
"""Gaps of so many words and more count alike."""
_EPSILON = 1e-5
# What closes a bracket or a quotation at the end of a word, and the marks that may stand behind it.
_CLOSES_BRACKET = re.compile(r"[)\]][.,;:]*$")
_CLOSES_QUOTATION = re.compile(r"[\"”'’][.,;:]*$")
_OPENS_BRACKET = ("(", "[")
_OPENS_QUOTATION = ('"', "“", "'", "‘")


def describe_words(words: Sequence[str], title: str, before: Sequence[str]) -> Floats:
    """Return what shows of each word of a sentence, words x `SHOWN`, each 0 or 1.

    Args:
        words: of the sentence, with their marks.
        title: the headline of its article, or "".
        before: words that are read in front of the sentence.
    """
    in_title = set(map(_key, title.split()))
    before_it = set(map(_key, before))
    in_brackets = False
    in_quotation = False
    rows = []
    for word in words:
        key = _key(word)
        closes_bracket = bool(_CLOSES_BRACKET.search(word))
        closes_quotation = bool(_CLOSES_QUOTATION.search(word))
        in_brackets = in_brackets or word.startswith(_OPENS_BRACKET)
        in_quotation = in_quotation or word.startswith(_OPENS_QUOTATION)
        rows.append(
            [
                word.startswith(_OPENS_BRACKET),
                closes_bracket,
                in_brackets,
                word.startswith(_OPENS_QUOTATION),
                closes_quotation,
                in_quotation,
                word.endswith(","),
                word.endswith((".", "!", "?")),
                word.endswith((":", ";")),
                not key,
                word[:1].isupper(),
                word.isupper(),
                any(map(str.isdigit, word)),
                key in in_title,
                key in before_it,
                len(key) < 4,
            ]
        )
        in_brackets = in_brackets and not closes_bracket
        in_quotation = in_quotation and not closes_quotation
        before_it.add(key)
    return np.array(rows, np.float32).reshape(len(rows), SHOWN)


SHOWN = 16
"""How many things `describe_words` tells of a word."""


def _key(word: str) -> str:
    """Return what makes a word the same as another: its letters and digits, without case and accents."""
    return fold("".join(WORD.findall(word)))


def weigh_steps(head: Mapping[str, Floats], states: Floats, shown: Floats) -> Floats:
    """Return what the steps between the words of a sentence are worth, (words + 2) x (words + 2).

    The value in row i and column j is that of keeping word i and then word j, counted from 1; 0 stands for the
    beginning of the sentence, the last one for its end. Steps back are worth minus infinity.

    Args:
        head: the weights of ``cutting.safetensors``.
        states: of each word, the model's state of its last token and the mean of all, words x 2 hidden sizes.
        shown: what `describe_words` returns.
    """
    count = len(states)
    hidden = _read(head, states, shown)
    nodes = np.concatenate([head["bounds"][:1], hidden, head["bounds"][1:]])
    # What stands next to a gap: the word kept in front, the first and the last that go, the word kept behind.
    first = np.roll(nodes, -1, 0)
    last = np.roll(nodes, 1, 0)
    front, opening, closing, behind = (nodes @ head["ends.weight"].T).T
    meet = front[:, None] + np.roll(opening, -1)[:, None] + np.roll(closing, 1)[None] + behind[None]
    for left, right, name in ((nodes, nodes, "kept"), (first, last, "gone"), (first, nodes, "across")):
        left_weights = head[f"{name}.left.weight"]
        right_weights = head[f"{name}.right.weight"]
        size = len(left_weights)
        left_vectors = left @ left_weights.T
        right_vectors = right @ right_weights.T + head[f"{name}.right.bias"]
        # Products of longer vectors are larger by the root of their length (Vaswani et al. 2017, arXiv:1706.03762).
        meet = meet + left_vectors @ right_vectors.T / np.float32(sqrt(size))
    places = np.arange(count + 2)
    gaps = places[None] - places[:, None] - 1
    meet = meet + head["length"][np.clip(gaps, 0, LONGEST_GAP)]
    meet[0, -1] += head["whole"][0]
    # What words bring if they go: sums up to each of them.
    gains = nodes @ head["word.weight"].T
    sums = np.cumsum(np.concatenate([[0], gains[1:, 0] + head["word.bias"][0]]))
    brought = np.roll(sums, 1)[None] - sums[:, None]
    steps = np.where(gaps == 0, 0, meet + brought)
    return np.where(gaps < 0, -np.inf, steps).astype(np.float32)


def has_both_heads(head: Mapping[str, Floats]) -> bool:
    """Tell whether weights are of both heads; those of older adapters are of the first alone."""
    return STANDING + BIAS in head


def foretell_standing(head: Mapping[str, Floats], states: Floats, shown: Floats) -> Floats:
    """Return how likely a sentence stands, from 0 to 1, when all goes between two words, (words + 2) x (words + 2).

    Rows, columns and arguments are those of `weigh_steps`. Where nothing goes, it is 1; steps back have 0.
    """
    second = {name.removeprefix(STANDING): values for name, values in head.items() if name.startswith(STANDING)}
    odds = weigh_steps(second, states, shown) + second[BIAS]
    with np.errstate(over="ignore"):
        chances: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
    following = np.arange(len(odds) - 1)
    chances[following, following + 1] = 1
    return chances


def _read(head: Mapping[str, Floats], states: Floats, shown: Floats) -> Floats:
    """Return the vectors of words: their states made smaller, with a look at the words on both sides."""
    centred = states - states.mean(-1, keepdims=True)
    normal = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + _EPSILON)
    inputs = np.concatenate([normal, shown], -1)
    alone = np.maximum(inputs @ head["input.weight"].T + head["input.bias"], 0)
    padded = np.pad(alone, ((1, 1), (0, 0)))
    neighbours = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], -1)
    vectors: Floats = alone + np.maximum(neighbours @ head["around.weight"].T + head["around.bias"], 0)
    return vectors
