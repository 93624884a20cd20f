"""What a number of a text is, and when two of them may mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from summarizer.checks.lexicon import load_lexicon

Reading = Fraction | tuple[str, int]
"""A value; or ``("time", minutes since midnight)``, ``("month", 1 to 12)``, ``("day", 1 to 7, from Monday)`` or
``("about", order of magnitude)``."""

ROMAN = re.compile(r"(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Attributes:
        text: as it is written, without its unit.
        start: offset of its first character.
        end: offset after its last character.
        readings: everything that it may mean.
        unit: ISO code of a currency, ``$`` for some dollar, ``%``, or None.
        claim: False for words that may stand for a number but need not ("a", "kedua", "half"): they can support a
            number, and need no support themselves.
        digits: it is written with digits.
        measure: what it counts or measures, if the word after it says so: a class of ``lexicon.toml`` such as
            ``people`` or ``kilometres``, ``date`` in a date, any other noun itself, or None. Indonesian numbers alone
            have one.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Reading]
    unit: str | None = None
    claim: bool = True
    digits: bool = True
    measure: str | None = None

    @property
    def values(self) -> list[Fraction]:
        """Those of its readings that are plain values."""
        return [reading for reading in self.readings if isinstance(reading, Fraction)]

    def agrees(self, other: Number) -> bool:
        """Tell whether two numbers may mean the same, units aside."""
        return not self.readings.isdisjoint(other.readings)


def same_unit(one: str | None, other: str | None) -> bool:
    """Tell whether two units fit; None fits all, ``$`` every currency whose code ends in D."""
    if one is None or other is None or one == other:
        return True
    return "$" in (one, other) and all(unit == "$" or unit.endswith("D") for unit in (one, other))


def same_measure(one: Number, other: Number) -> bool:
    """Tell whether two Indonesian numbers may count or measure one thing, units included.

    A number that doesn't say what it counts may count anything. Persons may be called by any noun, so what counts them
    agrees with every noun that ``lexicon.toml`` doesn't know; a measure such as kilometres agrees with none.
    """
    if one.unit and other.unit:
        return same_unit(one.unit, other.unit)
    kinds = one.unit or one.measure, other.unit or other.measure
    if None in kinds or kinds[0] == kinds[1]:
        return True
    measures = load_lexicon().measures
    exact = [number.unit or number.measure in {"date", *measures["units"]} for number in (one, other)]
    return not (any(exact) or all(kind in measures["counted"] for kind in kinds))


def read_roman(text: str) -> int:
    """Return the value of a Roman numeral that `ROMAN` matches."""
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
