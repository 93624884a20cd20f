"""Compare the numbers of a translation with those of its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from summarizer.checks.faults import Fault
from summarizer.checks.numbers.measures import find_numbers, find_scores, find_turned_scores
from summarizer.checks.numbers.reader import Number, Reading, same_unit
from summarizer.checks.wordlists import words_pattern
from summarizer.text.words import WORD, fold

# What a metric value is multiplied by for miles, pounds, inches, feet, ounces, acres and square miles, and for
# Fahrenheit, with what is added then. Exact, as a number of an article may be too large for a float.
_CONVERSIONS = (
    (Fraction("0.6214"), 0),
    (Fraction("2.2046"), 0),
    (Fraction("0.3937"), 0),
    (Fraction("3.2808"), 0),
    (Fraction("0.0353"), 0),
    (Fraction("2.471"), 0),
    (Fraction("0.3861"), 0),
    (Fraction("1.8"), 32),
)
# How far a converted value may be off, as a share of it.
_ROUNDING = Fraction("0.03")
_IMPERIAL = re.compile(
    r"\b(?:miles?|mph|feet|foot|ft|inch(?:es)?|pounds?|lbs?|ounces?|oz|yards?|acres?|fahrenheit)\b|°F|\(F\)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Side:
    """A text whose numbers are looked up.

    Attributes:
        words: its words, in `fold` form.
        units: by reading, the units that numbers with it have.
        signed: the readings of negative numbers.
        values: the values of its numbers, rising.
        may_be_negative: whether it has a word that makes numbers negative, such as "di bawah nol" or "fell".
    """

    words: frozenset[str]
    units: dict[Reading, set[str | None]]
    signed: frozenset[Reading]
    values: list[Fraction]
    may_be_negative: bool


def find_number_faults(source: str, translation: str) -> list[Fault]:
    """Find numbers that one of the texts has alone, or with another unit or sign, and scores that were turned round."""
    indonesian = find_numbers(source, "id")
    english = find_numbers(translation, "en")
    is_imperial = _IMPERIAL.search(translation) is not None
    source_side = _read_side(source, indonesian, words_pattern("negative_numbers.indonesian"))
    english_side = _read_side(translation, english, words_pattern("negative_numbers.english"))
    faults: list[Fault] = []
    for number in indonesian:
        fault = _find_fault(number, english_side, missing=True, is_imperial=is_imperial)
        if fault:
            faults.append(fault)
    for number in english:
        fault = _find_fault(number, source_side, missing=False, is_imperial=is_imperial)
        if fault:
            faults.append(fault)
    return faults + _find_turned_scores(source, translation)


def _read_side(text: str, numbers: Sequence[Number], negative: re.Pattern[str]) -> _Side:
    """Return what a text has that the numbers of the other text are compared with.

    Args:
        text: the source or its translation.
        numbers: that it has.
        negative: finds words that make a number negative.
    """
    units: dict[Reading, set[str | None]] = {}
    values: set[Fraction] = set()
    signed: set[Reading] = set()
    for number in numbers:
        values.update(number.values)
        for reading in number.readings:
            units.setdefault(reading, set()).add(number.unit)
        if number.sign:
            signed |= number.readings
    words = frozenset(map(fold, WORD.findall(text)))
    return _Side(words, units, frozenset(signed), sorted(values), negative.search(text) is not None)


def _find_fault(number: Number, other: _Side, *, missing: bool, is_imperial: bool) -> Fault | None:
    """Return what is wrong with a number of one text, compared with those of the other one.

    Args:
        number: of the source, or of the translation.
        other: the other text.
        missing: whether the number is one of the source.
        is_imperial: whether the translation has imperial units.
    """
    stands_as_it_is = not number.digits and fold(number.text) in other.words
    if not number.claim or stands_as_it_is:
        return None
    units: set[str | None] = set()
    for reading in number.readings:
        units |= other.units.get(reading, set())
    if not units:
        is_converted = is_imperial and _is_converted(number, other.values, is_metric=missing)
        return None if is_converted else Fault("number", number.text, missing)
    if number.sign and number.readings.isdisjoint(other.signed) and not other.may_be_negative:
        return Fault("number", number.sign + number.text, missing)
    # Units are compared from the side of the source alone: else each fault would be named twice.
    if missing and not any(same_unit(number.unit, unit) for unit in units):
        return Fault("unit", number.text, missing)
    return None


def _find_turned_scores(source: str, translation: str) -> list[Fault]:
    """Find scores whose numbers changed places: "3-1" that became "1-3".

    English gives the winner's number first, where Indonesian may give that of the home side or of who lost.
    """
    turned = find_turned_scores(translation, find_scores(source).keys())
    if not turned:
        return []
    # Looked up last, as few texts have such scores.
    source_tells_loss = words_pattern("losses.indonesian").search(source)
    translation_tells_loss = words_pattern("losses.english").search(translation)
    if source_tells_loss or translation_tells_loss:
        return []
    return [Fault("number", words) for words in turned]


def _is_converted(number: Number, others: Sequence[Fraction], *, is_metric: bool) -> bool:
    """Tell whether a number may be one of the other text's in other units.

    Args:
        number: in metric or imperial units.
        others: the values of the other text, rising.
        is_metric: whether the number is metric, and the others are imperial; otherwise it is the reverse.
    """
    for value in number.values:
        for factor, offset in _CONVERSIONS:
            wanted = value * factor + offset if is_metric else (value - offset) / factor
            place = bisect_left(others, wanted)
            # The nearest ones: one below, one not below.
            for other in others[max(0, place - 1) : place + 1]:
                metric = value if is_metric else other
                imperial = other if is_metric else value
                converted = metric * factor + offset
                if abs(imperial - converted) <= _ROUNDING * imperial:
                    return True
    return False
