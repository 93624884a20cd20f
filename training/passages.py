"""Choose the sentences that an abstract is made from, and hide them among others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.text.sentences import split_sentences
from training.articles import LabelledArticle
from training.bitext import fold

MAX_CHOSEN = 5
_EXTRA = (0, 0, 1, 1, 2)


@dataclass(frozen=True)
class Passages:
    """An article's headline and sentences, the places of those that its abstract is made from, and the abstract."""

    title: str
    sentences: list[str]
    chosen: list[int]
    summary: str

    def draw(self, rng: random.Random) -> str:
        """Return the chosen sentences in order, up to two of their neighbours or of the first three among them."""
        near = {at + step for at in self.chosen for step in (-1, 1)} | {0, 1, 2}
        others = sorted(near.intersection(range(len(self.sentences))) - set(self.chosen))
        extra = rng.sample(others, min(rng.choice(_EXTRA), len(others)))
        return " ".join(self.sentences[at] for at in sorted([*self.chosen, *extra]))


def find_passages(article: LabelledArticle) -> Passages:
    """Choose sentences as long as the sum of ROUGE-1 and ROUGE-2 grows, as the labels of extractive models are chosen.

    Source: Nallapati et al. 2017, arXiv:1611.04230.
    """
    sentences = [sentence for line in article.text.split("\n") for sentence in split_sentences(line)]
    wanted = _grams(article.summary)
    found = [_grams(sentence) for sentence in sentences]
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < MAX_CHOSEN:
        rest = [at for at in range(len(sentences)) if at not in chosen]
        scored = [(_score([found[place] for place in [*chosen, at]], wanted), -at) for at in rest]
        score, at = max(scored, default=(0.0, 0))
        if score <= best:
            break
        best = score
        chosen.append(-at)
    return Passages(article.title, sentences, sorted(chosen), article.summary)


def _grams(text: str) -> tuple[Counter[str], Counter[str]]:
    words = fold(text).split()
    return Counter(words), Counter(map(" ".join, pairwise(words)))


def _score(found: Sequence[tuple[Counter[str], Counter[str]]], wanted: tuple[Counter[str], Counter[str]]) -> float:
    total = 0.0
    for order in (0, 1):
        own = sum((grams[order] for grams in found), Counter[str]())
        shared = (own & wanted[order]).total()
        total += 2 * shared / max(1, own.total() + wanted[order].total())
    return total
