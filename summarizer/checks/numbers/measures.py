"""Find numbers with what they count, and days of the year in Indonesian text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache, lru_cache

from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.numbers.reader import Number, Reader, same_unit
from summarizer.checks.wordlists import word_list, word_table
from summarizer.text.words import Language

_LINKED = re.compile(r"\s*(?:[-–—,&]|hingga|sampai|s/d|s\.d\.|atau|dan|, dan)\s*", re.IGNORECASE)
_PAIR, _LOOSE_PAIR = (
    re.compile(rf"(?<![\d.,/])(\d{{1,2}})(?=((?:{link})(\d{{1,2}}))(?![.,]?\d))", re.IGNORECASE)
    for link in (
        r"\s?[-–—:]\s?|\s+(?:hingga|sampai)\s+",
        r"\s?[-–—:]\s?|[\s,]+(?:hingga|sampai|melawan|lawan|(?:ber)?banding|dan|atau|ke|dari|dengan)\s+",
    )
)
_SCORE = re.compile(r"(?<![\w.,/–—-])(\d{1,2})\s?[-–—]\s?(\d{1,2})(?![\w/–—-]|[.,]\d)")
_NEXT_WORD = re.compile(r"[\s-]?([^\W\d_]+)\b(?!\s+ini\b)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=64)
def find_numbers(text: str, language: Language) -> tuple[Number, ...]:
    """Find the numbers of a text, in its order; of one that is written as in the other language, both readings."""
    numbers = tuple(Reader(text, load_grammar(language)).read())
    if language == "en":
        return numbers
    dated = {at for _, span in _dates(text) for at in range(*span)}
    measured: list[Number] = []
    # From behind, since in "8 atau 9 orang" the first number takes its measure from the second.
    for number in reversed(numbers):
        measure = "date" if number.digits and number.start in dated else _measure(text, number)
        if measure is None and measured and _LINKED.fullmatch(text[number.end : measured[-1].start]):
            measure = measured[-1].measure
        measured.append(replace(number, measure=measure))
    return tuple(measured[::-1])


def _measure(text: str, number: Number) -> str | None:
    following = _NEXT_WORD.match(text, number.end)
    # What comes after a year is not counted by it.
    if not following or number.unit or not number.values or _YEAR.fullmatch(number.text):
        return None
    key = following.group(1).lower()
    return _measures().get(key, _measures().get(key.removesuffix("nya")))


@cache
def _measures() -> dict[str, str]:
    return {word: kind for kind in word_table("measures") for word in word_list(f"measures.{kind}")}


def same_measure(one: Number, other: Number) -> bool:
    """Tell whether two Indonesian numbers may count one thing; one that doesn't say what, may count anything."""
    if one.unit and other.unit:
        return same_unit(one.unit, other.unit)
    kinds = {one.unit or one.measure, other.unit or other.measure}
    return None in kinds or len(kinds) == 1


def find_dates(text: str) -> dict[tuple[int, int], str]:
    """Return (day, month) of each day that an Indonesian text names, with its words: "12/5", both of "12-14 Mei"."""
    return {date: text[start:end] for date, (start, end) in _dates(text)}


def _dates(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield (day, month) of each date, and where its words begin and end."""
    for match in _date_pattern().finditer(text):
        month = load_grammar("id").months.get((match["month"] or "").lower()) or int(match["number"] or 0)
        for day in re.finditer(r"\d+", match["days"] or match["day"]):
            if 1 <= int(day.group()) <= 31 and 1 <= month <= 12:
                yield (int(day.group()), month), (match.start() + day.start(), match.end())


@cache
def _date_pattern() -> re.Pattern[str]:
    months = "|".join(load_grammar("id").months)
    day = r"(?<![\d.,/])\d{1,2}(?![\d/])"
    return re.compile(
        rf"(?P<days>{day}(?:{_LINKED.pattern}{day}){{0,5}})\s+(?P<month>{months})\b"
        r"|(?<![\d/])(?P<day>\d{1,2})/(?P<number>\d{1,2})(?!\d)",
        re.IGNORECASE,
    )


def find_scores(text: str) -> dict[tuple[int, int], str]:
    """Return the pairs of small numbers with a dash between them, in their order, with their words: "3-1"."""
    scores: dict[tuple[int, int], str] = {}
    for match in _SCORE.finditer(text):
        scores.setdefault((int(match[1]), int(match[2])), match.group())
    return scores


def find_turned_scores(text: str, others: Collection[tuple[int, int]]) -> list[str]:
    """Return the words of the scores of a text whose numbers changed places, with the winner's behind: "1-3".

    ``others`` are the scores of the text that it should agree with, as `find_scores` finds them.
    """
    turned: list[str] = []
    for score, words in find_scores(text).items():
        # One side may be named first here and the other there, so what puts the winner's number first is no fault.
        if score[0] < score[1] and score not in others and score[::-1] in others:
            turned.append(words)
    return turned


def find_pairs(text: str, *, loose: bool = False) -> dict[frozenset[int], str]:
    """Return the pairs of small numbers that an Indonesian text links, with their words: scores ("2-1"), ranges.

    If loose, numbers with "dan" and the like between them are pairs too.
    """
    found = (_LOOSE_PAIR if loose else _PAIR).finditer(_date_pattern().sub(" ", text))
    return {frozenset((int(pair[1]), int(pair[3]))): pair[1] + pair[2] for pair in found}
