"""Put an abstract together from sentences of its article, which ranking and a model's draft choose together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from summarizer.checks import find_dangling_opening, has_unresolved_reference
from summarizer.text.words import WORD, fold
from summarizer.writing.salience import rank_sentences

# A sentence that the draft holds gains so much, in log-odds, and what reaches the threshold is taken. On 200 articles
# of IndoSum train and 62 of detik.com train, gains from 1.5 to 2.5 and thresholds from -0.5 to 0.25 did alike, and
# better than the draft's sentences alone (ROUGE-L 69.7 instead of 68.9, and 22.8 instead of 22.7).
_GAIN, _THRESHOLD = 1.5, -0.25
# So many are taken, if they are allowed, whatever they score.
_FEWEST = 2
# The longest dateline, in characters, and how many words behind it tell that the draft left it out.
_LONGEST_DATELINE, _FIRST_WORDS = 60, 4
_DASHES = re.compile(r"\s*[-–—][\s–—-]*")


def extract(sentences: Sequence[str], title: str, draft: Sequence[str], most: int) -> list[str]:
    """Choose the sentences of an article that make its abstract.

    What decides is how much a sentence matters (`summarizer.writing.salience.rank_sentences`), and whether a sentence
    of the draft comes from it. A sentence that can't be understood without the one in front of it is taken together
    with that, or not at all.

    Returns:
        From 1 to `most` sentences of the article, in its order, without a dateline that the draft leaves out.
    """
    rows = [_words(sentence) for sentence in sentences]
    drafted = [_words(sentence) for sentence in draft]
    origins = {_origin(words, rows) for words in drafted}
    scores = [
        score + (_GAIN if place in origins else 0.0) for place, score in enumerate(rank_sentences(sentences, title))
    ]
    openings = [words[:_FIRST_WORDS] for words in drafted]
    return [_without_dateline(sentences[place], openings) for place in _choose(sentences, scores, most)]


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


def _without_dateline(sentence: str, openings: Sequence[Sequence[str]]) -> str:
    """Take off what stands in front of a dash, if a sentence of the draft begins behind the dash."""
    for dash in _DASHES.finditer(sentence, 0, _LONGEST_DATELINE):
        rest = sentence[dash.end() :]
        first = _words(rest)[:_FIRST_WORDS]
        if len(first) == _FIRST_WORDS and first in openings:
            return rest
    return sentence
