"""Find numbers with what they count, and days of the year in Indonesian text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.numbers.reader import Number, Reader, same_unit
from summarizer.checks.wordlists import word_list, word_table
from summarizer.text.words import Language

_LINKED = re.compile(r"\s*(?:[-–—,&]|hingga|sampai|s/d|s\.d\.|atau|dan|, dan)\s*", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\w.,/–—-])(\d{1,2})\s?[-–—]\s?(\d{1,2})(?![\w/–—-]|[.,]\d)")
# "Naik menjadi 8 hari ini" tells of today, and not of eight days.
_NEXT_WORD = re.compile(r"[\s-]?([^\W\d_]+)\b(?!\s+ini\b)")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Which numbers may be a day of a month, and a month.
_DAYS = range(1, 32)
_MONTHS = range(1, 13)

Date = tuple[int, int]
"""Day from 1 to 31, and month from 1 to 12."""

Score = tuple[int, int]
"""The numbers of both sides, in the order in which they are written."""


class _PlacedDate(NamedTuple):
    """A date, and where its words begin and end in the text."""

    date: Date
    start: int
    end: int


def _pair_pattern(link: str) -> re.Pattern[str]:
    """Return what finds the first number of a pair, with a link and the second one behind it.

    The second one isn't consumed, so that it may be the first of another pair.
    """
    first = r"(?<![\d.,/])(?P<first>\d{1,2})"
    linked = rf"(?P<linked>(?:{link})(?P<second>\d{{1,2}}))(?![.,]?\d)"
    return re.compile(rf"{first}(?={linked})", re.IGNORECASE)


_PAIR = _pair_pattern(r"\s?[-–—:]\s?|\s+(?:hingga|sampai)\s+")
_LOOSE_PAIR = _pair_pattern(
    r"\s?[-–—:]\s?|[\s,]+(?:hingga|sampai|melawan|lawan|(?:ber)?banding|dan|atau|ke|dari|dengan)\s+"
)


@lru_cache(maxsize=64)
def find_numbers(text: str, language: Language) -> tuple[Number, ...]:
    """Find the numbers of a text, in its order; of one that is written as in the other language, both readings.

    Args:
        text: any text.
        language: that it is in; what a number counts is known of Indonesian alone.
    """
    numbers = tuple(Reader(text, load_grammar(language)).read())
    if language == "en":
        return numbers
    dated: set[int] = set()
    for placed in _dates(text):
        dated.update(range(placed.start, placed.end))
    measured: list[Number] = []
    # From behind, since in "8 atau 9 orang" the first number takes its measure from the second.
    for number in reversed(numbers):
        is_of_date = number.digits and number.start in dated
        measure = "date" if is_of_date else _measure(text, number)
        if measure is None and measured:
            following = measured[-1]
            if _LINKED.fullmatch(text[number.end : following.start]):
                measure = following.measure
        measured.append(replace(number, measure=measure))
    measured.reverse()
    return tuple(measured)


def _measure(text: str, number: Number) -> str | None:
    """Return what a number counts, by the word behind it; None if that says nothing."""
    following = _NEXT_WORD.match(text, number.end)
    if following is None or number.unit or not number.values:
        return None
    # What comes after a year is not counted by it.
    if _YEAR.fullmatch(number.text):
        return None
    measures = _measures()
    key = following[1].lower()
    return measures.get(key) or measures.get(key.removesuffix("nya"))


@cache
def _measures() -> dict[str, str]:
    """Return what each word of Indonesian counts: a class of ``wordlists.toml``."""
    measures: dict[str, str] = {}
    for measure in word_table("measures"):
        measures |= dict.fromkeys(word_list(f"measures.{measure}"), measure)
    return measures


def same_measure(number: Number, other: Number) -> bool:
    """Tell whether two Indonesian numbers may count one thing; one that doesn't say what, may count anything."""
    if number.unit and other.unit:
        return same_unit(number.unit, other.unit)
    measure = number.unit or number.measure
    other_measure = other.unit or other.measure
    return measure is None or other_measure is None or measure == other_measure


def find_dates(text: str) -> dict[Date, str]:
    """Return the days that an Indonesian text names, with their words: "12/5", both of "12-14 Mei".

    Of a day that it names twice, the words are the last ones.
    """
    dates: dict[Date, str] = {}
    for placed in _dates(text):
        dates[placed.date] = text[placed.start : placed.end]
    return dates


def _dates(text: str) -> Iterator[_PlacedDate]:
    """Yield the days that a text names, in order; each of several ends where their month does."""
    for match in _date_pattern().finditer(text):
        if match["month"]:
            # A name with "ſ" for its "s" matches without regard to case, and is none.
            month = load_grammar("id").months.get(match["month"].lower(), 0)
            days = match["days"]
        else:
            month = int(match["number"])
            days = match["day"]
        for number in re.finditer(r"\d+", days):
            day = int(number[0])
            if day in _DAYS and month in _MONTHS:
                yield _PlacedDate((day, month), match.start() + number.start(), match.end())


@cache
def _date_pattern() -> re.Pattern[str]:
    """Return what finds days with the name of their month, or one with its number: "12, 13 dan 14 Mei", "12/5"."""
    months = "|".join(load_grammar("id").months)
    day = r"(?<![\d.,/])\d{1,2}(?![\d/])"
    return re.compile(
        rf"(?P<days>{day}(?:{_LINKED.pattern}{day}){{0,5}})\s+(?P<month>{months})\b"
        r"|(?<![\d/])(?P<day>\d{1,2})/(?P<number>\d{1,2})(?!\d)",
        re.IGNORECASE,
    )


def find_scores(text: str) -> dict[Score, str]:
    """Return the pairs of small numbers with a dash between them, in their order, with their words: "3-1"."""
    scores: dict[Score, str] = {}
    for match in _SCORE.finditer(text):
        scores.setdefault((int(match[1]), int(match[2])), match[0])
    return scores


def find_turned_scores(text: str, others: Collection[Score]) -> list[str]:
    """Return the words of the scores of a text whose numbers changed places, with the winner's behind: "1-3".

    Args:
        text: in any language.
        others: the scores of the text that it should agree with, as `find_scores` finds them.
    """
    turned: list[str] = []
    for score, words in find_scores(text).items():
        first, second = score
        # One side may be named first here and the other there, so what puts the winner's number first is no fault.
        has_winner_behind = first < second
        if has_winner_behind and score not in others and (second, first) in others:
            turned.append(words)
    return turned


def find_pairs(text: str, *, loose: bool = False) -> dict[frozenset[int], str]:
    """Return the pairs of small numbers that an Indonesian text links: scores ("2-1"), ranges.

    Args:
        text: in Indonesian; its dates are passed over.
        loose: whether numbers with "dan" and the like between them are pairs too.

    Returns:
        by the two numbers of each pair, the words that they stand in: "2-1".
    """
    pattern = _LOOSE_PAIR if loose else _PAIR
    pairs: dict[frozenset[int], str] = {}
    for match in pattern.finditer(_date_pattern().sub(" ", text)):
        numbers = frozenset((int(match["first"]), int(match["second"])))
        pairs[numbers] = match["first"] + match["linked"]
    return pairs
