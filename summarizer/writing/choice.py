"""Choose the sentences of an article that its abstract is made from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.checks import find_dangling_opening, has_unresolved_reference

# What reaches the threshold, in log-odds, is taken, and so many are, if they are allowed, whatever they have.
_THRESHOLD, _FEWEST = -0.3, 2
# "GIRIMULYA, KOMPAS.com - ", "Suara.com-", "Girimulya (ANTARA News) - ", in front of a sentence.
_DATELINE = re.compile(r"(?:(?:[A-Z][\w.]*|\([\w. ]+\))[,/ ]*){1,5}(?:(?<= )[-–—][ –—-]+|(?<=\.com)-)(?=[\"“‘']?[A-Z])")


def choose_sentences(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[str]:
    """Choose the sentences of an article that matter most.

    A sentence that can't be understood without the one in front of it is taken together with that, or not at all.

    Args:
        sentences: of the article.
        ranks: of each sentence, as `TextModel.rank_sentences`.
        most: the most sentences to choose, from 1.

    Returns:
        Sentences of the article in its order, at least one, the first without a dateline.
    """
    chosen = [sentences[place] for place in _choose(sentences, ranks, most)]
    dateline = _DATELINE.match(chosen[0])
    return [chosen[0][dateline.end() :] if dateline else chosen[0], *chosen[1:]]


def _choose(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[int]:
    """Choose the highest places, until none of them needs a sentence that is missing.

    The one in front of a sentence that lacks its context is chosen with it if there is room for both; else that
    sentence is left out. If all need others, the highest one is chosen.
    """
    left = set(range(len(sentences)))
    pairs: set[int] = set()
    while left:
        order = sorted(left, key=lambda place: (place not in pairs, -ranks[place]))
        chosen = sorted(
            place
            for rank, place in enumerate(order[:most])
            if rank < _FEWEST or ranks[place] > _THRESHOLD or place in pairs
        )
        lacking = next((place for place in chosen if _lacks_context(place, chosen, sentences)), None)
        if lacking is None:
            return chosen
        if lacking - 1 in left and len(pairs) < most - 1:
            pairs |= {lacking - 1, lacking}
        else:
            left.remove(lacking)
            pairs.discard(lacking)
    return [max(range(len(sentences)), key=lambda place: ranks[place])]


def _lacks_context(place: int, chosen: Sequence[int], sentences: Sequence[str]) -> bool:
    if place == 0:
        # The page may have lost what it points to.
        return bool(find_dangling_opening(sentences[0]))
    if place - 1 in chosen:
        return False
    return has_unresolved_reference(sentences[place], " ".join(sentences[other] for other in chosen if other < place))
