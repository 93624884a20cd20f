"""Look up which numbers of an article may support a number of its abstract."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from summarizer.checks.numbers.reader import Number, Reading
from summarizer.checks.rows import MOST_PLACES

# Digits and the scale word after them.
_AMOUNT = re.compile(r"([1-9]\d{0,8})(?:,(\d{1,6}))?\s?[^\W\d_]+")
# The least amount, its mark aside, that rounds another one: of two digits.
_LEAST_ROUNDED = 10


class NumberIndex:
    """The numbers of an article, to look up those that may support one of its abstract."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        """Take the numbers of an article."""
        self._by_reading: dict[Reading, list[Number]] = {}
        # By unit, the values that numbers with it have, rising, with the number that each is of.
        self._by_unit: dict[str | None, list[tuple[Fraction, Number]]] = {}
        distinct: dict[Number, None] = {}
        for number in numbers:
            # Where a number stands, and how it is written, says nothing here.
            distinct[replace(number, text="", start=0, end=0)] = None
        for number in distinct:
            for reading in number.readings:
                self._by_reading.setdefault(reading, []).append(number)
            for value in number.values:
                self._by_unit.setdefault(number.unit, []).append((value, number))
        for values in self._by_unit.values():
            values.sort(key=_value_of)

    def find_support(self, number: Number) -> list[Number]:
        """Return the numbers that have the value of another one, or that it rounds."""
        agreeing: list[Number] = []
        for reading in number.readings:
            for other in self._by_reading.get(reading, []):
                if _may_support(other, number):
                    agreeing.append(other)
        return agreeing + self._find_rounded(number)

    def _find_rounded(self, number: Number) -> list[Number]:
        """Return the numbers of the same unit that an amount cuts off or rounds to two digits or more: "13 triliun"."""
        amount = _AMOUNT.fullmatch(number.text)
        if amount is None:
            return []
        decimals = amount[2] or ""
        digits = int(amount[1] + decimals)
        if digits < _LEAST_ROUNDED:
            return []
        values = self._by_unit.get(number.unit, [])
        rounded: list[Number] = []
        for value in number.values:
            # Of "13 triliun", what the 3 counts: a trillion.
            last_place = value / digits
            # What is cut off or rounded to the digits lies between half a step below them and a step above.
            first = bisect_left(values, (digits - Fraction(1, 2)) * last_place, key=_value_of)
            last = bisect_right(values, (digits + 1) * last_place, key=_value_of)
            for exact_value, other in values[first : min(last, first + MOST_PLACES)]:
                exact = exact_value / last_place
                is_cut_off = int(exact) == digits
                is_rounded = round(exact) == digits
                if (is_cut_off or is_rounded) and _may_support(other, number):
                    rounded.append(other)
        return rounded


def _value_of(item: tuple[Fraction, Number]) -> Fraction:
    return item[0]


def _may_support(number: Number, supported: Number) -> bool:
    """Tell whether a number may support another one: one with a unit needs one for sure, "kuartal" is no "4 persen"."""
    is_certain = number.unit is not None or number.claim
    return supported.unit is None or is_certain
