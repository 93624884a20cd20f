"""Find numbers with what they count, days of the year, and pairs of numbers in Indonesian text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from summarizer.checks.lexicon import Language, load_lexicon
from summarizer.checks.numbers.model import Number
from summarizer.checks.numbers.reader import read_numbers

_LINKED = re.compile(r"\s*(?:[-–—,&]|hingga|sampai|s/d|s\.d\.|atau|dan|, dan)\s*", re.IGNORECASE)
_PAIRED = re.compile(r"\s?[-–—:]\s?|\s+(?:hingga|sampai)\s+", re.IGNORECASE)
_LOOSELY_PAIRED = re.compile(
    rf"(?:\s?%|\s?persen)?(?:{_PAIRED.pattern})|\s+(?:me)?lawan\s+|\s+(?:ber)?banding\s+|[\s,]+(?:dan|atau|ke|dari|dengan)\s+",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[\s-]?([^\W\d_]+)\b(?!\s+ini\b)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = re.compile(r"[^\W\d_]-$")
# Scores and ranges are of numbers below the first, days of a month end at the second, nouns have that many letters.
_SMALL, _LAST_DAY, _SHORTEST_NOUN = 100, 31, 4


def find_numbers(text: str, language: Language) -> list[Number]:
    """Find the numbers of a text, in its order.

    Args:
        text: any text.
        language: ``id`` ("1.250,5", "19.30", "dua puluh") or ``en`` ("1,250.5", "19:30", "twenty"). Where a number is
            written as the other language would, both readings are kept.
    """
    return list(_numbers(text, language))


@lru_cache(maxsize=64)
def _numbers(text: str, language: Language) -> tuple[Number, ...]:
    numbers = list(read_numbers(text, language))
    return tuple(_measured(text, numbers) if language == "id" else numbers)


def find_dates(text: str) -> dict[tuple[int, int], str]:
    """Find the days of the year that an Indonesian text names: "12 Mei", "(12/5)", both of "12-14 Mei".

    Args:
        text: an Indonesian text.

    Returns:
        (day, month) of each, with the words that name it.
    """
    return {date: text[start:end] for date, start, end in _dates(text, find_numbers(text, "id"))}


def find_pairs(text: str, *, loose: bool = False) -> dict[frozenset[int], str]:
    """Find the pairs of small numbers that an Indonesian text links: scores ("2-1", "2:1") and ranges.

    Args:
        text: an Indonesian text.
        loose: take two numbers with "dan", "atau", "lawan" and the like between them for a pair too.

    Returns:
        The two numbers of each pair, with the words that it is written with. The order is nothing: who wins 2-1 beats
        who loses 1-2.
    """
    pairs = {}
    for one, other in pairwise(find_numbers(text, "id")):
        values = [_small(number) for number in (one, other)]
        if values[0] is None or values[1] is None or "date" in (one.measure, other.measure):
            continue
        if (_LOOSELY_PAIRED if loose else _PAIRED).fullmatch(text[one.end : other.start]):
            pairs[frozenset((values[0], values[1]))] = text[one.start : other.end]
    return pairs


def _small(number: Number) -> int | None:
    least = min(number.values, default=None)
    return int(least) if least is not None and least < _SMALL and least.denominator == 1 else None


def _dates(text: str, numbers: Sequence[Number]) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Yield (day, month) of each date, and where its words begin and end."""
    for at, number in enumerate(numbers):
        months = [reading[1] for reading in number.readings if isinstance(reading, tuple) and reading[0] == "month"]
        if not at or not months:
            continue
        slashed = text[numbers[at - 1].end : number.start] == "/"
        if number.digits and not slashed:
            continue
        end, place = number.start, at - 1
        while place >= 0:
            day = numbers[place]
            link = text[day.end : end]
            value = _small(day)
            joined = link == "/" if slashed else not link.strip() or (place < at - 1 and _LINKED.fullmatch(link))
            if not joined or value is None or not 1 <= value <= _LAST_DAY or not day.digits:
                break
            yield (value, months[0]), day.start, number.end
            if slashed:
                break
            end, place = day.start, place - 1


def _measured(text: str, numbers: list[Number]) -> list[Number]:
    """Return the numbers of an Indonesian text with what they measure."""
    dates = [(start, end) for _, start, end in _dates(text, numbers)]
    measured: list[Number] = []
    # From behind, since in "8 atau 9 orang" the first number takes its measure from the second.
    for number in reversed(numbers):
        dated = number.digits and any(start <= number.start < end for start, end in dates)
        measure = "date" if dated else _measure(text, number)
        if measure is None and measured and _LINKED.fullmatch(text[number.end : measured[-1].start]):
            measure = measured[-1].measure
        measured.append(replace(number, measure=measure))
    return measured[::-1]


def _measure(text: str, number: Number) -> str | None:
    following = _NEXT_WORD.match(text, number.end)
    # What comes after a year, or after the number in "COVID-19", is not counted by it.
    if not following or _YEAR.fullmatch(number.text) or _NAMED.search(text, 0, number.start):
        return None
    if number.unit or not number.values:
        return None
    lexicon = load_lexicon()
    word = following.group(1)
    key = word.lower()
    if key not in lexicon.function_words:
        key = key.removesuffix("nya")
    if key in lexicon.measure_of:
        return lexicon.measure_of[key]
    return word if word.islower() and len(word) >= _SHORTEST_NOUN and word not in lexicon.function_words else None
