"""Things of a sentence that stay together, however far apart: halves of a pair, numbers in brackets, dates.

In examples, what goes stands between braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.checks.deletions.word_forms import WordForm, class_words, word_classes

_DATE = re.compile(r"\b\d{1,2}/\d{1,2}\b")


def count_dates(text: str) -> int:
    """Return how many dates in digits a text has, such as "3/2" and "(6/1/2016)"."""
    return len(_DATE.findall(text))


def find_lost_half(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the half that goes of a pair such as "tidak hanya ... tetapi juga", when the other stays.

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    cores = [word.core for word in words]
    for first_halves, second_halves in word_classes()["halves"]:
        for first_half in first_halves.split("|"):
            lost = _find_lost_of_pair(cores, kept, first_half, second_halves.split("|"))
            if lost is not None:
                yield lost


def _find_lost_of_pair(
    cores: Sequence[str], kept: Sequence[bool], first_half: str, second_halves: Sequence[str]
) -> int | None:
    """Return the place of the half that goes of one pair, when the other stays; None if there is none.

    Args:
        cores: the words of the sentence, as in `WordForm.core`.
        kept: for each of them, whether it stays.
        first_half: a word or phrase.
        second_halves: words and phrases, each of which may be the other half.
    """
    start = _find_phrase(cores, first_half)
    if start is None:
        return None
    places: list[int] = []
    second_halves_that_stay: list[str] = []
    for second_half in second_halves:
        place = _find_phrase(cores, second_half, start + 1)
        if place is None:
            continue
        places.append(place)
        if kept[place]:
            second_halves_that_stay.append(second_half)
    if kept[start]:
        # Where there is no second half at all, the first one is something else.
        return places[0] if places and not second_halves_that_stay else None
    # Only some second halves can't stand without the first one.
    is_needed = any(second_half in class_words("opposing") for second_half in second_halves_that_stay)
    return start if is_needed else None


def _find_phrase(words: Sequence[str], phrase: str, start: int = 0) -> int | None:
    """Return the place at which the words of a phrase stand in a row, the first one from ``start`` on."""
    row = phrase.split()
    for place in range(start, len(words) - len(row) + 1):
        if list(words[place : place + len(row)]) == row:
            return place
    return None


def find_lost_number_in_brackets(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the places of numbers in brackets that go while another one stays: "Sari (40) dan Budi {(35)}".

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    numbers = [place for place, word in enumerate(words) if word.opens_bracket and word.core.isdigit()]
    yield from _find_gone_beside_one_that_stays(numbers, kept)


def find_lost_date(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the places of dates that go while another one stays, and seems to be theirs.

    An example is "pulang Senin (3/2) {Rabu (5/2).}".

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    dates = [place for place, word in enumerate(words) if count_dates(word.text)]
    yield from _find_gone_beside_one_that_stays(dates, kept)


def _find_gone_beside_one_that_stays(places: Sequence[int], kept: Sequence[bool]) -> Iterator[int]:
    """Yield those of some places of which the words go, if the word at another one of them stays."""
    one_stays = any(kept[place] for place in places)
    for place in places:
        if one_stays and not kept[place]:
            yield place
