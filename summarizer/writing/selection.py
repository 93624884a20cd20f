"""Choose the sentences of an article that make its abstract, and cut them to stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from summarizer.checks import find_dangling_opening, has_unresolved_reference
from summarizer.checks.lexicon import any_of, lexicon

# What reaches the threshold, in log-odds, is taken, and so many are, if they are allowed, whatever they have.
_THRESHOLD, _FEWEST = -0.3, 2
# "GIRIMULYA, KOMPAS.com - ", "jpnn.com, JAKARTA - ", "Suara.com-", "Girimulya (ANTARA News) - ".
_DATELINE = re.compile(
    r"(?:(?:[A-Z][\w.]*|[a-z]\w+\.(?:com|id|co\.id|net)|\([\w. ]+\))[,/ ]*){1,5}"
    r"(?:(?<= )[-–—][ –—-]+|(?<=\.com)-)(?=[\"“‘']?[A-Z])"
)


def select_sentences(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[str]:
    """Choose the sentences of an article that matter most, and make them stand by themselves.

    A sentence that can't be understood without the one in front of it is taken together with that, or not at all.
    Datelines go, and words that link a sentence to one that isn't there ("Namun, ..."). The ranks are those of
    `TextModel.rank_sentences`. The sentences chosen, 1 to ``most``, are in the article's order.
    """
    chosen = _choose(sentences, ranks, most)
    told: list[str] = []
    for place in chosen:
        sentence = sentences[place]
        dateline = _DATELINE.match(sentence)
        sentence = sentence[dateline.end() :] if dateline else sentence
        link = None if place - 1 in chosen else _link().match(sentence)
        if link:
            sentence = sentence[link.end() : link.end() + 1].upper() + sentence[link.end() + 1 :]
        told.append(sentence)
    return told


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


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf"(?i:{any_of(lexicon('droppable'))})\b,? +(?=[\w“\"])")
