"""Compare the numbers of a translation with those of its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from summarizer.checks.faults import Fault
from summarizer.checks.numbers.measures import find_numbers
from summarizer.checks.numbers.reader import Number, Reading, same_unit
from summarizer.text.words import WORD, fold

# Miles, pounds, inches, feet, ounces, acres, square miles, Fahrenheit: what a metric value is multiplied by, and added.
# Exact, as a number of an article may be too large for a float.
_FACTORS = ("0.6214", "2.2046", "0.3937", "3.2808", "0.0353", "2.471", "0.3861")
_CONVERSIONS = (*((Fraction(factor), 0) for factor in _FACTORS), (Fraction("1.8"), 32))
# How far a converted value may be off, as a share of it.
_ROUNDING = Fraction("0.03")
_IMPERIAL = re.compile(
    r"\b(?:miles?|mph|feet|foot|ft|inch(?:es)?|pounds?|lbs?|ounces?|oz|yards?|acres?|fahrenheit)\b|°F|\(F\)",
    re.IGNORECASE,
)


def find_number_faults(source: str, translation: str) -> list[Fault]:
    """Find numbers that one of the texts has alone, or with another unit."""
    there = find_numbers(source, "id")
    here = find_numbers(translation, "en")
    is_imperial = _IMPERIAL.search(translation) is not None
    faults = []
    for own, others, other_text, missing in ((there, here, translation, True), (here, there, source, False)):
        words = {fold(match.group()) for match in WORD.finditer(other_text)}
        units: dict[Reading, set[str | None]] = {}
        for reading, unit in ((reading, other.unit) for other in others for reading in other.readings):
            units.setdefault(reading, set()).add(unit)
        values = sorted({value for other in others for value in other.values}) if is_imperial else []
        for number in own:
            if not number.claim or (fold(number.text) in words and not number.digits):
                continue
            same = {unit for reading in number.readings for unit in units.get(reading, ())}
            if not same and not _is_converted(number, values, to_metric=missing):
                faults.append(Fault("number", number.text, missing))
            elif same and missing and not any(same_unit(number.unit, unit) for unit in same):
                faults.append(Fault("unit", number.text, missing))
    return faults


def _is_converted(number: Number, others: Sequence[Fraction], *, to_metric: bool) -> bool:
    """Tell whether a number may be one of the other text's, which rise, in imperial units."""
    for value, (factor, offset) in product(number.values, _CONVERSIONS):
        at = bisect_left(others, value * factor + offset if to_metric else (value - offset) / factor)
        for other in others[max(0, at - 1) : at + 1]:
            metric, imperial = (value, other) if to_metric else (other, value)
            if abs(imperial - metric * factor - offset) <= _ROUNDING * imperial:
                return True
    return False
