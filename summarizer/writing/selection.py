"""Choose the sentences of an article that make its abstract, and cut them to stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from summarizer.checks import content_words, find_dangling_opening, has_unresolved_reference
from summarizer.checks.lexicon import any_of, function_words, lexicon

# What reaches the threshold, in log-odds, is taken, and so many are, if they are allowed, whatever they have. With this
# one, the choice came nearest to that by hand, in 120 articles that the adapter hadn't learnt from.
_THRESHOLD, _FEWEST = -0.6, 2
# A sentence says nothing new if another one has more than this share of its content words.
_REPEATED = 0.6
# "GIRIMULYA, KOMPAS.com - ", "jpnn.com, JAKARTA - ", "Suara.com-", "Girimulya (ANTARA News) - ".
_DATELINE = re.compile(
    r"(?:(?:[A-Z][\w.]*+|[a-z]\w+\.(?:com|id|co\.id|net)|\([\w. ]+\))[,/ ]*+){1,5}"
    r"(?:(?<= )[-–—][ –—-]+|(?<=\.com)-)(?=[\"“‘']?[A-Z])"
)


def select_sentences(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[str]:
    """Choose the sentences of an article that matter most, and make them stand by themselves.

    A sentence that can't be understood without the one in front of it is taken only if that is taken too. Datelines
    go, and words that link a sentence to one that isn't there ("Namun, ..."). The ranks are those of
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
    """Choose the highest places that repeat no higher one, and of these no one that needs a sentence that is missing.

    If all need others, the highest one is chosen.
    """
    words = [content_words(sentence) - function_words() for sentence in sentences]
    order = left = sorted(range(len(sentences)), key=lambda place: -ranks[place])
    while left:
        chosen: list[int] = []
        for place in left:
            is_wanted = len(chosen) < most and (len(chosen) < _FEWEST or ranks[place] > _THRESHOLD)
            said = max((len(words[place] & words[other]) for other in chosen), default=0)
            if is_wanted and said <= _REPEATED * len(words[place]):
                chosen.append(place)
        chosen.sort()
        lacking = next((place for place in chosen if _lacks_context(place, chosen, sentences)), None)
        if lacking is None:
            return chosen
        left = [place for place in left if place != lacking]
    return order[:1]


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
