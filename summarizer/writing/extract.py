"""Choose the sentences of an article that make its abstract."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.checks import find_dangling_opening, has_unresolved_reference
from summarizer.writing.salience import rank_sentences

# What shows without understanding counts half as much as what the model makes of a sentence. What reaches the threshold
# is taken.
_SURFACE, _THRESHOLD = 0.5, -0.25
# "GIRIMULYA, KOMPAS.com - ", "Suara.com-", "Girimulya (ANTARA News) - ", in front of a sentence.
_DATELINE = re.compile(r"(?:(?:[A-Z][\w.]*|\([\w. ]+\))[,/ ]*){1,5}(?:(?<= )[-–—][ –—-]+|(?<=\.com)-)(?=[\"“‘']?[A-Z])")


def extract(sentences: Sequence[str], title: str, ranks: Sequence[float], most: int, fewest: int = 2) -> list[str]:
    """Choose the sentences of an article that make its abstract.

    What decides is how much a sentence matters to a model, and by what shows without understanding it
    (`summarizer.writing.salience.rank_sentences`). A sentence that can't be understood without the one in front of it
    is taken together with that, or not at all.

    Args:
        sentences: what was read of the article.
        title: its headline, or "".
        ranks: of each sentence, as `TextModel.rank_sentences`.
        most: the most sentences to choose, from 1.
        fewest: how many of these are chosen whatever they score.

    Returns:
        Sentences of the article in its order, at least one, the first without a dateline.
    """
    surface = rank_sentences(sentences, title)
    scores = [own + _SURFACE * seen for own, seen in zip(ranks, surface, strict=True)]
    chosen = [sentences[place] for place in _choose(sentences, scores, most, fewest)]
    dateline = _DATELINE.match(chosen[0])
    return [chosen[0][dateline.end() :] if dateline else chosen[0], *chosen[1:]]


def _choose(sentences: Sequence[str], scores: Sequence[float], most: int, fewest: int) -> list[int]:
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
            if rank < fewest or scores[place] > _THRESHOLD or place in pairs
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
