"""Choose the sentences of an article that make its abstract, and cut them to stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cache

from summarizer.checks import content_words, find_dangling_opening, has_unresolved_reference
from summarizer.checks.wordlists import any_of, function_words, word_list
from summarizer.result import AbstractSentence
from summarizer.writing.tidying import tidy

# What reaches the threshold, in log-odds, is taken. With this one, the choice came nearest to that by hand, in 120
# articles that the adapter hadn't learnt from.
_THRESHOLD = -0.6
# So many are taken, if they are allowed, whatever they have.
_FEWEST = 2
# A sentence says nothing new if another one has more than this share of its content words. Chosen by hand: no
# measurement of it alone is on record.
_REPEATED = 0.6
# So few words without a mark at their end are a heading between paragraphs ("Layanan 4G"). Chosen by hand: of the 124
# sentences in the abstracts of 44 saved pages, two were such, and no other one lacked its mark.
_HEADING_WORDS = 5
_END_MARKS = tuple(".!?…”\"')")


def select_sentences(
    sentences: Sequence[AbstractSentence], ranks: Sequence[float], most: int
) -> list[AbstractSentence]:
    """Choose the sentences of an article that matter most, and make them stand by themselves.

    A sentence that can't be understood without the one in front of it is taken only if that is taken too. Headings
    within the article are not taken. Datelines go, and so do words that link a sentence to one that isn't there
    ("Namun, ...").

    Args:
        sentences: those of the article, in its order.
        ranks: of each, as `TextModel.rank_sentences` gives it, in log-odds.
        most: how many may be chosen, 1 or more.

    Returns:
        those chosen, in the article's order: at least one, if there is any.
    """
    chosen = _choose([sentence.text for sentence in sentences], ranks, most)
    return [_stand_alone(sentences[place], follows=place - 1 in chosen) for place in chosen]


def _stand_alone(sentence: AbstractSentence, *, follows: bool) -> AbstractSentence:
    """Tidy a sentence, and take off the link to the one in front of it unless it follows that one."""
    text = tidy(sentence.text)
    link = None if follows else _link().match(text)
    if link:
        rest = text[link.end() :]
        text = rest[:1].upper() + rest[1:]
    return sentence if text == sentence.text else sentence.shortened(text)


def _choose(sentences: Sequence[str], ranks: Sequence[float], most: int) -> list[int]:
    """Choose the highest places that repeat no higher one, and of these no one that needs a sentence that is missing.

    If all need others, the highest one is chosen.

    Args:
        sentences: of the article.
        ranks: of each, in log-odds.
        most: how many may be chosen.

    Returns:
        their places, in the article's order.
    """
    words = [content_words(sentence) - function_words() for sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda place: -ranks[place])
    candidates = [place for place in order if not _is_heading(sentences[place])]
    while candidates:
        chosen = sorted(_take_highest(candidates, words, ranks, most))
        lacking = _find_lacking(chosen, sentences)
        if lacking is None:
            return chosen
        # Without it, a lower one may be chosen, or one may lose what it needs: all are chosen anew.
        candidates.remove(lacking)
    return order[:1]


def _is_heading(text: str) -> bool:
    """Tell whether a sentence is none, but a heading within the article."""
    return len(text.split()) <= _HEADING_WORDS and not text.endswith(_END_MARKS)


def _take_highest(candidates: Sequence[int], words: Sequence[Set[str]], ranks: Sequence[float], most: int) -> list[int]:
    """Take the candidates that matter enough and say something new, the highest first.

    Args:
        candidates: places of sentences, the highest first.
        words: of each sentence of the article, those that say something.
        ranks: of each, in log-odds.
        most: how many may be taken.
    """
    taken: list[int] = []
    for place in candidates:
        is_wanted = len(taken) < _FEWEST or ranks[place] > _THRESHOLD
        if len(taken) < most and is_wanted and not _is_repeated(words[place], [words[other] for other in taken]):
            taken.append(place)
    return taken


def _is_repeated(words: Set[str], others: Sequence[Set[str]]) -> bool:
    """Tell whether one of some sentences has most of the words of another one."""
    most_shared = max((len(words & other) for other in others), default=0)
    return most_shared > _REPEATED * len(words)


def _find_lacking(chosen: Sequence[int], sentences: Sequence[str]) -> int | None:
    """Return the first of the places chosen whose sentence needs one that isn't chosen; None if there is none."""
    for place in chosen:
        if _lacks_context(place, chosen, sentences):
            return place
    return None


def _lacks_context(place: int, chosen: Sequence[int], sentences: Sequence[str]) -> bool:
    """Tell whether a chosen sentence points to one in front of it that wasn't chosen."""
    if place == 0:
        # The page may have lost what it points to.
        return bool(find_dangling_opening(sentences[0]))
    if place - 1 in chosen:
        return False
    before = [sentences[other] for other in chosen if other < place]
    return has_unresolved_reference(sentences[place], " ".join(before))


@cache
def _link() -> re.Pattern[str]:
    """Return what finds the words that link a sentence to the one in front of it, at its beginning.

    There may be several: "Namun, di sisi lain, ...".
    """
    return re.compile(rf"(?i:{any_of(word_list('droppable'))}\b,? +)+(?=[\w“\"])")
