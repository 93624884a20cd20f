"""Choose the sentences of an article that make its abstract: what a model makes of them, and its draft, decide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from summarizer.checks import find_dangling_opening, has_unresolved_reference
from summarizer.text.words import WORD, fold
from summarizer.writing.salience import rank_sentences

# What shows without understanding counts half as much as what the model makes of a sentence as it reads. One that its
# draft holds gains so much, in log-odds; what reaches the threshold is taken.
_SURFACE, _GAIN, _THRESHOLD = 0.5, 1.5, -0.25
# So many are taken, if they are allowed, whatever they score.
_FEWEST = 2
# "GIRIMULYA, KOMPAS.com - ", "Suara.com-", "Girimulya (ANTARA News) - ", in front of a sentence.
_DATELINE = re.compile(r"(?:(?:[A-Z][\w.]*|\([\w. ]+\))[,/ ]*){1,5}(?:(?<= )[-–—][ –—-]+|(?<=\.com)-)(?=[\"“‘']?[A-Z])")


def extract(sentences: Sequence[str], title: str, ranks: Sequence[float], draft: Sequence[str], most: int) -> list[str]:
    """Choose the sentences of an article that make its abstract.

    What decides is how much a sentence matters to the model, and by what shows without understanding it
    (`summarizer.writing.salience.rank_sentences`), and whether a sentence of the draft comes from it. A sentence that
    can't be understood without the one in front of it is taken together with that, or not at all.

    Args:
        sentences: what was read of the article.
        title: its headline, or "".
        ranks: of each sentence, as `TextModel.rank_sentences`.
        draft: the sentences of the abstract that the model would write; may be empty.
        most: the most sentences to choose, from 1.

    Returns:
        Sentences of the article in its order, at least one, the first without a dateline.
    """
    rows = [_words(sentence) for sentence in sentences]
    drafted = {_origin(_words(sentence), rows) for sentence in draft}
    surface = rank_sentences(sentences, title)
    scores = [
        own + _SURFACE * seen + (_GAIN if place in drafted else 0.0)
        for place, (own, seen) in enumerate(zip(ranks, surface, strict=True))
    ]
    chosen = [sentences[place] for place in _choose(sentences, scores, most)]
    dateline = _DATELINE.match(chosen[0])
    return [chosen[0][dateline.end() :] if dateline else chosen[0], *chosen[1:]]


def _words(sentence: str) -> list[str]:
    return [fold(word) for word in WORD.findall(sentence)]


def _origin(words: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the article's sentence with the longest common subsequence of words, the shorter of two."""
    return max(range(len(rows)), key=lambda place: (LCSseq.similarity(words, rows[place]), -len(rows[place])))


def _choose(sentences: Sequence[str], scores: Sequence[float], most: int) -> list[int]:
    """Choose the highest places, until none of them needs a sentence that is missing.

    The one in front of a sentence that lacks its context is chosen with it if there is room for both; else that
    sentence is left out. If all need others, the highest one is chosen.
    """
    left = set(range(len(sentences)))
    pairs: set[int] = set()
    while left:
        order = sorted(left, key=lambda place: (place not in pairs, -scores[place]))
        chosen = sorted(
            place
            for rank, place in enumerate(order[:most])
            if rank < _FEWEST or scores[place] > _THRESHOLD or place in pairs
        )
        lacking = next((place for place in chosen if _lacks_context(place, chosen, sentences)), None)
        if lacking is None:
            return chosen
        if lacking - 1 in left and len(pairs) < most - 1:
            pairs |= {lacking - 1, lacking}
        else:
            left.remove(lacking)
            pairs.discard(lacking)
    return [max(range(len(sentences)), key=lambda place: scores[place])]


def _lacks_context(place: int, chosen: Sequence[int], sentences: Sequence[str]) -> bool:
    if place == 0:
        # The page may have lost what it points to.
        return bool(find_dangling_opening(sentences[0]))
    if place - 1 in chosen:
        return False
    return has_unresolved_reference(sentences[place], " ".join(sentences[other] for other in chosen if other < place))
